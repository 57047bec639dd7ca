import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { SMTPServer } from 'smtp-server';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ENTRY, type HttpServer, makePlace, type Place, RawServer, startHttpServer } from '../../support/mcp-client.ts';

let place: Place;
let server: HttpServer;
let smtp: SMTPServer;
let mail = '';

beforeAll(async () => {
  smtp = new SMTPServer({
    authOptional: true,
    onData: (stream, _, done) => {
      stream.on('data', (chunk: Buffer) => (mail += chunk.toString()));
      stream.on('end', () => done());
    },
  });
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  place = await makePlace();
  const { port } = smtp.server.address() as AddressInfo;
  server = await startHttpServer(place, { AGENTOS_AUTH: 'required', SMTP_URL: `smtp://127.0.0.1:${port}` });
});

afterAll(async () => {
  await server.stop();
  await new Promise<void>((resolve) => smtp.close(() => resolve()));
  await place.remove();
});

function agentos(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [ENTRY, ...args], { encoding: 'utf8', env: { ...place.env }, input: '' });
}

async function post(path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}/api/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

async function connect(key: string): Promise<Client> {
  const client = new Client({ name: 'people', version: '1' });
  const headers = { authorization: `Bearer ${key}` };
  await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', server.url), { requestInit: { headers } }));
  return client;
}

async function until<T>(read: () => T | undefined): Promise<T> {
  const end = performance.now() + 10_000;
  for (;;) {
    const found = read();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error('it did not happen within ten seconds');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('people and keys beside a running server', () => {
  it('a key lets a program in with its role, until it is revoked', async () => {
    expect(
      agentos('user', 'add', '--email', 'Ada@Example.com', '--role', 'requester', '--role', 'auditor').stdout,
    ).toBe('ada@example.com: auditor, requester\n');
    const make = (name: string, role: string): string =>
      agentos('key', 'create', '--name', name, '--role', role, '--owner', 'ada@example.com').stdout.trim();
    const [ask, read] = [make('ask', 'requester'), make('read', 'auditor')];
    const description = 'Read orders.csv and write it to copy.csv';
    const asking = await connect(ask);
    const made = await asking.callTool({ name: 'create_agent', arguments: { description } });
    expect(made.isError).not.toBe(true);
    const reading = await connect(read);
    expect((await reading.callTool({ name: 'list_agents', arguments: {} })).isError).not.toBe(true);
    const refused = await reading.callTool({ name: 'create_agent', arguments: { description } });
    expect([refused.isError, JSON.stringify(refused.content)]).toEqual([true, expect.stringContaining('auditor')]);
    expect(agentos('key', 'revoke', '--name', 'ask').status).toBe(0);
    await expect(asking.callTool({ name: 'list_agents', arguments: {} })).rejects.toThrow();
    await Promise.all([asking.close(), reading.close()]);
  });

  it('without a key it answers 401 and says where to read how to get in', async () => {
    const answer = await fetch(`${server.url}/mcp`, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(401);
    const [, url = ''] = /resource_metadata="([^"]+)"/.exec(answer.headers.get('www-authenticate') ?? '') ?? [];
    expect(await (await fetch(url)).json()).toMatchObject({ resource: `${server.url}/mcp` });
  });

  it('a mailed code opens a session that a change without its token cannot use', async () => {
    expect(agentos('user', 'add', '--email', 'boss@example.com', '--role', 'owner').status).toBe(0);
    const answers = await Promise.all(
      ['boss@example.com', 'none@example.com'].map((email) => post('auth/code', { email })),
    );
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(await answers[0]!.text()).toBe(await answers[1]!.text());
    const code = await until(() => /Your AgentOS code: (\d{6})/.exec(mail)?.[1]);
    const opened = await post('auth/session', { email: 'boss@example.com', code });
    const { csrfToken } = (await opened.json()) as { csrfToken: string };
    const cookie = /^agentos=[^;]+/.exec(opened.headers.get('set-cookie') ?? '')?.[0] ?? '';
    const act = (headers: Record<string, string>): Promise<Response> =>
      post('workspace/single-operator', { on: true }, { cookie, ...headers });
    for (const [headers, status] of [
      [{}, 403],
      [{ 'x-csrf-token': 'x' }, 403],
      [{ 'x-csrf-token': csrfToken, 'sec-fetch-site': 'cross-site' }, 403],
      [{ 'x-csrf-token': csrfToken, origin: 'https://evil.example' }, 403],
      [{ 'x-csrf-token': csrfToken, authorization: 'Bearer agk_x' }, 401],
      [{ 'x-csrf-token': csrfToken }, 200],
    ] as const) {
      expect([headers, (await act(headers)).status]).toEqual([headers, status]);
    }
    expect(agentos('user', 'deactivate', '--email', 'boss@example.com').status).toBe(0);
    expect((await act({ 'x-csrf-token': csrfToken })).status).toBe(401);
  });

  it('a link signs in once, and looking at its page does not use it up', async () => {
    const link = agentos('sign-in-link', '--email', 'ada@example.com').stdout.trim();
    expect(link).toMatch(new RegExp(`^${server.url}/sign-in#[\\w-]{43}$`));
    await fetch(link);
    const token = link.split('#')[1];
    expect((await post('auth/link', { token })).status).toBe(200);
    expect((await post('auth/link', { token })).status).toBe(401);
  });
});

describe('the console of processes on stdio', () => {
  it('is served by one, and by another after kill -9', async () => {
    const own = await makePlace();
    const path = join(own.dataDir, 'server.json');
    const where = (pid: number | undefined): { pid: number; url: string } | undefined => {
      if (!existsSync(path)) return undefined;
      const found = JSON.parse(readFileSync(path, 'utf8')) as { pid: number; url: string };
      return found.pid === pid ? found : undefined;
    };
    const first = new RawServer(own.env);
    await until(() => where(first.child.pid));
    const second = new RawServer(own.env);
    await second.open();
    await first.kill();
    const { url } = await until(() => where(second.child.pid));
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    expect(await second.end()).toBe(0);
    expect(existsSync(path)).toBe(false);
    await own.remove();
  });
});
