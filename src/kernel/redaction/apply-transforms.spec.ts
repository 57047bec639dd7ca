import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../json.ts';
import type { Transform } from '../policy/model.ts';
import { applyTransforms, type Located } from './apply-transforms.ts';

function find(value: JsonObject, path: Located['path'], piece: string, name: string): Located {
  const text = path.reduce<unknown>((at, key) => (at as Record<string | number, unknown>)[key], value) as string;
  const start = text.indexOf(piece);
  return { path, start, end: start + piece.length, class: name };
}

function apply(
  value: JsonObject,
  transforms: readonly Transform[],
  findings: readonly Located[] = [],
  fixed: string[] = [],
) {
  return applyTransforms({ value, transforms, findings, fixed, root: 'params' });
}

describe('what a transform leaves', () => {
  const mail = { to: ['ada@example.com'], text: 'Card 4111 1111 1111 1111, mail bob@example.com', n: 1 };
  const findings = [
    find(mail, ['text'], '4111 1111 1111 1111', 'payment_card'),
    find(mail, ['text'], 'bob@example.com', 'email'),
    find(mail, ['to', 0], 'ada@example.com', 'email'),
  ];

  test('redact takes every value out and says its class', () => {
    const { value, redactions } = apply(mail, [{ kind: 'redact' }], findings);
    expect(value).toEqual({
      to: ['[redacted email]'],
      text: 'Card [redacted payment_card], mail [redacted email]',
      n: 1,
    });
    expect(redactions).toEqual(
      expect.arrayContaining([
        { path: 'params.text', class: 'payment_card', count: 1 },
        { path: 'params.text', class: 'email', count: 1 },
        { path: 'params.to[0]', class: 'email', count: 1 },
      ]),
    );
  });

  test('classes narrow it', () => {
    const { value } = apply(mail, [{ kind: 'mask', classes: ['payment_card'] }], findings);
    expect(value['text']).toBe('Card **** **** **** 1111, mail bob@example.com');
  });

  test('what says what is done stays: to change it would be another action', () => {
    expect(apply(mail, [{ kind: 'redact' }], findings, ['text']).value['text']).toBe(mail.text);
  });

  test('overlapping findings are taken out as one', () => {
    const value = { text: 'abcdef' };
    const both = [find(value, ['text'], 'bcd', 'name'), find(value, ['text'], 'cde', 'email')];
    expect(apply(value, [{ kind: 'redact' }], both).value).toEqual({ text: 'a[redacted name]f' });
  });

  test('strip takes user and password out of URLs and leaves other texts', () => {
    const { value, isChanged } = apply({ url: 'https://u:p@host/x?a=b@c', text: 'a@b' }, [{ kind: 'strip' }]);
    expect({ value, isChanged }).toEqual({ value: { url: 'https://host/x?a=b@c', text: 'a@b' }, isChanged: true });
  });

  test('drop removes the field that holds a value, named fields at any depth', () => {
    const value = { json: { user: { ssn: '123-45-6789', city: 'Bern' } } };
    expect(
      apply(value, [{ kind: 'drop' }], [find(value, ['json', 'user', 'ssn'], '123-45-6789', 'national_id')]).value,
    ).toEqual({
      json: { user: { city: 'Bern' } },
    });
    expect(apply(value, [{ kind: 'drop', fields: ['user.city'] }]).value).toEqual({
      json: { user: { ssn: '123-45-6789' } },
    });
    expect(apply(value, [{ kind: 'redact', fields: ['SSN'] }]).value).toEqual({
      json: { user: { ssn: '[redacted]', city: 'Bern' } },
    });
    expect(apply({ a: 123456789 }, [{ kind: 'mask', fields: ['a'] }]).value).toEqual({ a: '*****6789' });
    expect(apply({ a: { b: 1 } }, [{ kind: 'mask', fields: ['a'] }]).value).toEqual({ a: '[redacted]' });
  });

  test('truncate cuts long texts and long lists, never in the middle of a character', () => {
    const list = Array.from({ length: 150 }, (_, index) => index);
    const { value } = apply({ text: 'x'.repeat(998) + '😀😀', list }, [{ kind: 'truncate' }]);
    expect(value['text']).toBe(`${'x'.repeat(998)}…`);
    expect(value['list']).toHaveLength(100);
    expect(
      apply({ a: 'x'.repeat(2000), b: 'y'.repeat(2000) }, [{ kind: 'truncate', fields: ['a'] }]).value['b'],
    ).toHaveLength(2000);
  });

  test('several transforms come in their order, whatever the order they are given in', () => {
    const a = apply(
      mail,
      [
        { kind: 'mask', classes: ['payment_card'] },
        { kind: 'redact', classes: ['email'] },
      ],
      findings,
    );
    const b = apply(
      mail,
      [
        { kind: 'redact', classes: ['email'] },
        { kind: 'mask', classes: ['payment_card'] },
      ],
      findings,
    );
    expect(a.value).toEqual(b.value);
  });

  test('the original is never touched, and nothing to do is said', () => {
    const copy = JSON.stringify(mail);
    apply(mail, [{ kind: 'redact' }], findings);
    expect(JSON.stringify(mail)).toBe(copy);
    expect(apply(mail, [{ kind: 'redact' }], [])).toEqual({ value: mail, redactions: [], isChanged: false });
  });

  test('a finding that points nowhere changes nothing', () => {
    const lost = [
      { path: ['x', 0, 'y'], start: 0, end: 3, class: 'email' },
      { path: [], start: 0, end: 1, class: 'email' },
    ];
    expect(apply(mail, [{ kind: 'redact' }, { kind: 'drop' }], lost).isChanged).toBe(false);
  });
});

test.each([
  ['4111111111111111', '************1111'],
  ['123-45-6789', '***-**-6789'],
  ['abc', '***'],
  ['12345678', '****5678'],
])('a masked %s is %s', (text, masked) => {
  const value = { text };
  expect(apply(value, [{ kind: 'mask' }], [find(value, ['text'], text, 'x')]).value['text']).toBe(masked);
});
