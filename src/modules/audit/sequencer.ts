import { EMPTY_HEAD, hashLeaf, linkLeaf } from '../../kernel/audit/chain.ts';
import type { Database, Tx } from '../../platform/db/index.ts';
import type { Log } from '../../platform/telemetry/log.ts';
import { sha256, type AuditBody } from './entry.ts';
import { addRollups, type RollupEntry } from './rollup.ts';

const BATCH = 1_000;
const GATHER_MS = 25;
/** Advisory lock: one process links at a time; the write path never takes it. */
const LOCK = 7_270_001;

interface Pending {
  readonly entry_id: string;
  readonly workspace_id: string;
  readonly at: Date;
  readonly body: Buffer;
}

interface Head {
  size: bigint;
  hash: Uint8Array;
  lastAt: Date;
}

/**
 * Links committed entries into each workspace's chain and counts them, after the fact: entries wait in `audit_pending`, so one
 * that commits late is linked late and never skipped. A crash rolls a batch back and the next drain takes it again.
 */
export class Sequencer {
  readonly #db: Database;
  readonly #log: Log;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(db: Database, log: Log) {
    this.#db = db;
    this.#log = log;
  }

  /** Links soon; many calls make one batch. */
  nudge(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.drain().catch((error: unknown) =>
        this.#log.error({ err: error }, 'audit entries could not be linked; the next entry tries again'),
      );
    }, GATHER_MS);
  }

  /** Resolves when everything committed before the call is linked. */
  async drain(): Promise<void> {
    const previous = this.#running;
    const next = previous.catch(() => {}).then(() => this.#linkAll());
    this.#running = next;
    return next;
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.drain();
  }

  async #linkAll(): Promise<void> {
    let linked = BATCH;
    while (linked === BATCH) linked = await this.#db.transaction((tx) => linkBatch(tx));
  }
}

async function linkBatch(tx: Tx): Promise<number> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
  const pending = await tx.query<Pending>(
    `WITH taken AS (
       DELETE FROM audit_pending WHERE entry_id IN
         (SELECT entry_id FROM audit_pending ORDER BY position LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
       RETURNING entry_id, at, position)
     SELECT taken.entry_id, taken.at, e.workspace_id, e.body FROM taken JOIN audit_entry e ON e.id = taken.entry_id
     ORDER BY taken.position`,
  );
  if (pending.length === 0) return 0;
  const heads = await lockHeads(tx, [...new Set(pending.map((row) => row.workspace_id))]);
  const links = pending.map((row) => link(row, heads));
  await insertLinks(tx, links);
  await saveHeads(tx, heads);
  await addRollups(tx, links);
  return pending.length;
}

async function lockHeads(tx: Tx, workspaces: string[]): Promise<Map<string, Head>> {
  const rows = await tx.query<{ workspace_id: string; size: string; hash: Buffer; last_at: Date }>(
    'SELECT workspace_id, size::text, hash, last_at FROM audit_head WHERE workspace_id = ANY($1::uuid[]) FOR UPDATE',
    [workspaces],
  );
  const heads = new Map(
    workspaces.map((id): [string, Head] => [id, { size: 0n, hash: EMPTY_HEAD, lastAt: new Date(0) }]),
  );
  for (const row of rows) heads.set(row.workspace_id, { size: BigInt(row.size), hash: row.hash, lastAt: row.last_at });
  return heads;
}

interface Link extends RollupEntry {
  readonly seq: bigint;
  readonly entryId: string;
  readonly hash: Uint8Array;
}

function link(row: Pending, heads: Map<string, Head>): Link {
  const head = heads.get(row.workspace_id);
  if (head === undefined) throw new Error(`no head for workspace ${row.workspace_id}`);
  head.size += 1n;
  head.hash = linkLeaf(sha256, head.hash, hashLeaf(sha256, row.body));
  // A late commit is placed where it was linked: the order by time is the order of the chain.
  if (row.at > head.lastAt) head.lastAt = row.at;
  const body = JSON.parse(row.body.toString('utf8')) as AuditBody;
  return {
    body,
    workspaceId: row.workspace_id,
    seq: head.size,
    entryId: row.entry_id,
    hash: head.hash,
    at: head.lastAt,
  };
}

async function insertLinks(tx: Tx, links: readonly Link[]): Promise<void> {
  await tx.query(
    `INSERT INTO audit_link (workspace_id, seq, entry_id, hash, at, kind, outcome, agent_id)
     SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::bytea[], $5::timestamptz[], $6::text[], $7::text[], $8::uuid[])`,
    [
      links.map((l) => l.workspaceId),
      links.map((l) => String(l.seq)),
      links.map((l) => l.entryId),
      links.map((l) => l.hash),
      links.map((l) => l.at),
      links.map((l) => l.body.kind),
      links.map((l) => l.body.outcome),
      links.map((l) => l.body.agentId ?? null),
    ],
  );
}

async function saveHeads(tx: Tx, heads: Map<string, Head>): Promise<void> {
  for (const [workspaceId, head] of heads) {
    await tx.query(
      `INSERT INTO audit_head (workspace_id, size, hash, last_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (workspace_id) DO UPDATE SET size = excluded.size, hash = excluded.hash, last_at = excluded.last_at`,
      [workspaceId, String(head.size), head.hash, head.lastAt],
    );
  }
}
