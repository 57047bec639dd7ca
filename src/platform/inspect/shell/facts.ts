import type { ShellReading } from '../model.ts';

export const FLAGS = [
  'destructive',
  'deletes',
  'writes',
  'network',
  'privilege',
  'pipeToInterpreter',
  'credentialRead',
  'environmentDump',
  'credentialChange',
  'obfuscated',
] as const;
export type Flag = (typeof FLAGS)[number];

const NAMES_KEPT = 200;
const NAME_LENGTH = 300;
const IMPLIED: Partial<Record<Flag, readonly Flag[]>> = {
  destructive: ['deletes', 'writes'],
  deletes: ['writes'],
  credentialChange: ['writes'],
};

/** What has been learnt so far; only ever grows. */
export class Facts {
  parsed = true;
  readonly #flags = new Set<Flag>();
  readonly #names = { commands: new Set<string>(), hosts: new Set<string>(), paths: new Set<string>() };

  mark(...flags: readonly Flag[]): void {
    for (const flag of flags) for (const each of [flag, ...(IMPLIED[flag] ?? [])]) this.#flags.add(each);
  }

  name(kind: 'commands' | 'hosts' | 'paths', name: string): void {
    if (name !== '' && this.#names[kind].size < NAMES_KEPT) this.#names[kind].add(name.slice(0, NAME_LENGTH));
  }

  /** Part of it cannot be seen: all of that may happen. */
  opaque(): void {
    this.parsed = false;
    this.mark('deletes', 'writes', 'network');
  }

  toReading(): ShellReading {
    const flags = Object.fromEntries(FLAGS.map((flag) => [flag, this.#flags.has(flag)])) as Record<Flag, boolean>;
    const { commands, hosts, paths } = this.#names;
    return { parsed: this.parsed, ...flags, commands: [...commands], hosts: [...hosts], paths: [...paths] };
  }
}
