import { describe, expect, it } from '@jest/globals';
import { countDepth, FLAVOURS, readTokens, type Flavour } from './lexer.ts';
import { rewriteMysql } from './mysql-text.ts';
import { findEffects } from './scan.ts';

function toKinds(text: string, flavour: Flavour): string {
  return readTokens(text, flavour)
    .map((token) => `${token.kind}:${token.text}`)
    .join(' ');
}

describe('text is split as the server splits it', () => {
  const { postgres, mysql, sqlite } = FLAVOURS;
  it.each([
    [
      'words, numbers and signs',
      `a_1.b$ = 1.5 + .5e`,
      postgres,
      'word:a_1 sign:. word:b$ sign:= number:1.5 sign:+ number:.5e',
    ],
    ['variables', '@x @@y', mysql, 'word:@x word:@@y'],
    ['letters beyond ASCII', 'größe 名', postgres, 'word:größe word:名'],
    ['doubled quotes', `'it''s' x`, postgres, `text:it''s word:x`],
    ['a backslash that is none', `'a\\' x`, postgres, `text:a\\ word:x`],
    ['a backslash of MySQL', `'a\\' x' y`, mysql, `text:a\\' x word:y`],
    ['a backslash of an E text', `E'a\\' x' y`, postgres, `word:E text:a\\' x word:y`],
    ['no E text after a word that ends in E', `like'a\\' x`, postgres, `word:like text:a\\ word:x`],
    ['no E text after a word that begins with E', `else'a\\' x`, postgres, `word:else text:a\\ word:x`],
    ['no E text after white space', `e 'a\\' x`, postgres, `word:e text:a\\ word:x`],
    ['names in quotes', `"a""b" x`, postgres, `name:a""b word:x`],
    ['no backslash in names', '"a\\" x', postgres, 'name:a\\ word:x'],
    ['texts in double quotes', `"a" x`, mysql, `text:a word:x`],
    ['names of MySQL', '`a``b` x', mysql, 'name:a``b word:x'],
    ['names of SQLite', '`a` [b] "c" d', sqlite, 'name:a name:b name:c word:d'],
    ['brackets elsewhere', '[b]', postgres, 'sign:[ word:b sign:]'],
    ['dollar quotes', `$$a 'b$$ $x1$ $$ $x1$ c $1`, postgres, `text:a 'b text: $$  word:c sign:$ number:1`],
    ['dollar quotes with a long tag', '$tag$ $t$ $tag$ c', postgres, 'text: $t$  word:c'],
    ['numbers without a whole part', '.567 1', postgres, 'number:.567 number:1'],
    ['open dollar quotes', `$$a b`, postgres, `text:a b`],
    ['dollars elsewhere', `$$`, mysql, `sign:$ sign:$`],
    ['open texts', `a 'b c`, postgres, `word:a text:b `],
    ['an empty open text', `'`, postgres, `text:`],
    ['comments', `a -- b\nc /* d */ e`, postgres, 'word:a word:c word:e'],
    ['a comment to the end', `a -- b`, postgres, 'word:a'],
    ['nested comments', 'a /* /* */ b */ c', postgres, 'word:a word:c'],
    ['nested comments that touch', 'a /*/*/ b */ c */ d', postgres, 'word:a word:d'],
    ['comments that do not nest', 'a /* /* */ b', sqlite, 'word:a word:b'],
    ['a comment that is closed at once', 'a /**/ b /*/ c */ d', sqlite, 'word:a word:b word:d'],
    ['an open comment', 'a /* b', sqlite, 'word:a'],
    ['minus minus', '1--1 --\tx', mysql, 'number:1 sign:- sign:- number:1'],
    ['minus minus at the end', '1 --', mysql, 'number:1'],
    ['minus minus elsewhere', '1--1', sqlite, 'number:1'],
    ['hash comments', 'a # b\nc', mysql, 'word:a word:c'],
    ['hash elsewhere', 'a # b', postgres, 'word:a sign:# word:b'],
    ['double signs', 'a || b && c | d & e', mysql, 'word:a sign:|| word:b sign:&& word:c sign:| word:d sign:& word:e'],
    ['white space that is none', 'a\u00a0b \u00a0 \v', postgres, 'strange:a\u00a0b strange:\u00a0 strange:\v'],
    ['characters without a glyph', 'a\u200b \u200b \0', postgres, 'strange:a\u200b strange:\u200b strange:\0'],
    ['strange ones in texts', `'\u00a0'`, postgres, 'text:\u00a0'],
  ])('%s', (_, text, flavour, expected) => {
    expect(toKinds(text, flavour)).toBe(expected);
  });

  it('each piece knows where it stands', () => {
    expect(readTokens(`a /* x */ 'b'`, sqlite)).toEqual([
      { kind: 'word', text: 'a', start: 0, end: 1 },
      { kind: 'text', text: 'b', start: 10, end: 13 },
    ]);
  });
});

describe('depth', () => {
  it.each([
    ['a, b', 0, 0],
    ['((a))', 2, 0],
    ['(a) + (b)', 1, 0],
    ['f(g((a)))', 3, 2],
    ['f(a) + f(b)', 1, 1],
    ['a[1] {', 1, 1],
    ['((a) + f(b))', 2, 1],
    ['CASE WHEN case when 1 end END + CASE', 2, 2],
    ['INTERVAL INTERVAL 1', 2, 2],
    ['a[1] + b[2]', 1, 1],
    ['{a} {b}', 1, 0],
    ['CASE 1 END CASE 2 END', 1, 1],
    [')) a (', 1, 1],
    [") ] 'x' (", 1, 0],
    ["'((' -- ((\n (", 1, 0],
    ['"case" "(" [', 1, 0],
  ])('of %s', (text, all, calls) => {
    expect(countDepth(readTokens(text, FLAVOURS.postgres))).toEqual({ all, calls });
  });
});

describe('MySQL text', () => {
  it.each([
    ['a || b && c', 'a  OR  b  AND  c', false],
    ["'a || b' || `a && b`", "'a || b'  OR  `a && b`", false],
    ['a -- ||\n', 'a -- ||\n', false],
    ['/* a */ /*+ b */ c', '/* a */ /*+ b */ c', false],
    ['/*!50000 a */ b', '  a   b', true],
    ['/*! a */', '  a  ', true],
    ['/*M!100100 a */', '  a  ', true],
    ['/*! a', '  a ', true],
    ["'/*! a */'", "'/*! a */'", false],
    ['/* /*! a */', '/* /*! a */', false],
    ['`||` || a', '`||`  OR  a', false],
  ])('%s is read as %s', (text, expected, isHiding) => {
    expect(rewriteMysql(text, true)).toEqual({ text: expected, isHiding });
  });

  it('is read without its version comments, too', () => {
    expect(rewriteMysql('a /*!50000 || b */ c /* d */', false)).toEqual({ text: 'a   c /* d */', isHiding: true });
  });
});

describe('words that stand for an effect', () => {
  it.each([
    ['SELECT 1 DELETE FROM t', ['delete']],
    ['SELECT 1 drop; EXEC x', ['drop', 'execute']],
    ['SELECT replace(a) FROM t FOR UPDATE', []],
    ['SELECT t.update, "delete", \'drop\', [drop] FROM t -- drop', ['drop']],
    ['ON DELETE', []],
    ['select set explain', []],
    ["SELECT 'a\\' DROP '", ['drop']],
    ['SELECT 1 # DROP', ['drop']],
  ])('in %s', (text, verbs) => {
    expect(findEffects(text)).toEqual(verbs);
  });
});
