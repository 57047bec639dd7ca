import { toActor, type Caller } from '../../kernel/caller.ts';
import { mayReview } from '../../kernel/approval/may-review.ts';
import type { Reviewer } from '../../kernel/approval/model.ts';
import { findShortfall, type Shortfall } from '../../kernel/approval/shortfall.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Tx } from '../../platform/db/index.ts';
import { AppError } from '../../platform/errors/index.ts';
import type { ApprovalsService, ApprovalView, OpenedApproval } from '../approvals/index.ts';
import type { AuditService } from '../audit/index.ts';
import { describe, requireParams, type DescribeServices } from './describe.ts';
import { toAsked } from './hold.ts';
import { lookAtState } from './look-at-state.ts';
import type { Prepared } from './prepared.ts';
import { refuseMoreRequests } from './refuse-more.ts';

export interface ApprovalWish {
  readonly agentId: string;
  /** A catalogue type, or what is asked in words. */
  readonly action: string;
  readonly params?: JsonObject;
  /** In the words of who asks. */
  readonly description: string;
  /** E-mail addresses: only these may answer. */
  readonly approvers: readonly string[];
  readonly expiresInMs?: number;
}

type Services = DescribeServices & { readonly approvals: ApprovalsService; readonly audit: AuditService };
type Approver = ApprovalView['approvers'][number];

const MAX_EXPIRES_IN_MS = 720 * 3_600_000;

/**
 * Asks people for leave in advance. Leave for a catalogue type is used up by the identical action; what is asked in words is known to nobody, so
 * its risk is critical.
 */
export async function requestApproval(services: Services, caller: Caller, wish: ApprovalWish): Promise<ApprovalView> {
  const { agentId, params = {}, description, approvers, expiresInMs } = wish;
  const type = wish.action.replaceAll('\0', '\ufffd');
  if (expiresInMs !== undefined && !(expiresInMs > 0 && expiresInMs <= MAX_EXPIRES_IN_MS))
    throw new AppError('invalid_input', '`expiresInHours` must be more than 0 and at most 720.');
  if (wish.params !== undefined) requireParams(services.executors.catalogue, { type, params });
  const agent = await services.agents.get(caller, agentId);
  const version = await services.agents.getVersion(caller, agentId, agent.deployedVersion);
  const request = { agentId, type, params, trigger: 'assistant' } as const;
  const prepared = await describe(services, caller, version, request);
  const facts = await lookAtState(services.db, caller.workspaceId, prepared);
  const decision = services.decisions.decide(prepared.policies, prepared.judged, facts);
  const answer = await services.db.transaction(async (tx) => {
    await requireActing(tx, agentId);
    const refusal = await refuseMoreRequests(tx, services, caller, prepared);
    // Thrown after the commit: the refusal is recorded.
    if (refusal !== undefined) return refusal;
    const people = await services.identity.findByEmails(tx, caller.workspaceId, approvers);
    const opened = await services.approvals.open(tx, {
      ...toAsked(caller, prepared, decision, facts),
      purpose: 'request',
      description: toText(prepared),
      prose: description,
      requestedBy: toActor(caller),
      approvers: people.map(({ personId }) => personId),
      ...(expiresInMs === undefined ? {} : { expiresInMs }),
    });
    const known = new Set(people.map(({ email }) => email));
    const unknown = [...new Set(approvers.map(normalize))].filter((email) => !known.has(email));
    const named = unknown.map((email): Approver => ({ email, eligible: false, reason: STRANGER }));
    await requireEnough(tx, services, opened, people, named);
    return { strangers: named, approvalId: opened.approvalId };
  });
  if (answer instanceof AppError) throw answer;
  const view = await services.approvals.get(caller, answer.approvalId);
  return { ...view, approvers: [...view.approvers, ...answer.strangers] };
}

/** Asked under a lock: a stop that commits before this leaves no request behind. */
async function requireActing(tx: Tx, agentId: string): Promise<void> {
  const [agent] = await tx.query<{ name: string; status: string }>(
    'SELECT name, status FROM agent WHERE id = $1 FOR NO KEY UPDATE',
    [agentId],
  );
  if (agent?.status !== 'paused' && agent?.status !== 'stopped') return;
  const wayOn =
    agent.status === 'paused' ? 'Deploy it again with deploy_agent first.' : 'Make a new one with create_agent.';
  throw new AppError(
    'not_runnable',
    `The agent \`${agent.name}\` is ${agent.status}, so nobody is asked for it. ${wayOn}`,
  );
}

const STRANGER = 'nobody in this workspace has this address';

/** A request that those who were named cannot settle is refused at once; nothing is kept of it. */
async function requireEnough(
  tx: Tx,
  { approvals }: Services,
  { requirement, singleOperator, approvalId }: OpenedApproval,
  people: readonly (Reviewer & { readonly email: string })[],
  strangers: readonly Approver[],
): Promise<void> {
  const row = await approvals.lock(tx, approvalId);
  const eligibility = {
    conflicts: row?.conflicts ?? [],
    escalated: false,
    singleOperator: singleOperator === 'on',
    approvers: people.map(({ personId }) => personId),
  };
  const shortfall = findShortfall(requirement, eligibility, [], people);
  if (shortfall === undefined) return;
  const reasons = [
    ...people.map((person) => `${person.email}: ${WHY[mayReview(person, eligibility) ?? 'can']}`),
    ...strangers.map(({ email, reason }) => `${email}: ${reason ?? ''}`),
  ];
  throw new AppError(
    'not_eligible',
    `${toLack(shortfall)} ${reasons.join('; ')}. Name others: owners and approvers who neither asked for it nor made the agent.`,
  );
}

function toLack({ quorum, left, missing }: Shortfall): string {
  const count = left === 0 ? 'None of the approvers can' : `Only ${left} of the approvers can`;
  const few = left < quorum ? [`${count} answer this request; ${quorum} must approve it.`] : [];
  const groups = missing.map(
    ({ group, count: open }) =>
      `Of those who approve it ${open} must be of the group \`${group}\`, and of the approvers who can answer not enough are.`,
  );
  return [...few, ...groups].join(' ');
}

const WHY = {
  can: 'can answer',
  self_review: 'asked for it, or made the agent or the key',
  not_eligible: 'is not an active owner or approver',
} as const;

function normalize(email: string): string {
  return email.trim().toLowerCase();
}

function toText({ request, target }: Prepared): string {
  return target === '' ? request.type : `${request.type} ${target}`;
}
