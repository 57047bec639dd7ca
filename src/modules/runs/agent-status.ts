import type { Caller } from '../../kernel/caller.ts';
import type { AgentStatus, RunStatus } from '../../kernel/run/model.ts';
import type { PendingApproval } from '../approvals/index.ts';
import type { AgentMetrics, AuditEntryView } from '../audit/index.ts';
import type { RunServices } from './run.ts';

const DAY_MS = 24 * 3_600_000;
const SHOWN_ENTRIES = 50;

export interface AgentStatusView {
  readonly agent: {
    readonly id: string;
    readonly name: string;
    readonly version: number;
    readonly task: string;
    readonly environment?: 'local' | 'cloud';
  };
  readonly status: AgentStatus;
  readonly policies: readonly { readonly id: string; readonly name: string }[];
  readonly nextRunAt?: string;
  readonly lastRun?: {
    readonly id: string;
    readonly status: RunStatus;
    readonly startedAt?: string;
    readonly endedAt?: string;
  };
  readonly pendingApprovals: readonly PendingApproval[];
  /** Of the last 24 hours; `waiting` is now. Durations are null while no run has ended. */
  readonly metrics?: Omit<AgentMetrics, 'p50Ms' | 'p95Ms'> & {
    readonly waiting: number;
    readonly p50Ms: number | null;
    readonly p95Ms: number | null;
  };
  /** The newest entries of the record about this agent. */
  readonly logs?: readonly AuditEntryView[];
}

interface Now {
  readonly next_run_at: Date | null;
  readonly waiting: number;
  readonly last_id: string | null;
  readonly last_status: RunStatus | null;
  readonly last_started: Date | null;
  readonly last_ended: Date | null;
}

/** How an agent stands. Every part is one lookup by index or a read of rollups: it does not get slower with history. */
export async function getAgentStatus(
  services: RunServices,
  caller: Caller,
  agentId: string,
  { includeMetrics = true, includeLogs = false }: { readonly includeMetrics?: boolean; readonly includeLogs?: boolean },
): Promise<AgentStatusView> {
  const found = await services.agents.get(caller, agentId);
  const [{ definition, version }, now, pendingApprovals, metrics, logs] = await Promise.all([
    services.agents.getVersion(caller, found.id, found.deployedVersion),
    readNow(services, found.id),
    services.approvals.listPending(found.id),
    includeMetrics ? services.audit.metrics(caller, found.id, DAY_MS) : undefined,
    includeLogs ? services.audit.list(caller, { agentId: found.id, limit: SHOWN_ENTRIES }) : undefined,
  ]);
  const environment = found.environment === undefined ? {} : { environment: found.environment };
  return {
    agent: { id: found.id, name: found.name, version, task: found.task, ...environment },
    status: found.status,
    policies: definition.policies.map(({ id, name }) => ({ id, name })),
    ...toTimes(now),
    pendingApprovals,
    ...(metrics === undefined ? {} : { metrics: toMetrics(metrics, now) }),
    ...(logs === undefined ? {} : { logs: logs.entries }),
  };
}

function toMetrics(metrics: AgentMetrics, now: Now | undefined): NonNullable<AgentStatusView['metrics']> {
  const { p50Ms = null, p95Ms = null } = metrics;
  return { ...metrics, waiting: now?.waiting ?? 0, p50Ms, p95Ms };
}

async function readNow(services: RunServices, agentId: string): Promise<Now | undefined> {
  const [now] = await services.db.query<Now>(
    `SELECT (SELECT next_run_at FROM agent_schedule WHERE agent_id = $1 AND active) AS next_run_at,
       (SELECT count(*)::int FROM run WHERE agent_id = $1 AND status IN ('queued', 'running', 'waiting_approval') AND status = 'waiting_approval') AS waiting,
       l.id AS last_id, l.status AS last_status, l.started_at AS last_started, l.ended_at AS last_ended
     FROM (VALUES (1)) AS one LEFT JOIN LATERAL (SELECT * FROM run WHERE agent_id = $1 ORDER BY created_at DESC LIMIT 1) l ON true`,
    [agentId],
  );
  return now;
}

function toTimes(now: Now | undefined): Pick<AgentStatusView, 'nextRunAt' | 'lastRun'> {
  if (now === undefined) return {};
  const { next_run_at: next, last_id: id, last_status: status, last_started: started, last_ended: ended } = now;
  const times = {
    ...(started === null ? {} : { startedAt: started.toISOString() }),
    ...(ended === null ? {} : { endedAt: ended.toISOString() }),
  };
  return {
    ...(next === null ? {} : { nextRunAt: next.toISOString() }),
    ...(id === null || status === null ? {} : { lastRun: { id, status, ...times } }),
  };
}
