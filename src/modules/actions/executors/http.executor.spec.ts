import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { permit } from '../../../../test/support/permits.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import { readConfig } from '../../../platform/config/index.ts';
import { CATALOGUE } from '../catalogue.ts';
import { HttpExecutor } from './http.executor.ts';

let reply: { status?: number; headers?: http.OutgoingHttpHeaders; body?: string | Buffer };
let asked: { method: string; url: string; headers: http.IncomingHttpHeaders; body: string };
let origin: string;

const server = http.createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    asked = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    };
    response.writeHead(reply.status ?? 200, reply.headers).end(reply.body);
  });
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => void (reply = {}));
afterAll(() => void server.close());

async function request(
  params: JsonObject,
  allowedHosts = origin,
  signal = new AbortController().signal,
): Promise<JsonObject> {
  const executor = new HttpExecutor(readConfig({ AGENTOS_ALLOWED_HOSTS: allowedHosts }));
  const output = await executor.execute(permit('http.request', { url: `http://${origin}/`, ...params }), {
    actionId: randomUUID(),
    signal,
  });
  CATALOGUE.get('http.request')?.output.parse(output);
  return output;
}

describe('http.request', () => {
  it('sends json with its type and gives json back', async () => {
    reply = {
      status: 201,
      headers: { 'Content-Type': 'application/problem+json; charset=utf-8', 'Set-Cookie': ['a=1', 'b=2'] },
      body: '{"ok":true}',
    };
    const output = await request({ method: 'POST', json: { a: 'ä' } });
    expect(asked).toMatchObject({ method: 'POST', body: '{"a":"ä"}', headers: { 'content-type': 'application/json' } });
    expect(output).toMatchObject({
      status: 201,
      text: '{"ok":true}',
      json: { ok: true },
      headers: { 'set-cookie': 'a=1, b=2' },
    });
  });

  it('adds the query to the url and sends a body and headers as given', async () => {
    await request({
      url: `http://${origin}/p?x=1`,
      query: { q: 'a b&c', n: 2, yes: true },
      method: 'PUT',
      body: 'raw',
      headers: { 'Content-Type': 'text/plain' },
    });
    expect(asked).toMatchObject({
      url: '/p?x=1&q=a+b%26c&n=2&yes=true',
      body: 'raw',
      headers: { 'content-type': 'text/plain' },
    });
    await request({ method: 'POST', json: null, headers: { 'content-type': 'application/x-own+json' } });
    expect(asked).toMatchObject({ body: 'null', headers: { 'content-type': 'application/x-own+json' } });
  });

  it('decodes by charset, and shows bytes that are no text as replaced', async () => {
    reply = { headers: { 'content-type': 'text/plain; charset="ISO-8859-1"' }, body: Buffer.from([0xe4]) };
    expect((await request({}))['text']).toBe('ä');
    reply = { headers: { 'content-type': 'image/png' }, body: Buffer.from([0x50, 0xff]) };
    expect((await request({}))['text']).toBe('P\uFFFD');
    reply = { headers: { 'content-type': 'application/json' }, body: 'not json' };
    expect(await request({})).not.toHaveProperty('json');
  });

  it('gives an error status as an answer, not as a failure', async () => {
    reply = { status: 404, body: 'no' };
    expect(await request({})).toMatchObject({ status: 404, text: 'no' });
  });

  it('caps the answer at one megabyte unless told', async () => {
    reply = { body: 'x'.repeat(1024 * 1024 + 1) };
    await expect(request({})).rejects.toMatchObject({ code: 'too_large' });
    expect((await request({ maxBytes: 2_000_000 }))['text']).toHaveLength(1024 * 1024 + 1);
  });

  it('refuses private addresses that are not listed, connections, and a cancelled call', async () => {
    await expect(request({}, 'example.org:443')).rejects.toMatchObject({ code: 'outbound_blocked' });
    await expect(request({ connection: 'crm' })).rejects.toMatchObject({ code: 'unavailable' });
    await expect(request({}, origin, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
  });
});
