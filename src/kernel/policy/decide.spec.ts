import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { makeFacts } from '../../../test/support/facts.ts';
import { decide, findTransforms } from './decide.ts';
import { POLICY_MODES, RULE_ACTIONS, SEVERITIES } from './model.ts';
import type { CompiledPolicy, CompiledRule, Decision, Effect, PolicyMode, RuleAction, Severity } from './model.ts';

const STRONGEST_FIRST: readonly Effect[] = ['deny', 'require_approval', 'transform', 'allow'];
const facts = makeFacts();

type Result = 'match' | 'no match' | 'throws' | 'gives text';

function rule(action: RuleAction, severity: Severity, result: Result = 'match', name: string = action): CompiledRule {
  return {
    name,
    condition: 'true',
    action,
    severity,
    message: `message of ${name}`,
    alternative: `alternative of ${name}`,
    ...(action === 'transform' ? { transform: { kind: 'redact' } } : {}),
    attributes: [],
    matches: () => {
      if (result === 'throws') throw new Error('integer overflow: 9\nsecond line');
      return result === 'gives text' ? ('yes' as unknown as boolean) : result === 'match';
    },
  };
}

function policy(id: string, ...rules: CompiledRule[]): CompiledPolicy {
  return { id, version: `${id}@0123456789ab`, rules };
}

function decideIn(mode: PolicyMode, ...rules: CompiledRule[]): Decision {
  return decide({ policies: [policy('p', ...rules)], facts, mode });
}

function names(decision: Decision): { violations: string[]; warnings: string[] } {
  return { violations: decision.violations.map((v) => v.rule), warnings: decision.warnings.map((v) => v.rule) };
}

describe('strict: everything that matches acts as written', () => {
  test.each<[RuleAction[], Effect]>([
    [[], 'allow'],
    [['log'], 'allow'],
    [['allow'], 'allow'],
    [['require_approval', 'allow', 'log'], 'require_approval'],
    [['allow', 'require_approval', 'deny', 'log'], 'deny'],
  ])('%j gives %s', (actions, effect) => {
    for (const severity of SEVERITIES) {
      const decision = decideIn('strict', ...actions.map((action) => rule(action, severity)));
      expect([decision.effect, decision.strictEffect]).toEqual([effect, effect]);
    }
  });

  test('all matching rules are reported, strongest first, with message and alternative', () => {
    const rules = [
      rule('log', 'critical', 'match', 'logs'),
      rule('require_approval', 'critical', 'match', 'holds'),
      rule('deny', 'high', 'match', 'denies-high'),
      rule('deny', 'critical', 'match', 'denies-critical'),
      rule('deny', 'critical', 'no match', 'absent'),
      rule('allow', 'info', 'match', 'allows'),
    ];
    const decision = decideIn('strict', ...rules);
    expect(names(decision)).toEqual({ violations: ['denies-critical', 'denies-high', 'holds'], warnings: ['logs'] });
    expect(decision.violations[0]).toEqual({
      policy: 'p',
      rule: 'denies-critical',
      severity: 'critical',
      effect: 'deny',
      message: 'message of denies-critical',
      alternative: 'alternative of denies-critical',
      version: 'p@0123456789ab',
    });
    expect(decision.policyVersions).toEqual(['p@0123456789ab']);
  });

  test('a rule without a message of its own is still explained', () => {
    const { name, condition, action, severity, matches } = rule('deny', 'high');
    const bare: CompiledRule = { name, condition, action, severity, attributes: [], matches };
    expect(decideIn('strict', bare).violations[0]?.message).toBe('Rule `p.deny` matched: `true`.');
    expect(decideIn('strict', { ...bare, description: 'No.' }).violations[0]?.message).toBe('No.');
  });
});

describe('permissive: the severity says what is left of a rule', () => {
  test.each<[RuleAction, Severity, Effect, 'violations' | 'warnings']>([
    ['deny', 'critical', 'deny', 'violations'],
    ['deny', 'high', 'require_approval', 'violations'],
    ['deny', 'warning', 'allow', 'warnings'],
    ['deny', 'info', 'allow', 'warnings'],
    ['require_approval', 'critical', 'require_approval', 'violations'],
    ['require_approval', 'high', 'require_approval', 'violations'],
    ['require_approval', 'warning', 'allow', 'warnings'],
    ['require_approval', 'info', 'allow', 'warnings'],
    ['log', 'critical', 'allow', 'warnings'],
  ])('%s at %s gives %s', (action, severity, effect, place) => {
    const decision = decideIn('permissive', rule(action, severity));
    expect(decision.effect).toBe(effect);
    expect(names(decision)[place]).toEqual([action]);
    expect(decision.strictEffect).toBe(action === 'log' ? 'allow' : action);
    expect(decision.mode).toBe('permissive');
  });
});

test('a matching allow is reported neither as a violation nor as a warning, in either mode', () => {
  for (const mode of POLICY_MODES) {
    for (const severity of SEVERITIES) {
      expect(decideIn(mode, rule('allow', severity))).toMatchObject({ effect: 'allow', violations: [], warnings: [] });
    }
  }
});

describe('what cannot be evaluated or carried out is never allowed', () => {
  test.each<Result>(['throws', 'gives text'])(
    'a condition that %s counts as matched, whatever its rule says',
    (result) => {
      for (const action of RULE_ACTIONS) {
        for (const severity of SEVERITIES) {
          expect(decideIn('strict', rule(action, severity, result)).effect).toBe('deny');
          const permissive = decideIn('permissive', rule(action, severity, result));
          expect([permissive.effect, permissive.strictEffect]).toEqual(['require_approval', 'deny']);
        }
      }
    },
  );

  test('the reason of a failed condition is `rule_error` with its cause, on one line', () => {
    const message = decideIn('strict', rule('log', 'info', 'throws')).violations[0]?.message;
    expect(message).toBe(
      'rule_error: the condition of `p.log` could not be evaluated (integer overflow: 9), so it counts as matched.',
    );
    const untold = decideIn('strict', rule('log', 'info', 'gives text')).violations[0]?.message;
    expect(untold).toContain('could not be evaluated (it gave neither true nor false)');
  });

  test('a thing thrown that is no error is a failed condition like any other', () => {
    const thrower: CompiledRule = {
      ...rule('log', 'info'),
      matches: () => {
        throw null as unknown as Error;
      },
    };
    const decision = decideIn('strict', thrower);
    expect(decision.effect).toBe('deny');
    expect(decision.violations[0]?.message).toContain('could not be evaluated (unknown cause)');
  });

  test('a transform that nobody can carry out refuses the action and says so', () => {
    const decision = decideIn('strict', rule('transform', 'critical'));
    expect(decision.effect).toBe('deny');
    expect(decision.violations[0]?.message).toContain('message of transform It asks for the transform `redact`');
    expect(decideIn('permissive', rule('transform', 'critical')).effect).toBe('deny');
    expect(decideIn('permissive', rule('transform', 'high')).effect).toBe('require_approval');
  });

  test('a rule that asks for a transform and names none refuses the action too', () => {
    const { name, condition, action, severity, attributes, matches } = rule('transform', 'high');
    const decision = decideIn('strict', { name, condition, action, severity, attributes, matches });
    expect(decision.effect).toBe('deny');
    expect(decision.violations[0]?.message).toContain('It asks for the transform `unknown`');
  });
});

describe('for all sets of policies', () => {
  const anyResult = fc.constantFrom<Result>('match', 'match', 'no match', 'throws', 'gives text');
  const anyRule = fc
    .tuple(fc.constantFrom(...RULE_ACTIONS), fc.constantFrom(...SEVERITIES), anyResult, fc.constantFrom('a', 'b', 'c'))
    .map(([action, severity, result, name]) => rule(action, severity, result, name));
  const anyPolicies = fc.array(
    fc
      .tuple(fc.constantFrom('p', 'q', 'r'), fc.array(anyRule, { maxLength: 5 }))
      .map(([id, rules]) => policy(id, ...rules)),
    { maxLength: 5 },
  );
  const anyMode = fc.constantFrom(...POLICY_MODES);
  const weaker = (a: Effect, b: Effect): boolean => STRONGEST_FIRST.indexOf(a) > STRONGEST_FIRST.indexOf(b);

  test('adding rules never makes a decision weaker', () => {
    fc.assert(
      fc.property(anyPolicies, anyRule, anyMode, (policies, more, mode) => {
        const before = decide({ policies, facts, mode });
        const after = decide({ policies: [...policies, policy('more', more)], facts, mode });
        expect(weaker(after.effect, before.effect)).toBe(false);
        expect(after.violations.length).toBeGreaterThanOrEqual(before.violations.length);
      }),
    );
  });

  test('the order of policies and of rules changes nothing', () => {
    fc.assert(
      fc.property(anyPolicies, anyMode, (policies, mode) => {
        const turned = policies.map((each) => ({ ...each, rules: [...each.rules].reverse() })).reverse();
        expect(decide({ policies: turned, facts, mode })).toEqual(decide({ policies, facts, mode }));
      }),
    );
  });

  test('a condition that gives no answer never ends in an allow', () => {
    fc.assert(
      fc.property(anyPolicies, fc.constantFrom<Result>('throws', 'gives text'), anyMode, (policies, result, mode) => {
        const failing = policy('failing', rule('allow', 'info', result));
        const { effect, strictEffect } = decide({ policies: [...policies, failing], facts, mode });
        expect(['deny', 'require_approval']).toContain(effect);
        expect(strictEffect).toBe('deny');
      }),
    );
  });

  test('strict is never weaker than permissive, and both say what strict would say', () => {
    fc.assert(
      fc.property(anyPolicies, (policies) => {
        const carriedOut = policies.flatMap(({ id, rules }) => rules.map(({ name }) => ({ policy: id, rule: name })));
        const strict = decide({ policies, facts, mode: 'strict', carriedOut });
        const permissive = decide({ policies, facts, mode: 'permissive', carriedOut });
        expect(weaker(strict.effect, permissive.effect)).toBe(false);
        expect([strict.strictEffect, permissive.strictEffect]).toEqual([strict.effect, strict.effect]);
      }),
    );
  });

  test('what was asked is never decided weaker because transforms changed it', () => {
    fc.assert(
      fc.property(anyPolicies, anyPolicies, anyMode, (policies, more, mode) => {
        const all = [...policies, ...more];
        const bare = decide({ policies: all, facts, mode });
        const both = decide({ policies: all, facts, asked: makeFacts({ data: { personal: true } }), mode });
        expect(weaker(both.effect, bare.effect)).toBe(false);
      }),
    );
  });

  test('the effect is the one of the strongest violation', () => {
    fc.assert(
      fc.property(anyPolicies, anyMode, (policies, mode) => {
        const { effect, violations } = decide({ policies, facts, mode });
        expect(effect === 'allow').toBe(violations.length === 0);
      }),
    );
  });
});

describe('transforms as obligations', () => {
  const redact = rule('transform', 'high');
  const asked = makeFacts({ data: { personal: true } });
  const about = (action: RuleAction, name: string = action): CompiledRule => ({
    ...rule(action, 'high', 'match', name),
    matches: ({ data }) => data.personal,
  });
  const settle = (mode: PolicyMode, rules: CompiledRule[], changed = facts): Decision =>
    decide({
      policies: [policy('p', ...rules)],
      facts: changed,
      asked,
      mode,
      carriedOut: [{ policy: 'p', rule: 'transform' }],
      redactions: [{ path: 'params.text', class: 'email', count: 2 }],
    });

  test('one that was carried out lets the changed action through, and is reported', () => {
    const decision = settle('strict', [about('transform')]);
    expect(decision).toMatchObject({ effect: 'transform', strictEffect: 'transform' });
    expect(decision.redactions).toEqual([{ path: 'params.text', class: 'email', count: 2 }]);
    expect(names(decision)).toEqual({ violations: ['transform'], warnings: [] });
  });

  test('one that nobody carried out refuses the action', () => {
    const decision = decideIn('strict', redact);
    expect(decision.effect).toBe('deny');
    expect(decision.violations[0]?.message).toContain('cannot be carried out');
  });

  test.each<RuleAction>(['deny', 'require_approval'])('a %s of what was asked outlives the change', (action) => {
    const decision = settle('strict', [about('transform'), about(action)]);
    expect(decision.effect).toBe(action);
    expect(names(decision).violations).toEqual([action, 'transform']);
  });

  test('what only logs in this mode owes nothing', () => {
    const mild = { ...rule('transform', 'warning') };
    expect(decideIn('permissive', mild)).toMatchObject({ effect: 'allow', strictEffect: 'transform' });
  });

  test('a rule that still matches is reported once', () => {
    expect(names(settle('strict', [about('deny')], asked)).violations).toEqual(['deny']);
  });

  test('one that was carried out and still matches is reported once, and refuses nothing', () => {
    const decision = settle('strict', [about('transform')], asked);
    expect(decision.effect).toBe('transform');
    expect(names(decision).violations).toEqual(['transform']);
  });

  test('only the rule whose transform was carried out is settled by it: not a namesake in another policy, nor another rule', () => {
    const carriedOut = [{ policy: 'p', rule: 'transform' }];
    const others = [policy('q', about('transform')), policy('p', about('transform', 'other'))];
    for (const each of others)
      expect(decide({ policies: [each], facts: asked, mode: 'strict', carriedOut }).effect).toBe('deny');
    const gone = decide({ policies: others, facts, mode: 'strict', carriedOut });
    expect([gone.effect, names(gone).violations]).toEqual(['allow', []]);
  });

  test('several that were carried out are all settled', () => {
    const both = [about('transform'), about('transform', 'second')];
    const carriedOut = both.map(({ name }) => ({ policy: 'p', rule: name }));
    const decision = decide({ policies: [policy('p', ...both)], facts: asked, mode: 'strict', carriedOut });
    expect([decision.effect, names(decision).violations]).toEqual(['transform', ['second', 'transform']]);
  });

  test('of what was asked each rule counts by itself: one that still matches does not hide another', () => {
    const still = rule('require_approval', 'high');
    const both = [policy('p', still, about('deny')), policy('q', about('require_approval'))];
    const decision = decide({ policies: both, facts, asked, mode: 'strict' });
    expect(decision.violations.map((each) => `${each.policy}.${each.rule}`)).toEqual([
      'p.deny',
      'p.require_approval',
      'q.require_approval',
    ]);
  });

  test('findTransforms names what is owed in the mode, and nothing else', () => {
    const rules = [about('transform'), { ...about('transform', 'mild'), severity: 'info' as const }, about('deny')];
    const owed = (mode: PolicyMode) =>
      findTransforms({ policies: [policy('p', ...rules)], facts: asked, mode }).map((each) => each.rule.name);
    expect(owed('strict')).toEqual(['transform', 'mild']);
    expect(owed('permissive')).toEqual(['transform']);
    expect(findTransforms({ policies: [policy('p', ...rules)], facts, mode: 'strict' })).toEqual([]);
  });
});

describe('what a decision says', () => {
  const say = (change: Partial<CompiledRule>, about = facts): Decision =>
    decide({ policies: [policy('p', { ...rule('deny', 'high'), ...change })], facts: about, mode: 'strict' });
  const found = makeFacts({ data: { classes: ['email', 'payment_card'], suspectedClasses: ['phone'] } });

  test('placeholders of messages are the facts; other braces stay', () => {
    const message =
      '{data.classes} by {agent.name} v{agent.version} in {environment}: {data.personal} {no.such} {} {data}';
    expect(say({ message, alternative: 'Not {environment}' }, found).violations[0]).toMatchObject({
      message: 'email, payment_card by report-generator v1 in development: false {no.such} {} {data}',
      alternative: 'Not development',
    });
  });

  test('a decision without transforms has no redactions', () => {
    expect(say({}).redactions).toEqual([]);
  });

  test('several named classes are all told, also by a rule that looks at other things too', () => {
    const attributes = ['file.path', 'data.classes'];
    const condition = '"email" in data.classes || "payment_card" in data.classes';
    expect(say({ attributes, condition }, found).violations[0]?.classes).toEqual(['email', 'payment_card']);
  });

  test('classes are those that the condition names, else all that are there; rules about other things have none', () => {
    const attributes = ['data.classes'];
    expect(
      say({ attributes, condition: 'data.classes.exists(c, c == "email")' }, found).violations[0]?.classes,
    ).toEqual(['email']);
    expect(say({ attributes, condition: "'phone' in data.suspectedClasses" }, found).violations[0]?.classes).toEqual([
      'phone',
    ]);
    expect(say({ attributes: ['data.personal'], condition: 'data.personal' }, found).violations[0]?.classes).toEqual([
      'email',
      'payment_card',
      'phone',
    ]);
    expect(
      say({ attributes: ['file.path'], condition: 'file.path == "email"' }, found).violations[0],
    ).not.toHaveProperty('classes');
    expect(say({ attributes, condition: 'data.personal' }).violations[0]).not.toHaveProperty('classes');
  });

  test('controls are quoted where a rule has some', () => {
    expect(say({ controls: ['CC6.1'] }).violations[0]?.controls).toEqual(['CC6.1']);
    expect(say({}).violations[0]).not.toHaveProperty('controls');
  });
});
