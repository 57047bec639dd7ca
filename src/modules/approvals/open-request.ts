import { randomUUID } from 'node:crypto';
import { couldReview } from '../../kernel/approval/may-review.ts';
import { toRequirement } from '../../kernel/approval/to-requirement.ts';
import { toStorable, toStorableJson } from '../../kernel/json.ts';
import type { Tx } from '../../platform/db/index.ts';
import type { OpenedApproval, OpenRequest } from './approval.ts';
import { listAsked } from './eligibility.ts';
import { readClock } from './lock.ts';
import { toObstacle } from './obstacle.ts';
import { record } from './record.ts';
import { toRow, type ApprovalRow, type SqlRow } from './row.ts';
import { readPanel, type ApprovalServices, type Panel } from './services.ts';
import { planTimers, setTimers } from './timers.ts';

const HOUR_MS = 3_600_000;
const DEFAULT_EXPIRES_IN_MS = 24 * HOUR_MS;

/** Writes the request before anybody can hear of it. */
export async function openRequest(tx: Tx, services: ApprovalServices, request: OpenRequest): Promise<OpenedApproval> {
  const requirement = toRequirement(
    { risk: request.risk, purpose: request.purpose, raises: request.ruleRequirements },
    await services.identity.quorums(tx, request.workspaceId),
  );
  const row = await insert(tx, request, JSON.stringify(requirement), requirement.quorum);
  await setTimers(tx, services, row, planTimers(row));
  const panel = await readPanel(services, tx, row.workspaceId);
  await record(tx, services, row, {
    kind: 'opened',
    actor: row.requestedBy,
    data: {
      purpose: row.purpose,
      risk: row.risk,
      requiredApprovals: requirement.quorum,
      asked: listAsked(row, panel).length,
      ...(panel.singleOperator ? { singleOperator: true } : {}),
    },
  });
  return toOpened(row, panel, toObstacle(row, panel, []));
}

/** What whoever asked is told of a request: who can answer it is asked now, not remembered. */
export function toOpened(row: ApprovalRow, panel: Panel, obstacle?: string): OpenedApproval {
  const { id: approvalId, expiresAt, requirement } = row;
  const asked = listAsked(row, panel);
  const offered = asked.length === 0 && panel.isAlone;
  const singleOperator = panel.singleOperator ? 'on' : offered ? 'offered' : 'off';
  const alone = offered ? panel.people.find(couldReview)?.email : undefined;
  const said = obstacle === undefined ? {} : { obstacle };
  const opened = { approvalId, expiresAt, requirement, asked, singleOperator, ...said } as const;
  return alone === undefined ? opened : { ...opened, alone };
}

const COLUMNS = `id, workspace_id, agent_id, run_id, action_id, action_type, params, action_hash, description, status, risk_level,
  required_approvals, requested_by, created_at, expires_at, purpose, on_behalf_of, conflicts, approvers, requirement, prose, evidence,
  target`;

async function insert(tx: Tx, request: OpenRequest, requirement: string, quorum: number): Promise<ApprovalRow> {
  const now = await readClock(tx);
  const values = [
    randomUUID(),
    request.workspaceId,
    request.agentId,
    request.runId ?? null,
    request.actionId ?? null,
    request.actionType,
    request.params,
    request.actionHash,
    toStorable(request.description),
    'pending',
    request.risk,
    quorum,
    request.requestedBy,
    now,
    new Date(now.getTime() + Math.round(request.expiresInMs ?? DEFAULT_EXPIRES_IN_MS)),
    request.purpose,
    request.onBehalfOf,
    [...new Set([request.onBehalfOf, ...request.conflicts])],
    request.approvers ?? null,
    requirement,
    request.prose === undefined ? null : toStorable(request.prose),
    toStorableJson(request.evidence),
    toStorable(request.target),
  ];
  const [row] = await tx.query<SqlRow>(
    `INSERT INTO approval_request (${COLUMNS}) VALUES (${values.map((_, i) => `$${i + 1}`).join(', ')}) RETURNING *`,
    values,
  );
  if (row === undefined) throw new Error('the database kept no approval request');
  return toRow(row, now);
}
