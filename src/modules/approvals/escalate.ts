import type { Tx } from '../../platform/db/index.ts';
import { findObstacle } from './obstacle.ts';
import { listAsked } from './eligibility.ts';
import { record } from './record.ts';
import { toRow, type ApprovalRow, type SqlRow } from './row.ts';
import { readPanel, type ApprovalServices, type Panel } from './services.ts';

/** More people may answer from now on; what is needed stays. Whoever could not make it even so, the history says. */
export async function escalate(
  tx: Tx,
  services: ApprovalServices,
  row: ApprovalRow,
  panel: Panel,
): Promise<ApprovalRow> {
  const before = listAsked(row, panel);
  const owners = panel.people.filter(({ active, roles }) => active && roles.includes('owner'));
  const approvers =
    row.approvers === undefined ? null : [...new Set([...row.approvers, ...owners.map(({ personId }) => personId)])];
  const [changed] = await tx.query<SqlRow>(
    'UPDATE approval_request SET escalated_at = $2, approvers = $3 WHERE id = $1 RETURNING *',
    [row.id, row.now, approvers],
  );
  if (changed === undefined) throw new Error(`the approval request ${row.id} is gone`);
  const next = toRow(changed, row.now);
  const added = listAsked(next, panel).filter((email) => !before.includes(email)).length;
  const reason = await findObstacle(tx, next, panel);
  const data = { added, ...(reason === undefined ? {} : { reason }) };
  await record(tx, services, next, { kind: 'escalated', actor: 'system', data });
  return next;
}

/** A request that those who may answer cannot settle any more does not wait for its time: more people may answer at once. */
export async function escalateIfStuck(tx: Tx, services: ApprovalServices, row: ApprovalRow): Promise<ApprovalRow> {
  const panel = await readPanel(services, tx, row.workspaceId);
  const reason = await findObstacle(tx, row, panel);
  if (reason === undefined) return row;
  if (!row.escalated) return escalate(tx, services, row, panel);
  await record(tx, services, row, { kind: 'escalated', actor: 'system', data: { added: 0, reason } });
  return row;
}
