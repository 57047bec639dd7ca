import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../kernel/json.ts';
import { makeFacts } from '../../../../test/support/facts.ts';
import { isForDataSubject } from './data-subject.ts';
import { isOwn, toAddress, toMessageFacts } from './recipient-facts.ts';

const own = { mailDomains: ['ours.example'], slackTeam: 'T1' };
const mail = (params: JsonObject) => toMessageFacts({ type: 'email.send', params, own });

describe('recipients of a mail', () => {
  test.each<[string, JsonObject, object]>([
    ['own domain', { to: ['a@ours.example'] }, { count: 1, externalCount: 0 }],
    ['below the own domain', { to: ['a@mail.ours.example'] }, { externalCount: 0 }],
    [
      'a domain that only ends alike',
      { to: ['a@notours.example'] },
      { externalCount: 1, externalDomains: ['notours.example'] },
    ],
    ['the own domain as a part', { to: ['a@ours.example.evil.example'] }, { externalCount: 1 }],
    [
      'capitals and a name',
      { to: ['"Ada" <ADA@Ours.Example>'] },
      { externalCount: 0, addresses: ['ada@ours.example'] },
    ],
    ['an own address as the name of another', { to: ['"a@ours.example" <x@evil.example>'] }, { externalCount: 1 }],
    [
      'copies count',
      { to: ['a@ours.example'], cc: ['b@x.example'], bcc: 'c@y.example; d@ours.example' },
      { count: 4, externalCount: 2 },
    ],
    ['the same one twice', { to: ['a@x.example', 'A@X.example'] }, { count: 1, externalCount: 1 }],
    ['a look-alike letter', { to: ['a@оurs.example'] }, { externalCount: 1 }],
    ['a final dot', { to: ['a@ours.example.'] }, { externalCount: 0 }],
    ['no address at all', { to: ['nobody'] }, { externalCount: 1 }],
  ])('%s', (_title, params, expected) => {
    expect(mail(params).recipients).toMatchObject(expected);
  });

  test('the message tells its subject and attachments', () => {
    expect(mail({ to: [], subject: 'Hi', attachments: [{}, {}] }).message).toEqual({
      channel: '',
      subject: 'Hi',
      attachments: 2,
    });
  });
});

describe('chat', () => {
  const post = (connection?: { name: string; kind: string; team?: string }) =>
    toMessageFacts({
      type: 'slack.post',
      params: { channel: '#General', text: 'x' },
      own,
      ...(connection && { connection }),
    });

  test('the own team is inside, another one outside', () => {
    expect(post().recipients).toMatchObject({ count: 1, externalCount: 0 });
    expect(post({ name: 's', kind: 'slack', team: 'T1' }).recipients.externalCount).toBe(0);
    expect(post({ name: 's', kind: 'slack', team: 'T2' }).recipients.externalCount).toBe(1);
    expect(post().message.channel).toBe('general');
  });
});

test('other actions have no recipients', () => {
  expect(toMessageFacts({ type: 'file.read', params: { to: ['a@b.example'] }, own }).recipients.count).toBe(0);
});

test('an own domain is never a part of a word', () => {
  expect([
    isOwn('x.ours.example', ['OURS.example']),
    isOwn('xours.example', ['ours.example']),
    isOwn('x.', ['']),
  ]).toEqual([true, false, false]);
  expect(toAddress('x')).toBe('x');
});

describe('a message for the person it is about', () => {
  const facts = makeFacts({ recipients: { count: 1, addresses: ['ada@x.example'] } });
  const found = (
    text: string,
    piece: string,
    name: 'email' | 'phone' | 'national_id',
    confidence: 'high' | 'low' = 'high',
  ) => ({
    path: ['text'],
    start: text.indexOf(piece),
    end: text.indexOf(piece) + piece.length,
    class: name,
    kind: name,
    confidence,
    isDecoded: false,
  });
  const text = 'Your address Ada@X.example, phone +41 44 668 18 00, other bob@x.example';

  test.each<[string, ReturnType<typeof found>[], boolean]>([
    ['nothing', [], true],
    ['its own address', [found(text, 'Ada@X.example', 'email')], true],
    ['another address', [found(text, 'bob@x.example', 'email')], false],
    ['a phone number', [found(text, '+41 44 668 18 00', 'phone')], false],
    ['what only looks like one', [found(text, '+41 44 668 18 00', 'phone', 'low')], true],
  ])('%s', (_title, findings, expected) => {
    expect(isForDataSubject(facts, { text }, findings)).toBe(expected);
  });

  test('several recipients are never one', () => {
    const two = makeFacts({ recipients: { count: 2, addresses: ['ada@x.example', 'bob@x.example'] } });
    expect(isForDataSubject(two, { text }, [])).toBe(false);
  });
});
