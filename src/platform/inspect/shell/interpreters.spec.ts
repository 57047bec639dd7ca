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
  ['perl -e_ x', '<x'],
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
  // A file, or the input.
  ['bash a.sh x', '<a.sh'],
  ['bash -x a.sh', '<a.sh'],
  ['bash -', '<-'],
  ['bash - a.sh', '<-'],
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
