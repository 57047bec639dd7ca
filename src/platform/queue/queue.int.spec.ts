import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { hasRedis, NO_REDIS, startRedis, type TestRedis } from '../../../test/support/redis.ts';
import { startTsProcess } from '../../../test/support/ts-process.ts';
import { Database } from '../db/index.ts';
import { Log } from '../telemetry/log.ts';
import { defineJob, JobHandlers, type JobHandler } from './job.ts';
import { Outbox } from './outbox.ts';
import { QueueHost } from './queue-host.ts';
import { Schedulers } from './schedulers.ts';

const Payload = z.object({ id: z.string() });
type Payload = z.infer<typeof Payload>;
const work = defineJob('spec.work', Payload);
const stuck = defineJob('spec.stuck', Payload);
const log = new Log('error');
const timings = { lockMs: 1_000, stalledCheckMs: 500 };

interface Seen {
  readonly ids: string[];
  /** Resolves when the handler has been called `count` times. */
  times(count: number): Promise<void>;
}

function recorder(): Seen & { handler: JobHandler<Payload> } {
  const ids: string[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  return {
    ids,
    times: (count) => new Promise((resolve) => (ids.length >= count ? resolve() : waiting.push({ count, resolve }))),
    handler: async ({ id }) => {
      ids.push(id);
      for (const { count, resolve } of waiting) if (ids.length >= count) resolve();
    },
  };
}

const backends = [
  { name: 'Postgres', isRedis: false, isThere: true },
  { name: hasRedis ? 'Redis' : NO_REDIS, isRedis: true, isThere: hasRedis },
];

describe.each(backends)('the queue on $name', ({ isRedis, isThere }) => {
  const check = isThere ? it : it.skip;
  const closing: (() => Promise<void>)[] = [];
  let database: TestDatabase;
  let redis: TestRedis | undefined;

  beforeAll(async () => {
    if (!isThere) return;
    database = await createTestDatabase();
    if (isRedis) redis = await startRedis();
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });
  afterAll(async () => {
    await redis?.stop();
    if (isThere) await database.drop();
  });

  const open = (handler: JobHandler<Payload>, of = work): { db: Database; host: QueueHost } => {
    const db = new Database({ connectionString: database.url });
    const handlers = new JobHandlers();
    handlers.add(of, handler);
    const host = new QueueHost(db, redis?.url, log, handlers, timings);
    closing.unshift(async () => {
      await host.close();
      await db.close();
    });
    return { db, host };
  };
  const job = (id: string, more: { delayMs?: number; jobId?: string; of?: string } = {}) => ({
    id: more.jobId ?? randomUUID(),
    name: more.of ?? work.name,
    payload: { id },
    ...(more.delayMs === undefined ? {} : { delayMs: more.delayMs }),
  });

  check('hands a job to its handler', async () => {
    const seen = recorder();
    const { host } = open(seen.handler);
    await host.add([job('a'), job('b')]);
    await seen.times(2);
    expect(seen.ids.toSorted()).toEqual(['a', 'b']);
  });

  check('tries a failed job again, later', async () => {
    const seen = recorder();
    const at: number[] = [];
    const { host } = open(async (payload, signal) => {
      at.push(performance.now());
      await seen.handler(payload, signal);
      if (seen.ids.length === 1) throw new Error('the first attempt fails');
    });
    await host.add([job('again')]);
    await seen.times(2);
    expect(seen.ids).toEqual(['again', 'again']);
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(950);
  });

  check('keeps a delayed job back', async () => {
    const seen = recorder();
    const { host } = open(seen.handler);
    await host.add([job('late', { delayMs: 700 }), job('soon')]);
    await seen.times(2);
    expect(seen.ids).toEqual(['soon', 'late']);
  });

  check('takes the same id once while that job is not done', async () => {
    const seen = recorder();
    const { host } = open(seen.handler);
    const jobId = randomUUID();
    await host.add([job('one', { jobId, delayMs: 300 })]);
    await host.add([job('two', { jobId }), job('other', { delayMs: 900 })]);
    await seen.times(2);
    expect(seen.ids).toEqual(['one', 'other']);
  });

  check('fires a scheduler at its times and not after it is removed', async () => {
    const seen = recorder();
    const { host } = open(seen.handler);
    const schedulers = new Schedulers(host);
    await schedulers.upsert('clock', { cron: '* * * * * *', timezone: 'Europe/Berlin' }, work, { id: 'tick' });
    await schedulers.upsert('clock', { cron: '* * * * * *', timezone: 'Europe/Berlin' }, work, { id: 'tock' });
    await seen.times(2);
    await schedulers.remove('clock');
    await schedulers.remove('clock');
    const fired = seen.ids.length;
    await host.add([job('end', { delayMs: 2_200 })]);
    await seen.times(fired + 1);
    expect(seen.ids.at(-1)).toBe('end');
    expect(new Set(seen.ids.slice(0, -1))).toEqual(new Set(['tock']));
  });

  check('gives a job to another worker when its worker is killed -9', async () => {
    const id = randomUUID();
    const redisUrl = redis === undefined ? [] : [redis.url];
    const worker = startTsProcess('test/support/queue-process.ts', [database.url, id, ...redisUrl]);
    try {
      expect(await worker.nextLine()).toBe(`took ${id}`);
    } finally {
      await worker.kill();
    }
    const seen = recorder();
    await open(seen.handler, stuck).host.open();
    await seen.times(1);
    expect(seen.ids).toEqual([id]);
  });

  check('closes at once while nothing is to do', async () => {
    const { host } = open(recorder().handler);
    await host.open();
    const startedAt = performance.now();
    await host.close();
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  describe('with the outbox', () => {
    check('publishes what was committed and nothing that was rolled back', async () => {
      const seen = recorder();
      const { db, host } = open(seen.handler);
      const outbox = new Outbox(db, host, log);
      const failing = db.transaction(async (tx) => {
        await outbox.add(tx, work, { id: 'rolled back' });
        throw new Error('roll back');
      });
      await expect(failing).rejects.toThrow('roll back');
      await db.transaction((tx) => outbox.add(tx, work, { id: 'committed' }));
      await seen.times(1);
      await outbox.relay();
      expect(seen.ids).toEqual(['committed']);
      expect(await db.query('SELECT id FROM outbox')).toEqual([]);
    });

    check('hands over at once what is due later, and it comes at its time', async () => {
      const seen = recorder();
      const { db, host } = open(seen.handler);
      const outbox = new Outbox(db, host, log);
      const startedAt = performance.now();
      const [row] = await db.query<{ due: Date }>(`SELECT app_now() + interval '900 milliseconds' AS due`);
      await db.transaction(async (tx) => {
        await outbox.add(tx, work, { id: 'later' }, { key: 'later', dueAt: row!.due });
        await outbox.add(tx, work, { id: 'now' }, { dueAt: new Date(0) });
      });
      await outbox.relay();
      expect(await db.query('SELECT id FROM outbox')).toEqual([]);
      await db.transaction((tx) => outbox.add(tx, work, { id: 'twice' }, { key: 'later' }));
      await seen.times(2);
      expect(seen.ids).toEqual(['now', 'later']);
      expect(performance.now() - startedAt).toBeGreaterThanOrEqual(850);
    });

    check('publishes once what two processes relay, and again what a crash left behind', async () => {
      const seen = recorder();
      const [first, second] = [open(seen.handler), open(seen.handler)];
      const left = Array.from({ length: 250 }, (_, index) => [randomUUID(), `left ${index}`] as const);
      for (const [id, text] of left) {
        await first.db.query('INSERT INTO outbox (id, job, payload) VALUES ($1, $2, $3)', [
          id,
          work.name,
          { id: text },
        ]);
      }
      await Promise.all([
        new Outbox(first.db, first.host, log).relay(),
        new Outbox(second.db, second.host, log).relay(),
      ]);
      await seen.times(250);
      expect(new Set(seen.ids).size).toBe(250);
      expect(seen.ids).toHaveLength(250);
      expect(await first.db.query('SELECT id FROM outbox')).toEqual([]);
    });
  });
});

it('a Redis that cannot be reached keeps nobody from ending', async () => {
  const database = await createTestDatabase();
  const db = new Database({ connectionString: database.url });
  const host = new QueueHost(db, 'redis://127.0.0.1:1', log, new JobHandlers());
  const opening = host.open().then(
    () => 'open',
    () => 'given up',
  );
  const startedAt = performance.now();
  expect(await Promise.race([opening, new Promise((resolve) => setTimeout(() => resolve('waiting'), 500))])).toBe(
    'waiting',
  );
  await host.close();
  expect(await opening).toBe('given up');
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  await db.close();
  await database.drop();
});
