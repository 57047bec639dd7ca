import { HEARTBEAT_MS, isLeaseOver, LEASE_MS } from '../../kernel/run/lease.ts';
import { toRunSources } from '../../kernel/run/transitions.ts';
import type { Database, Tx } from '../../platform/db/index.ts';
import type { RunRow } from './run.ts';

const PUT_OFF_FIRST_MS = 15_000;
const PUT_OFF_MOST_MS = 300_000;
const PUT_OFF_FOR_MS = 86_400_000;

/** The run was cancelled, or another worker has it: nothing more may be written. */
export class LeaseLost extends Error {}

/**
 * A worker's hold on a run. INVARIANT: whatever is written about a run is written through `write`, which checks the fencing token under
 * the row's lock; a worker that slept past its lease can do no harm.
 */
export class RunLease {
  readonly run: RunRow;
  readonly #db: Database;
  readonly #lost = new AbortController();
  readonly #timer: NodeJS.Timeout;

  private constructor(db: Database, run: RunRow) {
    this.#db = db;
    this.run = run;
    this.#timer = setInterval(() => void this.#renew(), HEARTBEAT_MS).unref();
  }

  /** Takes the run if it is open and nobody holds it. The lock comes first, the clock is read after it. */
  static async claim(db: Database, runId: string): Promise<RunLease | undefined> {
    const claimed = await db.transaction(async (tx) => {
      const [row] = await tx.query<RunRow>('SELECT * FROM run WHERE id = $1 FOR UPDATE SKIP LOCKED', [runId]);
      const [clock] = await tx.query<{ now: Date }>('SELECT app_now() AS now');
      if (row === undefined || clock === undefined || !isLeaseOver(row.lease_until ?? undefined, clock.now))
        return undefined;
      const [run] = await tx.query<RunRow>(
        `UPDATE run SET status = 'running', fence = fence + 1, lease_until = $2, started_at = coalesce(started_at, $3), error = NULL
         WHERE id = $1 AND status = ANY($4) RETURNING *`,
        [runId, new Date(clock.now.getTime() + LEASE_MS), clock.now, CLAIMABLE],
      );
      return run;
    });
    return claimed === undefined ? undefined : new RunLease(db, claimed);
  }

  /** Aborts when the run is no longer ours. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Runs `work` in a transaction while the run is ours; throws `LeaseLost` otherwise. */
  async write<T>(work: (tx: Tx, now: Date) => Promise<T>): Promise<T> {
    return this.#db.transaction(async (tx) => {
      const [row] = await tx.query<{ now: Date }>(
        `SELECT app_now() AS now FROM run WHERE id = $1 AND fence = $2 AND status = 'running' FOR UPDATE`,
        [this.run.id, this.run.fence],
      );
      if (row === undefined) {
        this.#lost.abort();
        throw new LeaseLost();
      }
      return work(tx, row.now);
    });
  }

  /** Lets another worker go on at once. */
  async release(): Promise<void> {
    await this.write((tx, now) => tx.query('UPDATE run SET lease_until = $2 WHERE id = $1', [this.run.id, now]));
  }

  /**
   * Nobody has the run until its step is tried again: soon at first, then less and less often. False when that was tried for as long as a request
   * would have waited.
   */
  async putOff(position: number, error: string): Promise<boolean> {
    return this.write(async (tx, now) => {
      // While people thought about an earlier item of the step nothing was tried.
      const [step] = await tx.query<{ since: Date | null }>(
        `SELECT greatest(s.started_at, r.approved_at, r.resolved_at) AS since FROM run_step s LEFT JOIN approval_request r ON r.id = s.approval_id
         WHERE s.run_id = $1 AND s.position = $2`,
        [this.run.id, position],
      );
      const triedMs = now.getTime() - (step?.since ?? now).getTime();
      if (triedMs >= PUT_OFF_FOR_MS) return false;
      const delayMs = Math.min(Math.max(triedMs, PUT_OFF_FIRST_MS), PUT_OFF_MOST_MS);
      await tx.query('UPDATE run SET lease_until = $2, error = $3, waited_fence = fence WHERE id = $1', [
        this.run.id,
        new Date(now.getTime() + delayMs),
        error,
      ]);
      return true;
    });
  }

  /** Ends the heartbeat; the lease itself ends with its time, or with the run. */
  stop(): void {
    clearInterval(this.#timer);
  }

  /** A run that was cancelled meanwhile is noticed here at the latest. A database that cannot be reached is not a lost lease yet. */
  async #renew(): Promise<void> {
    try {
      const rows = await this.#db.query(
        `UPDATE run SET lease_until = app_now() + make_interval(secs => $3) WHERE id = $1 AND fence = $2 AND status = 'running' RETURNING id`,
        [this.run.id, this.run.fence, LEASE_MS / 1_000],
      );
      if (rows.length === 0) this.#lost.abort();
    } catch {
      return;
    }
  }
}

/** A run that waits for an approval is not taken: what it waits for has to be answered first. */
const CLAIMABLE = ['running', ...toRunSources('running').filter((status) => status !== 'waiting_approval')];
