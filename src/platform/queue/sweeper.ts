import type { Log } from '../telemetry/log.ts';

const EVERY_MS = 8_000;
const FIRST_MS = 300;

/** Does again and again what must happen even if every job was lost: each work at the start and then every few seconds, never twice at once. */
export class Sweeper {
  readonly #log: Log;
  readonly #works: { readonly name: string; readonly work: () => Promise<unknown> }[] = [];
  readonly #everyMs: number;
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> | undefined;
  #isClosed = false;

  constructor(log: Log, everyMs = EVERY_MS) {
    this.#log = log;
    this.#everyMs = everyMs;
  }

  add(name: string, work: () => Promise<unknown>): void {
    this.#works.push({ name, work });
  }

  start(): void {
    this.#plan(FIRST_MS);
  }

  /** Sweeps once, now. */
  async sweep(): Promise<void> {
    this.#sweeping ??= this.#run().finally(() => (this.#sweeping = undefined));
    await this.#sweeping;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#sweeping;
  }

  #plan(afterMs: number): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => void this.sweep().then(() => this.#plan(this.#everyMs)), afterMs);
    this.#timer.unref();
  }

  async #run(): Promise<void> {
    for (const { name, work } of this.#works) {
      if (this.#isClosed) return;
      await work().catch((error: unknown) => this.#log.warn({ work: name, error: String(error) }, 'a sweep failed'));
    }
  }
}
