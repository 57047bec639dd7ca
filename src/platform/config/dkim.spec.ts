import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from './config.ts';

const format = { publicKeyEncoding: { type: 'spki', format: 'pem' } } as const;
const pem = (bits: number): string =>
  generateKeyPairSync('rsa', {
    modulusLength: bits,
    ...format,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;
const KEY = pem(2048);
const ALL = {
  AGENTOS_MAIL_FROM: 'AgentOS <agentos@mail.shop.example>',
  AGENTOS_DKIM_DOMAIN: 'shop.example',
  AGENTOS_DKIM_SELECTOR: 'agentos',
  AGENTOS_DKIM_KEY: KEY,
};

describe('signing mail', () => {
  it('is off when nothing is set, and on with all three', () => {
    expect(readConfig({}).dkim).toBeUndefined();
    expect(readConfig(ALL).dkim).toEqual({ domain: 'shop.example', selector: 'agentos', key: KEY });
  });

  it('reads the key from a file', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'dkim-')), 'key.pem');
    writeFileSync(path, KEY);
    const { dkim } = readConfig({ ...ALL, AGENTOS_DKIM_KEY: undefined, AGENTOS_DKIM_KEY_FILE: path });
    expect(dkim?.key).toBe(KEY.trim());
  });

  it.each(['AGENTOS_DKIM_DOMAIN', 'AGENTOS_DKIM_SELECTOR', 'AGENTOS_DKIM_KEY'])('does not start without %s', (name) => {
    expect(() => readConfig({ ...ALL, [name]: undefined })).toThrow(new RegExp(`^${name} is missing\\.`));
  });

  it.each([
    ['shop.example', 'agentos@shop.example'],
    ['Shop.Example', 'AgentOS <agentos@SHOP.example>'],
    ['shop.example', 'agentos@a.b.shop.example'],
  ])('of %s counts for %s', (AGENTOS_DKIM_DOMAIN, AGENTOS_MAIL_FROM) => {
    expect(readConfig({ ...ALL, AGENTOS_DKIM_DOMAIN, AGENTOS_MAIL_FROM }).dkim?.domain).toBe('shop.example');
  });

  it.each([
    ['shop.example', 'agentos@othershop.example'],
    ['mail.shop.example', 'agentos@shop.example'],
    ['shop.example', undefined],
    ['evil.example', 'agentos@shop.example'],
  ])('of %s does not start for %s', (AGENTOS_DKIM_DOMAIN, AGENTOS_MAIL_FROM) => {
    expect(() => readConfig({ ...ALL, AGENTOS_DKIM_DOMAIN, AGENTOS_MAIL_FROM })).toThrow(
      /^AGENTOS_DKIM_DOMAIN is wrong\..*AGENTOS_MAIL_FROM/,
    );
  });

  const locked = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    ...format,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' },
  });
  const edwards = generateKeyPairSync('ed25519', {
    ...format,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  it.each([
    ['no key', 'hunter2'],
    ['a short one', pem(512)],
    ['one with a passphrase', locked.privateKey],
    ['a public one', locked.publicKey],
    ['one of a kind that mail servers do not read', edwards.privateKey],
  ])('does not start with %s as key, and does not repeat it', (_, AGENTOS_DKIM_KEY) => {
    const start = (): unknown => readConfig({ ...ALL, AGENTOS_DKIM_KEY });
    expect(start).toThrow(/^AGENTOS_DKIM_KEY is wrong\. The value is not the PEM of an RSA private key/);
    const inside = AGENTOS_DKIM_KEY.split('\n').at(1) ?? AGENTOS_DKIM_KEY;
    expect(start).not.toThrow(new RegExp(inside.slice(0, 30).replaceAll(/[^\w]/g, '.')));
  });

  it.each(['a b', 'x;d=evil.example', '-a', 'a.example\n', 'agentos._domainkey'])(
    'does not start with the selector %p',
    (AGENTOS_DKIM_SELECTOR) => {
      expect(() => readConfig({ ...ALL, AGENTOS_DKIM_SELECTOR })).toThrow(/^AGENTOS_DKIM_SELECTOR is wrong/);
    },
  );
});
