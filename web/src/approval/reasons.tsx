import type { ReactNode } from 'react';
import type { ApprovalPage } from '../api.ts';
import { Sentence, Shown } from '../shown.tsx';

/** Why people are asked: the risk with its reasons, the rules that held it, and what was taken out before anybody saw it. */
export function Reasons({ approval }: { readonly approval: ApprovalPage }): ReactNode {
  const { evidence, riskLevel } = approval;
  return (
    <section className="card" aria-labelledby="reasons">
      <h2 id="reasons">Why people are asked</h2>
      <h3 className="unseen">Risk</h3>
      <p>
        <Risk level={riskLevel} />
      </p>
      {evidence.riskReasons.length > 0 ? (
        <ul>
          {evidence.riskReasons.map((reason) => (
            <li key={reason}>
              <Sentence text={reason} />
            </li>
          ))}
        </ul>
      ) : (
        <p className="quiet">No single reason is recorded.</p>
      )}
      <Violations evidence={evidence} />
      <Redactions evidence={evidence} />
    </section>
  );
}

export function Risk({ level }: { readonly level: ApprovalPage['riskLevel'] }): ReactNode {
  return <span className={`badge risk ${level}`}>{`${level} risk`}</span>;
}

type WithEvidence = Pick<ApprovalPage, 'evidence'>;

function Violations({ evidence: { violations, policyVersions } }: WithEvidence): ReactNode {
  if (violations.length === 0) return null;
  return (
    <>
      <h3>Rules that held it</h3>
      <ul className="rules">
        {violations.map(({ policy, rule, severity, message, alternative }) => (
          <li key={`${policy}/${rule}`}>
            <p>
              <Sentence text={message} />
            </p>
            {alternative !== undefined && (
              <p className="quiet">
                Instead: <Sentence text={alternative} />
              </p>
            )}
            <p className="quiet">
              <code>
                <Shown text={`${policy}/${rule}`} />
              </code>{' '}
              · {severity}
            </p>
          </li>
        ))}
      </ul>
      {policyVersions.length > 0 && (
        <details>
          <summary>Policy versions</summary>
          <ul className="plain-list">
            {policyVersions.map((version) => (
              <li key={version}>
                <code>{version}</code>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Redactions({ evidence: { redactions } }: WithEvidence): ReactNode {
  if (redactions.length === 0) return null;
  return (
    <>
      <h3>Taken out before it came here</h3>
      <ul>
        {redactions.map((redaction) => (
          <li key={`${redaction.path} ${redaction.class}`}>
            {redaction.count} × {redaction.class.replaceAll('_', ' ')} in{' '}
            <code>
              <Shown text={redaction.path} />
            </code>
          </li>
        ))}
      </ul>
    </>
  );
}
