import { describe, expect, it } from '@jest/globals';
import type { IncomingMessage } from 'node:http';
import { readCookie, toCookie } from './cookies.ts';
import { readTransport, requireSafe, toTrusted } from './transport.ts';

function read(remoteAddress: string, headers: Record<string, string>, trusted: readonly string[] = []) {
  return readTransport({ socket: { remoteAddress }, headers } as unknown as IncomingMessage, toTrusted(trusted));
}

describe('readTransport', () => {
  it('believes forwarded headers of named proxies only', () => {
    const headers = { host: 'a.example', 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9' };
    expect(read('10.0.0.5', headers)).toEqual({ isHttps: false, address: '10.0.0.5', isLocal: false });
    expect(read('::ffff:10.0.0.5', headers, ['10.0.0.0/24'])).toEqual({
      isHttps: true,
      address: '203.0.113.9',
      isLocal: false,
    });
  });

  it('takes the address that the nearest stranger has, not what they claim', () => {
    const headers = { host: 'a.example', 'x-forwarded-for': '198.51.100.1, 203.0.113.9, 10.0.0.6' };
    expect(read('10.0.0.5', headers, ['private']).address).toBe('203.0.113.9');
  });

  it.each([
    ['127.0.0.1', { host: 'localhost:3000' }, true],
    ['::1', { host: '[::1]:3000' }, true],
    ['127.0.0.1', { host: 'agentos.example' }, false],
    ['127.0.0.1', { host: 'localhost', 'x-forwarded-for': '203.0.113.9' }, false],
    ['192.0.2.7', { host: 'localhost' }, false],
  ])('plain http from %s with %j is for this machine: %p', (address, headers, isLocal) => {
    const transport = read(address, headers);
    expect(transport.isLocal).toBe(isLocal);
    if (isLocal) requireSafe(transport);
    else expect(() => requireSafe(transport)).toThrow(/AGENTOS_TRUST_PROXY/);
  });
});

describe('the cookie of a session', () => {
  it('is bound to the host over https, and readable by no script', () => {
    expect(toCookie({ isHttps: true }, 't', 60)).toBe(
      '__Host-agentos=t; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure',
    );
    expect(toCookie({ isHttps: false }, undefined, 60)).toBe('agentos=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax');
  });

  it('of plain http opens nothing over https, and one that came twice opens nothing', () => {
    expect(readCookie('agentos=a', { isHttps: true })).toBeUndefined();
    expect(readCookie('x=1; agentos=a', { isHttps: false })).toBe('a');
    expect(readCookie('agentos=a; agentos=b', { isHttps: false })).toBeUndefined();
  });
});
