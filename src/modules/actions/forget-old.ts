import type { Database } from '../../platform/db/index.ts';

const LIMIT = 5_000;

/** Deletes counts of which every window is over, and budgets of periods that are. Safe to do at the same time in several processes. */
export async function forgetOld(db: Database): Promise<number> {
  const [row] = await db.query<{ windows: number; budgets: number }>(
    `WITH windows AS (DELETE FROM agent_window WHERE (agent_id, key) IN
       (SELECT agent_id, key FROM agent_window WHERE kept_until <= app_now() ORDER BY kept_until LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING 1),
     budgets AS (DELETE FROM agent_budget WHERE (agent_id, period) IN
       (SELECT agent_id, period FROM agent_budget WHERE kept_until <= app_now() ORDER BY kept_until LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING 1)
     SELECT (SELECT count(*)::int FROM windows) AS windows, (SELECT count(*)::int FROM budgets) AS budgets`,
    [LIMIT],
  );
  return (row?.windows ?? 0) + (row?.budgets ?? 0);
}
