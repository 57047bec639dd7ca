import type { ReactNode } from 'react';
import type { Json } from '../../../src/kernel/json.ts';
import type { ApprovalPage } from '../api.ts';
import { Shown } from '../shown.tsx';
import { toLocalTime } from '../time.ts';
import { toEventWords } from '../words.ts';

export function History({ approval }: { readonly approval: ApprovalPage }): ReactNode {
  return (
    <section className="card" aria-labelledby="history">
      <h2 id="history">History</h2>
      {approval.historyIsCut === true && (
        <p className="quiet">The beginning and the end; what was between is left out.</p>
      )}
      <ol className="timeline">
        {approval.history.map(({ at, kind, actor, data }, index) => (
          <li key={index}>
            <p>
              <strong>{toEventWords(kind)}</strong> <span className="quiet">by</span> <Shown text={actor} />
            </p>
            <p className="quiet">
              <time dateTime={at}>{toLocalTime(at)}</time>
            </p>
            <Data data={data} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Data({ data }: { readonly data: Readonly<Record<string, Json>> }): ReactNode {
  const entries = Object.entries(data);
  if (entries.length === 0) return null;
  return (
    <p className="data">
      {entries.map(([name, value]) => (
        <span key={name}>
          <Shown text={toName(name)} />: <Shown text={typeof value === 'string' ? value : JSON.stringify(value)} />
        </span>
      ))}
    </p>
  );
}

function toName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll('_', ' ');
}
