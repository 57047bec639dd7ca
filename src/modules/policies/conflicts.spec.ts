import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CompiledPolicy, Rule, RuleAction } from '../../kernel/policy/model.ts';
import { BUILT_IN, isEnforceable } from './built-in.ts';
import { findConflicts, type Conflict } from './conflicts.ts';
import { instantiate } from './instantiate.ts';
import { compilePolicy, toBody, toHash } from './policy-version.ts';
import { toWitnessFacts } from './witness.ts';

const BUILT_IN_IDS = new Set(BUILT_IN.keys());
const present = [...BUILT_IN.values()]
  .filter(isEnforceable)
  .map((template) => instantiate(template))
  .map((policy) => compilePolicy(policy, toHash(toBody(policy))));

function rule(name: string, action: RuleAction, condition: string): Rule {
  return { name, action, condition, severity: 'high' };
}

function custom(...rules: Rule[]): CompiledPolicy {
  return compilePolicy({ id: 'custom', name: 'Custom', description: '', category: 'custom', rules }, '0'.repeat(64));
}

function conflictsOf(...rules: Rule[]): Conflict[] {
  return findConflicts([custom(...rules)], [], BUILT_IN_IDS);
}

function matchesBoth({ rules, witness }: Conflict, policies: readonly CompiledPolicy[]): boolean {
  const all = policies.flatMap(({ id, rules: of }) => of.map((each) => ({ name: `${id}.${each.name}`, each })));
  return rules.every((name) =>
    all.find((candidate) => candidate.name === name)?.each.matches(toWitnessFacts(witness ?? {})),
  );
}

describe('contradictions are shown by an action that both rules match', () => {
  test.each([
    ['action.type == "file.read"', 'action.kind == "file"'],
    ['file.bytes > 100', 'file.bytes < 102'],
    ['file.bytes >= 100 && file.bytes <= 100', 'file.bytes == 100'],
    ['file.path.startsWith("/data")', 'file.path.endsWith(".csv")'],
    ['file.path.startsWith("/data") && !file.path.endsWith(".csv")', 'file.path.contains("secret")'],
    ['environment in ["test", "staging"]', 'environment != "test"'],
    ['file.paths.exists(p, p.endsWith(".csv"))', 'file.paths.exists(p, p.endsWith(".env"))'],
    ['"/a" in file.paths', 'file.paths.size() == 1'],
    ['url.port == 8080', '!action.declared'],
    ['rate.http1m < 5 ? trigger == "manual" : trigger == "test"', 'trigger == "test" && rate.http1m == 5'],
    ['re(file.path, "^/data")', 'file.path.startsWith("/data")'],
    ['file.bytes + 1 == 11', 'file.bytes == 10'],
  ])('allow %s against deny %s', (allow, deny) => {
    const found = conflictsOf(rule('a', 'allow', allow), rule('d', 'deny', deny));
    expect(found.map(({ kind, rules }) => [kind, ...rules])).toEqual([['contradiction', 'custom.a', 'custom.d']]);
    expect(found.every((each) => matchesBoth(each, [custom(rule('a', 'allow', allow), rule('d', 'deny', deny))]))).toBe(
      true,
    );
  });

  test.each([
    ['action.type == "file.read"', 'action.type == "file.write"'],
    ['action.type == "http.request"', 'action.kind == "file"'],
    ['action.type == "file.read"', 'action.operation == "delete"'],
    ['action.type == "file.read"', 'action.sideEffect == "local" || action.sideEffect == "outside"'],
    ['action.type == "http.request"', 'file.recursive'],
    ['file.bytes > 100', 'file.bytes <= 100'],
    ['file.bytes < 0', 'file.outsideRoots'],
    ['environment == "test"', 'environment in ["staging", "production"]'],
    ['file.path == "/a"', 'file.path.startsWith("/b")'],
    ['url.metadataService', 'url.allowlisted && !url.privateNetwork'],
    ['action.declared', '!action.declared'],
  ])('allow %s does not touch deny %s', (allow, deny) => {
    expect(conflictsOf(rule('a', 'allow', allow), rule('d', 'deny', deny))).toEqual([]);
  });

  test('an allow against a built-in rule is found when it is attached', () => {
    const allow = custom(rule('let-me', 'allow', 'action.kind == "file" && file.recursive'));
    const found = findConflicts([allow], present, BUILT_IN_IDS);
    expect(found.map(({ kind, rules }) => `${kind} ${rules[1]}`)).toContain(
      'contradiction data-deletion.recursive-delete-inside',
    );
    expect(found.every((each) => each.kind !== 'contradiction' || matchesBoth(each, [allow, ...present]))).toBe(true);
  });
});

describe('shadowed rules', () => {
  test.each<[Rule, Rule, string[]]>([
    [
      rule('narrow', 'deny', 'file.bytes > 200'),
      rule('wide', 'deny', 'file.bytes > 100'),
      ['custom.narrow', 'custom.wide'],
    ],
    [
      rule('hold', 'require_approval', 'file.recursive'),
      rule('deny', 'deny', 'file.recursive || file.wildcard'),
      ['custom.hold', 'custom.deny'],
    ],
    [rule('a', 'deny', 'environment == "test"'), rule('b', 'deny', '"test" == environment'), ['custom.a', 'custom.b']],
    [
      rule('a', 'deny', 'file.path.startsWith("/data/in")'),
      rule('b', 'deny', 'file.path.startsWith("/data")'),
      ['custom.a', 'custom.b'],
    ],
  ])('%j is shadowed by %j', (weak, strong, rules) => {
    for (const order of [
      [weak, strong],
      [strong, weak],
    ] as const) {
      const found = conflictsOf(...order);
      expect(found.map(({ kind }) => kind)).toEqual(['shadowed']);
      expect([...(found[0]?.rules ?? [])].sort()).toEqual([...rules].sort());
      expect(matchesBoth(found[0]!, [custom(weak, strong)])).toBe(true);
    }
  });

  test.each<[Rule, Rule]>([
    [rule('wide', 'require_approval', 'file.recursive'), rule('narrow', 'deny', 'file.recursive && file.wildcard')],
    [rule('narrow', 'deny', 'file.bytes > 200'), rule('wide', 'require_approval', 'file.bytes > 100')],
    [rule('a', 'deny', 'file.recursive'), rule('b', 'deny', 'url.unparsed')],
    [rule('a', 'log', 'file.recursive'), rule('b', 'deny', 'file.recursive')],
  ])('%j still decides something beside %j', (a, b) => {
    expect(conflictsOf(a, b)).toEqual([]);
  });

  test('the built-in policies, made to overlap, report nothing about each other', () => {
    expect(findConflicts(present.slice(1), present.slice(0, 1), BUILT_IN_IDS)).toEqual([]);
  });
});

describe('what cannot be found out is said', () => {
  test('a pattern that no tried text matches', () => {
    const found = conflictsOf(
      rule('a', 'allow', 're(file.path, "^[0-9]{7}$")'),
      rule('d', 'deny', 'file.path.startsWith("9")'),
    );
    expect(found).toMatchObject([{ kind: 'undecided', rules: ['custom.a', 'custom.d'] }]);
    expect(found[0]).not.toHaveProperty('witness');
  });

  test('too many combinations', () => {
    const many = (value: number): string =>
      ['file.bytes', 'url.port', 'rate.http1m', 'rate.writes1m', 'agent.version']
        .map((name) => `(${name} == ${value} || ${name} == ${value + 5} || ${name} == ${value + 10})`)
        .join(' && ');
    const found = conflictsOf(rule('a', 'allow', many(10)), rule('d', 'deny', many(11)));
    expect(found.map(({ kind }) => kind)).toEqual(['undecided']);
  });

  test('the pairs that were not compared, when 50 rules meet 19 policies of 50', () => {
    const wide = (id: string): CompiledPolicy =>
      compilePolicy(
        {
          id,
          name: id,
          description: '',
          category: 'custom',
          rules: Array.from({ length: 50 }, (_, i) =>
            rule(`r${i}`, i % 2 === 0 ? 'allow' : 'deny', `file.bytes > ${i} && url.port == ${i} && trigger == "test"`),
          ),
        },
        '0'.repeat(64),
      );
    const old = Array.from({ length: 19 }, (_, i) => wide(`old${i}`));
    const found = findConflicts([wide('new')], old, BUILT_IN_IDS);
    expect(found.length).toBeLessThanOrEqual(101);
    expect(found.at(-1)).toMatchObject({
      kind: 'undecided',
      message: expect.stringMatching(/^\d+ more pairs/) as unknown,
    });
  });
});

test('a rule against itself reversed is a contradiction, against its negation never', () => {
  const atom = fc.constantFrom(
    'file.recursive',
    'file.bytes > 10',
    'file.bytes == 3',
    'action.type == "file.read"',
    'environment != "test"',
    'file.path.startsWith("/data")',
    '!url.unparsed',
    'trigger in ["manual", "test"]',
  );
  const condition = fc
    .array(atom, { minLength: 1, maxLength: 3 })
    .chain((atoms) => fc.constantFrom(' && ', ' || ').map((operator) => atoms.join(operator)));
  fc.assert(
    fc.property(condition, (text) => {
      const against = conflictsOf(rule('a', 'allow', text), rule('d', 'deny', `!(${text})`));
      expect(against).toEqual([]);
      const [same] = conflictsOf(rule('a', 'allow', text), rule('d', 'deny', text));
      if (same !== undefined) expect(same.kind).toBe('contradiction');
    }),
    { numRuns: 100 },
  );
});
