import { randomUUID } from 'node:crypto';
import type { Tx } from '../../platform/db/index.ts';
import type { ChannelKind } from './channel.ts';
import type { DeliveryKind } from './delivery.ts';
import { deliveryDueJob } from './jobs.ts';
import type { NotificationServices } from './services.ts';

export interface Addressee {
  readonly personId: string;
  readonly email: string;
}

/** What people are to hear of. */
export interface NoticePlan {
  readonly workspaceId: string;
  readonly approvalId: string;
  readonly agentId: string;
  readonly kind: Exclude<DeliveryKind, 'digest' | 'updated'>;
  /** Tells notices of one kind about one request apart: the same is planned once. */
  readonly round: string;
  readonly people: readonly Addressee[];
}

interface Target {
  readonly personId: string | null;
  readonly channel: ChannelKind;
  readonly address: string;
}

/** So many notices of one kind come on their own to one address in two minutes; more come together, a minute later. */
const SINGLE = 5;
const DIGEST_AFTER = '1 minute';
const COUNTED = 200;

/** Writes a delivery for each address of each channel; they go out after the transaction has committed. */
export async function planNotices(tx: Tx, services: NotificationServices, plan: NoticePlan): Promise<void> {
  const targets = await findTargets(tx, services, plan.people);
  if (targets.length === 0) return;
  const crowded = plan.kind === 'alert' ? new Set<string>() : await findCrowded(tx, plan, targets);
  for (const target of targets) {
    const digestId = crowded.has(toKey(target)) ? await joinDigest(tx, services, plan, target) : undefined;
    await insertDelivery(tx, services, plan, target, digestId);
  }
}

/** Mail for everybody; in Slack one room, or each person who is linked. */
async function findTargets(
  tx: Tx,
  { channels, config }: NotificationServices,
  people: readonly Addressee[],
): Promise<Target[]> {
  if (people.length === 0) return [];
  const has = (kind: ChannelKind): boolean => channels.some((channel) => channel.kind === kind && channel.isConfigured);
  const mails = has('email')
    ? people
        .filter(({ email }) => hasMailbox(email))
        .map(({ personId, email }): Target => ({ personId, channel: 'email', address: email }))
    : [];
  if (!has('slack')) return mails;
  if (config.slackChannel !== undefined)
    return [...mails, { personId: null, channel: 'slack', address: config.slackChannel }];
  const linked = await tx.query<{ person_id: string; user_id: string }>(
    'SELECT person_id, user_id FROM slack_identity WHERE person_id = ANY($1::uuid[]) AND ended_at IS NULL ORDER BY person_id',
    [people.map(({ personId }) => personId)],
  );
  return [
    ...mails,
    ...linked.map(({ person_id, user_id }): Target => ({ personId: person_id, channel: 'slack', address: user_id })),
  ];
}

/** The person at this machine was never asked for an address. */
function hasMailbox(email: string): boolean {
  return !email.endsWith('@localhost');
}

function toKey({ channel, address }: Pick<Target, 'channel' | 'address'>): string {
  return `${channel} ${address}`;
}

/** Where too many wait already. Each of up to five agents keeps its share, so that one that asks much does not drown the others. */
async function findCrowded(tx: Tx, plan: NoticePlan, targets: readonly Target[]): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ channel: ChannelKind; address: string; total: number; own: number; others: number }>(
    `SELECT t.channel, t.address, s.* FROM unnest($1::text[], $2::text[]) AS t (channel, address), LATERAL (
       SELECT count(*)::int AS total, count(*) FILTER (WHERE agent_id = $5)::int AS own,
         count(DISTINCT agent_id) FILTER (WHERE agent_id <> $5)::int AS others
       FROM (SELECT d.agent_id FROM delivery d JOIN approval_request r ON r.id = d.approval_id
         WHERE d.workspace_id = $3 AND d.channel = t.channel AND d.address = t.address AND d.kind = $4
           AND d.kind IN ('asked', 'reminded', 'escalated') AND d.created_at > app_now() - interval '2 minutes'
           AND d.approval_id <> $6 AND r.status = 'pending' AND (d.kind <> 'asked' OR r.created_at > app_now() - interval '2 minutes')
         ORDER BY d.created_at DESC LIMIT ${COUNTED}) AS recent) AS s`,
    [
      targets.map(({ channel }) => channel),
      targets.map(({ address }) => address),
      plan.workspaceId,
      plan.kind,
      plan.agentId,
      plan.approvalId,
    ],
  );
  return new Set(rows.filter(isCrowded).map(toKey));
}

export function isCrowded({ total, own, others }: { total: number; own: number; others: number }): boolean {
  const agents = others + 1;
  const share = agents > SINGLE ? 0 : Math.max(1, Math.floor(SINGLE / agents));
  return total >= SINGLE && own >= share;
}

/** The digest of this address that has not gone out yet, locked until this transaction ends, so that it cannot go out without this one. */
async function joinDigest(tx: Tx, services: NotificationServices, plan: NoticePlan, target: Target): Promise<string> {
  const id = randomUUID();
  const [row] = await tx.query<{ id: string; not_before: Date }>(
    `INSERT INTO delivery (id, workspace_id, kind, channel, person_id, address, dedupe, not_before)
     VALUES ($1, $2, 'digest', $3, $4, $5, $6, app_now() + interval '${DIGEST_AFTER}')
     ON CONFLICT (workspace_id, channel, address) WHERE kind = 'digest' AND status = 'pending' AND attempts = 0
     DO UPDATE SET address = excluded.address RETURNING id, not_before`,
    [id, plan.workspaceId, target.channel, target.personId, target.address, `digest:${id}`],
  );
  if (row === undefined) throw new Error('the database kept no digest');
  if (row.id === id)
    await services.outbox.add(tx, deliveryDueJob, { deliveryId: id }, { key: `${id} 0`, dueAt: row.not_before });
  return row.id;
}

async function insertDelivery(
  tx: Tx,
  services: NotificationServices,
  { workspaceId, approvalId, agentId, kind, round }: NoticePlan,
  { personId, channel, address }: Target,
  digestId: string | undefined,
): Promise<boolean> {
  const [row] = await tx.query<{ id: string }>(
    `INSERT INTO delivery (id, workspace_id, approval_id, agent_id, kind, channel, person_id, address, dedupe, digest_id, not_before)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, CASE WHEN $10::uuid IS NULL THEN app_now() END)
     ON CONFLICT (dedupe) DO NOTHING RETURNING id`,
    [
      ...[randomUUID(), workspaceId, approvalId, agentId, kind, channel, personId, address],
      `${kind}:${round}:${approvalId}:${channel}:${address}`,
      digestId ?? null,
    ],
  );
  if (row !== undefined && digestId === undefined)
    await services.outbox.add(tx, deliveryDueJob, { deliveryId: row.id }, `${row.id} 0`);
  return row !== undefined;
}

/** One delivery more for somebody whom another channel did not reach; false: it was planned before. */
export async function planFallback(
  tx: Tx,
  services: NotificationServices,
  plan: Omit<NoticePlan, 'people' | 'round'>,
  target: Target,
): Promise<boolean> {
  return insertDelivery(tx, services, { ...plan, people: [], round: 'fallback' }, target, undefined);
}

/** What was sent and can change shows how the request stands now. `state` is planned once for each message. */
export async function planUpdates(
  tx: Tx,
  services: NotificationServices,
  { workspaceId, approvalId, state }: { workspaceId: string; approvalId: string; state: string },
): Promise<void> {
  const rows = await tx.query<{ id: string }>(
    `INSERT INTO delivery (id, workspace_id, approval_id, agent_id, kind, channel, person_id, address, dedupe, not_before, provider_ref)
     SELECT gen_random_uuid(), workspace_id, approval_id, agent_id, 'updated', channel, person_id, address,
       'updated:' || $3 || ':' || id, app_now(), provider_ref
     FROM delivery WHERE approval_id = $1 AND workspace_id = $2 AND channel = 'slack' AND status = 'sent' AND provider_ref ? 'ts'
       AND kind IN ('asked', 'reminded', 'escalated')
     ON CONFLICT (dedupe) DO NOTHING RETURNING id`,
    [approvalId, workspaceId, state],
  );
  for (const { id } of rows) await services.outbox.add(tx, deliveryDueJob, { deliveryId: id }, `${id} 0`);
}
