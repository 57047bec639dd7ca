import { isDeepStrictEqual } from 'node:util';
import type { CompiledPolicy, RuleAction } from '../../kernel/policy/model.ts';
import { compileCondition } from '../../platform/cel/condition.ts';
import { readCondition } from './constants.ts';
import { Effort, findAction, type Searchable } from './search.ts';
import { describeWitness, type Witness } from './witness.ts';

export const CONFLICT_KINDS = [
  'contradiction',
  'shadowed',
  'redundant_approval',
  'transform_after_deny',
  'limit_never_binds',
  'unreachable',
  'undecided',
] as const;
export type ConflictKind = (typeof CONFLICT_KINDS)[number];

/** Rules that get in each other's way, shown by an action; or one that no action can match. */
export interface Conflict {
  readonly kind: ConflictKind;
  /** `<policy>.<rule>`; of a pair, the one without effect of its own comes first. */
  readonly rules: readonly string[];
  /** An action that all of them match; absent when there is none or none was found. */
  readonly witness?: Witness;
  readonly message: string;
}

interface Named extends Searchable {
  readonly name: string;
  readonly isBuiltIn: boolean;
}

const MAX_CONFLICTS = 100;
const STRENGTH: Record<RuleAction, number> = { deny: 3, require_approval: 2, transform: 1, allow: 0, log: -1 };
const VERBS: Record<RuleAction, string> = {
  deny: 'denies',
  require_approval: 'holds for approval',
  transform: 'transforms',
  allow: 'allows',
  log: 'logs',
};

function toNamed({ id, rules }: CompiledPolicy, builtIn: ReadonlySet<string>): Named[] {
  return rules.flatMap((rule) => {
    const condition = compileCondition(rule.condition);
    if (rule.action === 'log' || condition.kind === 'problem') return [];
    const { ast } = condition;
    return [{ name: `${id}.${rule.name}`, rule, ast, reading: readCondition(ast), isBuiltIn: builtIn.has(id) }];
  });
}

function toUndecided(rules: readonly string[], question: string): Conflict {
  const message = `Whether ${question} could not be found out: a condition uses a pattern, a sum or too many values. Try an action on it with test_agent.`;
  return { kind: 'undecided', rules, message };
}

/** A rule that can never match protects nobody, and allows nothing. */
function findUnreachable(one: Named, effort: Effort): Conflict[] {
  if (findAction([{ of: one, wanted: true }], effort).kind !== 'none') return [];
  const message = `No action can match \`${one.name}\`: parts of its condition exclude each other.`;
  return [{ kind: 'unreachable', rules: [one.name], message }];
}

function findContradiction(allow: Named, other: Named, effort: Effort): Conflict[] {
  const found = findAction(
    [
      { of: allow, wanted: true },
      { of: other, wanted: true },
    ],
    effort,
  );
  if (found.kind === 'none') return [];
  const rules = [allow.name, other.name];
  const what = `\`${allow.name}\` allows`;
  if (found.kind === 'gave up') {
    return [toUndecided(rules, `${what} what \`${other.name}\` ${VERBS[other.rule.action]}`)];
  }
  const { witness } = found;
  const message = `${what} an action that \`${other.name}\` ${VERBS[other.rule.action]}: ${describeWitness(witness)}. The stronger rule wins: the allow has no effect there.`;
  return [{ kind: 'contradiction', rules, witness, message }];
}

function isLimit({ reading }: Named): boolean {
  return [...reading.attributes.keys()].some((name) => name.startsWith('rate.') || name.startsWith('budget.'));
}

function toKind(weak: Named, strong: Named): ConflictKind {
  const [left, right] = [weak.rule.action, strong.rule.action];
  if (left === 'transform' && right === 'deny') return 'transform_after_deny';
  if (left === right && isLimit(weak) && isLimit(strong)) return 'limit_never_binds';
  return left === 'require_approval' ? 'redundant_approval' : 'shadowed';
}

/** Whether the weaker asks for nothing that the stronger does not: other people to ask, or other content to change. */
function asksForNoMore({ rule: weak }: Named, { rule: strong }: Named): boolean {
  if (weak.action !== strong.action) return true;
  return isDeepStrictEqual([weak.approval, weak.transform], [strong.approval, strong.transform]);
}

/** Whether everything that `weak` matches is matched by `strong` too. */
function findShadow(weak: Named, strong: Named, effort: Effort): Conflict[] {
  // That a built-in rule is covered by one that people added takes nothing away.
  if (weak.isBuiltIn || !asksForNoMore(weak, strong)) return [];
  const beyond = findAction(
    [
      { of: weak, wanted: true },
      { of: strong, wanted: false },
    ],
    effort,
  );
  if (beyond.kind === 'found') return [];
  const both = findAction(
    [
      { of: weak, wanted: true },
      { of: strong, wanted: true },
    ],
    effort,
  );
  if (both.kind === 'none') return [];
  const rules = [weak.name, strong.name];
  if (beyond.kind === 'gave up' || both.kind === 'gave up') {
    return [toUndecided(rules, `\`${weak.name}\` ever decides anything that \`${strong.name}\` does not`)];
  }
  const { witness } = both;
  const message = `Everything that \`${weak.name}\` matches, \`${strong.name}\` matches too and ${VERBS[strong.rule.action]}, such as ${describeWitness(witness)}: \`${weak.name}\` never decides anything.`;
  return [{ kind: toKind(weak, strong), rules, witness, message }];
}

function sharesAttribute(a: Named, b: Named): boolean {
  return [...a.reading.attributes.keys()].some((name) => b.reading.attributes.has(name));
}

function findInPair(a: Named, b: Named, effort: Effort): Conflict[] {
  const [weak, strong] = STRENGTH[a.rule.action] <= STRENGTH[b.rule.action] ? [a, b] : [b, a];
  const isShared = sharesAttribute(a, b);
  if (weak.rule.action === 'allow' && strong.rule.action !== 'allow') {
    // Everybody knows that an allow yields to the built-in rules about other things.
    return isShared || !strong.isBuiltIn ? findContradiction(weak, strong, effort) : [];
  }
  // Rules over different facts cannot imply each other, unless one is always true.
  if (!isShared) return [];
  const found = findShadow(weak, strong, effort);
  return found.length > 0 || weak.rule.action !== strong.rule.action ? found : findShadow(strong, weak, effort);
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
  const conflicts = fresh.filter((rule) => !rule.isBuiltIn).flatMap((rule) => findUnreachable(rule, effort));
  for (const [index, [a, b]] of pairs.entries()) {
    if (effort.isUsedUp || conflicts.length >= MAX_CONFLICTS) {
      return [...conflicts.slice(0, MAX_CONFLICTS), toUnsearched(a, b, pairs.length - index)];
    }
    conflicts.push(...findInPair(a, b, effort));
  }
  return conflicts;
}

function toUnsearched(a: Named, b: Named, left: number): Conflict {
  const message = `${left} more pairs of rules, this one first, were not compared: there are too many. Attach fewer rules at a time to have all compared.`;
  return { kind: 'undecided', rules: [a.name, b.name], message };
}
