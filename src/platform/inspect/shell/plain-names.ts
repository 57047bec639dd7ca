import type { CodeLanguage } from '../model.ts';
import type { Token } from './code-tokens.ts';
import type { Facts } from './facts.ts';
import { stripMarks } from './marks.ts';

/** Undoes the ways to write a name otherwise. */
export class PlainNames {
  readonly aliases = new Map<string, string>();

  constructor(
    private readonly facts: Facts,
    private readonly language: CodeLanguage,
    private readonly calls: ReadonlyMap<string, unknown>,
  ) {}

  /** `require('x')`, `getattr(x, 'y')` and `x['y']` become plain names; imports with a new name are noted. */
  plain(tokens: readonly Token[]): Token[] {
    const plain: Token[] = [];
    for (let at = 0; at < tokens.length; at += 1) {
      const [token, second, third, fourth] = tokens.slice(at, at + 4);
      if (!token) break;
      const inside =
        token.text === '[' || second?.text === '(' ? literalAt(tokens, at + (token.text === '[' ? 1 : 2)) : undefined;
      const loads = token.text !== 'import' || this.language !== 'python';
      const isModule = loads && token.kind === 'name' && second?.text === '(' && LOADS_MODULES.test(token.text);
      if (inside?.isPatched === true && (isModule || plain.at(-1)?.kind === 'name')) this.facts.mark('obfuscated');
      if (isModule && inside && tokens[inside.next]?.text === ')') {
        plain.push({ kind: 'name', text: moduleName(inside.text) });
        at = inside.next;
        continue;
      }
      const isItem = token.kind === 'sign' && token.text === '[' && plain.at(-1)?.kind === 'name';
      if (isItem && inside && tokens[inside.next]?.text === ']') {
        plain.push({ kind: 'sign', text: '.' }, { kind: 'name', text: inside.text });
        at = inside.next;
        continue;
      }
      const attribute = token.text === 'getattr' && fourth?.text === ',' ? literalAt(tokens, at + 4) : undefined;
      if (third?.kind === 'name' && attribute && tokens[attribute.next]?.text === ')') {
        if (attribute.isPatched) this.facts.mark('obfuscated');
        plain.push(third, { kind: 'sign', text: '.' }, { kind: 'name', text: attribute.text });
        at = attribute.next;
        continue;
      }
      if (
        isModule ||
        (isItem && GLOBALS.test(plain.at(-1)?.text ?? '')) ||
        (token.text === 'getattr' && GLOBALS.test(third?.text ?? ''))
      )
        this.#hidden();
      plain.push(token);
      this.#import(tokens, at);
    }
    return plain;
  }

  #hidden(): void {
    this.facts.opaque();
    this.facts.mark('obfuscated');
  }

  /** `from subprocess import run, call as c` */
  #fromImport(tokens: readonly Token[], at: number): void {
    const module = chainBefore(tokens, at - 1);
    if (tokens[at - 1 - module.split('.').length * 2 + 1]?.text !== 'from') return;
    if (tokens[at + 1]?.text === '*') return GLOBALS.test(module) ? this.facts.opaque() : undefined;
    for (let next = at + 1; /^(?:name|sign)$/.test(tokens[next]?.kind ?? ''); next += 1) {
      const { kind, text } = tokens[next] ?? { kind: 'sign', text: '' };
      if (kind === 'sign' && !/^[,(]$/.test(text)) return;
      if (kind !== 'name') continue;
      const renamed = tokens[next + 1]?.text === 'as' ? tokens[next + 2]?.text : undefined;
      this.aliases.set(renamed ?? text, `${module}.${text}`);
      if (renamed !== undefined) next += 2;
      if (tokens[next + 1]?.text !== ',') return;
    }
  }

  #import(tokens: readonly Token[], at: number): void {
    const [before, token, after] = [tokens[at - 1], tokens[at], tokens[at + 1]];
    if (!token || token.kind === 'text' || !before || !after) return;
    if (token.text === 'import' && this.language === 'python') this.#fromImport(tokens, at);
    if (token.text === 'as' && after.kind === 'name' && !this.aliases.has(after.text))
      this.aliases.set(after.text, chainBefore(tokens, at - 1));
    if (token.text === ':' && this.calls.has(before.text) && before.kind === 'name' && after.kind === 'name')
      this.aliases.set(after.text, before.text);
    if (this.language === 'go' && token.kind === 'name' && after.kind === 'text')
      this.aliases.set(token.text, moduleName(after.text));
    if (token.text === 'from' && after.kind === 'text' && before.kind === 'name')
      this.aliases.set(before.text, moduleName(after.text));
  }
}

const LOADS_MODULES = /^(?:require|__import__|import|import_module)$/;
const GLOBALS =
  /^(?:globalThis|window|global|self|os|subprocess|child_process|builtins|__builtins__|shutil|sys|process)$/;

/** A text, also one in pieces such as `'sys' + 'tem'`, and the index after it. */
function literalAt(
  tokens: readonly Token[],
  start: number,
): { text: string; next: number; isPatched: boolean } | undefined {
  let text = '';
  for (let at = start; tokens[at]?.kind === 'text'; at += 2) {
    text += stripMarks(tokens[at]?.text ?? '');
    if (tokens[at + 1]?.text !== '+') return { text, next: at + 1, isPatched: at > start };
  }
  return undefined;
}

const moduleName = (name: string): string =>
  stripMarks(name)
    .replace(/^node:/, '')
    .split('/')
    .at(-1) ?? '';

function chainBefore(tokens: readonly Token[], end: number): string {
  let chain = tokens[end]?.text ?? '';
  for (let at = end; tokens[at - 1]?.text === '.' && tokens[at - 2]?.kind === 'name'; at -= 2)
    chain = `${tokens[at - 2]?.text ?? ''}.${chain}`;
  return chain;
}
