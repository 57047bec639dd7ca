import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ROLES } from '../caller.ts';
import { couldReview, mayReview } from './may-review.ts';
import type { CountedReview, Eligibility, Requirement, Reviewer } from './model.ts';
import { tally } from './tally.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const GROUPS = ['legal', 'owner', 'security'];

const reviewer = (personId: string): fc.Arbitrary<Reviewer> =>
  fc.record({
    personId: fc.constant(personId),
    active: fc.boolean(),
    roles: fc.subarray([...ROLES]),
    groups: fc.subarray(GROUPS),
  });

const requirement: fc.Arbitrary<Requirement> = fc.record({
  quorum: fc.integer({ min: 1, max: 4 }),
  groups: fc.uniqueArray(fc.record({ group: fc.constantFrom(...GROUPS), count: fc.integer({ min: 1, max: 3 }) }), {
    selector: ({ group }) => group,
  }),
  denials: fc.integer({ min: 1, max: 2 }),
});

const eligibility: fc.Arbitrary<Eligibility> = fc
  .record({
    conflicts: fc.subarray(NAMES),
    approvers: fc.option(fc.subarray(NAMES), { nil: undefined }),
    escalated: fc.boolean(),
    singleOperator: fc.boolean(),
  })
  .map(({ approvers, ...rest }) => (approvers === undefined ? rest : { ...rest, approvers }));

const reviews: fc.Arbitrary<readonly CountedReview[]> = fc
  .subarray(NAMES)
  .chain((names) =>
    fc.tuple(
      ...names.map((name) =>
        fc.record({ reviewer: reviewer(name), verdict: fc.constantFrom('approve' as const, 'deny' as const) }),
      ),
    ),
  );

const shuffled = reviews.chain((all) =>
  fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length, maxLength: all.length })),
);

const runs = { numRuns: 2_000 };

describe('counting answers', () => {
  test('the order of the answers changes nothing', () => {
    fc.assert(
      fc.property(requirement, eligibility, shuffled, (needed, who, [one, other]) => {
        expect(tally(needed, who, one)).toEqual(tally(needed, who, other));
      }),
      runs,
    );
  });

  test('an answer that may not be given changes nothing', () => {
    fc.assert(
      fc.property(requirement, eligibility, reviews, (needed, who, all) => {
        const standing = all.filter((review) => mayReview(review.reviewer, who) === undefined);
        expect(tally(needed, who, all)).toEqual(tally(needed, who, standing));
      }),
      runs,
    );
  });

  test('a person in conflict never counts, unless they are alone', () => {
    fc.assert(
      fc.property(requirement, eligibility, reviews, (needed, who, all) => {
        const others = { ...who, singleOperator: false };
        const without = all.filter((review) => !who.conflicts.includes(review.reviewer.personId));
        expect(tally(needed, others, all)).toEqual(tally(needed, others, without));
      }),
      runs,
    );
  });

  test('taking roles, groups or the account away never approves', () => {
    fc.assert(
      fc.property(requirement, eligibility, reviews, fc.nat(), (needed, who, all, at) => {
        fc.pre(all.length > 0 && !who.singleOperator && tally(needed, who, all).resolution === undefined);
        const weaker = all.map((review, index) =>
          index === at % all.length
            ? { ...review, reviewer: { ...review.reviewer, roles: [], groups: [], active: false } }
            : review,
        );
        expect(tally(needed, who, weaker).resolution).toBeUndefined();
      }),
      runs,
    );
  });

  test('enough denials deny, whatever approvals come with or after them', () => {
    fc.assert(
      fc.property(requirement, eligibility, reviews, reviews, (needed, who, all, more) => {
        fc.pre(tally(needed, who, all).resolution === 'denied');
        const names = all.map((review) => review.reviewer.personId);
        const new_ = more.filter((review) => !names.includes(review.reviewer.personId));
        expect(tally(needed, who, [...all, ...new_]).resolution).toBe('denied');
      }),
      runs,
    );
  });

  test('escalation lets more people answer and takes nobody and nothing away', () => {
    fc.assert(
      fc.property(requirement, eligibility, reviews, (needed, who, all) => {
        const before = tally(needed, { ...who, escalated: false }, all);
        const after = tally(needed, { ...who, escalated: true }, all);
        expect(after.approvals).toBeGreaterThanOrEqual(before.approvals);
        expect(after.denials).toBeGreaterThanOrEqual(before.denials);
        if (after.resolution === 'approved' && !who.singleOperator) {
          expect(after.approvals).toBeGreaterThanOrEqual(needed.quorum);
          expect(after.missing).toEqual([]);
        }
      }),
      runs,
    );
  });

  test('nothing is approved without as many different people as the requirement says', () => {
    fc.assert(
      fc.property(requirement, eligibility, reviews, (needed, who, all) => {
        fc.pre(!who.singleOperator);
        const { resolution } = tally(needed, who, all);
        const people = new Set(
          all
            .filter(
              ({ verdict, reviewer: { personId, active } }) =>
                verdict === 'approve' && active && !who.conflicts.includes(personId),
            )
            .map((review) => review.reviewer.personId),
        );
        if (resolution === 'approved') expect(people.size).toBeGreaterThanOrEqual(needed.quorum);
      }),
      runs,
    );
  });
});

test('who is not counted among those who could answer may never answer', () => {
  fc.assert(
    fc.property(reviewer('a'), eligibility, (who, rule) => {
      if (!couldReview(who)) expect(mayReview(who, rule)).toBeDefined();
    }),
    runs,
  );
});
