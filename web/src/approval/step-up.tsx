import { type ReactNode, type RefObject, useRef, useState } from 'react';
import { type ApprovalPage, requestCode, signInByCode } from '../api.ts';
import { toMessage, useSession, useSessionState } from '../session.tsx';

export interface StepUp {
  readonly needed: ApprovalPage['you']['stepUp'];
  readonly email: string;
  readonly isBusy: boolean;
  readonly isSent: boolean;
  readonly code: string;
  readonly problem: string | undefined;
  readonly field: RefObject<HTMLInputElement | null>;
  readonly setCode: (code: string) => void;
  readonly sendCode: () => Promise<void>;
  /** Uses the code up; the token of the session that comes of it, or undefined: something is missing, and said. */
  readonly prove: () => Promise<string | undefined>;
}

/** Signing in once more without leaving the page, with a code that goes to nobody but whoever is signed in. */
export function useStepUp(needed: StepUp['needed']): StepUp {
  const { email } = useSession().person;
  const { refresh } = useSessionState();
  const [isBusy, setBusy] = useState(false);
  const [isSent, setSent] = useState(false);
  const [code, setCode] = useState('');
  const [problem, setProblem] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  const attempt = async <T,>(work: () => Promise<T>): Promise<T | undefined> => {
    if (isBusy) return undefined;
    setBusy(true);
    setProblem(undefined);
    try {
      return await work();
    } catch (error) {
      setProblem(toMessage(error));
      return undefined;
    } finally {
      setBusy(false);
      field.current?.focus();
    }
  };
  const sendCode = async (): Promise<void> => {
    await attempt(async () => {
      await requestCode(email);
      setSent(true);
    });
  };
  const prove = async (): Promise<string | undefined> => {
    const digits = code.replaceAll(/\s/g, '');
    if (digits === '' && !isSent) {
      await sendCode();
      return undefined;
    }
    return attempt(async () => {
      if (digits === '') throw new Error('Type the code from the mail first. Nothing was sent yet.');
      await signInByCode(email, digits);
      setCode('');
      setSent(false);
      const state = await refresh();
      return state.kind === 'signed-in' ? state.session.csrfToken : undefined;
    });
  };
  return { needed, email, isBusy, isSent, code, problem, field, setCode, sendCode, prove };
}

export function StepUpFields({ stepUp }: { readonly stepUp: StepUp }): ReactNode {
  if (stepUp.needed === undefined) return null;
  return (
    <fieldset className="notice warn step-up">
      <legend>Critical risk: prove that it is you</legend>
      {stepUp.needed === 'link' ? <FreshLink email={stepUp.email} /> : <FreshCode stepUp={stepUp} />}
    </fieldset>
  );
}

function FreshCode({ stepUp }: { readonly stepUp: StepUp }): ReactNode {
  const { email, isBusy, isSent, code, problem, field, setCode, sendCode } = stepUp;
  return (
    <>
      <p id="step-up-hint">To approve, type a fresh code from your mail. It counts for five minutes.</p>
      <button type="button" aria-disabled={isBusy} onClick={() => void sendCode()}>
        {isSent ? 'Mail me another code' : 'Mail me a code'}
      </button>
      <div role="status" className="sent">
        {isSent && `A fresh code is on its way to ${email}.`}
      </div>
      <label htmlFor="step-up-code">Code</label>
      <input
        id="step-up-code"
        ref={field}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={20}
        value={code}
        aria-describedby="step-up-hint step-up-problem"
        aria-invalid={problem !== undefined}
        onChange={(event) => setCode(event.target.value)}
      />
      <div id="step-up-problem" role="alert" className="error">
        {problem}
      </div>
    </>
  );
}

function FreshLink({ email }: { readonly email: string }): ReactNode {
  return (
    <p>
      To approve, sign in less than five minutes before. This server mails no codes: whoever runs it prints a link with{' '}
      <code>{`agentos sign-in-link --email ${email}`}</code>. Open it in this browser, then come back to this page.
    </p>
  );
}
