import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { makeDefinition, shiftClock, startServices, type TestServices } from '../../../test/support/services.ts';
import { readConfig } from '../../platform/config/index.ts';
import { SlackClient, SlackSocket } from '../../platform/chat/index.ts';
import { SendFailure } from '../../platform/errors/index.ts';
import { JobHandlers, Outbox } from '../../platform/queue/index.ts';
import { QueueHost } from '../../platform/queue/queue-host.ts';
import type { Card, Notice } from './card.ts';
import { Channel, type Envelope, type ProviderRef } from './channel.ts';
import type { Delivery } from './delivery.ts';
import { deliveryDueJob } from './jobs.ts';
import { NotificationsService } from './notifications.service.ts';

/** Takes its time, and notes what it was asked to send, in order. */
class SlowChannel extends Channel {
  override readonly kind = 'email';
  override readonly isConfigured = true;
  readonly asked: string[] = [];
  mostAtOnce = 0;
  #atOnce = 0;
  limited = new Set<string>();
  /** Of how many sends at once all have to be there before one is answered. */
  together = 1;
  limitedMs = 30_000;
  /** Each send waits here for its end, and nobody knows then whether it arrived. */
  onTheWay: (() => void)[] | undefined;

  override async send(_: Card | Notice, { deliveryId, address }: Envelope): Promise<ProviderRef> {
    this.asked.push(deliveryId);
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#atOnce);
    do await new Promise((resolve) => setTimeout(resolve, 5));
    while (this.asked.length < this.together);
    this.#atOnce--;
    if (this.onTheWay !== undefined) {
      await new Promise<void>((resolve) => this.onTheWay?.push(resolve));
      throw new SendFailure('in_doubt', 'no answer');
    }
    if (this.limited.has(address)) throw new SendFailure('limited', 'too many', { afterMs: this.limitedMs });
    return { id: deliveryId };
  }
}

let s: TestServices;
let channel: SlowChannel;
let notifications: NotificationsService;
let host: QueueHost;
let outbox: Outbox;
/** Otherwise every job is lost. */
let isWorker = false;
beforeAll(async () => {
  s = await startServices();
  const handlers = new JobHandlers();
  handlers.add(deliveryDueJob, async ({ deliveryId }) => {
    if (isWorker) await notifications.attempt(deliveryId, toContent);
  });
  host = new QueueHost(s.db, undefined, s.log, handlers);
  outbox = new Outbox(s.db, host, s.log);
});
afterAll(async () => {
  await host.close();
  await s.close();
});
beforeEach(async () => {
  await shiftClock(s.db, '0');
  await s.db.query('DELETE FROM delivery');
  channel = new SlowChannel();
  notifications = make();
});

function make(): NotificationsService {
  const config = readConfig({});
  const { db, audit, log } = s;
  return new NotificationsService({
    ...{
      db,
      audit,
      log,
      outbox,
      config,
      channels: [channel],
      slack: new SlackClient(config),
      socket: new SlackSocket(config, log),
    },
  });
}

const toContent = (delivery: Delivery): Promise<Notice> =>
  Promise.resolve({ kind: 'notice', url: 'http://localhost/', title: delivery.id, lines: [] });

async function addAgent(): Promise<string> {
  return (await s.db.transaction((tx) => s.agents.create(tx, s.caller, makeDefinition()))).id;
}

/** Notices of an agent that are due, the first one longest. */
async function plan(agentId: string, count: number, address = 'ada@shop.example'): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  await s.db.query(
    `INSERT INTO delivery (id, workspace_id, agent_id, kind, channel, address, dedupe, not_before)
     SELECT id, $2, $3, 'asked', 'email', $4, id::text, app_now() - interval '1 hour' + n * interval '1 ms'
     FROM unnest($1::uuid[]) WITH ORDINALITY AS t (id, n)`,
    [ids, s.caller.workspaceId, agentId, address],
  );
  return ids;
}

it('a single notice goes out with the next one, whatever another agent has due and whose job is worked', async () => {
  const flood = await plan(await addAgent(), 500);
  await notifications.attempt(flood[0]!, toContent);
  const [single = ''] = await plan(await addAgent(), 1);
  await notifications.attempt(flood[1]!, toContent);
  expect(channel.asked).toEqual([flood[0], single]);
});

it('agents take turns', async () => {
  const agents = await Promise.all([addAgent(), addAgent(), addAgent()]);
  const planned = await Promise.all(agents.map((agentId) => plan(agentId, 20)));
  for (let i = 0; i < 30; i++) {
    const left = planned.flat().find((id) => !channel.asked.includes(id));
    await notifications.attempt(left ?? '', toContent);
  }
  const counts = planned.map((ids) => channel.asked.filter((id) => ids.includes(id)).length);
  expect(counts).toEqual([10, 10, 10]);
});

it('through the queue: all of a flood goes out without a sweep, two at a time, and the single notice is among the first', async () => {
  isWorker = true;
  const flood = await plan(await addAgent(), 150);
  const [single = ''] = await plan(await addAgent(), 1);
  await s.db.transaction(async (tx) => {
    for (const deliveryId of [...flood, single])
      await outbox.add(tx, deliveryDueJob, { deliveryId }, `${deliveryId} 0`);
  });
  const end = performance.now() + 30_000;
  while (new Set(channel.asked).size < 151 && performance.now() < end)
    await new Promise((done) => setTimeout(done, 20));
  isWorker = false;
  expect(new Set(channel.asked).size).toBe(151);
  expect(channel.asked.indexOf(single)).toBeLessThan(4);
  expect(channel.mostAtOnce).toBe(2);
}, 40_000);

it('a server that limits one address is not asked again for it, others go on, and afterwards agents take turns there too', async () => {
  const busy = await addAgent();
  const flood = await plan(busy, 50);
  channel.limited.add('ada@shop.example');
  await notifications.attempt(flood[0]!, toContent);
  const [elsewhere = ''] = await plan(busy, 1, 'bob@shop.example');
  await notifications.attempt(flood[1]!, toContent);
  await notifications.attempt(elsewhere, toContent);
  expect(channel.asked).toEqual([flood[0], elsewhere]);
  const [single = ''] = await plan(await addAgent(), 1);
  channel.limited.clear();
  await shiftClock(s.db, '31 seconds');
  await notifications.attempt(flood[2]!, toContent);
  await notifications.attempt(flood[3]!, toContent);
  expect(channel.asked.slice(2)).toContain(single);
});

it('two that are limited at once for longer than a try lasts do not block each other', async () => {
  const agentId = await addAgent();
  channel.limited.add('ada@shop.example');
  channel.limitedMs = 120_000;
  for (let round = 0; round < 10; round++) {
    await s.db.query('DELETE FROM delivery');
    const ids = await plan(agentId, 300);
    channel.asked.length = 0;
    channel.together = 2;
    await Promise.all(ids.slice(0, 2).map((id) => notifications.attempt(id, toContent)));
  }
  const rows = await s.db.query(`SELECT FROM delivery WHERE not_before < app_now() + interval '100 seconds'`);
  expect(rows).toEqual([]);
});

it('what was sent and could not be noted is not taken for unsent', async () => {
  const [id = ''] = await plan(await addAgent(), 1);
  await s.db.query(
    `CREATE FUNCTION refuse_sent() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room'; END $$;
     CREATE TRIGGER refuse_sent BEFORE UPDATE ON delivery FOR EACH ROW WHEN (NEW.status = 'sent') EXECUTE FUNCTION refuse_sent()`,
  );
  await expect(notifications.attempt(id, toContent)).rejects.toThrow('no room');
  await s.db.query('DROP TRIGGER refuse_sent ON delivery');
  expect(await s.db.query('SELECT status, in_doubt FROM delivery')).toEqual([{ status: 'pending', in_doubt: 1 }]);
});

it('a try that outlived its lease forgets none of the copies that came after it', async () => {
  const [id = ''] = await plan(await addAgent(), 1);
  const ends: (() => void)[] = [];
  channel.onTheWay = ends;
  channel.find = () => Promise.reject(new SendFailure('refused', 'may not look'));
  const tries: Promise<void>[] = [];
  for (const minutes of [0, 2]) {
    await shiftClock(s.db, `${minutes} minutes`);
    tries.push(notifications.attempt(id, toContent));
    while (ends.length < tries.length) await new Promise((done) => setTimeout(done, 5));
  }
  for (const which of [1, 0]) {
    ends[which]?.();
    await tries[which];
  }
  channel.onTheWay = undefined;
  await shiftClock(s.db, '9 minutes');
  await notifications.attempt(id, toContent);
  expect(channel.asked).toEqual([id, id]);
  expect(await s.db.query('SELECT status FROM delivery')).toEqual([{ status: 'failed' }]);
});
