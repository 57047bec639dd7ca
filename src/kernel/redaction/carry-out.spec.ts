import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../json.ts';
import type { Transform } from '../policy/model.ts';
import { applyTransforms, type Located } from './apply-transforms.ts';

type Finding = [path: Located['path'], start: number, end: number, name: string];

function apply(value: JsonObject, transforms: readonly Transform[], found: readonly Finding[], fixed: string[] = []) {
  const findings = found.map(([path, start, end, name]) => ({ path, start, end, class: name }));
  return applyTransforms({ value, transforms, findings, fixed, root: 'params' });
}

describe('findings of one text', () => {
  const redact = (text: string, ...spans: [number, number, string][]) =>
    apply(
      { text },
      [{ kind: 'redact' }],
      spans.map(([start, end, name]): Finding => [['text'], start, end, name]),
    ).value['text'];

  test('are taken out whatever their order', () => {
    expect(redact('abcdefghij', [6, 7, 'c'], [0, 1, 'a'], [3, 4, 'b'])).toBe(
      '[redacted a]bc[redacted b]ef[redacted c]hij',
    );
    expect(redact('abcdefghij', [0, 1, 'a'], [3, 4, 'b'], [6, 7, 'c'])).toBe(
      '[redacted a]bc[redacted b]ef[redacted c]hij',
    );
  });

  test('that touch are two, that overlap are one of the first and longest', () => {
    expect(redact('abcd', [0, 2, 'a'], [2, 4, 'b'])).toBe('[redacted a][redacted b]');
    expect(redact('abcd', [0, 2, 'short'], [0, 3, 'long'])).toBe('[redacted long]d');
    expect(redact('abcdef', [0, 5, 'long'], [1, 2, 'inner'])).toBe('[redacted long]f');
    expect(redact('abcdef', [2, 5, 'second'], [0, 3, 'first'])).toBe('[redacted first]f');
  });

  test('that lead to no text change nothing', () => {
    const value = { text: 'abc', none: null, list: ['x'], number: 12 };
    const lost: Finding[] = [
      [['text', 0], 0, 1, 'a'],
      [['none', 'a'], 0, 1, 'a'],
      [['number'], 0, 1, 'a'],
      [['list', 1], 0, 1, 'a'],
      [['toString', 'name'], 0, 1, 'a'],
    ];
    const nothing = { value, redactions: [], isChanged: false };
    expect(apply(value, [{ kind: 'redact' }], lost)).toStrictEqual(nothing);
    expect(apply(value, [{ kind: 'drop' }], lost.slice(1, 2))).toStrictEqual(nothing);
    expect(apply(value, [{ kind: 'drop' }], lost.slice(-1))).toStrictEqual(nothing);
  });

  test('of which nothing is left to hide are not counted', () => {
    expect(apply({ text: '- -' }, [{ kind: 'mask' }], [[['text'], 0, 3, 'x']]).redactions).toEqual([]);
  });

  test('are counted by place and class', () => {
    const { redactions } = apply(
      { text: 'abcdef' },
      [{ kind: 'redact' }],
      [
        [['text'], 0, 1, 'x'],
        [['text'], 2, 3, 'x'],
      ],
    );
    expect(redactions).toEqual([{ path: 'params.text', class: 'x', count: 2 }]);
  });
});

describe('drop', () => {
  const drop = (value: JsonObject, ...found: Finding[]) => apply(value, [{ kind: 'drop' }], found);

  test('takes the innermost named field, with the list that holds the value', () => {
    expect(drop({ json: { tags: ['a', 'b'], x: 1 } }, [['json', 'tags', 0], 0, 1, 'name'])).toStrictEqual({
      value: { json: { x: 1 } },
      redactions: [{ path: 'params.json.tags', class: 'name', count: 1 }],
      isChanged: true,
    });
    expect(drop({ rows: [{ a: 'x', b: 1 }] }, [['rows', 0, 'a'], 0, 1, 'name']).value).toStrictEqual({
      rows: [{ b: 1 }],
    });
    expect(drop({ to: ['a'], n: 1 }, [['to', 0], 0, 1, 'name']).value).toStrictEqual({ n: 1 });
  });

  test('leaves a text that the action itself asks for, and counts a field once', () => {
    expect(drop({ text: 'abc' }, [['text'], 0, 1, 'name'])).toMatchObject({ value: { text: 'abc' }, isChanged: false });
    const twice = drop({ a: { b: 'xy' } }, [['a', 'b'], 0, 1, 'name'], [['a', 'b'], 1, 2, 'name']);
    expect(twice.redactions).toEqual([{ path: 'params.a.b', class: 'name', count: 1 }]);
  });
});

describe('strip', () => {
  const url = 'https://u:p@host/';

  test('takes users out of top-level URLs, of the address too, but not of what says what is done', () => {
    expect(apply({ url, sql: url, n: 1 }, [{ kind: 'strip' }], [], ['url', 'sql'])).toStrictEqual({
      value: { url: 'https://host/', sql: url, n: 1 },
      redactions: [{ path: 'params.url', class: 'credential', count: 1 }],
      isChanged: true,
    });
  });

  test('is done by no other transform', () => {
    expect(apply({ url }, [{ kind: 'redact' }, { kind: 'drop' }], []).value).toEqual({ url });
  });

  test('without classes leaves what was found in texts', () => {
    expect(apply({ text: 'abc' }, [{ kind: 'strip' }], [[['text'], 0, 1, 'email']]).isChanged).toBe(false);
  });

  test('with classes takes just their values out', () => {
    const stripped = apply({ url, text: 'abc' }, [{ kind: 'strip', classes: ['email'] }], [[['text'], 0, 1, 'email']]);
    expect(stripped.value).toEqual({ url, text: 'bc' });
  });

  test('with fields takes just these out', () => {
    const stripped = apply({ url, text: 'abc' }, [{ kind: 'strip', fields: ['text'] }], [[['url'], 0, 1, 'email']]);
    expect(stripped.value).toStrictEqual({ url });
  });
});

describe('classes and fields', () => {
  const value = { text: 'abc', note: 'xyz' };
  const found: Finding[] = [[['text'], 0, 1, 'email']];

  test('named fields are the whole wish', () => {
    expect(apply(value, [{ kind: 'redact', fields: ['note'] }], found).value).toEqual({
      text: 'abc',
      note: '[redacted]',
    });
  });

  test('unless classes are named too', () => {
    expect(apply(value, [{ kind: 'redact', fields: ['note'], classes: ['email'] }], found).value).toEqual({
      text: '[redacted email]bc',
      note: '[redacted]',
    });
    expect(apply(value, [{ kind: 'strip', fields: ['note'], classes: ['email'] }], found).value).toEqual({
      text: 'bc',
    });
    expect(apply(value, [{ kind: 'redact', classes: ['phone'] }], found).isChanged).toBe(false);
  });

  test('what says what is done is the only thing left', () => {
    const all: Finding[] = [...found, [['note'], 0, 1, 'email']];
    expect(apply(value, [{ kind: 'redact' }], all, ['note']).value).toEqual({
      text: '[redacted email]bc',
      note: 'xyz',
    });
  });
});

describe('truncate', () => {
  const long = 'x'.repeat(1_001);
  const cut = `${'x'.repeat(999)}…`;
  const list = Array.from({ length: 101 }, (_, index) => index);

  test('cuts texts and lists at any depth and says where', () => {
    expect(apply({ a: [{ b: long, n: null }], c: list, d: { e: long } }, [{ kind: 'truncate' }], [])).toStrictEqual({
      value: { a: [{ b: cut, n: null }], c: list.slice(0, 100), d: { e: cut } },
      redactions: [
        { path: 'params.a[0].b', class: 'text', count: 1 },
        { path: 'params.c', class: 'list', count: 1 },
        { path: 'params.d.e', class: 'text', count: 1 },
      ],
      isChanged: true,
    });
  });

  test('leaves what is short enough, what says what is done, and what was found', () => {
    const value = { a: 'x'.repeat(1_000), b: list.slice(0, 100), sql: long };
    const found: Finding[] = [[['a'], 0, 1, 'email']];
    expect(apply(value, [{ kind: 'truncate' }], found, ['sql'])).toStrictEqual({
      value,
      redactions: [],
      isChanged: false,
    });
    expect(apply({ a: long, b: long }, [{ kind: 'truncate', fields: ['a'] }], found).value).toEqual({
      a: cut,
      b: long,
    });
  });
});

test('what one transform has dropped, the next one leaves', () => {
  const found: Finding[] = [[['json', 'a'], 0, 1, 'name']];
  expect(apply({ json: { a: 'x' } }, [{ kind: 'mask' }, { kind: 'drop' }], found)).toMatchObject({
    value: { json: {} },
    redactions: [{ path: 'params.json.a', class: 'name', count: 1 }],
  });
});

test('what one transform has changed, the next one leaves, and other texts it changes', () => {
  const { value, redactions } = apply(
    { text: 'ab 12345678', note: '12345678' },
    [{ kind: 'mask' }, { kind: 'redact', classes: ['email'] }],
    [
      [['text'], 0, 2, 'email'],
      [['text'], 3, 11, 'phone'],
      [['note'], 0, 8, 'phone'],
    ],
  );
  expect(value).toEqual({ text: '[redacted email] 12345678', note: '****5678' });
  expect(redactions).toEqual([
    { path: 'params.text', class: 'email', count: 1 },
    { path: 'params.note', class: 'phone', count: 1 },
  ]);
});
