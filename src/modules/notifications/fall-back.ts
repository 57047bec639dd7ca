import type { Tx } from '../../platform/db/index.ts';
import type { ChannelKind } from './channel.ts';
import { planFallback, planNotices, type Addressee } from './plan.ts';
import type { NotificationServices } from './services.ts';

const LATE = '5 minutes';
const BATCH = 100;

interface LateRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly approval_id: string | null;
  readonly agent_id: string | null;
  readonly kind: 'asked' | 'escalated' | 'digest';
  readonly channel: ChannelKind;
  readonly person_id: string | null;
  readonly is_open: boolean | null;
}

interface Other {
  readonly personId: string;
  readonly channel: ChannelKind;
  readonly address: string;
}

/** Who hears that people cannot be reached. */
export type FindOwners = (tx: Tx, workspaceId: string) => Promise<readonly Addressee[]>;

/** Notices that have not left after five minutes go by the other channel of that person; where nothing is left, the owners hear of it. */
export async function fallBack(services: NotificationServices, findOwners: FindOwners): Promise<void> {
  await services.db.transaction(async (tx) => {
    const rows = await tx.query<LateRow>(
      `SELECT d.id, d.workspace_id, d.approval_id, d.agent_id, d.kind, d.channel, d.person_id, r.status = 'pending' AS is_open
       FROM delivery d LEFT JOIN approval_request r ON r.id = d.approval_id
       WHERE d.kind IN ('asked', 'escalated', 'digest') AND d.status IN ('pending', 'failed') AND d.fell_back_at IS NULL
         AND d.digest_id IS NULL AND d.created_at < app_now() - interval '${LATE}'
       ORDER BY d.created_at LIMIT ${BATCH} FOR UPDATE OF d SKIP LOCKED`,
    );
    if (rows.length === 0) return;
    await tx.query('UPDATE delivery SET fell_back_at = app_now() WHERE id = ANY($1::uuid[])', [
      rows.map(({ id }) => id),
    ]);
    for (const row of rows) await takeOther(tx, services, row, findOwners);
  });
}

async function takeOther(tx: Tx, services: NotificationServices, row: LateRow, findOwners: FindOwners): Promise<void> {
  const { workspace_id: workspaceId, approval_id: approvalId, agent_id: agentId, kind } = row;
  if (kind === 'digest' || approvalId === null || agentId === null) return fallBackDigest(tx, services, row);
  if (row.is_open !== true) return;
  const plan = { workspaceId, approvalId, agentId, kind };
  const other = await findOther(tx, services, row);
  if (other !== undefined && !(await isPlanned(tx, row, other)) && (await planFallback(tx, services, plan, other)))
    return;
  const [reached] = await tx.query<{ reached: boolean }>(
    `SELECT EXISTS (SELECT FROM delivery WHERE approval_id = $1 AND id <> $2 AND kind IN ('asked', 'escalated', 'reminded')
       AND (status = 'sent' OR (status = 'pending' AND fell_back_at IS NULL))
       AND ($3::uuid IS NULL OR person_id = $3 OR person_id IS NULL)) AS reached`,
    [approvalId, row.id, row.person_id],
  );
  if (reached?.reached === true) return;
  await record(tx, services, row);
  await planNotices(tx, services, {
    ...{ workspaceId, approvalId, agentId, kind: 'alert', round: 'unreached' },
    people: await findOwners(tx, workspaceId),
  });
}

/** Who is told by both channels at once needs no second notice by the one that works. */
async function isPlanned(tx: Tx, row: LateRow, other: Pick<Other, 'personId' | 'channel'>): Promise<boolean> {
  const rows = await tx.query(
    'SELECT FROM delivery WHERE approval_id = $1 AND kind = $2 AND channel = $3 AND person_id = $4 LIMIT 1',
    [row.approval_id, row.kind, other.channel, other.personId],
  );
  return rows.length > 0;
}

/** Of a digest that does not leave, the oldest request still open goes by the other channel: its page leads to the rest. */
async function fallBackDigest(tx: Tx, services: NotificationServices, row: LateRow): Promise<void> {
  const [first] = await tx.query<{ approval_id: string; agent_id: string }>(
    `SELECT d.approval_id, d.agent_id FROM delivery d JOIN approval_request r ON r.id = d.approval_id
     WHERE d.digest_id = $1 AND r.status = 'pending' ORDER BY d.created_at LIMIT 1`,
    [row.id],
  );
  const other = await findOther(tx, services, row);
  if (first === undefined) return;
  const { approval_id: approvalId, agent_id: agentId } = first;
  const plan = { workspaceId: row.workspace_id, approvalId, agentId, kind: 'asked' } as const;
  if (other === undefined || !(await planFallback(tx, services, plan, other))) await record(tx, services, row);
}

async function findOther(
  tx: Tx,
  { channels }: NotificationServices,
  { channel, person_id: personId }: LateRow,
): Promise<Other | undefined> {
  const other = channels.find(({ kind, isConfigured }) => kind !== channel && isConfigured);
  if (other === undefined || personId === null) return undefined;
  const sql =
    other.kind === 'email'
      ? 'SELECT email AS address FROM person WHERE id = $1 AND active'
      : 'SELECT user_id AS address FROM slack_identity WHERE person_id = $1 AND ended_at IS NULL';
  const [found] = await tx.query<{ address: string }>(sql, [personId]);
  return found === undefined ? undefined : { personId, channel: other.kind, address: found.address };
}

async function record(tx: Tx, { audit }: NotificationServices, row: LateRow): Promise<void> {
  await audit.append(tx, {
    workspaceId: row.workspace_id,
    kind: 'delivery.failed',
    actor: 'system',
    outcome: 'failed',
    ...(row.agent_id === null ? {} : { agentId: row.agent_id }),
    data: {
      deliveryId: row.id,
      channel: row.channel,
      notice: row.kind,
      ...(row.approval_id === null ? {} : { approvalId: row.approval_id }),
      ...(row.person_id === null ? {} : { personId: row.person_id }),
    },
  });
}
