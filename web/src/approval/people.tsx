import type { ReactNode } from 'react';
import type { ApprovalPage, ApprovalView } from '../api.ts';
import { Shown } from '../shown.tsx';
import { toLocalTime } from '../time.ts';
import { toGroupWords, toQuorumWords } from '../words.ts';

/** How far the answers have come, in words and as a bar of steps. */
export function Quorum({ approval }: { readonly approval: ApprovalView }): ReactNode {
  const steps = Array.from({ length: approval.requiredApprovals }, (_, index) => index < approval.approvals);
  return (
    <div className="quorum">
      <div className="steps" aria-hidden="true">
        {steps.map((isDone, index) => (
          <span key={index} className={isDone ? 'done' : ''} />
        ))}
      </div>
      <p>
        <strong>{toQuorumWords(approval)}</strong>
        {toGroupWords(approval) !== '' && <span className="quiet">{`${toGroupWords(approval)} needed`}</span>}
      </p>
    </div>
  );
}

export function Answers({ approval }: { readonly approval: ApprovalPage }): ReactNode {
  if (approval.reviews.length === 0) return null;
  return (
    <ul className="answers">
      {approval.reviews.map(({ email, verdict, at, channel, reason, singleOperator }) => (
        <li key={`${email} ${at}`}>
          <span className={`badge ${verdict}`}>{verdict === 'approve' ? 'Approved' : 'Denied'}</span>{' '}
          <strong>
            <Shown text={email} />
          </strong>
          <p className="quiet">
            {`${toLocalTime(at)}, ${channel}`}
            {singleOperator === true && ', alone in single-operator mode'}
          </p>
          {reason !== undefined && (
            <blockquote>
              <Shown text={reason} />
            </blockquote>
          )}
        </li>
      ))}
    </ul>
  );
}

export function MayAnswer({ approval }: { readonly approval: ApprovalPage }): ReactNode {
  const eligible = approval.approvers.filter((each) => each.eligible);
  const others = approval.approvers.filter((each) => !each.eligible);
  return (
    <>
      <h3>Who may answer</h3>
      {eligible.length === 0 && <p>Nobody can answer this now.</p>}
      {approval.obstacle !== undefined && (
        <p className="notice">
          <Shown text={approval.obstacle} />
        </p>
      )}
      <ul className="plain-list">
        {eligible.map(({ email }) => (
          <li key={email}>
            <Shown text={email} />
          </li>
        ))}
      </ul>
      {others.length > 0 && (
        <details>
          <summary>{`Who may not (${others.length})`}</summary>
          <ul className="plain-list">
            {others.map(({ email, reason }) => (
              <li key={email}>
                <Shown text={email} />
                {reason !== undefined && (
                  <span className="quiet">
                    : <Shown text={reason} />
                  </span>
                )}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
