import { cutText } from '../../kernel/json.ts';
import type { Tx } from '../../platform/db/index.ts';
import { AppError, SendFailure } from '../../platform/errors/index.ts';
import type { Card, Notice } from './card.ts';
import type { Channel, ProviderRef } from './channel.ts';
import { toDelivery, type Delivery, type DeliveryRow } from './delivery.ts';
import { deliveryDueJob } from './jobs.ts';
import type { NotificationServices } from './services.ts';
import { findTurn, takeTurn, type Wanted } from './turn.ts';

/** What a delivery says now; undefined: there is nothing to say any more. */
export type ToContent = (delivery: Delivery) => Promise<Card | Notice | undefined>;

/** Long enough together to outlast an hour in which a server is away. */
const BACKOFF_SECONDS = [5, 15, 45, 120, 300, 600, 600, 600, 600, 600, 600, 600];
/** A try that nobody ended is taken up again. */
const LEASE = '60 seconds';
const MAX_COPIES = 2;
const MAX_WAIT_MS = 3_600_000;
const MAX_AGE_MS = 24 * 3_600_000;
/** A server that does not answer holds so many workers at most, and all servers together so many: runs and answers go on. */
const AT_ONCE = 2;
const ALL_AT_ONCE = 3;
/** Between the look at what is due and its claim another process may be faster. */
const TAKES = 3;

const busy = new WeakMap<Channel, number>();

/** One try of one delivery of this channel, if one is due: of this one, or of an agent whose turn it is before. */
export async function attemptDelivery(
  services: NotificationServices,
  deliveryId: string,
  toContent: ToContent,
): Promise<void> {
  const { db, channels } = services;
  const [wanted] = await db.query<Wanted & { readonly channel: string }>(
    `SELECT id, agent_id AS "agentId", channel FROM delivery WHERE id = $1 AND status = 'pending' AND not_before <= app_now()`,
    [deliveryId],
  );
  const channel = channels.find(({ kind }) => kind === wanted?.channel);
  if (wanted === undefined || channel === undefined) return;
  const all = channels.reduce((sum, each) => sum + (busy.get(each) ?? 0), 0);
  if ((busy.get(channel) ?? 0) >= AT_ONCE || all >= ALL_AT_ONCE) return;
  busy.set(channel, (busy.get(channel) ?? 0) + 1);
  try {
    const delivery = await take(services, channel, wanted);
    if (delivery !== undefined) await attempt(services, channel, delivery, toContent);
  } finally {
    busy.set(channel, (busy.get(channel) ?? 1) - 1);
  }
  await callNext(services, channel);
}

/** What found no place above gets a new job, so that jobs of other kinds come in between. Without a key: the old one may be just about to give way. */
async function callNext({ db, outbox }: NotificationServices, channel: Channel): Promise<void> {
  const next = await findTurn({ db }, channel);
  if (next === undefined) return;
  await db.transaction((tx) => outbox.add(tx, deliveryDueJob, { deliveryId: next.id }));
}

async function attempt(
  services: NotificationServices,
  channel: Channel,
  delivery: Delivery,
  toContent: ToContent,
): Promise<void> {
  let ref: ProviderRef | undefined;
  try {
    const content = await toContent(delivery);
    if (content !== undefined) ref = await send(channel, delivery, content);
  } catch (error) {
    return settle(services, channel, delivery, toFailure(error));
  }
  // Not a failure to send: what was taken and cannot be noted stays in doubt, so that it is looked for before it is sent again.
  return ref === undefined ? finish(services, delivery, 'skipped') : finish(services, delivery, 'sent', { ref });
}

async function take(services: NotificationServices, channel: Channel, wanted: Wanted): Promise<Delivery | undefined> {
  for (let takes = 0; takes < TAKES; takes++) {
    const id = await takeTurn(services, channel, takes === 0 ? wanted : undefined);
    if (id === undefined) return undefined;
    const [row] = await services.db.query<DeliveryRow>(
      `UPDATE delivery SET attempts = attempts + 1, in_doubt = in_doubt + 1, not_before = app_now() + interval '${LEASE}'
       WHERE id = $1 AND status = 'pending' AND not_before <= app_now() RETURNING *`,
      [id],
    );
    if (row !== undefined) return toDelivery({ ...row, in_doubt: row.in_doubt - 1 });
  }
  return undefined;
}

async function send(channel: Channel, delivery: Delivery, content: Card | Notice): Promise<ProviderRef> {
  if (delivery.kind === 'updated') {
    if (channel.update === undefined || delivery.providerRef === undefined || content.kind !== 'request')
      throw new SendFailure('refused', 'cannot be updated');
    await channel.update(content, delivery.providerRef);
    return delivery.providerRef;
  }
  const { id: deliveryId, address, createdAt, inDoubt } = delivery;
  const envelope = { deliveryId, address, createdAt, inDoubt };
  if (inDoubt > 0) {
    const found = await lookFor(channel, envelope);
    if (found !== undefined) return found;
  }
  return channel.send(content, envelope);
}

/** An earlier copy, if the server can say; where it cannot, a second copy is risked and no third. */
async function lookFor(channel: Channel, envelope: Parameters<Channel['send']>[1]): Promise<ProviderRef | undefined> {
  const cannotSay = (): undefined => {
    if (envelope.inDoubt >= MAX_COPIES) throw new SendFailure('refused', 'may have arrived twice');
  };
  if (channel.find === undefined) return cannotSay();
  try {
    return await channel.find(envelope);
  } catch (error) {
    const { kind, message, afterMs } = toFailure(error);
    if (kind === 'refused') return cannotSay();
    // Nothing was sent by asking.
    throw new SendFailure(kind === 'limited' ? 'limited' : 'later', message, { afterMs, cause: error });
  }
}

function toFailure(error: unknown): SendFailure {
  if (error instanceof SendFailure) return error;
  return new SendFailure(error instanceof AppError ? 'refused' : 'later', 'error', { cause: error });
}

async function finish(
  { db, outbox }: NotificationServices,
  { id }: Delivery,
  status: 'sent' | 'skipped' | 'failed',
  { ref, error }: { readonly ref?: ProviderRef; readonly error?: string } = {},
): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(
      `UPDATE delivery SET status = $2, sent_at = CASE WHEN $2 = 'sent' THEN app_now() END, provider_ref = coalesce($3, provider_ref),
         error = $4, in_doubt = CASE WHEN $2 = 'failed' THEN in_doubt ELSE 0 END WHERE id = $1 AND status = 'pending'`,
      [id, status, ref === undefined ? null : JSON.stringify(ref), error ?? null],
    );
    await tx.query(
      `UPDATE delivery SET status = $2, sent_at = CASE WHEN $2 = 'sent' THEN app_now() END, error = $3
       WHERE digest_id = $1 AND status = 'pending'`,
      [id, status, error ?? null],
    );
    if (status !== 'sent') return;
    // Decided while it was on its way: what was sent as open says so.
    const late = await tx.query<{ id: string }>(
      `INSERT INTO delivery (id, workspace_id, approval_id, agent_id, kind, channel, person_id, address, dedupe, not_before, provider_ref)
       SELECT gen_random_uuid(), d.workspace_id, d.approval_id, d.agent_id, 'updated', d.channel, d.person_id, d.address,
         'updated:' || r.status || ':' || d.id, app_now(), d.provider_ref
       FROM delivery d JOIN approval_request r ON r.id = d.approval_id
       WHERE d.id = $1 AND d.channel = 'slack' AND d.kind IN ('asked', 'reminded', 'escalated') AND r.status <> 'pending'
       ON CONFLICT (dedupe) DO NOTHING RETURNING id`,
      [id],
    );
    for (const row of late) await outbox.add(tx, deliveryDueJob, { deliveryId: row.id }, `${row.id} 0`);
  });
}

async function settle(
  services: NotificationServices,
  channel: Channel,
  delivery: Delivery,
  failure: SendFailure,
): Promise<void> {
  const { kind, message } = failure;
  const { id, attempts } = delivery;
  const error = cutText(message, 200);
  services.log.warn({ deliveryId: id, channel: channel.kind, failure: kind, error }, 'a notice was not delivered');
  const isDoubted = kind === 'in_doubt' && delivery.kind !== 'updated';
  const copies = delivery.inDoubt + (isDoubted ? 1 : 0);
  const [clock] = await services.db.query<{ now: Date }>('SELECT app_now() AS now');
  const isOld = (clock?.now.getTime() ?? 0) - delivery.createdAt.getTime() > MAX_AGE_MS;
  const isLast = kind === 'limited' ? isOld : attempts >= BACKOFF_SECONDS.length;
  const isStuck = isDoubted && channel.find === undefined && copies >= MAX_COPIES;
  if (kind === 'refused' || isLast || isStuck) return finish(services, delivery, 'failed', { error });
  const waitMs =
    kind === 'limited'
      ? Math.min(Math.max(failure.afterMs, 1000), MAX_WAIT_MS)
      : (BACKOFF_SECONDS[attempts - 1] ?? 600) * 1000;
  await services.db.transaction(async (tx) => {
    // A try that outlived its lease counts as one in doubt already, and says no more about those that came after it.
    const [row] = await tx.query<{ not_before: Date }>(
      `UPDATE delivery SET attempts = $2, in_doubt = $3, error = $4, not_before = app_now() + make_interval(secs => $5 / 1000.0)
       WHERE id = $1 AND status = 'pending' AND attempts = $6 RETURNING not_before`,
      [id, kind === 'limited' ? attempts - 1 : attempts, copies, error, waitMs, attempts],
    );
    if (row === undefined) return;
    if (kind === 'limited') await putOffOthers(tx, delivery, row.not_before);
    const key = `${id} ${row.not_before.getTime()}`;
    await services.outbox.add(tx, deliveryDueJob, { deliveryId: id }, { key, dueAt: row.not_before });
  });
}

/** The server counts what goes to one place: the rest waits with this one, without asking it once for each. Nobody waits here for who does the same. */
async function putOffOthers(tx: Tx, { id, channel, address }: Delivery, until: Date): Promise<void> {
  await tx.query(
    `UPDATE delivery SET not_before = $4 WHERE id IN (SELECT id FROM delivery
       WHERE channel = $1 AND address = $2 AND status = 'pending' AND id <> $3 AND not_before < $4 AND kind <> 'updated'
       FOR NO KEY UPDATE SKIP LOCKED)`,
    [channel, address, id, until],
  );
}
