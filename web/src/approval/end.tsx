import { type ReactNode, useState } from 'react';
import { type ApprovalPage, endApproval } from '../api.ts';
import { useSend } from '../session.tsx';
import type { Outcome } from './answer.tsx';

interface EndProps {
  readonly approval: ApprovalPage;
  readonly onEnded: (outcome: Outcome) => void;
}

const WORDS = {
  revoke: {
    ask: 'Revoke this approval',
    why: 'The approval is taken back. What has not begun yet will not begin.',
    done: 'Revoked. The approval no longer counts.',
  },
  cancel: {
    ask: 'Cancel this request',
    why: 'The question is withdrawn, and the action is not carried out.',
    done: 'Cancelled. Nobody needs to answer any more.',
  },
} as const;

/** Taking back: an approval before it is used, or the question itself. */
export function End({ approval, onEnded }: EndProps): ReactNode {
  return (
    <>
      {approval.you.mayRevoke && <EndForm how="revoke" approval={approval} onEnded={onEnded} />}
      {approval.you.mayCancel && <EndForm how="cancel" approval={approval} onEnded={onEnded} />}
    </>
  );
}

function EndForm({ how, approval, onEnded }: EndProps & { readonly how: 'revoke' | 'cancel' }): ReactNode {
  const { isBusy, send } = useSend();
  const [why, setWhy] = useState('');
  const { ask, why: meaning, done } = WORDS[how];
  const end = async (): Promise<void> => {
    const sent = await send((csrfToken) => endApproval(approval.id, how, why.trim(), csrfToken));
    onEnded(sent.kind === 'done' ? { tone: 'good', text: done } : { tone: 'bad', text: sent.message });
  };
  return (
    <details className="end">
      <summary>{ask}</summary>
      <p className="quiet">{meaning}</p>
      <label htmlFor={`${how}-note`}>Note (optional)</label>
      <input id={`${how}-note`} value={why} maxLength={2000} onChange={(event) => setWhy(event.target.value)} />
      <button type="button" aria-disabled={isBusy} onClick={() => void end()}>
        {how === 'revoke' ? 'Revoke' : 'Cancel request'}
      </button>
    </details>
  );
}
