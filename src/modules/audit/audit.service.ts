import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { canonicalize } from '../../kernel/audit/canonical.ts';
import { hashLeaf } from '../../kernel/audit/chain.ts';
import type { Caller } from '../../kernel/caller.ts';
import { Database, type Tx } from '../../platform/db/index.ts';
import { AppError } from '../../platform/errors/index.ts';
import { Log } from '../../platform/telemetry/log.ts';
import type { AuditLogQuery, AuditLogView } from './audit.dto.ts';
import { sha256, toDraft, toJson, type AuditDraft, type AuditEntry } from './entry.ts';
import { listEntries } from './list-entries.ts';
import { countEntries, percentile, type Count } from './rollup.ts';
import { Sequencer } from './sequencer.ts';
import { verifyFromLastHead } from './verify.ts';

const HOUR_MS = 3_600_000;

export interface AgentMetrics {
  readonly runs: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly blocked: number;
  readonly actions: number;
  readonly denied: number;
  readonly approvals: number;
  /** Milliseconds from start to end of a run; upper bound of a bucket that is at most 1.42 times wide. */
  readonly p50Ms?: number;
  readonly p95Ms?: number;
  readonly costUsd: number;
}

/** The append-only record. Entries are written in the transaction of what they record and linked after it committed. */
@Injectable()
export class AuditService {
  readonly #db: Database;
  readonly #sequencer: Sequencer;

  constructor(db: Database, log: Log) {
    this.#db = db;
    this.#sequencer = new Sequencer(db, log);
  }

  /** Writes `entry` with the database's time; if this fails, what it records must fail with it. */
  async append(tx: Tx, entry: AuditEntry): Promise<void> {
    const [clock] = await tx.query<{ now: Date }>('SELECT app_now() AS now');
    if (clock === undefined) throw new Error('the database gave no time');
    await this.appendAt(tx, clock.now, entry);
  }

  /** The same with a time that the caller has just read from `app_now()`: one round trip less. */
  async appendAt(tx: Tx, now: Date, entry: AuditEntry): Promise<void> {
    const id = randomUUID();
    const body = Buffer.from(canonicalize(toJson({ v: 1, id, at: now.toISOString(), ...entry })), 'utf8');
    await tx.query(
      `WITH entry AS (INSERT INTO audit_entry (id, workspace_id, body, leaf_hash) VALUES ($1, $2, $3, $4))
       INSERT INTO audit_pending (entry_id, workspace_id, at) VALUES ($1, $2, $5)`,
      [id, entry.workspaceId, body, hashLeaf(sha256, body), now],
    );
    tx.afterCommit(() => this.#sequencer.nudge());
  }

  /** An entry but for its time, for SQL that records it with what it records; `nudge` when that has committed. */
  draft(entry: AuditEntry): AuditDraft {
    return toDraft(randomUUID(), entry);
  }

  /** Links soon what SQL has written. */
  nudge(): void {
    this.#sequencer.nudge();
  }

  /** Entries newest first, counts of the window (24 h unless asked otherwise) and the state of the chain. */
  async list(caller: Caller, query: AuditLogQuery): Promise<AuditLogView> {
    await this.#sequencer.drain();
    const now = await this.#now();
    // Without an end the window is open: whole buckets up to now, none of them partial.
    const end =
      query.endTime === undefined
        ? new Date(Math.ceil((now.getTime() + 1) / HOUR_MS) * HOUR_MS)
        : new Date(query.endTime);
    const last = Math.min(now.getTime(), end.getTime());
    const start = query.startTime === undefined ? new Date(last - 24 * HOUR_MS) : new Date(query.startTime);
    if (start > end) {
      throw new AppError(
        'invalid_input',
        `\`startTime\` ${start.toISOString()} is after the end of the window, ${end.toISOString()}. Without \`endTime\` the window ends now.`,
      );
    }
    const [page, counts, chain] = await Promise.all([
      listEntries(this.#db, caller.workspaceId, query),
      countEntries(this.#db, caller.workspaceId, query.agentId, start, end),
      verifyFromLastHead(this.#db, caller.workspaceId),
    ]);
    return { ...page, counts: toCounts(counts, query), chain };
  }

  /** What an agent did since `sinceMs` milliseconds ago, to the minute; the cost does not grow with its history. */
  async metrics(caller: Caller, agentId: string, sinceMs: number): Promise<AgentMetrics> {
    await this.#sequencer.drain();
    const now = (await this.#now()).getTime();
    const start = new Date(Math.floor((now - sinceMs) / 60_000) * 60_000);
    const end = new Date(Math.ceil((now + 1) / HOUR_MS) * HOUR_MS);
    return toMetrics(await countEntries(this.#db, caller.workspaceId, agentId, start, end));
  }

  /** Links what is still waiting; called when the process stops. */
  async close(): Promise<void> {
    await this.#sequencer.close();
  }

  async #now(): Promise<Date> {
    const [row] = await this.#db.query<{ now: Date }>('SELECT app_now() AS now');
    return row?.now ?? new Date(0);
  }
}

function toCounts(counts: readonly Count[], query: AuditLogQuery): AuditLogView['counts'] {
  const result = { allowed: 0, denied: 0, held: 0, succeeded: 0, failed: 0, unknown: 0 };
  for (const { kind, outcome, count } of counts) {
    if (query.actionFilter !== undefined && !kind.startsWith(query.actionFilter)) continue;
    if (query.outcome !== undefined && outcome !== query.outcome) continue;
    result[outcome] += count;
  }
  return result;
}

function toMetrics(counts: readonly Count[]): AgentMetrics {
  const sum = (kind: string, outcome?: string): number =>
    counts
      .filter((c) => c.kind === kind && (outcome === undefined || c.outcome === outcome))
      .reduce((n, c) => n + c.count, 0);
  const ended = counts.filter((c) => c.kind === 'run.ended' && c.durations.length > 0);
  const durations = (ended[0]?.durations ?? []).map((_, i) => ended.reduce((n, c) => n + (c.durations[i] ?? 0), 0));
  const p50Ms = percentile(durations, 0.5);
  const p95Ms = percentile(durations, 0.95);
  return {
    runs: sum('run.started'),
    succeeded: sum('run.ended', 'succeeded'),
    failed: sum('run.ended', 'failed'),
    blocked: sum('run.ended', 'denied'),
    actions: sum('action.decided'),
    denied: sum('action.decided', 'denied'),
    approvals: sum('approval.requested'),
    ...(p50Ms === undefined ? {} : { p50Ms }),
    ...(p95Ms === undefined ? {} : { p95Ms }),
    costUsd: counts.reduce((n, c) => n + c.costMicros, 0) / 1_000_000,
  };
}
