import { unknown } from './marks.ts';

const MAX_VALUES = 8;
const MAX_LENGTH = 10_000;
const ENVIRONMENT = { HOME: '~', PWD: '.', OLDPWD: '.', IFS: ' ', SHELL: '/bin/sh', BASH: '/bin/bash' };

/** The variables of a script, each with every value that it may have. */
export class Scope {
  readonly #values = new Map<string, string[]>(Object.entries(ENVIRONMENT).map(([name, value]) => [name, [value]]));

  get separators(): string {
    return this.valuesOf('IFS').join('');
  }

  find(name: string): readonly string[] | undefined {
    return this.#values.get(name);
  }

  valuesOf(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** A value does not replace the one before it: which of them holds depends on what cannot be seen. */
  assign(name: string, values: readonly string[]): void {
    const before = name in ENVIRONMENT ? [] : this.valuesOf(name);
    const all = new Set([
      ...before,
      ...values.map((value) => (value.length > MAX_LENGTH ? unknown(`$${name}`) : value)),
    ]);
    this.#values.set(name, all.size > MAX_VALUES ? [unknown(`$${name}`)] : [...all]);
  }

  /** With the arguments of a call as `$1`, `$2` and `$@`. */
  withArguments<T>(args: readonly string[], work: () => T): T {
    const own = new Map(args.map((arg, index) => [String(index + 1), [arg]]));
    if (args.length > 0) for (const all of ['@', '*']) own.set(all, [args.join(' ').slice(0, MAX_LENGTH)]);
    const outer = new Map([...own.keys()].map((name) => [name, this.#values.get(name)]));
    for (const [name, value] of own) this.#values.set(name, value);
    const result = work();
    for (const [name, value] of outer) {
      if (value) this.#values.set(name, value);
      else this.#values.delete(name);
    }
    return result;
  }
}
