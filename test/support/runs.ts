// The services from the database up to the runs, wired by hand, with the real file executor and one for `http.request` that a test drives.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Caller } from '../../src/kernel/caller.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import type { Policy } from '../../src/kernel/policy/model.ts';
import type { AgentDefinition, Step } from '../../src/kernel/run/model.ts';
import { ActionsService } from '../../src/modules/actions/actions.service.ts';
import { ExecutorRegistry } from '../../src/modules/actions/executor-registry.ts';
import { Executor, type ExecutionContext } from '../../src/modules/actions/executor.ts';
import { FilesExecutor } from '../../src/modules/actions/executors/files.executor.ts';
import type { Permit } from '../../src/modules/actions/permit.ts';
import { AgentsService } from '../../src/modules/agents/agents.service.ts';
import { ApprovalsService } from '../../src/modules/approvals/approvals.service.ts';
import { approvalResolvedJob, approvalTimerJob } from '../../src/modules/approvals/jobs.ts';
import { AuditService } from '../../src/modules/audit/audit.service.ts';
import { IdentityService } from '../../src/modules/identity/identity.service.ts';
import { DecisionService } from '../../src/modules/policies/decision.service.ts';
import { PoliciesService } from '../../src/modules/policies/policies.service.ts';
import { executeRunJob, scheduleDueJob, scheduleSyncJob } from '../../src/modules/runs/run.ts';
import { RunsService } from '../../src/modules/runs/runs.service.ts';
import { syncSchedule } from '../../src/modules/runs/schedules.ts';
import { readConfig, type Config } from '../../src/platform/config/index.ts';
import { Database } from '../../src/platform/db/database.ts';
import { JobHandlers } from '../../src/platform/queue/job.ts';
import { Outbox } from '../../src/platform/queue/outbox.ts';
import { QueueHost } from '../../src/platform/queue/queue-host.ts';
import { Schedulers } from '../../src/platform/queue/schedulers.ts';
import { Inspection } from '../../src/platform/inspect/index.ts';
import { Log } from '../../src/platform/telemetry/log.ts';
import { makeNotifications } from './notifications.ts';
import { makeDefinition } from './services.ts';

/** The executor port for `http.request` without a network: notes each URL, and answers as the test says. */
export class NotedHttp extends Executor {
  readonly types = ['http.request'];
  readonly urls: string[] = [];
  answer: (url: string, context: ExecutionContext) => Promise<JsonObject> = (url) => Promise.resolve({ text: url });

  async execute(permit: Permit, context: ExecutionContext): Promise<JsonObject> {
    const { url } = permit.take().params;
    if (typeof url !== 'string') throw new Error('the url is no text');
    this.urls.push(url);
    return this.answer(url, context);
  }
}

export interface Runs {
  readonly db: Database;
  readonly config: Config;
  readonly audit: AuditService;
  readonly agents: AgentsService;
  readonly policies: PoliciesService;
  readonly runs: RunsService;
  readonly approvals: ApprovalsService;
  readonly actions: ActionsService;
  readonly http: NotedHttp;
  readonly caller: Caller;
  /** Where relative paths start. */
  readonly root: string;
  readonly outbox: Outbox;
  close(): Promise<void>;
}

interface RunsOptions {
  readonly root?: string;
  readonly isWorker?: boolean;
  /** Default: the queue is in Postgres. */
  readonly redisUrl?: string;
}

/** With `isWorker` false every job is lost: nothing runs unless the test does it. */
export async function openRuns(
  databaseUrl: string,
  { root = mkdtempSync(join(tmpdir(), 'runs-')), isWorker = false, redisUrl }: RunsOptions = {},
): Promise<Runs> {
  const config = readConfig({ AGENTOS_FILE_ROOTS: root, AGENTOS_PUBLIC_URL: 'http://localhost:3000' });
  const db = new Database({ connectionString: databaseUrl });
  const log = new Log('error');
  const handlers = new JobHandlers();
  const host = new QueueHost(db, redisUrl, log, handlers);
  const outbox = new Outbox(db, host, log);
  const audit = new AuditService(db, log);
  const identity = new IdentityService(db);
  const agents = new AgentsService(db, audit);
  const notifications = makeNotifications({ db, audit, outbox, log, config });
  const approvals = new ApprovalsService(db, audit, identity, outbox, config, notifications);
  const inspection = new Inspection();
  const decisions = new DecisionService(config, inspection);
  const policies = new PoliciesService(db, audit, identity, agents);
  const http = new NotedHttp();
  const executors = new ExecutorRegistry([new FilesExecutor(config), http]);
  const actions = new ActionsService(db, log, audit, identity, agents, approvals, policies, decisions, executors);
  const runs = new RunsService(db, log, config, outbox, audit, identity, agents, approvals, actions);
  handlers.add(executeRunJob, async ({ runId }, stopping) => {
    if (isWorker) await runs.execute(runId, stopping);
  });
  handlers.add(approvalResolvedJob, async ({ approvalId }) => {
    if (isWorker) await runs.resolve(approvalId);
  });
  handlers.add(approvalTimerJob, async ({ approvalId }) => {
    if (isWorker) await approvals.fireDue(approvalId);
  });
  handlers.add(scheduleDueJob, async ({ agentId }) => {
    if (isWorker) await runs.fireSchedule(agentId);
  });
  handlers.add(scheduleSyncJob, ({ agentId }) => syncSchedule({ db }, new Schedulers(host), agentId));
  return {
    ...{ db, config, audit, agents, policies, approvals, actions, runs, outbox, http, root },
    caller: await identity.localCaller('stdio'),
    close: async () => {
      await host.close();
      await inspection.close();
      await audit.close();
      await db.close();
    },
  };
}

/** What an agent is made of in a test, beside its steps: policies by id. */
interface Making extends Partial<Omit<AgentDefinition, 'policies'>> {
  readonly policies?: readonly string[];
  /** More policies, as they are. */
  readonly rules?: readonly Policy[];
}

/** An agent with these steps whose version has passed its test; not deployed. */
export async function makeAgent(
  all: Runs,
  steps: readonly Step[],
  { policies = [], rules = [], ...change }: Making = {},
): Promise<string> {
  const { id } = await all.db.transaction(async (tx) => {
    const refs = [];
    const wanted = policies.map((policyId) => ({ id: policyId, reason: 'test' }));
    for (const { policy, reason } of await all.policies.resolve(all.caller, wanted)) {
      refs.push({ id: policy.id, name: policy.name, reason, hash: await all.policies.snapshot(tx, policy) });
    }
    for (const policy of rules) {
      refs.push({ id: policy.id, name: policy.name, reason: 'test', hash: await all.policies.snapshot(tx, policy) });
    }
    return all.agents.create(tx, all.caller, makeDefinition({ steps, policies: refs, ...change }));
  });
  await all.agents.recordTest(all.caller, id, 1, 'passed', 'made by a test', { violations: [] });
  return id;
}

/** The same, deployed. */
export async function deployAgent(all: Runs, steps: readonly Step[], making: Making = {}): Promise<string> {
  const agentId = await makeAgent(all, steps, making);
  await all.runs.deploy(all.caller, { agentId, environment: 'local', autoStart: false });
  return agentId;
}
