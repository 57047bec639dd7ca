import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import * as http from 'node:http';
import * as net from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { AppError } from '../errors/index.ts';
import { fetchGuarded, guardedLookup, isAllowlisted, type OutboundRequest } from './outbound.ts';

type Seen = { method: string; url: string; headers: http.IncomingHttpHeaders; body: string };

const handlers = new Map<string, (request: http.IncomingMessage, response: http.ServerResponse) => void>();
const seen: Seen[] = [];
const servers: net.Server[] = [];
let port: number;
let otherPort: number;

function serve(): Promise<number> {
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      });
      const handler = handlers.get((request.url ?? '').split('?')[0] ?? '');
      if (handler === undefined) response.end('hello');
      else handler(request, response);
    });
  });
  return listen(server);
}

function listen(server: net.Server): Promise<number> {
  servers.push(server);
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as net.AddressInfo).port)),
  );
}

beforeAll(async () => {
  port = await serve();
  otherPort = await serve();
});
beforeEach(() => {
  seen.length = 0;
  handlers.clear();
});
afterAll(() => {
  for (const server of servers) {
    server.close();
    if (server instanceof http.Server) server.closeAllConnections();
  }
});

function fetchLocal(path: string, options: Partial<OutboundRequest> = {}) {
  const allowedHosts = [`127.0.0.1:${port}`, `127.0.0.1:${otherPort}`];
  return fetchGuarded({
    url: `http://127.0.0.1:${port}${path}`,
    maxBytes: 1000,
    timeoutMs: 5000,
    allowedHosts,
    ...options,
  });
}

async function failureOf(work: Promise<unknown>): Promise<{ code: string; message: string; reached: unknown }> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`expected an AppError, got ${String(error)}`);
  return { code: error.code, message: error.message, reached: error.details?.['reached'] };
}

const redirect =
  (status: number, location: string) => (_request: http.IncomingMessage, response: http.ServerResponse) =>
    void response.writeHead(status, { location }).end('moved');

describe('where a request may go', () => {
  it.each(['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0'])(
    'refuses %s unless it is listed, and says how',
    async (host) => {
      const failure = await failureOf(
        fetchGuarded({ url: `http://${host}:${port}/`, maxBytes: 10, timeoutMs: 2000, allowedHosts: [] }),
      );
      expect(failure).toMatchObject({ code: 'outbound_blocked', reached: false });
      expect(failure.message).toContain('AGENTOS_ALLOWED_HOSTS');
      expect(seen).toEqual([]);
    },
  );

  it('reaches a listed host and port, by address and by name', async () => {
    const response = await fetchLocal('/');
    expect([response.status, response.body.toString(), response.url]).toEqual([
      200,
      'hello',
      `http://127.0.0.1:${port}/`,
    ]);
    const byName = await fetchLocal('/', { url: `http://localhost:${port}/`, allowedHosts: [`localhost:${port}`] });
    expect(byName.status).toBe(200);
  });

  it('does not take one listed port for another, nor an address for its name', async () => {
    expect((await failureOf(fetchLocal('/', { allowedHosts: [`127.0.0.1:${otherPort}`] }))).code).toBe(
      'outbound_blocked',
    );
    expect((await failureOf(fetchLocal('/', { allowedHosts: [`localhost:${port}`] }))).code).toBe('outbound_blocked');
    expect(isAllowlisted(new URL('https://h.lan/'), ['h.lan:443'])).toBe(true);
    expect(isAllowlisted(new URL('http://h.lan/'), ['h.lan:443'])).toBe(false);
    expect(isAllowlisted(new URL('http://[::1]:5000/'), ['[::1]:5000', 'bad entry'])).toBe(true);
  });

  it('refuses a metadata service even when it is listed', async () => {
    for (const host of ['169.254.169.254', 'metadata.google.internal', '[fd00:ec2::254]']) {
      const failure = await failureOf(fetchLocal('/', { url: `http://${host}/latest`, allowedHosts: [`${host}:80`] }));
      expect(failure).toMatchObject({ code: 'outbound_blocked', reached: false });
      expect(failure.message).not.toContain('AGENTOS_ALLOWED_HOSTS');
    }
  });

  it('refuses other schemes, credentials in the url and what is no url, without repeating a password', async () => {
    expect((await failureOf(fetchLocal('/', { url: 'file:///etc/passwd' }))).code).toBe('outbound_blocked');
    const withPassword = await failureOf(fetchLocal('/', { url: `http://me:hunter2@127.0.0.1:${port}/` }));
    expect(withPassword.code).toBe('outbound_blocked');
    const broken = await failureOf(fetchLocal('/', { url: 'http://me:hunter2@exa mple/' }));
    expect(broken.code).toBe('invalid_input');
    expect(withPassword.message + broken.message).not.toContain('hunter2');
  });

  it('refuses at the moment of connecting when a name turns out to lead to a private address', async () => {
    const url = new URL(`http://public.example.org:${port}/`);
    const outcome = await new Promise<Error | null>((resolve) => {
      const request = http.request({ host: 'localhost', port, agent: false, lookup: guardedLookup(url, false) }, () =>
        resolve(null),
      );
      request.on('error', resolve).end();
    });
    expect(outcome).toMatchObject({ code: 'outbound_blocked' });
    expect(outcome?.message).toMatch(/leads to `(127\.0\.0\.1|::1)`/);
    expect(seen).toEqual([]);
  });
});

describe('redirects', () => {
  it('follows them to the answer', async () => {
    handlers.set('/a', redirect(302, '/b'));
    handlers.set('/b', redirect(307, `http://127.0.0.1:${port}/c`));
    expect((await fetchLocal('/a')).url).toBe(`http://127.0.0.1:${port}/c`);
  });

  it('refuses one into a private network', async () => {
    handlers.set('/a', redirect(302, `http://127.0.0.1:${otherPort}/admin`));
    const failure = await failureOf(fetchLocal('/a', { allowedHosts: [`127.0.0.1:${port}`] }));
    expect(failure).toMatchObject({ code: 'outbound_blocked', reached: true });
    expect(seen.map((one) => one.url)).toEqual(['/a']);
    for (const location of ['http://169.254.169.254/', 'file:///etc/passwd', 'http://u:p@127.0.0.1/', 'gopher://x']) {
      handlers.set('/a', redirect(302, location));
      expect((await failureOf(fetchLocal('/a'))).code).toBe('outbound_blocked');
    }
  });

  it('stops after five', async () => {
    handlers.set('/a', redirect(302, '/a'));
    expect(await failureOf(fetchLocal('/a'))).toMatchObject({
      code: 'upstream_failed',
      message: expect.stringContaining('5 redirects'),
    });
    expect(seen).toHaveLength(6);
  });

  it('keeps what could be a key from another origin, and sends it on within one', async () => {
    const headers = { Authorization: 'Bearer k', Cookie: 'c', 'X-Api-Key': 'k', Accept: 'text/plain' };
    handlers.set('/a', redirect(302, `http://127.0.0.1:${otherPort}/b`));
    handlers.set('/same', redirect(302, '/b'));
    await fetchLocal('/a', { headers });
    await fetchLocal('/same', { headers });
    const [, elsewhere, , here] = seen;
    expect([
      elsewhere?.headers['authorization'],
      elsewhere?.headers['cookie'],
      elsewhere?.headers['x-api-key'],
    ]).toEqual([undefined, undefined, undefined]);
    expect(elsewhere?.headers['accept']).toBe('text/plain');
    expect(here?.headers['x-api-key']).toBe('k');
  });

  it('turns a POST into a GET where browsers do, and repeats it only at the same origin', async () => {
    handlers.set('/303', redirect(303, '/x'));
    handlers.set('/302', redirect(302, '/x'));
    handlers.set('/307', redirect(307, '/x'));
    handlers.set('/away', redirect(307, `http://127.0.0.1:${otherPort}/x`));
    for (const path of ['/303', '/302', '/307'])
      await fetchLocal(path, { method: 'POST', body: 'b', headers: { 'content-type': 'text/plain' } });
    expect(
      seen.filter((one) => one.url === '/x').map((one) => [one.method, one.body, one.headers['content-type']]),
    ).toEqual([
      ['GET', '', undefined],
      ['GET', '', undefined],
      ['POST', 'b', 'text/plain'],
    ]);
    expect((await failureOf(fetchLocal('/away', { method: 'POST', body: 'b' }))).code).toBe('outbound_blocked');
  });
});

describe('limits', () => {
  it('ends an answer that comes too slowly, however steadily', async () => {
    handlers.set('/slow', (_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(timer));
    });
    expect(await failureOf(fetchLocal('/slow', { timeoutMs: 150 }))).toMatchObject({ code: 'timeout', reached: true });
  });

  it('ends a server that never answers, and obeys the caller who gives up', async () => {
    const silent = await listen(net.createServer(() => undefined));
    const request = { url: `http://127.0.0.1:${silent}/`, allowedHosts: [`127.0.0.1:${silent}`] };
    expect((await failureOf(fetchLocal('/', { ...request, timeoutMs: 100 }))).code).toBe('timeout');
    expect((await failureOf(fetchLocal('/', { ...request, signal: AbortSignal.timeout(50) }))).code).toBe('cancelled');
    const stopped = AbortSignal.abort(new AppError('timeout', 'The step took too long.'));
    expect(await failureOf(fetchLocal('/', { ...request, signal: stopped }))).toMatchObject({
      code: 'timeout',
      reached: false,
    });
  });

  it('takes an answer of exactly the cap and refuses one byte more', async () => {
    handlers.set('/big', (request, response) => void response.end('x'.repeat(Number(request.url?.split('?')[1]))));
    expect((await fetchLocal('/big?1000')).body).toHaveLength(1000);
    expect(await failureOf(fetchLocal('/big?1001'))).toMatchObject({
      code: 'too_large',
      message: expect.stringContaining('`maxBytes`'),
    });
  });

  it('refuses an answer that unpacks into more than the cap without unpacking it', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    handlers.set(
      '/bomb',
      (_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    );
    const before = process.memoryUsage().rss;
    expect((await failureOf(fetchLocal('/bomb', { maxBytes: 1_000_000 }))).code).toBe('too_large');
    expect(process.memoryUsage().rss - before).toBeLessThan(60 * 1024 * 1024);
  });

  it('unpacks gzip, deflate and brotli', async () => {
    const encodings = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };
    for (const [encoding, compress] of Object.entries(encodings)) {
      handlers.set(
        '/packed',
        (_request, response) => void response.writeHead(200, { 'content-encoding': encoding }).end(compress('packed')),
      );
      expect((await fetchLocal('/packed')).body.toString()).toBe('packed');
    }
    expect((await fetchLocal('/packed', { method: 'HEAD' })).body).toHaveLength(0);
  });

  it('says what went wrong when the other side fails', async () => {
    handlers.set('/cut', (_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    handlers.set(
      '/lie',
      (_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip'),
    );
    handlers.set('/odd', (_request, response) => void response.writeHead(200, { 'content-encoding': 'zstd' }).end('x'));
    expect(await failureOf(fetchLocal('/cut'))).toMatchObject({ code: 'upstream_failed', reached: true });
    expect((await failureOf(fetchLocal('/lie'))).message).toContain('not encoded as its headers say');
    expect((await failureOf(fetchLocal('/odd'))).message).toContain('`zstd`');
    const garbage = await listen(
      net.createServer((socket) => void socket.on('error', () => undefined).end('SSH-2.0-x\r\n')),
    );
    const spoken = await failureOf(
      fetchLocal('/', { url: `http://127.0.0.1:${garbage}/`, allowedHosts: [`127.0.0.1:${garbage}`] }),
    );
    expect([spoken.code, spoken.message]).toEqual(['upstream_failed', expect.stringContaining('not valid HTTP')]);
    const refused = await failureOf(fetchLocal('/', { url: 'http://127.0.0.1:1/', allowedHosts: ['127.0.0.1:1'] }));
    expect(refused).toMatchObject({
      code: 'upstream_failed',
      message: expect.stringContaining('nothing listens there'),
      reached: false,
    });
    const plain = await failureOf(fetchLocal('/', { url: `https://127.0.0.1:${port}/` }));
    expect(plain.code).toBe('upstream_failed');
  });
});

describe('what is sent', () => {
  it('sends method, headers and body as given', async () => {
    await fetchLocal('/x?a=1', { method: 'put', headers: { 'X-One': '1' }, body: 'ä' });
    expect(seen[0]).toMatchObject({
      method: 'PUT',
      url: '/x?a=1',
      body: 'ä',
      headers: { 'x-one': '1', 'content-length': '2', connection: 'close' },
    });
  });

  it('refuses headers that belong to the connection or carry line breaks, and unknown methods', async () => {
    for (const headers of [
      { Host: 'x' },
      { 'Transfer-Encoding': 'chunked' },
      { 'Proxy-Authorization': 'x' },
      { 'X-A': 'a\r\nX-B: b' },
      { 'bad name': 'x' },
    ]) {
      expect((await failureOf(fetchLocal('/', { headers }))).code).toBe('invalid_input');
    }
    expect((await failureOf(fetchLocal('/', { method: 'CONNECT' }))).code).toBe('invalid_input');
    expect(seen).toEqual([]);
  });

  it('takes no proxy from the environment', async () => {
    process.env['http_proxy'] = process.env['HTTP_PROXY'] = `http://127.0.0.1:${otherPort}`;
    await fetchLocal('/direct').finally(() => {
      delete process.env['http_proxy'];
      delete process.env['HTTP_PROXY'];
    });
    expect(seen[0]?.headers.host).toBe(`127.0.0.1:${port}`);
  });
});
