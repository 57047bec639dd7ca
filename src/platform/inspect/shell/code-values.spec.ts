import { describe, expect, it } from '@jest/globals';
import type { CodeLanguage } from '../model.ts';
import { tokensOf } from './code-tokens.ts';
import { Values, type Names, type Value } from './code-values.ts';
import { DECODED, FETCHED, UNKNOWN } from './marks.ts';

/** `x` is the text `ex`, `xs` a list; what `fetch` answers was fetched. */
const KNOWN = new Map<string, Value>([
  ['x', { items: ['ex'], isList: false }],
  ['xs', { items: ['a', 'b'], isList: true }],
]);
const NAMES: Names = {
  valueOf: (name) => KNOWN.get(name),
  resolve: (chain) => chain,
  isFetching: (chain) => chain === 'fetch',
};

/** Lists in brackets, unknown pieces as `<name>`, `!` for decoded, `^` for fetched, and what is left of the program. */
function toLine(source: string, language: CodeLanguage): string {
  const tokens = tokensOf(source, language);
  const { value, next } = new Values(tokens, NAMES).expression(0, 0);
  const hole = new RegExp(`${UNKNOWN}([^${UNKNOWN}]*)${UNKNOWN}`, 'g');
  const items = value.items.map((item) =>
    item.replaceAll(hole, '<$1>').replaceAll(DECODED, '!').replaceAll(FETCHED, '^'),
  );
  const rest = tokens.slice(next).map(({ text }) => text);
  const shown = value.isList ? `[${items.join(', ')}]` : items.join(' | ');
  return rest.length > 0 ? `${shown} then ${rest.join('')}` : shown;
}

type Cases = readonly (readonly [source: string, value: string])[];
const CASES: readonly (readonly [what: string, language: CodeLanguage, cases: Cases])[] = [
  [
    'texts put together',
    'python',
    [
      ['"a" + "b"', 'ab'],
      ['"a" "b" x', 'ab then x'],
      ['"a" - "b"', 'a then -b'],
      ['"a" * 3 + "b"', 'ab'],
      ['"a" * x', 'a then *x'],
      ['"a" *', 'a then *'],
      ['12 + "a"', '12a'],
      ['- "a"', '<value>a'],
      ['"%s-{}" % (x, "b")', 'ex-b'],
      ['"%s %d" % x', 'ex <value>'],
      ['f"{x}/{y}/{xs}"', 'ex/<y>/<xs>'],
      ['x "(" "["', 'ex(['],
      ['await "a"', 'a'],
      ['renew', '<renew>'],
      ['"rm"[::-1]', '!mr'],
    ],
  ],
  ['texts put together with a dot', 'unknown', [['"a" . "b"', 'ab']]],
  [
    'lists',
    'javascript',
    [
      ['["a", "b"]', '[a, b]'],
      ['["a"]', '[a]'],
      ['[]', '[]'],
      ['("a")', 'a'],
      ['("a", "b")', '[a, b]'],
      ['[x, ["b", xs]]', '[ex, b, a, b]'],
      ['"a" + xs', '[a, a, b]'],
      ['xs + "c"', '[a, b, c]'],
      ['["a", {}]', '[a, <value>]'],
      ['[] y', '[] then y'],
      ['x] y {}', 'ex then ]y{}'],
    ],
  ],
  [
    'names',
    'javascript',
    [
      ['x', 'ex'],
      ['xs', '[a, b]'],
      ['y', '<y>'],
      ['a.b::c', '<a.b.c>'],
      ['a...b', '<a> then ...b'],
      ['a "." b', '<a>. then b'],
      ['a . "b"', '<a>b'],
      ['a.', '<a><value>'],
      ['"a" .', 'a<value>'],
      ['x.y', '<x.y>'],
      ['"a".y + "b"', '<y>b'],
      ['x[0] + "b"', '<item>b'],
      ['x[xs[0], 1] + "b"', '<item>b'],
      ['fetch("a").text', '^<text>'],
      ['fetch("a")[0]', '^<item>'],
    ],
  ],
  [
    'values with a name count where they are meant',
    'python',
    [
      ['args=["a"]', '[a]'],
      ['command="a"', 'a'],
      ['cwd="a"', '[]'],
      ['cwd: "a"', '[]'],
      ['"a": "b"', 'a then :b'],
      ['x == "b"', 'ex then ==b'],
      ['x => "b"', 'ex then =>b'],
      ['(cwd=f(1, {a: 2}), "c")', '[c]'],
      ['cwd=f(1, 2).g, "c"', '[] then ,c'],
      ['cwd=f; "b"', '[] then ;b'],
      ['{"a": x} + "b"', '<value>b'],
    ],
  ],
  [
    'lists of Go',
    'go',
    [
      ['[]string{"a", "b"}', '[a, b]'],
      ['[]byte{114, 109}', '!rm'],
      ['[]rune{114}', '!r'],
      ['string("a")', 'a'],
    ],
  ],
  [
    'calls',
    'javascript',
    [
      ['f("a", "b")', '<f>'],
      ['fetch("a")', '^<fetch>'],
      ['f(fetch("a"), "b")', '^<f>'],
      ['x("b")', '<x>'],
      ['x.concat("b")', 'exb'],
      ['x.y.concat("b")', 'exb'],
      ['y.concat("b")', '<y.concat>'],
      ['y.x("b")', '<y.x>'],
    ],
  ],
  [
    'decoders',
    'javascript',
    [
      ...['b64decode', 'decodebytes', 'atob', 'base64_decode', 'decode64', 'DecodeString', 'decode_base64'].map(
        (name) => [`a.b.${name}("cm0=")`, '!rm'] as const,
      ),
      ...['unhexlify', 'fromhex'].map((name) => [`${name}("726d")`, '!rm'] as const),
      ...['unescape', 'decodeURIComponent', 'unquote'].map((name) => [`${name}("%72m%2F")`, '!rm/'] as const),
      ...['bytes', 'bytearray'].map((name) => [`${name}([114, 109])`, '!rm'] as const),
      ...['fromCharCode', 'fromCodePoint'].map((name) => [`String.${name}(114, 109)`, '!rm'] as const),
      ['chr(114)', '!r'],
      ['Buffer.from("rm")', '!rm'],
      ['Buffer.from("726d", "hex")', '!rm'],
      ['Buffer.from("cm0=", "base64")', '!rm'],
      ['atob(y)', '!<atob>'],
      ['atob(["cm0=", y])', '!<atob>'],
      ['atob(fetch("a"))', '^!<atob>'],
      ['atob()', '!'],
    ],
  ],
  [
    'methods',
    'python',
    [
      ['["a", "b"].join("-")', 'a-b'],
      ['["a", "b"].join()', 'a,b'],
      ['"-".join(["a", "b"])', 'a-b'],
      ['"-".join()', ''],
      ['["a", "b"].reverse()', '[!b, !a]'],
      ['"a b".split(" ")', '[a, b]'],
      ['"a  b".split()', '[a, b]'],
      ['"ab".split("")', '[a, b]'],
      ['"a".concat("b", "c")', 'abc'],
      ['["a"].concat("b", ["c"])', '[a, b, c]'],
      ['["a", y].concat("b")', '<concat>'],
      ['[y].reverse()', '<reverse>'],
      ['"axa".replace("a", "b")', '!bxb'],
      ['"axa".replaceAll("x", "")', '!aa'],
      ['"a".replace("x")', '<value>'],
      ['"{} {abc} %s".format("b", ["c"])', 'b c <value>'],
      ...['decode', 'encode', 'toString', 'trim', 'strip', 'toLowerCase', 'lower'].map(
        (name) => [`"a".${name}()`, 'a'] as const,
      ),
      ['"726d".decode("hex")', '!rm'],
      ['"cm0=".toString("base64")', '!rm'],
      ['"a".other("b")', '<other>'],
    ],
  ],
];

describe.each(CASES)('constant expressions are worked out: %s', (_what, language, cases) => {
  it.each(cases)('%s: %s', (source, value) => {
    expect(toLine(source, language)).toBe(value);
  });
});

describe('working out an expression ends', () => {
  it('a text of ten thousand characters is kept, a longer one only as decoded or fetched', () => {
    const [long, longer] = ['a'.repeat(10_000), 'a'.repeat(10_001)];
    expect(toLine(`"${long}"`, 'python')).toBe(long);
    expect(toLine(`"${longer}"`, 'python')).toBe('<long text>');
    expect(toLine(`"\\x61${longer}"`, 'python')).toBe('!<long text>');
  });

  it('a list keeps a hundred items', () => {
    expect(toLine(`[${'"a",'.repeat(101)}]`, 'python')).toBe(`[${'a, '.repeat(99)}a]`);
  });

  it('brackets are gone into eleven deep', () => {
    expect(toLine(`${'['.repeat(11)}"a"${']'.repeat(11)}`, 'python')).toBe('[a]');
    expect(toLine(`${'['.repeat(12)}"a"${']'.repeat(12)}`, 'python')).toBe('[<value>]');
  });

  it('a call is read for five hundred terms, a program for a hundred thousand', () => {
    const values = new Values(tokensOf(`(${'x,'.repeat(600)})`, 'python'), NAMES);
    const counts = new Set<number>();
    for (let call = 0; call < 199; call += 1) counts.add(values.arguments(0).args.length);
    expect([...counts]).toEqual([500]);
    expect(values.isExhausted).toBe(false);
    values.arguments(0);
    expect(values.isExhausted).toBe(true);
    expect(values.arguments(0).args).toEqual([]);
  });
});
