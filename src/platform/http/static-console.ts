import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};
/** What is served by somebody else, or by nobody: never a page. */
const NOT_PAGES = /^\/(?:api|mcp|health|metrics|slack|webhooks|assets|\.well-known)(?:\/|$)/;

/** For every answer of this server that a browser may show. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; " +
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
};

const NOT_BUILT = 'The console is not part of this build. Make it with `npm run build`.\n';

interface StaticFile {
  readonly bytes: Buffer;
  readonly type: string;
  readonly tag: string;
}
type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/**
 * Serves the built console of `folder`: its files, and its one page for every other path that is a page. The files are read when the first
 * is asked for, and only those that were there then are served: a path from outside never reaches the file system.
 */
export function serveConsole(folder: string): Handler {
  let files: ReadonlyMap<string, StaticFile> | undefined;
  return (request, response, next) => {
    const path = toPath(request.url);
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    files ??= readFiles(folder);
    const file = files.get(path);
    if (file !== undefined && path !== '/index.html')
      return answer(request, response, file, path.startsWith('/assets/'));
    if (NOT_PAGES.test(path)) return next();
    const page = files.get('/index.html');
    if (page !== undefined) return answer(request, response, page, false);
    response.writeHead(404, {
      ...PAGE_HEADERS,
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
    });
    response.end(request.method === 'HEAD' ? undefined : NOT_BUILT);
  };
}

/** An address that is none is the first page. */
function toPath(url = '/'): string {
  const whole = `http://console${url.replace(/^[^/]*\/+/, '/')}`;
  return URL.canParse(whole) ? new URL(whole).pathname : '/';
}

function answer(request: IncomingMessage, response: ServerResponse, file: StaticFile, isImmutable: boolean): void {
  const headers = {
    ...PAGE_HEADERS,
    'content-type': file.type,
    // Names under /assets carry a hash of their content.
    'cache-control': isImmutable ? 'public, max-age=31536000, immutable' : 'no-store',
    etag: file.tag,
  };
  if (isImmutable && request.headers['if-none-match'] === file.tag) {
    response.writeHead(304, headers);
    return void response.end();
  }
  response.writeHead(200, { ...headers, 'content-length': file.bytes.length });
  response.end(request.method === 'HEAD' ? undefined : file.bytes);
}

function readFiles(folder: string): ReadonlyMap<string, StaticFile> {
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: false });
  return new Map(
    names.flatMap((name) => {
      const type = TYPES[extname(name)];
      if (type === undefined) return [];
      const bytes = readFileSync(join(folder, name));
      const tag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`;
      return [[`/${name.replaceAll('\\', '/')}`, { bytes, type, tag }]] as const;
    }),
  );
}
