import { randomUUID } from 'node:crypto';
import type { Database, Tx } from '../db/index.ts';
import type { Log } from '../telemetry/log.ts';
import type { Job } from './job.ts';
import type { QueueHost } from './queue-host.ts';

const BATCH = 100;

interface Row {
  readonly id: string;
  readonly job: string;
  readonly payload: object;
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

  async add<Payload extends object>(tx: Tx, job: Job<Payload>, payload: Payload): Promise<void> {
    await tx.query('INSERT INTO outbox (id, job, payload) VALUES ($1, $2, $3)', [
      randomUUID(),
      job.name,
      JSON.stringify(job.payload.parse(payload)),
    ]);
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
        'SELECT id, job, payload FROM outbox ORDER BY created_at, id LIMIT $1 FOR UPDATE SKIP LOCKED',
        [BATCH],
      );
      if (rows.length === 0) return 0;
      await this.#host.add(rows.map(({ id, job, payload }) => ({ id, name: job, payload })));
      await tx.query('DELETE FROM outbox WHERE id = ANY($1::uuid[])', [rows.map((row) => row.id)]);
      return rows.length;
    });
  }
}
