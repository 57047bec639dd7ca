import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { addAgent, addPerson, makeRequest, startNode, type Node } from '../../../test/support/approvals.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { MailSink } from '../../../test/support/mail-sink.ts';
import { shiftClock } from '../../../test/support/services.ts';
import {
  buttons,
  press,
  sign,
  SlackStandIn,
  submit,
  TEAM,
  type SignedRequest,
  type SlackMessage,
} from '../../../test/support/slack-stand-in.ts';
import { readConfig } from '../../platform/config/index.ts';
import { Database } from '../../platform/db/index.ts';
import { ErrorFilter } from '../../platform/http/index.ts';
import { PlatformModule } from '../../platform/platform.module.ts';
import { JobHandlers, QueueModule, Sweeper } from '../../platform/queue/index.ts';
import { Log } from '../../platform/telemetry/log.ts';
import type { SignedIn } from '../identity/index.ts';
import { APPROVE, DENY } from '../notifications/index.ts';
import type { OpenRequest } from './approval.ts';
import { ApprovalsService, approvalResolvedJob, ApprovalsModule } from './index.ts';

const ROOM = 'C0ROOM';
let database: TestDatabase;
let node: Node;
let app: INestApplication;
let url: string;
let slack: SlackStandIn;
let sink: MailSink;
let agentId: string;
let ada: SignedIn;
let clock = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  slack = await SlackStandIn.start();
  sink = await MailSink.start();
  node = await startNode(database.url, { isWorker: false });
  const opened = {
    config: readConfig({
      AGENTOS_PUBLIC_URL: 'http://localhost:3000',
      ...{ SLACK_BOT_TOKEN: 'xoxb-test', SLACK_SIGNING_SECRET: slack.secret, SLACK_CHANNEL: ROOM },
      ...{ SLACK_API_URL: slack.url, SMTP_URL: sink.url, AGENTOS_MAIL_FROM: 'AgentOS <agentos@shop.example>' },
    }),
    log: new Log('error'),
    database: new Database({ connectionString: database.url }),
  };
  @Module({ imports: [PlatformModule.with(opened), QueueModule.with({ works: true }), ApprovalsModule] })
  class TestModule {
    constructor(handlers: JobHandlers) {
      handlers.add(approvalResolvedJob, () => Promise.resolve());
    }
  }
  app = await NestFactory.create(TestModule, { logger: false, abortOnError: false, bodyParser: false });
  app.useGlobalFilters(new ErrorFilter(opened.log));
  await app.listen(0, '127.0.0.1');
  url = `http://127.0.0.1:${(app.getHttpServer() as { address(): AddressInfo }).address().port}`;
  agentId = await addAgent(node);
  ada = await addPerson(node, 'ada');
  await link(ada, slack.addUser('U0ADA'));
}, 60_000);
afterAll(async () => {
  await app.close();
  await node.close();
  await slack.close();
  await sink.close();
  await database.drop();
});
beforeEach(() => {
  slack.whispers.length = 0;
  slack.views.length = 0;
});
afterEach(() => {
  slack.faults.clear();
  sink.manner = 'takes';
});

async function link(person: SignedIn, userId: string): Promise<void> {
  await node.db.query(
    `INSERT INTO slack_identity (id, workspace_id, team_id, user_id, person_id, verified_by) VALUES ($1, $2, $3, $4, $5, 'operator')`,
    [randomUUID(), person.workspaceId, TEAM, userId, person.personId],
  );
}

/** Opens a request as the application does, with its channels. */
async function open(change: Partial<OpenRequest> = {}): Promise<string> {
  const request = makeRequest(node, agentId, { risk: 'low', ...change });
  const { approvalId } = await node.db.transaction((tx) => app.get(ApprovalsService).open(tx, request));
  return approvalId;
}

async function until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const end = performance.now() + 20_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`not within 20 s: ${look.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

const messageOf = (approvalId: string): Promise<SlackMessage> =>
  until(() => slack.messages.find(({ blocks }) => JSON.stringify(blocks).includes(approvalId)));
const statusOf = async (approvalId: string): Promise<string> =>
  (await node.approvals.get(node.caller, approvalId)).status;
const reviewsOf = async (approvalId: string) => (await node.approvals.get(node.caller, approvalId)).reviews;

async function nowSeconds(): Promise<number> {
  const [row] = await node.db.query<{ now: Date }>('SELECT app_now() AS now');
  return (row?.now.getTime() ?? 0) / 1000;
}
const post = async ({ body, headers }: SignedRequest): Promise<Response> =>
  fetch(`${url}/slack/interactions`, { method: 'POST', body, headers });
const send = async (payload: unknown): Promise<Response> => post(sign(payload, await nowSeconds()));
const outcome = (count: number): Promise<string[]> =>
  until(async () => {
    const rows = await node.db.query<{ outcome: string }>(
      'SELECT outcome FROM inbound_event WHERE handled_at IS NOT NULL ORDER BY handled_at DESC',
    );
    return rows.length >= count ? rows.map((row) => row.outcome) : undefined;
  });
async function eventCount(): Promise<number> {
  const [row] = await node.db.query<{ count: number }>('SELECT count(*)::int AS count FROM inbound_event');
  return row?.count ?? 0;
}

describe('a press in Slack', () => {
  it('approves what is low or medium and wholly shown, and the message says so', async () => {
    const approvalId = await open();
    const message = await messageOf(approvalId);
    const response = await send(press(message, 'U0ADA', APPROVE));
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
    await until(async () => ((await statusOf(approvalId)) === 'approved' ? true : undefined));
    expect(await reviewsOf(approvalId)).toMatchObject([{ email: ada.email, verdict: 'approve', channel: 'slack' }]);
    await until(() => (JSON.stringify(message.blocks).includes(`Approved by ${ada.email}`) ? true : undefined));
    expect([...buttons(message).keys()]).not.toContain(APPROVE);
    await until(() => slack.whispers.find(({ user }) => user === 'U0ADA'));
  });

  it('that denies opens a form, whose reason is kept', async () => {
    const approvalId = await open();
    const message = await messageOf(approvalId);
    await send(press(message, 'U0ADA', DENY));
    const { view } = (await until(() => slack.views[0])) as { view: Record<string, unknown> };
    await send(submit(view, 'U0ADA', 'Not today'));
    await until(async () => ((await statusOf(approvalId)) === 'denied' ? true : undefined));
    expect(await reviewsOf(approvalId)).toMatchObject([{ verdict: 'deny', channel: 'slack', reason: 'Not today' }]);
  });

  it.each(['high', 'critical'] as const)(
    'never approves %s risk: there is no button, and a made-up press is sent to the page',
    async (risk) => {
      const approvalId = await open({ risk });
      const message = await messageOf(approvalId);
      expect([...buttons(message).keys()]).not.toContain(APPROVE);
      const forged = press(message, 'U0ADA', DENY);
      const [action] = forged['actions'] as Record<string, unknown>[];
      const before = await eventCount();
      await send({ ...forged, actions: [{ ...action, action_id: APPROVE }] });
      expect((await outcome(before + 1))[0]).toBe('not_here');
      expect(await reviewsOf(approvalId)).toEqual([]);
    },
  );

  it('counts once, sent 20 times at once and again later, and with new ids', async () => {
    const approvalId = await open({ requestedBy: `agent:${agentId}`, ruleRequirements: [{ quorum: 2 }] });
    const message = await messageOf(approvalId);
    const before = await eventCount();
    const signed = sign(press(message, 'U0ADA', APPROVE), await nowSeconds());
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(signed)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await outcome(before + 1);
    expect((await post(signed)).status).toBe(200);
    expect(await eventCount()).toBe(before + 1);
    await send(press(message, 'U0ADA', APPROVE));
    expect((await outcome(before + 2))[0]).toBe('already_reviewed');
    expect(await reviewsOf(approvalId)).toHaveLength(1);
    expect(await statusOf(approvalId)).toBe('pending');
  });
});

describe('what is not to be trusted', () => {
  let approvalId: string;
  let message: SlackMessage;
  beforeAll(async () => {
    approvalId = await open();
    message = await messageOf(approvalId);
  }, 30_000);

  it.each<[string, number, (good: SignedRequest, now: number) => SignedRequest]>([
    ['forged', 401, (_, now) => sign(press(message, 'U0ADA', APPROVE), now, 'other secret')],
    ['altered', 401, (good) => ({ ...good, body: good.body.replace('U0ADA', 'U0ADB') })],
    ['stale', 401, (_, now) => sign(press(message, 'U0ADA', APPROVE), now - 302)],
    ['from the future', 401, (_, now) => sign(press(message, 'U0ADA', APPROVE), now + 302)],
    ['unsigned', 401, ({ body }) => ({ body, headers: { 'content-type': 'application/x-www-form-urlencoded' } })],
    ['2 MB long', 413, (good) => ({ ...good, body: `${good.body}&x=${'x'.repeat(2 * 1024 * 1024)}` })],
  ])('%s: answered with %d, without a word, and stored nowhere', async (_, status, spoil) => {
    const now = await nowSeconds();
    const before = await eventCount();
    const response = await post(spoil(sign(press(message, 'U0ADA', APPROVE), now), now)).catch(() => undefined);
    // A server that stops reading may close before a client that is still writing looks.
    if (status !== 413 || response !== undefined) {
      expect(response?.status).toBe(status);
      expect(await response?.text()).toBe('');
    }
    expect(await eventCount()).toBe(before);
    expect(await reviewsOf(approvalId)).toEqual([]);
  });

  it.each<[string, string, (good: Record<string, unknown>) => Record<string, unknown>]>([
    [
      'from another team',
      'not_linked',
      (good) => ({ ...good, team: { id: 'T0OTHER' }, user: { id: 'U0ADA', team_id: 'T0OTHER' } }),
    ],
    ['from somebody not linked', 'not_linked', (good) => ({ ...good, user: { id: 'U0NOBODY', team_id: TEAM } })],
    [
      'from a forwarded message',
      'not_ours',
      (good) => ({
        ...good,
        container: { channel_id: 'C0ELSEWHERE', message_ts: '1.2' },
        channel: { id: 'C0ELSEWHERE' },
      }),
    ],
    [
      'for another action',
      'stale',
      (good) => ({
        ...good,
        actions: [{ action_id: APPROVE, value: JSON.stringify({ approvalId, actionHash: 'other' }) }],
      }),
    ],
  ])('signed, but %s: taken, and decides nothing', async (_, expected, change) => {
    const before = await eventCount();
    expect((await send(change(press(message, 'U0ADA', APPROVE)))).status).toBe(200);
    expect((await outcome(before + 1))[0]).toBe(expected);
    expect(await reviewsOf(approvalId)).toEqual([]);
    await until(() => slack.whispers[0]);
  });

  it.each([
    ['deleted', { deleted: true }],
    ['bot', { is_bot: true }],
    ['guest', { is_restricted: true }],
    ['guest', { is_ultra_restricted: true }],
    ['stranger', { is_stranger: true }],
    ['foreign_team', { team_id: 'T0OTHER' }],
  ])('an account that is %s now: told in private, and decides nothing', async (problem, change) => {
    slack.addUser('U0ADA', change);
    const before = await eventCount();
    await send(press(message, 'U0ADA', APPROVE));
    expect((await outcome(before + 1))[0]).toBe(`account_${problem}`);
    slack.addUser('U0ADA');
    expect(await reviewsOf(approvalId)).toEqual([]);
  });
});

describe('mail and outages', () => {
  // What other tests have asked is no part of a storm here.
  beforeEach(async () => {
    clock += 3;
    await shiftClock(node.db, `${clock} minutes`);
  });
  const mailsAbout = (approvalId: string): string[] =>
    sink.mails.map(({ raw }) => raw).filter((raw) => raw.replaceAll('=\r\n', '').includes(approvalId));
  const deliveries = (approvalId: string): Promise<{ channel: string; status: string; attempts: number }[]> =>
    node.db.query(
      'SELECT channel, status, attempts FROM delivery WHERE approval_id = $1 AND kind = $2 ORDER BY channel',
      [approvalId, 'asked'],
    );
  const settled = (approvalId: string) =>
    until(async () => {
      const rows = await deliveries(approvalId);
      return rows.length > 0 && rows.every(({ status }) => status !== 'pending') ? rows : undefined;
    });
  /** Moves time on and takes up what is due, until nothing about the request waits. */
  async function passTime(approvalId: string, minutes: number, stop: () => boolean | Promise<boolean>): Promise<void> {
    for (let passed = 0; passed < minutes && !(await stop()); passed += 1) {
      clock += 1;
      await shiftClock(node.db, `${clock} minutes`);
      const rows = await node.db.query<{ id: string }>(
        `SELECT id FROM delivery WHERE approval_id = $1 AND status = 'pending' AND not_before <= app_now()`,
        [approvalId],
      );
      await Promise.all(rows.map(({ id }) => app.get(ApprovalsService).deliver(id)));
    }
  }

  it('tells everybody who may answer, and a view says how', async () => {
    const approvalId = await open();
    await settled(approvalId);
    const { notifications } = await app.get(ApprovalsService).get(node.caller, approvalId);
    expect(notifications).toEqual(
      expect.arrayContaining([
        { channel: 'email', to: ada.email, status: 'sent' },
        { channel: 'slack', to: ROOM, status: 'sent' },
      ]),
    );
    expect(mailsAbout(approvalId)).toHaveLength(1);
  });

  it.each(['greylists', 'hangs_up'] as const)(
    'a mail server that %s gets the mail once, when it is well again',
    async (manner) => {
      sink.manner = manner;
      const approvalId = await open();
      await until(async () => ((await deliveries(approvalId))[0]?.attempts ?? 0) > 0 || undefined);
      await passTime(approvalId, 3, () => false);
      expect(mailsAbout(approvalId)).toHaveLength(0);
      sink.manner = 'takes';
      await passTime(approvalId, 90, async () => (await deliveries(approvalId))[0]?.status === 'sent');
      expect(mailsAbout(approvalId)).toHaveLength(1);
    },
    60_000,
  );

  it('a mail server that refuses is not asked again', async () => {
    sink.manner = 'refuses';
    const approvalId = await open();
    expect((await settled(approvalId))[0]).toEqual({ channel: 'email', status: 'failed', attempts: 1 });
  });

  it('a mail server that drops after taking makes two copies at most, with one Message-ID', async () => {
    sink.manner = 'drops';
    const approvalId = await open();
    await until(async () => ((await deliveries(approvalId))[0]?.attempts ?? 0) > 0 || undefined);
    await passTime(approvalId, 90, async () => (await deliveries(approvalId))[0]?.status === 'failed');
    const mails = mailsAbout(approvalId);
    expect(mails).toHaveLength(2);
    expect(new Set(mails.map((raw) => /^message-id:.*$/im.exec(raw)?.[0])).size).toBe(1);
  }, 60_000);

  it.each([
    ['errors', { kind: 'status', status: 500 }],
    ['limits', { kind: 'limited', retryAfterSeconds: 600 }],
    ['lost answers', { kind: 'lost_reply' }],
  ] as const)(
    'an hour of %s in Slack: one message in the end, and none of what was decided meanwhile',
    async (_, fault) => {
      slack.faults.set('chat.postMessage', fault);
      const [kept, decided] = [await open(), await open()];
      await until(
        async () =>
          ((await deliveries(kept))[1]?.attempts ?? 0) > 0 ||
          (await deliveries(kept))[1]?.status === 'pending' ||
          undefined,
      );
      await passTime(kept, 60, () => false);
      await node.approvals.cancel(node.caller, decided, 'not needed');
      slack.faults.clear();
      const had = slack.messages.filter(({ blocks }) => JSON.stringify(blocks).includes(decided)).length;
      await passTime(kept, 120, async () => (await deliveries(kept))[1]?.status === 'sent');
      await passTime(decided, 30, () => false);
      const about = (id: string) => slack.messages.filter(({ blocks }) => JSON.stringify(blocks).includes(id)).length;
      expect(about(kept)).toBe(1);
      expect(about(decided)).toBe(had);
    },
    120_000,
  );

  it('more than five in two minutes come together, and another agent is heard at once', async () => {
    clock += 10;
    await shiftClock(node.db, `${clock} minutes`);
    const crowd = await addPerson(node, `crowd-${randomUUID().slice(0, 8)}`);
    const approvers = [crowd.personId];
    const busy = await addAgent(node);
    const ids: string[] = [];
    for (let i = 0; i < 12; i++) ids.push(await open({ agentId: busy, approvers }));
    const other = await open({ agentId: await addAgent(node), approvers });
    const mine = () => sink.mails.filter(({ to }) => to === crowd.email);
    await until(() => (mailsAbout(other).length === 1 ? true : undefined));
    await until(() => (mine().length === 6 ? true : undefined));
    clock += 2;
    await shiftClock(node.db, `${clock} minutes`);
    await app.get(Sweeper).sweep();
    await until(() => (mine().length === 7 ? true : undefined));
    expect(mine().at(-1)?.raw).toContain('7 more requests wait for you');
    expect(ids.filter((id) => mailsAbout(id).length > 0)).toHaveLength(5);
  }, 60_000);
});
