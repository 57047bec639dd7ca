import { toStorableJson } from '../../kernel/json.ts';
import type { Decision } from '../../kernel/policy/model.ts';
import type { Tx } from '../../platform/db/index.ts';
import { AppError } from '../../platform/errors/index.ts';
import type { AuditDraft } from '../audit/index.ts';
import { FAILURE_COUNTS } from './state-keys.ts';

/** How an action ended, for the record. */
export interface Ending {
  readonly execution: 'succeeded' | 'failed' | 'unknown';
  /** Where the result has changed the decision. */
  readonly decision?: Decision;
  readonly output?: Buffer;
  readonly error?: string;
  /** What it did cost; absent: what was reserved counts as spent. */
  readonly cost?: { readonly micros: number; readonly tokens: number };
  readonly audit: readonly AuditDraft[];
}

/** Records the outcome and makes the reservation good, in one statement. */
export async function settle(db: Pick<Tx, 'query'>, actionId: string, ending: Ending): Promise<void> {
  const { execution, decision, output, error, cost, audit } = ending;
  const [row] = await db.query<{ at: Date | null }>(
    'SELECT settle_action($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AS at',
    [
      actionId,
      execution,
      decision === undefined ? null : toStorableJson(decision),
      output ?? null,
      error ?? null,
      cost?.micros ?? null,
      cost?.tokens ?? null,
      execution === 'succeeded' ? [] : FAILURE_COUNTS,
      audit.map(({ id }) => id),
      audit.map(({ before }) => before),
      audit.map(({ after }) => after),
    ],
  );
  if (row?.at === undefined || row.at === null)
    throw new AppError('conflict', 'The outcome of this action was already recorded by another worker.');
}
