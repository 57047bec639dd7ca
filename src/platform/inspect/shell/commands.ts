import { assignVariables } from './assignments.ts';
import { effectsOf } from './rules.ts';
import { feed, inlineProgram, interpreterOf, type Interpreter, type Program } from './interpreters.ts';
import { DECODED, FETCHED, isKnown, marksOf, stripMarks, UNKNOWN, unknown, withoutOrigin } from './marks.ts';
import { copyFiles, outputOf } from './outputs.ts';
import { noteRead, noteTarget, noteUrls } from './places.ts';
import type { Runner } from './runner.ts';
import { hidesAction } from './unseen-options.ts';
import { isGlob } from './words.ts';
import { commandsOfFind, defineAliases, innerCommand, isBareWrapper, withInput } from './wrappers.ts';

const INVISIBLE = /\p{Cf}|\p{Mn}/gu;
const LOOK_ALIKES = new Map([...'асеорхуіјѕԁһӏաոսɡ'].map((char, index) => [char, 'aceopxyijsdhlwnug'.charAt(index)]));

/** Notes what a command does and answers what it prints. */
export function runCommand(runner: Runner, words: readonly string[], stdin: string | undefined): string {
  const [first, ...args] = words;
  if (first === undefined) return '';
  const name = commandName(runner, first);
  if (name === undefined) return hidden(runner, first, args);
  if (marksOf(first).includes(FETCHED)) runner.facts.mark('pipeToInterpreter');
  const called = runner.call(stripMarks(first), args, stdin);
  if (called !== undefined) return called;
  const alias = runner.aliases.get(name);
  if (alias !== undefined) {
    runner.aliases.delete(name);
    const printed = runner.script([alias, ...args.map(quoted)].join(' '), stdin);
    runner.aliases.set(name, alias);
    return printed;
  }
  return execute(runner, name, first, args, stdin);
}

const quoted = (text: string): string => (isKnown(text) ? `'${stripMarks(text).replaceAll("'", "'\\''")}'` : text);

/** The name without its path, as the rules know it; undefined where it cannot be known. */
function commandName(runner: Runner, word: string): string | undefined {
  const visible = word.slice(word.lastIndexOf(UNKNOWN) + 1);
  if (marksOf(word).includes(DECODED)) runner.facts.mark('obfuscated');
  const path = stripMarks(visible).normalize('NFKC').replaceAll(INVISIBLE, '');
  if (!isKnown(word) && !path.includes('/')) return undefined;
  const base = [...path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).toLowerCase()];
  const plain = base.map((char) => LOOK_ALIKES.get(char) ?? char).join('');
  const name = plain.replace(/\.(?:exe|com|bat|cmd)$/, '');
  // A name with blanks is a line, which a shell reads.
  if ((name === '' && !/\s/.test(path)) || isGlob(plain)) return undefined;
  if (!stripMarks(visible).toLowerCase().endsWith(plain)) runner.facts.mark('obfuscated');
  return name;
}

function hidden(runner: Runner, first: string, args: readonly string[]): string {
  runner.facts.opaque();
  runner.facts.mark('obfuscated');
  if (marksOf(first).includes(FETCHED)) runner.facts.mark('pipeToInterpreter');
  for (const arg of args) noteRead(runner.facts, '', arg);
  return unknown(first);
}

const PLAIN_SHELLS = new Set('sh bash zsh dash ksh ash eval'.split(' '));

function execute(
  runner: Runner,
  name: string,
  first: string,
  args: readonly string[],
  stdin: string | undefined,
): string {
  const { facts } = runner;
  const effects = effectsOf(name, args.map(withoutOrigin));
  facts.mark(...effects.flags);
  if (hidesAction(name, args)) facts.opaque();
  noteArguments(runner, name, args);
  if (name === 'alias') defineAliases(runner, args);
  assignVariables(runner, name, args, stdin);
  copyFiles(runner, name, args);
  for (const inner of name === 'find' ? commandsOfFind(args) : []) runner.run(inner, undefined);
  const inner = innerCommand(name, args);
  const interpreter = interpreterOf(name, first, runner);
  const program = interpreter && { kind: interpreter, ...inlineProgram(name, interpreter, first, args) };
  const inline = program?.inline ?? UNKNOWN;
  const isUndone = inner?.length ? isBareWrapper(name) : PLAIN_SHELLS.has(name) && isKnown(inline);
  if (!isUndone) facts.name('commands', name);
  if (inner?.length) return wrapped(runner, name, args, inner, stdin);
  if (name === 'env') facts.mark('environmentDump');
  if (!program) return outputOf(runner, name, args, stdin, effects.fetches);
  const work = () => interpret(runner, name, program, stdin);
  const printed = keepsArguments(name, args) ? work() : runner.scope.withArguments([], work);
  return effects.fetches ? FETCHED + unknown(name) : printed;
}

function wrapped(
  runner: Runner,
  name: string,
  args: readonly string[],
  inner: readonly string[],
  stdin: string | undefined,
): string {
  if (name === 'command' && /^-[pvV]*[vV]/.test(args.join())) return inner.join(' ');
  if (name !== 'xargs' && name !== 'parallel') return runner.run(inner, stdin);
  const words = withInput(args, inner, stdin);
  const [command] = words;
  if (stdin && command && marksOf(stdin) !== '' && interpreterOf(command, command, runner))
    feed(runner, 'shell', stdin);
  return runner.run(words, undefined);
}

/** Other programs have arguments of their own. */
const keepsArguments = (name: string, args: readonly string[]): boolean =>
  /^(?:eval|trap|iex|invoke-expression)$/.test(name) || (/^(?:\.|source)$/.test(name) && args.length === 1);

function interpret(
  runner: Runner,
  name: string,
  { kind, inline, file }: Program & { readonly kind: Interpreter },
  stdin: string | undefined,
): string {
  if (kind === 'sql' && stdin !== undefined) feed(runner, kind, stdin);
  if (inline !== undefined) return feed(runner, kind, inline, stdin);
  if (file === undefined || /^(?:-|\/dev\/(?:stdin|fd\/0))$/.test(file))
    return stdin === undefined ? '' : feed(runner, kind, stdin);
  const content = runner.files.get(stripMarks(file)) ?? runner.files.get(stripMarks(file).replace(/^\.\//, ''));
  noteRead(runner.facts, name, file);
  return content === undefined ? unknown(file) : feed(runner, kind, content, stdin);
}

const CONNECTS =
  /^(?:curl|wget|nc|ncat|netcat|ssh|scp|sftp|rsync|ftp|tftp|telnet|dig|nslookup|host|ping|nmap|http|https|xh|iwr|irm|ssh-copy-id|socat|mosh|aria2c|fetch|invoke-.*)$/;
const KEY_OPTION = /^(?:-i|--identity.*)$/;
const LAST_IS_TARGET = /^(?:cp|mv|install|ln)$/;

/** Paths and hosts among the arguments. */
function noteArguments({ facts }: Runner, name: string, args: readonly string[]): void {
  args.forEach((arg, index) => {
    const value = arg.replace(/^(?:--?[\w-]+=|@|-[A-Za-z](?=[/~.]))/, '');
    noteUrls(facts, arg);
    if (CONNECTS.test(name) && !arg.startsWith('-')) noteTarget(facts, arg.replace(/^(?:tcp|udp|openssl)[\w-]*:/i, ''));
    if (KEY_OPTION.test(String(args[index - 1])) && /^(?:ssh|scp|sftp|rsync)/.test(name)) return;
    if (LAST_IS_TARGET.test(name) && index === args.length - 1 && index > 0) return noteRead(facts, 'touch', value);
    noteRead(facts, name, value);
  });
}
