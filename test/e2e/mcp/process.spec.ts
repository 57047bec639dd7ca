import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { createAgent } from '../../support/agents.ts';
import {
  connectStdio,
  type Json,
  makePlace,
  type Place,
  RawServer,
  startHttpServer,
} from '../../support/mcp-client.ts';

const call = (id: number, name: string, args: Json = {}): Json => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: args },
});
const textOf = (message: Json): string =>
  ((message['result'] as Json)['content'] as { text: string }[]).map(({ text }) => text).join('');
const errorOf = (message: Json): { code: number; message: string } =>
  message['error'] as { code: number; message: string };

let place: Place;
beforeAll(async () => {
  place = await makePlace();
});
afterAll(async () => place?.remove());

describe('the server over stdio', () => {
  it('writes nothing but JSON-RPC to stdout, whatever it is asked', async () => {
    const server = new RawServer({ ...place.env, AGENTOS_LOG_LEVEL: 'debug', AGENTOS_POLICY_MOD: 'x' });
    await server.open();
    server.send(call(1, 'list_agents'));
    server.send(call(2, 'list_agents', { status: 'gone' }));
    server.send(call(3, 'perform_action', { agentId: 'nobody', action: 'x', params: {} }));
    server.send('not json');
    server.send({ jsonrpc: '2.0', id: 4, method: 'no/such' });
    for (const id of [1, 2, 3, 4]) await server.answer(id);
    expect(await server.end()).toBe(0);
    const lines = server.lines();
    expect(lines.map((line) => (JSON.parse(line) as Json)['jsonrpc'])).toEqual(lines.map(() => '2.0'));
    expect(server.log()).toContain('AGENTOS_POLICY_MODE');
  });

  it('answers a message of 12 MB with one error and loses nothing around it', async () => {
    const server = new RawServer(place.env);
    await server.open();
    server.send(call(1, 'list_templates'));
    server.send({
      method: 'tools/call',
      params: { name: 'create_agent', arguments: { description: 'x'.repeat(12 * 1024 * 1024) } },
      jsonrpc: '2.0',
      id: 2,
    });
    server.send(call(3, 'list_agents'));
    expect(errorOf(await server.answer(2)).message).toMatch(/too large: 12\.0 MiB, the limit is 10\.0 MiB/);
    expect(textOf(await server.answer(1))).toContain('# Templates');
    expect(textOf(await server.answer(3))).toContain('# Agents (0)');
    expect(await server.end()).toBe(0);
  });

  it('answers everything it has read when stdin ends at once', async () => {
    const server = new RawServer(place.env);
    server.send({
      jsonrpc: '2.0',
      id: 0,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'pipe', version: '1' } },
    });
    server.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    for (let id = 1; id <= 5; id++) server.send(call(id, 'list_agents'));
    expect(await server.end()).toBe(0);
    const ids = server.lines().map((line) => (JSON.parse(line) as Json)['id']);
    expect(ids.sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends on %s, also while it is still starting', async (signal) => {
    const server = new RawServer(place.env);
    await server.open();
    server.send(call(1, 'list_agents'));
    expect(await server.kill(signal)).toBe(0);
    const again = new RawServer(place.env);
    await again.open();
    again.send(call(1, 'list_agents'));
    expect(textOf(await again.answer(1))).toContain('# Agents');
    expect(await again.end()).toBe(0);
  });

  it('serves two clients on one data directory, each seeing what the other does', async () => {
    const shared = await makePlace({ embedded: true });
    const [one, two] = await Promise.all([connectStdio(shared, '2026 era'), connectStdio(shared, 'generation 1')]);
    try {
      const [first, second] = await Promise.all([
        createAgent(one, { name: 'from-one' }),
        createAgent(two, { name: 'from-two' }),
      ]);
      const seen = async (session: typeof one): Promise<string[]> =>
        ((await session.call('list_agents')).structured['agents'] as { id: string }[]).map(({ id }) => id);
      expect((await seen(one)).sort()).toEqual([first, second].sort());
      await one.close();
      expect((await seen(two)).sort()).toEqual([first, second].sort());
      expect((await two.call('audit_log')).structured).toMatchObject({ chain: { verified: true } });
    } finally {
      await Promise.all([one.close(), two.close()]);
      await shared.remove();
    }
  });
});

describe('a start that cannot be', () => {
  it('stops for a wrong policy mode and names the right ones', async () => {
    for (const args of [[], ['--stdio'], ['--http', '--port', '0']]) {
      const server = new RawServer({ ...place.env, AGENTOS_AUTH: 'loopback', AGENTOS_POLICY_MODE: 'Strict' }, args);
      expect(await server.ended).toBe(1);
      expect(server.log().trim()).toMatch(
        /^AGENTOS_POLICY_MODE is wrong\. `Strict` is not one of strict, permissive\..*$/,
      );
      expect(server.lines()).toEqual([]);
    }
  });

  it('tells the client and stderr why, and ends with 1, when the database cannot be reached', async () => {
    const server = new RawServer({ ...place.env, DATABASE_URL: 'postgres://nobody:secret-word@127.0.0.1:1/none' });
    await server.open();
    server.send({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    server.send(call(2, 'list_agents'));
    expect((await server.answer(1))['result']).toMatchObject({ tools: expect.any(Array) });
    const answer = await server.answer(2);
    expect(answer['result']).toMatchObject({ isError: true });
    expect(textOf(answer)).toMatch(/could not start, so nothing was done\..*DATABASE_URL/);
    expect(await server.ended).toBe(1);
    expect(server.log()).toMatch(/database cannot be reached/);
    expect(server.log() + textOf(answer)).not.toContain('secret-word');
  });

  it('refuses a data directory it cannot write', async () => {
    const own = await makePlace({ embedded: true });
    try {
      const blocked = join(own.files, 'blocked');
      // Root may write anywhere, but nobody can make a folder inside a file.
      if (process.getuid?.() === 0) writeFileSync(blocked, '');
      else mkdirSync(blocked, { mode: 0o555 });
      const server = new RawServer({ ...own.env, AGENTOS_DATA_DIR: join(blocked, 'data') });
      expect(await server.end()).toBe(1);
      expect(server.log()).toMatch(/AGENTOS_DATA_DIR|data director/i);
      expect(
        server
          .log()
          .trim()
          .split('\n')
          .filter((line) => !line.startsWith('{')),
      ).toHaveLength(1);
      if (process.getuid?.() !== 0) chmodSync(blocked, 0o755);
    } finally {
      await own.remove();
    }
  });

  it('refuses to serve HTTP without keys, unless only this machine can ask', async () => {
    const open = new RawServer({ ...place.env, AGENTOS_AUTH: 'loopback', AGENTOS_HOST: '0.0.0.0' }, [
      '--http',
      '--port',
      '0',
    ]);
    expect(await open.ended).toBe(1);
    expect(open.log()).toMatch(/only binds to this machine, not to `0\.0\.0\.0`/);
  });

  it('refuses a port that is taken, and names the way out', async () => {
    const first = await startHttpServer(place);
    try {
      const { port } = new URL(first.url);
      const second = new RawServer({ ...place.env, AGENTOS_AUTH: 'loopback' }, ['--http', '--port', port]);
      expect(await second.ended).toBe(1);
      expect(second.log()).toMatch(new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is taken.*--port`));
      expect((await get(first.url, '/health/ready')).status).toBe(200);
    } finally {
      await first.stop();
    }
  });
});

interface Reply {
  readonly status: number;
  readonly body: Json;
}

function get(url: string, path: string, headers: Record<string, string> = {}, body?: string | Buffer): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, url), { method: body === undefined ? 'GET' : 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        const isJson = response.headers['content-type']?.includes('json') === true;
        resolve({ status: response.statusCode ?? 0, body: isJson ? (JSON.parse(text) as Json) : {} });
      });
    });
    // A server that refuses a large body may close while it is still being sent.
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('the server over HTTP', () => {
  const MCP = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  let url: string;
  let stop: () => Promise<number | null>;
  beforeAll(async () => {
    ({ url, stop } = await startHttpServer(place));
  });
  afterAll(async () => {
    expect(await stop()).toBe(0);
  });

  it('says whether it lives and serves', async () => {
    expect(await get(url, '/health/live')).toEqual({ status: 200, body: { status: 'ok' } });
    expect(await get(url, '/health/ready')).toEqual({ status: 200, body: { status: 'ok' } });
  });

  it('answers errors outside /mcp as code and message', async () => {
    expect(await get(url, '/api/v1/nothing')).toEqual({
      status: 404,
      body: { code: 'not_found', message: expect.any(String) },
    });
  });

  it.each([
    ['host', { host: 'evil.example' }],
    ['origin', { origin: 'https://evil.example' }],
  ])('refuses a foreign %s, so that no web page can call it', async (_, headers) => {
    const list = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    const refused = await get(url, '/mcp', { ...MCP, ...headers }, list);
    expect(refused).toMatchObject({
      status: 403,
      body: { jsonrpc: '2.0', error: { message: expect.stringMatching(/header/) } },
    });
    expect(await get(url, '/', headers)).toMatchObject({ status: 403, body: { code: 'foreign_host' } });
    expect((await get(url, '/mcp', { ...MCP, origin: url }, list)).status).toBe(200);
  });

  it('refuses a body of 12 MB with one clear error and serves on', async () => {
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'create_agent', arguments: { description: 'x'.repeat(12 * 1024 * 1024) } },
    });
    const refused = await get(url, '/mcp', { ...MCP, 'content-length': String(body.length) }, body).catch(
      (error: unknown) => error as Error,
    );
    expect(refused).toMatchObject({
      status: 413,
      body: { error: { message: expect.stringMatching(/10485760|10 ?Mi?B/) } },
    });
    expect((await get(url, '/health/ready')).status).toBe(200);
  });
});
