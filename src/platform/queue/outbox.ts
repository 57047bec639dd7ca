import { createHash, randomUUID } from 'node:crypto';
import type { Database, Tx } from '../db/index.ts';
import type { Log } from '../telemetry/log.ts';
import type { NewJob } from './bull.ts';
import type { Job } from './job.ts';
import type { QueueHost } from './queue-host.ts';

const BATCH = 100;

interface Row {
  readonly id: string;
  readonly job: string;
  readonly payload: object;
  readonly delay_ms: number | null;
}

export interface JobOptions {
  /** Adding the same again changes nothing while the first one waits, here or in the queue. */
  readonly key?: string;
  /** Not before then, by the database's clock. */
  readonly dueAt?: Date;
}

/** Jobs that exist if and only if their transaction committed: a row first, handed to the queue after the commit, deleted when it is there. */
export class Outbox {
  readonly #db: Database;
  readonly #host: QueueHost;
  readonly #log: Log;
  #relaying: Promise<void> | undefined;
  #again = false;

  constructor(db: Database, host: QueueHost, log: Log) {
    this.#db = db;
    this.#host = host;
    this.#log = log;
  }

  /** `options`: a key alone, or more. */
  async add<Payload extends object>(
    tx: Tx,
    job: Job<Payload>,
    payload: Payload,
    options: JobOptions | string = {},
  ): Promise<void> {
    const { key, dueAt }: JobOptions = typeof options === 'string' ? { key: options } : options;
    await tx.query(
      'INSERT INTO outbox (id, job, payload, due_at) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING',
      [
        key === undefined ? randomUUID() : toUuid(`${job.name}\0${key}`),
        job.name,
        JSON.stringify(job.payload.parse(payload)),
        dueAt ?? null,
      ],
    );
    tx.afterCommit(() => this.nudge());
  }

  /** Relays in the background. What cannot be handed over stays for the next sweep. */
  nudge(): void {
    this.relay().catch((error: unknown) => this.#log.warn({ error: String(error) }, 'jobs wait in the database'));
  }

  /** Hands every waiting row to the queue. One relay at a time; a call during one makes it look again. */
  async relay(): Promise<void> {
    this.#again = true;
    this.#relaying ??= this.#run().finally(() => (this.#relaying = undefined));
    await this.#relaying;
  }

  async #run(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      while ((await this.#relayBatch()) === BATCH);
    }
  }

  /** Rows are locked, not claimed: when this process dies in between, they are handed over again under the same id. */
  async #relayBatch(): Promise<number> {
    // Opening takes a moment and may fail: not inside a transaction.
    await this.#host.open();
    return this.#db.transaction(async (tx) => {
      const rows = await tx.query<Row>(
        `SELECT id, job, payload, greatest(0, extract(epoch FROM due_at - app_now()) * 1000)::float8 AS delay_ms FROM outbox
         ORDER BY created_at, id LIMIT $1 FOR UPDATE SKIP LOCKED`,
        [BATCH],
      );
      if (rows.length === 0) return 0;
      await this.#host.add(rows.map(toJob));
      await tx.query('DELETE FROM outbox WHERE id = ANY($1::uuid[])', [rows.map((row) => row.id)]);
      return rows.length;
    });
  }
}

function toJob({ id, job, payload, delay_ms: delay }: Row): NewJob {
  return { id, name: job, payload, ...(delay === null || delay === 0 ? {} : { delayMs: Math.ceil(delay) }) };
}

/** The same text always gives the same UUID (version 8: made by a hash). */
function toUuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
