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
    for (const [index, arg] of args.entries()) this.#values.set(String(index + 1), [arg]);
    if (args.length > 0) for (const all of ['@', '*']) this.#values.set(all, [short(all, args.join(' '))]);
    const result = work();
    this.#takeArguments();
    for (const [name, values] of outer) this.#values.set(name, values);
    return result;
  }

  #takeArguments(): (readonly [string, readonly string[]])[] {
    const taken = [...this.#values].filter(([name]) => ARGUMENT.test(name));
    for (const [name] of taken) this.#values.delete(name);
    return taken;
  }
}

const short = (name: string, value: string): string => (value.length > MAX_LENGTH ? unknown(`$${name}`) : value);
