import type { Job } from './job.ts';
import type { QueueHost } from './queue-host.ts';

/** Clocks in the queue that add a job at every time of a cron pattern. They only wake: whether anything is due is read from the database. */
export class Schedulers {
  readonly #host: QueueHost;

  constructor(host: QueueHost) {
    this.#host = host;
  }

  /** Sets or changes the clock `key`. `cron` has five fields, `timezone` is an IANA name. */
  async upsert<Payload extends object>(
    key: string,
    clock: { readonly cron: string; readonly timezone: string },
    job: Job<Payload>,
    payload: Payload,
  ): Promise<void> {
    const queue = await this.#host.open();
    await queue.upsertScheduler(key, clock.cron, clock.timezone, { name: job.name, payload });
  }

  /** Nothing happens when there is none. */
  async remove(key: string): Promise<void> {
    const queue = await this.#host.open();
    await queue.removeScheduler(key);
  }
}
