import { Facts, FLAGS } from '../../src/platform/inspect/shell/facts.ts';
import { DECODED, FETCHED, UNKNOWN } from '../../src/platform/inspect/shell/marks.ts';
import type { ReadProgram, Runner } from '../../src/platform/inspect/shell/runner.ts';
import { Scope } from '../../src/platform/inspect/shell/scope.ts';

const HOLE = new RegExp(`${UNKNOWN}([^${UNKNOWN}]*)${UNKNOWN}`, 'g');

/** Unknown pieces as `<name>`, `!` for decoded, `^` for fetched. */
export const shown = (text: string): string =>
  text.replaceAll(HOLE, '<$1>').replaceAll(DECODED, '!').replaceAll(FETCHED, '^');

/** Runs nothing, and keeps in which order it was asked to run what. */
export class RecordingRunner implements Runner {
  readonly facts = new Facts();
  readonly scope = new Scope();
  readonly files = new Map<string, string>();
  readonly aliases = new Map<string, string>();
  readonly asked: string[] = [];

  constructor(readonly readProgram: ReadProgram = (_runner, source, language) => this.#ask(language, source)) {}

  #ask(what: string, text: string, stdin?: string): void {
    this.asked.push(`${what} ${shown(text)}${stdin === undefined ? '' : ` < ${shown(stdin)}`}`.trim());
  }

  assign(name: string, values: readonly string[]): void {
    this.#ask('let', `${name}=${values.join('|')}`);
  }

  run(words: readonly string[], stdin: string | undefined): string {
    this.#ask('run', words.map((word) => `[${word}]`).join(''), stdin);
    return 'ran';
  }

  call(name: string, args: readonly string[], stdin: string | undefined): string | undefined {
    if (name !== 'function') return undefined;
    this.#ask('call', args.join(' '), stdin);
    return 'called';
  }

  nested(work: () => void): void {
    work();
  }

  script(text: string, stdin?: string): string {
    this.#ask('sh', text, stdin);
    return 'done';
  }

  /** What was asked, then the facts that were learnt. */
  toLine(): string {
    return [...this.asked, learntBy(this.facts)].filter((part) => part !== '').join('; ');
  }
}

/** Facts, `$` before commands, `@` before hosts; `unread` where not all of it was seen. */
export function learntBy(facts: Facts): string {
  const { parsed, commands, hosts, paths, ...flags } = facts.toReading();
  const names = [...commands.map((name) => `$${name}`), ...hosts.map((host) => `@${host}`), ...paths];
  return [...(parsed ? [] : ['unread']), ...FLAGS.filter((flag) => flags[flag]), ...names].join(' ');
}
