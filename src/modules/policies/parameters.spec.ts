import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { makeFacts } from '../../../test/support/facts.ts';
import type { ParameterValue } from '../../kernel/policy/model.ts';
import { compileCondition } from '../../platform/cel/condition.ts';
import { instantiate } from './instantiate.ts';
import { assignParameters, checkParameter } from './parameters.ts';
import { parseSetting } from './parse-setting.ts';
import type { Parameter, PolicyTemplate } from './policy-template.ts';

const about = { name: 'P', description: 'A policy', category: 'custom', includes: [], waiting: [] } as const;
const limit: Parameter = { type: 'int', default: 100, minimum: 1, maximum: 1_000, description: 'Requests a minute' };
const budget: Parameter = { type: 'usd', default: 10, minimum: 0, description: 'Dollars a day' };
const hosts: Parameter = { type: 'texts', default: [], description: 'Hosts that are allowed' };
const word: Parameter = { type: 'text', default: '', description: 'A word' };

function template(condition: string, parameters: Record<string, Parameter>, message = 'm'): PolicyTemplate {
  const rule = { name: 'r', condition, action: 'deny', severity: 'high', message } as const;
  return { id: 'p', ...about, parameters, rules: [rule] };
}

function matches(
  policy: PolicyTemplate,
  values: Record<string, ParameterValue>,
  facts: Parameters<typeof makeFacts>[0],
) {
  const condition = compileCondition(instantiate(policy, values).rules[0]?.condition ?? '');
  if (condition.kind === 'problem') throw new Error(condition.message);
  return condition.matches(makeFacts(facts));
}

describe('a policy made of a template', () => {
  test('has the values in its conditions and messages, and says which they were', () => {
    const policy = template(
      'budget.spentTodayMicros > {{daily}} && rate.http1m >= {{ most }}',
      { daily: budget, most: limit },
      'Over {{daily}} or {{most}}, {rate.http1m} seen.',
    );
    expect(instantiate(policy, { daily: 12.5 })).toEqual({
      id: 'p',
      name: 'P',
      description: 'A policy',
      category: 'custom',
      parameters: { daily: 12.5, most: 100 },
      rules: [
        {
          name: 'r',
          condition: 'budget.spentTodayMicros > 12500000 && rate.http1m >= 100',
          action: 'deny',
          severity: 'high',
          message: 'Over 12.5 or 100, {rate.http1m} seen.',
        },
      ],
    });
  });

  test('a text is one literal whatever it holds, and so are lists of texts', () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 }).filter((value) => !/[\p{Cc}\p{Surrogate}]/u.test(value));
    const tricky = fc.constantFrom('"', '\\', '" || true || "', '\\" || true', '{{word}}', '$&', "'", '\u2028', 'é😀');
    fc.assert(
      fc.property(fc.oneof(text, tricky), fc.array(fc.oneof(text, tricky), { maxLength: 4 }), (value, list) => {
        const one = template('url.host == {{word}}', { word });
        expect(matches(one, { word: value }, { url: { host: value } })).toBe(true);
        expect(matches(one, { word: value }, { url: { host: `${value}x` } })).toBe(false);
        const many = template('url.host in {{hosts}}', { hosts });
        expect(matches(many, { hosts: list }, { url: { host: list[0] ?? 'x' } })).toBe(list.length > 0);
      }),
    );
  });
});

describe('values of parameters', () => {
  test.each<[Parameter, unknown]>([
    [limit, 0],
    [limit, 1_001],
    [limit, 1.5],
    [limit, '5'],
    [limit, NaN],
    [budget, -1],
    [budget, Infinity],
    [hosts, 'a'],
    [hosts, ['a', 1]],
    [hosts, ['a\nb']],
    [word, '\ud800'],
    [word, 'x'.repeat(201)],
    [{ type: 'bool', default: true, description: 'Whether' }, 1],
  ])('%j does not take %j', (parameter, value) => {
    expect(() => checkParameter(value, parameter, 'parameters.x')).toThrow(/^`parameters\.x` must be /);
  });

  test('the valid range is said', () => {
    expect(() => checkParameter(0, limit, 'parameters.x')).toThrow('must be a whole number from 1 to 1000, not `0`.');
  });

  const policies = [
    { id: 'rate', parameters: { most: limit, hosts } },
    { id: 'cost', parameters: { daily: budget, most: limit } },
  ];
  test('one for a single policy is stronger than one for all that have it', () => {
    const assigned = assignParameters({ most: 5, cost: { most: 7, daily: 1 }, url: 'x' }, policies, {
      others: ['url'],
    });
    expect(Object.fromEntries(assigned)).toEqual({ rate: { most: 5 }, cost: { most: 7, daily: 1 } });
  });

  test.each<[Record<string, unknown>, RegExp]>([
    [{ mosst: 5 }, /^`parameters\.mosst` is not known\. Did you mean `most`/],
    [{ rate: { dayly: 5 } }, /^`parameters\.rate\.dayly` is not known/],
    [{ rate: { daily: 5 } }, /^`parameters\.rate\.daily` is not known/],
    [{ rate: 5 }, /^`parameters\.rate` must be an object/],
    [{ most: 5_000 }, /^`parameters\.most` must be a whole number from 1 to 1000/],
    [JSON.parse('{"__proto__": 5}') as Record<string, unknown>, /^`parameters\.__proto__` is not known/],
    [{ rate: JSON.parse('{"constructor": 5}') as unknown }, /^`parameters\.rate\.constructor` is not known/],
  ])('%j is refused with its path', (given, message) => {
    expect(() => assignParameters(given, policies)).toThrow(message);
  });

  test('that nothing is open is said', () => {
    expect(() => assignParameters({ a: 1 }, [{ id: 'p', parameters: {} }])).toThrow(/Nothing is left open by `p`/);
  });
});

describe('settings as a command line gives them', () => {
  const open = [
    {
      id: 'my-policy',
      parameters: { most: limit, daily: budget, hosts, on: { ...word, type: 'bool', default: false } as Parameter },
    },
  ];
  test.each([
    ['my-policy.most=50', 'most', 50],
    ['my-policy.daily=2.5', 'daily', 2.5],
    ['my-policy.hosts=a.example, b.example', 'hosts', ['a.example', 'b.example']],
    ['my-policy.on=true', 'on', true],
    ['my-policy.most=', 'most', undefined],
  ])('%s', (text, name, value) => {
    expect(parseSetting(text, open)).toEqual({ policy: 'my-policy', name, value });
  });

  test.each([
    ['most=50', /is no setting/],
    ['my-polcy.most=50', /Did you mean `my-policy`/],
    ['my-policy.moost=50', /Did you mean `most`/],
    ['my-policy.most=0x10', /must be a whole number from 1 to 1000/],
    ['my-policy.on=yes', /must be true or false/],
  ])('%s is refused', (text, message) => {
    expect(() => parseSetting(text, open)).toThrow(message);
  });
});
