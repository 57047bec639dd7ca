import { celEnv, isCelError, parse, plan } from '@bufbuild/cel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NEUTRAL_FACTS, type Facts } from '../../kernel/policy/facts.ts';
import { ATTRIBUTES, type Attribute } from '../../kernel/policy/vocabulary.ts';
import { compileCondition } from './condition.ts';

/** Words of which conditions and facts are made, so that they meet. */
const WORDS = ['', 'a', 'ab', 'production', 'delete', 'email', 'ü', 'a"b', 'file.read'];
const NUMBERS = [-1, 0, 1, 5, 100, 2_147_483_648];
const word = fc.constantFrom(...WORDS);
const number = fc.constantFrom(...NUMBERS);
const literal = (text: string): string => JSON.stringify(text);
const ofType = (type: Attribute['type']) =>
  fc.constantFrom(...ATTRIBUTES.filter((each) => each.type === type).map(({ name }) => name));
const order = fc.constantFrom('==', '!=', '<', '<=', '>', '>=');

const aboutText = fc.oneof(
  fc
    .tuple(ofType('string'), fc.constantFrom('==', '!='), word)
    .map(([name, op, text]) => `${name} ${op} ${literal(text)}`),
  fc
    .tuple(ofType('string'), fc.constantFrom('startsWith', 'endsWith', 'contains'), word)
    .map(([name, method, text]) => `${name}.${method}(${literal(text)})`),
  fc
    .tuple(ofType('string'), fc.array(word, { maxLength: 3, minLength: 1 }))
    .map(([name, list]) => `${name} in [${list.map(literal).join(', ')}]`),
  fc.tuple(ofType('string'), order, number).map(([name, op, n]) => `${name}.size() ${op} ${n}`),
);
const aboutNumber = fc.oneof(
  fc.tuple(ofType('int'), order, number).map(([name, op, n]) => `${name} ${op} ${n}`),
  fc
    .tuple(ofType('int'), fc.constantFrom('+', '-'), ofType('int'), order, number)
    .map(([a, op, b, compare, n]) => `${a} ${op} ${b} ${compare} ${n}`),
  fc
    .tuple(ofType('int'), fc.array(number, { minLength: 1, maxLength: 3 }))
    .map(([name, list]) => `${name} in [${list.join(', ')}]`),
);
const aboutFlag = ofType('bool');
const aboutList = fc.oneof(
  fc.tuple(word, ofType('list<string>')).map(([text, name]) => `${literal(text)} in ${name}`),
  fc
    .tuple(ofType('list<string>'), fc.constantFrom('exists', 'all'), fc.constantFrom('==', '!='), word)
    .map(([name, macro, op, text]) => `${name}.${macro}(x, x ${op} ${literal(text)})`),
  fc
    .tuple(ofType('list<string>'), fc.constantFrom('exists', 'all'), word)
    .map(([name, macro, text]) => `${name}.${macro}(x, x.startsWith(${literal(text)}))`),
  fc.tuple(ofType('list<string>'), order, number).map(([name, op, n]) => `${name}.size() ${op} ${n}`),
);
const simple = fc.oneof(aboutText, aboutNumber, aboutFlag, aboutList);
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    simple,
    tie('condition').map((inner) => `!(${inner})`),
    fc
      .tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition'))
      .map(([a, op, b]) => `(${a}) ${op} (${b})`),
    fc.tuple(tie('condition'), tie('condition'), tie('condition')).map(([a, b, c]) => `(${a}) ? (${b}) : (${c})`),
  ),
}));

const VALUES: Record<Attribute['type'], fc.Arbitrary<unknown>> = {
  string: word,
  int: number,
  bool: fc.boolean(),
  'list<string>': fc.array(word, { maxLength: 3 }),
};
const facts = fc.tuple(...ATTRIBUTES.map(({ type }) => VALUES[type])).map((values) => {
  const made: Record<string, unknown> = structuredClone(NEUTRAL_FACTS);
  for (const [index, { name }] of ATTRIBUTES.entries()) {
    const [group = '', field] = name.split('.');
    if (field === undefined) made[group] = values[index];
    else (made[group] as Record<string, unknown>)[field] = values[index];
  }
  return made as unknown as Facts;
});

/** Whole numbers as CEL has them. */
function toBindings(value: unknown): unknown {
  if (typeof value === 'number') return BigInt(value);
  if (Array.isArray(value)) return value.map(toBindings);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toBindings(each)]));
}

const RUNS = 500;
const FACTS_EACH = 40;
const SEED = 20_260_130;
const POOL = fc.sample(facts, { numRuns: 400, seed: SEED }).map((made) => ({ made, bindings: toBindings(made) }));

describe('an independent engine', () => {
  test(`gives the same answer for ${RUNS * FACTS_EACH} pairs of condition and action`, () => {
    const env = celEnv();
    let pairs = 0;
    let matched = 0;
    fc.assert(
      fc.property(
        condition,
        fc.shuffledSubarray(POOL, { minLength: FACTS_EACH, maxLength: FACTS_EACH }),
        (text, actions) => {
          const ours = compileCondition(text);
          if (ours.kind === 'problem') throw new Error(`${text}: ${ours.message}`);
          const theirs = plan(env, parse(text));
          for (const action of actions) {
            const answer = theirs(action.bindings as Parameters<typeof theirs>[0]);
            if (isCelError(answer)) throw new Error(`${text}: ${answer.message}`);
            const matches = ours.matches(action.made);
            expect({ text, matches }).toEqual({ text, matches: answer });
            pairs++;
            if (matches) matched++;
          }
        },
      ),
      { numRuns: RUNS, seed: SEED },
    );
    expect(pairs).toBe(RUNS * FACTS_EACH);
    // Neither answer is rare: the pairs say something.
    expect(Math.min(matched, pairs - matched) / pairs).toBeGreaterThan(0.2);
  });
});
