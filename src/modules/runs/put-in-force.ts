import type { Caller } from '../../kernel/caller.ts';
import type { Tx } from '../../platform/db/index.ts';
import type { AgentVersion } from '../agents/index.ts';
import type { RunServices } from './run.ts';
import { activateSchedule, deactivateSchedule } from './schedules.ts';
import { insertRun } from './start-run.ts';

const NOTICE =
  'The schedule fires while a process of AgentOS works on this data directory; what was missed meanwhile runs once, when the next one starts.';

interface Force {
  readonly environment: 'local' | 'cloud';
  readonly autoStart: boolean;
  /** The row that says so. */
  readonly deploymentId: string;
}

interface InForce {
  readonly status: 'deployed';
  readonly runId?: string;
  readonly nextRunAt?: string;
  /** What the person should know about how it runs. */
  readonly notice?: string;
}

/** From now on the agent acts by this version: its runs, its schedule. */
export async function putInForce(
  tx: Tx,
  services: RunServices,
  caller: Caller,
  version: AgentVersion,
  { environment, autoStart, deploymentId }: Force,
): Promise<InForce> {
  const { agent, definition } = version;
  await services.agents.setStatus(
    tx,
    caller,
    agent.id,
    { status: 'deployed', deployed: { version: version.version, environment } },
    { kind: 'agent.deployed', data: { deploymentId, version: version.version, environment } },
  );
  const runId = autoStart ? await insertRun(tx, services, caller, version, { trigger: 'manual' }) : undefined;
  const started = { status: 'deployed', ...(runId === undefined ? {} : { runId }) } as const;
  if (definition.schedule === undefined) {
    await deactivateSchedule(tx, services, agent.id);
    return started;
  }
  const nextRunAt = await activateSchedule(tx, services, caller, agent.id, definition.schedule);
  return { ...started, nextRunAt: nextRunAt.toISOString(), notice: NOTICE };
}
