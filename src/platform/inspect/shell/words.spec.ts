import { describe, expect, it } from '@jest/globals';
import { RecordingRunner, shown } from '../../../../test/support/recording-runner.ts';
import { loadBash } from './bash-tree.ts';
import { unknown } from './marks.ts';
import { ScriptReader } from './script-reader.ts';
import { fieldsOf, isGlob, isPatched, withoutLastLines } from './words.ts';

/** `<…>` is not known, `!` was decoded; where a word may be one or the other, both are there. */
async function printed(script: string): Promise<string> {
  const { facts, readProgram } = new RecordingRunner();
  return shown(new ScriptReader(facts, await loadBash(), readProgram).script(script)).replace(/\n$/, '');
}

describe('a word stands for what the shell makes of it', () => {
  it.each([
    ['echo a\\ b "c  d" \'$x\'', 'a b c  d $x'],
    ['echo r\\\nm', 'rm'],
    ['echo "a\\$b\\`\\"\\\\ \\n"', 'a$b`"\\ \\n'],
    ['echo "a\\\nb"', 'ab'],
    ["echo $'\\x72m' $'a\\tb'", '!rm a\tb'],
    ['echo $"a"', 'a'],
    ['echo "a$" "$"', 'a$ $'],
    ['echo {a,b}c "{a,b}"', 'ac bc {a,b}'],
    ['echo $((12)) $((0)) $((7))', '12 0 7'],
    ['echo $((1+1))', '!<$((1+1))>'],
    ['echo $((-1))', '!<$((-1))>'],
    ['echo $((010))', '!<$((010))>'],
    ['echo $(echo a; echo)b', 'ab'],
    ['echo "[$(printf \'a\\n\\n\')]"', '[a]'],
    ['echo $(true)', '<true>'],
    ['cat <<E\na $(echo b) \\$c "d"\nE', 'a b $c "d"'],
  ])('%j: %j', async (script, text) => {
    expect(await printed(script)).toBe(text);
  });
});

describe('a variable stands for each of its values', () => {
  it.each([
    ['echo $x', '<$x>'],
    ['x=a; echo $x ${x} "$x"b', 'a a ab'],
    ['x=a; x=b; echo "$x"', 'a b'],
    ['x=a; x=b; y=c; y=d; echo $x$y', 'ac ad bc bd'],
    ['x=1;x=2;x=3; y=a;y=b;y=c; echo $x$y', '1a 1b 1c 2a 2b 2c 3a 3b <$y>'],
    ['x=1;x=2;x=3;x=4; y=a;y=b; echo $x$y', '1a 1b 2a 2b 3a 3b 4a 4b'],
    ['echo ${x-a} ${x:-b c} ${x:-"d  e"}', 'a b c d  e'],
    ['x=a; echo ${x:-b} ${x-c}', 'a b a c'],
    ['x=; echo ${x:-b}.', '. b.'],
    ['y=a; y=b; echo ${x:-$y}', 'a b'],
    ['echo ${x:-a$(echo b)c\\d}', 'abcd'],
    ['echo ${x:+a}. ${x+b}.', 'a. . b. .'],
    ['x=a; echo ${x:+b}.', 'b. .'],
    ['x=a; echo ${x:?b} ${x?c} ${y:?d}', 'a a <${y:?d}>'],
    ['echo ${x:=a} $x', 'a a'],
    ['echo ${x=a} $x', 'a a'],
    ['echo ${x:-a} $x', 'a <$x>'],
    ['echo ${x:-a=b} $x', 'a=b <$x>'],
    ['x=a; echo ${x:=b} $x', 'a b a b'],
    ['n=x; x=a; echo ${!n} ${!m}', '!a <${!m}>'],
    ['n=m; echo ${!n}', '<${!n}>'],
    ['n=m; echo ${!n:-a}', 'a'],
    ['x=abc; echo ${#x}', '<${#x}>'],
    ['x=aB; echo ${x^^} ${x,,}', '!AB !ab'],
    ['x=aB; echo ${x,,}', '!ab'],
    ['x=abcd; echo ${x:1} ${x: 2} ${x:1:2} ${x: -3} ${x:0:-1} ${x: 1: 1}', '!bcd !cd !bc !bcd !abc !b'],
    ['x=abcdefghijklmn; echo ${x:12} ${x:0:12} ${x: -12:11}', '!mn !abcdefghijkl !cdefghijklm'],
    ['x=abc; echo ${x: -4}. ${x: -3}.', '!. !abc.'],
    ['x=abab; echo ${x/b/c} ${x//b/c} ${x//ab} ${x/ba/$}', '!acab !acac ! !<abab>'],
    ['x=abab; echo ${x/ab/$&}', '!<abab>'],
    ['x=a/b; echo ${x/a/c}', '!c/b'],
    ['x=aab; echo ${x/#a/c}', '!<aab>'],
    ['x=aab; echo ${x/a*/c}', '!<aab>'],
    ['x=abc; echo ${x%c} ${x#a}', '!<abc> !<abc>'],
    ['x=$y; echo ${x,,}', '!<$y>'],
  ])('%j: %j', async (script, text) => {
    expect((await printed(script)).replaceAll(/ +/g, ' ')).toBe(text.replaceAll(/ +/g, ' '));
  });

  it('a word of great length is unknown', async () => {
    const times = (part: string) => `"${part.repeat(10)}"`;
    const made = `x=${'a'.repeat(100)}; y=${times('$x')}; z=${times('$y')};`;
    expect(await printed(`${made} echo ${times('$z')}`)).toHaveLength(100_000);
    expect(await printed(`${made} echo ${times('$z')}b`)).toBe('<>');
  });
});

describe('a list keeps its items apart, also in quotes', () => {
  it.each([
    ['f() { printf "%s." "$@" "${@}"; }; f a b', 'a.b.a.b.'],
    ['f() { printf "%s." "$*" "x$1"; }; f a b', 'a b.xa.'],
    ['f() { printf "%s." "x y$@"; }; f a b', 'x ya.b.'],
    ['f() { printf "%s." "${@:2}"; }; f a b', 'a.b.b.'],
    ['l=(a b); printf "%s." "${l[@]}" "$l"', 'a.b.a b.a.'],
    ['l=(a b c); printf "%s." "${l[@]:1}"', 'a.b.c.b.c.c.'],
    ['list=(a b); printf "%s." "${list[1]}" ${list[0]}', 'a.b.b.a.b.b.'],
    ['l=(a b); printf "%s." ${l[*]}', 'a.b.'],
    ['l=(a b); printf "%s." "${l[@]/b/c}"', '!a.!c.'],
    ['echo ${l[$(echo a > f)]}; cat f', '<${l[$(echo a > f)]}>\na\n'],
    ['x=a; echo "${x}[@]"', 'a[@]'],
  ])('%j: %j', async (script, text) => {
    expect(await printed(script)).toBe(text.replace(/\n$/, ''));
  });
});

describe('an unquoted word is split, and what may be a pattern or put together is seen', () => {
  it.each([
    ['a b\tc\nd', ' ', ['a', 'b', 'c', 'd']],
    ['a,b c', ',', ['a', 'b', 'c']],
    ['', ' ', []],
    [`a${unknown('x y')}b c`, ' ', [`a${unknown('x y')}b`, 'c']],
    ['\u0002a b', ' ', ['\u0002a', '\u0002b']],
    ['a \u0001b', ' ', ['\u0001a', '\u0001b']],
    ['{a,b}c', ' ', ['ac', 'bc']],
  ])('%j by %j: %j', (value, separators, fields) => {
    expect(fieldsOf(value, separators)).toEqual(fields);
  });

  it('patterns', () => {
    const texts = ['*', 'a?', '[a]', '[abc]', '[', '[]', 'a', unknown('*'), '[[]'];
    expect(texts.filter(isGlob)).toEqual(['*', 'a?', '[a]', '[abc]']);
  });

  it('names put together from pieces', () => {
    const [pieces, whole] = [
      ['r\\m', "'r'm", 'r"m"', 'rm$IFS', 'rm${IFS}', '${a}b', 'a$b', '${a}$b', '/bin/r\\m', `""rm`],
      ['rm', '\\rm', '"rm"', "'r m'", '$a', '${a}', "a'b'/rm", 'a\\b/rm', '$(a)', '"r\nm"', '$a/rm'],
    ];
    expect([...pieces, ...whole].filter(isPatched)).toEqual(pieces);
  });

  it.each([
    ['a\n\n', 'a'],
    ['\na', '\na'],
    ['\n', ''],
    ['', ''],
  ])('a substitution drops the last lines of %j', (text, rest) => {
    expect(withoutLastLines(text)).toBe(rest);
  });
});
