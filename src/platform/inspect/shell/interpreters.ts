import type { CodeLanguage } from '../model.ts';
import { fromBase64 } from './decode.ts';
import {
  DECODED,
  FETCHED,
  isKnown,
  marksOf,
  stripMarks,
  toScript,
  UNKNOWN,
  unknown,
  withoutOrigin,
  withoutUnknown,
} from './marks.ts';
import type { Runner } from './runner.ts';
import { mayBeAnything } from './unseen-options.ts';

export type Interpreter = 'shell' | 'sql' | Extract<CodeLanguage, 'python' | 'javascript' | 'unknown'>;

const WORDS: readonly (readonly [Interpreter, string])[] = [
  [
    'shell',
    'sh bash zsh dash ksh ksh93 mksh ash fish csh tcsh rbash pwsh powershell cmd eval source . su at batch crontab ssh iex invoke-expression script trap screen tmux expect nix-shell',
  ],
  ['python', 'python pypy ipython'],
  ['javascript', 'node nodejs deno bun tsx ts-node osascript qjs'],
  [
    'unknown',
    'perl ruby php lua luajit tclsh rscript awk gawk mawk nawk groovy julia elixir guile racket vim vi ex ed sed gdb',
  ],
  [
    'sql',
    'psql mysql mariadb sqlite3 sqlite sqlcmd cqlsh clickhouse-client duckdb mongo mongosh redis-cli bq usql snowsql impala-shell hive beeline influx pgcli mycli',
  ],
];
const KINDS = new Map(WORDS.flatMap(([kind, names]) => names.split(' ').map((name) => [name, kind] as const)));
const VERSION = /^([a-z-]+?)[\d.]+$/;

/** What a command interprets; files that the script has written or fetched are programs too. */
export function interpreterOf(name: string, written: string, runner: Runner): Interpreter | undefined {
  const kind = KINDS.get(name) ?? KINDS.get(VERSION.exec(name)?.[1] ?? '');
  if (kind) return kind;
  return runner.files.has(stripMarks(written)) || runner.files.has(stripMarks(written).replace(/^\.\//, ''))
    ? 'shell'
    : undefined;
}

export const isInterpreter = (path: string): boolean => KINDS.has(path.slice(path.lastIndexOf('/') + 1));

const ALL_ARGUMENTS = new Set('eval iex invoke-expression'.split(' '));
const FIRST_ARGUMENT = new Set('trap awk gawk mawk nawk sed'.split(' '));
const INPUT_ONLY = new Set(['at', 'batch']);
const ARGUMENTS_AFTER_HOST = new Set(['ssh']);
const SSH_VALUES = 'bcDEeFIiJLlmOopQRSWw';
const POWERSHELLS = new Set(['pwsh', 'powershell']);
const CODE_OPTION: Record<Interpreter, RegExp> = {
  shell: /^(?:-[a-z]*c|--?command|--?run|(?:\/\w)*\/[ckr])$/i,
  python: /^-[A-Za-z]*c$/,
  javascript: /^(?:-[a-z]*[ep]|--eval|--print|eval)$/,
  unknown: /^(?:-[a-z0-9]*[eEr]|--execute|--eval|-c|-ex)$/,
  sql: /^(?:-[a-z]*[ceqQ]|--command|--execute|--eval|--query|-cmd)$/,
};

/** PowerShell takes the beginnings of its options, and knows `-ec`; of other shells `-e` is another one. */
function isEncoded(name: string, arg: string): boolean {
  const option = arg.toLowerCase();
  if (!'-encodedcommand'.startsWith(option)) return option === '-ec' && POWERSHELLS.has(name);
  return option.length > 2 || (option === '-e' && POWERSHELLS.has(name));
}

/** Options whose value is no program. */
const VALUE_OPTION: Partial<Record<Interpreter, RegExp>> = {
  shell: /^(?:[-+][a-z]{0,4}[oO]|--rcfile|--init-file)$/,
  python: /^-[A-Za-z]*[WX]$/,
  javascript: /^(?:-r|-C|--require|--import|--loader|--conditions|--env-file)$/,
  unknown: /^-[rI]$/,
};
const POWERSHELL_VALUE = /^-(?:ex|ep|w|v|in|conf)[a-z]*$/i;
/** A program in the same word as its option. */
const ATTACHED: Partial<Record<Interpreter, RegExp>> = {
  python: /^-[bBdEiIOPqRsSuvx]*c(.*\W.*)$/s,
  unknown: /^-(?!r)[a-z0-9]*?[eE](.*\W.*)$|^-r(.*\(.*)$/s,
  sql: /^-[ceqQ](.*\s.*)$/s,
};
const ATTACHES = new Set(['su', 'script', 'fish']);
const TAKES_REST = new Set(['cmd', ...POWERSHELLS]);
const RUNNERS = new Set(['deno', 'bun']);
const TMUX_RUNS = /^(?:new|neww|split|respawn|run|if|send|pipe|display-?p|popup|bind|set-?h|confirm)/;

function attached(name: string, kind: Interpreter, arg: string): string | undefined {
  const match = (ATTACHES.has(name) ? /^-c(.+)$/s : ATTACHED[kind])?.exec(arg);
  return match?.[1] ?? match?.[2];
}

const takesCode = (name: string, kind: Interpreter, arg: string): boolean =>
  (CODE_OPTION[kind].test(arg) && !(name === 'ruby' && arg === '-r')) ||
  (kind === 'shell' && (isEncoded(name, arg) || (arg.length > 2 && '-command'.startsWith(arg.toLowerCase()))));

export interface Program {
  readonly inline: string | undefined;
  readonly file: string | undefined;
}

/** The program among the arguments: as text, or the file that holds it. */
export function inlineProgram(name: string, kind: Interpreter, written: string, args: readonly string[]): Program {
  if (hidesProgram(name, kind, args)) return { inline: marksOf(args.join('')) + unknown('arguments'), file: undefined };
  if (ALL_ARGUMENTS.has(name)) return { inline: args.join(' '), file: undefined };
  if (ARGUMENTS_AFTER_HOST.has(name)) return { inline: afterHost(args), file: undefined };
  const file = READS_FILE.has(name)
    ? args[args.findIndex((arg) => FILE_OPTION.test(arg)) + 1 || args.length]
    : undefined;
  if (file !== undefined) return { inline: undefined, file };
  if (INPUT_ONLY.has(name)) return { inline: undefined, file: undefined };
  if (name === 'screen' || name === 'tmux') return { inline: anyCommand(name, args), file: undefined };
  const texts = args.flatMap((_, index) => textOf(name, kind, args, index));
  if (texts.length > 0) return { inline: texts.join('\n'), file: undefined };
  const first = args.findIndex((arg, index) => isOperand(name, kind, arg, args[index - 1]));
  const options = first === -1 ? args : args.slice(0, first);
  const words = args.slice(options.length).filter((arg) => !arg.startsWith('-') || arg === '-');
  if (FIRST_ARGUMENT.has(name)) return { inline: words[0], file: undefined };
  if (kind === 'sql') return { inline: words.length > 0 ? words.join(' ') : undefined, file: undefined };
  if (name === 'powershell' && first !== -1) return { inline: args.slice(first).join(' '), file: undefined };
  if (kind === 'shell' && options.some((arg) => /^-[a-z]*s$/.test(arg))) return { inline: undefined, file: undefined };
  // `su - bob`, `bash - file` and `deno run file`
  const isSkipped = RUNNERS.has(name) ? words[0] === 'run' : kind === 'shell' && words[0] === '-' && words.length > 1;
  const operands = isSkipped ? words.slice(1) : words;
  const isKnownName = KINDS.has(name) || VERSION.test(name);
  return { inline: undefined, file: isKnownName ? operands[name === 'su' ? 1 : 0] : written };
}

const READS_FILE = new Set(['at', 'batch', 'awk', 'gawk', 'mawk', 'nawk', 'sed', ...POWERSHELLS]);
const FILE_OPTION = /^(?:-f|--file|-[Ff]ile)$/;

function isOperand(name: string, kind: Interpreter, arg: string, before = ''): boolean {
  const takesValue = POWERSHELLS.has(name) ? POWERSHELL_VALUE : VALUE_OPTION[kind];
  return (arg === '-' || !(kind === 'shell' ? /^[-+]/ : /^-/).test(arg)) && takesValue?.test(before) !== true;
}

/** Where the command of a terminal begins depends on its options: it is read from every word on. */
function anyCommand(name: string, args: readonly string[]): string | undefined {
  const start = name === 'screen' ? -1 : args.findIndex((arg) => TMUX_RUNS.test(arg));
  if (name === 'tmux' && start === -1) return undefined;
  const starts = [...args.keys()].filter((at) => at > start && !args[at]?.startsWith('-'));
  return starts.length > 0 ? starts.map((at) => args.slice(at).join(' ')).join('\n') : undefined;
}

/** Whether the arguments up to the program may hold anything, another program as well. */
function hidesProgram(name: string, kind: Interpreter, args: readonly string[]): boolean {
  if (kind === 'sql' || ALL_ARGUMENTS.has(name) || FIRST_ARGUMENT.has(name) || INPUT_ONLY.has(name)) return false;
  if (ARGUMENTS_AFTER_HOST.has(name)) return afterHost(args) === undefined && args.some(mayBeAnything);
  // `execv` takes the name a second time.
  const own = args[0] === name ? args.slice(1) : args;
  const end = own.findIndex((arg) => takesProgram(name, kind, arg) || (!arg.startsWith('-') && !mayBeAnything(arg)));
  return own.slice(0, end === -1 ? own.length : end).some(mayBeAnything);
}

const takesProgram = (name: string, kind: Interpreter, arg: string): boolean =>
  takesCode(name, kind, arg) || attached(name, kind, arg) !== undefined;

function textOf(name: string, kind: Interpreter, args: readonly string[], index: number): string[] {
  const arg = args[index] ?? '';
  const [, option = '', value] = /^(--?[\w-]+)=(.*)$/s.exec(arg) ?? [];
  if (value !== undefined && takesCode(name, kind, option)) return [value];
  if (!takesCode(name, kind, arg)) return [attached(name, kind, arg) ?? []].flat();
  const rest = args.slice(index + 1);
  if (isEncoded(name, arg)) return rest.slice(0, 1).map((text) => DECODED + fromBase64(stripMarks(text)));
  if (TAKES_REST.has(name)) return rest.length > 0 ? [rest.join(' ')] : [];
  // A shell takes its own options first.
  const at = kind === 'shell' ? rest.findIndex((text, place) => isOperand(name, kind, text, rest[place - 1])) : 0;
  return rest.slice(at, at + 1);
}

function afterHost(args: readonly string[]): string | undefined {
  const rest = args.slice(endOfOptions(args, endOfOptions(args, 0) + 1));
  return rest.length > 0 ? rest.join(' ') : undefined;
}

function endOfOptions(args: readonly string[], start: number): number {
  let at = start;
  for (let arg = args[at]; arg?.startsWith('-'); arg = args[at])
    at += arg.length === 2 && SSH_VALUES.includes(arg.charAt(1)) ? 2 : 1;
  return at;
}

const DESTRUCTIVE_SQL = /\b(?:drop|truncate|delete|flushall|flushdb|dropdatabase|deletemany|remove)\b/i;
const SYSTEM_CALL =
  /\b(?:system|exec|qx|popen|spawn|passthru|shell_exec|os\.execute|unlink|rmtree|remove_tree|rm_rf|kill)\b|\||`/;

/** Hands a text to an interpreter, with what is piped to it. */
export function feed(runner: Runner, kind: Interpreter, text: string, stdin?: string): string {
  const { facts } = runner;
  const marks = marksOf(text);
  if (marks.includes(DECODED) && kind !== 'sql') facts.mark('obfuscated', 'pipeToInterpreter');
  if (marks.includes(FETCHED)) facts.mark('pipeToInterpreter');
  // What stands in a hole of the text is read as part of it.
  if (!isKnown(text) && kind !== 'sql') facts.opaque();
  if (withoutUnknown(withoutOrigin(text)).trim() === '' && text !== '' && kind !== 'sql') {
    facts.opaque();
    if (!marks.includes(FETCHED)) facts.mark('obfuscated');
    return marks + unknown('output');
  }
  if (kind === 'shell') return runner.script(text, stdin);
  if (kind === 'sql') {
    facts.mark('writes');
    if (DESTRUCTIVE_SQL.test(text)) facts.mark('destructive');
    return unknown('rows');
  }
  if (kind !== 'unknown' || SYSTEM_CALL.test(text)) runner.readProgram(runner, toScript(text), kind);
  return changedMarks(marks, stdin) + unknown('output');
}

/** A known text that a program works on may become anything. */
const changedMarks = (marks: string, stdin = UNKNOWN): string =>
  marks + marksOf(stdin) + (isKnown(stdin) ? DECODED : '');
