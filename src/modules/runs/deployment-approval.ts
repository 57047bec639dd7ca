import { createHash, randomUUID } from 'node:crypto';
import { canonicalize } from '../../kernel/audit/canonical.ts';
import { toActor, type Caller } from '../../kernel/caller.ts';
import type { PersonId } from '../../kernel/ids.ts';
import type { Tx } from '../../platform/db/index.ts';
import { AppError } from '../../platform/errors/index.ts';
import { listAuthors, type AgentVersion } from '../agents/index.ts';
import type { ApprovalRow } from '../approvals/index.ts';
import { findObstacle } from './deploy-obstacle.ts';
import { putInForce } from './put-in-force.ts';
import { toCaller, type RunServices } from './run.ts';

/** What is deployed when people agree. */
export interface Deployment {
  readonly id: string;
  readonly agent_id: string;
  readonly version: number;
  readonly environment: 'local' | 'cloud';
  readonly approval_id: string | null;
  readonly auto_start: boolean;
  readonly created_by: string;
  readonly key_creator: PersonId | null;
}

const COLUMNS = 'id, agent_id, version, environment, approval_id, auto_start, created_by, key_creator';

/** Held deployments that a newer one takes the place of are over; the one of the same version, if it still waits, is the answer. */
export async function endOlder(
  tx: Tx,
  { approvals }: RunServices,
  caller: Caller,
  { agent, version }: AgentVersion,
  environment: string,
): Promise<Deployment | undefined> {
  await tx.query('SELECT FROM agent WHERE id = $1 FOR NO KEY UPDATE', [agent.id]);
  const held = await tx.query<Deployment>(
    `SELECT ${COLUMNS} FROM deployment WHERE agent_id = $1 AND status = 'pending_approval' ORDER BY created_at DESC FOR UPDATE`,
    [agent.id],
  );
  let same: Deployment | undefined;
  for (const each of held) {
    const row = each.approval_id === null ? undefined : await approvals.lock(tx, each.approval_id);
    const isAlive = row?.status === 'pending' || row?.status === 'approved';
    if (isAlive && same === undefined && each.version === version && each.environment === environment) {
      same = each;
      continue;
    }
    const reason = `Version ${version} was deployed meanwhile.`;
    if (row?.status === 'pending') await approvals.supersede(tx, caller, row.id, reason);
    if (row?.status === 'approved') await approvals.invalidate(tx, row, reason);
    await mark(tx, each.id, isAlive ? 'superseded' : 'denied');
  }
  return same;
}

async function mark(tx: Tx, deploymentId: string, status: 'deployed' | 'denied' | 'superseded'): Promise<void> {
  await tx.query(`UPDATE deployment SET status = $2 WHERE id = $1 AND status = 'pending_approval'`, [
    deploymentId,
    status,
  ]);
}

/** Asks people to agree to a deployment; asked again, it answers with the same request. */
export async function holdDeployment(
  tx: Tx,
  services: RunServices,
  caller: Caller,
  acting: AgentVersion,
  { environment, autoStart }: { readonly environment: 'local' | 'cloud'; readonly autoStart: boolean },
): Promise<{ readonly status: 'pending_approval'; readonly deploymentId: string; readonly approvalId: string }> {
  const { agent, version } = acting;
  const same = await endOlder(tx, services, caller, acting, environment);
  if (same !== undefined && same.approval_id !== null) {
    if (autoStart) await tx.query('UPDATE deployment SET auto_start = true WHERE id = $1', [same.id]);
    return { status: 'pending_approval', deploymentId: same.id, approvalId: same.approval_id };
  }
  const approvalId = await ask(tx, services, caller, acting, environment);
  const deploymentId = randomUUID();
  await tx.query(
    `INSERT INTO deployment (id, agent_id, version, environment, status, approval_id, auto_start, created_by, key_creator)
     VALUES ($1, $2, $3, $4, 'pending_approval', $5, $6, $7, $8)`,
    [deploymentId, agent.id, version, environment, approvalId, autoStart, caller.personId, caller.keyCreatorId ?? null],
  );
  // What is deployed goes on as it is until the new version is approved.
  if (agent.status === 'draft') {
    const data = { deploymentId, version, approvalId };
    await services.agents.setStatus(
      tx,
      caller,
      agent.id,
      { status: 'pending_approval' },
      { kind: 'agent.deployed', data },
    );
  }
  return { status: 'pending_approval', deploymentId, approvalId };
}

async function ask(
  tx: Tx,
  services: RunServices,
  caller: Caller,
  acting: AgentVersion,
  environment: 'local' | 'cloud',
): Promise<string> {
  const { agent, version } = acting;
  const params = toParams({ agent_id: agent.id, version, environment });
  const { keyCreatorId } = caller;
  const { approvalId } = await services.approvals.open(tx, {
    purpose: 'deployment',
    workspaceId: caller.workspaceId,
    agentId: agent.id,
    actionType: 'agent.deploy',
    params,
    actionHash: hash(params),
    target: `${agent.name} version ${version}`,
    description: `Deploy version ${version} of \`${agent.name}\` to ${environment}`,
    prose: acting.definition.task,
    risk: 'medium',
    evidence: {
      violations: [],
      redactions: [],
      riskReasons: ['from then on the agent acts by itself, by this version'],
      policyVersions: acting.definition.policies.map((policy) => `${policy.id}@${policy.hash.slice(0, 12)}`),
    },
    ruleRequirements: acting.definition.approval === undefined ? [] : [acting.definition.approval],
    requestedBy: toActor(caller),
    onBehalfOf: caller.personId,
    conflicts: [caller.personId, ...listAuthors(acting), ...(keyCreatorId === undefined ? [] : [keyCreatorId])],
  });
  return approvalId;
}

/** Puts an approved deployment in force, once; one that came to nothing is marked, and an agent that only waited for it is a draft again. */
export async function resolveDeployment(services: RunServices, approvalId: string): Promise<void> {
  const [found] = await services.db.query<Deployment>(
    `SELECT ${COLUMNS} FROM deployment WHERE approval_id = $1 AND status = 'pending_approval'`,
    [approvalId],
  );
  if (found === undefined) return;
  const ready = await prepare(services, found);
  await services.db.transaction(async (tx) => {
    await tx.query('SELECT FROM agent WHERE id = $1 FOR NO KEY UPDATE', [found.agent_id]);
    const [deployment] = await tx.query<Deployment>(
      `SELECT ${COLUMNS} FROM deployment WHERE id = $1 AND status = 'pending_approval' FOR UPDATE`,
      [found.id],
    );
    const row = await services.approvals.lock(tx, approvalId);
    if (deployment === undefined || row === undefined || row.status === 'pending') return;
    if (row.status !== 'approved') return refuse(tx, services, deployment, row);
    const reason = ready.kind === 'refused' ? ready.reason : findChange(deployment, row);
    if (reason !== undefined) await services.approvals.invalidate(tx, row, reason);
    const standing = reason === undefined ? await services.approvals.checkStanding(tx, row) : undefined;
    if (ready.kind === 'refused' || standing?.kind !== 'valid')
      return refuse(tx, services, deployment, { ...row, status: 'invalidated' });
    await services.approvals.consume(tx, row);
    await mark(tx, deployment.id, 'deployed');
    const { environment, auto_start: autoStart, id } = deployment;
    await putInForce(tx, services, ready.caller, ready.acting, { environment, autoStart, deploymentId: id });
  });
}

type Ready =
  | { readonly kind: 'ready'; readonly caller: Caller; readonly acting: AgentVersion }
  | { readonly kind: 'refused'; readonly reason: string };

/** What may have changed while people thought: the person who asked, the agent, its test. */
async function prepare(services: RunServices, { agent_id: agentId, version, ...by }: Deployment): Promise<Ready> {
  try {
    const caller = await toCaller(services, by.created_by, by.key_creator);
    const acting = await services.agents.getVersion(caller, agentId, version);
    if (acting.agent.status === 'stopped') return { kind: 'refused', reason: 'The agent was stopped for good.' };
    const obstacle = await findObstacle(services, acting);
    if (obstacle === undefined) return { kind: 'ready', caller, acting };
    const missing = obstacle.missing.map(({ what }) => what).join(', ');
    return { kind: 'refused', reason: `This is missing: ${missing}.` };
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_runnable') return { kind: 'refused', reason: error.message };
    throw error;
  }
}

function findChange(deployment: Deployment, { actionHash }: ApprovalRow): string | undefined {
  return hash(toParams(deployment)) === actionHash ? undefined : 'The deployment is not what was approved any more.';
}

async function refuse(tx: Tx, services: RunServices, deployment: Deployment, row: ApprovalRow): Promise<void> {
  await mark(tx, deployment.id, row.status === 'superseded' ? 'superseded' : 'denied');
  const { id: deploymentId, agent_id: agentId, version } = deployment;
  await services.audit.append(tx, {
    workspaceId: row.workspaceId,
    kind: 'agent.deployed',
    actor: row.endedBy ?? 'system',
    outcome: 'denied',
    agentId,
    data: { deploymentId, version, approvalId: row.id, status: row.status },
  });
  await tx.query(
    `UPDATE agent SET status = 'draft', updated_at = app_now() WHERE id = $1 AND status = 'pending_approval'
     AND NOT EXISTS (SELECT FROM deployment d WHERE d.agent_id = $1 AND d.status = 'pending_approval')`,
    [agentId],
  );
}

function toParams({
  agent_id: agentId,
  version,
  environment,
}: Pick<Deployment, 'agent_id' | 'version' | 'environment'>): Buffer {
  return Buffer.from(canonicalize({ agentId, version, environment }), 'utf8');
}

function hash(params: Buffer): string {
  return createHash('sha256').update('deploy/v1\0').update(params).digest('hex');
}
