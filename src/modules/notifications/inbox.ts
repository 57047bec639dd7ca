import type { Tx } from '../../platform/db/index.ts';
import { toInteraction, type SlackInteraction } from './interaction.ts';
import { slackInteractionJob } from './jobs.ts';
import type { NotificationServices } from './services.ts';
import { APPROVE, DENY, DENY_FORM, toDenyForm } from './slack-blocks.ts';
import { isFromSlack, toEventKey, type SignedBody } from './verify-slack.ts';

export type Received = 'off' | 'refused' | 'taken';

/** A form can be opened for three seconds after the press; afterwards the person is told where to answer. */
const FORM_MS = 4_000;
const RETRY_AFTER = '20 seconds';
const GIVE_UP_AFTER = '15 minutes';
/** More is no press of a button. */
export const MAX_BYTES = 1024 * 1024;
const AUDIT_EVERY_MS = 60_000;

const refused = { count: 0, saidAt: Number.NEGATIVE_INFINITY };

/** Takes what Slack sends: checked, then stored once, with the job that handles it. Nothing is decided here. */
export async function receive(services: NotificationServices, signed: SignedBody): Promise<Received> {
  const { slackSigningSecret: secret } = services.config;
  if (secret === undefined) return 'off';
  const [clock] = await services.db.query<{ now: Date }>('SELECT app_now() AS now');
  if (
    clock === undefined ||
    signed.signature === undefined ||
    !isFromSlack(secret, signed, clock.now.getTime() / 1000)
  ) {
    await countRefused(services);
    return 'refused';
  }
  await keep(services, toEventKey(signed.signature), signed.body, clock.now);
  return 'taken';
}

/** The same over the socket, to which only Slack writes. Resolves when it is stored; the same press is the same event in any envelope. */
export async function receiveFromSocket(services: NotificationServices, payload: unknown): Promise<void> {
  const body = Buffer.from(new URLSearchParams({ payload: JSON.stringify(payload) }).toString());
  if (body.length > MAX_BYTES) {
    services.log.warn({ bytes: body.length }, 'what was pressed in Slack is too long to be kept');
    return;
  }
  const [clock] = await services.db.query<{ now: Date }>('SELECT app_now() AS now');
  if (clock !== undefined) await keep(services, toEventKey(`socket ${body.toString()}`), body, clock.now);
}

async function keep(services: NotificationServices, key: Buffer, body: Uint8Array, now: Date): Promise<void> {
  const interaction = toInteraction(body);
  if (interaction === undefined || ![APPROVE, DENY, DENY_FORM].includes(interaction.control)) return;
  const isNew = await services.db.transaction((tx) => store(tx, services, key, body, interaction, now));
  if (isNew && interaction.control === DENY) openForm(services, key, interaction);
}

async function store(
  tx: Tx,
  { outbox }: NotificationServices,
  key: Buffer,
  body: Uint8Array,
  { control }: SlackInteraction,
  now: Date,
): Promise<boolean> {
  const rows = await tx.query(
    'INSERT INTO inbound_event (dedupe, payload) VALUES ($1, $2) ON CONFLICT (dedupe) DO NOTHING RETURNING 1',
    [key, body],
  );
  if (rows.length === 0) return false;
  const eventId = key.toString('hex');
  const due = control === DENY ? { dueAt: new Date(now.getTime() + FORM_MS) } : {};
  await outbox.add(tx, slackInteractionJob, { eventId }, { key: eventId, ...due });
  return true;
}

/** In the background: the answer to Slack does not wait for Slack. */
function openForm(services: NotificationServices, key: Buffer, interaction: SlackInteraction): void {
  const { triggerId, approvalId, actionHash, channel, ts } = interaction;
  if (triggerId === undefined) return;
  services.slack
    .openView(triggerId, toDenyForm(JSON.stringify({ approvalId, actionHash, channel, ts })))
    .then(() => markHandled(services, key.toString('hex'), 'form_opened'))
    .catch((error: unknown) => services.log.warn({ error: String(error) }, 'a form could not be opened in Slack'));
}

/** What is to be done for this event; undefined: it was done. */
export async function findEvent({ db }: NotificationServices, eventId: string): Promise<SlackInteraction | undefined> {
  const [row] = await db.query<{ payload: Buffer }>(
    'SELECT payload FROM inbound_event WHERE dedupe = $1 AND handled_at IS NULL',
    [Buffer.from(eventId, 'hex')],
  );
  return row === undefined ? undefined : toInteraction(row.payload);
}

export async function markHandled({ db }: NotificationServices, eventId: string, outcome: string): Promise<void> {
  await db.query(
    `UPDATE inbound_event SET handled_at = app_now(), outcome = $2 WHERE dedupe = $1 AND handled_at IS NULL`,
    [Buffer.from(eventId, 'hex'), outcome],
  );
}

/** What was left lying gets a new job; what is too old to be meant is closed; what is a day old goes. */
export async function sweepInbox({ db, outbox }: NotificationServices): Promise<void> {
  await db.query(
    `UPDATE inbound_event SET handled_at = app_now(), outcome = 'too_late'
     WHERE handled_at IS NULL AND received_at < app_now() - interval '${GIVE_UP_AFTER}'`,
  );
  await db.query(
    `DELETE FROM inbound_event WHERE dedupe IN (SELECT dedupe FROM inbound_event WHERE received_at < app_now() - interval '1 day' ORDER BY received_at LIMIT 1000)`,
  );
  await db.transaction(async (tx) => {
    const open = await tx.query<{ dedupe: Buffer; slot: string }>(
      `SELECT dedupe, floor(extract(epoch FROM app_now()) / 20)::text AS slot FROM inbound_event
       WHERE handled_at IS NULL AND received_at < app_now() - interval '${RETRY_AFTER}' ORDER BY received_at LIMIT 200`,
    );
    for (const { dedupe, slot } of open) {
      const eventId = dedupe.toString('hex');
      await outbox.add(tx, slackInteractionJob, { eventId }, `${eventId} ${slot}`);
    }
  });
}

/** Whoever sends much does not fill the record: one entry a minute, with how many there were. */
async function countRefused({ db, audit, log }: NotificationServices): Promise<void> {
  refused.count += 1;
  const now = performance.now();
  if (now - refused.saidAt < AUDIT_EVERY_MS) return;
  const { count } = refused;
  Object.assign(refused, { count: 0, saidAt: now });
  log.warn({ count }, 'messages with a wrong signature came to /slack/interactions');
  await db.transaction(async (tx) => {
    const [workspace] = await tx.query<{ id: string }>('SELECT id FROM workspace ORDER BY created_at, id LIMIT 1');
    if (workspace === undefined) return;
    const entry = { workspaceId: workspace.id, actor: 'system', outcome: 'denied', data: { count } } as const;
    await audit.append(tx, { ...entry, kind: 'slack.refused' });
  });
}
