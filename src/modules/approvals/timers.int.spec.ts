import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import {
  addAgent,
  addPerson,
  ask,
  makeRequest,
  readEvents,
  startNode,
  until,
  type Asked,
  type Node,
} from '../../../test/support/approvals.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { hasRedis, NO_REDIS, startRedis, type TestRedis } from '../../../test/support/redis.ts';
import { shiftClock } from '../../../test/support/services.ts';
import type { SignedIn } from '../identity/index.ts';
import type { OpenRequest } from './index.ts';

const HOUR_MS = 3_600_000;
const backends = [
  { name: 'Postgres', isRedis: false, isThere: true },
  { name: hasRedis ? 'Redis' : NO_REDIS, isRedis: true, isThere: hasRedis },
];

describe.each(backends)('what time brings about, with the queue on $name', ({ isRedis, isThere }) => {
  const check = isThere ? test : test.skip;
  let database: TestDatabase;
  let redis: TestRedis | undefined;
  let first: Node;
  let second: Node;
  let agentId: string;
  let ada: SignedIn;

  const node = (isWorker: boolean): Promise<Node> =>
    startNode(database.url, { isWorker, ...(redis === undefined ? {} : { redisUrl: redis.url }) });

  beforeAll(async () => {
    if (!isThere) return;
    database = await createTestDatabase();
    if (isRedis) redis = await startRedis();
    // Their workers hear every job and do nothing: all that happens comes from the sweep.
    first = await node(false);
    second = await node(false);
    agentId = await addAgent(first);
    ada = await addPerson(first, 'ada');
    await addPerson(first, 'olga', ['owner']);
    await addPerson(first, 'adam', ['admin']);
  }, 30_000);
  afterEach(async () => {
    if (isThere) await shiftClock(first.db, '0');
  });
  afterAll(async () => {
    if (!isThere) return;
    await first.close();
    await second.close();
    await redis?.stop();
    await database.drop();
  });

  const asking = (change: Partial<OpenRequest> = {}): Promise<Asked> =>
    ask(first, agentId, { expiresInMs: 10 * HOUR_MS, ...change });
  const approve = (asked: Asked) =>
    first.approvals.review(ada, asked.id, { verdict: 'approve', actionHash: asked.actionHash, channel: 'console' });
  const sweep = () => Promise.all([first, second, first, second].map(({ approvals }) => approvals.sweep()));
  const statusOf = async ({ id }: Asked): Promise<string> => (await first.approvals.get(first.caller, id)).status;

  async function happened({ id }: Asked): Promise<unknown[]> {
    const rows = await first.db.query<{ kind: string; data: { reminder?: string } }>(
      'SELECT kind, data FROM approval_event WHERE request_id = $1 ORDER BY id',
      [id],
    );
    return rows.map(({ kind, data }) => data.reminder ?? kind);
  }

  check('two reminders, an escalation and the end, each once and in its time, whoever sweeps', async () => {
    const asked = await asking();
    const story: [string, string[]][] = [
      ['4 hours 59 minutes', []],
      ['5 hours 1 minute', ['remind_half']],
      ['6 hours 1 minute', ['escalated']],
      ['8 hours 1 minute', ['remind_late']],
      ['9 hours 59 minutes', []],
      ['10 hours 1 minute', ['expired']],
      ['30 hours', []],
    ];
    const all = ['opened'];
    for (const [shift, more] of story) {
      await shiftClock(first.db, shift);
      await sweep();
      all.push(...more);
      expect(await happened(asked)).toEqual(all);
    }
    expect(await first.db.query('SELECT FROM approval_timer WHERE request_id = $1', [asked.id])).toEqual([]);
  });

  check('after a long silence everything that is still due happens in its order, and an end only ends', async () => {
    const [waiting, over] = [await asking({ expiresInMs: 20 * HOUR_MS }), await asking()];
    await shiftClock(first.db, '17 hours');
    await sweep();
    expect(await happened(waiting)).toEqual(['opened', 'remind_half', 'escalated', 'remind_late']);
    expect(await happened(over)).toEqual(['opened', 'expired']);
  });

  check('escalation lets admins answer, adds owners to named persons, and changes nothing that is needed', async () => {
    const named = makeRequest(first, agentId, {
      approvers: [ada.personId],
      ruleRequirements: [{ quorum: 2 }],
      expiresInMs: 10 * HOUR_MS,
    });
    const { approvalId } = await first.db.transaction((tx) => first.approvals.open(tx, named));
    const open = await asking({ ruleRequirements: [{ quorum: 3 }] });
    const eligible = async (id: string) => {
      const view = await first.approvals.get(first.caller, id);
      return [
        view.requiredApprovals,
        ...view.approvers.filter((a) => a.eligible).map(({ email }) => email.split('@')[0]),
      ];
    };
    expect([await eligible(approvalId), await eligible(open.id)]).toEqual([
      [2, 'ada'],
      [3, 'ada', 'olga'],
    ]);
    await shiftClock(first.db, '6 hours 1 minute');
    await sweep();
    expect([await eligible(approvalId), (await eligible(open.id)).toSorted()]).toEqual([
      [2, 'ada', 'olga'],
      [3, 'adam', 'ada', 'olga'].toSorted(),
    ]);
  });

  check('an approval that nobody uses in a day lapses; a denied request is left alone', async () => {
    const [approved, denied] = [await asking(), await asking()];
    await approve(approved);
    await first.approvals.review(ada, denied.id, {
      verdict: 'deny',
      actionHash: denied.actionHash,
      channel: 'console',
    });
    await shiftClock(first.db, '23 hours');
    await sweep();
    expect(await statusOf(approved)).toBe('approved');
    await shiftClock(first.db, '25 hours');
    await sweep();
    expect([await statusOf(approved), await statusOf(denied)]).toEqual(['lapsed', 'denied']);
    expect(await happened(approved)).toEqual(['opened', 'reviewed', 'approved', 'lapsed']);
  });

  check('a delayed job wakes a worker at each time, without any sweep', async () => {
    const alone = await createTestDatabase();
    const worker = await startNode(alone.url, redis === undefined ? {} : { redisUrl: redis.url });
    try {
      const asked = await ask(worker, await addAgent(worker), { expiresInMs: 1_500 });
      await until(async () => (await worker.approvals.get(worker.caller, asked.id)).status === 'expired');
      const events = (await readEvents(worker)).get(asked.id);
      expect(events).toEqual(['opened', 'reminded', 'escalated', 'reminded', 'expired']);
      await until(() => worker.resolved.includes(asked.id));
    } finally {
      await worker.close();
      await alone.drop();
    }
  });

  check('with the queue emptied the sweep does once what is due', async () => {
    const asked = await Promise.all(Array.from({ length: 20 }, () => asking()));
    await first.outbox.relay();
    await empty();
    await shiftClock(first.db, '11 hours');
    await sweep();
    await sweep();
    for (const one of asked) expect(await happened(one)).toEqual(['opened', 'expired']);
  });

  check('a job that failed and blocks its id holds nothing up', async () => {
    const asked = await asking();
    await first.outbox.relay();
    await poison();
    await shiftClock(first.db, '11 hours');
    await sweep();
    expect(await happened(asked)).toEqual(['opened', 'expired']);
  });

  async function onRedis(work: (client: Redis) => Promise<unknown>): Promise<void> {
    const client = new Redis(redis!.url);
    await work(client);
    client.disconnect();
  }

  async function empty(): Promise<void> {
    if (redis === undefined) await first.db.query('DELETE FROM bullmq.job');
    else await onRedis((client) => client.flushall());
  }

  /** Every job that waits for its time has failed, and keeps its id. */
  async function poison(): Promise<void> {
    if (redis === undefined) {
      const failed = await first.db.query(
        `UPDATE bullmq.job SET state = 'failed' WHERE state = 'delayed' RETURNING id`,
      );
      expect(failed).not.toEqual([]);
      return;
    }
    await onRedis(async (client) => {
      const delayed = await client.keys('*:delayed');
      expect(delayed).not.toEqual([]);
      for (const key of delayed) await client.rename(key, key.replace(/delayed$/, 'failed'));
    });
  }
});
