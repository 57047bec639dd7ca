import type {
  ApprovalPurpose,
  ApprovalStatus,
  GroupShare,
  Requirement,
  ReviewChannel,
  StepUp,
  Verdict,
} from '../../kernel/approval/model.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Redaction, Risk, Violation } from '../../kernel/policy/model.ts';

/** Why something is held, and what of it was changed before anybody saw it. */
export interface ApprovalEvidence {
  readonly violations: readonly Violation[];
  readonly redactions: readonly Redaction[];
  /** What makes the risk what it is, in words. */
  readonly riskReasons: readonly string[];
  readonly policyVersions: readonly string[];
}

/** What is asked of people: one exact action, identified by its hash. */
export interface OpenRequest {
  readonly purpose: ApprovalPurpose;
  readonly workspaceId: string;
  readonly agentId: string;
  readonly runId?: string;
  readonly actionId?: string;
  /** A catalogue type, `agent.deploy`, or the free words of a request. */
  readonly actionType: string;
  /** Canonical bytes of what would be executed. */
  readonly params: Uint8Array;
  readonly actionHash: string;
  /** What the action is about: paths, or a URL without query. */
  readonly target: string;
  /** What somebody has to judge, in our words. */
  readonly description: string;
  /** In the words of the agent or of who asks; shown as unverified. */
  readonly prose?: string;
  readonly risk: Risk;
  readonly evidence: ApprovalEvidence;
  /** What the matching rules ask for beyond the risk. */
  readonly ruleRequirements: readonly { readonly quorum?: number; readonly groups?: readonly string[] }[];
  readonly requestedBy: string;
  readonly onBehalfOf: string;
  /** Persons whose answer never counts, beside the one on whose behalf it is. */
  readonly conflicts: readonly string[];
  /** Ids of persons: then only they may answer. */
  readonly approvers?: readonly string[];
  /** Default 24 h. */
  readonly expiresInMs?: number;
}

export interface OpenedApproval {
  readonly approvalId: string;
  readonly expiresAt: Date;
  readonly requirement: Requirement;
  /** Who can answer now, by e-mail. Empty: nobody can, see `singleOperator`. */
  readonly asked: readonly string[];
  /** `offered`: the only person who could answer asked it themselves; they may switch the mode on in the console. */
  readonly singleOperator: 'off' | 'offered' | 'on';
  /** With `offered`: the address of that person. */
  readonly alone?: string;
  /** Why those who can answer are not enough, and the way out. */
  readonly obstacle?: string;
}

export interface ReviewView {
  readonly email: string;
  readonly verdict: Verdict;
  readonly channel: ReviewChannel;
  /** ISO 8601. */
  readonly at: string;
  readonly reason?: string;
  readonly singleOperator?: true;
}

export interface ApprovalEventView {
  readonly at: string;
  /** `opened`, `reviewed`, `review_refused`, `cancel_refused`, `revoke_refused`, `reminded`, `escalated`, or a status. */
  readonly kind: string;
  /** An e-mail address, `agent:<name>`, `system` or `operator`. */
  readonly actor: string;
  readonly data: JsonObject;
}

/** As tools and lists show it. */
export interface ApprovalView {
  readonly id: string;
  readonly status: ApprovalStatus;
  readonly purpose: ApprovalPurpose;
  readonly agentId: string;
  readonly agentName: string;
  readonly runId?: string;
  readonly action: string;
  /** Empty in lists when they are long; then `paramsOmitted` is true. */
  readonly params: JsonObject;
  readonly paramsOmitted?: true;
  readonly actionHash: string;
  readonly target: string;
  readonly description: string;
  readonly riskLevel: Risk;
  readonly requiredApprovals: number;
  /** How many approvals count now. */
  readonly approvals: number;
  readonly requiredGroups: readonly GroupShare[];
  readonly requestedBy: string;
  /** E-mail address of the person on whose behalf it is asked. */
  readonly onBehalfOf?: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly resolvedAt?: string;
  readonly endReason?: string;
  readonly reviews: readonly ReviewView[];
  readonly approvers: readonly { readonly email: string; readonly eligible: boolean; readonly reason?: string }[];
  /** Of a request that waits: why those who may still answer cannot approve it, and the way out. */
  readonly obstacle?: string;
  /** How the approved action fared. */
  readonly execution?: 'claimed' | 'dispatched' | 'succeeded' | 'failed' | 'unknown';
  readonly url: string;
  readonly notifications: readonly { readonly channel: string; readonly to: string; readonly status: string }[];
}

/** One request as its page shows it to one person. */
export interface ApprovalPage extends ApprovalView {
  readonly evidence: ApprovalEvidence;
  readonly prose?: string;
  readonly agentTask: string;
  readonly history: readonly ApprovalEventView[];
  /** The history is long: something between its beginning and its end is left out. */
  readonly historyIsCut?: true;
  /** What this person may do now; `refusal` says why not. */
  readonly you: {
    readonly mayReview: boolean;
    readonly refusal?: string;
    readonly message?: string;
    /** What approving takes beyond `mayReview`: a fresh mailed code, or a fresh one-time link where none can be mailed. Denying takes neither. */
    readonly stepUp?: StepUp;
    readonly mayCancel: boolean;
    readonly mayRevoke: boolean;
    /** They could answer alone if the workspace's single-operator mode were on. */
    readonly singleOperatorOffered: boolean;
  };
  /** The database's time of this answer: countdowns start from it. */
  readonly now: string;
}
