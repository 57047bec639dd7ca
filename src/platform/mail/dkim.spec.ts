import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createHash, createVerify, generateKeyPairSync } from 'node:crypto';
import { MailSink } from '../../../test/support/mail-sink.ts';
import { Mailer } from './index.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const mail = {
  ...{ id: '22222222-2222-4222-8222-222222222222', to: 'ada@shop.example', subject: 'Grüße: an agent asks' },
  text: 'A line with  two spaces \n\nand one with Übermut.\n\n\n',
  html: '<p>A line</p>\n',
};

let sink: MailSink;
beforeAll(async () => {
  sink = await MailSink.start();
});
afterAll(async () => sink.close());

async function send(key?: string): Promise<string> {
  const dkim = key === undefined ? undefined : { domain: 'shop.example', selector: 'agentos', key };
  await new Mailer({ smtpUrl: sink.url, mailFrom: 'AgentOS <agentos@mail.shop.example>', dkim }).send(mail);
  return sink.mails.at(-1)!.raw;
}

const tidy = (value: string): string =>
  value
    .replaceAll(/\r\n(?=[ \t])/g, '')
    .replaceAll(/[ \t]+/g, ' ')
    .trim();

/** What a receiving server does (RFC 6376, relaxed/relaxed), with the public key that it would find in the DNS. */
function isGenuine(raw: string, key: string): boolean {
  const end = raw.indexOf('\r\n\r\n');
  const fields = raw
    .slice(0, end)
    .split(/\r\n(?![ \t])/)
    .map((line) => {
      const at = line.indexOf(':');
      return { name: line.slice(0, at).trim().toLowerCase(), value: line.slice(at + 1) };
    });
  const signature = fields.find(({ name }) => name === 'dkim-signature')?.value;
  if (signature === undefined) return false;
  const tags = new Map(
    tidy(signature)
      .split(';')
      .map((tag) => [tag.slice(0, tag.indexOf('=')).trim(), tag.slice(tag.indexOf('=') + 1).replaceAll(/\s/g, '')]),
  );
  const lines = raw
    .slice(end + 4)
    .split('\r\n')
    .map((line) => line.replaceAll(/[ \t]+/g, ' ').replace(/ $/, ''));
  const body = `${lines.join('\r\n').replace(/(?:\r\n)+$/, '')}\r\n`;
  if (createHash('sha256').update(body).digest('base64') !== tags.get('bh')) return false;
  const left = [...fields];
  const signed = (tags.get('h') ?? '').split(':').map((name) => {
    const at = left.findLastIndex((field) => field.name === name.toLowerCase());
    const [field] = at === -1 ? [] : left.splice(at, 1);
    return field === undefined ? '' : `${field.name}:${tidy(field.value)}\r\n`;
  });
  const own = `dkim-signature:${tidy(signature.replace(/(;\s*b=)[^;]*$/, '$1'))}`;
  return createVerify('RSA-SHA256')
    .update(signed.join('') + own)
    .verify(key, tags.get('b') ?? '', 'base64');
}

it('a signed mail stands up to what a receiving server checks, for the domain and selector that were set', async () => {
  const raw = await send(privateKey);
  expect(tidy(/^DKIM-Signature:(?:.|\r\n[ \t])*/m.exec(raw)![0])).toMatch(/ d=shop\.example;.* s=agentos;/);
  expect(isGenuine(raw, publicKey)).toBe(true);
});

it.each([
  ['the subject', (raw: string) => raw.replace(/^Subject: /m, 'Subject: Re: ')],
  ['the sender', (raw: string) => raw.replace(/^From: AgentOS/m, 'From: Bank')],
  ['the recipient', (raw: string) => raw.replace(/^To: ada/m, 'To: eva')],
  ['the Message-ID', (raw: string) => raw.replace('<22222222', '<32222222')],
  ['the body', (raw: string) => raw.replace('A line', 'B line')],
  ['the end of the body', (raw: string) => `${raw.trimEnd()}\r\nmore\r\n`],
])('and does not when %s was changed on the way', async (_, change) => {
  const raw = await send(privateKey);
  expect(change(raw)).not.toBe(raw);
  expect(isGenuine(change(raw), publicKey)).toBe(false);
});

it('nor against another key, and without a key nothing claims to be signed', async () => {
  const other = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  expect(isGenuine(await send(privateKey), other.publicKey)).toBe(false);
  expect(await send()).not.toMatch(/^DKIM-Signature/m);
});

it('a key is never in what is sent', async () => {
  const raw = await send(privateKey);
  for (const line of privateKey.split('\n').slice(1, -2)) expect(raw).not.toContain(line);
});
