import type { Transport } from './transport.ts';

const SECURE_NAME = '__Host-agentos';
const LOCAL_NAME = 'agentos';

function nameOf({ isHttps }: Pick<Transport, 'isHttps'>): string {
  return isHttps ? SECURE_NAME : LOCAL_NAME;
}

/** The session's cookie of this transport; one that came twice is none. */
export function readCookie(header: string | undefined, transport: Pick<Transport, 'isHttps'>): string | undefined {
  const prefix = `${nameOf(transport)}=`;
  const found = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(prefix));
  return found.length === 1 ? found[0]?.slice(prefix.length) : undefined;
}

/** `Set-Cookie` for a session; without a token it ends there. */
export function toCookie(
  transport: Pick<Transport, 'isHttps'>,
  token: string | undefined,
  maxAgeSeconds: number,
): string {
  const age = token === undefined ? 0 : maxAgeSeconds;
  const secure = transport.isHttps ? '; Secure' : '';
  return `${nameOf(transport)}=${token ?? ''}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Lax${secure}`;
}
