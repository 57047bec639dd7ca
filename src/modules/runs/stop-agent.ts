import { toActor, type Caller } from '../../kernel/caller.ts';
import type { AgentStatus } from '../../kernel/run/model.ts';
import { toRunSources } from '../../kernel/run/transitions.ts';
import { endRun } from './end-run.ts';
import type { RunRow, RunServices } from './run.ts';
import { deactivateSchedule } from './schedules.ts';

export const STOP_MODES = ['pause', 'stop'] as const;
export type StopMode = (typeof STOP_MODES)[number];

/**
 * Halts an agent: `pause` until it is deployed again, `stop` for good. When this returns no action of it starts any more; its open runs are
 * cancelled, its schedule rests, what waited for an approval is cancelled, and what was approved and not begun is revoked.
 */
export async function stopAgent(
  services: RunServices,
  caller: Caller,
  agentId: string,
  mode: StopMode,
): Promise<{ status: AgentStatus; cancelledRuns: string[] }> {
  const agent = await services.agents.get(caller, agentId);
  // A pause does not weaken a stop.
  const status: AgentStatus = mode === 'stop' || agent.status === 'stopped' ? 'stopped' : 'paused';
  const kind = status === 'stopped' ? 'agent.stopped' : 'agent.paused';
  return services.db.transaction(async (tx) => {
    // In this order: a run that is just being started either sees the new status or is found below.
    await services.agents.setStatus(tx, caller, agent.id, { status }, { kind, data: { from: agent.status } });
    await deactivateSchedule(tx, services, agent.id);
    const open = await tx.query<RunRow & { now: Date }>(
      'SELECT *, app_now() AS now FROM run WHERE agent_id = $1 AND status = ANY($2) ORDER BY created_at FOR UPDATE',
      [agent.id, toRunSources('cancelled')],
    );
    const end = { status: 'cancelled', error: `cancelled: the agent was ${status}`, actor: toActor(caller) } as const;
    for (const run of open) await endRun(tx, services.audit, run.now, run, end);
    await services.approvals.endForAgent(tx, caller, agent.id);
    return { status, cancelledRuns: open.map(({ id }) => id) };
  });
}
