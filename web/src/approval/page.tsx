import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { type ApprovalPage, getApproval } from '../api.ts';
import { Countdown } from '../countdown.tsx';
import { Page, Problem } from '../layout.tsx';
import { Sentence, Shown } from '../shown.tsx';
import { toLocalTime } from '../time.ts';
import { usePolled } from '../use-polled.ts';
import { EXECUTION_WORDS, PURPOSE_WORDS, STATUS_WORDS } from '../words.ts';
import { Action } from './action.tsx';
import { Answer, type Outcome, Refusal } from './answer.tsx';
import { End } from './end.tsx';
import { History } from './history.tsx';
import { Answers, MayAnswer, Quorum } from './people.tsx';
import { Reasons, Risk } from './reasons.tsx';
import { SingleOperatorOffer } from './single-operator.tsx';
import { Told } from './told.tsx';

export function ApprovalScreen({ id }: { readonly id: string }): ReactNode {
  const load = useCallback((signal: AbortSignal) => getApproval(id, signal), [id]);
  const { data, receivedAt, error, refresh } = usePolled(load);
  if (data === undefined) {
    const missing = error?.status === 404 || error?.status === 403;
    return (
      <Page title={missing ? 'No such approval' : 'Approval'} back>
        {error === undefined ? (
          <p className="quiet">Loading…</p>
        ) : (
          <Problem text={missing ? 'It does not exist, or you may not see it.' : error.message} onRetry={refresh} />
        )}
      </Page>
    );
  }
  return (
    <Page
      title={<Sentence text={data.description} />}
      tabTitle={`${STATUS_WORDS[data.status]}: ${data.description}`}
      back
    >
      {error !== undefined && <Problem text={`${error.message} What you see may be old.`} onRetry={refresh} />}
      <Head approval={data} />
      <div className="columns">
        <div className="facts">
          <Action approval={data} />
          <Reasons approval={data} />
          <Words approval={data} />
        </div>
        <Decision key={data.id} approval={data} receivedAt={receivedAt} onChanged={refresh} />
        <div className="past">
          <Told approval={data} />
          <History approval={data} />
        </div>
      </div>
    </Page>
  );
}

function Head({ approval }: { readonly approval: ApprovalPage }): ReactNode {
  const facts: readonly (readonly [string, string])[] = [
    ['Agent', approval.agentName],
    ['Asked by', approval.requestedBy],
    ...(approval.onBehalfOf === undefined ? [] : [['On behalf of', approval.onBehalfOf] as const]),
    ['Asked', toLocalTime(approval.createdAt)],
    ['Kind', PURPOSE_WORDS[approval.purpose]],
  ];
  return (
    <div className="head">
      <p className="badges">
        <span className={`badge status ${approval.status}`}>{STATUS_WORDS[approval.status]}</span>
        <Risk level={approval.riskLevel} />
        <a className="jump" href="#decision">
          To the answer
        </a>
      </p>
      <dl className="meta">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Shown text={value} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Words({ approval: { prose, agentTask } }: { readonly approval: ApprovalPage }): ReactNode {
  return (
    <>
      {prose !== undefined && prose !== '' && (
        <section className="card words" aria-labelledby="words">
          <h2 id="words">Words of the agent, not verified</h2>
          <blockquote>
            <Shown text={prose} />
          </blockquote>
        </section>
      )}
      {agentTask !== '' && (
        <section className="card" aria-labelledby="task">
          <h2 id="task">What the agent is for</h2>
          <p className="pre">
            <Shown text={agentTask} />
          </p>
        </section>
      )}
    </>
  );
}

interface DecisionProps {
  readonly approval: ApprovalPage;
  readonly receivedAt: number;
  readonly onChanged: () => void;
}

function Decision({ approval, receivedAt, onChanged }: DecisionProps): ReactNode {
  const [outcome, setOutcome] = useState<Outcome>();
  const [seenHash, setSeenHash] = useState(approval.actionHash);
  const result = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (outcome !== undefined) result.current?.focus();
  }, [outcome]);
  const onAnswered = (next: Outcome): void => {
    setOutcome(next);
    onChanged();
  };
  const hasChanged = seenHash !== approval.actionHash;
  const { you } = approval;
  return (
    <section id="decision" className="card decision" aria-labelledby="decision-title" tabIndex={-1}>
      <h2 id="decision-title">{approval.status === 'pending' ? 'Your answer' : 'How it ended'}</h2>
      <State approval={approval} receivedAt={receivedAt} />
      <Quorum approval={approval} />
      <Answers approval={approval} />
      <div
        ref={result}
        tabIndex={-1}
        role="status"
        className={outcome === undefined ? 'result' : `result notice ${outcome.tone}`}
      >
        {outcome !== undefined && <Sentence text={outcome.text} />}
        {outcome?.isStale === true && ' The page shows the action as it is now: read it again, then answer.'}
      </div>
      {hasChanged && (
        <div className="notice bad" role="alert">
          <p>The action has changed while this page was open. Read it again before you answer.</p>
          <button type="button" onClick={() => setSeenHash(approval.actionHash)}>
            I have read it again
          </button>
        </div>
      )}
      {you.mayReview && !hasChanged && <Answer approval={approval} onAnswered={onAnswered} />}
      {!you.mayReview && !you.singleOperatorOffered && approval.status === 'pending' && outcome === undefined && (
        <Refusal approval={approval} />
      )}
      {you.singleOperatorOffered && (
        <SingleOperatorOffer
          onSwitched={() => onAnswered({ tone: 'good', text: 'Single-operator mode is on. You may answer now.' })}
        />
      )}
      {approval.status === 'pending' && <MayAnswer approval={approval} />}
      <End approval={approval} onEnded={onAnswered} />
    </section>
  );
}

function State({ approval, receivedAt }: Omit<DecisionProps, 'onChanged'>): ReactNode {
  const { status, expiresAt, now, resolvedAt, endReason, execution } = approval;
  if (status === 'pending') {
    return (
      <p>
        <Countdown until={expiresAt} now={now} receivedAt={receivedAt} />
        <span className="quiet">{`, until ${toLocalTime(expiresAt)}`}</span>
      </p>
    );
  }
  return (
    <div>
      <p>
        <strong>{STATUS_WORDS[status]}</strong>
        {resolvedAt !== undefined && <span className="quiet">{` ${toLocalTime(resolvedAt)}`}</span>}
      </p>
      {endReason !== undefined && (
        <p>
          <Sentence text={endReason} />
        </p>
      )}
      {execution !== undefined && <p className={`execution ${execution}`}>{EXECUTION_WORDS[execution]}</p>}
    </div>
  );
}
