import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { BUILT_IN, MANDATORY, TEMPLATES } from './built-in.ts';
import { instantiate } from './instantiate.ts';
import { POLICY_FILES } from './policies.generated.ts';
import { checkRules, parsePolicyFile } from './policy-file.ts';
import { parseRules } from './rules.ts';

const folder = join(import.meta.dirname, '../../../policies');
const files = readdirSync(folder).map((name) => [
  name.replace(/\.yaml$/, ''),
  readFileSync(join(folder, name), 'utf8'),
]);

describe('the policies under version control', () => {
  test('are what the product decides with (after a change: node scripts/generate.mjs)', () => {
    expect(POLICY_FILES).toEqual(files.map(([id = '', text = '']) => parsePolicyFile(parse(text), id)));
  });

  test.each(POLICY_FILES.map((policy) => [policy.id, policy] as const))(
    '%s: every rule can be evaluated',
    (_, policy) => {
      expect(checkRules(policy).filter(({ problem }) => problem !== undefined)).toEqual([]);
      const { rules } = instantiate(policy);
      expect(parseRules(rules)).toEqual(rules);
      for (const { condition, message } of rules) expect(`${condition}${message}`).not.toMatch(/\{\{|\}\}/);
    },
  );

  test.each(POLICY_FILES.map((policy) => [policy.id, policy] as const))(
    '%s includes only policies that there are, and itself never',
    (id, policy) => {
      const seen: string[] = [];
      const visit = (each: string): void => {
        expect(BUILT_IN.has(each)).toBe(true);
        if (seen.includes(each)) return;
        seen.push(each);
        BUILT_IN.get(each)?.includes.forEach(visit);
      };
      policy.includes.forEach(visit);
      expect(seen).not.toContain(id);
    },
  );

  test('twelve can be chosen, each of a file of its own', () => {
    expect(TEMPLATES).toHaveLength(12);
    expect(TEMPLATES).not.toContain(MANDATORY);
    for (const { rules } of TEMPLATES) expect(rules.length).toBeGreaterThan(0);
    expect([...TEMPLATES, MANDATORY].map(({ id }) => id).sort()).toEqual(files.map(([id]) => id).sort());
  });
});

describe('a wrong file is refused with what is wrong', () => {
  const good = parse(files.find(([id]) => id === 'rate-limiting')?.[1] ?? '') as Record<string, unknown>;
  const rule = { name: 'r', condition: 'true', action: 'deny', severity: 'high' };
  const said = { message: 'It is not allowed here.', alternative: 'Do something else instead.' };
  test.each<[string, object, RegExp]>([
    ['another id', { id: 'other' }, /name the file after it/],
    ['an unknown field', { rule: [] }, /rule/],
    ['a rule without a message', { parameters: {}, rules: [rule] }, /`r` needs a message and an alternative/],
    [
      'a condition that is none',
      { parameters: {}, rules: [{ ...rule, ...said, condition: 'file.byte > 1' }] },
      /did you mean `file\.bytes`/,
    ],
    [
      'a parameter that nobody uses',
      { parameters: {}, rules: [{ ...rule, ...said, condition: 'file.bytes > {{most}}' }] },
      /`\{\{most\}\}` is no parameter/,
    ],
    ['a parameter without a use', { rules: [{ ...rule, ...said }] }, /no rule uses the parameter/],
    [
      'a default out of range',
      {
        parameters: { most: { type: 'int', default: 5, maximum: 4, description: 'Bytes of a file' } },
        rules: [{ ...rule, ...said, condition: 'file.bytes > {{most}}' }],
      },
      /`parameters\.most\.default` must be a whole number, at most 4/,
    ],
  ])('%s', (_, change, message) => {
    expect(() => parsePolicyFile({ ...good, ...change }, 'rate-limiting')).toThrow(message);
  });
});
