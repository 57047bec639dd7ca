import type { CompiledPolicy, CompiledRule, RuleAction } from '../../kernel/policy/model.ts';
import { ATTRIBUTES } from '../../kernel/policy/vocabulary.ts';
import { compileCondition } from '../../platform/cel/condition.ts';
import { readCondition, type Reading } from './constants.ts';
import {
  isImpossible,
  toDomain,
  toWitnesses,
  toWitnessFacts,
  type Constants,
  type Domain,
  type Witness,
} from './witness.ts';

export const CONFLICT_KINDS = ['contradiction', 'shadowed', 'undecided'] as const;

/** Two rules that get in each other's way, shown by an action. */
export interface Conflict {
  readonly kind: (typeof CONFLICT_KINDS)[number];
  /** `<policy>.<rule>`; of a shadowed pair the one without effect of its own comes first. */
  readonly rules: readonly [string, string];
  /** Facts of an action that both rules match; absent when undecided. */
  readonly witness?: Witness;
  readonly message: string;
}

interface Named {
  readonly name: string;
  readonly rule: CompiledRule;
  readonly reading: Reading;
  readonly isBuiltIn: boolean;
}

const EVALUATIONS_PER_PAIR = 2_000;
const EVALUATIONS_IN_ALL = 20_000;
const MAX_CONFLICTS = 100;
const STRENGTH: Record<Exclude<RuleAction, 'log'>, number> = { deny: 3, require_approval: 2, transform: 1, allow: 0 };

type Search =
  { readonly kind: 'found'; readonly witness: Witness } | { readonly kind: 'none' } | { readonly kind: 'gave up' };

/** Evaluations still to be spent; `total` is shared by all pairs of one question. */
class Effort {
  #pair = 0;
  #total = EVALUATIONS_IN_ALL;

  startPair(): void {
    this.#pair = EVALUATIONS_PER_PAIR;
  }

  get isUsedUp(): boolean {
    return this.#total < 0;
  }

  spend(): boolean {
    this.#pair -= 1;
    this.#total -= 1;
    return this.#pair >= 0 && this.#total >= 0;
  }
}

function toNamed({ id, rules }: CompiledPolicy, builtIn: ReadonlySet<string>): Named[] {
  return rules.flatMap((rule) => {
    const condition = compileCondition(rule.condition);
    if (rule.action === 'log' || condition.kind === 'problem') return [];
    return [{ name: `${id}.${rule.name}`, rule, reading: readCondition(condition.ast), isBuiltIn: builtIn.has(id) }];
  });
}

function join(a: Constants | undefined, b: Constants | undefined): Constants {
  const of = <K extends keyof Constants>(key: K): Constants[K] =>
    new Set<unknown>([...(a?.[key] ?? []), ...(b?.[key] ?? [])]) as Constants[K];
  return { equal: of('equal'), prefix: of('prefix'), suffix: of('suffix'), part: of('part'), numbers: of('numbers') };
}

/** The attributes of `a`, and those that only `b` looks at, each with the values that matter to either. */
function toDomains(a: Reading, b: Reading): { ofA: Domain[]; onlyB: Domain[] } {
  const [ofA, onlyB]: [Domain[], Domain[]] = [[], []];
  for (const attribute of ATTRIBUTES) {
    const [inA, inB] = [a.attributes.get(attribute.name), b.attributes.get(attribute.name)];
    if (inA === undefined && inB === undefined) continue;
    (inA === undefined ? onlyB : ofA).push(toDomain(attribute, join(inA, inB)));
  }
  return { ofA, onlyB };
}

/** An action that `a` matches and `b` matches or, with `wanted` false, does not: found by trying, on the real conditions. */
function search(a: Named, b: Named, wanted: boolean, effort: Effort): Search {
  const { ofA, onlyB } = toDomains(a.reading, b.reading);
  let isComplete = !a.reading.isOpen && !b.reading.isOpen && ![...ofA, ...onlyB].some(({ isCut }) => isCut);
  for (const first of toWitnesses(ofA)) {
    if (isImpossible(first)) continue;
    if (!effort.spend()) return { kind: 'gave up' };
    try {
      if (!a.rule.matches(toWitnessFacts(first))) continue;
    } catch {
      isComplete = false;
      continue;
    }
    for (const rest of toWitnesses(onlyB)) {
      const witness = { ...first, ...rest };
      if (isImpossible(witness)) continue;
      if (!effort.spend()) return { kind: 'gave up' };
      try {
        if (b.rule.matches(toWitnessFacts(witness)) === wanted) return { kind: 'found', witness };
      } catch {
        isComplete = false;
      }
    }
  }
  return { kind: isComplete ? 'none' : 'gave up' };
}

function strengthOf({ rule }: Named): number {
  return rule.action === 'log' ? -1 : STRENGTH[rule.action];
}

function toUndecided(a: Named, b: Named, question: string): Conflict {
  const message = `Whether ${question} could not be found out: the conditions use a pattern, a sum or too many values. Try an action on both with test_agent.`;
  return { kind: 'undecided', rules: [a.name, b.name], message };
}

const VERBS: Record<RuleAction, string> = {
  deny: 'denies',
  require_approval: 'holds for approval',
  transform: 'transforms',
  allow: 'allows',
  log: 'logs',
};

function findContradiction(allow: Named, other: Named, effort: Effort): Conflict[] {
  const result = search(allow, other, true, effort);
  if (result.kind === 'none') return [];
  if (result.kind === 'gave up')
    return [toUndecided(allow, other, `\`${allow.name}\` allows what \`${other.name}\` ${VERBS[other.rule.action]}`)];
  const message = `\`${allow.name}\` allows an action that \`${other.name}\` ${VERBS[other.rule.action]}. The stronger rule wins: the allow has no effect there.`;
  return [{ kind: 'contradiction', rules: [allow.name, other.name], witness: result.witness, message }];
}

/** Whether everything that `weak` matches is matched by `strong` too. */
function findShadow(weak: Named, strong: Named, effort: Effort): Conflict[] {
  const beyond = search(weak, strong, false, effort);
  if (beyond.kind === 'found') return [];
  const both = search(weak, strong, true, effort);
  if (both.kind === 'none') return [];
  if (beyond.kind === 'gave up' || both.kind === 'gave up') {
    return [toUndecided(weak, strong, `\`${weak.name}\` ever decides anything that \`${strong.name}\` does not`)];
  }
  const message = `Everything that \`${weak.name}\` matches, \`${strong.name}\` matches too and ${VERBS[strong.rule.action]}: \`${weak.name}\` never decides anything.`;
  return [{ kind: 'shadowed', rules: [weak.name, strong.name], witness: both.witness, message }];
}

function sharesAttribute(a: Named, b: Named): boolean {
  return [...a.reading.attributes.keys()].some((name) => b.reading.attributes.has(name));
}

function findInPair(a: Named, b: Named, effort: Effort): Conflict[] {
  effort.startPair();
  const [weak, strong] = strengthOf(a) <= strengthOf(b) ? [a, b] : [b, a];
  if (weak.rule.action === 'allow' && strong.rule.action !== 'allow') return findContradiction(weak, strong, effort);
  // Rules over different facts cannot imply each other, unless one is always true.
  if (!sharesAttribute(a, b)) return [];
  const found = findShadow(weak, strong, effort);
  return found.length > 0 || strengthOf(a) !== strengthOf(b) ? found : findShadow(strong, weak, effort);
}

/**
 * Conflicts of the added policies among themselves and with those in force. Pairs of two built-in rules are made to overlap. At most
 * 100, and a bounded search: what was not looked at is said by a last `undecided`.
 */
export function findConflicts(
  added: readonly CompiledPolicy[],
  present: readonly CompiledPolicy[],
  builtIn: ReadonlySet<string>,
): Conflict[] {
  const fresh = added.flatMap((policy) => toNamed(policy, builtIn));
  const old = present.flatMap((policy) => toNamed(policy, builtIn));
  const pairs = fresh.flatMap((rule, index) =>
    [...fresh.slice(index + 1), ...old]
      .filter((other) => !(rule.isBuiltIn && other.isBuiltIn))
      .map((other): [Named, Named] => [rule, other]),
  );
  const effort = new Effort();
  const conflicts: Conflict[] = [];
  for (const [index, [a, b]] of pairs.entries()) {
    if (effort.isUsedUp || conflicts.length >= MAX_CONFLICTS)
      return [...conflicts, toUnsearched(a, b, pairs.length - index)];
    conflicts.push(...findInPair(a, b, effort));
  }
  return conflicts;
}

function toUnsearched(a: Named, b: Named, left: number): Conflict {
  const message = `${left} more pairs of rules, this one first, were not compared: there are too many. Attach fewer rules at a time to have all compared.`;
  return { kind: 'undecided', rules: [a.name, b.name], message };
}
