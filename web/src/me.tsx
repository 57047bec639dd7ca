import { type ReactNode, type RefObject, type SubmitEvent, useCallback, useEffect, useRef, useState } from 'react';
import { confirmSlackLink, getSlackStanding, offerSlackLink, type SlackStanding } from './api.ts';
import { Page, Problem } from './layout.tsx';
import { toMessage, useSend, useSession } from './session.tsx';

/** What belongs to the person who is signed in: so far, their Slack account. */
export function MeScreen(): ReactNode {
  const { person } = useSession();
  const [standing, setStanding] = useState<SlackStanding>();
  const [problem, setProblem] = useState<string>();
  const load = useCallback(async (signal?: AbortSignal) => {
    try {
      const found = await getSlackStanding(signal);
      setStanding(found);
      setProblem(undefined);
    } catch (error) {
      if (signal?.aborted !== true) setProblem(toMessage(error));
    }
  }, []);
  useEffect(() => {
    const abort = new AbortController();
    void load(abort.signal);
    return () => abort.abort();
  }, [load]);
  return (
    <Page title={person.email} back>
      <section className="card me" aria-labelledby="slack">
        <h2 id="slack">Slack</h2>
        {problem !== undefined && <Problem text={problem} onRetry={() => void load()} />}
        {standing === undefined ? (
          problem === undefined && <p className="quiet">Loading…</p>
        ) : (
          <Slack standing={standing} onLinked={() => void load()} />
        )}
      </section>
    </Page>
  );
}

function Slack({ standing, onLinked }: { readonly standing: SlackStanding; readonly onLinked: () => void }): ReactNode {
  const { isConfigured, linked } = standing;
  return (
    <>
      <p>
        {linked === undefined ? (
          'No Slack account is linked to you, so your presses of buttons in Slack do not count.'
        ) : (
          <>
            Linked: user <code>{linked.userId}</code> of team <code>{linked.teamId}</code>. What you answer there counts
            as yours.
          </>
        )}
      </p>
      {isConfigured ? (
        <LinkForm standing={standing} onLinked={onLinked} />
      ) : (
        <p className="quiet">Slack is not set up on this server. Whoever runs it sets SLACK_BOT_TOKEN.</p>
      )}
    </>
  );
}

interface LinkFormProps {
  readonly standing: SlackStanding;
  readonly onLinked: () => void;
}

/** First the account, which gets a code by direct message; then the code, which shows that both are one person. */
function LinkForm({ standing, onLinked }: LinkFormProps): ReactNode {
  const { isBusy, send } = useSend();
  const [teamId, setTeamId] = useState(standing.teamId ?? '');
  const [userId, setUserId] = useState('');
  const [code, setCode] = useState('');
  const [isSent, setSent] = useState(false);
  const [said, setSaid] = useState<{ readonly problem?: string; readonly done?: string }>({});
  const codeField = useRef<HTMLInputElement>(null);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const digits = code.replaceAll(/\s/g, '');
    const isOffer = digits === '';
    const sent = await send((csrfToken) =>
      isOffer ? offerSlackLink(teamId.trim(), userId.trim(), csrfToken) : confirmSlackLink(digits, csrfToken),
    );
    if (sent.kind === 'refused') return setSaid({ problem: sent.message });
    setSaid({ done: isOffer ? 'A code is on its way to that account, by direct message.' : 'Linked.' });
    setSent(isOffer);
    setCode('');
    if (isOffer) codeField.current?.focus();
    else onLinked();
  };
  return (
    <form onSubmit={(event) => void submit(event)} aria-busy={isBusy}>
      <Field id="team" label="Slack team" value={teamId} hint="Such as T0123456789." onValue={setTeamId} />
      <Field
        id="user"
        label="Slack member ID"
        value={userId}
        hint="In Slack: your picture, Profile, ⋮, Copy member ID. Such as U0123456789."
        onValue={setUserId}
      />
      <CodeField code={code} field={codeField} onCode={setCode} />
      <div role="status" className="sent">
        {said.done}
      </div>
      <div role="alert" className="error">
        {said.problem}
      </div>
      <button type="submit" className="primary" aria-disabled={isBusy}>
        {code.trim() === '' ? (isSent ? 'Send another code' : 'Send me a code') : 'Link this account'}
      </button>
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
        ref={field}
        inputMode="numeric"
        autoComplete="one-time-code"
        value={code}
        aria-describedby="code-hint"
        onChange={(event) => onCode(event.target.value)}
      />
      <p id="code-hint" className="quiet">
        Leave it empty to get one.
      </p>
    </>
  );
}

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly hint: string;
  readonly onValue: (value: string) => void;
}

function Field({ id, label, value, hint, onValue }: FieldProps): ReactNode {
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        required
        autoComplete="off"
        spellCheck={false}
        value={value}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onValue(event.target.value.toUpperCase())}
      />
      <p id={`${id}-hint`} className="quiet">
        {hint}
      </p>
    </>
  );
}
