import { canonicalize } from '../../kernel/audit/canonical.ts';
import { AppError } from '../../platform/errors/index.ts';
import type { ActionRow } from './earlier.ts';
import { fromBytes, type HeldContext } from './hold.ts';
import type { Prepared } from './prepared.ts';
import { toBytes } from './reserve.ts';

/**
 * A key answers for one call only. What is held is compared by what was asked: whether the tool and the target are still those that people
 * approved is asked when it is claimed, and they are told what has changed.
 */
export function requireSame(row: ActionRow, prepared: Prepared): void {
  const { request, hash } = prepared;
  if (row.action_hash === hash) return;
  const isSameCall = row.type === request.type && isSameParams(row, prepared);
  if (isSameCall && row.context !== null && isSameContext(row.context, prepared)) return;
  throw new AppError(
    'idempotency_conflict',
    `The idempotencyKey \`${request.idempotencyKey ?? ''}\` was used before ${isSameCall ? CHANGED : toOther(row, prepared)} ` +
      `That action (\`${row.id}\`) stands as it is recorded. Use a new key for a new action.`,
  );
}

const CHANGED =
  'for this call, and it is not the same action any more: the definition of the action, what its target resolves to, what is declared of it, or for whom it is asked has changed.';

function toOther(row: ActionRow, { request }: Prepared): string {
  return row.type === request.type ? 'with other params.' : `for another action: \`${row.type}\`.`;
}

/** What is stored is what policies left of the params. */
function isSameParams({ params }: ActionRow, { request, judged }: Prepared): boolean {
  return params.equals(toBytes(request.params)) || params.equals(toBytes(judged.params));
}

function isSameContext(context: Buffer, { request, binding }: Prepared): boolean {
  const { personId, facts } = fromBytes(context) as unknown as HeldContext;
  const toText = (value: HeldContext['facts']): string => canonicalize(value ?? {});
  return personId === binding.principal && toText(facts) === toText(request.facts);
}
