import { expect, it } from '@jest/globals';
import { inlineProgram, interpreterOf, type Interpreter } from './interpreters.ts';
import { DECODED, UNKNOWN, unknown } from './marks.ts';
import type { Runner } from './runner.ts';

const RM = Buffer.from('rm -rf /', 'utf16le').toString('base64');
const nothing = { files: new Map<string, string>() } as unknown as Runner;

/** The text that is the program, the file that holds it behind `<`, or `-` where it comes from the input. */
function programOf(line: string): string {
  const [name = '', ...args] = line
    .split(' ')
    .map((word) => (word === '?' ? unknown('$X') : word.replaceAll('_', ' ')));
  const kind = interpreterOf(name, name, nothing);
  if (kind === undefined) return 'none';
  const program = inlineProgram(name, kind, name, args);
  expect(Object.keys(program)).toEqual(['inline', 'file']);
  const { inline, file } = program;
  if (inline === unknown('arguments')) return '?';
  return inline ?? (file === undefined ? '-' : `<${file}`);
}

it.each([
  // The program is the argument of an option, at its end or behind a sign.
  ['bash -c ls', 'ls'],
  ['bash -xec ls', 'ls'],
  ['bash x-c ls', '<x-c'],
  ['bash -c- ls', '<ls'],
  ['bash --command ls', 'ls'],
  ['bash --command=ls', 'ls'],
  ['bash --command=ls\nrm', 'ls\nrm'],
  ['bash x--command=ls', '<x--command=ls'],
  ['bash --rcfile=x a.sh', '<a.sh'],
  ['bash -c ls -c rm', 'ls\nrm'],
  ['bash -c', '-'],
  ['cmd /c dir', 'dir'],
  ['cmd /k dir', 'dir'],
  ['su -c ls', 'ls'],
  ['nix-shell --run ls', 'ls'],
  ['nix-shell -run ls', 'ls'],
  ['pwsh -Command ls', 'ls'],
  ['pwsh -com ls', 'ls'],
  ['pwsh -co ls', 'ls'],
  ['pwsh -commando ls', '<ls'],
  [`pwsh -e ${RM}`, `${DECODED}rm -rf /`],
  [`pwsh -ec ${RM}`, `${DECODED}rm -rf /`],
  [`powershell -EC ${RM}`, `${DECODED}rm -rf /`],
  [`pwsh -en ${RM}`, `${DECODED}rm -rf /`],
  [`pwsh -EncodedCommand ${RM}`, `${DECODED}rm -rf /`],
  [`cmd -enc ${RM}`, `${DECODED}rm -rf /`],
  ['bash -e a.sh', '<a.sh'],
  ['bash -ec ls', 'ls'],
  ['bash -encodedcommandx ls', '<ls'],
  ['python -c x', 'x'],
  ['python -Bc x', 'x'],
  ['python3.11 -c x', 'x'],
  ['python x-c x', '<x-c'],
  ['python -cx x', '<x'],
  ['python -1c x', '<x'],
  ['node -e x', 'x'],
  ['node -pe x', 'x'],
  ['node --eval=x', 'x'],
  ['node --print x', 'x'],
  ['node x-e x', '<x-e'],
  ['node -er x', '<x'],
  ['node -1e x', '<x'],
  ['deno eval x', 'x'],
  ['deno evals x', '<evals'],
  ['perl -e x', 'x'],
  ['perl -0ne x', 'x'],
  ['php -r x', 'x'],
  ['gdb -ex x', 'x'],
  ['lua x-e x', '<x-e'],
  ['perl -e_ x', ' '],
  ['perl -_e x', '<x'],
  ['psql -c x', 'x'],
  ['psql -atc x', 'x'],
  ['mysql -e x', 'x'],
  ['psql --query=x', 'x'],
  ['sqlite3 -cmd x', 'x'],
  // Other words of a client of a database are names, or the statement.
  ['sqlite3 a.db x', 'a.db x'],
  ['sqlite3 x-c y', 'x-c y'],
  ['sqlite3 -ca y', 'y'],
  ['sqlite3 -1c y', 'y'],
  ['psql', '-'],
  ['psql -X', '-'],
  ['psql ?', unknown('$X')],
  // In one word with its option, or behind options of the shell.
  ['python -cprint(1)', 'print(1)'],
  ['python -Bcprint(1)', 'print(1)'],
  ['python -Wc:x a.py', '<a.py'],
  ['perl -eprint(1)', 'print(1)'],
  ['perl -neprint(1)', 'print(1)'],
  ['perl -Mre=x a.pl', '<a.pl'],
  ['php -rsystem(1);', 'system(1);'],
  ['ruby -r json a.rb', '<a.rb'],
  ['perl -I lib a.pl', '<a.pl'],
  ['sed -r p a', 'p'],
  ['ruby -rnet/e_x a.rb', '<a.rb'],
  ['psql -cdrop_x', 'drop x'],
  ['su bob -cls', 'ls'],
  ['fish -cls', 'ls'],
  ['bash -cls', '-'],
  ['bash -c -- ls', 'ls'],
  ['bash -c -x ls', 'ls'],
  ['bash -c +x -o pipefail ls', 'ls'],
  ['cmd /c del /s x', 'del /s x'],
  ['cmd /s/c del x', 'del x'],
  ['pwsh -Command rm -r x', 'rm -r x'],
  ['powershell rm -r x', 'rm -r x'],
  ['powershell -ep Bypass rm x', 'rm x'],
  ['powershell -NoProfile -File a.ps1', '<a.ps1'],
  ['powershell -NoProfile', '-'],
  ['pwsh a.ps1 x', '<a.ps1'],
  // Where its command begins, depends on options.
  ['screen -dmS n ls -l', 'n ls -l\nls -l'],
  ['screen', '-'],
  ['tmux new -d ls', 'ls'],
  ['tmux -L x send-keys ls Enter', 'ls Enter\nEnter'],
  ['tmux attach x', '-'],
  ['tmux', '-'],
  // A file, or the input.
  ['bash +x a.sh', '<a.sh'],
  ['bash -ex a.sh', '<a.sh'],
  ['bash -v a.sh -s', '<a.sh'],
  ['bash -euo pipefail a.sh', '<a.sh'],
  ['bash -o pipefail -s x', '-'],
  ['bash --rcfile x a.sh', '<a.sh'],
  ['python -W ignore a.py', '<a.py'],
  ['python -W - a.py', '<a.py'],
  ['node -r x a.js', '<a.js'],
  ['node --require x a.js', '<a.js'],
  ['deno run a.ts', '<a.ts'],
  ['deno run -A a.ts', '<a.ts'],
  ['node run a.ts', '<run'],
  ['su', '-'],
  ['su bob', '-'],
  ['su - bob', '-'],
  ['su bob a.sh', '<a.sh'],
  ['at -f a now', '<a'],
  ['at now -f', '-'],
  ['awk -f a x', '<a'],
  ['sed --file a x', '<a'],
  ['bash -f a.sh', '<a.sh'],
  ['bash a.sh x', '<a.sh'],
  ['bash -x a.sh', '<a.sh'],
  ['bash -', '<-'],
  ['bash - a.sh', '<a.sh'],
  ['bash -s x', '-'],
  ['bash -xs x', '-'],
  ['bash -s- x', '<x'],
  ['bash x-s', '<x-s'],
  ['bash -1s x', '<x'],
  ['python -s a.py', '<a.py'],
  ['python a.py', '<a.py'],
  ['python', '-'],
  ['at now', '-'],
  ['batch x', '-'],
  // Of some all arguments are the program, or the first one.
  ['eval ls x', 'ls x'],
  ['iex ls', 'ls'],
  ['eval ?', unknown('$X')],
  ['trap ls EXIT', 'ls'],
  ['awk -F x y', 'x'],
  ['sed -n p a', 'p'],
  ['awk ?', unknown('$X')],
  ['at ?', '-'],
  // What runs elsewhere stands behind the name of the machine.
  ['ssh web ls x', 'ls x'],
  ['ssh -p 22 web ls', 'ls'],
  ['ssh -v web ls', 'ls'],
  ['ssh -p22 web ls', 'ls'],
  ['ssh -vp web ls', 'ls'],
  ['ssh web -p 22 ls -l', 'ls -l'],
  ['ssh web -t ls', 'ls'],
  ['ssh web -p 22', '-'],
  ['ssh web', '-'],
  ['ssh', '-'],
  ['ssh ?', '?'],
  ['ssh ? ls', 'ls'],
  // Before the program anything may be another one.
  ['bash ? a.sh', '?'],
  ['bash -x ? a.sh', '?'],
  ['bash a.sh ?', '<a.sh'],
  ['bash -c ls ?', 'ls'],
  ['bash bash ?', '?'],
  ['python ?', '?'],
  ['python -c x ?', 'x'],
  ['perl ?', '?'],
])('the program of %s: %s', (line, program) => {
  expect(programOf(line)).toBe(program);
});

it.each<[string, Interpreter | undefined]>([
  ['python3.11', 'python'],
  ['x python3', undefined],
  ['a1python3', undefined],
  ['python3x', undefined],
  ['3', undefined],
  ['./made', 'shell'],
  ['made', 'shell'],
  ['x./made', undefined],
])('%j interprets: %s', (name, kind) => {
  const runner = { files: new Map([['made', 'ls']]) } as unknown as Runner;
  expect(interpreterOf(name, name, runner)).toBe(kind);
});

it('marks of arguments that hide a program stay with it', () => {
  expect(inlineProgram('bash', 'shell', 'bash', [`${DECODED}${unknown('$X')}`]).inline).toBe(
    `${DECODED}${UNKNOWN}arguments${UNKNOWN}`,
  );
});
