import type { ApprovalPurpose, ApprovalStatus } from '../../kernel/approval/model.ts';
import { toRunSources, toStepSources } from '../../kernel/run/transitions.ts';
import type { Tx } from '../../platform/db/index.ts';
import type { ApprovalRow } from '../approvals/index.ts';
import { resolveDeployment } from './deployment-approval.ts';
import { endRun } from './end-run.ts';
import { executeRunJob, type RunRow, type RunServices } from './run.ts';

interface Request {
  readonly purpose: ApprovalPurpose;
  readonly status: ApprovalStatus;
  readonly run_id: string | null;
}

/** A request was approved or has ended: what waited for it goes on or ends. May be called any number of times, by anybody. */
export async function resolve(services: RunServices, approvalId: string): Promise<void> {
  const [request] = await services.db.query<Request>(
    'SELECT purpose, status, run_id FROM approval_request WHERE id = $1',
    [approvalId],
  );
  if (request === undefined || request.status === 'pending') return;
  const { purpose, run_id: runId } = request;
  switch (purpose) {
    case 'request':
      return;
    case 'deployment':
      return resolveDeployment(services, approvalId);
    case 'action':
      if (runId !== null) return goOn(services, runId, approvalId);
      return request.status === 'approved' ? services.actions.carryOut(approvalId) : undefined;
    case 'effect_unknown':
      return runId === null ? confirm(services, approvalId) : goOn(services, runId, approvalId);
  }
}

/** That it happened, outside a run, changes only the record: the action stays unknown. */
async function confirm({ db, approvals }: RunServices, approvalId: string): Promise<void> {
  await db.transaction(async (tx) => {
    const row = await approvals.lock(tx, approvalId);
    if (row?.status === 'approved') await approvals.consume(tx, row);
  });
}

/** The waiting step goes on through its place, where it finds what people said; a request that came to nothing ends its run. */
async function goOn(services: RunServices, runId: string, approvalId: string): Promise<void> {
  await services.db.transaction(async (tx) => {
    const [run] = await tx.query<RunRow>(`SELECT * FROM run WHERE id = $1 AND status = 'waiting_approval' FOR UPDATE`, [
      runId,
    ]);
    const row = await services.approvals.lock(tx, approvalId);
    if (row === undefined || row.status === 'pending') return;
    const isQuestion = row.purpose === 'effect_unknown';
    if (isQuestion && row.status === 'approved') await services.approvals.consume(tx, row);
    const [step] = run === undefined ? [] : await findWaiting(tx, runId, approvalId);
    if (run === undefined || step === undefined) return;
    if (['approved', 'consumed'].includes(row.status) || (isQuestion && row.status === 'denied')) {
      await wake(tx, services, run, step.position, row);
    } else {
      await block(tx, services, run, step, row);
    }
  });
}

interface Waiting {
  readonly position: number;
  readonly name: string;
}

async function findWaiting(tx: Tx, runId: string, approvalId: string): Promise<Waiting[]> {
  return tx.query<Waiting>(
    `SELECT position, name FROM run_step WHERE approval_id = $2 AND run_id = $1 AND status = 'waiting_approval'`,
    [runId, approvalId],
  );
}

/** Nobody holds the run: whoever takes the job has it at once. */
async function wake(
  tx: Tx,
  { outbox }: RunServices,
  run: RunRow,
  position: number,
  { id, now }: ApprovalRow,
): Promise<void> {
  await tx.query(
    `UPDATE run_step SET status = 'running', error = NULL WHERE run_id = $1 AND position = $2 AND status = ANY($3)`,
    [run.id, position, toStepSources('running')],
  );
  await tx.query(
    `UPDATE run SET status = 'running', error = NULL, lease_until = $2 WHERE id = $1 AND status = ANY($3)`,
    [run.id, now, toRunSources('running')],
  );
  await outbox.add(tx, executeRunJob, { runId: run.id }, { key: `${run.id} ${id}` });
}

async function block(tx: Tx, services: RunServices, run: RunRow, step: Waiting, row: ApprovalRow): Promise<void> {
  const error = `approval_${row.status}: ${row.endReason ?? `the request is ${row.status}.`}`;
  await tx.query(
    `UPDATE run_step SET status = 'denied', error = $3, ended_at = $4 WHERE run_id = $1 AND position = $2 AND status = 'waiting_approval'`,
    [run.id, step.position, error, row.now],
  );
  const end = { status: 'blocked', error: `Step \`${step.name}\`: ${error}`, actor: row.endedBy ?? 'system' } as const;
  await endRun(tx, services.audit, row.now, run, end);
}
