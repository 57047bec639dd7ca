import type { ApprovalStatus } from '../../kernel/approval/model.ts';
import { toStorableJson, type JsonObject } from '../../kernel/json.ts';
import type { Tx } from '../../platform/db/index.ts';
import { announce } from './announce.ts';
import type { AuditOutcome } from '../audit/index.ts';
import type { ApprovalRow } from './row.ts';
import type { ApprovalServices } from './services.ts';

export type EventKind =
  | 'opened'
  | 'reviewed'
  | 'review_refused'
  | 'cancel_refused'
  | 'revoke_refused'
  | 'reminded'
  | 'escalated'
  | Exclude<ApprovalStatus, 'pending'>;

export interface Happening {
  readonly kind: EventKind;
  readonly actor: string;
  readonly data?: JsonObject;
}

const OUTCOMES: Partial<Record<EventKind, AuditOutcome>> = {
  opened: 'held',
  reviewed: 'succeeded',
  reminded: 'succeeded',
  escalated: 'succeeded',
  approved: 'allowed',
  consumed: 'succeeded',
};

/** Writes what happened into the history of the request and into the record. Words of people stay in the history. */
export async function record(
  tx: Tx,
  services: ApprovalServices,
  row: ApprovalRow,
  { kind, actor, data = {} }: Happening,
): Promise<void> {
  await tx.query('INSERT INTO approval_event (request_id, at, kind, actor, data) VALUES ($1, $2, $3, $4, $5)', [
    row.id,
    row.now,
    kind,
    actor,
    toStorableJson(data),
  ]);
  const { reason, ...counts } = data;
  await services.audit.appendAt(tx, row.now, {
    workspaceId: row.workspaceId,
    kind: kind === 'opened' ? 'approval.requested' : `approval.${kind}`,
    actor,
    outcome: OUTCOMES[kind] ?? 'denied',
    agentId: row.agentId,
    ...(row.runId === undefined ? {} : { runId: row.runId }),
    data: {
      approvalId: row.id,
      action: row.actionType,
      actionHash: row.actionHash,
      ...counts,
      ...(reason === undefined ? {} : { hasReason: true }),
    },
  });
  await announce(tx, services, row, { kind, data });
}
