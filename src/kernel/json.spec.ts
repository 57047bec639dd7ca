import { expect, test } from '@jest/globals';
import { toStorable, toStorableJson } from './json.ts';

test('what no column takes is shown as unreadable, and nothing else changes', () => {
  const odd = 'a\0b \ud83d c \udc00 \u{1f600} \u202e \\u0000 "';
  expect(toStorable(odd)).toBe('a\ufffdb \ufffd c \ufffd \u{1f600} \u202e \\u0000 "');
  const stored = JSON.parse(toStorableJson({ deep: [{ text: odd, count: 1, none: null }] })) as unknown;
  expect(stored).toEqual({ deep: [{ text: toStorable(odd), count: 1, none: null }] });
});
