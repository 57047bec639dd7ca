import type { JsonObject } from '../../kernel/json.ts';
import type { Facts } from '../../kernel/policy/facts.ts';
import type { CompiledPolicy, CompiledRule, Decision } from '../../kernel/policy/model.ts';
import { CATALOGUE, toSubject } from '../actions/index.ts';
import { findWitness, type DecisionService, type FactChoice, type Subject } from '../policies/index.ts';
import { toActions } from './example-actions.ts';
import { EXAMPLE_CONNECTIONS, EXAMPLE_DOMAIN, EXAMPLE_POOL, EXAMPLE_TEAM, type ExampleAction } from './example-pool.ts';
import { toRoughly, toScene, toState, type Scene } from './example-scene.ts';

/** An action, its surroundings and what the policy alone makes of it. */
export interface PolicyExample {
  readonly action: { readonly type: string; readonly params: JsonObject } & Scene;
  readonly decision: Decision;
}

interface Known {
  readonly action: ExampleAction;
  readonly facts: Facts;
}

interface Candidate {
  readonly action: ExampleAction;
  readonly scene: Scene;
  /** Rules that it probably matches. */
  readonly rules: readonly string[];
  readonly isRisky: boolean;
}

const WANTED = 3;
const MAX_RULES = 8;
const MAX_REPLAYS = 12;
const NOW = new Date(Date.UTC(2026, 0, 28, 12));
const AGENT = { id: '00000000-0000-4000-8000-000000000000', name: 'example-agent', version: 1, task: '' };
/** Asks for everything that can be known about an action, and decides nothing. */
const CURIOUS: CompiledPolicy = {
  id: 'examples',
  version: 'examples',
  rules: [
    {
      name: 'all',
      condition: 'false',
      action: 'log',
      severity: 'info',
      attributes: ['data.classes', 'time.hour'],
      matches: () => false,
    },
  ],
};

function toExampleSubject({ type, params }: ExampleAction, scene: Scene): Subject {
  const entry = CATALOGUE.get(type);
  const agent = {
    agent: { ...AGENT, environment: 'local' },
    version: 1,
    definition: { steps: [], grants: [`${type.split('.', 1).join()}.*`, type], task: '' },
  } as unknown as Parameters<typeof toSubject>[1];
  const subject = toSubject(
    { personId: AGENT.id } as Parameters<typeof toSubject>[0],
    agent,
    entry,
    { type, params, trigger: 'manual', ...(scene.facts === undefined ? {} : { facts: scene.facts }) },
    {
      now: scene.at === undefined ? NOW : new Date(scene.at),
      timezone: 'UTC',
      own: { mailDomains: [EXAMPLE_DOMAIN], slackTeam: EXAMPLE_TEAM },
      connections: EXAMPLE_CONNECTIONS,
    },
  );
  return {
    ...subject,
    environment: scene.environment ?? subject.environment,
    trigger: scene.trigger ?? subject.trigger,
  };
}

function matches(rule: CompiledRule, facts: Facts): boolean {
  try {
    return rule.matches(facts);
  } catch {
    return false;
  }
}

/** Shows policies by actions. What the parsers say about the actions that every policy is tried on is kept. */
export class PolicyExamples {
  readonly #decisions: DecisionService;
  #pool: Promise<readonly Known[]> | undefined;

  constructor(decisions: DecisionService) {
    this.#decisions = decisions.withMemory();
  }

  /** At most three actions that the policy catches, then at most three that it lets go, each decided as the enforcement point would. */
  async show(policy: CompiledPolicy): Promise<PolicyExample[]> {
    const pool = await this.#getPool();
    const [caught, free]: [Candidate[], Candidate[]] = [[], []];
    for (const choice of toChoices(policy)) {
      const made = await this.#prepareAll(toActions(choice));
      const scene = toScene(choice);
      const roughly = toRoughly(scene, choice);
      for (const { action, facts } of [...made, ...pool]) {
        const there = roughly(facts);
        const rules = policy.rules.filter((rule) => matches(rule, there)).map(({ name }) => name);
        const isCaught = rules.length > 0 || (action.output !== undefined && asksForOutput(policy));
        (isCaught ? caught : free).push({ action, scene, rules, isRisky: isRisky(facts) });
      }
    }
    const hits = await this.#replay(policy, spread(caught), true);
    const types = hits.map(({ action }) => action.type);
    const near = spread(free).sort((a, b) => toDistance(a, types) - toDistance(b, types));
    return [...hits, ...(await this.#replay(policy, near, false))];
  }

  async #getPool(): Promise<readonly Known[]> {
    this.#pool ??= this.#prepareAll(EXAMPLE_POOL);
    try {
      return await this.#pool;
    } catch (error) {
      this.#pool = undefined;
      throw error;
    }
  }

  async #prepareAll(actions: readonly ExampleAction[]): Promise<Known[]> {
    return Promise.all(
      actions.map(async (action) => {
        const { facts } = await this.#decisions.prepare([CURIOUS], toExampleSubject(action, {}));
        return { action, facts };
      }),
    );
  }

  async #replay(policy: CompiledPolicy, candidates: readonly Candidate[], isCaught: boolean): Promise<PolicyExample[]> {
    const examples: PolicyExample[] = [];
    for (const { action, scene } of candidates.slice(0, MAX_REPLAYS)) {
      if (examples.length === WANTED) return examples;
      const { decision, isMatched } = await this.#decide(policy, action, scene);
      if (isMatched === isCaught) {
        examples.push({ action: { type: action.type, params: action.params, ...scene }, decision });
      }
    }
    return examples;
  }

  async #decide(
    policy: CompiledPolicy,
    action: ExampleAction,
    scene: Scene,
  ): Promise<{ decision: Decision; isMatched: boolean }> {
    const prepared = await this.#decisions.prepare([policy], toExampleSubject(action, scene));
    const state = toState(scene);
    const before = this.#decisions.decide([policy], prepared, state);
    const isDone = before.effect === 'allow' || before.effect === 'transform';
    const decision =
      action.output === undefined || !isDone
        ? before
        : (await this.#decisions.judgeOutput([policy], { ...prepared, decision: before }, action.output)).decision;
    const isAllowed = policy.rules.some(
      (rule) => rule.action === 'allow' && matches(rule, { ...prepared.facts, ...state }),
    );
    return { decision, isMatched: isAllowed || decision.violations.length + decision.warnings.length > 0 };
  }
}

function asksForOutput({ rules }: CompiledPolicy): boolean {
  return rules.some(({ attributes }) => attributes.some((name) => /^(?:action\.phase|data\.|secrets\.)/.test(name)));
}

/** The facts by which each rule is shown, and the plain surroundings. */
function toChoices({ rules }: CompiledPolicy): FactChoice[] {
  const found: FactChoice[] = rules.slice(0, MAX_RULES).map((rule) => findWitness(rule)?.facts ?? {});
  return [...found, {}];
}

/** What other policies stop: that this one lets it go would only frighten. */
function isRisky({ file, url, shell, sql, secrets }: Facts): boolean {
  const isWide = sql.ddl || (sql.mutating && !sql.hasWhere);
  const isProgram = shell.destructive || shell.pipeToInterpreter || shell.privilege;
  return isWide || isProgram || file.credentialPlace || file.outsideRoots || url.privateNetwork || secrets.count > 0;
}

/** What is of a type that is caught comes first. */
function toDistance({ action, isRisky: isLast }: Candidate, types: readonly string[]): number {
  return (isLast ? 2 : 0) + (types.includes(action.type) ? 0 : 1);
}

/** Another rule, or another type of action, before more of the same. */
function spread(candidates: readonly Candidate[]): Candidate[] {
  const seen = new Map<string, number>();
  const ranked = candidates.map((candidate) => {
    const names = [...candidate.rules.map((rule) => `rule ${rule}`), candidate.action.type];
    // What only its result may be caught by comes last.
    const isLast = candidate.rules.length === 0 && candidate.action.output !== undefined;
    const rank = names.reduce((sum, name) => sum + (seen.get(name) ?? 0), isLast ? 1_000 : 0);
    for (const name of names) seen.set(name, (seen.get(name) ?? 0) + 1);
    return { candidate, rank };
  });
  const sorted = ranked.sort((a, b) => a.rank - b.rank).map(({ candidate }) => candidate);
  const isNew = ({ action }: Candidate, index: number): boolean =>
    sorted.findIndex((other) => other.action === action) === index;
  return sorted.filter(isNew);
}
