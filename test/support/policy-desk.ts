import { tmpdir } from 'node:os';
import type { JsonObject } from '../../src/kernel/json.ts';
import { NEUTRAL_FACTS, type Facts, type StateFacts } from '../../src/kernel/policy/facts.ts';
import type { CompiledPolicy, Decision, PolicyMode } from '../../src/kernel/policy/model.ts';
import { CATALOGUE } from '../../src/modules/actions/catalogue.ts';
import { toSubject } from '../../src/modules/actions/to-subject.ts';
import { DecisionService } from '../../src/modules/policies/decision.service.ts';
import type { Subject } from '../../src/modules/policies/subject.ts';
import { readConfig } from '../../src/platform/config/config.ts';
import { Inspection } from '../../src/platform/inspect/inspection.ts';
import { makeDefinition } from './services.ts';

export interface DeskQuestion {
  readonly policies: readonly CompiledPolicy[];
  readonly action: { readonly type: string; readonly params: JsonObject };
  readonly facts?: JsonObject;
  /** Of the deployment; default development. */
  readonly environment?: string;
  readonly connections?: Readonly<
    Record<
      string,
      { readonly kind: string; readonly environment?: string; readonly team?: string; readonly host?: string }
    >
  >;
  readonly state?: { readonly [Group in keyof StateFacts]?: Partial<StateFacts[Group]> };
  /** Judged too, when given and the action is let through. */
  readonly output?: JsonObject;
  readonly own?: Subject['own'];
  readonly at?: Date;
  readonly provenance?: Subject['provenance'];
  /** Types that the agent may use; default all. */
  readonly grants?: readonly string[];
  readonly principal?: Subject['principal'];
  readonly task?: string;
}

export interface DeskAnswer {
  readonly decision: Decision;
  readonly facts: Facts;
  readonly params: JsonObject;
  readonly output?: JsonObject;
}

const AGENT = {
  id: '4f8d9c1e-0d6f-4c7a-9b55-0a2f3f1f7a10',
  workspaceId: 'w',
  name: 'report-generator',
  task: 'Make the reports',
  status: 'deployed',
  latestVersion: 1,
  authors: [],
  createdAt: new Date(0),
  updatedAt: new Date(0),
} as const;
const ALL = [...new Set([...CATALOGUE.values()].map(({ kind }) => `${kind}.*`))];
const WEDNESDAY_NOON = new Date('2026-01-28T12:00:00Z');

/** Decides actions as the enforcement point does, with the real parsers, detectors and decision point; the state is given. */
export class PolicyDesk {
  readonly #inspection = new Inspection();
  readonly #decisions: DecisionService;

  constructor({
    mode = 'strict',
    env = {},
  }: { readonly mode?: PolicyMode; readonly env?: Record<string, string> } = {}) {
    const config = readConfig({
      AGENTOS_DATA_DIR: tmpdir(),
      AGENTOS_FILE_ROOTS: tmpdir(),
      AGENTOS_POLICY_MODE: mode,
      ...env,
    });
    this.#decisions = new DecisionService(config, this.#inspection);
  }

  async answer(question: DeskQuestion): Promise<DeskAnswer> {
    const { policies } = question;
    const subject = toDeskSubject(question);
    const prepared = await this.#decisions.prepare(policies, subject);
    const { rate, budget, first } = question.state ?? {};
    const state: StateFacts = {
      rate: { ...NEUTRAL_FACTS.rate, ...rate },
      budget: { ...NEUTRAL_FACTS.budget, ...budget },
      first: { ...NEUTRAL_FACTS.first, ...first },
    };
    const decision = this.#decisions.decide(policies, prepared, state);
    const { facts, params } = prepared;
    const isDone = decision.effect === 'allow' || decision.effect === 'transform';
    if (question.output === undefined || !isDone) return { decision, facts, params };
    const judged = await this.#decisions.judgeOutput(policies, { ...prepared, decision }, question.output);
    return {
      decision: judged.decision,
      facts,
      params,
      ...(judged.output === undefined ? {} : { output: judged.output }),
    };
  }

  async decide(question: DeskQuestion): Promise<Decision> {
    return (await this.answer(question)).decision;
  }

  close(): Promise<void> {
    return this.#inspection.close();
  }
}

function toDeskSubject(question: DeskQuestion): Subject {
  const { action, facts, connections = {}, provenance } = question;
  const definition = makeDefinition({
    steps: [],
    grants: question.grants ?? ALL,
    ...(question.task === undefined ? {} : { task: question.task }),
  });
  const subject = toSubject(
    { personId: 'p' } as Parameters<typeof toSubject>[0],
    { agent: AGENT, version: 1, definition },
    CATALOGUE.get(action.type),
    {
      ...action,
      trigger: 'manual',
      ...(facts === undefined ? {} : { facts }),
      ...(provenance === undefined ? {} : { provenance }),
    },
    {
      now: question.at ?? WEDNESDAY_NOON,
      timezone: 'UTC',
      own: question.own ?? { mailDomains: ['ourcompany.example'] },
      connections: Object.fromEntries(Object.entries(connections).map(([name, each]) => [name, { name, ...each }])),
    },
  );
  return {
    ...subject,
    environment: question.environment ?? subject.environment,
    ...(question.principal === undefined ? {} : { principal: question.principal }),
  };
}
