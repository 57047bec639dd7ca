import { lookup as resolveName } from 'node:dns';
import * as http from 'node:http';
import * as https from 'node:https';
import type { LookupFunction } from 'node:net';
import { passSeam } from '../crash/index.ts';
import { AppError } from '../errors/index.ts';
import { classifyHost, isMetadataAddress, isPublicAddress } from './classify.ts';
import { Deadline } from './deadline.ts';
import { blocked, failed, hostAndPort, reasonOf } from './failure.ts';
import { readBody } from './read-body.ts';
import { nextHop, toRequestHeaders } from './redirect.ts';

export interface OutboundRequest {
  /** http or https, without user and password. */
  readonly url: string;
  /** Default GET. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Cap on the body after decompression; a larger one is `too_large`. */
  readonly maxBytes: number;
  /** For everything together: names, redirects, the whole body. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** `host:port` entries that may be reached although private; never a metadata service. */
  readonly allowedHosts: readonly string[];
}

export interface OutboundResponse {
  readonly status: number;
  /** Lower-case names; several values joined by `, `. */
  readonly headers: Record<string, string>;
  readonly body: Buffer;
  /** Where the answer came from, after redirects. */
  readonly url: string;
}

/** One request as it goes over the wire. */
export interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

const MAX_REDIRECTS = 5;
const METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * Fetches over http(s) and refuses every address that is not public, at the moment of connecting and again for each redirect.
 * No proxy, no cookies. Throws `outbound_blocked`, `upstream_failed`, `timeout`, `too_large`, `cancelled`, `invalid_input`;
 * `details.reached` says whether the other side may have seen the request.
 */
export async function fetchGuarded(request: OutboundRequest): Promise<OutboundResponse> {
  const deadline = new Deadline(request);
  try {
    let hop = firstHop(request);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const response = await exchange(hop, request.allowedHosts, deadline);
      try {
        const next = nextHop(hop, response);
        if (next === undefined) {
          const body = await deadline.race(readBody(response, hop.method, request.maxBytes));
          return { status: response.statusCode ?? 0, headers: toHeaders(response.headers), body, url: hop.url.href };
        }
        hop = next;
      } finally {
        response.destroy();
      }
    }
    throw failed(hop.url, `more than ${MAX_REDIRECTS} redirects`);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError(
      error.code,
      error.message,
      { ...error.details, reached: deadline.isReached },
      { cause: error.cause },
    );
  } finally {
    deadline.clear();
  }
}

function firstHop(request: OutboundRequest): Hop {
  const method = (request.method ?? 'GET').toUpperCase();
  if (!METHODS.includes(method))
    throw new AppError('invalid_input', `\`${method}\` is not a method; valid: ${METHODS.join(', ')}.`);
  const body = request.body === undefined ? undefined : Buffer.from(request.body);
  return { url: parseUrl(request.url), method, headers: toRequestHeaders(request.headers ?? {}), body };
}

function parseUrl(text: string): URL {
  if (!URL.canParse(text))
    throw new AppError('invalid_input', 'The url cannot be read; give one such as `https://example.org/path`.');
  const url = new URL(text);
  url.hash = '';
  return url;
}

/** Throws unless this url may be called; the address behind a name is checked when it is known, by `guardedLookup`. */
export function requireAllowed(url: URL, allowedHosts: readonly string[]): { isListed: boolean } {
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw blocked(url, `\`${url.protocol}\` is not allowed; only http and https are`);
  if (url.username !== '' || url.password !== '')
    throw blocked(url, 'it holds a user or password; give them in a header');
  const host = classifyHost(url.hostname);
  if (host.metadataService)
    throw blocked(url, 'it is a metadata service, which hands out credentials; no setting allows it');
  const isListed = isAllowlisted(url, allowedHosts);
  if (host.privateNetwork && !isListed) throw blocked(url, 'it is in a private network', true);
  return { isListed };
}

/** Whether `host:port` of the url is on the operator's list. */
export function isAllowlisted(url: URL, allowedHosts: readonly string[]): boolean {
  const wanted = hostAndPort(url);
  return allowedHosts.some(
    (entry) =>
      URL.canParse(`${url.protocol}//${entry}`) && hostAndPort(new URL(`${url.protocol}//${entry}`)) === wanted,
  );
}

function exchange(hop: Hop, allowedHosts: readonly string[], deadline: Deadline): Promise<http.IncomingMessage> {
  const { isListed } = requireAllowed(hop.url, allowedHosts);
  const { request } = hop.url.protocol === 'https:' ? https : http;
  const sent = new Promise<http.IncomingMessage>((resolve, reject) => {
    passSeam('http.before');
    const outgoing = request(hop.url, {
      method: hop.method,
      headers: hop.body === undefined ? hop.headers : { ...hop.headers, 'content-length': String(hop.body.length) },
      lookup: guardedLookup(hop.url, isListed),
      // A socket of its own: nothing is reused that was connected under other rules.
      agent: false,
      rejectUnauthorized: true,
      insecureHTTPParser: false,
    });
    deadline.onEnd((error) => outgoing.destroy(error));
    outgoing.on('socket', (socket) => socket.once('connect', () => (deadline.isReached = true)));
    outgoing.on('finish', () => passSeam('http.sent'));
    outgoing.on('response', (response) => {
      passSeam('http.answered');
      resolve(response);
    });
    outgoing.on('upgrade', (_response, socket) => {
      socket.destroy();
      reject(failed(hop.url, 'it wants to change the protocol'));
    });
    outgoing.on('error', (error) =>
      reject(error instanceof AppError ? error : failed(hop.url, reasonOf(error), error)),
    );
    outgoing.end(hop.body);
  });
  return deadline.race(sent);
}

/** Resolves a name and passes on only what was checked, so the connection goes to the very address that was looked at. */
export function guardedLookup(url: URL, isListed: boolean): LookupFunction {
  return (hostname, options, done) => {
    resolveName(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, '');
      const refused = addresses.find(
        ({ address }) => isMetadataAddress(address) || (!isListed && !isPublicAddress(address)),
      );
      if (refused !== undefined)
        return done(
          blocked(
            url,
            `it leads to \`${refused.address}\`, which is not a public address`,
            !isMetadataAddress(refused.address),
          ),
          '',
        );
      const first = addresses[0];
      if (first === undefined) return done(new Error(`no address for ${hostname}`), '');
      if (options.all === true) return done(null, addresses);
      return done(null, first.address, first.family);
    });
  };
}

function toHeaders(headers: http.IncomingHttpHeaders): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}
