import { describe, expect, test } from '@jest/globals';
import { applyReview } from './apply-review.ts';
import type {
  ApprovalState,
  ApprovalStatus,
  NewReview,
  Proof,
  Requirement,
  Reviewer,
  ReviewRefusal,
  Verdict,
} from './model.ts';
import { APPROVAL_STATUSES } from './model.ts';
import { FRESH_MS } from './step-up.ts';

const NOON = new Date('2026-01-01T12:00:00Z');
const LATER = new Date(NOON.getTime() + 60_000);

function person(personId: string, change: Partial<Reviewer> = {}): Reviewer {
  return { personId, active: true, roles: ['approver'], groups: [], ...change };
}

const ada = person('ada');
const bo = person('bo');
const olga = person('olga', { roles: ['owner'] });
const adam = person('adam', { roles: ['admin'] });
const requester = person('requester', { roles: ['owner'] });

function requirement(quorum: number, change: Partial<Requirement> = {}): Requirement {
  return { quorum, groups: [], denials: 1, ...change };
}

function request(change: Partial<ApprovalState> = {}): ApprovalState {
  return {
    ...{ status: 'pending', requirement: requirement(1), actionHash: 'h', expiresAt: LATER, reviews: [] },
    ...{ risk: 'low', hasMail: true },
    ...{ conflicts: ['requester'], escalated: false, singleOperator: false },
    ...change,
  };
}

/** What a story expects after each answer: what becomes of the request, or why the answer does not count. */
type After = ApprovalStatus | ReviewRefusal;
type Act = readonly [Reviewer, Verdict, After, (Partial<NewReview> & { readonly at?: Date })?];

/** Signed in by code an hour ago, in the console. */
const AGED: Pick<NewReview, 'channel' | 'proof' | 'actionHash'> = {
  ...{ channel: 'console', actionHash: 'h' },
  proof: proved('code', 60 * 60_000),
};

function proved(method: Proof['method'], agoMs: number): Proof {
  return { method, at: new Date(NOON.getTime() - agoMs) };
}

/** Plays answers in order, as the module does it; a counted answer is kept. */
function play(start: ApprovalState, acts: readonly Act[]): void {
  let state = start;
  for (const [reviewer, verdict, expected, { at = NOON, ...how } = {}] of acts) {
    const outcome = applyReview(state, { ...AGED, reviewer, verdict, ...how }, at);
    if (outcome.kind === 'counted')
      state = {
        ...state,
        status: outcome.resolution ?? state.status,
        reviews: [...state.reviews, { reviewer, verdict }],
      };
    expect([reviewer.personId, outcome.kind === 'counted' ? state.status : outcome.code]).toEqual([
      reviewer.personId,
      expected,
    ]);
  }
}

describe('stories of a request', () => {
  const stories: readonly (readonly [string, ApprovalState, readonly Act[]])[] = [
    [
      'one person is enough at quorum 1, and the second comes too late',
      request(),
      [
        [ada, 'approve', 'approved'],
        [bo, 'approve', 'already_decided'],
        [bo, 'deny', 'already_decided'],
      ],
    ],
    [
      'quorum 2 waits for the second person',
      request({ requirement: requirement(2) }),
      [
        [ada, 'approve', 'pending'],
        [ada, 'approve', 'already_reviewed'],
        [ada, 'deny', 'already_reviewed'],
        [bo, 'approve', 'approved'],
      ],
    ],
    [
      'one denial ends it, however many approved before',
      request({ requirement: requirement(3) }),
      [
        [ada, 'approve', 'pending'],
        [bo, 'approve', 'pending'],
        [olga, 'deny', 'denied'],
        [person('cy'), 'approve', 'already_decided'],
      ],
    ],
    [
      'two denials are needed where the requirement says so',
      request({ requirement: requirement(2, { denials: 2 }) }),
      [
        [ada, 'deny', 'pending'],
        [bo, 'approve', 'pending'],
        [olga, 'deny', 'denied'],
      ],
    ],
    [
      'a share of owners waits for an owner although enough people agreed',
      request({ requirement: requirement(2, { groups: [{ group: 'owner', count: 1 }] }) }),
      [
        [ada, 'approve', 'pending'],
        [bo, 'approve', 'pending'],
        [olga, 'approve', 'approved'],
      ],
    ],
    [
      'a word that persons were given is a group',
      request({ requirement: requirement(1, { groups: [{ group: 'legal', count: 2 }] }) }),
      [
        [person('lea', { groups: ['legal'] }), 'approve', 'pending'],
        [olga, 'approve', 'pending'],
        [person('leo', { groups: ['legal', 'eu'] }), 'approve', 'approved'],
      ],
    ],
    [
      'nobody answers what they asked, neither way',
      request(),
      [
        [requester, 'approve', 'self_review'],
        [requester, 'deny', 'self_review'],
        [ada, 'approve', 'approved'],
      ],
    ],
    [
      'who has no role, is not active or is an admin too early may not answer',
      request(),
      [
        [person('rita', { roles: ['requester', 'operator', 'auditor'] }), 'approve', 'not_eligible'],
        [person('ina', { active: false }), 'approve', 'not_eligible'],
        [person('gus', { roles: [], groups: ['owner', 'approver'] }), 'approve', 'not_eligible'],
        [adam, 'deny', 'not_eligible'],
        [ada, 'approve', 'approved'],
      ],
    ],
    ['an admin may answer once it was escalated', request({ escalated: true }), [[adam, 'approve', 'approved']]],
    [
      'with named persons only these may answer, and being named replaces no role',
      request({ approvers: ['ada', 'rita', 'requester'] }),
      [
        [bo, 'approve', 'not_eligible'],
        [olga, 'deny', 'not_eligible'],
        [person('rita', { roles: ['requester'] }), 'approve', 'not_eligible'],
        [requester, 'approve', 'self_review'],
        [ada, 'approve', 'approved'],
      ],
    ],
    [
      'the only person of a workspace answers alone what they asked, whatever the quorum',
      request({ singleOperator: true, requirement: requirement(2, { groups: [{ group: 'legal', count: 1 }] }) }),
      [[requester, 'approve', 'approved']],
    ],
    [
      'an answer to something else than what is asked does not count',
      request(),
      [
        [ada, 'approve', 'stale', { actionHash: 'H' }],
        [ada, 'approve', 'stale', { actionHash: '' }],
        [ada, 'approve', 'approved'],
      ],
    ],
    [
      'the last moment counts, the end does not',
      request({ requirement: requirement(2) }),
      [
        [ada, 'approve', 'pending', { at: new Date(LATER.getTime() - 1) }],
        [bo, 'approve', 'expired', { at: LATER }],
        [olga, 'deny', 'expired', { at: new Date(LATER.getTime() + 1) }],
      ],
    ],
    [
      'critical risk is approved by each person with a code of their own that is not five minutes old',
      request({ risk: 'critical', requirement: requirement(2) }),
      [
        [ada, 'approve', 'step_up_required'],
        [ada, 'approve', 'step_up_required', { proof: proved('code', FRESH_MS) }],
        [ada, 'approve', 'step_up_required', { proof: proved('code', -FRESH_MS) }],
        [ada, 'approve', 'step_up_required', { proof: proved('link', 0) }],
        [ada, 'approve', 'step_up_required', { proof: proved('slack', 0) }],
        [ada, 'approve', 'pending', { proof: proved('code', FRESH_MS - 1) }],
        [bo, 'approve', 'step_up_required'],
        [bo, 'approve', 'approved', { proof: proved('code', 0) }],
      ],
    ],
    [
      'where no code can be mailed, a fresh link of the operator takes its place',
      request({ risk: 'critical', hasMail: false, requirement: requirement(2) }),
      [
        [ada, 'approve', 'step_up_required', { proof: proved('link', FRESH_MS) }],
        [ada, 'approve', 'step_up_required', { proof: proved('slack', 0) }],
        [ada, 'approve', 'pending', { proof: proved('link', FRESH_MS - 1) }],
        [bo, 'approve', 'approved', { proof: proved('code', 0) }],
      ],
    ],
    [
      'critical risk is denied in the console without a code',
      request({ risk: 'critical' }),
      [[ada, 'deny', 'denied', { proof: proved('link', 60 * 60_000) }]],
    ],
    [
      'nothing that comes from elsewhere than the console decides critical risk, either way',
      request({ risk: 'critical' }),
      [
        [ada, 'approve', 'step_up_required', { channel: 'slack', proof: proved('code', 0) }],
        [ada, 'deny', 'step_up_required', { channel: 'slack', proof: proved('slack', 0) }],
        [ada, 'deny', 'step_up_required', { channel: 'email' }],
      ],
    ],
    [
      'high risk is approved in the console, also hours after signing in, and may be denied in Slack',
      request({ risk: 'high', requirement: requirement(2) }),
      [
        [ada, 'approve', 'step_up_required', { channel: 'slack', proof: proved('slack', 0) }],
        [ada, 'approve', 'pending'],
        [bo, 'deny', 'denied', { channel: 'slack', proof: proved('slack', 0) }],
      ],
    ],
    [
      'medium risk is approved in Slack',
      request({ risk: 'medium' }),
      [[ada, 'approve', 'approved', { channel: 'slack', proof: proved('slack', 0) }]],
    ],
    [
      'who is alone steps up, too',
      request({ risk: 'critical', singleOperator: true, hasMail: false }),
      [
        [requester, 'approve', 'step_up_required'],
        [requester, 'approve', 'approved', { proof: proved('link', 0) }],
      ],
    ],
  ];
  test.each(stories)('%s', (_, start, acts) => play(start, acts));
});

describe('what is said first when several things are wrong', () => {
  const all: readonly (readonly [After, Partial<ApprovalState>, Reviewer, string, Date])[] = [
    ['already_decided', { status: 'denied' }, requester, 'x', LATER],
    ['expired', { status: 'expired' }, requester, 'x', NOON],
    ['expired', {}, requester, 'x', LATER],
    ['self_review', { approvers: [] }, person('requester', { active: false }), 'x', NOON],
    ['not_eligible', {}, adam, 'x', NOON],
    ['self_review', { risk: 'critical' }, requester, 'x', NOON],
    ['not_eligible', { risk: 'critical' }, adam, 'x', NOON],
    ['step_up_required', { risk: 'critical', reviews: [{ reviewer: ada, verdict: 'approve' }] }, ada, 'x', NOON],
    ['stale', { reviews: [{ reviewer: ada, verdict: 'approve' }] }, ada, 'x', NOON],
    ['already_reviewed', { reviews: [{ reviewer: ada, verdict: 'approve' }] }, ada, 'h', NOON],
  ];
  test.each(all)('%s', (code, change, reviewer, actionHash, at) => {
    expect(applyReview(request(change), { ...AGED, reviewer, verdict: 'approve', actionHash }, at)).toMatchObject({
      kind: 'refused',
      code,
    });
  });
});

test.each(APPROVAL_STATUSES.filter((status) => status !== 'pending' && status !== 'expired'))(
  'a request that is %s takes no answer',
  (status) => {
    expect(applyReview(request({ status }), { ...AGED, reviewer: ada, verdict: 'deny' }, NOON)).toEqual({
      kind: 'refused',
      code: 'already_decided',
    });
  },
);
