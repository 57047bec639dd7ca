import { describe, expect, it } from '@jest/globals';
import type { CodeLanguage } from '../model.ts';
import { tokensOf } from './code-tokens.ts';
import { DECODED, UNKNOWN } from './marks.ts';

/** Kinds by their first letter; a hole in a text as `<name>`, `!` before a text that was written in escapes. */
function toLine(source: string, language: CodeLanguage): string {
  const hole = new RegExp(`${UNKNOWN}([^${UNKNOWN}]*)${UNKNOWN}`, 'g');
  return tokensOf(source, language)
    .map(({ kind, text }) => `${kind.charAt(0)}:${text.replaceAll(hole, '<$1>').replaceAll(DECODED, '!')}`)
    .join(' ');
}

const CASES: Readonly<Partial<Record<CodeLanguage, readonly (readonly [source: string, tokens: string])[]>>> = {
  python: [
    ['os.system  ("ls")', 'n:os s:. n:system s:( t:ls s:)'],
    ['x_1 = 0xfF + 1_000', 'n:x_1 s:= n:0xfF s:+ n:1_000'],
    ['a # b\nc', 'n:a n:c'],
    ['a // b', 'n:a s:/ s:/ n:b'],
    ['a /* b */', 'n:a s:/ s:* n:b s:* s:/'],
    ["'''a'b\nc''' d", "t:a'b\nc n:d"],
    ['"""a"b""" d', 't:a"b n:d'],
    ["'a\nb", 't:a n:b'],
    ["'a\\'b' c", "t:a'b n:c"],
    ["r'\\x61' R'\\x62'", 't:\\x61 t:\\x62'],
    ["'\\x61'", 't:!a'],
    ["f'a{b}c' F'{ d }{{}}'", 't:a<b>c t:<d>{}}'],
    ["'a{b}'", 't:a{b}'],
    ["rb'x' u'y'", 't:x t:y'],
    ["f'{}'", 't:<{}>'],
    ['a == b ** c != d', 'n:a s:== n:b s:** n:c s:!= n:d'],
  ],
  javascript: [
    ['a // b\nc', 'n:a n:c'],
    ['a # b', 'n:a s:# n:b'],
    ['#!/bin/node\na', 'n:a'],
    ['a /* b\n * c */ d', 'n:a n:d'],
    ['/**/ a', 'n:a'],
    ['/* a', ''],
    ['/*/ a */ b', 'n:b'],
    ['x = /"/; y', 'n:x s:= s:/ s:; n:y'],
    ['(/[/"]\\/"/gi, y)', 's:( s:/ s:, n:y s:)'],
    ['/"/.test(a)', 's:/ s:. n:test s:( n:a s:)'],
    ["return /'/", 'n:return s:/'],
    ['a / "b" / c', 'n:a s:/ t:b s:/ n:c'],
    ['x => /`/', 'n:x s:=> s:/'],
    ['`a${b}c`', 't:a<b>c'],
    ['`a\nb`', 't:a\nb'],
    ['`${bc}d\\x61`', 't:!<bc>da'],
    ['"${b}"', 't:${b}'],
    ['$x.y', 'n:$x s:. n:y'],
    ['a?.b :: c ...d', 'n:a s:? s:. n:b s::: n:c s:... n:d'],
    ['"a" \'b\'', 't:a t:b'],
    ['naïve', 'n:naïve'],
  ],
  typescript: [['x = /"/; y', 'n:x s:= s:/ s:; n:y']],
  go: [
    ['`a\\x61${b}`', 't:a\\x61${b}'],
    ['"\\x61"', 't:!a'],
    ['x = /"/', 'n:x s:= s:/ t:/'],
    ['a // b', 'n:a'],
  ],
  unknown: [
    ['a # b // c', 'n:a s:# n:b s:/ s:/ n:c'],
    ['`ls ${x}`', 'n:system s:( t:ls <x> s:)'],
    ["'\\x61 $x'", 't:\\x61 $x'],
    ['"\\x61"', 't:!a'],
    ['"a $x @y #{zed} ${w}"', 't:a <x> <y> <zed> <w>'],
    ["f'{a}'", 'n:f t:{a}'],
  ],
};

describe('names, texts and signs are told apart', () => {
  it.each(Object.entries(CASES).flatMap(([language, cases]) => cases.map((each) => [language, ...each] as const)))(
    'in %s: %j',
    (language, source, tokens) => {
      expect(toLine(source, language as CodeLanguage)).toBe(tokens);
    },
  );
});
