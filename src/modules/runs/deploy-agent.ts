import { createHash, randomUUID } from 'node:crypto';
import { canonicalize } from '../../kernel/audit/canonical.ts';
import { toActor, type Caller } from '../../kernel/caller.ts';
import type { Risk, Violation } from '../../kernel/policy/model.ts';
import { toQuorum } from '../../kernel/policy/risk.ts';
import type { Missing } from '../../kernel/run/model.ts';
import { linkBase } from '../../platform/config/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import { AppError } from '../../platform/errors/index.ts';
import type { AgentVersion } from '../agents/index.ts';
import type { RunServices } from './run.ts';
import { activateSchedule, deactivateSchedule } from './schedules.ts';
import { insertRun } from './start-run.ts';

export interface DeployRequest {
  readonly agentId: string;
  readonly environment: 'local' | 'cloud';
  /** Starts one run now. */
  readonly autoStart: boolean;
}

export interface DeployResult {
  /** Of a blocked one, the attempt as the record names it. */
  readonly deploymentId: string;
  readonly status: 'deployed' | 'pending_approval' | 'blocked';
  readonly version: number;
  readonly environment: 'local' | 'cloud';
  readonly url: string;
  readonly approvalId?: string;
  readonly runId?: string;
  readonly nextRunAt?: string;
  readonly violations: readonly Violation[];
  readonly missing: readonly Missing[];
  /** What the person should know about how it runs. */
  readonly notice?: string;
}

const NOTICE =
  'The schedule fires while a process of AgentOS works on this data directory; what was missed meanwhile runs once, when the next one starts.';

/** Puts the latest version in force. `blocked` while it is not tested, failed its test, or misses something. */
export async function deployAgent(
  services: RunServices,
  caller: Caller,
  request: DeployRequest,
): Promise<DeployResult> {
  requireLocal(request.environment);
  const agent = await services.agents.getVersion(caller, request.agentId);
  if (agent.agent.status === 'stopped') {
    throw new AppError(
      'not_runnable',
      `The agent \`${agent.agent.name}\` was stopped for good. Make a new one with create_agent.`,
    );
  }
  const deploymentId = randomUUID();
  const { environment } = request;
  const url = toUrl(services, agent.agent.id);
  const base = { deploymentId, version: agent.version, environment, url, violations: [], missing: [] } as const;
  const obstacle = await findObstacle(services, agent);
  if (obstacle !== undefined) {
    await recordBlocked(services, caller, agent, { deploymentId, environment, ...obstacle });
    return { ...base, ...obstacle, status: 'blocked' };
  }
  const done = await services.db.transaction((tx) =>
    agent.definition.approvalRequired
      ? holdDeployment(tx, services, caller, agent, request, deploymentId)
      : putInForce(tx, services, caller, agent, request, deploymentId),
  );
  return { ...base, ...done };
}

function requireLocal(environment: DeployRequest['environment']): void {
  if (environment === 'local') return;
  throw new AppError(
    'unavailable',
    'Deploying to `cloud` needs a team server, which this release does not connect to. Deploy to `local` instead.',
  );
}

async function findObstacle(
  services: RunServices,
  { agent, version, definition }: AgentVersion,
): Promise<Pick<DeployResult, 'violations' | 'missing'> | undefined> {
  if (definition.missing.length > 0) return { violations: [], missing: definition.missing };
  const test = await services.agents.latestTest(agent.id, version);
  if (test === undefined) {
    const hint = 'Use test_agent: a version is deployed only after its test.';
    return { violations: [], missing: [{ what: `a test of version ${version}`, hint }] };
  }
  if (test.verdict !== 'failed') return undefined;
  const [row] = await services.db.query<{ violations: Violation[] | null }>(
    `SELECT report -> 'violations' AS violations FROM agent_test WHERE agent_id = $1 AND version = $2 ORDER BY created_at DESC LIMIT 1`,
    [agent.id, version],
  );
  const hint = 'Change what the test found, then use test_agent again.';
  return {
    violations: row?.violations ?? [],
    missing: [{ what: `a passed test: the last one of version ${version} failed`, hint }],
  };
}

async function recordBlocked(
  { db, audit }: RunServices,
  caller: Caller,
  { agent, version }: AgentVersion,
  { missing, violations, ...attempt }: Pick<DeployResult, 'deploymentId' | 'environment' | 'violations' | 'missing'>,
): Promise<void> {
  const why = {
    missing: missing.map(({ what }) => what),
    violations: violations.map(({ policy, rule }) => `${policy}/${rule}`),
  };
  await db.transaction((tx) =>
    audit.append(tx, {
      workspaceId: caller.workspaceId,
      kind: 'agent.deployed',
      actor: toActor(caller),
      outcome: 'denied',
      agentId: agent.id,
      data: { ...attempt, version, ...why },
    }),
  );
}

async function holdDeployment(
  tx: Tx,
  services: RunServices,
  caller: Caller,
  { agent, version }: AgentVersion,
  { environment }: DeployRequest,
  deploymentId: string,
): Promise<Pick<DeployResult, 'status' | 'approvalId'>> {
  const params = Buffer.from(canonicalize({ agentId: agent.id, version, environment }), 'utf8');
  const risk: Risk = 'medium';
  const { approvalId } = await services.approvals.hold(tx, {
    workspaceId: caller.workspaceId,
    agentId: agent.id,
    actionType: 'agent.deploy',
    params,
    actionHash: createHash('sha256').update('deploy/v1\0').update(params).digest('hex'),
    description: `Deploy version ${version} of \`${agent.name}\` to ${environment}`,
    risk,
    requiredApprovals: toQuorum(risk),
    requestedBy: toActor(caller),
  });
  await insertDeployment(tx, caller, { id: deploymentId, agentId: agent.id, version, environment, approvalId });
  // What is deployed goes on as it is until the new version is approved.
  if (agent.status === 'draft') {
    const change = { status: 'pending_approval' } as const;
    await services.agents.setStatus(tx, caller, agent.id, change, {
      kind: 'agent.deployed',
      data: { deploymentId, version, approvalId },
    });
  }
  return { status: 'pending_approval', approvalId };
}

async function putInForce(
  tx: Tx,
  services: RunServices,
  caller: Caller,
  version: AgentVersion,
  { environment, autoStart }: DeployRequest,
  deploymentId: string,
): Promise<Pick<DeployResult, 'status' | 'runId' | 'nextRunAt' | 'notice'>> {
  const { agent, definition } = version;
  await insertDeployment(tx, caller, { id: deploymentId, agentId: agent.id, version: version.version, environment });
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

interface Deployment {
  readonly id: string;
  readonly agentId: string;
  readonly version: number;
  readonly environment: string;
  readonly approvalId?: string;
}

async function insertDeployment(tx: Tx, caller: Caller, of: Deployment): Promise<void> {
  await tx.query(
    'INSERT INTO deployment (id, agent_id, version, environment, status, approval_id, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [
      of.id,
      of.agentId,
      of.version,
      of.environment,
      of.approvalId === undefined ? 'deployed' : 'pending_approval',
      of.approvalId ?? null,
      caller.personId,
    ],
  );
}

/** Where people look at the agent. */
function toUrl({ config }: RunServices, agentId: string): string {
  return `${linkBase(config)}/agents/${agentId}`;
}
