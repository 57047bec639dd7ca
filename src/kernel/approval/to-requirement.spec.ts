import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RISKS } from '../policy/model.ts';
import type { RiskRequirements } from './model.ts';
import { RISK_REQUIREMENTS, toRequirement, type Raise } from './to-requirement.ts';

const action = { purpose: 'action' as const, raises: [] };
const OWNER = [{ group: 'owner', count: 1 }];

describe('who must agree', () => {
  test.each([
    ['low', 1, []],
    ['medium', 1, []],
    ['high', 2, OWNER],
    ['critical', 2, OWNER],
  ] as const)('%s risk: %i person(s)', (risk, quorum, groups) => {
    expect(toRequirement({ ...action, risk })).toEqual({ quorum, groups, denials: 1 });
  });

  test('a workspace says it differently for one risk, up or down', () => {
    const workspace: Partial<RiskRequirements> = {
      low: { quorum: 3, groups: [{ group: 'legal', count: 2 }] },
      high: { quorum: 1, groups: [] },
    };
    expect(toRequirement({ ...action, risk: 'low' }, workspace)).toEqual({ ...workspace.low, denials: 1 });
    expect(toRequirement({ ...action, risk: 'high' }, workspace)).toEqual({ ...workspace.high, denials: 1 });
    expect(toRequirement({ ...action, risk: 'critical' }, workspace).quorum).toBe(2);
  });

  test('as many people as the largest share of a group', () => {
    const workspace = { low: { quorum: 1, groups: [{ group: 'legal', count: 3 }] } };
    expect(toRequirement({ ...action, risk: 'low' }, workspace).quorum).toBe(3);
  });

  test('one person answers whether something happened, whatever it was', () => {
    expect(toRequirement({ risk: 'critical', purpose: 'effect_unknown', raises: [] })).toEqual({
      ...{ quorum: 1, groups: [], denials: 1 },
    });
  });

  test('rules and agents only ever ask for more', () => {
    const raise: fc.Arbitrary<Raise> = fc.record(
      { quorum: fc.integer({ min: -3, max: 6 }), groups: fc.array(fc.constantFrom('owner', 'legal', 'eu')) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.constantFrom(...RISKS), fc.array(raise), fc.array(raise), (risk, some, more) => {
        const base = RISK_REQUIREMENTS[risk];
        const one = toRequirement({ purpose: 'action', risk, raises: some });
        const both = toRequirement({ purpose: 'action', risk, raises: [...some, ...more] });
        expect(one.quorum).toBeGreaterThanOrEqual(base.quorum);
        expect(both.quorum).toBeGreaterThanOrEqual(one.quorum);
        for (const { group, count } of [...base.groups, ...one.groups])
          expect(both.groups.find((share) => share.group === group)?.count).toBeGreaterThanOrEqual(count);
        for (const group of [...some, ...more].flatMap(({ groups = [] }) => groups))
          expect(both.groups.map((share) => share.group)).toContain(group);
        expect(both.quorum).toBeGreaterThanOrEqual(Math.max(...more.map(({ quorum = 0 }) => quorum), 1));
      }),
    );
  });
});
