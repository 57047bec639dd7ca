import type { SlackClient } from '../../platform/chat/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import { attemptDelivery, type ToContent } from './attempt.ts';
import type { ChannelKind } from './channel.ts';
import { fallBack, type FindOwners } from './fall-back.ts';
import { findEvent, markHandled, receive, receiveFromSocket, sweepInbox, type Received } from './inbox.ts';
import type { SlackInteraction } from './interaction.ts';
import { deliveryDueJob } from './jobs.ts';
import { planNotices, planUpdates, type NoticePlan } from './plan.ts';
import type { NotificationServices } from './services.ts';
import {
  confirmLink,
  findLinked,
  findProblem,
  findStanding,
  isForeign,
  offerLink,
  type LinkedPerson,
  type SlackAccount,
  type SlackStanding,
} from './slack-accounts.ts';
import type { SignedBody } from './verify-slack.ts';

export interface DeliveryView {
  readonly channel: ChannelKind;
  readonly to: string;
  readonly status: string;
}

const BATCH = 200;
const PER_AGENT = 20;
const SHOWN = 100;

/** Ways to people: notices that are rows before they are sent, and what comes back through Slack. Knows nothing of what is asked. */
export class NotificationsService {
  readonly #services: NotificationServices;

  constructor(services: NotificationServices) {
    this.#services = services;
  }

  /** Whether anything leaves by this channel. */
  has(kind: ChannelKind): boolean {
    return this.#services.channels.some((channel) => channel.kind === kind && channel.isConfigured);
  }

  async plan(tx: Tx, plan: NoticePlan): Promise<void> {
    await planNotices(tx, this.#services, plan);
  }

  async planUpdates(tx: Tx, about: { workspaceId: string; approvalId: string; state: string }): Promise<void> {
    await planUpdates(tx, this.#services, about);
  }

  /** One try, if it is due. */
  async attempt(deliveryId: string, toContent: ToContent): Promise<void> {
    await attemptDelivery(this.#services, deliveryId, toContent);
  }

  /** How the people of these requests were told. */
  async list(reader: Pick<Tx, 'query'>, approvalIds: readonly string[]): Promise<ReadonlyMap<string, DeliveryView[]>> {
    const rows = await reader.query<{ approval_id: string; channel: ChannelKind; address: string; status: string }>(
      `SELECT a.id AS approval_id, d.channel, coalesce(d.email, d.address) AS address, d.status FROM unnest($1::uuid[]) AS a (id), LATERAL (
         SELECT DISTINCT ON (x.channel, x.address) x.channel, x.address, x.status, CASE WHEN x.channel = 'slack' THEN p.email END AS email
         FROM delivery x LEFT JOIN person p ON p.id = x.person_id
         WHERE x.approval_id = a.id AND x.kind IN ('asked', 'escalated') ORDER BY x.channel, x.address, x.created_at DESC LIMIT ${SHOWN}) AS d`,
      [approvalIds],
    );
    const found = new Map<string, DeliveryView[]>(approvalIds.map((id) => [id, []]));
    for (const { approval_id, channel, address, status } of rows)
      found.get(approval_id)?.push({ channel, to: address, status });
    return found;
  }

  /** Of a digest: how many requests it stands for that still wait, by agent. */
  async countDigest(digestId: string): Promise<readonly { readonly agent: string; readonly count: number }[]> {
    return this.#services.db.query<{ agent: string; count: number }>(
      `SELECT a.name AS agent, count(DISTINCT d.approval_id)::int AS count FROM delivery d JOIN agent a ON a.id = d.agent_id
       JOIN approval_request r ON r.id = d.approval_id AND r.status = 'pending'
       WHERE d.digest_id = $1 GROUP BY a.name ORDER BY count DESC, a.name LIMIT 20`,
      [digestId],
    );
  }

  /** Wakes what is due and was not woken, each agent its share; closes and renews what came in. */
  async sweep(findOwners: FindOwners): Promise<void> {
    const { db, outbox } = this.#services;
    const due = await db.query<{ id: string; slot: string }>(
      `SELECT id, floor(extract(epoch FROM app_now()) / 8)::text AS slot FROM (
         SELECT id, not_before, row_number() OVER (PARTITION BY agent_id ORDER BY not_before) AS place FROM (
           SELECT id, agent_id, not_before FROM delivery WHERE status = 'pending' AND not_before <= app_now() - interval '1 second'
           ORDER BY not_before LIMIT 2000) AS late) AS placed
       WHERE place <= ${PER_AGENT} ORDER BY place, not_before LIMIT ${BATCH}`,
    );
    if (due.length > 0)
      await db.transaction(async (tx) => {
        for (const { id, slot } of due) await outbox.add(tx, deliveryDueJob, { deliveryId: id }, `${id} ${slot}`);
      });
    await fallBack(this.#services, findOwners);
    await sweepInbox(this.#services);
  }

  async receiveFromSlack(signed: SignedBody): Promise<Received> {
    return receive(this.#services, signed);
  }

  /** From a process that people reach: what is pressed in Slack comes over a connection of its own, if there is a token for it. */
  openSocket(): void {
    this.#services.socket.open(async (payload) => receiveFromSocket(this.#services, payload));
  }

  async closeSocket(): Promise<void> {
    await this.#services.socket.close();
  }

  async findInteraction(eventId: string): Promise<SlackInteraction | undefined> {
    return findEvent(this.#services, eventId);
  }

  async closeInteraction(eventId: string, outcome: string): Promise<void> {
    await markHandled(this.#services, eventId, outcome);
  }

  /** Whether a notice about this request stands there: a message passed on elsewhere decides nothing. */
  async isOurs({ approvalId, channel, ts }: Pick<SlackInteraction, 'approvalId' | 'channel' | 'ts'>): Promise<boolean> {
    const rows = await this.#services.db.query(
      `SELECT FROM delivery WHERE approval_id = $1 AND channel = 'slack' AND kind IN ('asked', 'reminded', 'escalated')
         AND ((provider_ref ->> 'channel' = $2 AND provider_ref ->> 'ts' = $3)
           OR (provider_ref IS NULL AND (attempts > 0 OR in_doubt > 0) AND address = $2)) LIMIT 1`,
      [approvalId, channel, ts],
    );
    return rows.length > 0;
  }

  async findLinked(account: SlackAccount): Promise<LinkedPerson | undefined> {
    return findLinked(this.#services, account);
  }

  /** Why an account may not answer now: asked of Slack each time. */
  async findAccountProblem(account: SlackAccount): Promise<string | undefined> {
    return (await isForeign(this.#services, account)) ? 'foreign_team' : findProblem(this.#services, account);
  }

  async findSlackStanding(person: LinkedPerson): Promise<SlackStanding> {
    return findStanding(this.#services, person);
  }

  async offerLink(person: LinkedPerson, account: SlackAccount): Promise<void> {
    await offerLink(this.#services, person, account);
  }

  async confirmLink(person: LinkedPerson, code: string): Promise<void> {
    await confirmLink(this.#services, person, code);
  }

  /** A word that only this user sees; best effort. */
  async whisper({ channel, userId }: Pick<SlackInteraction, 'channel' | 'userId'>, words: string): Promise<void> {
    const { slack, log }: { slack: SlackClient; log: NotificationServices['log'] } = this.#services;
    await slack
      .whisper(channel, userId, words)
      .catch((error: unknown) => log.warn({ error: String(error) }, 'a private notice in Slack was not delivered'));
  }
}
