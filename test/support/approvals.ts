// Requests, people and several servers on one database, for the tests of approvals.
import { createHash, randomUUID } from 'node:crypto';
import type { Role } from '../../src/kernel/caller.ts';
import { AgentsService } from '../../src/modules/agents/index.ts';
import { ApprovalsService, type OpenRequest, approvalResolvedJob } from '../../src/modules/approvals/index.ts';
import { approvalTimerJob } from '../../src/modules/approvals/jobs.ts';
import type { SignedIn } from '../../src/modules/identity/index.ts';
import { AuditService } from '../../src/modules/audit/index.ts';
import { IdentityService } from '../../src/modules/identity/index.ts';
import { readConfig } from '../../src/platform/config/index.ts';
import { Database } from '../../src/platform/db/index.ts';
import { JobHandlers, Outbox } from '../../src/platform/queue/index.ts';
import { QueueHost } from '../../src/platform/queue/queue-host.ts';
import { Log } from '../../src/platform/telemetry/log.ts';
import type { Caller } from '../../src/kernel/caller.ts';
import { makeNotifications } from './notifications.ts';
import { makeDefinition } from './services.ts';

/** One server: its own connections, its own worker. */
export interface Node {
  readonly db: Database;
  readonly audit: AuditService;
  readonly identity: IdentityService;
  readonly approvals: ApprovalsService;
  readonly outbox: Outbox;
  readonly caller: Caller;
  /** Requests whose resolution its worker was told. */
  readonly resolved: string[];
  close(): Promise<void>;
}

export async function startNode(
  databaseUrl: string,
  { redisUrl, isWorker = true }: { readonly redisUrl?: string; readonly isWorker?: boolean } = {},
): Promise<Node> {
  const db = new Database({ connectionString: databaseUrl });
  const log = new Log('error');
  const handlers = new JobHandlers();
  const host = new QueueHost(db, redisUrl, log, handlers);
  const outbox = new Outbox(db, host, log);
  const audit = new AuditService(db, log);
  const identity = new IdentityService(db);
  const config = readConfig({ AGENTOS_PUBLIC_URL: 'http://localhost:3000' });
  const approvals = new ApprovalsService(
    db,
    audit,
    identity,
    outbox,
    config,
    makeNotifications({ db, audit, outbox, log, config }),
  );
  const resolved: string[] = [];
  handlers.add(approvalResolvedJob, ({ approvalId }) => Promise.resolve(void resolved.push(approvalId)));
  handlers.add(approvalTimerJob, async ({ approvalId }) => {
    if (isWorker) await approvals.fireDue(approvalId);
  });
  return {
    ...{ db, audit, identity, approvals, outbox, resolved },
    caller: await identity.localCaller('stdio'),
    close: async () => {
      await host.close();
      await audit.close();
      await db.close();
    },
  };
}

export async function addAgent(node: Node): Promise<string> {
  const agents = new AgentsService(node.db, node.audit);
  const { id } = await node.db.transaction((tx) => agents.create(tx, node.caller, makeDefinition()));
  return id;
}

/** A person of the workspace, with a session as the API sees it. */
export async function addPerson(
  node: Node,
  name: string,
  roles: readonly Role[] = ['approver'],
  groups: readonly string[] = [],
): Promise<SignedIn> {
  const personId = randomUUID() as SignedIn['personId'];
  const email = `${name}@shop.example`;
  const { workspaceId } = node.caller;
  await node.db.query('INSERT INTO person (id, workspace_id, email, roles, groups) VALUES ($1, $2, $3, $4, $5)', [
    personId,
    workspaceId,
    email,
    roles,
    groups,
  ]);
  const signedInAt = new Date('2026-01-01T00:00:00Z');
  return { workspaceId, personId, email, roles, groups, sessionId: randomUUID(), method: 'code', signedInAt };
}

/** A request of the local owner through the agent; what a test cares about goes into `change`. */
export function makeRequest(node: Node, agentId: string, change: Partial<OpenRequest> = {}): OpenRequest {
  const params = Buffer.from(JSON.stringify({ path: `${randomUUID()}.txt` }));
  return {
    ...{ purpose: 'action', workspaceId: node.caller.workspaceId, agentId, actionType: 'file.write', params },
    ...{ actionHash: createHash('sha256').update(params).digest('hex'), target: 'a.txt', description: 'Write a.txt' },
    ...{ risk: 'low', ruleRequirements: [], requestedBy: `agent:${agentId}`, onBehalfOf: node.caller.personId },
    evidence: { violations: [], redactions: [], riskReasons: [], policyVersions: [] },
    conflicts: [],
    ...change,
  };
}

export interface Asked {
  readonly id: string;
  readonly actionHash: string;
}

export async function ask(node: Node, agentId: string, change: Partial<OpenRequest> = {}): Promise<Asked> {
  const request = makeRequest(node, agentId, change);
  const { approvalId } = await node.db.transaction((tx) => node.approvals.open(tx, request));
  return { id: approvalId, actionHash: request.actionHash };
}

/** What the history says about each request, in order. */
export async function readEvents(node: Node): Promise<Map<string, string[]>> {
  const rows = await node.db.query<{ request_id: string; kind: string }>(
    'SELECT request_id, kind FROM approval_event ORDER BY request_id, id',
  );
  return group(rows.map(({ request_id, kind }) => [request_id, kind]));
}

/** What the record says about each request: kinds without their prefix. */
export async function readRecord(node: Node): Promise<Map<string, string[]>> {
  const rows = await node.db.query<{ body: Buffer }>(
    `SELECT e.body FROM audit_entry e JOIN audit_link l ON l.entry_id = e.id WHERE l.kind LIKE 'approval.%' ORDER BY l.seq`,
  );
  const entries = rows.map(({ body }) => JSON.parse(body.toString()) as { kind: string; data: { approvalId: string } });
  return group(entries.map(({ kind, data }) => [data.approvalId, kind.slice('approval.'.length)]));
}

function group(pairs: readonly (readonly [string, string])[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [id, kind] of pairs) groups.set(id, [...(groups.get(id) ?? []), kind]);
  return groups;
}

/** Polls until `check` holds. */
export async function until(check: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await check())) {
    if (performance.now() > end) throw new Error('what was waited for did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
