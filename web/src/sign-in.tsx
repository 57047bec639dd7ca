import { type SubmitEvent, type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { requestCode, signInByCode, signInByLink } from './api.ts';
import { navigate, usePlace } from './nav.tsx';
import { toReturnPath } from './paths.ts';
import { toMessage, useSessionState } from './session.tsx';

/** Takes a one-time token out of the address bar before anything else happens: it stays in memory only. */
export function takeToken(): string | undefined {
  if (location.pathname !== '/sign-in' || location.hash.length < 2) return undefined;
  const token = location.hash.slice(1);
  history.replaceState(null, '', location.pathname + location.search);
  return token;
}

export function SignInScreen({ token }: { readonly token: string | undefined }): ReactNode {
  useEffect(() => {
    document.title = 'Sign in · AgentOS';
  }, []);
  return (
    <main id="main" className="sign-in">
      <p className="brand">AgentOS</p>
      <h1>Sign in</h1>
      {token === undefined ? <CodeForm /> : <LinkForm token={token} />}
    </main>
  );
}

function useSignIn(): {
  readonly isBusy: boolean;
  readonly problem: string | undefined;
  readonly attempt: (send: () => Promise<unknown>) => Promise<boolean>;
} {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const attempt = async (send: () => Promise<unknown>): Promise<boolean> => {
    if (isBusy) return false;
    setBusy(true);
    setProblem(undefined);
    try {
      await send();
      return true;
    } catch (error) {
      setProblem(toMessage(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, problem, attempt };
}

function useEnter(): () => Promise<void> {
  const { refresh } = useSessionState();
  const place = usePlace();
  return async () => {
    const state = await refresh();
    if (state.kind === 'signed-in')
      navigate(toReturnPath(place.searchParams.get('next'), place.origin), { replace: true });
  };
}

function LinkForm({ token }: { readonly token: string }): ReactNode {
  const { isBusy, problem, attempt } = useSignIn();
  const [isUsed, setUsed] = useState(false);
  const enter = useEnter();
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (await attempt(() => signInByLink(token))) await enter();
    else setUsed(true);
  };
  return (
    <>
      <form onSubmit={(event) => void submit(event)} aria-busy={isBusy}>
        <p>You opened a one-time link. It signs you in when you press the button, and works once.</p>
        <Trouble text={problem} />
        <button type="submit" className="primary" aria-disabled={isBusy}>
          Sign in
        </button>
      </form>
      {isUsed && (
        <p>
          <a href="/sign-in">Sign in by code instead</a>
        </p>
      )}
    </>
  );
}

function CodeForm(): ReactNode {
  const { isBusy, problem, attempt } = useSignIn();
  const [email, setEmail] = useState('');
  const [code, setCode] = useState('');
  const [sentTo, setSentTo] = useState<string>();
  const codeField = useRef<HTMLInputElement>(null);
  const enter = useEnter();
  const sendCode = async (): Promise<void> => {
    const address = email.trim();
    if (!(await attempt(() => requestCode(address)))) return;
    setSentTo(address);
    codeField.current?.focus();
  };
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const digits = code.replaceAll(/\s/g, '');
    if (digits === '') return sendCode();
    if (await attempt(() => signInByCode(email.trim(), digits))) await enter();
    else codeField.current?.focus();
  };
  return (
    <form onSubmit={(event) => void submit(event)} aria-busy={isBusy}>
      <label htmlFor="email">E-mail</label>
      <input
        id="email"
        type="email"
        name="email"
        autoComplete="username"
        required
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <button
        type="button"
        className={sentTo === undefined ? 'primary' : 'plain'}
        aria-disabled={isBusy}
        onClick={(event) => void (event.currentTarget.form?.reportValidity() === true && sendCode())}
      >
        {sentTo === undefined ? 'Send me a code' : 'Send another code'}
      </button>
      <Sent to={sentTo} />
      <CodeField code={code} field={codeField} onCode={setCode} />
      <Trouble text={problem} />
      <button type="submit" className={sentTo === undefined ? 'plain' : 'primary'} aria-disabled={isBusy}>
        Sign in
      </button>
      <NoMail />
    </form>
  );
}

interface CodeFieldProps {
  readonly code: string;
  readonly field: RefObject<HTMLInputElement | null>;
  readonly onCode: (code: string) => void;
}

function CodeField({ code, field, onCode }: CodeFieldProps): ReactNode {
  return (
    <>
      <label htmlFor="code">Code</label>
      <input
        id="code"
        name="code"
        ref={field}
        inputMode="numeric"
        autoComplete="one-time-code"
        value={code}
        aria-describedby="code-hint"
        onChange={(event) => onCode(event.target.value)}
      />
    </>
  );
}

function Sent({ to }: { readonly to: string | undefined }): ReactNode {
  return (
    <div role="status" className="sent">
      {to !== undefined && `If ${to} may sign in here, a mail with a code of six digits is on its way.`}
    </div>
  );
}

function NoMail(): ReactNode {
  return (
    <p id="code-hint" className="quiet">
      No mail? Whoever runs this server can print a one-time link: <code>agentos sign-in-link --email …</code>
    </p>
  );
}

function Trouble({ text }: { readonly text: string | undefined }): ReactNode {
  return (
    <div role="alert" className="error">
      {text}
    </div>
  );
}
