import { describe, expect, it } from '@jest/globals';
import { Facts } from './facts.ts';
import { cut, lex, plainCommands, prepared, weigh } from './lexer.ts';
import { DECODED } from './marks.ts';

/** Words in brackets, operators as they are; the weight where it is more than one. */
const toLine = (script: string): string =>
  lex(script)
    .map(({ kind, text, weight }) => (kind === 'word' ? `[${text}]` : text) + (weight > 1 ? String(weight) : ''))
    .join(' ');

const WORDS: readonly (readonly [script: string, tokens: string])[] = [
  ['', ''],
  ['ls -l', '[ls] [-l]'],
  [' \tls\r', '[ls]'],
  ['a;b', '[a] ; [b]'],
  ['a|b&c', '[a] | [b] & [c]'],
  ['(a)`b`', '( [a] ) ` [b] `'],
  ['a<b>c', '[a] < [b] > [c]'],
  ['a\nb', '[a] \n [b]'],
  ['# a', ''],
  ['a # b; c\nd', '[a] \n [d]'],
  ['a;#b', '[a] ;'],
  ['a#b', '[a#b]'],
  ['\\#a', '[#a]'],
  ['a\\ b', '[a b]'],
  ['r\\m', '[rm]'],
  ['r\\\nm', '[rm]'],
  ['a\\', '[a]'],
  ["'a b'c", '[a bc]2'],
  ["'a;\"'", '[a;"]2'],
  ["'a\\'b", '[a\\b]2'],
  ["'a", '[a]2'],
  ["''", '[]2'],
  ['"a b"c', '[a bc]2'],
  ['"a\'#;"', "[a'#;]2"],
  ['"a\\"b"', '[a"b]2'],
  ['"\\$\\`\\\\\\\n\\m"', '[$`\\\\m]3'],
  ['"$a$b"', '[$a$b]4'],
  ['"a', '[a]2'],
  ['"a\\', '[a\\]2'],
  ['$"rm" -r', '[rm]2 [-r]'],
  ["$'\\x72m' a", `[${DECODED}rm]2 [a]`],
  ["$'a\\'b'c", `[${DECODED}a'bc]2`],
  ['$a', '[$a]2'],
  ['${a}', '[${a}]3'],
  ['{a,b}', '[{a,b}]2'],
  ['a\'b\'"c"', '[abc]3'],
];

describe('words and operators are told apart', () => {
  it.each(WORDS)('%s: %s', (script, tokens) => {
    expect(toLine(script)).toBe(tokens);
  });

  it('a script weighs what its words and operators weigh', () => {
    expect(weigh('')).toBe(0);
    expect(weigh('ls;"$a" $b')).toBe(1 + 1 + 3 + 2);
  });
});

const HERE: readonly (readonly [script: string, tokens: string])[] = [
  ['a <<E\nb\nE\nc', '[a] < \n \n [c]'],
  ['a << E\nb\nE\nc', '[a] < \n \n [c]'],
  ['a<<E;b\nc\nE\nd', '[a] < ; [b] \n \n [d]'],
  ["a <<'E'\n'\nE\nc", '[a] < \n \n [c]'],
  ['a <<"E F"\nE\nE F\nc', '[a] < \n \n [c]'],
  ['a <<\\E-F\nE\nE-F\nc', '[a] < \n \n [c]'],
  ['a <<E\nE \n E\n\tE\nxE\nE\nc', '[a] < \n \n [c]'],
  ['a <<-E\n E\n\t\tE\nc', '[a] < \n \n [c]'],
  ['a <<-E\nx\tE\nE\nc', '[a] < \n \n [c]'],
  ['a <<E\r\nb\r\nE\r\nc', '[a] < \n \n [c]'],
  ['a <<E\nb\rE\nE\nc', '[a] < \n \n [c]'],
  ['a <<E\nE\rb\nE\nc', '[a] < \n \n [c]'],
  ['a <<E <<F\nF\nE\nb\nF\nc', '[a] < < \n \n [c]'],
  ['a <<E\nE\nb\nc\nE', '[a] < \n \n [b] \n [c] \n [E]'],
  ['a <<E\nE', '[a] < \n'],
  ['a <<E\nb', '[a] < \n'],
  ['a <<E', '[a] <'],
  ['a <<;\nb', '[a] < ; \n [b]'],
  ['a <<<E\nb', '[a] < [E] \n [b]'],
  ['a <E\nE', '[a] < [E] \n [E]'],
];

describe('here-documents are left out', () => {
  it.each(HERE)('%j: %j', (script, tokens) => {
    expect(toLine(script)).toBe(tokens);
  });
});

describe('what the grammar cannot read is cut into commands', () => {
  it.each<readonly [script: string, commands: readonly (readonly string[])[]]>([
    ['', []],
    [';;\n', []],
    ['rm -rf /; ls | sort', [['rm', '-rf', '/'], ['ls'], ['sort']]],
    ['x=$(rm a)', [['x=$'], ['rm', 'a']]],
    ['{rm,-rf} /', [['rm', '-rf', '/']]],
    ['find . \\; -x', [['find', '.', ';', '-x']]],
  ])('%s', (script, commands) => {
    expect(plainCommands(script)).toEqual(commands);
  });
});

describe('a long script is cut where nothing is open', () => {
  it.each<readonly [size: number, script: string, pieces: readonly string[]]>([
    [1, '', []],
    [1, ' \n ', []],
    [1, 'a', ['a']],
    [1, 'a;b\nc', ['a;', 'b\n', 'c']],
    [1, 'a; ', ['a;']],
    [3, 'a;b;c;d;e', ['a;b;', 'c;d;', 'e']],
    [4, 'a;b;c;d;e', ['a;b;', 'c;d;', 'e']],
    [5, 'a;b;c;d;e', ['a;b;c;', 'd;e']],
    [9, '"$a";b;c', ['"$a";b;c']],
    [5, '"$a";b;c', ['"$a";b;', 'c']],
    [1, 'a|b&c', ['a|b&c']],
    [1, 'a<b>c`d`', ['a<b>c`d`']],
    [1, 'if a; then b; fi; c', ['if a; then b; fi;', ' c']],
    [1, 'if a; then if b; then c; fi; fi; d', ['if a; then if b; then c; fi; fi;', ' d']],
    [
      1,
      'if a; then b; elif c; then if d; then e; fi; else f; fi; g',
      ['if a; then b; elif c; then if d; then e; fi; else f; fi;', ' g'],
    ],
    [1, 'if a; then echo fi; b; fi; c', ['if a; then echo fi; b; fi;', ' c']],
    [1, 'while a; do b; done; c', ['while a; do b; done;', ' c']],
    [1, 'until if a; then b; fi; do c; done; d', ['until if a; then b; fi; do c; done;', ' d']],
    [1, 'for a in b\ndo c\nd\ndone\ne', ['for a in b\ndo c\nd\ndone\n', 'e']],
    [1, 'select a in b\ndo c\ndone\nd', ['select a in b\ndo c\ndone\n', 'd']],
    [1, 'case a in b) c;; (d) e;; esac; f', ['case a in b) c;; (d) e;; esac;', ' f']],
    [1, '{ a; b; }; c', ['{ a; b; };', ' c']],
    [1, 'f() { a; b; }; c', ['f() { a; b; };', ' c']],
    [1, '! { a; b; }; c', ['! { a; b; };', ' c']],
    [1, '{ if a; then b; fi; c; }; d', ['{ if a; then b; fi; c; };', ' d']],
    [1, '(a; b); c', ['(a; b);', ' c']],
    [1, '(a; }; b); c', ['(a; }; b);', ' c']],
    [1, 'x=$(a; b); c', ['x=$(a; b);', ' c']],
    [1, 'echo if; a', ['echo if;', ' a']],
    [1, 'if a; then b; fi c; d', ['if a; then b; fi c;', ' d']],
    [1, 'fi; a', ['fi;', ' a']],
    [1, 'a); b', ['a);', ' b']],
    [1, 'if a; b; c', ['if a; b; c']],
    [1, 'constructor; a', ['constructor;', ' a']],
    [
      1,
      "find . -exec a \\; -exec b ';' -exec c \\\n \\; ; d",
      ["find . -exec a \\; -exec b ';' -exec c \\\n \\; ;", ' d'],
    ],
    [1, '( find \\( a \\) ; b); c', ['( find \\( a \\) ; b);', ' c']],
    [1, 'a <<E\nb; c\nE\nd\ne', ['a <<E\nb; c\nE', 'd\n', 'e']],
    [1, "a 'b;c'; d", ["a 'b;c';", ' d']],
    [1, "a 'b", ["a 'b"]],
  ])('%s: %j', (size, script, pieces) => {
    expect(cut(script, size)).toEqual(pieces);
  });
});

describe('what the grammar misreads is put in its words', () => {
  it.each([
    ['rm$IFS/', 'rm${IFS}/', true],
    ['a$IFS$IFSb', 'a${IFS}$IFSb', true],
    ['r\\\nm -r\\\nf', 'rm -rf', true],
    ['a\\\nb\\\nc\\\nd', 'abcd', true],
    ['a \\\nb', 'a \\\nb', true],
    ['a\\\n b', 'a\\\n b', true],
    ['# a\\\nb', '# a\\\nb', false],
    ['#a\nb # c\\\nd', '#a\nb # c\\\nd', false],
    ['#a\nb\\\nd', '#a\nbd', true],
    ['#\\\nd', '#\\\nd', true],
  ])('%j: %j', (script, text, isSure) => {
    const facts = new Facts();
    expect(prepared(script, facts)).toBe(text);
    expect(facts.parsed).toBe(isSure);
  });
});
