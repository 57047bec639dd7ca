import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { AppError } from '../errors/index.ts';
import { isLocalHost } from './local-hosts.ts';

/** How a request reached us, as far as that can be believed. */
export interface Transport {
  readonly isHttps: boolean;
  /** Of the client, not of a proxy that is believed. */
  readonly address: string;
  /** Plain http that never left this machine. */
  readonly isLocal: boolean;
}

/** IP addresses and networks, `loopback` and `private` of AGENTOS_TRUST_PROXY. */
export function toTrusted(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries.flatMap((each) => NAMED.get(each) ?? [each])) {
    const [address = '', bits] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

const NAMED = new Map([
  ['loopback', ['127.0.0.0/8', '::1']],
  ['private', ['127.0.0.0/8', '::1', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']],
]);
const LOOPBACK = toTrusted(['loopback']);

export function readTransport(request: IncomingMessage, trusted: BlockList): Transport {
  const peer = plain(request.socket.remoteAddress ?? '');
  const forwarded = includes(trusted, peer);
  const protocols = forwarded ? listOf(request.headers['x-forwarded-proto']) : [];
  const isHttps = protocols.length > 0 && protocols.every((each) => each.toLowerCase() === 'https');
  const isProxied = listOf(request.headers['x-forwarded-for']).length > 0;
  return {
    isHttps,
    address: forwarded ? clientBehind(peer, listOf(request.headers['x-forwarded-for']), trusted) : peer,
    isLocal: !isProxied && includes(LOOPBACK, peer) && isLocalHost(request.headers.host),
  };
}

/** Refuses to hand a cookie or a code over a wire that others can read. */
export function requireSafe({ isHttps, isLocal }: Transport): void {
  if (isHttps || isLocal) return;
  throw new AppError(
    'insecure_transport',
    'Signing in and the JSON API need https; plain http is served to this machine only. Put a proxy that ends TLS in front, ' +
      'set AGENTOS_PUBLIC_URL to its https address and AGENTOS_TRUST_PROXY to the address it calls from.',
  );
}

/** The nearest address that no proxy of ours has. */
function clientBehind(peer: string, chain: readonly string[], trusted: BlockList): string {
  const seen = [...chain.map(plain), peer].reverse();
  const outside = seen.find((address) => !includes(trusted, address));
  return outside !== undefined && isIP(outside) > 0 ? outside : (seen.at(-1) ?? peer).slice(0, 64);
}

function includes(list: BlockList, address: string): boolean {
  const family = isIP(address);
  return family > 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}

function listOf(header: string | string[] | undefined): string[] {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
}
