import type { JsonObject } from '../../kernel/json.ts';
import type { Tx } from '../../platform/db/index.ts';
import { record } from './record.ts';
import type { ApprovalRow } from './row.ts';
import type { ApprovalServices } from './services.ts';

export interface Refusal {
  readonly kind: 'review_refused' | 'cancel_refused' | 'revoke_refused';
  readonly actor: string;
  readonly data: JsonObject;
}

const RECORDED_EACH = 20;

/** Every attempt is counted; in the history and the record are each of somebody's first 20, then the hundredth, the thousandth and so on: nobody fills them. */
export async function recordRefusal(
  tx: Tx,
  services: ApprovalServices,
  row: ApprovalRow,
  { kind, actor, data }: Refusal,
): Promise<void> {
  const [counted] = await tx.query<{ attempts: number }>(
    `INSERT INTO approval_refusal AS r (request_id, actor, attempts) VALUES ($1, $2, 1)
     ON CONFLICT (request_id, actor) DO UPDATE SET attempts = r.attempts + 1 RETURNING attempts`,
    [row.id, actor],
  );
  const attempts = counted?.attempts ?? 1;
  if (attempts > RECORDED_EACH && !/^10{2,}$/.test(String(attempts))) return;
  await record(tx, services, row, { kind, actor, data: attempts < RECORDED_EACH ? data : { ...data, attempts } });
}
