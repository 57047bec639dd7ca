import { EMPTY_HEAD, verifyChain } from '../../kernel/audit/chain.ts';
import type { Database } from '../../platform/db/index.ts';
import type { ChainView } from './audit.dto.ts';
import { sha256 } from './entry.ts';

const BATCH = 2_000;

interface HeadRow {
  readonly size: string;
  readonly hash: Buffer;
  readonly verified_size: string;
  readonly verified_hash: Buffer | null;
  readonly now: Date;
}

/** Re-hashes every entry since the last verified head, then moves that head: each entry is read once for this, however long the record. */
export async function verifyFromLastHead(db: Database, workspaceId: string): Promise<ChainView> {
  const [row] = await db.query<HeadRow>(
    'SELECT size::text, hash, verified_size::text, verified_hash, app_now() AS now FROM audit_head WHERE workspace_id = $1',
    [workspaceId],
  );
  if (row === undefined) return emptyChain(db);
  const from = BigInt(row.verified_size);
  const view = {
    size: Number(row.size),
    root: row.hash.toString('hex'),
    verifiedAt: row.now.toISOString(),
    verifiedFrom: Number(from),
  };
  const result = await verifyRange(db, workspaceId, row.verified_hash ?? EMPTY_HEAD, from, BigInt(row.size));
  if (result.kind === 'broken') return { ...view, verified: false, brokenAt: Number(result.seq) };
  if (!row.hash.equals(result.head)) return { ...view, verified: false, brokenAt: Number(row.size) };
  await db.query(
    'UPDATE audit_head SET verified_size = $2, verified_hash = $3, verified_at = $4 WHERE workspace_id = $1 AND verified_size < $2',
    [workspaceId, row.size, result.head, row.now],
  );
  return { ...view, verified: true };
}

async function emptyChain(db: Database): Promise<ChainView> {
  const [row] = await db.query<{ now: Date }>('SELECT app_now() AS now');
  const verifiedAt = (row?.now ?? new Date(0)).toISOString();
  return { size: 0, root: Buffer.from(EMPTY_HEAD).toString('hex'), verified: true, verifiedAt, verifiedFrom: 0 };
}

async function verifyRange(
  db: Database,
  workspaceId: string,
  start: Uint8Array,
  from: bigint,
  to: bigint,
): Promise<ReturnType<typeof verifyChain>> {
  let head = start;
  let size = from;
  while (size < to) {
    const rows = await db.query<{ seq: string; hash: Buffer; body: Buffer }>(
      `SELECT l.seq::text AS seq, l.hash, e.body FROM audit_link l JOIN audit_entry e ON e.id = l.entry_id
       WHERE l.workspace_id = $1 AND l.seq > $2 AND l.seq <= $3 ORDER BY l.seq LIMIT ${BATCH}`,
      [workspaceId, String(size), String(to)],
    );
    if (rows.length === 0) return { kind: 'broken', seq: size + 1n, reason: 'gap' };
    const result = verifyChain(
      sha256,
      head,
      size,
      rows.map((row) => ({ seq: BigInt(row.seq), body: row.body, hash: row.hash })),
    );
    if (result.kind === 'broken') return result;
    ({ head, size } = result);
  }
  return { kind: 'intact', head, size };
}
