import { describe, expect, it } from '@jest/globals';
import { hasHalfCharacter, isTooDeep, MAX_DEPTH } from './json-depth.ts';

const nested = (depth: number, open: string, close: string): unknown =>
  JSON.parse(`${open.repeat(depth)}1${close.repeat(depth)}`);

describe('isTooDeep', () => {
  it.each([
    ['lists', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('refuses what is nested deeper than the limit in %s, and nothing else', (_, open, close) => {
    expect(isTooDeep(nested(MAX_DEPTH, open, close))).toBe(false);
    expect(isTooDeep(nested(MAX_DEPTH + 1, open, close))).toBe(true);
    expect(isTooDeep(nested(5_000, open, close))).toBe(true);
  });

  it('does not mind how wide a value is', () => {
    expect(isTooDeep({ rows: Array.from({ length: 50_000 }, (_, i) => ({ i, list: [i] })) })).toBe(false);
  });
});

describe('hasHalfCharacter', () => {
  it.each<[string, unknown, boolean]>([
    ['a half', { a: ['x\ud800'] }, true],
    ['the other half', '\udc00x', true],
    ['a half in a key', { '\ud83d': 1 }, true],
    ['a whole', { a: '😀 é' }, false],
    ['a text that only spells one', { a: '\\ud800' }, false],
    ['nothing', undefined, false],
  ])('%s', (_, value, expected) => {
    expect(hasHalfCharacter(value)).toBe(expected);
  });
});
