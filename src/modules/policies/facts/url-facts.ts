import { cutText } from '../../../kernel/json.ts';
import { NEUTRAL_FACTS, type Facts } from '../../../kernel/policy/facts.ts';
import { classifyHost, isAllowlisted } from '../../../platform/net/index.ts';
import type { Subject } from '../subject.ts';

const PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };
const MAX_PATH = 1_000;

export async function toUrlFacts(
  { url, method = '' }: Pick<Subject, 'url' | 'method'>,
  allowedHosts: readonly string[],
): Promise<Facts['url']> {
  const verb = method.toUpperCase();
  if (url === undefined) return { ...NEUTRAL_FACTS.url, method: verb };
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const defaultPort = parsed === undefined ? undefined : PORTS[parsed.protocol];
  if (parsed === undefined || defaultPort === undefined || parsed.hostname === '') {
    return { ...NEUTRAL_FACTS.url, method: verb, unparsed: true };
  }
  const host = parsed.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  return {
    scheme: parsed.protocol.slice(0, -1),
    host,
    site: await toSite(host),
    port: parsed.port === '' ? defaultPort : Number(parsed.port),
    path: cutText(decode(parsed.pathname), MAX_PATH),
    method: verb,
    ...classifyHost(parsed.hostname),
    hasCredentials: parsed.username !== '' || parsed.password !== '',
    allowlisted: isAllowlisted(parsed, allowedHosts),
    unparsed: false,
  };
}

/** By the public suffix list, which is large: loaded with the first URL. */
export async function toSite(host: string): Promise<string> {
  const { toRegistrable } = await import('./public-suffix.ts');
  return toRegistrable(host);
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
