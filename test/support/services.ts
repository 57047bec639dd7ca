import type { Caller } from '../../src/kernel/caller.ts';
import { AgentsService } from '../../src/modules/agents/index.ts';
import { ApprovalsService } from '../../src/modules/approvals/index.ts';
import { AuditService } from '../../src/modules/audit/index.ts';
import { IdentityService } from '../../src/modules/identity/index.ts';
import { DecisionService, PoliciesService } from '../../src/modules/policies/index.ts';
import type { AgentDefinition } from '../../src/kernel/run/model.ts';
import { readConfig } from '../../src/platform/config/index.ts';
import { Database } from '../../src/platform/db/index.ts';
import { JobHandlers, Outbox } from '../../src/platform/queue/index.ts';
import { QueueHost } from '../../src/platform/queue/queue-host.ts';
import { Inspection } from '../../src/platform/inspect/index.ts';
import { Log } from '../../src/platform/telemetry/log.ts';
import { makeNotifications } from './notifications.ts';
import { createTestDatabase } from './database.ts';

/** The real lower services on a database of their own. */
export interface TestServices {
  readonly db: Database;
  readonly log: Log;
  readonly outbox: Outbox;
  readonly audit: AuditService;
  readonly identity: IdentityService;
  readonly agents: AgentsService;
  readonly approvals: ApprovalsService;
  readonly decisions: DecisionService;
  readonly policies: PoliciesService;
  readonly caller: Caller;
  close(): Promise<void>;
}

export async function startServices(): Promise<TestServices> {
  const test = await createTestDatabase();
  const db = new Database({ connectionString: test.url });
  const log = new Log('error');
  const host = new QueueHost(db, undefined, log, new JobHandlers());
  const outbox = new Outbox(db, host, log);
  const config = readConfig({ AGENTOS_PUBLIC_URL: 'http://localhost:3000' });
  const audit = new AuditService(db, log);
  const identity = new IdentityService(db);
  const agents = new AgentsService(db, audit);
  const inspection = new Inspection();
  const decisions = new DecisionService(readConfig({}), inspection);
  return {
    db,
    log,
    outbox,
    audit,
    identity,
    agents,
    approvals: new ApprovalsService(
      db,
      audit,
      identity,
      outbox,
      config,
      makeNotifications({ db, audit, outbox, log, config }),
    ),
    decisions,
    policies: new PoliciesService(db, audit, identity, agents),
    caller: await identity.localCaller('stdio'),
    close: async () => {
      await host.close();
      await inspection.close();
      await audit.close();
      await db.close();
      await test.drop();
    },
  };
}

/** A complete definition; what a test cares about goes into `change`. */
export function makeDefinition(change: Partial<AgentDefinition> = {}): AgentDefinition {
  return {
    name: 'order-cleaner',
    task: 'Clean the orders',
    language: 'python',
    summary: { source: 'a file', processing: 'cleaning', output: 'a file' },
    approvalRequired: false,
    policies: [],
    grants: [],
    steps: [{ name: 'read', action: 'file.read', params: { path: 'a.txt' } }],
    missing: [],
    ...change,
  };
}

/** Shifts the clock of this test's database: all times come from `app_now()`. */
export async function shiftClock(db: Database, shift: string): Promise<void> {
  await db.query(
    'INSERT INTO test_clock (shift) VALUES ($1::interval) ON CONFLICT (only_row) DO UPDATE SET shift = excluded.shift',
    [shift],
  );
}
