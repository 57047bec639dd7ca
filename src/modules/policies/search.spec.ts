import { expect, test } from '@jest/globals';
import { ATTRIBUTES } from '../../kernel/policy/vocabulary.ts';
import { compileCondition } from '../../platform/cel/condition.ts';
import { BUILT_IN } from './built-in.ts';
import { readCondition } from './constants.ts';
import { instantiate } from './instantiate.ts';
import { evaluatePartly } from './partial.ts';
import { compilePolicy } from './policy-version.ts';
import { isImpossible } from './possible.ts';
import { Effort, findAction, type Searchable } from './search.ts';
import { joinConstants, toDomain, toWitnessFacts, type FactValue } from './witness.ts';

const rules: Searchable[] = [...BUILT_IN.values()].flatMap((template) =>
  compilePolicy(instantiate(template), '').rules.map((rule) => {
    const condition = compileCondition(rule.condition);
    if (condition.kind === 'problem') throw new Error(condition.message);
    return { rule, ast: condition.ast, reading: readCondition(condition.ast) };
  }),
);
const domains = new Map(
  ATTRIBUTES.map((attribute) => {
    const constants = rules.map(({ reading }) => reading.attributes.get(attribute.name));
    return [attribute.name, toDomain(attribute, joinConstants(constants)).values];
  }),
);

/** A small generator with a seed: a failure comes back. */
function makePick(seed: number): <T>(values: readonly T[]) => T {
  let state = seed;
  return (values) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return values[(state >>> 8) % values.length]!;
  };
}

function choose(names: Iterable<string>, pick: ReturnType<typeof makePick>): Map<string, FactValue> {
  return new Map([...new Set(names)].map((name) => [name, pick(domains.get(name) ?? [''])]));
}

test('with all facts chosen, the search reads every built-in condition as the evaluator that decides does', () => {
  const pick = makePick(7);
  for (const { ast, rule, reading } of rules) {
    for (let i = 0; i < 40; i++) {
      const choice = choose(reading.attributes.keys(), pick);
      const value = rule.matches(toWitnessFacts(Object.fromEntries(choice)));
      expect([rule.name, evaluatePartly(ast, choice)]).toEqual([rule.name, { kind: 'known', value }]);
    }
  }
});

test('with some facts chosen, what it says holds however the others turn out', () => {
  const pick = makePick(11);
  for (const { ast, reading } of rules) {
    for (let i = 0; i < 40; i++) {
      const all = choose(reading.attributes.keys(), pick);
      const some = new Map([...all].filter(() => pick([true, false])));
      const early = evaluatePartly(ast, some);
      if (early.kind === 'known') expect(evaluatePartly(ast, all)).toEqual(early);
      else expect(some.has(early.open)).toBe(false);
    }
  }
});

test('where it proves that two rules exclude each other, no possible action of many matches both', () => {
  const pick = makePick(13);
  let proofs = 0;
  for (const [index, a] of rules.entries()) {
    for (const b of rules.slice(index + 1)) {
      const goals = [a, b].map((of) => ({ of, wanted: true }));
      if (findAction(goals, new Effort()).kind !== 'none') continue;
      proofs++;
      for (let i = 0; i < 25; i++) {
        const choice = choose([...a.reading.attributes.keys(), ...b.reading.attributes.keys()], pick);
        if (isImpossible(choice)) continue;
        const facts = toWitnessFacts(Object.fromEntries(choice));
        expect([a.rule.name, b.rule.name, a.rule.matches(facts) && b.rule.matches(facts)]).toContain(false);
      }
    }
  }
  expect(proofs).toBeGreaterThan(100);
});
