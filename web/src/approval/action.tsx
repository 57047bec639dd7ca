import { type ReactNode, useMemo } from 'react';
import { catalogue } from 'virtual:catalogue';
import type { Json, JsonObject } from '../../../src/kernel/json.ts';
import type { ApprovalPage } from '../api.ts';
import { DISGUISE_WORDS, Shown } from '../shown.tsx';
import { countDisguises } from '../visible-text.ts';
import { Block, Value } from './value.tsx';

/** What would be executed: the stored parameters in the order of the action's schema, every one of them. */
export function Action({ approval }: { readonly approval: ApprovalPage }): ReactNode {
  const { action, params, target, actionHash } = approval;
  const known = catalogue[action];
  const fields = toFields(action, params);
  const decoded = toDecoded(params);
  return (
    <section className="card" aria-labelledby="action">
      <h2 id="action">The action</h2>
      <p className="kind">
        <code>
          <Shown text={action} />
        </code>
        {known !== undefined && <span className="quiet"> {known.title}</span>}
      </p>
      <Warning params={params} target={target} action={action} />
      <dl className="fields">
        {target !== '' && (
          <div>
            <dt>
              Target <span className="quiet">what it is about</span>
            </dt>
            <dd>
              <Value label="Target" value={target} />
            </dd>
          </div>
        )}
        {fields.map(({ name, description }) => (
          <div key={name}>
            <dt>
              <code>
                <Shown text={name} />
              </code>
              {description !== undefined && <span className="quiet"> {description}</span>}
            </dt>
            <dd>
              <Value label={name} value={params[name] ?? null} />
              {name === 'content' && decoded !== undefined && <Block label="content, decoded" text={decoded} />}
            </dd>
          </div>
        ))}
        {fields.length === 0 && <p className="quiet">It takes no parameters.</p>}
      </dl>
      <Fingerprint hash={actionHash} />
    </section>
  );
}

function Fingerprint({ hash }: { readonly hash: string }): ReactNode {
  return (
    <details className="hash">
      <summary>
        Fingerprint <code>{hash.slice(0, 12)}</code>
      </summary>
      <p>
        Your answer counts for exactly this action: <code>{hash}</code>
      </p>
    </details>
  );
}

/** Nothing is left out: fields that the schema does not name come last. */
function toFields(
  action: string,
  params: JsonObject,
): readonly { readonly name: string; readonly description?: string }[] {
  const named = (catalogue[action]?.fields ?? []).filter(({ name }) => Object.hasOwn(params, name));
  const names = new Set(named.map(({ name }) => name));
  const rest = Object.keys(params).filter((name) => !names.has(name));
  return [...named, ...rest.map((name) => ({ name }))];
}

function toDecoded({ content, encoding }: JsonObject): string | undefined {
  if (encoding !== 'base64' || typeof content !== 'string') return undefined;
  try {
    const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

interface WarningProps {
  readonly action: string;
  readonly target: string;
  readonly params: JsonObject;
}

function Warning({ action, target, params }: WarningProps): ReactNode {
  const counts = useMemo(() => countDisguises([action, target, ...texts(params)]), [action, target, params]);
  if (counts.size === 0) return null;
  return (
    <div className="notice warn" role="note">
      <strong>Some characters are not what they seem.</strong> They are written as escapes below:
      <ul>
        {[...counts].map(([disguise, count]) => (
          <li key={disguise}>
            {count} × {DISGUISE_WORDS[disguise]}
          </li>
        ))}
      </ul>
    </div>
  );
}

function* texts(value: Json): Iterable<string> {
  if (typeof value === 'string') yield value;
  if (value === null || typeof value !== 'object') return;
  for (const [name, item] of Object.entries(value)) {
    if (!Array.isArray(value)) yield name;
    yield* texts(item);
  }
}
