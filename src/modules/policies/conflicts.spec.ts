import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CompiledPolicy, Rule, RuleAction } from '../../kernel/policy/model.ts';
import { BUILT_IN } from './built-in.ts';
import { compileCondition } from '../../platform/cel/condition.ts';
import { findConflicts, type Conflict } from './conflicts.ts';
import { readCondition } from './constants.ts';
import { instantiate } from './instantiate.ts';
import { compilePolicy, toBody, toHash } from './policy-version.ts';
import { Effort, findAction } from './search.ts';
import { toWitnessFacts } from './witness.ts';

const BUILT_IN_IDS = new Set(BUILT_IN.keys());
const present = [...BUILT_IN.values()]
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
    all.find((candidate) => candidate.name === name)?.each.matches(toWitnessFacts(witness?.facts ?? {})),
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

describe('rules that need not be there', () => {
  const limit = (most: number): string => `action.kind == "http" && rate.http1m >= ${most}`;
  test.each<[string, Rule, Rule, string[]]>([
    [
      'redundant_approval',
      rule('hold', 'require_approval', 'file.recursive'),
      rule('deny', 'deny', 'file.recursive || file.wildcard'),
      ['custom.hold', 'custom.deny'],
    ],
    [
      'redundant_approval',
      rule('narrow', 'require_approval', 'action.external && data.personal'),
      rule('wide', 'require_approval', 'action.external'),
      ['custom.narrow', 'custom.wide'],
    ],
    [
      'transform_after_deny',
      {
        ...rule('mask', 'transform', '"payment_card" in data.classes && action.external'),
        transform: { kind: 'mask' },
      },
      rule('deny', 'deny', 'data.classes.exists(c, c in ["payment_card", "health"])'),
      ['custom.mask', 'custom.deny'],
    ],
    [
      'limit_never_binds',
      rule('late', 'deny', limit(50)),
      rule('early', 'deny', limit(20)),
      ['custom.late', 'custom.early'],
    ],
  ])('%s: %j beside %j', (kind, weak, strong, rules) => {
    for (const order of [
      [weak, strong],
      [strong, weak],
    ] as const) {
      const found = conflictsOf(...order);
      expect(found.map((each) => [each.kind, ...each.rules])).toEqual([[kind, ...rules]]);
      expect(matchesBoth(found[0]!, [custom(weak, strong)])).toBe(true);
    }
  });

  test('more people to ask, or another change of the content, is not redundant', () => {
    const two = { ...rule('two', 'require_approval', 'file.recursive && file.wildcard'), approval: { quorum: 2 } };
    expect(conflictsOf(two, rule('one', 'require_approval', 'file.recursive'))).toEqual([]);
    const mask = {
      ...rule('mask', 'transform', 'data.personal && action.external'),
      transform: { kind: 'mask' } as const,
    };
    const redact = { ...rule('redact', 'transform', 'data.personal'), transform: { kind: 'redact' } as const };
    expect(conflictsOf(mask, redact)).toEqual([]);
  });

  test.each([
    'file.bytes > 5 && file.bytes < 3',
    'action.type == "file.read" && action.sideEffect == "outside"',
    'action.kind == "file" && url.privateNetwork',
    'environment == "production" && !action.production',
    'rate.calls1m > 10 && rate.calls1h < 5',
    '!sql.present && sql.mutating',
    '!data.personal && "health" in data.classes',
    'action.operation in ["read", "list"] && action.operation == "delete"',
  ])('%s matches nothing', (condition) => {
    expect(conflictsOf(rule('never', 'deny', condition))).toMatchObject([
      {
        kind: 'unreachable',
        rules: ['custom.never'],
        message: expect.stringContaining('exclude each other') as unknown,
      },
    ]);
  });

  test.each([
    'action.type == "my-tool.run" && file.recursive',
    'action.kind == "mcp" && sql.mutating',
    're(file.path, "^[0-9]{7}$")',
    'cost.actualMicros > cost.micros + cost.micros',
    'data.classes.exists(c, c == "health") && data.classes.exists(c, c == "name") && data.classes.all(c, c != "email")',
    'analysis.errors.size() > 2',
    '"health" in data.classes && data.contentClasses.exists(c, c == "name")',
    'rate.kind1m >= 50 && rate.kind1h >= 5',
    'time.weekend && time.weekday != 3',
    'action.kind == "ticket" && action.type != "file.read"',
  ])('%s may match', (condition) => {
    expect(conflictsOf(rule('may', 'deny', condition))).toEqual([]);
  });
});

test('every built-in rule is shown by an action, which its condition matches', () => {
  const rules = present.flatMap((policy) =>
    policy.rules.map((each) => ({ name: `${policy.id}.${each.name}`, rule: each })),
  );
  for (const { name, rule: each } of rules) {
    const condition = compileCondition(each.condition);
    if (condition.kind === 'problem') throw new Error(condition.message);
    const { ast } = condition;
    const found = findAction([{ of: { ast, reading: readCondition(ast), rule: each }, wanted: true }], new Effort());
    expect([name, found.kind]).toEqual([name, 'found']);
  }
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

  test('a sum that no tried pair of numbers meets', () => {
    const found = conflictsOf(
      rule('a', 'allow', 'file.bytes + url.port == 70 && file.bytes > 20 && url.port > 20'),
      rule('d', 'deny', 'file.bytes + url.port > 60'),
    );
    expect(found.map(({ kind }) => kind)).toContain('undecided');
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
      const kindsOf = (deny: string): string[] =>
        conflictsOf(rule('a', 'allow', text), rule('d', 'deny', deny)).map(({ kind }) => kind);
      expect(kindsOf(`!(${text})`).filter((kind) => kind !== 'unreachable')).toEqual([]);
      const same = kindsOf(text);
      expect([['contradiction'], ['unreachable', 'unreachable']]).toContainEqual(same);
    }),
    { numRuns: 100 },
  );
});
