import { describe, expect, test } from '@jest/globals';
import type { Json, JsonObject } from '../../../kernel/json.ts';
import { isOwn, toAddress, toMessageFacts } from './recipient-facts.ts';

const own = { mailDomains: ['ours.example'] };
const mail = (params: JsonObject) => toMessageFacts({ type: 'email.send', params, own });

test('a hundred addresses and domains are told, all are counted', () => {
  const to = Array.from({ length: 120 }, (_, index) => `a@d${index}.example`);
  const { recipients } = mail({ to });
  expect(recipients).toMatchObject({ count: 120, externalCount: 120 });
  expect([recipients.addresses, recipients.externalDomains].map((each) => each.length)).toEqual([100, 100]);
});

test('a domain is told once', () => {
  expect(mail({ to: 'a@x.example, b@x.example' }).recipients.externalDomains).toEqual(['x.example']);
});

test.each<[Json, string[]]>([
  ['a@x.example,b@x.example;c@x.example', ['a@x.example', 'b@x.example', 'c@x.example']],
  [', a@x.example, ;  ,', ['a@x.example']],
  [[['a@x.example'], 7, null], ['a@x.example']],
  [{ a: 'a@x.example' }, []],
])('%j are the recipients %j', (to, addresses) => {
  expect(mail({ to }).recipients.addresses).toEqual(addresses);
});

test('a subject is told up to a thousand characters, and only when it is a text', () => {
  expect(mail({ subject: 'x'.repeat(1_001) }).message.subject).toBe('x'.repeat(1_000));
  expect(mail({ subject: 7 }).message).toEqual({ channel: '', subject: '', attachments: 0 });
});

describe('an address', () => {
  test.each([
    ['  Ada@X.example ', 'ada@x.example'],
    ['Ada <ada@x.example>', 'ada@x.example'],
    ['Ada < ada@x.example > ', 'ada@x.example'],
    ['<a@x.example> b@y.example', '<a@x.example> b@y.example'],
    ['<a@x.example>b', '<a@x.example>b'],
    ['a@b@x.example', 'a@b@x.example'],
    ['@x.example', '@x.example'],
    ['@X.example.', '@x.example'],
    ['a@x.example.', 'a@x.example'],
    ['a@bücher.example', 'a@xn--bcher-kva.example'],
    ['a@x y', 'a@x y'],
    ['a@', 'a@'],
  ])('%s: %s', (text, address) => {
    expect(toAddress(text)).toBe(address);
  });
});

test('a channel is told without its first sign, and only when it is a text', () => {
  const post = (channel: Json) => toMessageFacts({ type: 'slack.post', params: { channel }, own }).message.channel;
  expect([post('#A'), post('a#b'), post(7), post(null)]).toEqual(['a', 'a#b', '', '']);
});

test('one of several own domains is enough', () => {
  expect(isOwn('b.example', ['a.example', 'B.example'])).toBe(true);
  expect(isOwn('x.b.example', ['a.example', 'B.example'])).toBe(true);
});
