import { passSeam } from '../crash/index.ts';
import type { Database } from '../db/index.ts';
import { AppError } from '../errors/index.ts';
import type { Log } from '../telemetry/log.ts';
import type { NewJob, OpenQueue, QueueTimings } from './bull.ts';
import type { JobHandlers } from './job.ts';

const TIMINGS: QueueTimings = { lockMs: 15_000, stalledCheckMs: 15_000 };
const RETRY_MS = 5_000;
const ADD_MS = 5_000;

/** Opens the queue when it is first needed, without making anybody wait at the start, and closes it. */
export class QueueHost {
  readonly #db: Database;
  readonly #redisUrl: string | undefined;
  readonly #log: Log;
  readonly #handlers: JobHandlers;
  readonly #timings: QueueTimings;
  readonly #works: boolean;
  readonly #stopping = new AbortController();
  #opening: Promise<OpenQueue> | undefined;

  constructor(
    db: Database,
    redisUrl: string | undefined,
    log: Log,
    handlers: JobHandlers,
    timings = TIMINGS,
    works = true,
  ) {
    this.#db = db;
    this.#redisUrl = redisUrl;
    this.#log = log;
    this.#handlers = handlers;
    this.#timings = timings;
    this.#works = works;
  }

  /** Opens the queue in the background; tries again while that fails. */
  start(): void {
    this.open().catch((error: unknown) => {
      if (this.#stopping.signal.aborted) return;
      this.#log.warn({ error: String(error) }, 'the queue cannot be opened; trying again');
      setTimeout(() => this.start(), RETRY_MS).unref();
    });
  }

  /** Rejects when the queue has not taken the jobs in a few seconds: it may take them later all the same. */
  async add(jobs: readonly NewJob[]): Promise<void> {
    const queue = await this.open();
    const late = AbortSignal.timeout(ADD_MS);
    const isLate = new Promise<never>((_, reject) => {
      late.addEventListener('abort', () => reject(new AppError('unavailable', 'The queue does not answer.')), {
        once: true,
      });
    });
    passSeam('jobs.before');
    await Promise.race([queue.add(jobs), isLate]);
    passSeam('jobs.after');
  }

  async open(): Promise<OpenQueue> {
    if (this.#opening === undefined) {
      const opening = this.#load();
      this.#opening = opening;
      opening.catch(() => (this.#opening = undefined));
    }
    return this.#opening;
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await (await this.#opening?.catch(() => undefined))?.close();
  }

  async #load(): Promise<OpenQueue> {
    this.#stopping.signal.throwIfAborted();
    const [{ openBull }, backends] = await Promise.all([import('./bull.ts'), import('./backends.ts')]);
    const backend =
      this.#redisUrl === undefined
        ? await backends.openPostgresBackend(this.#db.pool)
        : await backends.openRedisBackend(this.#redisUrl, this.#db.pool, this.#log);
    const queue = await openBull({
      ...backend,
      log: this.#log,
      timings: this.#timings,
      works: this.#works,
      dispatch: (name, payload) => this.#handlers.handle(name, payload, this.#stopping.signal),
      signal: this.#stopping.signal,
    }).catch(async (error: unknown) => {
      await backend.close();
      throw error;
    });
    return {
      ...queue,
      close: async () => {
        await queue.close();
        await backend.close();
      },
    };
  }
}
