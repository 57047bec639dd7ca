import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../src/kernel/json.ts';
import type { ParameterValues, Policy, Rule } from '../../src/kernel/policy/model.ts';
import type { AgentDefinition } from '../../src/kernel/run/model.ts';
import type { ActionRequest } from '../../src/modules/actions/action.ts';
import { ActionsService } from '../../src/modules/actions/actions.service.ts';
import { CATALOGUE, type CatalogueEntry } from '../../src/modules/actions/catalogue.ts';
import { ExecutorRegistry } from '../../src/modules/actions/executor-registry.ts';
import { Executor, type ExecutionContext } from '../../src/modules/actions/executor.ts';
import type { Permit } from '../../src/modules/actions/permit.ts';
import { AuditLogQuery } from '../../src/modules/audit/index.ts';
import { BUILT_IN } from '../../src/modules/policies/built-in.ts';
import { DecisionService, instantiate, PoliciesService } from '../../src/modules/policies/index.ts';
import { readConfig } from '../../src/platform/config/index.ts';
import { Database, type Tx } from '../../src/platform/db/index.ts';
import { Inspection } from '../../src/platform/inspect/index.ts';
import { makeDefinition, startServices, type TestServices } from './services.ts';

/** The executor port without a disk or a network: it notes what it was asked and answers as told. */
export class NotedExecutor extends Executor {
  readonly types = [
    'file.list',
    'file.read',
    'file.write',
    'file.delete',
    'http.request',
    'model.generate',
    'email.send',
  ];
  readonly acted: { type: string; params: JsonObject; actionId: string }[] = [];
  answer: (type: string, context: ExecutionContext) => Promise<JsonObject> = () => Promise.resolve({ done: true });

  async execute(permit: Permit, context: ExecutionContext): Promise<JsonObject> {
    this.acted.push({ ...permit.take(), actionId: context.actionId });
    return this.answer(this.acted.at(-1)?.type ?? '', context);
  }
}

/** Counts what goes to the server and back. */
export class CountingDatabase extends Database {
  trips = 0;

  override query<Row>(sql: string, params: readonly unknown[] = []): Promise<Row[]> {
    this.trips++;
    return super.query<Row>(sql, params);
  }

  override transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    this.trips += 2;
    return super.transaction((tx) =>
      work({
        afterCommit: (hook) => tx.afterCommit(hook),
        query: <Row>(sql: string, params: readonly unknown[] = []) => {
          this.trips++;
          return tx.query<Row>(sql, params);
        },
      }),
    );
  }
}

/** The real enforcement point on a database of its own, with an executor that only notes. */
export interface Governed {
  readonly s: TestServices;
  readonly executor: NotedExecutor;
  readonly actions: ActionsService;
  /** Another enforcement point, perhaps in the other mode or on connections of its own, as another process has it. */
  open(mode: string, db?: Database, catalogue?: ReadonlyMap<string, CatalogueEntry>): ActionsService;
  /** More connections to the same database, closed with the rest. */
  connect(): CountingDatabase;
  /** Makes an agent with these policies, its id. */
  given(policies?: readonly Policy[], change?: Partial<AgentDefinition>): Promise<string>;
  /** What the record says of an agent, oldest first. */
  kindsOf(agentId: string): Promise<string[]>;
  close(): Promise<void>;
}

export async function startGoverned(): Promise<Governed> {
  const s = await startServices();
  const root = mkdtempSync(join(tmpdir(), 'actions-'));
  const executor = new NotedExecutor();
  const inspections: Inspection[] = [];
  const toPolicies = (mode: string): readonly [PoliciesService, DecisionService] => {
    const inspection = new Inspection();
    inspections.push(inspection);
    const config = readConfig({ AGENTOS_FILE_ROOTS: root, AGENTOS_POLICY_MODE: mode });
    const decisions = new DecisionService(config, inspection);
    return [new PoliciesService(s.db, s.audit, s.identity, s.agents), decisions];
  };
  const databases: Database[] = [];
  const connect = (): CountingDatabase => {
    const database = new CountingDatabase({ ...s.db.pool.options, max: 12 });
    databases.push(database);
    return database;
  };
  const open: Governed['open'] = (mode, db = s.db, catalogue = CATALOGUE) => {
    const [policies, decisions] = toPolicies(mode);
    const { log, audit, identity, agents, approvals } = s;
    const registry = new ExecutorRegistry([executor], catalogue);
    return new ActionsService(db, log, audit, identity, agents, approvals, policies, decisions, registry);
  };
  const given: Governed['given'] = (policies = [], change = {}) =>
    s.db.transaction(async (tx) => {
      const [service] = toPolicies('strict');
      const refs = [];
      for (const policy of policies) {
        refs.push({ id: policy.id, name: policy.name, reason: 'test', hash: await service.snapshot(tx, policy) });
      }
      const grants = ['file.*', 'http.request', 'model.generate', 'email.send'];
      return (await s.agents.create(tx, s.caller, makeDefinition({ policies: refs, grants, ...change }))).id;
    });
  const kindsOf: Governed['kindsOf'] = async (agentId) => {
    const { entries } = await s.audit.list(s.caller, AuditLogQuery.parse({ agentId, limit: 100 }));
    return entries.map((entry) => `${entry.kind} ${entry.outcome}`).reverse();
  };
  const close = async (): Promise<void> => {
    for (const inspection of inspections) await inspection.close();
    for (const database of databases) await database.close();
    await s.close();
  };
  return { s, executor, actions: open('strict'), open, connect, given, kindsOf, close };
}

/** A built-in policy as it is attached. */
export function builtIn(id: string, parameters: ParameterValues = {}): Policy {
  const template = BUILT_IN.get(id);
  if (template === undefined) throw new Error(`there is no policy ${id}`);
  return instantiate(template, parameters);
}

/** A policy of one rule that denies. */
export function denying(condition: string, more: Partial<Rule> = {}): Policy {
  const rule: Rule = { name: 'limit', condition, action: 'deny', severity: 'critical', ...more };
  return {
    id: `custom-${randomUUID().slice(0, 8)}`,
    name: 'Limit',
    description: 'A limit',
    category: 'custom',
    rules: [rule],
  };
}

export function ask(
  agentId: string,
  type: string,
  params: JsonObject,
  more: Partial<ActionRequest> = {},
): ActionRequest {
  return { agentId, type, params, trigger: 'assistant', ...more };
}
