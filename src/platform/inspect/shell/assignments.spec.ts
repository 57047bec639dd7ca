import { describe, expect, it } from '@jest/globals';
import { assignVariables } from './assignments.ts';
import { Facts } from './facts.ts';
import { unknown } from './marks.ts';
import { readShell } from './read-shell.ts';
import { ScriptReader } from './script-reader.ts';

/** What runs that deletes, or `unread`: never neither. */
async function seen(script: string): Promise<string> {
  const { parsed, commands } = await readShell(script);
  return commands.includes('rm') ? 'rm' : parsed ? commands.join(' ') : 'unread';
}

describe('a command from a variable is seen, or the script counts as not read', () => {
  it.each([
    ['f() { shift; "$@"; }; f ls rm -rf /', 'rm'],
    ['f() { shift 2; "$1" -rf /; }; f ls ls rm', 'rm'],
    ['f() { shift; shift; "$@"; }; f ls ls rm -rf /', 'rm'],
    ['f() { shift $n; "$@"; }; f ls ls', 'unread'],
    ['f() { shift; "$1"rm -rf /; }; f ls', 'rm'],
    ['set -- rm -rf /; "$@"', 'rm'],
    ['set -eo pipefail rm; $1 -rf /', 'rm'],
    ['set -$x; "$@"', 'unread'],
    ['set -e; ls', 'set ls'],
    [`set -- ls; sh -c '"$1" -rf /' a rm`, 'unread'],
    [`set -- rm; eval '"$1" -rf /'`, 'rm'],
    ['x=foo; unset x; ${x}rm -rf /', 'rm'],
    ['x=foo; unset -v x; ${x}rm -rf /', 'rm'],
    ['unset $x; ls', 'unread'],
    ['l=(rm ls); "$l" -rf /', 'rm'],
    ['l=(rm ls); "${l}" -rf /', 'rm'],
    ['l=(rm); l+=(-rf /); "${l[@]}"', 'rm'],
    ['echo "rm -rf /" > a; cp a b; sh b', 'rm'],
    ['echo "rm -rf /" > a; mv a b; sh ./b', 'rm'],
    ['echo "rm -rf /" > a; cp ./a d/; sh d/a', 'rm'],
    ['echo ls > b; cp a b; sh b', 'unread'],
    ['cp /bin/rm b; ./b -rf /', 'rm'],
    ['x/ -rf /', 'unread'],
    ['/bin/$x -rf /', 'unread'],
    ['read a b <<< "ls rm"; $b -rf /', 'rm'],
    ['printf "ls\\nrm" | while read x; do $x -rf /; done', 'rm'],
    ['x=ls; read -ax <<< rm; "$x" -rf /', 'rm'],
    ['x=ls; read -n 2 x <<< rmls; $x -rf /', 'unread'],
    ["read x <<< 'r\\m'; $x -rf /", 'rm'],
    ['x=ls; read x; $x -rf /', 'unread'],
    ['read $n; ls', 'unread'],
    ['x=ls; mapfile x <<< rm; "$x" -rf /', 'rm'],
    ['x=ls; readarray -s 1 x <<< rm; $x -rf /', 'unread'],
    ['x=ls; getopts a x; $x -rf /', 'unread'],
    ['OPTARG=ls; getopts a: x; $OPTARG -rf /', 'unread'],
    ['x=ls; printf -v x rm; $x -rf /', 'rm'],
    ['x=ls; printf -vx rm; $x -rf /', 'rm'],
    ['x=ls; let x=y; $x -rf /', 'unread'],
    ['x=ls; declare "x=rm"; $x -rf /', 'rm'],
    ['x=r; export "x+=m"; $x -rf /', 'rm'],
    ['x=ls; readonly "x=rm"; $x -rf /', 'rm'],
    ['declare "$n=rm"; ls', 'unread'],
    ['x=ls; f() { local x; ${x}rm -rf /; }; f', 'rm'],
    ['x=ls; declare -n r=x; r=rm; $x -rf /', 'unread'],
    ['set -- rm; for x in "$@"; do $x -rf /; done', 'rm'],
    ['export A=b; unset A; ls', 'export unset ls'],
  ])('%s: %s', async (script, expected) => {
    expect(await seen(script)).toBe(expected);
  });
});

type Variables = Readonly<Record<string, readonly string[] | undefined>>;
const X = unknown('$X');

/** `x` was `ls` and `$1 $2` were `a b`; `_` is a blank, `?` a word that is not known. */
function assigned(
  line: string,
  names: readonly string[],
  stdin?: string,
): Readonly<Record<string, readonly string[] | boolean | undefined>> {
  const facts = new Facts();
  const reader = new ScriptReader(
    facts,
    () => undefined,
    () => undefined,
  );
  const [name = '', ...args] = line.split(' ').map((word) => word.replaceAll('_', ' ').replaceAll('?', X));
  reader.assign('x', ['ls']);
  reader.scope.setArguments(['a', 'b']);
  assignVariables(reader, name, args, stdin);
  return { ...Object.fromEntries(names.map((each) => [each, reader.valuesOf(each)])), parsed: facts.parsed };
}

describe('a variable may have', () => {
  const input = [unknown('input')];
  it.each<[string, Variables, string?]>([
    ['shift', { 1: ['a', 'b'] }],
    ['shift 2', { 1: ['a', ''] }],
    ['shift x1', { 1: ['a', unknown('$1')] }],
    ['shift 1x', { 1: ['a', unknown('$1')] }],
    ['shift 12', { 1: ['a', ''] }],
    ['set c', { 1: ['a', 'c'], 2: ['b', ''] }],
    ['set -e c', { 1: ['a', 'c'] }],
    ['set -o x c', { 1: ['a', 'c'], 2: ['b', ''] }],
    ['set +eo x c', { 1: ['a', 'c'], 2: ['b', ''] }],
    ['set -xeo y c', { 1: ['a', 'c'], 2: ['b', ''] }],
    ['set a-o c', { 1: ['a', 'a-o'], 2: ['b', 'c'] }],
    ['set -ox c', { 1: ['a', 'c'] }],
    ['set -- -c', { 1: ['a', '-c'] }],
    ['set --', { 1: ['a', ''] }],
    ['set - c', { 1: ['a', 'c'], 2: ['b', ''] }],
    ['set -', { 1: ['a'] }],
    ['set', { 1: ['a'] }],
    ['set c-x', { 1: ['a', 'c-x'] }],
    ['set -?', { 1: ['a', unknown('$1')] }],
    ['set ?', { 1: ['a', X] }],
    ['unset x', { x: ['ls', ''] }],
    ['unset -f x', { x: ['ls'] }],
    ['unset -vf x', { x: ['ls'] }],
    ['unset x-f x', { x: ['ls', ''] }],
    ['unset x[1]', { x: ['ls', ''] }],
    ['unset x[12', { x: ['ls', ''] }],
    ['unset y', { y: undefined }],
    ['unset', { x: ['ls'] }],
    ['getopts a: y', { y: [unknown('$y')], OPTARG: [unknown('$OPTARG')] }],
    ['getopts', { x: ['ls'], OPTARG: [unknown('$OPTARG')] }],
    ['let x=1', { x: ['ls', unknown('$x')] }],
    ['let 1', { x: ['ls'] }],
    ['read y', { y: ['a b', 'c'] }, 'a b\nc\n'],
    ['read y', { y: ['a', 'b'] }, '  a  \n b\n'],
    ['read y z', { y: ['a'], z: ['b c'] }, 'a\t \tb c'],
    ['read y z', { y: ['a'], z: [''] }, 'a'],
    ['read y z', { y: ['a\\b', 'ab'], z: ['c'] }, 'a\\b c'],
    ['read', { REPLY: ['a'] }, 'a'],
    ['read -r', { REPLY: ['a'] }, 'a'],
    ['read', { REPLY: [`${unknown('input')}*`] }],
    ['read y', { y: [`${X}*`] }, X],
    ['read -ay', { y: ['a'] }, 'a'],
    ['read -ray', { y: ['a'] }, 'a'],
    ['read -ra y', { y: ['a'] }, 'a'],
    ['read b-ay', { y: undefined, REPLY: ['a'] }, 'a'],
    ['read -ay-', { y: undefined, REPLY: ['a'] }, 'a'],
    ['read y[1]', { y: ['a'] }, 'a'],
    ['read y[10]', { y: ['a'] }, 'a'],
    ['read y.z', { y: undefined, REPLY: ['a'] }, 'a'],
    ['read -p y.y y', { y: ['a'] }, 'a'],
    ['read yy', { yy: ['a'] }, 'a'],
    ['read y-', { y: undefined, REPLY: ['a'] }, 'a'],
    ['read -n 1 y', { y: ['b', ...input] }, 'a b'],
    ['read -rd: y', { y: ['a', ...input] }, 'a'],
    ['read -r y-n y', { y: ['a'] }, 'a'],
    ['mapfile y', { y: ['a b'], 'y[0]': ['a'] }, 'a\nb\n'],
    ['readarray -t y', { y: ['a b'], 'y[0]': ['a'] }, 'a\nb\n'],
    ['mapfile', { MAPFILE: ['a'], 'MAPFILE[0]': ['a'] }, 'a'],
    ['mapfile -t', { MAPFILE: ['a'] }, 'a'],
    ['mapfile -n 1 y', { y: [unknown('$y')], 'y[0]': undefined }, 'a'],
    ['mapfile y-', { 'y-': undefined }, 'a'],
    ['mapfile y', { y: [unknown('$y')] }],
    ['mapfile y', { y: [unknown('$y')] }, X],
    ['printf -v y a', { y: ['a'] }],
    ['printf -vy a', { y: ['a'] }],
    ['printf -vyy a', { yy: ['a'] }],
    ['printf a-vy b', { y: undefined }],
    ['printf y a', { a: undefined, y: undefined }],
    ['printf -v', { x: ['ls'] }],
    ['printf', { x: ['ls'] }],
    ['declare x', { x: ['ls', ''] }],
    ['typeset x', { x: ['ls', ''] }],
    ['local x', { x: ['ls', ''] }],
    ['export x', { x: ['ls'] }],
    ['declare -f x', { x: ['ls'] }],
    ['declare -pF x', { x: ['ls'] }],
    ['declare x-f x', { x: ['ls', ''] }],
    ['declare x+', { x: ['ls'] }],
    ['declare +x', { x: ['ls'] }],
    ['declare xy', { x: ['ls'], xy: undefined }],
    ['declare x=rm', { x: ['ls', 'rm'] }],
    ['declare y-n', { y: undefined }],
    ['export x+=a', { x: ['ls', 'lsa'] }],
    ['export y+=a', { y: ['a'] }],
    ['export x=a=b', { x: ['ls', 'a=b'] }],
    ['export x=', { x: ['ls', ''] }],
    ['export x=a\nb', { x: ['ls', 'a\nb'] }],
    ['export =a', { x: ['ls'] }],
    ['export y[1]=a', { y: ['a'] }],
    ['export y[12]=a', { y: ['a'] }],
    ['export y-z=a', { y: undefined, z: undefined }],
    ['export z-y[1=a', { y: undefined, z: undefined }],
    ['other x=a', { x: ['ls'] }],
  ])('after %s: %j', (line, expected, ...[stdin]) => {
    expect(assigned(line, Object.keys(expected), stdin)).toEqual({ ...expected, parsed: true });
  });

  it.each([
    ['unset ?', undefined],
    ['read ?', 'a'],
    ['export ?=a', undefined],
    ['declare -n x', undefined],
    ['declare -gn x', undefined],
    ['typeset ?', undefined],
  ])('anything after %s', (line, stdin) => {
    expect(assigned(line, [], stdin)).toEqual({ parsed: line === 'typeset ?' });
  });
});
