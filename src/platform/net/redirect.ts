import type { IncomingMessage } from 'node:http';
import { AppError } from '../errors/index.ts';
import type { Hop } from './outbound.ts';

/** Set by the connection itself, or a way to talk to proxies. */
const REFUSED_HEADERS =
  /^(host|connection|content-length|transfer-encoding|upgrade|te|trailer|expect|keep-alive|proxy-.*)$/;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
/** What may go to another origin: nothing that could be a key. */
const HARMLESS_HEADERS = /^(accept|accept-language|accept-encoding|user-agent|content-type)$/;
const DEFAULTS = { accept: '*/*', 'accept-encoding': 'gzip, deflate, br', 'user-agent': 'AgentOS' };

/** The headers to send, with lower-case names. Throws `invalid_input` for one that may not be set. */
export function toRequestHeaders(given: Readonly<Record<string, string>>): Record<string, string> {
  const headers: Record<string, string> = { ...DEFAULTS };
  for (const [name, value] of Object.entries(given)) {
    const lower = name.toLowerCase();
    if (!HEADER_NAME.test(lower)) throw new AppError('invalid_input', `\`${name}\` is not a header name.`);
    if (REFUSED_HEADERS.test(lower))
      throw new AppError('invalid_input', `The header \`${name}\` is set by the connection; leave it out.`);
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value))
      throw new AppError(
        'invalid_input',
        `The value of header \`${name}\` holds characters that headers cannot carry.`,
      );
    headers[lower] = value;
  }
  return headers;
}

/** The request that a redirect asks for; undefined when the response is the answer. */
export function nextHop(hop: Hop, response: IncomingMessage): Hop | undefined {
  const { statusCode: status = 0, headers } = response;
  const { location } = headers;
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined;
  if (!URL.canParse(location, hop.url.href))
    throw new AppError('upstream_failed', `\`${hop.url.host}\` redirects to something that is not a url.`, {});
  const url = new URL(location, hop.url);
  url.hash = '';
  const becomesGet =
    (status === 303 && hop.method !== 'HEAD') || ((status === 301 || status === 302) && hop.method === 'POST');
  const next = becomesGet
    ? { url, method: 'GET', headers: withoutContent(hop.headers), body: undefined }
    : { ...hop, url };
  if (url.origin === hop.url.origin) return next;
  requireHarmless(hop, next);
  return {
    ...next,
    headers: Object.fromEntries(Object.entries(next.headers).filter(([name]) => HARMLESS_HEADERS.test(name))),
  };
}

/** What was decided for one host is not done at another. */
function requireHarmless(hop: Hop, next: Hop): void {
  const refuse = (why: string): never => {
    throw new AppError(
      'outbound_blocked',
      `The redirect from \`${hop.url.host}\` to \`${next.url.host}\` is not followed: ${why}. Call the new address itself if it is right.`,
      {
        host: next.url.host,
      },
    );
  };
  if (hop.url.protocol === 'https:' && next.url.protocol === 'http:') refuse('it leaves https');
  if (next.method !== 'GET' && next.method !== 'HEAD') refuse(`it would repeat the ${next.method} there`);
}

function withoutContent(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('content-')));
}
