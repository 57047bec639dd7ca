import { expect, it } from '@jest/globals';
import { readCode } from './read-code.ts';
import { readShell } from './read-shell.ts';

it.each([
  ['bash -c "ls $X"', false],
  ['eval "ls $X"', false],
  ['ssh web "ls $X"', false],
  ['ssh web ls $X', false],
  ['bash <<E\nls $X\nE', false],
  ['echo "ls $X" | sh', false],
  ['python3 -c "print($X)"', false],
  [`node -e "console.log($(date))"`, false],
  ['awk "{ print $X }" a.csv', false],
  [`bash -c 'ls "$1"' _ "$X"`, true],
  [`X=src; bash -c "ls $X"`, true],
  [`bash -c 'ls $X'`, true],
  [`awk '{ print $1 }' "$X"`, true],
  ['ssh web ls src', true],
])('a hole in the text of a program may hold another one: %s', async (script, parsed) => {
  expect(await readShell(script)).toMatchObject({ parsed });
});

it.each([
  [`execSync('git status', options)`, true],
  [`exec('git status', done)`, true],
  ['exec(`git status ${x}`, done)', false],
  [`spawn('git status', [x], { shell: true })`, false],
  [`execFile('git', ['status', x])`, true],
])('what is given beside a line is no part of it, unless a shell gets all: %s', async (code, parsed) => {
  expect(await readCode(`require('child_process').${code}`, 'javascript')).toMatchObject({ parsed });
});
