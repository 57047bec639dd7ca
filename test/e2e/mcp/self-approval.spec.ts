import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client as ElicitingClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AuditService } from '../../../src/modules/audit/index.ts';
import { addMember, createKey, deactivateMember, offerLink, setMember } from '../../../src/modules/identity/index.ts';
import { Database } from '../../../src/platform/db/index.ts';
import { Log } from '../../../src/platform/telemetry/log.ts';
import {
  connectHttp,
  type HttpServer,
  type Json,
  makePlace,
  type Place,
  type Session,
  startHttpServer,
} from '../../support/mcp-client.ts';

interface Signed {
  readonly cookie: string;
  readonly csrfToken: string;
}
interface Answered {
  readonly status: number;
  readonly code: string;
}

/** Who is who: the roles are never the reason why the first five may not answer. */
const PEOPLE = {
  'otto@example.org': 'owner', // on whose behalf it is asked
  'ada@example.org': 'owner', // made the agent
  'vera@example.org': 'owner', // made its version
  'dan@example.org': 'owner', // deployed it
  'kim@example.org': 'approver', // made the key with which it is asked
  'olga@example.org': 'owner',
  'grace@example.org': 'approver',
  'rita@example.org': 'requester',
  'aldo@example.org': 'auditor',
  'opal@example.org': 'operator',
  'lost@example.org': 'approver',
  'gone@example.org': 'approver',
};
const FOREIGN = 'flo@example.org';
const KEYS = { otto: 'owner', ada: 'owner', vera: 'owner', dan: 'owner', grace: 'approver' };

let place: Place;
let server: HttpServer;
let db: Database;
let audit: AuditService;
const keys = new Map<string, string>();
const sessions = new Map<string, Session>();
const people = new Map<string, Signed>();

const emailOf = (name: string): string => `${name}@example.org`;
const of = <T>(map: ReadonlyMap<string, T>, name: string): T => {
  const found = map.get(name);
  if (found === undefined) throw new Error(`nobody is called ${name}`);
  return found;
};
const as = (name: string): Session => of(sessions, name);

beforeAll(async () => {
  place = await makePlace();
  server = await startHttpServer(place, { AGENTOS_AUTH: 'required' });
  db = new Database({ connectionString: place.env['DATABASE_URL'] ?? '' });
  audit = new AuditService(db, new Log('error'));
  const desk = { db, audit };
  for (const [email, role] of Object.entries(PEOPLE)) await addMember(desk, 'default', { email, roles: [role] });
  await addMember(desk, 'other', { email: FOREIGN, roles: ['owner', 'approver'] });
  for (const [name, role] of Object.entries(KEYS)) {
    keys.set(name, await createKey(desk, 'default', { name, role, owner: emailOf(name) }));
    sessions.set(name, await connectHttp(server.url, '2026 era', keys.get(name)));
  }
  await db.query(
    `UPDATE api_key SET created_by = p.id FROM person p WHERE p.email = 'kim@example.org' AND api_key.name = 'otto'`,
  );
  for (const email of Object.keys(PEOPLE)) people.set(email.split('@')[0] ?? '', await signIn('default', email));
  people.set('flo', await signIn('other', FOREIGN));
  await setMember(desk, 'default', { email: 'lost@example.org', roles: ['auditor'] });
  await deactivateMember(desk, 'default', 'gone@example.org');
  mkdirSync(join(place.files, 'inbox'));
  writeFileSync(join(place.files, 'inbox/a.csv'), 'id,email\n1,a@x.org\n2,\n');
});

afterAll(async () => {
  for (const session of sessions.values()) await session.close();
  await audit?.close();
  await db?.close();
  await server?.stop();
  await place?.remove();
});

async function signIn(workspace: string, email: string): Promise<Signed> {
  const token = await offerLink({ db, audit }, workspace, email);
  const response = await send('POST', 'auth/link', { body: { token } });
  const { csrfToken } = (await response.json()) as { csrfToken: string };
  return { cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '', csrfToken };
}

interface Sent {
  readonly body?: object;
  readonly by?: Partial<Signed>;
  readonly headers?: Record<string, string>;
}

async function send(method: string, path: string, { body, by, headers = {} }: Sent = {}): Promise<Response> {
  return fetch(path.startsWith('/') ? `${server.url}${path}` : `${server.url}/api/v1/${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(by?.cookie === undefined ? {} : { cookie: by.cookie }),
      ...(by?.csrfToken === undefined ? {} : { 'x-csrf-token': by.csrfToken }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

interface Held {
  readonly id: string;
  readonly actionHash: string;
}

async function review(held: Held, sent: Omit<Sent, 'body'>, verdict = 'approve'): Promise<Answered> {
  const body = { verdict, actionHash: held.actionHash };
  const response = await send('POST', `approvals/${held.id}/reviews`, { body, ...sent });
  const { code = 'counted' } = (await response.json()) as { code?: string };
  return { status: response.status, code };
}

/** The request and what was answered, as the database has them. */
async function standing({ id }: Held): Promise<string> {
  const [row] = await db.query<{ text: string }>(
    `SELECT r.status || ' ' || (SELECT count(*) FROM approval_review v WHERE v.request_id = r.id) AS text FROM approval_request r WHERE r.id = $1`,
    [id],
  );
  return row?.text ?? '';
}
const WAITING = 'pending 0';

/** An agent of ada's whose every write waits; its version is vera's. */
async function makeAgent(name: string): Promise<string> {
  const rule = {
    ...{ name: 'ask-first', condition: 'action.type == "file.write"', action: 'require_approval', severity: 'high' },
    message: 'Every file is looked at by a person first.',
  };
  const made = await as('ada').call('create_policy', { description: name, category: 'custom', rules: [rule] });
  const policyId = (made.structured['policy'] as { id: string }).id;
  const description = 'Read inbox/a.csv and write the result to out/b.csv';
  const agent = await as('ada').call('create_agent', { name, description, policies: [], grants: ['file.*'] });
  const { id } = agent.structured['agent'] as { id: string };
  const attached = await as('vera').call('attach_policy', { agentId: id, policyId });
  if (attached.isError) throw new Error(attached.text);
  return id;
}

const find = async (where: string, value: string): Promise<Held> => {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const [row] = await db.query<{ id: string; action_hash: string }>(
      `SELECT id, action_hash FROM approval_request WHERE status = 'pending' AND ${where} ORDER BY created_at DESC LIMIT 1`,
      [value],
    );
    if (row !== undefined) return { id: row.id, actionHash: row.action_hash };
    if (performance.now() > deadline) throw new Error(`nothing is held: ${where} ${value}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

/** Otto's program writes a file, and nobody waits for the answer. */
async function hold(agentId: string, path: string): Promise<Held> {
  const params = { path, content: `for ${path}` };
  void as('otto')
    .call('perform_action', { agentId, action: 'file.write', params })
    .catch(() => undefined);
  return find(`convert_from(params, 'UTF8') LIKE '%' || $1 || '%'`, path);
}

async function historyOf({ id }: Held): Promise<{ kind: string; actor: string; data: Json }[]> {
  const response = await send('GET', `approvals/${id}`, { by: of(people, 'olga') });
  return ((await response.json()) as { history: { kind: string; actor: string; data: Json }[] }).history;
}

const countWrites = async (agentId: string): Promise<number> => {
  const [row] = await db.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM action WHERE agent_id = $1 AND type = 'file.write' AND execution = 'succeeded'`,
    [agentId],
  );
  return row?.count ?? 0;
};

async function untilWritten(path: string): Promise<string> {
  const deadline = performance.now() + 20_000;
  while (!existsSync(join(place.files, path))) {
    if (performance.now() > deadline) throw new Error(`${path} was not written`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return readFileSync(join(place.files, path), 'utf8');
}

const SELF = { status: 403, code: 'self_review' };
const NOT_ELIGIBLE = { status: 403, code: 'not_eligible' };
const UNKNOWN = { status: 401, code: 'unauthorized' };

describe('an action that waits is not approved', () => {
  let agentId: string;
  let held: Held;
  beforeAll(async () => {
    agentId = await makeAgent('matrix');
    held = await hold(agentId, 'out/matrix.txt');
  });

  it.each([
    ['the person on whose behalf it is', 'otto', SELF],
    ["the agent's author", 'ada', SELF],
    ["the version's author", 'vera', SELF],
    ['who made the key', 'kim', SELF],
    ['a requester', 'rita', NOT_ELIGIBLE],
    ['an auditor', 'aldo', NOT_ELIGIBLE],
    ['an operator', 'opal', NOT_ELIGIBLE],
    ['who lost the role while signed in', 'lost', NOT_ELIGIBLE],
    ['who was deactivated while signed in', 'gone', UNKNOWN],
    ['an approver of another workspace', 'flo', { status: 404, code: 'not_found' }],
  ])('by %s', async (_, name, expected) => {
    const by = of(people, name);
    expect(await review(held, { by })).toEqual(expected);
    expect(await review(held, { by }, 'deny')).toEqual(expected);
    expect(await standing(held)).toBe(WAITING);
  });

  it('by a key on any route of the API, also beside a good session', async () => {
    const routes = [
      ...['auth/session', 'approvals', `approvals/${held.id}`].map((path) => ['GET', path] as const),
      ...['reviews', 'revoke', 'cancel'].map((path) => ['POST', `approvals/${held.id}/${path}`] as const),
      ...([
        ['POST', 'workspace/single-operator'],
        ['DELETE', 'auth/session'],
      ] as const),
    ];
    for (const key of keys.values()) {
      for (const [method, path] of routes) {
        const body = method === 'POST' ? { verdict: 'approve', actionHash: held.actionHash, on: true } : undefined;
        for (const by of [{}, of(people, 'grace')]) {
          const headers = { authorization: `Bearer ${key}` };
          const response = await send(method, path, { by, headers, ...(body === undefined ? {} : { body }) });
          expect([path, response.status]).toEqual([path, 401]);
        }
      }
    }
    expect(await standing(held)).toBe(WAITING);
  });

  it("without the session's own token, or with that of another one, or from a page of another site", async () => {
    const grace = of(people, 'grace');
    const csrf = { status: 403, code: 'csrf' };
    expect(await review(held, { by: { cookie: grace.cookie } })).toEqual(csrf);
    const again = await signIn('default', 'grace@example.org');
    for (const { csrfToken } of [of(people, 'olga'), of(people, 'otto'), again])
      expect(await review(held, { by: { cookie: grace.cookie, csrfToken } })).toEqual(csrf);
    for (const site of ['cross-site', 'same-site'])
      expect(await review(held, { by: grace, headers: { 'sec-fetch-site': site } })).toEqual(csrf);
    const twice = { cookie: `${of(people, 'otto').cookie}; ${grace.cookie}`, csrfToken: grace.csrfToken };
    expect(await review(held, { by: twice })).toEqual(UNKNOWN);
    await send('DELETE', 'auth/session', { by: again });
    expect(await review(held, { by: again })).toEqual(UNKNOWN);
    expect(await standing(held)).toBe(WAITING);
  });

  it('by looking: no GET, HEAD or OPTIONS changes anything', async () => {
    const by = of(people, 'grace');
    const review = `approvals/${held.id}/reviews?verdict=approve&actionHash=${held.actionHash}`;
    const paths = [
      ...['/', '/sign-in', `/approvals/${held.id}`, `/approvals/${held.id}?verdict=approve`, '/mcp', '/health/live'],
      ...[review, `approvals/${held.id}`, `approvals/${held.id}/revoke`, `approvals/${held.id}/cancel`, 'approvals'],
      ...['auth/session', 'auth/link', 'auth/code', 'workspace/single-operator?on=true'],
    ];
    for (const path of paths) {
      for (const method of ['GET', 'HEAD', 'OPTIONS']) {
        const response = await send(method, path, { by, headers: { 'x-http-method-override': 'POST' } });
        expect([path, response.status < 500]).toEqual([path, true]);
        await response.arrayBuffer();
      }
    }
    expect(await standing(held)).toBe(WAITING);
  });

  it('by any tool, whatever it is told', async () => {
    const tools = await as('otto').tools();
    expect(tools.length).toBeGreaterThan(15);
    const said = { approvalId: held.id, id: held.id, verdict: 'approve', approved: true, status: 'approved' };
    const other = await makeAgent('tried');
    const spare = await hold(other, 'out/spare.txt');
    for (const { name, inputSchema } of tools) {
      const { properties = {}, required = [] } = inputSchema as {
        properties?: Record<string, Json>;
        required?: string[];
      };
      expect(Object.keys(properties).filter((each) => /verdict|decision|review/i.test(each))).toEqual([]);
      // What ends requests is tried on another one.
      const target = ['cancel_approval', 'stop_agent'].includes(name) ? spare : held;
      const values: Json = {
        approvalId: target.id,
        agentId: target === held ? agentId : other,
        action: 'approval.approve',
      };
      const fitting = Object.fromEntries(
        Object.keys(properties).flatMap((key) => {
          if (values[key] !== undefined) return [[key, values[key]]];
          if (!required.includes(key)) return [];
          return [[key, toValue(properties[key] ?? {}, held.id)]];
        }),
      );
      for (const key of name === 'perform_action' ? ['otto'] : Object.keys(KEYS)) {
        await as(key).call(name, fitting);
        await as(key).call(name, { ...fitting, ...said, approvalId: target.id });
        expect([name, await standing(held)]).toEqual([name, WAITING]);
        expect([name, await standing(spare)]).not.toEqual([name, expect.stringMatching(/approved|consumed|[1-9]/)]);
      }
    }
    expect(await standing(spare)).toBe('cancelled 0');
  });

  it('by a client that accepts whatever it is asked', async () => {
    const client = new ElicitingClient({ name: 'eager', version: '1' }, { capabilities: { elicitation: {} } });
    client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { verdict: 'approve' } }));
    const headers = { authorization: `Bearer ${of(keys, 'otto')}` };
    const transport = new StreamableHTTPClientTransport(new URL('/mcp', server.url), { requestInit: { headers } });
    await client.connect(transport);
    const params = { path: 'out/matrix.txt', content: 'for out/matrix.txt' };
    const args = { agentId, action: 'file.write', params };
    const call = client.callTool({ name: 'perform_action', arguments: args }, undefined, { timeout: 2_000 });
    await expect(call).rejects.toThrow(/timed out/i);
    await client.close();
    expect(await standing(held)).toBe(WAITING);
  });

  it('for what else was shown, and every refused answer is in its history', async () => {
    const stale = { id: held.id, actionHash: '0'.repeat(64) };
    expect(await review(stale, { by: of(people, 'grace') })).toEqual({ status: 409, code: 'stale' });
    const refused = (await historyOf(held)).filter(({ kind }) => kind === 'review_refused');
    const shown = refused.map(({ actor, data }) => `${actor} ${String(data['verdict'])} ${String(data['code'])}`);
    const both = (name: string, code: string): string[] =>
      ['approve', 'deny'].map((verdict) => `${emailOf(name)} ${verdict} ${code}`);
    expect(shown).toEqual([
      ...['otto', 'ada', 'vera', 'kim'].flatMap((name) => both(name, 'self_review')),
      ...['rita', 'aldo', 'opal', 'lost'].flatMap((name) => both(name, 'not_eligible')),
      'grace@example.org approve stale',
    ]);
  });

  it('and then somebody else can still answer: the file is written, once', async () => {
    expect(await standing(held)).toBe(WAITING);
    expect([existsSync(join(place.files, 'out/matrix.txt')), await countWrites(agentId)]).toEqual([false, 0]);
    expect(await review(held, { by: of(people, 'grace') })).toEqual({ status: 200, code: 'counted' });
    expect(await untilWritten('out/matrix.txt')).toBe('for out/matrix.txt');
    expect(await review(held, { by: of(people, 'olga') })).toEqual({ status: 409, code: 'already_decided' });
    expect(await standing(held)).toBe('consumed 1');
    expect(await countWrites(agentId)).toBe(1);
  });
});

it('who asks for leave names who may answer, and nobody else does', async () => {
  const agentId = await makeAgent('named');
  const params = { path: 'out/named.txt', content: 'named' };
  const asked = await as('otto').call('request_approval', {
    ...{ agentId, action: 'file.write', params, description: 'I need it.' },
    approvers: ['grace@example.org', 'otto@example.org', 'kim@example.org'],
  });
  const held = asked.structured['approval'] as Held;
  expect(await review(held, { by: of(people, 'olga') })).toEqual(NOT_ELIGIBLE);
  for (const name of ['otto', 'kim', 'ada', 'vera']) expect(await review(held, { by: of(people, name) })).toEqual(SELF);
  expect(await standing(held)).toBe(WAITING);
  expect(await review(held, { by: of(people, 'grace') })).toEqual({ status: 200, code: 'counted' });
  const write = { agentId, action: 'file.write', params };
  expect(await as('otto').call('perform_action', write)).toMatchObject({ isError: false });
  expect(await untilWritten('out/named.txt')).toBe('named');
  expect([await standing(held), await countWrites(agentId)]).toEqual(['consumed 1', 1]);
});

it('who deployed an agent does not answer for its runs', async () => {
  const agentId = await makeAgent('deployed');
  const tested = await as('dan').call('test_agent', { agentId, scenario: 'a normal day' });
  expect(tested.text).toContain('PASSED');
  const { structured } = await as('dan').call('deploy_agent', { agentId, autoStart: true });
  const runId = structured['runId'] as string;
  const held = await find('run_id = $1::uuid', runId);
  for (const name of ['dan', 'ada', 'vera']) expect(await review(held, { by: of(people, name) })).toEqual(SELF);
  expect([await standing(held), existsSync(join(place.files, 'out/b.csv'))]).toEqual([WAITING, false]);
  expect(await review(held, { by: of(people, 'olga') })).toEqual({ status: 200, code: 'counted' });
  await untilWritten('out/b.csv');
  const shown = (await historyOf(held)).map(({ kind, actor }) => `${kind} ${actor}`);
  expect(shown.filter((each) => each.startsWith('review_refused'))).toEqual(
    ['dan', 'ada', 'vera'].map((name) => `review_refused ${emailOf(name)}`),
  );
  expect([await standing(held), await countWrites(agentId)]).toEqual(['consumed 1', 1]);
});

/** Something that a schema takes: a tool that refuses its arguments would prove nothing. */
function toValue(schema: Json, text: string): unknown {
  const { type, enum: values, items } = schema as { type?: string; enum?: unknown[]; items?: Json };
  if (values !== undefined) return values[0];
  if (type === 'array') return [toValue(items ?? {}, text)];
  if (type === 'object') return { approvalId: text, verdict: 'approve' };
  if (type === 'boolean') return true;
  return type === 'integer' || type === 'number' ? 1 : text;
}
