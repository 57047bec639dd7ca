import { NEUTRAL_FACTS, type StateFacts } from '../../kernel/policy/facts.ts';
import type { CompiledPolicy, CompiledRule, Decision } from '../../kernel/policy/model.ts';
import { ATTRIBUTES } from '../../kernel/policy/vocabulary.ts';
import { compileCondition, type ConditionNode } from '../../platform/cel/condition.ts';

/** Values of counted attributes; true is 1. */
export type State = ReadonlyMap<string, number>;

/** From where to where a value may lie without any rule giving another answer; both ends belong to it. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** What a rule compares an attribute with; `exact` when it does more than compare it with constants. */
type Use = Set<number> | 'exact';

interface Uses {
  readonly condition: ReadonlyMap<string, Use>;
  /** Named in the message or the alternative. */
  readonly text: readonly string[];
}

const COUNTED = new Map(ATTRIBUTES.filter(({ isState }) => isState === true).map((each) => [each.name, each]));
const ANYTHING: Interval = { low: -Number.MAX_SAFE_INTEGER, high: Number.MAX_SAFE_INTEGER };
const COMPARISONS = ['==', '!=', '<', '<=', '>', '>=', 'in'];
const PLACEHOLDER = /\{([a-z]+\.[A-Za-z0-9]+)\}/g;

const known = new WeakMap<CompiledRule, Uses>();

function toUses(rule: CompiledRule): Uses {
  const found = known.get(rule);
  if (found !== undefined) return found;
  const condition = new Map<string, Use>();
  if (rule.attributes.some((name) => COUNTED.has(name))) {
    const compiled = compileCondition(rule.condition);
    if (compiled.kind === 'condition') visit(compiled.ast, condition);
    for (const name of rule.attributes) if (COUNTED.has(name) && !condition.has(name)) condition.set(name, 'exact');
  }
  const words = `${rule.message ?? rule.description ?? ''} ${rule.alternative ?? ''}`;
  const text = [...words.matchAll(PLACEHOLDER)].map(([, name = '']) => name).filter((name) => COUNTED.has(name));
  const uses = { condition, text };
  known.set(rule, uses);
  return uses;
}

function visit(node: ConditionNode, uses: Map<string, Use>): void {
  const name = toName(node);
  if (name !== undefined) {
    uses.set(name, 'exact');
    return;
  }
  const parts = toParts(node);
  const compared = COMPARISONS.includes(node.op) ? parts.map(toName).find((each) => each !== undefined) : undefined;
  const numbers = parts.map(toNumbers).find((each) => each !== undefined);
  if (compared === undefined || numbers === undefined) {
    for (const part of parts) visit(part, uses);
    return;
  }
  const use = uses.get(compared) ?? new Set<number>();
  if (use !== 'exact') for (const number of numbers) use.add(number);
  uses.set(compared, use);
}

/** The counted attribute that a node is, if it is one. */
function toName({ op, args }: ConditionNode): string | undefined {
  if (op !== '.' || args[0].op !== 'id') return undefined;
  const name = `${args[0].args}.${args[1]}`;
  return COUNTED.has(name) ? name : undefined;
}

function toNumbers(node: ConditionNode): readonly number[] | undefined {
  if (node.op === 'value') return typeof node.args === 'bigint' ? [Number(node.args)] : undefined;
  if (node.op === '-_') return toNumbers(node.args)?.map((each) => -each);
  if (node.op !== 'list') return undefined;
  const numbers = node.args.map(toNumbers);
  return numbers.some((each) => each === undefined) ? undefined : numbers.flatMap((each) => each ?? []);
}

function toParts({ args }: ConditionNode): ConditionNode[] {
  const all: unknown[] = Array.isArray(args) ? (args as unknown[]).flat() : [args];
  return all.filter((part): part is ConditionNode => typeof part === 'object' && part !== null && 'op' in part);
}

/** The counted attributes that these policies look at or speak of; others are neither read nor compared. */
export function toAsked(policies: readonly CompiledPolicy[]): string[] {
  const asked = new Set<string>();
  for (const { rules } of policies) {
    for (const rule of rules) {
      const { condition, text } = toUses(rule);
      for (const name of [...condition.keys(), ...text]) asked.add(name);
    }
  }
  return [...asked].sort();
}

/** For each attribute the interval around its assumed value on which every rule's truth, and every text of `decision`, stays the same. */
export function toGuard(
  policies: readonly CompiledPolicy[],
  decision: Decision,
  asked: readonly string[],
  state: State,
): Interval[] {
  const matched = new Set(
    [...decision.violations, ...decision.warnings].map(({ policy, rule }) => `${policy} ${rule}`),
  );
  const rules = policies.flatMap(({ id, rules }) =>
    rules.map((rule) => ({ uses: toUses(rule), isShown: matched.has(`${id} ${rule.name}`) })),
  );
  return asked.map((name) => {
    const value = state.get(name) ?? 0;
    let { low, high } = ANYTHING;
    for (const { uses, isShown } of rules) {
      const use = uses.condition.get(name);
      if (use === 'exact' || (isShown && uses.text.includes(name))) return { low: value, high: value };
      for (const constant of use ?? []) {
        if (constant === value) return { low: value, high: value };
        if (constant < value) low = Math.max(low, constant + 1);
        else high = Math.min(high, constant - 1);
      }
    }
    return { low, high };
  });
}

/** The facts that a state makes; attributes that it does not hold keep their neutral value, which no rule looks at. */
export function toStateFacts(state: State): StateFacts {
  const toGroup = (group: 'rate' | 'budget' | 'first'): unknown => ({
    ...NEUTRAL_FACTS[group],
    ...Object.fromEntries(
      [...state]
        .filter(([name]) => name.startsWith(`${group}.`))
        .map(([name, value]) => [name.slice(group.length + 1), COUNTED.get(name)?.type === 'bool' ? value > 0 : value]),
    ),
  });
  return { rate: toGroup('rate'), budget: toGroup('budget'), first: toGroup('first') } as StateFacts;
}
