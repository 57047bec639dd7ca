import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveConsole } from './static-console.ts';

let folder: string;
let server: Server;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'console-'));
  mkdirSync(join(folder, 'web', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'web', 'index.html'), '<!doctype html><title>Console</title>');
  writeFileSync(join(folder, 'web', 'assets', 'main-a1b2.js'), 'start()');
  writeFileSync(join(folder, 'web', 'notes.txt'), 'not for anybody');
  writeFileSync(join(folder, 'secret.html'), 'outside');
  const serve = serveConsole(join(folder, 'web'));
  server = createServer((req, res) => serve(req, res, () => res.writeHead(418).end('next')));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

async function ask(path: string, method = 'GET', headers: Record<string, string> = {}): Promise<Answer> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    })
      .on('error', reject)
      .end();
  });
}

describe('the console', () => {
  it.each(['/', '/sign-in', '/approvals/1c29949f-a3aa-4fcc-b1fa-48ad5a2d15d1', '/no/such/page', '/index.html'])(
    'is one page, also at %s, and nobody keeps or frames it',
    async (path) => {
      const { status, headers, body } = await ask(path);
      expect({ status, body }).toEqual({ status: 200, body: '<!doctype html><title>Console</title>' });
      expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['content-security-policy']).not.toContain('unsafe');
    },
  );

  it('serves its hashed files for good', async () => {
    const first = await ask('/assets/main-a1b2.js');
    expect(first).toMatchObject({ status: 200, body: 'start()' });
    expect(first.headers['cache-control']).toContain('immutable');
    const etag = String(first.headers['etag']);
    expect(await ask('/assets/main-a1b2.js', 'GET', { 'if-none-match': etag })).toMatchObject({
      status: 304,
      body: '',
    });
  });

  it.each(['/assets/none.js', '/api/v1/approvals', '/mcp', '/health/ready', '/.well-known/x', '/slack/interactions'])(
    'leaves %s to others',
    async (path) => {
      expect(await ask(path)).toMatchObject({ status: 418 });
    },
  );

  it.each(['/../secret.html', '/%2e%2e/secret.html', '/assets/..%2f..%2fsecret.html', '//secret.html', '/notes.txt'])(
    'shows nothing but what was built: %s',
    async (path) => {
      const { body } = await ask(path);
      expect(body).not.toMatch(/outside|not for anybody/);
    },
  );

  it('answers HEAD without a body and takes nothing else', async () => {
    expect(await ask('/', 'HEAD')).toMatchObject({ status: 200, body: '' });
    expect(await ask('/', 'POST')).toMatchObject({ status: 418 });
    expect(await ask('/approvals/x', 'DELETE')).toMatchObject({ status: 418 });
  });

  it('says so when it was not built', async () => {
    const serve = serveConsole(join(folder, 'nothing'));
    const bare = createServer((req, res) => serve(req, res, () => res.end()));
    await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve));
    const { port } = bare.address() as AddressInfo;
    const status = await new Promise((resolve) =>
      request({ host: '127.0.0.1', port }, (r) => resolve(r.statusCode)).end(),
    );
    expect(status).toBe(404);
    bare.close();
  });
});
