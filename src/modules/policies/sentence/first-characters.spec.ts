import { describe, expect, test } from '@jest/globals';
import { TEMPLATES } from '../built-in.ts';
import { toFirstCharacters } from './first-characters.ts';
import { getLexicon } from './scan.ts';

describe('the characters that a match can begin with', () => {
  test.each([
    ['mail', 'm'],
    ['Mail|post', 'mp'],
    ['(?:a )?limit', 'al'],
    ['(?:send|get)s?', 'sg'],
    ['x?y*z{0,3}(q)', 'xyzq'],
    ['a{2}b', 'a'],
    ['\\d+ mails', '0123456789'],
    ['\\/min', '/'],
    ['(?=a)b', 'b'],
    ['(?<!a)\\bb', 'b'],
    ['(?<name>c)d', 'c'],
    ['\\((?:a)', '('],
  ])('%s', (pattern, characters) => {
    expect([...toFirstCharacters(pattern)].sort()).toEqual([...characters].sort());
  });

  test.each(['[a-z]b', '.', '\\w', '\\p{L}x', '\\u{61}', '\\x61', '(?i:a)b', 'a?', '', 'a|', '\u017fx', '(a?)(?:b|)'])(
    'anything, for %s',
    (pattern) => {
      expect(toFirstCharacters(pattern)).toBe('any');
    },
  );

  test('rule out no phrase where it stands', () => {
    const texts = TEMPLATES.flatMap(({ description, rules }) => [
      description,
      ...rules.flatMap((rule) => [rule.description ?? '', rule.message ?? '', rule.alternative ?? '']),
    ]);
    const ruledOut: string[] = [];
    let standing = 0;
    for (const text of texts.flatMap((each) => [each, each.toUpperCase()])) {
      for (const { expression, first } of getLexicon()) {
        for (let at = 0; at < text.length; at++) {
          expression.lastIndex = at;
          if (!expression.test(text)) continue;
          standing++;
          const isTold = first === 'any' || first.has(text.charAt(at).toLowerCase());
          if (!isTold && expression.lastIndex > at) ruledOut.push(`${expression.source} at ${text.slice(at, at + 20)}`);
        }
      }
    }
    expect(ruledOut).toEqual([]);
    expect(standing).toBeGreaterThan(5_000);
  });

  test('are told for most phrases', () => {
    const told = getLexicon().filter(({ first }) => first !== 'any');
    expect(told.length / getLexicon().length).toBeGreaterThan(0.9);
  });
});
