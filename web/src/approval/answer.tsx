import { type ReactNode, type RefObject, useRef, useState } from 'react';
import { type ApprovalPage, review, type Verdict } from '../api.ts';
import { useSend } from '../session.tsx';
import { Sentence } from '../shown.tsx';
import { StepUpFields, useStepUp } from './step-up.tsx';

/** What came of an answer, said once more to whoever gave it. */
export interface Outcome {
  readonly tone: 'good' | 'bad';
  readonly text: string;
  readonly isStale?: boolean;
}

interface AnswerProps {
  readonly approval: ApprovalPage;
  readonly onAnswered: (outcome: Outcome) => void;
}

export function Answer({ approval, onAnswered }: AnswerProps): ReactNode {
  const { isBusy, send } = useSend();
  const [reason, setReason] = useState('');
  const [isReasonMissing, setReasonMissing] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const stepUp = useStepUp(approval.you.stepUp);
  const confirm = async (): Promise<void> => {
    if (stepUp.needed !== 'code' || (await stepUp.prove()) === undefined) return;
    onAnswered({ tone: 'good', text: 'That is you. Nothing is decided yet: press Approve within five minutes.' });
  };
  const answer = async (verdict: Verdict): Promise<void> => {
    const given = reason.trim();
    setReasonMissing(verdict === 'deny' && given === '');
    if (verdict === 'deny' && given === '') return field.current?.focus();
    const isProved = verdict === 'approve' && stepUp.needed === 'code';
    const proof = isProved ? await stepUp.prove() : undefined;
    if (isProved && proof === undefined) return;
    let outcome: Outcome = { tone: 'bad', text: '' };
    const body = { verdict, actionHash: approval.actionHash, ...(given === '' ? {} : { reason: given }) };
    const sent = await send(async (csrfToken) => {
      outcome = toOutcome(await review(approval.id, body, proof ?? csrfToken), verdict);
    });
    if (sent.kind === 'done') setReason('');
    else outcome = toRefused(sent);
    onAnswered(outcome);
  };
  return (
    <form
      className="answer"
      aria-busy={isBusy || stepUp.isBusy}
      onSubmit={(event) => {
        event.preventDefault();
        void confirm();
      }}
    >
      {approval.purpose === 'effect_unknown' && <EffectUnknown />}
      <Reason reason={reason} field={field} isMissing={isReasonMissing} onReason={setReason} />
      <StepUpFields stepUp={stepUp} />
      <div className="buttons">
        <button type="button" className="approve" aria-disabled={isBusy} onClick={() => void answer('approve')}>
          Approve
        </button>
        <button type="button" className="deny" aria-disabled={isBusy} onClick={() => void answer('deny')}>
          Deny
        </button>
      </div>
    </form>
  );
}

function EffectUnknown(): ReactNode {
  return (
    <p>
      Nobody saw how this ended, and it is not tried again. Look at its target first. <b>Approve</b>: it happened, go
      on. <b>Deny</b>: it did not happen, stop there.
    </p>
  );
}

interface ReasonProps {
  readonly reason: string;
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly isMissing: boolean;
  readonly onReason: (reason: string) => void;
}

function Reason({ reason, field, isMissing, onReason }: ReasonProps): ReactNode {
  return (
    <>
      <label htmlFor="reason">Reason</label>
      <textarea
        id="reason"
        ref={field}
        rows={3}
        maxLength={2000}
        value={reason}
        aria-describedby={isMissing ? 'reason-missing' : 'reason-hint'}
        aria-invalid={isMissing}
        onChange={(event) => onReason(event.target.value)}
      />
      <Hint isMissing={isMissing} />
    </>
  );
}

function Hint({ isMissing }: { readonly isMissing: boolean }): ReactNode {
  if (!isMissing) {
    return (
      <p id="reason-hint" className="quiet">
        Required to deny, optional to approve. Kept with your answer.
      </p>
    );
  }
  return (
    <p id="reason-missing" className="error" role="alert">
      Say why: whoever asked reads it. Nothing was sent yet.
    </p>
  );
}

const ENDED: Readonly<Record<ApprovalPage['purpose'], { readonly approved: string; readonly denied: string }>> = {
  action: {
    approved: 'Approved. Exactly this action may now happen, once.',
    denied: 'Denied. The action will not be carried out.',
  },
  request: {
    approved: 'Approved. Exactly this may now be done, once.',
    denied: 'Denied. It will not be carried out.',
  },
  deployment: {
    approved: 'Approved. The version is put in force.',
    denied: 'Denied. Nothing changes.',
  },
  effect_unknown: {
    approved: 'Recorded: it happened. What waited for this goes on.',
    denied: 'Recorded: it did not happen. It is not tried again.',
  },
};

function toRefused({ code, message }: { readonly code: string; readonly message: string }): Outcome {
  if (code !== 'step_up_required') return { tone: 'bad', text: message, isStale: code === 'stale' };
  return { tone: 'bad', text: 'Not counted: approving critical risk takes a fresh proof that it is you, see below.' };
}

function toOutcome({ counted, approval }: Awaited<ReturnType<typeof review>>, verdict: Verdict): Outcome {
  if (!counted) return { tone: 'bad', text: 'You have answered this before. Your first answer stands.' };
  const left = approval.requiredApprovals - approval.approvals;
  if (approval.status === 'denied') return { tone: 'good', text: ENDED[approval.purpose].denied };
  if (approval.status !== 'pending') return { tone: 'good', text: ENDED[approval.purpose].approved };
  if (verdict === 'deny') return { tone: 'good', text: 'Your denial counts. More answers are needed to end this.' };
  const more = left > 0 ? `${left} more needed.` : 'An answer from a required group is still needed.';
  return {
    tone: 'good',
    text: `Your approval counts: ${approval.approvals} of ${approval.requiredApprovals}. ${more}`,
  };
}

export function Refusal({ approval: { you } }: { readonly approval: ApprovalPage }): ReactNode {
  if (you.message === undefined) return null;
  return (
    <div className="notice">
      <p>
        <Sentence text={you.message} />
      </p>
    </div>
  );
}
