import { CALLS, PRINTERS } from './code-table.ts';
import { tokensOf, type Token } from './code-tokens.ts';
import { added, chainAt, UNCLEAR, Values, type Names, type Value } from './code-values.ts';
import { FLAGS, type Flag } from './facts.ts';
import { feed } from './interpreters.ts';
import { DECODED, FETCHED, isKnown, marksOf, stripMarks } from './marks.ts';
import { PlainNames } from './plain-names.ts';
import { noteRead, noteUrls, noteWritten } from './places.ts';
import type { ReadProgram, Runner } from './runner.ts';
import type { CodeLanguage } from '../model.ts';

type Effect = Flag | 'command' | 'code';

const exact = new Map<string, Effect>();
const beginnings: (readonly [string, Effect])[] = [];
for (const line of CALLS.trim().split('\n')) {
  const [effect = '', ...names] = line.split(' ');
  for (const name of names) {
    const known = [...FLAGS, 'command', 'code'].find((one) => one === effect) as Effect;
    if (name.endsWith('*')) beginnings.push([name.slice(0, -1), known]);
    else exact.set(name, known);
  }
}
const printers = new Set(PRINTERS.split(' '));

/** Reads the calls of a program; what it hands to a shell is read as a script. */
export const readProgram: ReadProgram = (runner, source, language) => {
  runner.nested(() => new ProgramReader(runner, tokensOf(source, language), language).read());
};

const MAX_ROUNDS = 4;
const MAX_TOKENS_OF_ROUNDS = 20_000;

class ProgramReader implements Names {
  readonly #aliases: Map<string, string>;
  readonly #values = new Map<string, Value>();
  readonly #environments = new Set([
    'os.environ',
    'process.env',
    'Deno.env',
    'ENV',
    '%ENV',
    '$_ENV',
    'Bun.env',
    'environ',
  ]);
  readonly #tokens: readonly Token[];
  readonly #choices = new Map<string, Value[]>();
  #isFixed = false;
  readonly #startsProcesses: boolean;
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
    this.#reader = new Values(this.#tokens, this);
  }

  /** Once as it is written, then with every other value that a name is given in it: which one holds cannot be seen. */
  read(): void {
    this.#round();
    const rounds = Math.max(1, ...[...this.#choices.values()].map((values) => values.length));
    const isLong = this.#tokens.length > MAX_TOKENS_OF_ROUNDS;
    if (rounds > MAX_ROUNDS || (rounds > 1 && isLong)) this.runner.facts.opaque();
    for (let round = 0; rounds > 1 && round < Math.min(rounds, MAX_ROUNDS) && !isLong; round += 1) {
      for (const [name, values] of this.#choices) this.#values.set(name, values[round % values.length] ?? UNCLEAR);
      this.#isFixed = true;
      this.#round();
    }
    if (this.#reader.isExhausted) this.runner.facts.opaque();
    // What was fetched may be what is run.
    if (this.#runsUnseen && this.#fetches) this.runner.facts.mark('pipeToInterpreter');
  }

  #round(): void {
    const calls: (string | undefined)[] = [];
    this.#tokens.forEach((token, at) => {
      if (token.kind === 'text') this.#text(token.text);
      else if (token.kind === 'name') this.#nameAt(at, calls);
      else if (token.text === '(') calls.push(this.#calledAt(at));
      else if (token.text === ')') calls.pop();
    });
  }

  valueOf(name: string): Value | undefined {
    return this.#values.get(name);
  }

  resolve(chain: string): string {
    const [root = '', ...rest] = chain.split('.');
    const full = [
      this.#aliases.get(chain) ?? this.#aliases.get(root) ?? root,
      ...(this.#aliases.has(chain) ? [] : rest),
    ];
    return full
      .join('.')
      .replace(/^(?:window|self|globalThis|global|builtins|__builtins__)\./, '')
      .replace(/^(?:node:|os\/)/, '');
  }

  isFetching(chain: string): boolean {
    return this.#effect(chain) === 'network';
  }

  #effect(chain: string): Effect | undefined {
    const last = chain.split('.').at(-1) ?? '';
    if (last === 'exec' && this.language !== 'python' && (chain === last || this.#startsProcesses)) return 'command';
    const effect = exact.get(chain) ?? beginnings.find(([name]) => chain.startsWith(name))?.[1];
    // `pattern.exec(text)` and `model.compile()` are something else.
    if (
      effect !== undefined ||
      (chain.includes('.') && /^(?:exec|eval|compile|setTimeout|setInterval|fetch|got)$/.test(last))
    )
      return effect;
    return exact.get(last);
  }

  #text(text: string): void {
    noteUrls(this.runner.facts, text);
    if (!/\s/.test(text) && text.length < 500) noteRead(this.runner.facts, '', text);
  }

  #calledAt(open: number): string | undefined {
    const before = this.#tokens[open - 1];
    return before?.kind === 'name' ? before.text : undefined;
  }

  #nameAt(at: number, calls: readonly (string | undefined)[]): void {
    const isMethod = /^(?:\.|::|\?\.)$/.test(this.#tokens[at - 1]?.text ?? '') && this.#tokens[at - 1]?.kind === 'sign';
    if (isMethod && this.#tokens[at - 2]?.kind === 'name') return;
    const { chain, next } = chainAt(this.#tokens, at);
    const full = this.resolve(isMethod ? `().${chain}` : chain);
    const isBare = this.language === 'unknown' && /^(?:text|name)$/.test(this.#tokens[next]?.kind ?? '');
    if (this.#sign(next) === '(') this.#call(full, next);
    else if (isBare) this.#call(full, next - 1);
    else this.#reference(full, next, calls);
    this.#environment(full, at, next, calls);
    if (!isMethod) this.#assignment(chain, next);
    this.#loop(at);
  }

  /** A function that runs commands, handed on without being called. */
  #reference(chain: string, next: number, calls: readonly (string | undefined)[]): void {
    const effect = this.#effect(chain);
    if (calls.length === 0 || this.#choices.has(chain) || /^[=:{[]$/.test(this.#sign(next))) return;
    if (effect === 'code') this.#code(DECODED);
    if (effect === 'command') this.runner.facts.opaque();
  }

  #assignment(name: string, next: number): void {
    // `x: string = …`
    const at = this.#sign(next) === ':' && this.#sign(next + 2) === '=' ? next + 2 : next;
    const operator = this.#sign(at);
    if (!/^(?:=|:=|\+=)$/.test(operator)) return;
    const start = at + 1;
    const source = chainAt(this.#tokens, start);
    const resolved = this.resolve(source.chain);
    if (this.#tokens[start]?.kind === 'name' && !/[([+.]/.test(this.#sign(source.next))) {
      if (this.#environments.has(resolved)) this.#environments.add(name);
      if (!this.#values.has(source.chain)) this.#aliases.set(name, resolved);
    }
    const value = this.#reader.arguments(start - 1).args[0] ?? UNCLEAR;
    const before = operator === '+=' ? this.#values.get(name) : undefined;
    this.#assign(name, before ? added(before, value) : value);
    // `a, b = …`
    for (let left = next - 2; this.#sign(left) === ','; left -= 2) {
      this.#assign(name, UNCLEAR);
      this.#assign(this.#tokens[left - 1]?.text ?? '', UNCLEAR);
    }
  }

  #assign(name: string, value: Value): void {
    if (this.#isFixed) return;
    const values = this.#choices.get(name) ?? [];
    const isNew = !values.some((one) => one.items.join('\0') === value.items.join('\0'));
    if (isNew && values.length <= MAX_ROUNDS) this.#choices.set(name, [...values, value]);
    this.#values.set(name, value);
  }

  /** `for command in ['ls', 'rm']` */
  #loop(at: number): void {
    const isLoop = /^(?:in|of)$/.test(this.#tokens[at]?.text ?? '') && this.#tokens[at - 1]?.kind === 'name';
    if (!isLoop || !/^(?:for|const|let|var|\()$/.test(this.#tokens[at - 2]?.text ?? '')) return;
    const items = this.#reader.arguments(at).args[0]?.items ?? [];
    for (const item of items) this.#assign(this.#tokens[at - 1]?.text ?? '', { items: [item], isList: false });
  }

  #call(chain: string, open: number): void {
    const { facts } = this.runner;
    const effect = this.#effect(chain);
    const { args } = this.#reader.arguments(open);
    const first = args[0]?.items[0] ?? '';
    if (chain === 'open' || chain.endsWith('.open') || chain === 'fopen') this.#open(args);
    if (effect === undefined) return;
    if (effect === 'command') this.#command(args);
    else if (effect === 'code') this.#code(args[0]?.items.join('') ?? '');
    else facts.mark(effect);
    if (effect === 'deletes' && this.#names(open, 'recursive')) facts.mark('destructive');
    if (effect === 'writes') noteWritten(facts, stripMarks(first), false);
    if (effect === 'network') this.#fetches = true;
  }

  #names(open: number, word: string): boolean {
    return this.#tokens.slice(open, open + 20).some(({ text }) => text === word);
  }

  #open(args: readonly Value[]): void {
    const mode =
      args
        .slice(1)
        .flatMap(({ items }) => [...items])
        .find((item) => /^[rwaxbt+]{1,3}$/.test(item)) ?? 'r';
    if (/[wax+]/.test(mode)) noteWritten(this.runner.facts, args[0]?.items[0] ?? '', mode.startsWith('w'));
  }

  #command(args: readonly Value[]): void {
    const { facts } = this.runner;
    const [first, ...others] = args;
    const words = [...(first?.items ?? []), ...others.flatMap(({ items }) => [...items])];
    const name = words[0] ?? '';
    if (marksOf(words.join('')).includes(DECODED)) facts.mark('obfuscated');
    if (marksOf(words.join('')).includes(FETCHED)) facts.mark('pipeToInterpreter');
    if (stripMarks(name) === '' || /^\0[^\0]*\0/.test(name)) facts.opaque();
    if (words.length === 1 || /\s/.test(stripMarks(name))) feed(this.runner, 'shell', words.join(' '));
    else this.runner.run(words, undefined);
  }

  #code(source: string): void {
    const { facts } = this.runner;
    if (!isKnown(source) || source === DECODED) {
      facts.opaque();
      this.#runsUnseen = true;
    }
    if (marksOf(source) !== '') facts.mark('obfuscated');
    if (marksOf(source) !== '' && source !== DECODED) facts.mark('pipeToInterpreter');
    if (source !== DECODED) readProgram(this.runner, stripMarks(source), this.language);
  }

  /** All of the environment, where it is printed, sent or gone through. */
  #environment(chain: string, at: number, next: number, calls: readonly (string | undefined)[]): void {
    if (chain === 'os.Environ') return this.runner.facts.mark('environmentDump');
    const isWhole = this.#environments.has(chain.replace(/\.(?:items|copy|keys|values|toObject|entries)$/, ''));
    if (!isWhole || this.#sign(next) === '[' || this.#sign(next) === '{') return;
    const isLoop = this.#tokens
      .slice(Math.max(0, at - 10), at)
      .some(({ text }) => text === 'for' || text === 'foreach');
    if (isLoop || calls.slice(-20).some((one) => one !== undefined && printers.has(one)))
      this.runner.facts.mark('environmentDump');
    const assigned = this.#tokens.slice(Math.max(0, at - 6), at).findLastIndex(({ text }) => text === '=');
    const target = this.#tokens[Math.max(0, at - 6) + assigned - 1];
    if (assigned > 0 && target?.kind === 'name' && !calls.some((one) => one === 'run' || one === 'Popen'))
      this.#environments.add(target.text);
  }

  #sign(at: number): string {
    const token = this.#tokens[at];
    return token && token.kind !== 'text' ? token.text : '';
  }
}
