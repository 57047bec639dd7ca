import { MAX_WEIGHT, type Node, type ParseBash } from './bash-tree.ts';
import { runCommand } from './commands.ts';
import type { Facts } from './facts.ts';
import { cut, prepared, plainCommands } from './lexer.ts';
import { FETCHED, stripMarks, toScript, unknown, unprotect } from './marks.ts';
import { noteRead, noteWritten } from './places.ts';
import { scriptsOf } from './run-values.ts';
import type { ReadProgram, Runner } from './runner.ts';
import { bodyOf, OWN_OUTPUT, redirectsOf, redirectText, settled, targetOf } from './redirects.ts';
import { Scope } from './scope.ts';
import { fieldsOf, firstItem, isPatched, isWord, valuesOfWord, withoutLastLines, type Surroundings } from './words.ts';

/** A step is a node, a command, or some characters of text. */
const MAX_STEPS = 100_000;
const CHARACTERS_A_STEP = 50;
const COST_OF_SCRIPT = 150;
const MAX_NESTING = 3;
const MAX_BROKEN = 3;

/** Walks a script as the shell would run it, without running anything. */
export class ScriptReader implements Runner, Surroundings {
  readonly files = new Map<string, string>();
  readonly aliases = new Map<string, string>();
  readonly #functions = new Map<string, { node: Node; script: string; isCalled: boolean }>();
  readonly scope = new Scope();
  readonly #calling = new Set<string>();
  #steps = MAX_STEPS;
  #nesting = 0;

  constructor(
    readonly facts: Facts,
    private readonly parse: ParseBash,
    readonly readProgram: ReadProgram,
  ) {}

  script(text: string, stdin?: string): string {
    let printed = unknown('');
    if (this.#spend(COST_OF_SCRIPT, text.length))
      this.nested(() => (printed = this.#pieces(prepared(toScript(text), this.facts), stdin)));
    return printed;
  }

  nested(work: () => void): void {
    if (this.#nesting > MAX_NESTING) {
      this.facts.opaque();
      this.facts.mark('obfuscated');
      return;
    }
    this.#nesting += 1;
    work();
    this.#nesting -= 1;
  }

  #spend(steps: number, characters = 0): boolean {
    this.#steps -= steps + characters / CHARACTERS_A_STEP;
    if (this.#steps < 0) this.facts.opaque();
    return this.#steps >= 0;
  }

  /** Functions that nothing has called may be called by what is not seen. */
  finish(): void {
    for (const [name, one] of this.#functions) if (!one.isCalled) this.call(name, [], undefined);
  }

  valuesOf(name: string): readonly string[] | undefined {
    return this.scope.find(name);
  }

  assign(name: string, values: readonly string[]): void {
    this.scope.assign(name, values);
  }

  printed(node: Node, script: string): string {
    // What is written to `>(…)` is not followed; `$(<…)` prints the file.
    const stdin = script.startsWith('>', node.start) ? unknown('input') : undefined;
    const text = withoutLastLines(this.#walkAll(node, script, stdin) + (this.#input(redirectsOf(node), script) ?? ''));
    if (node.type !== 'process_substitution') return text;
    const name = unknown(script.slice(node.start, node.end));
    this.files.set(stripMarks(name), text);
    return name;
  }

  call(name: string, args: readonly string[], stdin: string | undefined): string | undefined {
    const called = this.#functions.get(name);
    if (!called) return undefined;
    called.isCalled = true;
    // What calls itself in a pipe or in the background never ends.
    if (this.#calling.has(name)) {
      if (/[|&]/.test(called.script.slice(called.node.start, called.node.end))) this.facts.mark('destructive');
      return unknown(name);
    }
    this.#calling.add(name);
    const printed = this.scope.withArguments(args, () => this.#walk(called.node, called.script, stdin));
    this.#calling.delete(name);
    return printed;
  }

  #pieces(script: string, stdin: string | undefined): string {
    let broken = 0;
    let printed = '';
    const whole = this.parse(script);
    const pieces = whole ? [script] : cut(script, MAX_WEIGHT / 2);
    for (const piece of pieces) {
      if (!this.#spend(1)) break;
      const tree = whole ?? (broken < MAX_BROKEN ? this.parse(piece) : undefined);
      if (tree) printed += this.#walk(tree.root, piece, stdin);
      if (tree?.hasError === false) continue;
      broken += 1;
      this.facts.opaque();
      for (const words of plainCommands(piece)) printed += this.run(words, undefined);
    }
    return printed;
  }

  #walkAll(node: Node, script: string, stdin: string | undefined): string {
    return node.children.map((child) => this.#walk(child, script, stdin)).join('');
  }

  #walk(node: Node, script: string, stdin: string | undefined): string {
    if (!this.#spend(1)) return '';
    switch (node.type) {
      case 'command':
        return this.#command(node, script, stdin);
      case 'pipeline':
        return this.#pipeline(node, script, stdin);
      case 'redirected_statement':
        return this.#redirected(node, script, stdin);
      case 'variable_assignment':
        this.#assignment(node, script);
        return '';
      case 'declaration_command':
      case 'unset_command':
        return this.#declaration(node, script);
      case 'function_definition':
        this.#define(node, script);
        return '';
      case 'for_statement':
        this.#loop(node, script);
        break;
    }
    if (node.children.length > 0 && !isWord(node)) return this.#walkAll(node, script, stdin);
    this.#words(node, script);
    return '';
  }

  #words(node: Node, script: string): string[] {
    return this.#texts(node, script).flatMap((value) => fieldsOf(value, this.scope.separators));
  }

  #texts(node: Node, script: string): string[] {
    const values = valuesOfWord(node, script, this);
    return this.#spend(1, values.join('').length) ? values : [];
  }

  #command(node: Node, script: string, stdin: string | undefined): string {
    const redirects = redirectsOf(node);
    const args: string[] = [];
    let names: string[][] = [];
    for (const child of node.children) {
      if (child.type === 'variable_assignment') this.#assignment(child, script);
      else if (child.type === '$' && /^[^\s"]/.test(script.slice(child.end))) this.facts.opaque();
      else if (child.field === 'name') {
        names = this.#texts(child, script).map((value) => fieldsOf(value, this.scope.separators));
        if (isPatched(script.slice(child.start, child.end))) this.facts.mark('obfuscated');
      } else if (child.field === 'argument') args.push(...this.#words(child, script));
      else if (child.field !== 'redirect') args.push(this.#walk(child, script, undefined));
    }
    const input = this.#input(redirects, script) ?? stdin;
    const outputs = names.map((name) => this.run([...name, ...args], input));
    return this.#output(redirects, script, outputs.join(''));
  }

  run(words: readonly string[], stdin: string | undefined): string {
    if (!this.#spend(5 + words.length)) return '';
    // `coproc { …; }`, which the grammar takes for words.
    const open = words[0] === 'coproc' ? words.indexOf('{') : -1;
    return runCommand(this, open === -1 ? words : words.slice(open + 1), stdin);
  }

  #pipeline(node: Node, script: string, stdin: string | undefined): string {
    let stream = stdin;
    for (const child of node.children)
      if (/^(?!comment)\w/.test(child.type)) stream = this.#walk(child, script, stream);
    return stream ?? '';
  }

  #redirected(node: Node, script: string, stdin: string | undefined): string {
    const plain = settled(node);
    if (plain.type !== node.type) return this.#walk(plain, script, stdin);
    const redirects = redirectsOf(plain);
    const input = this.#input(redirects, script) ?? stdin;
    let printed = '';
    for (const child of plain.children) if (child.field !== 'redirect') printed += this.#walk(child, script, input);
    // A here-document holds what follows it on its line.
    for (const child of redirects.flatMap(({ children }) => children)) {
      if (child.type === 'pipeline') printed = this.#pipeline(child, script, printed);
      else if (child.field === 'right') printed += this.#walk(child, script, stdin);
      else if (child.field === 'redirect') printed = this.#output([child], script, printed);
    }
    return this.#output(redirects, script, printed);
  }

  #input(redirects: readonly Node[], script: string): string | undefined {
    let input: string | undefined;
    for (const redirect of redirects.flatMap((each) => [each, ...redirectsOf(each)])) {
      const text = redirectText(redirect, script);
      const read = this.#read(redirect, script, text);
      if (read === undefined) continue;
      this.files.set(`/dev/fd/${text.split(/\D/, 1).join('')}`, read);
      if (/^0?</.test(text) || read.startsWith(FETCHED)) input = read;
    }
    return input;
  }

  #read(redirect: Node, script: string, text: string): string | undefined {
    if (redirect.type === 'heredoc_redirect') return this.#hereDocument(redirect, script);
    const path = this.#target(redirect, script);
    if (redirect.type === 'herestring_redirect') return path;
    if (/^\/dev\/(?:tcp|udp)\//.test(path)) return FETCHED + unknown(path);
    if (/^\d*(?:[&>]|<&[-0]$)/.test(text)) return undefined;
    const isCopy = text.includes('<&');
    if (!isCopy) noteRead(this.facts, 'read', path);
    return this.files.get(isCopy ? `/dev/fd/${path}` : stripMarks(path)) ?? unknown(path);
  }

  #hereDocument(redirect: Node, script: string): string {
    const [start, body] = redirect.children.filter(({ type }) => /^heredoc_(?:start|body)$/.test(type));
    if (!start || !body) return '';
    if (/['"\\]/.test(script.slice(start.start, start.end))) return script.slice(body.start, body.end);
    return this.#texts(body, script).map(unprotect).join('\n');
  }

  #target(redirect: Node, script: string): string {
    const target = targetOf(redirect);
    return target ? this.#texts(target, script).map(unprotect).join(' ') : '';
  }

  #output(redirects: readonly Node[], script: string, printed: string): string {
    let rest = printed;
    for (const redirect of redirects) {
      const text = redirectText(redirect, script);
      const [, descriptor, operator] = /^(\d*)(&?>>?)/.exec(text) ?? [];
      if (operator === undefined) continue;
      const path = this.#target(redirect, script);
      if (/^(\d+|-|)$/.test(path)) continue;
      const before = operator.endsWith('>>') ? (this.files.get(stripMarks(path)) ?? '') : undefined;
      noteWritten(this.facts, path, before === undefined);
      const isPrinted = descriptor === '' || descriptor === '1';
      this.files.set(stripMarks(path), (before ?? '') + (isPrinted ? printed : unknown(text)));
      if (isPrinted && !OWN_OUTPUT.test(path)) rest = '';
    }
    return rest;
  }

  #assignment(node: Node, script: string): void {
    const target = node.children[0];
    const value = node.children.find(({ field }) => field === 'value');
    if (target?.type === 'subscript') this.#walkAll(target, script, undefined);
    const written = script.slice(target?.start, target?.end);
    const name = written.replace(/\[.*$/s, '');
    const values = value ? this.#assigned(value, script) : [''];
    const before = node.children.some(({ type }) => type === '+=') ? (this.scope.find(name) ?? ['']) : [''];
    const isList = value?.type === 'array';
    const join = (first: string, one: string) => (isList && first !== '' ? `${first} ${one}` : first + one);
    const all = before.flatMap((first) => values.map((one) => join(first, one)));
    this.assign(name, all);
    if (isList) this.assign(`${name}[0]`, all.map(firstItem));
    for (const text of scriptsOf(name, all)) this.script(text);
  }

  #assigned(value: Node, script: string): string[] {
    if (value.type !== 'array') return this.#texts(value, script).map(unprotect);
    const items = value.children.flatMap((child) => (child.type.length > 1 ? this.#words(child, script) : []));
    return [items.map((item) => item.replace(/^\[[^\]]*\]=/, '')).join(' ')];
  }

  #declaration(node: Node, script: string): string {
    const words = node.children.flatMap((child) => {
      if (child.type !== 'variable_assignment') return this.#words(child, script);
      this.#assignment(child, script);
      return ['='];
    });
    return this.run(words, undefined);
  }

  #define(node: Node, script: string): void {
    const name = node.children.find(({ field }) => field === 'name');
    const key = script.slice(name?.start, name?.end);
    // Which of two holds may depend on what is not seen.
    if (this.#functions.get(key)?.isCalled === false) this.call(key, [], undefined);
    this.#functions.set(key, { node: bodyOf(node), script, isCalled: false });
  }

  #loop(node: Node, script: string): void {
    const name = node.children.find(({ field }) => field === 'variable');
    const values = node.children.filter(({ field }) => field === 'value').flatMap((one) => this.#words(one, script));
    if (name) this.assign(script.slice(name.start, name.end), values);
  }
}
