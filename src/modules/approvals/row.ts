import type {
  ApprovalPurpose,
  ApprovalStatus,
  CountedReview,
  Requirement,
  Reviewer,
  ReviewChannel,
  Verdict,
} from '../../kernel/approval/model.ts';
import type { Risk } from '../../kernel/policy/model.ts';
import type { ApprovalEvidence } from './approval.ts';

/** A request as it is stored, with the clock as it was read after its lock was taken. */
export interface ApprovalRow {
  readonly id: string;
  readonly workspaceId: string;
  readonly agentId: string;
  readonly runId?: string;
  readonly actionId?: string;
  readonly status: ApprovalStatus;
  readonly purpose: ApprovalPurpose;
  readonly actionType: string;
  /** Canonical bytes of what is asked. */
  readonly params: Uint8Array;
  readonly actionHash: string;
  readonly target: string;
  readonly description: string;
  readonly prose?: string;
  readonly risk: Risk;
  readonly requirement: Requirement;
  readonly evidence: ApprovalEvidence;
  /** `agent:<id>` or `person:<id>`. */
  readonly requestedBy: string;
  readonly onBehalfOf?: string;
  readonly conflicts: readonly string[];
  readonly approvers?: readonly string[];
  readonly escalated: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly resolvedAt?: Date;
  readonly approvedAt?: Date;
  readonly validUntil?: Date;
  readonly validForMs: number;
  readonly endedBy?: string;
  readonly endReason?: string;
  readonly now: Date;
}

/** One answer as it is stored. */
export interface StoredReview {
  readonly personId: string;
  readonly verdict: Verdict;
  readonly channel: ReviewChannel;
  readonly reason?: string;
  readonly singleOperator: boolean;
  readonly at: Date;
}

export interface SqlRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly agent_id: string;
  readonly run_id: string | null;
  readonly action_id: string | null;
  readonly status: ApprovalStatus;
  readonly purpose: ApprovalPurpose;
  readonly action_type: string;
  readonly params: Buffer;
  readonly action_hash: string;
  readonly target: string;
  readonly description: string;
  readonly prose: string | null;
  readonly risk_level: Risk;
  readonly requirement: Requirement;
  readonly evidence: Partial<ApprovalEvidence>;
  readonly requested_by: string;
  readonly on_behalf_of: string | null;
  readonly conflicts: string[];
  readonly approvers: string[] | null;
  readonly escalated_at: Date | null;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly resolved_at: Date | null;
  readonly approved_at: Date | null;
  readonly valid_until: Date | null;
  readonly valid_for_ms: string;
  readonly ended_by: string | null;
  readonly end_reason: string | null;
}

const NO_EVIDENCE: ApprovalEvidence = { violations: [], redactions: [], riskReasons: [], policyVersions: [] };

/** What is null in the database is absent. */
function given<Name extends string, Value>(name: Name, value: Value | null): { readonly [N in Name]?: Value } {
  return value === null ? {} : ({ [name]: value } as { readonly [N in Name]?: Value });
}

export function toRow(row: SqlRow, now: Date): ApprovalRow {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    agentId: row.agent_id,
    ...given('runId', row.run_id),
    ...given('actionId', row.action_id),
    status: row.status,
    purpose: row.purpose,
    actionType: row.action_type,
    params: row.params,
    actionHash: row.action_hash,
    target: row.target,
    description: row.description,
    ...given('prose', row.prose),
    risk: row.risk_level,
    requirement: row.requirement,
    evidence: { ...NO_EVIDENCE, ...row.evidence },
    requestedBy: row.requested_by,
    ...given('onBehalfOf', row.on_behalf_of),
    conflicts: row.conflicts,
    ...given('approvers', row.approvers),
    escalated: row.escalated_at !== null,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    ...given('resolvedAt', row.resolved_at),
    ...given('approvedAt', row.approved_at),
    ...given('validUntil', row.valid_until),
    validForMs: Number(row.valid_for_ms),
    ...given('endedBy', row.ended_by),
    ...given('endReason', row.end_reason),
    now,
  };
}

/** Answers with the people who gave them, as these stand now. */
export function toCounted(
  reviews: readonly StoredReview[],
  people: ReadonlyMap<string, Reviewer>,
): readonly CountedReview[] {
  return reviews.flatMap(({ personId, verdict }) => {
    const reviewer = people.get(personId);
    return reviewer === undefined ? [] : [{ reviewer, verdict }];
  });
}
