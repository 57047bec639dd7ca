import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { toActor, type Caller } from '../../kernel/caller.ts';
import type { Risk } from '../../kernel/policy/model.ts';
import { Database, type Tx } from '../../platform/db/index.ts';
import { AuditService, type AuditKind } from '../audit/index.ts';

export const DEFAULT_EXPIRES_IN_HOURS = 24;

/** What is asked: one exact action (or a deployment), identified by its hash. */
export interface HoldRequest {
  readonly workspaceId: string;
  readonly agentId: string;
  readonly runId?: string;
  readonly actionId?: string;
  readonly actionType: string;
  /** Canonical bytes of the params: what would be executed. */
  readonly params: Uint8Array;
  readonly actionHash: string;
  readonly description: string;
  readonly risk: Risk;
  readonly requiredApprovals: number;
  readonly requestedBy: string;
}

export interface Held {
  readonly approvalId: string;
  readonly actionId?: string;
  readonly expiresAt: Date;
}

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

interface OpenRow {
  readonly id: string;
  readonly action_id: string | null;
  readonly expires_at: Date;
}

const ENDED = 'id, workspace_id, agent_id, run_id, action_type';

/** A request that ended without an answer. */
interface EndedRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly agent_id: string;
  readonly run_id: string | null;
  readonly action_type: string;
}

interface PendingRow {
  readonly id: string;
  readonly action_type: string;
  readonly description: string;
  readonly risk_level: Risk;
  readonly required_approvals: number;
  readonly run_id: string | null;
  readonly created_at: Date;
  readonly expires_at: Date;
}

/**
 * Requests that wait for people. In this release a request is a row that expires: nobody can answer it yet, and nothing takes its
 * absence of an answer for a yes.
 */
@Injectable()
export class ApprovalsService {
  readonly #db: Database;
  readonly #audit: AuditService;

  constructor(db: Database, audit: AuditService) {
    this.#db = db;
    this.#audit = audit;
  }

  /** The request that already waits for exactly this action, if one does. */
  async findOpen(tx: Tx, agentId: string, actionHash: string): Promise<Held | undefined> {
    const [row] = await tx.query<OpenRow>(
      `SELECT id, action_id, expires_at FROM approval_request WHERE agent_id = $1 AND action_hash = $2 AND status = 'pending' FOR UPDATE`,
      [agentId, actionHash],
    );
    if (row === undefined) return undefined;
    // The lock came first: what the clock says now holds until the commit.
    const expired = await this.#expire(tx, [row.id]);
    return expired.length > 0 ? undefined : toHeld(row);
  }

  /** Opens a request, or returns the one already open for the same action. */
  async hold(tx: Tx, request: HoldRequest): Promise<Held> {
    const open = await this.findOpen(tx, request.agentId, request.actionHash);
    if (open !== undefined) return open;
    const [row] = await tx.query<OpenRow>(
      `INSERT INTO approval_request (id, workspace_id, agent_id, run_id, action_id, action_type, params, action_hash, description, status,
         risk_level, required_approvals, requested_by, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'pending', $10, $11, $12, app_now() + make_interval(hours => ${DEFAULT_EXPIRES_IN_HOURS}))
       ON CONFLICT (agent_id, action_hash) WHERE status = 'pending' DO NOTHING RETURNING id, action_id, expires_at`,
      [
        randomUUID(),
        request.workspaceId,
        request.agentId,
        request.runId ?? null,
        request.actionId ?? null,
        request.actionType,
        request.params,
        request.actionHash,
        request.description,
        request.risk,
        request.requiredApprovals,
        request.requestedBy,
      ],
    );
    // Somebody asked for the same action at the same moment: theirs is the request.
    if (row === undefined) return this.hold(tx, request);
    await this.#audit.append(tx, {
      workspaceId: request.workspaceId,
      kind: 'approval.requested',
      actor: request.requestedBy,
      outcome: 'held',
      agentId: request.agentId,
      ...(request.runId === undefined ? {} : { runId: request.runId }),
      data: {
        approvalId: row.id,
        action: request.actionType,
        actionHash: request.actionHash,
        risk: request.risk,
        requiredApprovals: request.requiredApprovals,
      },
    });
    return toHeld(row);
  }

  /** What waits for this agent, newest first, at most 50. */
  async listPending(agentId: string): Promise<PendingApproval[]> {
    const rows = await this.#db.query<PendingRow>(
      `SELECT id, action_type, description, risk_level, required_approvals, run_id, created_at, expires_at FROM approval_request
       WHERE agent_id = $1 AND status = 'pending' ORDER BY created_at DESC LIMIT 50`,
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

  /** One request as it stands; a request past its time is expired first. */
  async find(tx: Tx, approvalId: string): Promise<{ status: string; expiresAt: Date } | undefined> {
    await this.#expire(tx, [approvalId]);
    const [row] = await tx.query<{ status: string; expires_at: Date }>(
      'SELECT status, expires_at FROM approval_request WHERE id = $1',
      [approvalId],
    );
    return row === undefined ? undefined : { status: row.status, expiresAt: row.expires_at };
  }

  /** Cancels what waits for an agent that was stopped. */
  async cancelPending(tx: Tx, caller: Caller, agentId: string): Promise<void> {
    const rows = await tx.query<EndedRow>(
      `UPDATE approval_request SET status = 'cancelled', resolved_at = app_now() WHERE agent_id = $1 AND status = 'pending' RETURNING ${ENDED}`,
      [agentId],
    );
    await this.#recordEnd(tx, rows, 'approval.cancelled', toActor(caller));
  }

  /** Ends the requests whose time is over; returns how many. Called by the sweep of every process, safe to run twice. */
  async expireDue(): Promise<number> {
    return this.#db.transaction(async (tx) => {
      const due = await tx.query<{ id: string }>(
        `SELECT id FROM approval_request WHERE status = 'pending' AND expires_at <= app_now() ORDER BY expires_at LIMIT 200 FOR UPDATE SKIP LOCKED`,
      );
      return due.length === 0
        ? 0
        : (
            await this.#expire(
              tx,
              due.map((row) => row.id),
            )
          ).length;
    });
  }

  async #expire(tx: Tx, ids: string[]): Promise<string[]> {
    const rows = await tx.query<EndedRow>(
      `UPDATE approval_request SET status = 'expired', resolved_at = app_now()
       WHERE id = ANY($1::uuid[]) AND status = 'pending' AND expires_at <= app_now() RETURNING ${ENDED}`,
      [ids],
    );
    await this.#recordEnd(tx, rows, 'approval.expired', 'system');
    return rows.map((row) => row.id);
  }

  async #recordEnd(tx: Tx, rows: readonly EndedRow[], kind: AuditKind, actor: string): Promise<void> {
    for (const row of rows) {
      await this.#audit.append(tx, {
        workspaceId: row.workspace_id,
        kind,
        actor,
        outcome: 'denied',
        agentId: row.agent_id,
        ...(row.run_id === null ? {} : { runId: row.run_id }),
        data: { approvalId: row.id, action: row.action_type },
      });
    }
  }
}

function toHeld(row: OpenRow): Held {
  return {
    approvalId: row.id,
    expiresAt: row.expires_at,
    ...(row.action_id === null ? {} : { actionId: row.action_id }),
  };
}
