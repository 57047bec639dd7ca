import { unknown, withoutUnknown } from './marks.ts';

const MAX_VALUES = 8;
const MAX_LENGTH = 10_000;
const ENVIRONMENT = new Map<string, readonly string[]>(
  Object.entries({ HOME: ['~'], PWD: ['.'], OLDPWD: ['.'], IFS: [' '], SHELL: ['/bin/sh'], BASH: ['/bin/bash'] }),
);
const ARGUMENT = /^(?:\d+|[@*])$/;

/** The variables of a script, each with every value that it may have. */
export class Scope {
  readonly #values = new Map<string, readonly string[]>();
  /** Every list that the arguments may be. */
  #lists: readonly (readonly string[])[] = [];

  get separators(): string {
    return withoutUnknown([this.find('IFS')].flat().join(''));
  }

  find(name: string): readonly string[] | undefined {
    return this.#values.get(name) ?? ENVIRONMENT.get(name);
  }

  /** A value does not replace the one before it: which of them holds depends on what cannot be seen. */
  assign(name: string, values: readonly string[]): void {
    // Where nothing is assigned, as in a loop over nothing, it stays as it was.
    if (values.length === 0) return;
    const all = new Set([...(this.#values.get(name) ?? []), ...values.map((value) => short(name, value))]);
    this.#values.set(name, all.size > MAX_VALUES ? [unknown(`$${name}`)] : [...all]);
  }

  /** With the arguments of a call, and no others, as `$1`, `$2` and `$@`. */
  withArguments<T>(args: readonly string[], work: () => T): T {
    const outer = this.#takeArguments();
    const outerLists = this.#lists;
    this.#lists = args.length > 0 ? [args] : [];
    for (const [index, arg] of args.entries()) this.#values.set(String(index + 1), [arg]);
    if (args.length > 0) for (const all of ['@', '*']) this.#values.set(all, [short(all, args.join(' '))]);
    const result = work();
    this.#takeArguments();
    for (const [name, values] of outer) this.#values.set(name, values);
    this.#lists = outerLists;
    return result;
  }

  /** As `set -- …` does: arguments that may hold from here on, undefined where they are not known. */
  setArguments(args: readonly string[] | undefined): void {
    if (args === undefined || this.#lists.length === MAX_VALUES) {
      this.#lists = [];
      for (const name of '@*123456789') this.assign(name, [unknown(`$${name}`)]);
      return;
    }
    this.#lists = [...this.#lists, args];
    const count = Math.max(...this.#lists.map((list) => list.length));
    for (let index = 0; index < count; index += 1) this.assign(String(index + 1), [args[index] ?? '']);
    for (const all of '@*') this.assign(all, [args.join(' ')]);
  }

  /** As `shift` does; undefined where it is not known how far. */
  shift(count: number | undefined): void {
    if (count === undefined) return this.setArguments(undefined);
    const isKnown = (rest: readonly string[]) => this.#lists.some((list) => list.join('\n') === rest.join('\n'));
    for (const list of this.#lists) {
      const rest = list.slice(count);
      if (rest.length < list.length && !isKnown(rest)) this.setArguments(rest);
    }
  }

  #takeArguments(): (readonly [string, readonly string[]])[] {
    const taken = [...this.#values].filter(([name]) => ARGUMENT.test(name));
    for (const [name] of taken) this.#values.delete(name);
    return taken;
  }
}

const short = (name: string, value: string): string => (value.length > MAX_LENGTH ? unknown(`$${name}`) : value);
