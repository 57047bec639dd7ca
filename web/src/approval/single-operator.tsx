import { type ReactNode, useEffect, useRef, useState } from 'react';
import { setSingleOperator } from '../api.ts';
import { useSend, useSessionState } from '../session.tsx';

/** For the only person who could answer, when it is their own request: what the mode means, then a second press. */
export function SingleOperatorOffer({ onSwitched }: { readonly onSwitched: () => void }): ReactNode {
  const { isBusy, send } = useSend();
  const { refresh } = useSessionState();
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string>();
  const confirm = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isAsking) confirm.current?.focus();
  }, [isAsking]);
  const switchOn = async (): Promise<void> => {
    const sent = await send((csrfToken) => setSingleOperator(true, csrfToken));
    if (sent.kind === 'refused') return setProblem(sent.message);
    await refresh();
    onSwitched();
  };
  return (
    <div className="notice offer">
      <Meaning />
      {!isAsking && (
        <button type="button" onClick={() => setAsking(true)}>
          Switch on single-operator mode
        </button>
      )}
      {isAsking && (
        <div role="group" aria-label="Confirm single-operator mode">
          <p>It holds for the whole workspace, also for requests that wait already. Switch it on?</p>
          <div className="buttons">
            <button type="button" ref={confirm} aria-disabled={isBusy} onClick={() => void switchOn()}>
              Yes, switch it on
            </button>
            <button type="button" className="plain" onClick={() => setAsking(false)}>
              Keep it off
            </button>
          </div>
        </div>
      )}
      {problem !== undefined && (
        <p className="error" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

function Meaning(): ReactNode {
  return (
    <>
      <p>
        <strong>You are the only person here who could answer, and this is your own request.</strong>
      </p>
      <p>
        Nobody judges their own request, so it would wait in vain. Either add a second person with{' '}
        <code>agentos user add</code>, or switch on single-operator mode: you may then answer your own requests alone.
        It is named in the history, in the audit trail and on every page, and ends by itself as soon as a second person
        could answer.
      </p>
    </>
  );
}

/** Visible on every page while the mode is on. */
export function SingleOperatorBanner(): ReactNode {
  const { state, refresh } = useSessionState();
  const { isBusy, send } = useSend();
  const [problem, setProblem] = useState<string>();
  if (state.kind !== 'signed-in' || !state.session.workspace.singleOperator.on) return null;
  const { possible } = state.session.workspace.singleOperator;
  const switchOff = async (): Promise<void> => {
    const sent = await send((csrfToken) => setSingleOperator(false, csrfToken));
    setProblem(sent.kind === 'refused' ? sent.message : undefined);
    await refresh();
  };
  return (
    <aside className="banner" aria-label="Single-operator mode">
      <p>
        <strong>Single-operator mode is on.</strong>{' '}
        {possible
          ? 'The only reviewer of this workspace may answer their own requests alone.'
          : 'It has no effect now: more than one person of this workspace could answer.'}
        {problem !== undefined && <span role="alert"> {problem}</span>}
      </p>
      {state.session.person.roles.includes('owner') && (
        <button type="button" className="plain" aria-disabled={isBusy} onClick={() => void switchOff()}>
          Switch off
        </button>
      )}
    </aside>
  );
}
