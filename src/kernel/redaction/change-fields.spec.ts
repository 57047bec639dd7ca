import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../json.ts';
import type { Transform } from '../policy/model.ts';
import { applyTransforms } from './apply-transforms.ts';

function change(value: JsonObject, transform: Transform, fixed: readonly string[] = []) {
  return applyTransforms({ value, transforms: [transform], findings: [], fixed, root: 'params' });
}

describe('which fields a name means', () => {
  const value = { customers: [{ email: 'a', card: { number: 1 } }], number: 2, emails: 3 };

  test.each<[string, JsonObject]>([
    ['email', { customers: [{ card: { number: 1 } }], number: 2, emails: 3 }],
    ['customers.email', { customers: [{ card: { number: 1 } }], number: 2, emails: 3 }],
    ['Card.Number', { customers: [{ email: 'a', card: {} }], number: 2, emails: 3 }],
    ['customers', { number: 2, emails: 3 }],
    ['number', { customers: [{ email: 'a', card: {} }], emails: 3 }],
    ['ard.number', value],
  ])('%s', (field, left) => {
    expect(change(value, { kind: 'drop', fields: [field] }).value).toStrictEqual(left);
  });

  test('one of several names is enough', () => {
    expect(change({ a: 1, b: 2, c: 3 }, { kind: 'drop', fields: ['a', 'b'] }).value).toStrictEqual({ c: 3 });
  });

  test('a redaction says where it was, the places in lists too', () => {
    const { redactions } = change({ list: [{ a: 1 }, { a: 2 }] }, { kind: 'redact', fields: ['a'] });
    expect(redactions).toEqual([
      { path: 'params.list[0].a', class: 'field', count: 1 },
      { path: 'params.list[1].a', class: 'field', count: 1 },
    ]);
  });

  test('what says what is done stays, at the top only', () => {
    const { value: left } = change({ sql: 'x', json: { sql: 'y' } }, { kind: 'drop', fields: ['sql'] }, ['sql']);
    expect(left).toStrictEqual({ sql: 'x', json: {} });
  });
});

describe('what becomes of a named field', () => {
  const list = Array.from({ length: 101 }, (_, index) => index);

  test.each<[Transform['kind'], JsonObject, JsonObject]>([
    ['drop', { a: null, b: null }, { b: null }],
    ['strip', { a: 'x' }, {}],
    ['redact', { a: { b: 1 } }, { a: '[redacted]' }],
    ['mask', { a: '4111 1111' }, { a: '**** 1111' }],
    ['mask', { a: 41_111_111 }, { a: '****1111' }],
    ['mask', { a: true }, { a: '[redacted]' }],
    ['truncate', { a: 'x'.repeat(1_001), b: 'x'.repeat(1_001) }, { a: `${'x'.repeat(999)}…`, b: 'x'.repeat(1_001) }],
    ['truncate', { a: list, b: list }, { a: list.slice(0, 100), b: list }],
  ])('%s', (kind, value, left) => {
    const changed = change(value, { kind, fields: ['a'] });
    expect(changed.value).toStrictEqual(left);
    expect(changed.redactions).toEqual([{ path: 'params.a', class: 'field', count: 1 }]);
  });

  test.each<[string, JsonObject]>([
    ['a text', { a: 'x'.repeat(1_000) }],
    ['a list', { a: list.slice(0, 100) }],
    ['a number', { a: 1 }],
    ['nothing', { a: null }],
    ['an object', { a: { length: 101 } }],
  ])('%s that is short enough is left and not counted', (_title, value) => {
    expect(change(value, { kind: 'truncate', fields: ['a'] })).toStrictEqual({
      value,
      redactions: [],
      isChanged: false,
    });
  });
});
