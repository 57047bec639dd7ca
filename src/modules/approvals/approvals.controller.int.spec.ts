import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { addAgent, addPerson, ask, startNode, type Asked, type Node } from '../../../test/support/approvals.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { readConfig } from '../../platform/config/index.ts';
import { Database } from '../../platform/db/index.ts';
import { ErrorFilter } from '../../platform/http/index.ts';
import { PlatformModule } from '../../platform/platform.module.ts';
import { JobHandlers, QueueModule } from '../../platform/queue/index.ts';
import { Log } from '../../platform/telemetry/log.ts';
import { approvalResolvedJob, ApprovalsModule } from './index.ts';

interface Browser {
  readonly cookie: string;
  readonly csrfToken: string;
}
interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

let database: TestDatabase;
let node: Node;
let app: INestApplication;
let url: string;
let agentId: string;
let [ada, olga, adam]: Browser[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  node = await startNode(database.url, { isWorker: false });
  const opened = {
    config: readConfig({ AGENTOS_PUBLIC_URL: 'http://localhost:3000' }),
    log: new Log('error'),
    database: new Database({ connectionString: database.url }),
  };
  @Module({ imports: [PlatformModule.with(opened), QueueModule.with({ works: false }), ApprovalsModule] })
  class TestModule {
    constructor(handlers: JobHandlers) {
      handlers.add(approvalResolvedJob, () => Promise.resolve());
    }
  }
  app = await NestFactory.create(TestModule, { logger: false, abortOnError: false });
  app.useGlobalFilters(new ErrorFilter(opened.log));
  await app.listen(0, '127.0.0.1');
  url = `http://127.0.0.1:${(app.getHttpServer() as { address(): AddressInfo }).address().port}`;
  agentId = await addAgent(node);
  ada = await signIn('ada', 'approver');
  olga = await signIn('olga', 'owner');
  adam = await signIn('adam', 'admin');
}, 30_000);
afterAll(async () => {
  await app.close();
  await node.close();
  await database.drop();
});

async function signIn(name: string, role: 'approver' | 'owner' | 'admin'): Promise<Browser> {
  const { personId } = await addPerson(node, name, [role]);
  const token = randomBytes(32).toString('base64url');
  await node.db.query(
    `INSERT INTO sign_in (id, person_id, method, secret_hash, expires_at) VALUES ($1, $2, 'link', $3, app_now() + interval '5 minutes')`,
    [randomUUID(), personId, createHash('sha256').update(token).digest()],
  );
  const response = await fetch(`${url}/api/v1/auth/link`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  const { csrfToken } = (await response.json()) as { csrfToken: string };
  return { cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '', csrfToken };
}

async function call(method: string, path: string, headers: Record<string, string>, body?: unknown): Promise<Answer> {
  const response = await fetch(`${url}/api/v1/approvals${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.headers.get('cache-control') ?? 'no-store').toBe('no-store');
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const get = (who: Browser | undefined, path: string) => call('GET', path, { cookie: who!.cookie });
const post = (who: Browser | undefined, path: string, body?: unknown) =>
  call('POST', path, { cookie: who!.cookie, 'x-csrf-token': who!.csrfToken }, body);
const review = (who: Browser | undefined, { id, actionHash }: Asked, verdict = 'approve') =>
  post(who, `/${id}/reviews`, { verdict, actionHash, reason: 'looked at it' });
const asking = (expiresInMs = 60_000) => ask(node, agentId, { expiresInMs });

test('an answer is counted once, and its page comes back with it', async () => {
  const asked = await ask(node, agentId, { ruleRequirements: [{ quorum: 2 }] });
  expect(await review(ada, asked)).toMatchObject({
    status: 200,
    body: {
      counted: true,
      approval: { status: 'pending', approvals: 1, reviews: [{ email: 'ada@shop.example', reason: 'looked at it' }] },
    },
  });
  expect(await review(ada, asked, 'deny')).toMatchObject({
    status: 200,
    body: { counted: false, approval: { status: 'pending' } },
  });
  expect(await review(olga, asked)).toMatchObject({
    status: 200,
    body: { counted: true, approval: { status: 'approved' } },
  });
});

test('a reason that holds half of a character or controls is kept as far as it can be read', async () => {
  const { id, actionHash } = await asking();
  const reason = '  no\0 \ud83d\u001b[31m\u202e way ';
  expect(await post(ada, `/${id}/reviews`, { verdict: 'deny', actionHash, reason })).toMatchObject({
    status: 200,
    body: {
      counted: true,
      approval: { status: 'denied', endReason: 'no\ufffd \ufffd\u001b[31m\u202e way', history: expect.any(Array) },
    },
  });
  const long = { verdict: 'approve', actionHash: 'h', reason: 'x'.repeat(2_001) };
  expect(await post(ada, `/${id}/reviews`, long)).toMatchObject({ status: 400 });
});

const toCursor = (at: string): string => Buffer.from(`${at}|${randomUUID()}`).toString('base64url');

describe('an answer that does not count has the status of its reason', () => {
  test.each([
    [403, 'not_eligible', async () => review(adam, await asking())],
    [409, 'stale', async () => review(ada, { ...(await asking()), actionHash: 'other' })],
    [410, 'expired', async () => review(ada, await asking(0))],
    [404, 'not_found', () => review(ada, { id: randomUUID(), actionHash: 'h' })],
    [
      400,
      'invalid_input',
      async () => post(ada, `/${(await asking()).id}/reviews`, { verdict: 'maybe', actionHash: 'h' }),
    ],
    [400, 'invalid_input', async () => post(ada, `/${(await asking()).id}/reviews`)],
    [400, 'invalid_input', () => get(ada, '?status=open')],
    [400, 'invalid_input', () => get(ada, '?limit=0')],
    [400, 'invalid_input', () => get(ada, `?cursor=${toCursor('0')}`)],
    [400, 'invalid_input', () => get(ada, `?cursor=${toCursor('Monday 1')}`)],
    [400, 'invalid_input', () => get(ada, `?cursor=${toCursor('2026-02-31 00:00:00+00')}`)],
  ] as const)('%i %s', async (status, code, request) => {
    const answer = await request();
    expect(answer).toEqual({ status, body: { code, message: expect.any(String) } });
  });

  test('403 self_review', async () => {
    const { rows } = await database.pool.query<{ id: string }>(
      "SELECT id FROM person WHERE email = 'olga@shop.example'",
    );
    const asked = await ask(node, agentId, { onBehalfOf: rows[0]!.id });
    expect(await review(olga, asked)).toMatchObject({ status: 403, body: { code: 'self_review' } });
  });

  test('409 already_decided', async () => {
    const asked = await asking();
    await review(ada, asked, 'deny');
    expect(await review(olga, asked)).toMatchObject({ status: 409, body: { code: 'already_decided' } });
  });
});

test('without a session, with a key, or without the token of the session nothing is told and nothing changes', async () => {
  const asked = await asking();
  const body = { verdict: 'approve', actionHash: asked.actionHash };
  const routes = [
    ['GET', ''],
    ['GET', `/${asked.id}`],
    ['POST', `/${asked.id}/reviews`],
    ['POST', `/${asked.id}/revoke`],
    ['POST', `/${asked.id}/cancel`],
  ] as const;
  for (const [method, path] of routes) {
    for (const headers of [
      {},
      { authorization: 'Bearer agk_x' },
      { cookie: ada!.cookie, authorization: 'Bearer agk_x' },
    ])
      expect(await call(method, path, headers, method === 'POST' ? body : undefined)).toMatchObject({ status: 401 });
    if (method === 'POST')
      for (const csrf of [{}, { 'x-csrf-token': olga!.csrfToken }])
        expect(await call(method, path, { cookie: ada!.cookie, ...csrf }, body)).toMatchObject({
          status: 403,
          body: { code: 'csrf' },
        });
  }
  expect((await node.approvals.page({ ...(await addPerson(node, randomUUID())) }, asked.id)).history).toHaveLength(1);
});

test('looking never changes anything', async () => {
  const asked = await asking();
  for (const who of [ada, olga, adam]) {
    expect(await get(who, `/${asked.id}`)).toMatchObject({ status: 200, body: { id: asked.id, status: 'pending' } });
    expect((await get(who, '?mine=true')).status).toBe(200);
  }
  const { body } = await get(olga, `/${asked.id}`);
  expect(body['history']).toHaveLength(1);
});

test('lists are filtered and walked by a cursor', async () => {
  const asked = await asking();
  const mine = (await get(ada, '?mine=true')).body['approvals'] as { id: string; status: string }[];
  expect(mine.map(({ id }) => id)).toContain(asked.id);
  expect(new Set(mine.map(({ status }) => status))).toEqual(new Set(['pending']));
  expect((await get(adam, '?mine=1')).body['approvals']).toEqual([]);
  const first = await get(ada, '?limit=1&status=pending');
  const next = await get(ada, `?limit=1&status=pending&cursor=${String(first.body['nextCursor'])}`);
  expect([first.body['approvals'], next.body['approvals']]).toMatchObject([
    [{ id: asked.id }],
    [{ status: 'pending' }],
  ]);
});

test('requests are cancelled and approvals revoked, with the page as the answer', async () => {
  const [waiting, approved] = [await asking(), await asking()];
  expect(await post(ada, `/${waiting.id}/cancel`)).toMatchObject({ status: 403, body: { code: 'not_eligible' } });
  expect(await post(olga, `/${waiting.id}/cancel`, { reason: ' no need ' })).toMatchObject({
    status: 200,
    body: { approval: { status: 'cancelled', endReason: 'no need' } },
  });
  expect(await post(olga, `/${approved.id}/revoke`)).toMatchObject({ status: 409, body: { code: 'already_decided' } });
  await review(ada, approved);
  expect(await post(adam, `/${approved.id}/revoke`)).toMatchObject({
    status: 200,
    body: { approval: { status: 'revoked' } },
  });
});
