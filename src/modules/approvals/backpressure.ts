import type { Tx } from '../../platform/db/index.ts';
import { MAX_OPEN_APPROVALS } from '../identity/index.ts';

/** An agent waits for as many answers as it may: people are not asked for more. */
export interface Backpressure {
  readonly max: number;
  readonly oldestAt: Date;
}

/**
 * Whether people may not be asked for one thing more of this agent, and why. What is past its time does not wait any more. INVARIANT: whoever opens a
 * request afterwards has locked the agent in an earlier statement of the same transaction, so that no two take the last place.
 */
export async function findBackpressure(
  reader: Pick<Tx, 'query'>,
  { workspaceId, agentId }: { readonly workspaceId: string; readonly agentId: string },
): Promise<Backpressure | undefined> {
  const [found] = await reader.query<{ max: number; open: number; oldest: Date | null }>(
    `WITH setting AS (SELECT coalesce((SELECT max_open_approvals FROM workspace_setting WHERE workspace_id = $1), $3) AS max),
       waiting AS (SELECT created_at FROM approval_request
         WHERE agent_id = $2 AND status = 'pending' AND purpose IN ('action', 'request') AND expires_at > app_now()
         ORDER BY created_at LIMIT (SELECT max FROM setting))
     SELECT max, (SELECT count(*)::int FROM waiting) AS open, (SELECT min(created_at) FROM waiting) AS oldest FROM setting`,
    [workspaceId, agentId, MAX_OPEN_APPROVALS],
  );
  if (found === undefined || found.oldest === null || found.open < found.max) return undefined;
  return { max: found.max, oldestAt: found.oldest };
}

export function toBackpressureText({ max, oldestAt }: Backpressure, agentId: string): string {
  const waiting = max === 1 ? '1 request of this agent waits' : `${max} requests of this agent wait`;
  return (
    `${waiting} for people, since ${oldestAt.toISOString()}, and no more may at once. Nobody was asked and nothing was done. ` +
    `Wait for answers, or take back what is not needed: \`list_approvals\` with the agentId \`${agentId}\` and status \`pending\` shows what waits, ` +
    '`cancel_approval` takes one back. Then call again with the same arguments.'
  );
}
