import type { CodeLanguage } from '../model.ts';
import type { Token } from './code-tokens.ts';
import type { Facts } from './facts.ts';
import { stripMarks } from './marks.ts';

const LOADS_MODULES = new Set(['require', '__import__', 'import', 'import_module']);
/** Here `import` is no call, also before a bracket. */
const DECLARES_IMPORTS = new Set(['python', 'go']);
const GLOBALS = new Set(
  'globalThis window global self os subprocess child_process builtins __builtins__ shutil sys process'.split(' '),
);
const MAX_CHAIN = 20;
const DOT: Token = { kind: 'sign', text: '.' };
const NOTHING: Token = { kind: 'sign', text: '' };

/** Undoes the ways to write a name otherwise. */
export class PlainNames {
  readonly aliases = new Map<string, string>();
  #importEnd = 0;

  constructor(
    private readonly facts: Facts,
    private readonly language: CodeLanguage,
    private readonly calls: ReadonlyMap<string, unknown>,
  ) {}

  /** `require('x')`, `getattr(x, 'y')` and `x['y']` become plain names; imports with a new name are noted. */
  plain(tokens: readonly Token[]): Token[] {
    const plain: Token[] = [];
    let at = 0;
    for (let token = tokens[at]; token; token = tokens[at]) {
      const after = this.#rewritten(tokens, at, plain);
      if (after === undefined) {
        plain.push(token);
        this.#import(tokens, at);
      }
      at = after ?? at + 1;
    }
    return plain;
  }

  /** The index after what was written in another way. */
  #rewritten(tokens: readonly Token[], at: number, plain: Token[]): number | undefined {
    const sign = signAt(tokens, at);
    if (sign === '[') return this.#item(tokens, at, plain);
    if (sign === ',') return this.#attribute(tokens, at, plain);
    const { kind, text } = tokenAt(tokens, at);
    const loads = LOADS_MODULES.has(text) && (text !== 'import' || !DECLARES_IMPORTS.has(this.language));
    if (kind !== 'name' || !loads || signAt(tokens, at + 1) !== '(') return undefined;
    const name = this.#literal(tokens, at + 2, ')');
    if (!name) return this.#hidden();
    plain.push({ kind: 'name', text: moduleName(name.text) });
    return name.next;
  }

  /** `x['y']` is `x.y`. */
  #item(tokens: readonly Token[], at: number, plain: Token[]): number | undefined {
    const owner = tokenAt(plain, plain.length - 1);
    if (owner.kind !== 'name') return undefined;
    const name = this.#literal(tokens, at + 1, ']');
    if (!name) return this.#isGlobal(owner) ? this.#hidden() : undefined;
    plain.push(DOT, { kind: 'name', text: name.text });
    return name.next;
  }

  /** `getattr(x.y, 'z')` is `x.y.z`. */
  #attribute(tokens: readonly Token[], at: number, plain: Token[]): number | undefined {
    const start = startOfChain(plain, plain.length - 1);
    if (tokenAt(plain, start - 2).text !== 'getattr' || signAt(plain, start - 1) !== '(') return undefined;
    const name = this.#literal(tokens, at + 1, ')');
    if (!name) return plain.slice(start).some((token) => this.#isGlobal(token)) ? this.#hidden() : undefined;
    plain.splice(start - 2, 2);
    plain.push(DOT, { kind: 'name', text: name.text });
    return name.next;
  }

  #isGlobal({ text }: Token): boolean {
    return GLOBALS.has(this.aliases.get(text) ?? text);
  }

  #hidden(): undefined {
    this.facts.opaque();
    this.facts.mark('obfuscated');
  }

  /** A text, also one in pieces such as `'sys' + 'tem'`, with the sign behind it, and the index after that. */
  #literal(tokens: readonly Token[], start: number, end: string): { text: string; next: number } | undefined {
    let text = '';
    for (let at = start; ; at += 2) {
      const { kind, text: piece } = tokenAt(tokens, at);
      if (kind !== 'text') return undefined;
      text += stripMarks(piece);
      const sign = signAt(tokens, at + 1);
      if (sign === '+') continue;
      if (sign !== end) return undefined;
      if (at > start) this.facts.mark('obfuscated');
      return { text, next: at + 2 };
    }
  }

  /** A name that was imported twice: which of the two holds where is not followed. */
  #alias(name: string, meaning: string): void {
    const before = this.aliases.get(name) ?? meaning;
    this.aliases.set(name, meaning);
    if (before !== meaning && [before, meaning].some((chain) => chain.split('.').some((part) => GLOBALS.has(part))))
      this.facts.opaque();
  }

  /** `from subprocess import run, call as c` */
  #fromImport(tokens: readonly Token[], at: number): void {
    const start = startOfChain(tokens, at - 1);
    if (tokenAt(tokens, start - 1).text !== 'from') return;
    const module = chainOf(tokens, start, at);
    if (signAt(tokens, at + 1) === '*' && GLOBALS.has(module)) this.facts.opaque();
    let next = at + 1;
    do {
      if (/[(,]/.test(signAt(tokens, next))) next += 1;
      const { kind, text } = tokenAt(tokens, next);
      if (kind !== 'name') break;
      const isRenamed = tokenAt(tokens, next + 1).text === 'as';
      this.#alias(isRenamed ? tokenAt(tokens, next + 2).text : text, `${module}.${text}`);
      next += isRenamed ? 3 : 1;
    } while (signAt(tokens, next) === ',');
    this.#importEnd = next;
  }

  #import(tokens: readonly Token[], at: number): void {
    const [before, token, after] = [tokenAt(tokens, at - 1), tokenAt(tokens, at), tokenAt(tokens, at + 1)];
    const isPython = this.language === 'python';
    if (token.kind === 'name' && after.kind === 'text') {
      if (this.language === 'go') this.aliases.set(token.text, moduleName(after.text));
      if (token.text === 'from') this.aliases.set(before.text, moduleName(after.text));
    } else if (token.kind === 'name' && token.text === 'import' && isPython) this.#fromImport(tokens, at);
    else if (before.kind === 'name' && token.kind !== 'text' && after.kind === 'name') {
      if (token.text === 'as' && at >= this.#importEnd)
        this.#alias(after.text, chainOf(tokens, startOfChain(tokens, at - 1), at));
      if (token.text === ':' && !isPython && this.calls.has(before.text)) this.aliases.set(after.text, before.text);
    }
  }
}

const tokenAt = (tokens: readonly Token[], at: number): Token => tokens[at] ?? NOTHING;

function signAt(tokens: readonly Token[], at: number): string {
  const { kind, text } = tokenAt(tokens, at);
  return kind === 'sign' ? text : '';
}

function moduleName(written: string): string {
  const name = stripMarks(written).replace(/^node:/, '');
  return name.slice(name.lastIndexOf('/') + 1);
}

/** Where names with dots between them begin that end at `end`. */
function startOfChain(tokens: readonly Token[], end: number): number {
  let start = end;
  while (end - start < 2 * MAX_CHAIN && signAt(tokens, start - 1) === '.' && tokenAt(tokens, start - 2).kind === 'name')
    start -= 2;
  return start;
}

const chainOf = (tokens: readonly Token[], start: number, end: number): string =>
  tokens
    .slice(start, end)
    .map(({ text }) => text)
    .join('');
