import type { Tx } from '../../platform/db/index.ts';
import type { ApprovalServices } from './services.ts';

/** An agent waits for as many answers as it may: people are not asked for more. */
export interface Backpressure {
  readonly open: number;
  readonly max: number;
  readonly oldestAt: Date;
}

/**
 * Whether people may not be asked for one thing more of this agent, and why. INVARIANT: the caller has locked the agent in an earlier statement and
 * opens the request in the same transaction, so that no two take the last place. What is past its time does not wait any more.
 */
export async function findBackpressure(
  tx: Tx,
  { identity }: Pick<ApprovalServices, 'identity'>,
  { workspaceId, agentId }: { readonly workspaceId: string; readonly agentId: string },
): Promise<Backpressure | undefined> {
  const max = await identity.maxOpenApprovals(tx, workspaceId);
  const [found] = await tx.query<{ open: number; oldest: Date | null }>(
    `SELECT count(*)::int AS open, min(created_at) AS oldest FROM (
       SELECT created_at FROM approval_request
       WHERE agent_id = $1 AND status = 'pending' AND purpose IN ('action', 'request') AND expires_at > app_now()
       ORDER BY created_at LIMIT $2) AS waiting`,
    [agentId, max],
  );
  if (found === undefined || found.oldest === null || found.open < max) return undefined;
  return { open: found.open, max, oldestAt: found.oldest };
}

export function toBackpressureText({ max, oldestAt }: Backpressure, agentId: string): string {
  const waiting = max === 1 ? '1 request of this agent waits' : `${max} requests of this agent wait`;
  return (
    `${waiting} for people, since ${oldestAt.toISOString()}, and no more may at once. Nobody was asked and nothing was done. ` +
    `Wait for answers, or take back what is not needed: \`list_approvals\` with the agentId \`${agentId}\` and status \`pending\` shows what waits, ` +
    '`cancel_approval` takes one back. Then call again with the same arguments.'
  );
}
