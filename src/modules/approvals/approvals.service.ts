import { cutText } from '../../kernel/json.ts';
import { Injectable } from '@nestjs/common';
import { toActor, type Caller } from '../../kernel/caller.ts';
import type { ReviewRefusal } from '../../kernel/approval/model.ts';
import type { Risk } from '../../kernel/policy/model.ts';
import { Config } from '../../platform/config/index.ts';
import { Database, type Tx } from '../../platform/db/index.ts';
import { AppError } from '../../platform/errors/index.ts';
import { Outbox } from '../../platform/queue/index.ts';
import { AuditService } from '../audit/index.ts';
import { IdentityService, type SignedIn } from '../identity/index.ts';
import { NotificationsService } from '../notifications/index.ts';
import { findBackpressure, type Backpressure } from './backpressure.ts';
import { findOwners, toContent } from './deliver.ts';
import { handleInteraction } from './slack-interaction.ts';
import type { ApprovalPage, ApprovalView, OpenedApproval, OpenRequest } from './approval.ts';
import { cancelRequest, endForAgent, revokeApproval, type Ended } from './end-request.ts';
import { fireAllDue, fireDue } from './fire-timers.ts';
import { listApprovals, type ApprovalList, type ListApprovalsQuery } from './list-approvals.ts';
import { end, lock } from './lock.ts';
import { findObstacle } from './obstacle.ts';
import { openRequest, toOpened } from './open-request.ts';
import { toRefusalText } from './refusal-text.ts';
import { reviewRequest, type ReviewRequest } from './review-request.ts';
import type { ApprovalRow } from './row.ts';
import { readPanel, type ApprovalServices } from './services.ts';
import { JOINED, SHOWN, toPage, toViews, type ShownRow } from './show.ts';
import { checkStanding, type StandingResult } from './standing.ts';

export interface PendingApproval {
  readonly id: string;
  readonly action: string;
  readonly description: string;
  readonly riskLevel: Risk;
  readonly requiredApprovals: number;
  readonly runId?: string;
  readonly createdAt: string;
  readonly expiresAt: string;
}

export type ReviewResult =
  | { readonly kind: 'answered'; readonly counted: boolean; readonly approval: ApprovalPage }
  | { readonly kind: 'refused'; readonly code: Exclude<ReviewRefusal, 'already_reviewed'>; readonly message: string };

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const SHOWN_PENDING = 50;

/** Requests that wait for people, their answers and their one ending. The database decides; the queue only wakes. */
@Injectable()
export class ApprovalsService {
  readonly #services: ApprovalServices;

  constructor(
    db: Database,
    audit: AuditService,
    identity: IdentityService,
    outbox: Outbox,
    config: Config,
    notifications: NotificationsService,
  ) {
    this.#services = { db, audit, identity, outbox, config, notifications };
  }

  /** Why people may not be asked for more of this agent now; asked before `open`, with the agent locked. Without a transaction: how it stands. */
  async findBackpressure(
    tx: Tx | undefined,
    of: { readonly workspaceId: string; readonly agentId: string },
  ): Promise<Backpressure | undefined> {
    return findBackpressure(tx ?? this.#services.db, of);
  }

  /** Asks people. What is asked never changes afterwards. */
  async open(tx: Tx, request: OpenRequest): Promise<OpenedApproval> {
    return openRequest(tx, this.#services, request);
  }

  /** What whoever asked is told of a request that waits. */
  async opened(tx: Tx, row: ApprovalRow): Promise<OpenedApproval> {
    const panel = await readPanel(this.#services, tx, row.workspaceId);
    return toOpened(row, panel, await findObstacle(tx, row, panel));
  }

  /** The request, locked, with the clock read after that; what is past its time has ended before it is returned. */
  async lock(tx: Tx, approvalId: string): Promise<ApprovalRow | undefined> {
    return lock(tx, this.#services, approvalId);
  }

  /** Leave that people gave in advance for exactly this action and that nobody used yet, locked. */
  async findApproved(tx: Tx, agentId: string, actionHash: string): Promise<ApprovalRow | undefined> {
    const rows = await tx.query<{ id: string }>(
      `SELECT id FROM approval_request WHERE agent_id = $1 AND action_hash = $2 AND status = 'approved' AND purpose = 'request'
       ORDER BY created_at, id`,
      [agentId, actionHash],
    );
    for (const { id } of rows) {
      const row = await this.lock(tx, id);
      if (row?.status === 'approved') return row;
    }
    return undefined;
  }

  /** Whether those who approved still may and still are enough; otherwise the approval has become `invalidated`. */
  async checkStanding(tx: Tx, row: ApprovalRow): Promise<StandingResult> {
    return checkStanding(tx, this.#services, row);
  }

  /** The approval is used up, by the action with this id. */
  async consume(tx: Tx, row: ApprovalRow, { actionId }: { readonly actionId?: string } = {}): Promise<void> {
    const data = actionId === undefined ? {} : { actionId };
    await end(tx, this.#services, row, { status: 'consumed', by: 'system', data });
  }

  /** What was approved does not hold any more. */
  async invalidate(tx: Tx, row: ApprovalRow, reason: string): Promise<void> {
    await end(tx, this.#services, row, { status: 'invalidated', by: 'system', reason });
  }

  /** A newer request takes the place of one that waits; false: it does not wait any more. */
  async supersede(tx: Tx, caller: Caller, approvalId: string, reason: string): Promise<boolean> {
    const row = await this.lock(tx, approvalId);
    if (row?.status !== 'pending') return false;
    await end(tx, this.#services, row, { status: 'superseded', by: toActor(caller), reason });
    return true;
  }

  /** The agent was stopped or paused: nothing of it waits, and no leave of it is left. */
  async endForAgent(tx: Tx, caller: Caller, agentId: string): Promise<void> {
    await endForAgent(tx, this.#services, caller, agentId);
  }

  /** One person's answer. The first that decides wins; every other one is told so. */
  async review(person: SignedIn, approvalId: string, review: ReviewRequest): Promise<ReviewResult> {
    const decision = UUID.test(approvalId)
      ? await this.#services.db.transaction((tx) => reviewRequest(tx, this.#services, person, approvalId, review))
      : undefined;
    if (decision === undefined) throw unknown(approvalId);
    if (decision.kind === 'refused' && decision.code !== 'already_reviewed') {
      const { code, row, reviewer, stepUp } = decision;
      return { kind: 'refused', code, message: toRefusalText(code, row, reviewer, stepUp) };
    }
    return { kind: 'answered', counted: decision.kind === 'counted', approval: await this.page(person, approvalId) };
  }

  /** Takes back an approval before it is used. */
  async revoke(person: SignedIn, approvalId: string, reason?: string): Promise<void> {
    await this.#end(approvalId, (tx) => revokeApproval(tx, this.#services, person, approvalId, reason));
  }

  /** Takes back a request that waits. */
  async cancel(who: Caller | SignedIn, approvalId: string, reason?: string): Promise<void> {
    await this.#end(approvalId, (tx) => cancelRequest(tx, this.#services, who, approvalId, reason));
  }

  /** Throws `not_found`. */
  async get(caller: Pick<Caller, 'workspaceId'>, approvalId: string): Promise<ApprovalView> {
    const { db } = this.#services;
    const rows = UUID.test(approvalId)
      ? await db.query<ShownRow>(`${SHOWN} FROM approval_request r ${JOINED} WHERE r.id = $1 AND r.workspace_id = $2`, [
          approvalId,
          caller.workspaceId,
        ])
      : [];
    const [view] = await toViews(this.#services, db, caller.workspaceId, rows);
    if (view === undefined) throw unknown(approvalId);
    return view;
  }

  /** The request as its page shows it to this person. */
  async page(person: SignedIn, approvalId: string): Promise<ApprovalPage> {
    const page = UUID.test(approvalId)
      ? await toPage(this.#services, this.#services.db, person, approvalId)
      : undefined;
    if (page === undefined) throw unknown(approvalId);
    return page;
  }

  /** One page, newest first. */
  async list(
    who: Pick<Caller, 'workspaceId' | 'personId'> | SignedIn,
    query: ListApprovalsQuery,
  ): Promise<ApprovalList> {
    return listApprovals(this.#services, who, query);
  }

  /** What waits for this agent, newest first, at most 50. */
  async listPending(agentId: string): Promise<PendingApproval[]> {
    const rows = await this.#services.db.query<{
      id: string;
      action_type: string;
      description: string;
      risk_level: Risk;
      required_approvals: number;
      run_id: string | null;
      created_at: Date;
      expires_at: Date;
    }>(
      `SELECT id, action_type, description, risk_level, required_approvals, run_id, created_at, expires_at FROM approval_request
       WHERE agent_id = $1 AND status = 'pending' ORDER BY created_at DESC LIMIT ${SHOWN_PENDING}`,
      [agentId],
    );
    return rows.map((row) => ({
      id: row.id,
      action: row.action_type,
      description: row.description,
      riskLevel: row.risk_level,
      requiredApprovals: row.required_approvals,
      ...(row.run_id === null ? {} : { runId: row.run_id }),
      createdAt: row.created_at.toISOString(),
      expiresAt: row.expires_at.toISOString(),
    }));
  }

  /** Does what time has brought about, for all requests; returns for how many. */
  async sweep(): Promise<number> {
    return fireAllDue(this.#services);
  }

  /** One try to tell somebody, if it is due: what the job of a delivery does. */
  async deliver(deliveryId: string): Promise<void> {
    await this.#services.notifications.attempt(deliveryId, (delivery) => toContent(this.#services, delivery));
  }

  /** What somebody pressed in Slack. */
  async handleInteraction(eventId: string): Promise<void> {
    await handleInteraction(this.#services, (person, id, review) => this.review(person, id, review), eventId);
  }

  /** Takes up what was lost of notices and of what came in. */
  async sweepNotices(): Promise<void> {
    await this.#services.notifications.sweep((tx, workspaceId) => findOwners(this.#services, tx, workspaceId));
  }

  /** The same for one request: what the job of a timer does. */
  async fireDue(approvalId: string): Promise<void> {
    await fireDue(this.#services, approvalId);
  }

  async #end(approvalId: string, work: (tx: Tx) => Promise<Ended | undefined>): Promise<void> {
    const ended = UUID.test(approvalId) ? await this.#services.db.transaction(work) : undefined;
    if (ended === undefined) throw unknown(approvalId);
    if (ended.kind === 'refused') throw ended.error;
  }
}

function unknown(approvalId: string): AppError {
  const shown = cutText(approvalId, 80);
  return new AppError(
    'not_found',
    `No approval request has the id \`${shown}\`. The list of approvals shows them all.`,
  );
}
