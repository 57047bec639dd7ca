import { expect, test } from '@jest/globals';
import { cutText, toStorable, toStorableJson } from './json.ts';

test('what no column takes is shown as unreadable, and nothing else changes', () => {
  const odd = 'a\0b \ud83d c \udc00 \u{1f600} \u202e \\u0000 "';
  expect(toStorable(odd)).toBe('a\ufffdb \ufffd c \ufffd \u{1f600} \u202e \\u0000 "');
  const stored = JSON.parse(toStorableJson({ deep: [{ text: odd, count: 1, none: null }] })) as unknown;
  expect(stored).toEqual({ deep: [{ text: toStorable(odd), count: 1, none: null }] });
});

test.each([
  ['abc', 2, 'ab'],
  ['abc', 3, 'abc'],
  ['ab\u{1f600}c', 2, 'ab'],
  ['ab\u{1f600}c', 3, 'ab'],
  ['ab\u{1f600}c', 4, 'ab\u{1f600}'],
  ['\u{1f600}', 1, ''],
  ['\u{1f600}\u{1f600}', 3, '\u{1f600}'],
])('a text is never cut within a character: %s at %i', (text, most, expected) => {
  expect(cutText(text, most)).toBe(expected);
});
