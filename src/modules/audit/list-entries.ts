import type { Database } from '../../platform/db/index.ts';
import { AppError } from '../../platform/errors/index.ts';
import type { AuditEntryView, AuditLogQuery } from './audit.dto.ts';
import { AUDIT_KINDS, AUDIT_OUTCOMES, type AuditBody } from './entry.ts';

interface Row {
  readonly seq: string;
  readonly at: Date;
  readonly body: Buffer;
}

/** One page, newest first. Every filter walks an index from the cursor on, so a page costs the same at any depth and size. */
export async function listEntries(
  db: Database,
  workspaceId: string,
  query: AuditLogQuery,
): Promise<{ entries: AuditEntryView[]; nextCursor?: string }> {
  const values: unknown[] = [workspaceId];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const where = ['l.workspace_id = $1'];
  if (query.agentId !== undefined) where.push(`l.agent_id = ${bind(query.agentId)}::uuid`);
  if (query.startTime !== undefined) where.push(`l.at >= ${bind(query.startTime)}::timestamptz`);
  if (query.endTime !== undefined) where.push(`l.at < ${bind(query.endTime)}::timestamptz`);
  if (query.cursor !== undefined) {
    const { at, seq } = parseCursor(query.cursor);
    where.push(`(l.at, l.seq) < (${bind(at)}::timestamptz, ${bind(seq)}::bigint)`);
  }
  const page = (extra: string): string =>
    `SELECT l.seq, l.at, l.entry_id FROM audit_link l WHERE ${where.join(' AND ')}${extra} ORDER BY l.at DESC, l.seq DESC LIMIT ${query.limit + 1}`;
  const isNarrow = query.actionFilter !== undefined || query.outcome !== undefined;
  const source = isNarrow ? pages(query, bind, page) : page('');
  const rows = await db.query<Row>(
    `SELECT p.seq::text AS seq, p.at, e.body FROM (${source}) p JOIN audit_entry e ON e.id = p.entry_id ORDER BY p.at DESC, p.seq DESC LIMIT ${query.limit + 1}`,
    values,
  );
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    entries: shown.map(toView),
    ...(rows.length > query.limit && last !== undefined ? { nextCursor: toCursor(last) } : {}),
  };
}

/** A filter on kind or outcome becomes one short index walk for each pair of them that can occur. */
function pages(query: AuditLogQuery, bind: (value: unknown) => string, page: (extra: string) => string): string {
  const kinds = AUDIT_KINDS.filter((kind) => kind.startsWith(query.actionFilter ?? ''));
  const outcomes = query.outcome === undefined ? AUDIT_OUTCOMES : [query.outcome];
  const pairs = kinds.flatMap((kind) => outcomes.map((outcome) => [kind, outcome] as const));
  const list = `unnest(${bind(pairs.map(([kind]) => kind))}::text[], ${bind(pairs.map(([, outcome]) => outcome))}::text[])`;
  return `SELECT q.* FROM ${list} AS f(kind, outcome) CROSS JOIN LATERAL (${page(' AND l.kind = f.kind AND l.outcome = f.outcome')}) q`;
}

function toView({ seq, body }: Row): AuditEntryView {
  const { id, at, kind, actor, agentId, runId, action, outcome, decision, data } = JSON.parse(
    body.toString('utf8'),
  ) as AuditBody;
  const optional = { agentId, runId, action, decision, data };
  const present = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
  return { seq: Number(seq), id, at, kind, actor, outcome, ...present };
}

function toCursor({ at, seq }: Row): string {
  return Buffer.from(`${at.toISOString()} ${seq}`).toString('base64url');
}

function parseCursor(cursor: string): { at: string; seq: string } {
  const [at = '', seq = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  if (Number.isNaN(Date.parse(at)) || !/^\d{1,18}$/.test(seq)) {
    throw new AppError(
      'invalid_input',
      'The `cursor` was not made by this tool. Pass the `nextCursor` of the page before, or none for the first page.',
    );
  }
  return { at, seq };
}
