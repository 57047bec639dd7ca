import type { CompiledRule } from '../../kernel/policy/model.ts';
import { ATTRIBUTES } from '../../kernel/policy/vocabulary.ts';
import { compileCondition, type ConditionNode } from '../../platform/cel/condition.ts';
import { readCondition, type Reading } from './constants.ts';
import { evaluatePartly } from './partial.ts';
import { isImpossible, RISING } from './possible.ts';
import {
  joinConstants,
  toDomain,
  toWitness,
  toWitnessFacts,
  type Domain,
  type FactValue,
  type Witness,
} from './witness.ts';

/** A rule as the search needs it: the condition as a tree, what it compares, and the real evaluator. */
export interface Searchable {
  readonly ast: ConditionNode;
  readonly reading: Reading;
  readonly rule: CompiledRule;
}

/** A rule that the action must match or, with `wanted` false, must not match. */
export interface Goal {
  readonly of: Searchable;
  readonly wanted: boolean;
}

/** `none` is a proof; `gave up` says nothing. */
export type Search =
  { readonly kind: 'found'; readonly witness: Witness } | { readonly kind: 'none' } | { readonly kind: 'gave up' };

const STEPS_PER_SEARCH = 1_000;
const STEPS_IN_ALL = 40_000;
/** What tells actions apart most: chosen first where two rules speak of it. */
const FIRST = ['action.type', 'action.kind', 'action.operation', 'action.phase', 'environment'];

/** What one of these is compared with matters to the others: no action has them without each other. */
const LINKED = [...RISING, ['data.classes', 'data.contentClasses', 'data.fieldClasses']];

/** Steps still to be spent on all searches of one question. */
export class Effort {
  #search = 0;
  #total = STEPS_IN_ALL;

  startSearch(): void {
    this.#search = STEPS_PER_SEARCH;
  }

  get isUsedUp(): boolean {
    return this.#total < 0;
  }

  spend(): boolean {
    this.#search -= 1;
    this.#total -= 1;
    return this.#search >= 0 && this.#total >= 0;
  }
}

function toDomains(goals: readonly Goal[]): Map<string, Domain> {
  const [first, second] = goals.map(({ of }) => of.reading.attributes);
  const domains = new Map<string, Domain>();
  for (const attribute of ATTRIBUTES) {
    const { name } = attribute;
    if (first?.has(name) !== true && second?.has(name) !== true) continue;
    const names = [name, ...LINKED.filter((group) => group.includes(name)).flat()];
    const constants = [...new Set(names)].flatMap((each) => [first?.get(each), second?.get(each)]);
    domains.set(name, toDomain(attribute, joinConstants(constants)));
  }
  return domains;
}

/** One search: chooses facts one after another, and turns back as soon as a condition or the world forbids what is chosen. */
class Solver {
  readonly #goals: readonly Goal[];
  readonly #domains: ReadonlyMap<string, Domain>;
  readonly #effort: Effort;
  readonly #first: readonly string[];
  readonly #choice = new Map<string, FactValue>();
  #isComplete: boolean;

  constructor(goals: readonly Goal[], effort: Effort) {
    this.#goals = goals;
    this.#domains = toDomains(goals);
    this.#effort = effort;
    this.#first = FIRST.filter((name) => goals.every(({ of }) => of.reading.attributes.has(name)));
    this.#isComplete =
      !goals.some(({ of }) => of.reading.isOpen) && ![...this.#domains.values()].some(({ isCut }) => isCut);
  }

  run(): Search {
    this.#effort.startSearch();
    const witness = this.#step();
    if (witness !== undefined) return { kind: 'found', witness };
    return { kind: this.#isComplete ? 'none' : 'gave up' };
  }

  #step(): Witness | undefined {
    if (!this.#effort.spend()) {
      this.#isComplete = false;
      return undefined;
    }
    let open: string | undefined;
    for (const { of, wanted } of this.#goals) {
      const answer = evaluatePartly(of.ast, this.#choice);
      if (answer.kind === 'known' && answer.value !== wanted) return undefined;
      if (answer.kind === 'open') open ??= answer.open;
    }
    if (open === undefined) return this.#replay();
    const name = this.#first.find((each) => !this.#choice.has(each)) ?? open;
    for (const value of this.#domains.get(name)?.values ?? []) {
      this.#choice.set(name, value);
      const witness = isImpossible(this.#choice) ? undefined : this.#step();
      if (witness !== undefined) return witness;
    }
    this.#choice.delete(name);
    return undefined;
  }

  /** INVARIANT: what is shown was matched by the evaluator that decides, not only by the search. */
  #replay(): Witness | undefined {
    const chosen = Object.fromEntries(this.#choice);
    const facts = toWitnessFacts(chosen);
    try {
      if (this.#goals.every(({ of, wanted }) => of.rule.matches(facts) === wanted)) return toWitness(chosen);
    } catch {
      // No answer is no proof either way.
    }
    this.#isComplete = false;
    return undefined;
  }
}

/** An action that meets all goals, found by trying the values at which a condition can change its answer. */
export function findAction(goals: readonly Goal[], effort: Effort): Search {
  return new Solver(goals, effort).run();
}

/** An action that the rule matches, if one is found. */
export function findWitness(rule: CompiledRule): Witness | undefined {
  const condition = compileCondition(rule.condition);
  if (condition.kind === 'problem') return undefined;
  const { ast } = condition;
  const found = findAction([{ of: { ast, reading: readCondition(ast), rule }, wanted: true }], new Effort());
  return found.kind === 'found' ? found.witness : undefined;
}
