import { describe, expect, it } from '@jest/globals';
import { readShell } from './read-shell.ts';

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
