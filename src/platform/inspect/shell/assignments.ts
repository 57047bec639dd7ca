import { isKnown, stripMarks, unknown } from './marks.ts';
import { outputOf } from './outputs.ts';
import type { Runner } from './runner.ts';
import { firstItem } from './words.ts';

type Assign = (runner: Runner, args: readonly string[], stdin: string | undefined) => void;

/** Commands that change variables, by what they change. */
const ASSIGNING = new Map<string, Assign>([
  ['shift', (runner, [count = '1']) => runner.scope.shift(/^\d+$/.test(count) ? Number(count) : undefined)],
  ['set', setArguments],
  ['unset', (runner, args) => (/^-\w*f/.test(args[0] ?? '') ? undefined : emptied(runner, args))],
  ['read', readInput],
  ['mapfile', readLines],
  ['readarray', readLines],
  ['getopts', (runner, [, name = '']) => assignUnknown(runner, [name, 'OPTARG'])],
  [
    'let',
    (runner, args) =>
      assignUnknown(
        runner,
        args.flatMap((arg) => arg.match(/[a-z_]\w*/gi) ?? []),
      ),
  ],
  ['printf', printInto],
  ...['declare', 'typeset', 'local'].map((name): [string, Assign] => [name, declare]),
  ...['export', 'readonly'].map((name): [string, Assign] => [name, assignWords]),
]);

export const assignVariables = (runner: Runner, name: string, args: readonly string[], stdin?: string): void =>
  ASSIGNING.get(name)?.(runner, args, stdin);

/** `x` and `x[1]`; of a name that is not known, it may be any variable. */
function assignTo(runner: Runner, written: string, values: readonly string[]): void {
  const name = /^(\w+)(?:\[.*)?$/s.exec(written)?.[1];
  if (name !== undefined) runner.assign(name, values);
  else if (!isKnown(written)) runner.facts.opaque();
}

function assignUnknown(runner: Runner, names: readonly string[]): void {
  for (const name of names) assignTo(runner, name, [unknown(`$${stripMarks(name)}`)]);
}

/** What has no value yet may have one from outside. */
function emptied(runner: Runner, names: readonly string[]): void {
  for (const name of names)
    if (!isKnown(name) || runner.scope.find(name.replace(/\[.*$/s, ''))) assignTo(runner, name, ['']);
}

function setArguments(runner: Runner, args: readonly string[]): void {
  for (const [at, arg] of args.entries()) {
    if (/^[-+]\w*o$/.test(args[at - 1] ?? '')) continue;
    if (arg === '--') return runner.scope.setArguments(args.slice(at + 1));
    if (!/^[-+]./.test(arg)) {
      const given = args.slice(arg === '-' ? at + 1 : at);
      return given.length > 0 ? runner.scope.setArguments(given) : undefined;
    }
    if (!isKnown(arg)) return runner.scope.setArguments(undefined);
  }
}

/** Several lines: one after the other, in a loop. Several names: a word each, and the rest for the last. */
function readInput(runner: Runner, args: readonly string[], stdin: string | undefined): void {
  const list = args.flatMap((arg) => /^-\w*a(\w+)$/.exec(arg)?.[1] ?? []);
  const written = args.filter((arg) => !arg.startsWith('-') && (/^\w+(?:\[.*\])?$/s.test(arg) || !isKnown(arg)));
  const names = [...list, ...written];
  if (names.length === 0) names.push('REPLY');
  if (stdin === undefined || !isKnown(stdin))
    return names.forEach((name) => assignTo(runner, name, [`${stdin ?? unknown('input')}*`]));
  const isCut = args.some((arg) => /^-\w*[dnN]/.test(arg));
  const lines = stdin
    .trim()
    .split('\n')
    .map((line) => line.trim());
  names.forEach((name, at) => {
    const values = lines.flatMap((line) => partOf(runner, line, at, at === names.length - 1));
    assignTo(runner, name, isCut ? [...values, unknown('input')] : values);
  });
}

/** Backslashes fall away without `-r`. */
function partOf({ scope }: Runner, line: string, at: number, isLast: boolean): string[] {
  const isBlank = (char: string) => char === ' ' || char === '\t' || scope.separators.includes(char);
  const parts = [...line]
    .map((char) => (isBlank(char) ? ' ' : char))
    .join('')
    .split(/ +/);
  const value = isLast ? (at === 0 ? line : parts.slice(at).join(' ')) : (parts[at] ?? '');
  return [...new Set([value, value.replaceAll('\\', '')])];
}

function readLines(runner: Runner, args: readonly string[], stdin: string | undefined): void {
  const last = args.at(-1);
  const name = last === undefined || last.startsWith('-') ? 'MAPFILE' : last;
  const isWhole = args.every((arg) => arg === '-t' || arg === last) && stdin !== undefined && isKnown(stdin);
  const list = isWhole ? stdin.trim().split('\n').join(' ') : unknown(`$${stripMarks(name)}`);
  assignTo(runner, name, [list]);
  if (isWhole) runner.assign(`${name}[0]`, [firstItem(list)]);
}

function printInto(runner: Runner, args: readonly string[], stdin: string | undefined): void {
  const attached = /^-v(.+)$/s.exec(args[0] ?? '')?.[1];
  const [name = '', ...rest] = attached === undefined ? args.slice(1) : [attached, ...args.slice(1)];
  if (attached !== undefined || args[0] === '-v')
    assignTo(runner, name, [outputOf(runner, 'printf', rest, stdin, false)]);
}

function declare(runner: Runner, args: readonly string[]): void {
  const options = args.filter((arg) => arg.startsWith('-'));
  if (options.some((option) => /^-\w*[fFp]/.test(option))) return;
  // Another name for a variable: what is assigned to the one is in the other.
  if (options.some((option) => /^-\w*n/.test(option))) runner.facts.opaque();
  assignWords(runner, args);
  emptied(
    runner,
    args.filter((arg) => /^\w+$/.test(arg)),
  );
}

/** `export "x=y"`: what is quoted, as well. */
function assignWords(runner: Runner, args: readonly string[]): void {
  for (const arg of args) {
    const [, name = '', isAdded, value = ''] = /^([^=]*?)(\+)?=(.*)$/s.exec(arg) ?? [];
    if (name === '') continue;
    const before = isAdded === undefined ? [''] : (runner.scope.find(name) ?? ['']);
    assignTo(
      runner,
      name,
      before.map((first) => first + value),
    );
  }
}
