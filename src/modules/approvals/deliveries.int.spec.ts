import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { addAgent, addPerson, makeRequest, startNode, type Node } from '../../../test/support/approvals.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { MemoryChannel } from '../../../test/support/memory-channel.ts';
import { shiftClock } from '../../../test/support/services.ts';
import { SlackClient, SlackSocket } from '../../platform/chat/index.ts';
import { readConfig } from '../../platform/config/index.ts';
import { Log } from '../../platform/telemetry/log.ts';
import type { SignedIn } from '../identity/index.ts';
import { NotificationsService, type Channel } from '../notifications/index.ts';
import { ApprovalsService, type OpenRequest } from './index.ts';

const HOUR_MS = 3_600_000;

let database: TestDatabase;
let node: Node;
let agentId: string;
let ada: SignedIn;
let mail: MemoryChannel;
let slack: MemoryChannel;
let approvals: ApprovalsService;
let minutes = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  node = await startNode(database.url, { isWorker: false });
  await addPerson(node, 'olga', ['owner']);
}, 30_000);
afterAll(async () => {
  await node.close();
  await database.drop();
});
beforeEach(async () => {
  [agentId, ada] = [await addAgent(node), await addPerson(node, `ada-${randomUUID().slice(0, 8)}`)];
  [mail, slack] = [new MemoryChannel('email'), new MemoryChannel('slack')];
  approvals = startWith([mail, slack]);
  await node.db.query(`UPDATE delivery SET status = 'skipped' WHERE status = 'pending'`);
  await pass(10);
});

/** A worker that sends by these channels: the queue of this test is its own, so nothing is sent but by `drain`. */
function startWith(channels: readonly Channel[]): ApprovalsService {
  const { db, audit, identity, outbox } = node;
  const [config, log] = [readConfig({ AGENTOS_PUBLIC_URL: 'http://localhost:3000' }), new Log('error')];
  const [client, socket] = [new SlackClient(config), new SlackSocket(config, log)];
  const services = { db, audit, outbox, log, slack: client, socket, channels, config };
  return new ApprovalsService(db, audit, identity, outbox, config, new NotificationsService(services));
}

async function pass(more: number): Promise<void> {
  minutes += more;
  await shiftClock(node.db, `${minutes} minutes`);
}

const dueIds = async (): Promise<string[]> => {
  const rows = await node.db.query<{ id: string }>(
    `SELECT id FROM delivery WHERE status = 'pending' AND not_before <= app_now() ORDER BY not_before`,
  );
  return rows.map(({ id }) => id);
};

/** Works off what is due. */
async function drain(): Promise<void> {
  for (const id of await dueIds()) await approvals.deliver(id);
}

/** Minute by minute: timers, sweeps, and what is due then. */
async function live(howLong: number): Promise<void> {
  for (let passed = 0; passed < howLong; passed += 1) {
    await pass(1);
    await approvals.sweep();
    await approvals.sweepNotices();
    await drain();
  }
}

async function ask(change: Partial<OpenRequest> = {}): Promise<string> {
  const request = makeRequest(node, agentId, { approvers: [ada.personId], ...change });
  const { approvalId } = await node.db.transaction((tx) => approvals.open(tx, request));
  return approvalId;
}

async function link({ workspaceId, personId }: SignedIn, userId: string): Promise<void> {
  await node.db.query(
    `INSERT INTO slack_identity (id, workspace_id, team_id, user_id, person_id, verified_by) VALUES ($1, $2, 'T0', $3, $4, 'operator')`,
    [randomUUID(), workspaceId, userId, personId],
  );
}

async function told(approvalId: string): Promise<string[]> {
  const { notifications } = await approvals.get(node.caller, approvalId);
  return notifications
    .filter(({ channel }) => channel !== 'console')
    .map(({ channel, to, status }) => `${channel} ${to === ada.email ? 'ada' : to} ${status}`)
    .sort();
}

/** Who got what about this request, in the order of arrival. */
const got = (channel: MemoryChannel, approvalId: string): string[] =>
  channel.taken
    .filter(({ content }) => content.url.includes(approvalId))
    .map(
      ({ address, content }) =>
        `${address.split('@')[0]?.split('-')[0]}: ${content.kind === 'request' ? content.occasion : content.title}`,
    );

async function failures(approvalId: string): Promise<unknown[]> {
  const rows = await node.db.query<{ body: Buffer }>('SELECT body FROM audit_entry');
  return rows
    .map(({ body }) => JSON.parse(body.toString()) as { kind: string; data: { approvalId?: string; channel?: string } })
    .filter(({ kind, data }) => kind === 'delivery.failed' && data.approvalId === approvalId)
    .map(({ data }) => data.channel);
}

describe('a notice', () => {
  it('is pending before it is sent and sent when the server has taken it, and the request says so', async () => {
    const id = await ask();
    expect(await told(id)).toEqual(['email ada pending']);
    await drain();
    expect(await told(id)).toEqual(['email ada sent']);
    expect(got(mail, id)).toEqual(['ada: Approval asked']);
  });

  it('is not sent when the request was decided before its turn', async () => {
    const id = await ask();
    await approvals.cancel(node.caller, id);
    await drain();
    expect([got(mail, id), await told(id)]).toEqual([[], ['email ada skipped']]);
  });

  it('is not sent when the request was decided between two tries', async () => {
    mail.fault = 'later';
    const id = await ask();
    await drain();
    await approvals.cancel(node.caller, id);
    mail.fault = 'never';
    await live(15);
    expect([got(mail, id), await told(id)]).toEqual([[], ['email ada skipped']]);
  });

  it('is not sent when the time of the request is over', async () => {
    mail.fault = 'later';
    const id = await ask({ expiresInMs: 60_000 });
    await drain();
    mail.fault = 'never';
    await pass(2);
    await drain();
    expect(got(mail, id)).toEqual([]);
  });

  it.each([
    ['has left', 'active = false'],
    ['may not answer any more', `roles = '{auditor}'`],
  ])('is not sent to somebody who %s meanwhile', async (_, change) => {
    const id = await ask();
    await node.db.query(`UPDATE person SET ${change} WHERE id = $1`, [ada.personId]);
    await drain();
    expect(got(mail, id)).toEqual([]);
  });

  it('is tried twelve times in an hour and a half and then given up', async () => {
    mail.fault = 'later';
    const id = await ask();
    await drain();
    await live(100);
    const [row] = await node.db.query(
      `SELECT status, attempts FROM delivery WHERE approval_id = $1 AND kind = 'asked'`,
      [id],
    );
    expect(row).toEqual({ status: 'failed', attempts: 12 });
    expect(await told(id)).toEqual(['email ada failed']);
    await live(30);
    expect(got(mail, id)).toEqual([]);
  });

  it('is sent by two workers at once a single time', async () => {
    const id = await ask();
    const [second, [due]] = [startWith([mail, slack]), await dueIds()];
    await Promise.all([approvals, second, approvals, second].map((each) => each.deliver(due!)));
    expect(got(mail, id)).toHaveLength(1);
  });
});

describe('a worker that dies when the server has said yes', () => {
  it('leads to a second copy of the same delivery a minute later and to no third', async () => {
    mail.fault = 'dies';
    const id = await ask();
    const [due] = await dueIds();
    void approvals.deliver(due!);
    await arrived(1);
    await drain();
    expect(got(mail, id)).toHaveLength(1);
    restart();
    await live(2);
    expect(got(mail, id)).toHaveLength(2);
    expect(new Set(mail.taken.map(({ deliveryId }) => deliveryId))).toEqual(new Set([due]));
    expect(await told(id)).toEqual(['email ada sent']);
  });

  it('and again while it sends the second copy: no third is risked, and the owner hears of it', async () => {
    mail.fault = 'dies';
    const id = await ask();
    const [due] = await dueIds();
    for (const copies of [1, 2]) {
      void approvals.deliver(due!);
      await arrived(copies);
      await pass(2);
      restart(copies === 1 ? 'dies' : 'never');
    }
    await live(10);
    expect(got(mail, id).filter((each) => each.startsWith('ada'))).toHaveLength(2);
    expect(await told(id)).toEqual(['email ada failed']);
    expect(await failures(id)).toEqual(['email']);
  });

  /** Another process, with the same mail server. */
  function restart(fault: MemoryChannel['fault'] = 'never'): void {
    mail = Object.assign(new MemoryChannel('email', mail.taken), { fault });
    approvals = startWith([mail, slack]);
  }

  async function arrived(count: number): Promise<void> {
    const end = performance.now() + 10_000;
    while (mail.taken.length < count) {
      if (performance.now() > end) throw new Error('nothing arrived');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
});

describe('a channel that is away', () => {
  it('of mail: after five minutes the person hears by Slack, and not before', async () => {
    mail.fault = 'later';
    slack.fault = 'later';
    await link(ada, 'U1');
    const id = await ask();
    await node.db.query(`DELETE FROM delivery WHERE approval_id = $1 AND channel = 'slack'`, [id]);
    slack.fault = 'never';
    await live(4);
    expect(got(slack, id)).toEqual([]);
    await live(2);
    expect(got(slack, id)).toEqual(['U1: Approval asked']);
    expect(await told(id)).toEqual([expect.stringContaining('email ada'), expect.stringMatching(/^slack .* sent$/)]);
    expect(await failures(id)).toEqual([]);
  });

  it('of Slack: mail has told the person already, and nobody is alarmed', async () => {
    slack.fault = 'later';
    await link(ada, 'U2');
    const id = await ask();
    await live(10);
    expect(got(mail, id)).toEqual(['ada: Approval asked']);
    expect(await failures(id)).toEqual([]);
  });

  it('of both: the owner is told once, and the record says so', async () => {
    mail.fault = slack.fault = 'later';
    await link(ada, 'U3');
    const id = await ask();
    await live(8);
    expect((await failures(id)).toSorted()).toEqual(['email', 'slack']);
    mail.fault = 'never';
    await live(20);
    const alerts = got(mail, id).filter((each) => each.includes('did not reach'));
    expect(alerts).toEqual(['olga: A request did not reach who is to answer it']);
    expect(got(mail, id).filter((each) => each === 'ada: Approval asked')).toHaveLength(1);
  });

  it('that refuses an address: the owner is told within six minutes', async () => {
    mail.fault = 'refuses';
    const id = await ask();
    await drain();
    expect(await told(id)).toEqual(['email ada failed']);
    mail.fault = 'never';
    await live(6);
    expect(await failures(id)).toEqual(['email']);
    expect(got(mail, id)).toEqual(['olga: A request did not reach who is to answer it']);
  });

  it('raises no alarm for what was decided in time', async () => {
    mail.fault = 'later';
    const id = await ask();
    await live(3);
    await approvals.cancel(node.caller, id);
    mail.fault = 'never';
    await live(20);
    expect([await failures(id), got(mail, id)]).toEqual([[], []]);
  });
});

describe('reminders and escalations', () => {
  it('go out by the channels at half, at six tenths and at eight tenths of the time, and those added hear of it', async () => {
    const id = await ask({ expiresInMs: HOUR_MS });
    await live(55);
    expect(got(mail, id)).toEqual([
      'ada: Approval asked',
      'ada: Reminder',
      'ada: Escalated',
      'olga: Escalated',
      'ada: Reminder',
      'olga: Reminder',
    ]);
  });

  it('do not reach who has answered already', async () => {
    const bea = await addPerson(node, `bea-${randomUUID().slice(0, 8)}`);
    const people = [ada, bea];
    const approvers = people.map(({ personId }) => personId);
    const id = await ask({ expiresInMs: HOUR_MS, approvers, ruleRequirements: [{ quorum: 2 }] });
    await drain();
    await approvals.review(ada, id, { verdict: 'approve', actionHash: await hashOf(id), channel: 'console' });
    mail.taken.length = 0;
    await live(55);
    expect(got(mail, id).filter((each) => each.startsWith('ada'))).toEqual([]);
    expect(got(mail, id).filter((each) => each.startsWith('bea'))).toEqual([
      'bea: Reminder',
      'bea: Escalated',
      'bea: Reminder',
    ]);
  });

  it('that had to wait do not reach who has answered meanwhile', async () => {
    const bea = await addPerson(node, `bea-${randomUUID().slice(0, 8)}`);
    const approvers = [ada.personId, bea.personId];
    const id = await ask({ expiresInMs: HOUR_MS, approvers, ruleRequirements: [{ quorum: 2 }] });
    await drain();
    mail.fault = 'later';
    await live(31);
    await approvals.review(ada, id, { verdict: 'approve', actionHash: await hashOf(id), channel: 'console' });
    mail.fault = 'never';
    mail.taken.length = 0;
    await live(4);
    expect(got(mail, id)).toEqual(['bea: Reminder']);
  });

  const hashOf = async (id: string): Promise<string> => (await approvals.get(node.caller, id)).actionHash;
});

describe('the sweep', () => {
  it('wakes what is due when the queue has lost every job, and what is not due it leaves', async () => {
    const id = await ask();
    const [due] = await dueIds();
    const woken = (): Promise<{ id: string }[]> =>
      node.db.query(
        `SELECT payload ->> 'deliveryId' AS id FROM outbox WHERE job = 'delivery.due'
         UNION ALL SELECT data ->> 'deliveryId' FROM bullmq.job WHERE name = 'delivery.due' AND state <> 'completed'`,
      );
    await node.db.query('DELETE FROM outbox');
    await node.db.query('DELETE FROM bullmq.job');
    expect(await woken()).toEqual([]);
    await pass(1);
    await approvals.sweepNotices();
    expect(await woken()).toEqual([{ id: due }]);
    await drain();
    expect(got(mail, id)).toHaveLength(1);
  });

  it('removes what came in a day ago, in bounded batches, and keeps the rest', async () => {
    const add = (age: string, count: number): Promise<unknown> =>
      Promise.all(
        Array.from({ length: count }, () =>
          node.db.query(
            `INSERT INTO inbound_event (dedupe, received_at, payload, handled_at, outcome) VALUES ($1, app_now() - $2::interval, '\\x00', app_now(), 'done')`,
            [randomBytes(32), age],
          ),
        ),
      );
    await add('23 hours 59 minutes', 3);
    await node.db.query(
      `INSERT INTO inbound_event (dedupe, received_at, payload, handled_at, outcome)
       SELECT sha256(convert_to(n::text, 'UTF8')), app_now() - interval '24 hours 1 minute', '\\x00', app_now(), 'done' FROM generate_series(1, 1200) AS n`,
    );
    const count = async (): Promise<number> =>
      (await node.db.query<{ n: number }>('SELECT count(*)::int AS n FROM inbound_event'))[0]!.n;
    const counts: number[] = [await count()];
    for (let i = 0; i < 3; i++) {
      await approvals.sweepNotices();
      counts.push(await count());
    }
    expect(counts).toEqual([1203, 203, 3, 3]);
  });
});
