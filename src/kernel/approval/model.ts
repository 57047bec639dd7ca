import type { Role } from '../caller.ts';
import type { Risk } from '../policy/model.ts';

export const APPROVAL_STATUSES = [
  'pending',
  'approved',
  'denied',
  'expired',
  'cancelled',
  'superseded',
  'consumed',
  'revoked',
  'lapsed',
  'invalidated',
] as const;
export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number];

/** What is asked: an action that is held, leave for an action yet to come, a deployment, or whether something happened. */
export const APPROVAL_PURPOSES = ['action', 'request', 'deployment', 'effect_unknown'] as const;
export type ApprovalPurpose = (typeof APPROVAL_PURPOSES)[number];

export const VERDICTS = ['approve', 'deny'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Through which surface a person answered. */
export const REVIEW_CHANNELS = ['console', 'slack', 'email'] as const;
export type ReviewChannel = (typeof REVIEW_CHANNELS)[number];

/** How a person proved who they are: a mailed code, a one-time link of the operator, a linked Slack account. */
export const PROOF_METHODS = ['code', 'link', 'slack'] as const;

export interface Proof {
  readonly method: (typeof PROOF_METHODS)[number];
  readonly at: Date;
}

/** What is missing before an answer counts: the console, a fresh mailed code, or a fresh one-time link. */
export const STEP_UPS = ['console', 'code', 'link'] as const;
export type StepUp = (typeof STEP_UPS)[number];

/** So many of the approvals must come from this group: a role, or a group that persons were put in. */
export interface GroupShare {
  readonly group: string;
  readonly count: number;
}

/** Who must agree, frozen into the request when it is made. */
export interface Requirement {
  /** How many different people must approve. */
  readonly quorum: number;
  readonly groups: readonly GroupShare[];
  /** How many denials end it. */
  readonly denials: number;
}

/** What a risk asks for where nothing else is said. */
export type RiskRequirements = Readonly<Record<Risk, Pick<Requirement, 'quorum' | 'groups'>>>;

/** A person as they stand now: read when it matters, never remembered. */
export interface Reviewer {
  readonly personId: string;
  readonly active: boolean;
  readonly roles: readonly Role[];
  readonly groups: readonly string[];
}

/** What of a request decides who may answer. */
export interface Eligibility {
  /** Persons whose answer never counts. */
  readonly conflicts: readonly string[];
  /** Named persons: then only they may answer. */
  readonly approvers?: readonly string[];
  /** More roles may answer since. */
  readonly escalated: boolean;
  /** The only person who could answer may answer what they asked themselves, alone. Read now, not frozen. */
  readonly singleOperator: boolean;
}

export interface CountedReview {
  readonly reviewer: Reviewer;
  readonly verdict: Verdict;
}

/** A request as reviews are applied to it. */
export interface ApprovalState extends Eligibility {
  readonly status: ApprovalStatus;
  readonly risk: Risk;
  readonly requirement: Requirement;
  readonly actionHash: string;
  readonly expiresAt: Date;
  /** Codes can be mailed. */
  readonly hasMail: boolean;
  readonly reviews: readonly CountedReview[];
}

export interface NewReview {
  readonly reviewer: Reviewer;
  readonly verdict: Verdict;
  /** Of what the person was shown. */
  readonly actionHash: string;
  readonly channel: ReviewChannel;
  readonly proof: Proof;
}

export const REVIEW_REFUSALS = [
  'already_decided',
  'expired',
  'self_review',
  'not_eligible',
  'step_up_required',
  'stale',
  'already_reviewed',
] as const;
export type ReviewRefusal = (typeof REVIEW_REFUSALS)[number];

export type ReviewOutcome =
  | { readonly kind: 'refused'; readonly code: Exclude<ReviewRefusal, 'step_up_required'> }
  | { readonly kind: 'refused'; readonly code: 'step_up_required'; readonly stepUp: StepUp }
  /** `resolution`: what the request becomes with this review; absent while more are needed. */
  | { readonly kind: 'counted'; readonly resolution?: 'approved' | 'denied' };
