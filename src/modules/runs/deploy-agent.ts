import { randomUUID } from 'node:crypto';
import { toActor, type Caller } from '../../kernel/caller.ts';
import type { Violation } from '../../kernel/policy/model.ts';
import type { Missing } from '../../kernel/run/model.ts';
import { linkBase } from '../../platform/config/index.ts';
import { AppError } from '../../platform/errors/index.ts';
import type { AgentVersion } from '../agents/index.ts';
import { findObstacle } from './deploy-obstacle.ts';
import { endOlder, holdDeployment } from './deployment-approval.ts';
import { putInForce } from './put-in-force.ts';
import type { RunServices } from './run.ts';

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
  const done = await services.db.transaction(async (tx) => {
    if (agent.definition.approvalRequired) return holdDeployment(tx, services, caller, agent, request);
    await endOlder(tx, services, caller, agent, environment);
    await tx.query(
      `INSERT INTO deployment (id, agent_id, version, environment, status, created_by, key_creator) VALUES ($1, $2, $3, $4, 'deployed', $5, $6)`,
      [deploymentId, agent.agent.id, agent.version, environment, caller.personId, caller.keyCreatorId ?? null],
    );
    return putInForce(tx, services, caller, agent, { ...request, deploymentId });
  });
  return { ...base, ...done };
}

function requireLocal(environment: DeployRequest['environment']): void {
  if (environment === 'local') return;
  throw new AppError(
    'unavailable',
    'Deploying to `cloud` needs a team server, which this release does not connect to. Deploy to `local` instead.',
  );
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

/** Where people look at the agent. */
function toUrl({ config }: RunServices, agentId: string): string {
  return `${linkBase(config)}/agents/${agentId}`;
}
