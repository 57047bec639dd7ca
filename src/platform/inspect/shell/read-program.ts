import { CALLS, PRINTERS } from './code-table.ts';
import { tokensOf, type Token } from './code-tokens.ts';
import { added, chainAt, UNCLEAR, Values, type Names, type Value } from './code-values.ts';
import type { Flag } from './facts.ts';
import { feed, isInterpreter } from './interpreters.ts';
import { DECODED, FETCHED, isKnown, marksOf, stripMarks, unknown } from './marks.ts';
import { PlainNames } from './plain-names.ts';
import { noteRead, noteUrls, noteWritten } from './places.ts';
import type { ReadProgram, Runner } from './runner.ts';
import type { CodeLanguage } from '../model.ts';

type Effect = Flag | 'command' | 'code';

const exact = new Map<string, Effect>();
const beginnings: (readonly [string, Effect])[] = [];
for (const line of CALLS.split('\n')) {
  const [effect, ...names] = line.split(' ') as [Effect, ...string[]];
  for (const name of names) {
    if (name.endsWith('*')) beginnings.push([name.slice(0, -1), effect]);
    else exact.set(name, effect);
  }
}
const printers = new Set(PRINTERS.split(' '));
/** `pattern.exec(text)` and `model.compile()` are something else. */
const OTHERWISE_AS_METHODS = new Set('exec eval compile setTimeout setInterval fetch got'.split(' '));
const ENVIRONMENTS = 'os.environ process.env Deno.env ENV %ENV $_ENV Bun.env environ'.split(' ');
const ASSIGNS = new Set(['=', ':=', '+=']);
const GOES_THROUGH = new Set(['in', 'of']);
const BEFORE_LOOP_NAME = new Set(['for', 'const', 'let', 'var', '(']);

/** Reads the calls of a program; what it hands to a shell is read as a script. */
export const readProgram: ReadProgram = (runner, source, language) => {
  runner.nested(() => new ProgramReader(runner, tokensOf(source, language), language).read());
};

const MAX_ROUNDS = 4;
const MAX_TOKENS_OF_ROUNDS = 20_000;

/** What a bracket that is open belongs to, with all around it. */
interface Call {
  readonly prints: boolean;
  readonly starts: boolean;
}

class ProgramReader implements Names {
  readonly #aliases: Map<string, string>;
  readonly #values = new Map<string, Value>();
  readonly #environments = new Set(ENVIRONMENTS);
  readonly #tokens: readonly Token[];
  readonly #choices = new Map<string, Map<string, Value>>();
  #mostChoices = 1;
  #isFixed = false;
  readonly #startsProcesses: boolean;
  readonly #startsByFileName: boolean;
  #runsUnseen = false;
  #fetches = false;
  readonly #reader: Values;

  constructor(
    private readonly runner: Runner,
    tokens: readonly Token[],
    private readonly language: CodeLanguage,
  ) {
    const names = new PlainNames(runner.facts, language, exact);
    this.#tokens = names.plain(tokens);
    this.#aliases = names.aliases;
    this.#startsProcesses = this.#tokens.some(({ text }) => text === 'child_process');
    this.#startsByFileName = this.#tokens.some(({ text }) => text === 'ProcessStartInfo');
    this.#reader = new Values(this.#tokens, this);
  }

  /** Once as it is written, then with every other value that a name is given in it: which one holds cannot be seen. */
  read(): void {
    this.#round();
    this.#isFixed = true;
    const shown = this.#tokens.length > MAX_TOKENS_OF_ROUNDS ? 1 : MAX_ROUNDS;
    if (this.#mostChoices > shown) this.runner.facts.opaque();
    const rounds = Math.min(this.#mostChoices, shown);
    for (let round = 0; rounds > 1 && round < rounds; round += 1) {
      for (const [name, choices] of this.#choices) {
        const values = [...choices.values()];
        this.#values.set(name, values[round % values.length] ?? UNCLEAR);
      }
      this.#round();
    }
    if (this.#reader.isExhausted) this.runner.facts.opaque();
    // What was fetched may be what is run.
    if (this.#runsUnseen && this.#fetches) this.runner.facts.mark('pipeToInterpreter');
  }

  #round(): void {
    const calls: Call[] = [];
    this.#tokens.forEach((token, at) => {
      if (token.kind === 'text') this.#text(token.text);
      else if (token.kind === 'name') this.#nameAt(at, calls);
      else if (token.text === '(') calls.push(this.#calledAt(at, calls.at(-1)));
      else if (token.text === ')') calls.pop();
    });
  }

  valueOf(name: string): Value | undefined {
    return this.#values.get(name);
  }

  resolve(chain: string): string {
    const root = chain.replace(/\..*/s, '');
    const full = this.#aliases.get(chain) ?? (this.#aliases.get(root) ?? root) + chain.slice(root.length);
    return full.replace(/^(?:window|self|globalThis|global|builtins|__builtins__)\./, '');
  }

  isFetching(chain: string): boolean {
    return this.#effect(chain) === 'network';
  }

  #effect(chain: string): Effect | undefined {
    const last = chain.slice(chain.lastIndexOf('.') + 1);
    if (last === 'exec' && this.language !== 'python' && (chain === last || this.#startsProcesses)) return 'command';
    const effect = exact.get(chain) ?? beginnings.find(([name]) => chain.startsWith(name))?.[1];
    return effect ?? (OTHERWISE_AS_METHODS.has(last) ? undefined : exact.get(last));
  }

  #text(text: string): void {
    noteUrls(this.runner.facts, text);
    if (!/\s/.test(text)) noteRead(this.runner.facts, '', text);
  }

  #calledAt(open: number, around: Call | undefined): Call {
    const name = this.#sign(open - 1);
    return {
      prints: around?.prints === true || printers.has(name),
      starts: around?.starts === true || name === 'run' || name === 'Popen',
    };
  }

  #nameAt(at: number, calls: readonly Call[]): void {
    const isMethod = this.#sign(at - 1) === '.' || this.#sign(at - 1) === '::';
    if (isMethod && this.#kind(at - 2) === 'name') return;
    const { chain, next } = chainAt(this.#tokens, at);
    const full = this.resolve(isMethod ? `().${chain}` : chain);
    const isBare = this.language === 'unknown' && (this.#kind(next) === 'text' || this.#kind(next) === 'name');
    if (this.#sign(next) === '(') this.#call(this.#named(full), next);
    else if (isBare) this.#call(full, next - 1);
    else this.#reference(full, next, calls.length > 0);
    this.#environment(full, at, next, calls.at(-1));
    if (!isMethod) this.#assignment(chain, next);
    this.#loop(at);
  }

  /** PHP calls `$name(…)` by the text in it. */
  #named(chain: string): string {
    return this.language === 'unknown' ? (this.#values.get(chain)?.items.join('') ?? chain) : chain;
  }

  /** A function that runs commands, handed on without being called. */
  #reference(chain: string, next: number, isInCall: boolean): void {
    const effect = this.#effect(chain);
    if (!isInCall || this.#choices.has(chain) || /^[=:{[]$/.test(this.#sign(next))) return;
    if (effect === 'code') this.#runsUnseen = true;
    if (effect === 'code') this.runner.facts.mark('obfuscated');
    if (effect === 'code' || effect === 'command') this.runner.facts.opaque();
  }

  #assignment(name: string, next: number): void {
    // `x: string = …`
    const at = this.#sign(next) === ':' ? next + 2 : next;
    const operator = this.#sign(at);
    if (!ASSIGNS.has(operator)) return;
    const start = at + 1;
    const source = chainAt(this.#tokens, start);
    if (this.#kind(start) === 'name' && !/[([+.]/.test(this.#sign(source.next)))
      this.#aliases.set(name, this.resolve(source.chain));
    const value = this.#reader.arguments(start - 1).args[0] ?? UNCLEAR;
    const before = operator === '+=' ? this.#values.get(name) : undefined;
    this.#assign(name, before ? added(before, value) : value);
    if (this.#startsByFileName && /(?:^|\.)FileName$/.test(name)) this.#startInfo(value);
    // `a, b = …`
    for (let left = next - 2; this.#sign(left) === ','; left -= 2) {
      this.#assign(name, UNCLEAR);
      this.#assign(this.#sign(left - 1), UNCLEAR);
    }
  }

  /** `FileName = "sh", Arguments = …` of .NET; also where they are set one by one. */
  #startInfo(file: Value): void {
    const at = this.#tokens.findIndex(({ text }, index) => text === 'Arguments' && this.#sign(index + 1) === '=');
    const args = at === -1 ? UNCLEAR : (this.#reader.arguments(at + 1).args[0] ?? UNCLEAR);
    const words = [...file.items, ...args.items];
    this.#command(words.every(isKnown) ? [{ items: [words.join(' ')], isList: false }] : [file, args], at, at);
  }

  #assign(name: string, value: Value): void {
    if (this.#isFixed) return;
    const choices = this.#choices.get(name) ?? new Map<string, Value>();
    if (choices.size <= MAX_ROUNDS) choices.set(value.items.join('\0'), value);
    this.#choices.set(name, choices);
    this.#mostChoices = Math.max(this.#mostChoices, choices.size);
    this.#values.set(name, value);
  }

  /** `for command in ['ls', 'rm']` */
  #loop(at: number): void {
    if (!GOES_THROUGH.has(this.#sign(at)) || !BEFORE_LOOP_NAME.has(this.#sign(at - 2))) return;
    for (const item of this.#reader.arguments(at).args[0]?.items ?? [])
      this.#assign(this.#sign(at - 1), { items: [item], isList: false });
  }

  #call(chain: string, open: number): void {
    const { facts } = this.runner;
    const effect = this.#effect(chain);
    const { args, next } = this.#reader.arguments(open);
    const first = args[0]?.items[0] ?? '';
    if (/(?:^|\.)f?open$/.test(chain)) this.#open(first, args.slice(1));
    if (effect === undefined) return;
    if (effect === 'command') this.#command(args, open, next);
    else if (effect === 'code') this.#code(args[0]?.items.join('') ?? '');
    else facts.mark(effect);
    if (effect === 'deletes' && this.#tokens.slice(open, next).some(({ text }) => text === 'recursive'))
      facts.mark('destructive');
    if (effect === 'writes') noteWritten(facts, first, false);
    if (effect === 'network') this.#fetches = true;
  }

  #open(path: string, others: readonly Value[]): void {
    const mode = others.flatMap(({ items }) => [...items]).find((item) => /^[rwaxbt+]{1,3}$/.test(item)) ?? '';
    if (/[wax+]/.test(mode)) noteWritten(this.runner.facts, path, mode.startsWith('w'));
  }

  #command(args: readonly Value[], open: number, next: number): void {
    const { facts } = this.runner;
    const input = this.#given('input', open, next) ?? this.#given('stdin', open, next);
    const usesShell = /^(?!(?:false|none)$)/i.test(
      stripMarks(this.#given('shell', open, next)?.items.join('') ?? 'false'),
    );
    // `{ input: … }` is seen by its names.
    const isOptions = args.length > 1 && args.at(-1) === UNCLEAR && this.#sign(next - 2) === '}';
    const words = (isOptions ? args.slice(0, -1) : args).flatMap(({ items }) => [...items]);
    const name = stripMarks(words[0] ?? '');
    const marks = marksOf(words.join());
    if (marks.includes(DECODED)) facts.mark('obfuscated');
    if (marks.includes(FETCHED)) facts.mark('pipeToInterpreter');
    const isText = words.length === 1 || /\s/.test(name);
    const text = usesShell ? words.join('') : isText ? (words[0] ?? '') : '';
    if (name === '' || !isKnown(text)) facts.opaque();
    // A shell that is given nothing reads what the program writes to it.
    const readsInput = isInterpreter(name) && words.slice(1).every((word) => /^-s?$/.test(word));
    const stdin = input?.items.join('') ?? (readsInput ? unknown('input') : undefined);
    // Options and what is called afterwards are no part of the line.
    const line = words.filter((word, index) => index === 0 || usesShell || isKnown(word));
    if (isText) feed(this.runner, 'shell', line.join(' '), stdin);
    else this.runner.run(words, stdin);
  }

  /** What a call is given by a name. */
  #given(name: string, open: number, next: number): Value | undefined {
    for (let at = open + 1; at < next; at += 1) {
      if (this.#sign(at) !== name || this.#sign(at - 1) === '.') continue;
      return /^[=:]$/.test(this.#sign(at + 1)) ? (this.#reader.arguments(at + 1).args[0] ?? UNCLEAR) : UNCLEAR;
    }
    return undefined;
  }

  #code(source: string): void {
    const { facts } = this.runner;
    if (!isKnown(source)) {
      facts.opaque();
      this.#runsUnseen = true;
    }
    if (marksOf(source) !== '') facts.mark('obfuscated', 'pipeToInterpreter');
    readProgram(this.runner, stripMarks(source), this.language);
  }

  /** All of the environment, where it is printed, sent or gone through. */
  #environment(chain: string, at: number, next: number, call: Call | undefined): void {
    if (chain === 'os.Environ') return this.runner.facts.mark('environmentDump');
    const isWhole = this.#environments.has(
      chain.replace(/\.(?:items|copy|keys|values|toObject|entries|to_h|inspect)/, ''),
    );
    if (!isWhole || this.#sign(next) === '[' || this.#sign(next) === '{') return;
    const isPrinted = call?.prints === true || printers.has(this.#sign(at - 1));
    if (isPrinted || this.#before(at, 10, /^for(?:each)?$/) >= 0) this.runner.facts.mark('environmentDump');
    const target = this.#before(at, 6, /^=$/) - 1;
    if (this.#kind(target) === 'name' && call?.starts !== true) this.#environments.add(this.#sign(target));
  }

  /** Where such a sign or name stands among the tokens just before; -1 where none does. */
  #before(at: number, count: number, pattern: RegExp): number {
    let index = at - 1;
    while (index >= at - count && !pattern.test(this.#sign(index))) index -= 1;
    return index >= at - count ? index : -1;
  }

  #kind(at: number): Token['kind'] | undefined {
    return this.#tokens[at]?.kind;
  }

  #sign(at: number): string {
    const token = this.#tokens[at];
    return token && token.kind !== 'text' ? token.text : '';
  }
}
