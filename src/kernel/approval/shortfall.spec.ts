import { expect, test } from '@jest/globals';
import type { CountedReview, Eligibility, Requirement, Reviewer } from './model.ts';
import { findShortfall } from './shortfall.ts';

const person = (personId: string, change: Partial<Reviewer> = {}): Reviewer => ({
  ...{ personId, active: true, roles: ['approver'], groups: [] },
  ...change,
});
const ada = person('ada');
const bo = person('bo');
const olga = person('olga', { roles: ['owner'] });
const adam = person('adam', { roles: ['admin'] });
const needs = (quorum: number, ...groups: string[]): Requirement => ({
  ...{ quorum, denials: 1 },
  groups: groups.map((group) => ({ group, count: 1 })),
});
const who = (change: Partial<Eligibility> = {}): Eligibility => ({
  ...{ conflicts: [], escalated: false, singleOperator: false },
  ...change,
});
const yes = (reviewer: Reviewer): CountedReview => ({ reviewer, verdict: 'approve' });

const cases: [string, Requirement, Eligibility, CountedReview[], Reviewer[], unknown][] = [
  ['enough people are left', needs(2), who(), [], [ada, bo], undefined],
  ['one has approved and one is left', needs(2), who(), [yes(ada)], [ada, bo], undefined],
  [
    'who has approved cannot do so twice',
    needs(2),
    who(),
    [yes(ada)],
    [ada],
    { quorum: 2, approvals: 1, left: 0, missing: [] },
  ],
  [
    'an approval of somebody who may not any more does not count, and is not given again',
    needs(2),
    who(),
    [yes(person('ada', { roles: ['requester'] }))],
    [bo],
    { quorum: 2, approvals: 0, left: 1, missing: [] },
  ],
  [
    'a share of a group stays open',
    needs(2, 'owner'),
    who(),
    [yes(ada)],
    [ada, bo],
    { quorum: 2, approvals: 1, left: 1, missing: [{ group: 'owner', count: 1 }] },
  ],
  ['somebody of the group is left', needs(2, 'owner'), who(), [yes(ada)], [ada, bo, olga], undefined],
  [
    'an admin is nobody before the escalation',
    needs(1),
    who(),
    [],
    [adam],
    { quorum: 1, approvals: 0, left: 0, missing: [] },
  ],
  ['an admin is somebody after it', needs(1), who({ escalated: true }), [], [adam], undefined],
  [
    'a conflict is nobody',
    needs(1),
    who({ conflicts: ['ada'] }),
    [],
    [ada],
    { quorum: 1, approvals: 0, left: 0, missing: [] },
  ],
  [
    'others than the named are nobody',
    needs(1),
    who({ approvers: ['bo'] }),
    [],
    [ada],
    { quorum: 1, approvals: 0, left: 0, missing: [] },
  ],
  [
    'who is alone is enough, in the mode for that',
    needs(2, 'legal'),
    who({ conflicts: ['olga'], singleOperator: true }),
    [],
    [olga],
    undefined,
  ],
];

test.each(cases)('%s', (_, requirement, eligibility, reviews, people, expected) => {
  expect(findShortfall(requirement, eligibility, reviews, people)).toEqual(expected);
});
