import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { makeFacts } from '../../../test/support/facts.ts';
import { decide } from '../../kernel/policy/decide.ts';
import type { CompiledPolicy, CompiledRule, Decision, Rule } from '../../kernel/policy/model.ts';
import { compileCondition } from '../../platform/cel/condition.ts';
import { toAsked, toGuard, toStateFacts, type State } from './state-guard.ts';

function compile(...rules: (Partial<Rule> & { readonly condition: string })[]): CompiledPolicy[] {
  const compiled = rules.map((rule, i): CompiledRule => {
    const condition = compileCondition(rule.condition);
    if (condition.kind === 'problem') throw new Error(condition.message);
    const { matches, attributes } = condition;
    return { name: `r${i}`, action: 'deny', severity: 'high', ...rule, matches, attributes };
  });
  return [{ id: 'p', version: 'p@0123456789ab', rules: compiled }];
}

const facts = makeFacts();
const decideOn = (policies: readonly CompiledPolicy[], state: State): Decision =>
  decide({ policies, facts: { ...facts, ...toStateFacts(state) }, mode: 'strict' });
const guardOf = (
  policies: readonly CompiledPolicy[],
  values: Record<string, number> = {},
): Record<string, [number, number]> => {
  const state = new Map(Object.entries(values));
  const asked = toAsked(policies);
  const guard = toGuard(policies, decideOn(policies, state), asked, state);
  return Object.fromEntries(asked.map((name, i) => [name, [guard[i]!.low, guard[i]!.high]]));
};
const { MAX_SAFE_INTEGER: MOST } = Number;

describe('what is asked of the database', () => {
  it('is what rules look at or speak of, and nothing else', () => {
    const policies = compile(
      {
        condition: 'action.kind == "http" && rate.http1m >= 10',
        message: 'It is {rate.http1m} of {budget.tokensRun}.',
      },
      { condition: 'first.target && file.bytes > 5' },
    );
    expect(toAsked(policies)).toEqual(['budget.tokensRun', 'first.target', 'rate.http1m']);
    expect(toAsked(compile({ condition: 'file.bytes > 5 && time.hour > 3' }))).toEqual([]);
  });
});

describe('the guard of a decision', () => {
  it.each<[string, number, [number, number]]>([
    ['rate.calls1m >= 10', 3, [-MOST, 9]],
    ['rate.calls1m >= 10', 12, [11, MOST]],
    ['rate.calls1m >= 10', 10, [10, 10]],
    ['10 < rate.calls1m || rate.calls1m == 4', 7, [5, 9]],
    ['rate.calls1m in [2, 5]', 3, [3, 4]],
    ['rate.calls1m > -1', 3, [0, MOST]],
  ])('of `%s` at %d goes from where to where no constant lies', (condition, value, expected) => {
    expect(guardOf(compile({ condition }), { 'rate.calls1m': value })).toEqual({ 'rate.calls1m': expected });
  });

  it.each([
    'rate.calls1m + rate.writes1m >= 10',
    'rate.calls1m >= rate.writes1m',
    'rate.calls1m - file.bytes > 3',
    '(file.recursive ? rate.calls1m : rate.writes1m) > 3',
  ])('of `%s` is the very value, since more than constants is compared', (condition) => {
    const guard = guardOf(compile({ condition }), { 'rate.calls1m': 3, 'rate.writes1m': 4 });
    expect(guard['rate.calls1m']).toEqual([3, 3]);
  });

  it('of a truth is that truth', () => {
    expect(guardOf(compile({ condition: 'first.tool' }), { 'first.tool': 1 })).toEqual({ 'first.tool': [1, 1] });
  });

  it('is the very value where a message that is shown names it, and only then', () => {
    const policies = compile({ condition: 'rate.calls1m >= 10', message: 'These are {rate.calls1m}.' });
    expect(guardOf(policies, { 'rate.calls1m': 12 })).toEqual({ 'rate.calls1m': [12, 12] });
    expect(guardOf(policies, { 'rate.calls1m': 2 })).toEqual({ 'rate.calls1m': [-MOST, 9] });
  });

  it('never lets a state through on which the decision would be another one', () => {
    const names = ['rate.calls1m', 'rate.running', 'budget.spentTodayMicros'] as const;
    const anyInt = fc.integer({ min: 0, max: 8 });
    const anyTerm = fc.oneof(
      fc.constantFrom(...names),
      fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)).map(([a, b]) => `(${a} + ${b})`),
      fc.tuple(fc.constantFrom(...names), anyInt).map(([a, n]) => `(${a} - ${n})`),
    );
    const anyComparison = fc.oneof(
      fc
        .tuple(anyTerm, fc.constantFrom('<', '<=', '>', '>=', '==', '!='), anyInt)
        .chain(([term, op, n]) => fc.constantFrom(`${term} ${op} ${n}`, `${n} ${op} ${term}`)),
      fc
        .tuple(fc.constantFrom(...names), fc.array(anyInt, { minLength: 1, maxLength: 3 }))
        .map(([a, n]) => `${a} in [${n.join(', ')}]`),
      fc.constantFrom('first.target', '!first.target', 'first.target == true'),
    );
    const anyCondition = fc
      .array(anyComparison, { minLength: 1, maxLength: 3 })
      .chain((parts) => fc.constantFrom(parts.join(' && '), parts.join(' || '), `!(${parts.join(' || ')})`));
    const anyRule = fc.record({
      condition: anyCondition,
      message: fc.constantFrom('No.', 'It is {rate.calls1m}.', 'It is {budget.spentTodayMicros}.'),
    });
    const anyState = fc.tuple(anyInt, anyInt, anyInt, fc.boolean()).map(
      ([calls, running, micros, first]): State =>
        new Map([
          ['rate.calls1m', calls],
          ['rate.running', running],
          ['budget.spentTodayMicros', micros],
          ['first.target', Number(first)],
        ]),
    );
    let covered = 0;
    fc.assert(
      fc.property(
        fc.array(anyRule, { minLength: 1, maxLength: 3 }),
        anyState,
        fc.array(anyState, { minLength: 20, maxLength: 20 }),
        (rules, assumed, others) => {
          const policies = compile(...rules);
          const asked = toAsked(policies);
          const decision = decideOn(policies, assumed);
          const guard = toGuard(policies, decision, asked, assumed);
          const lies = (state: State): boolean =>
            asked.every((name, i) => {
              const value = state.get(name) ?? 0;
              return value >= guard[i]!.low && value <= guard[i]!.high;
            });
          expect(lies(assumed)).toBe(true);
          for (const actual of others.filter(lies)) {
            covered++;
            expect(decideOn(policies, actual)).toEqual(decision);
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(covered).toBeGreaterThan(100);
  });
});
