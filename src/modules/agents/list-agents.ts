import type { AgentStatus } from '../../kernel/run/model.ts';
import type { Database } from '../../platform/db/index.ts';
import { AppError } from '../../platform/errors/index.ts';

export interface ListAgentsQuery {
  readonly status?: AgentStatus;
  /** Words of the name or task; each may be the beginning of a word. */
  readonly search?: string;
  /** 1 to 200, 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
}

export interface AgentSummary {
  readonly id: string;
  readonly name: string;
  readonly status: AgentStatus;
  readonly version: number;
  readonly deployedVersion?: number;
  readonly task: string;
  readonly schedule?: { readonly cron: string; readonly timezone: string; readonly nextRunAt: string };
  readonly createdAt: string;
}

export interface AgentPage {
  readonly agents: readonly AgentSummary[];
  readonly nextCursor?: string;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly status: AgentStatus;
  readonly latest_version: number;
  readonly deployed_version: number | null;
  readonly task: string;
  readonly created_at: Date;
  /** Microseconds matter in a cursor; a Date has none. */
  readonly created: string;
  readonly cron: string | null;
  readonly timezone: string | null;
  readonly next_run_at: Date | null;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

/** One page, newest first, walked on an index from the cursor. */
export async function listAgents(db: Database, workspaceId: string, query: ListAgentsQuery): Promise<AgentPage> {
  const limit = Math.min(query.limit ?? DEFAULT_LIMIT, MAX_LIMIT);
  const values: unknown[] = [workspaceId];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const where = ['a.workspace_id = $1'];
  if (query.status !== undefined) where.push(`a.status = ${bind(query.status)}`);
  const words = toPrefixes(query.search);
  if (words !== undefined) where.push(`a.search @@ to_tsquery('simple', ${bind(words)})`);
  if (query.cursor !== undefined) {
    const { at, id } = parseCursor(query.cursor);
    const created = bind(at);
    where.push(
      `(a.created_at < ${created}::timestamptz OR (a.created_at = ${created}::timestamptz AND a.id > ${bind(id)}::uuid))`,
      `a.created_at <= ${created}::timestamptz`,
    );
  }
  const rows = await db.query<Row>(
    `SELECT a.id, a.name, a.status, a.latest_version, a.deployed_version, left(a.task, 300) AS task, a.created_at, a.created_at::text AS created,
       s.cron, s.timezone, s.next_run_at
     FROM (SELECT * FROM agent a WHERE ${where.join(' AND ')} ORDER BY a.created_at DESC, a.id LIMIT ${limit + 1}) a
     LEFT JOIN agent_schedule s ON s.agent_id = a.id AND s.active ORDER BY a.created_at DESC, a.id`,
    values,
  );
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    agents: shown.map(toSummary),
    ...(rows.length > limit && last !== undefined ? { nextCursor: toCursor(last) } : {}),
  };
}

function toPrefixes(search: string | undefined): string | undefined {
  const words =
    search
      ?.toLowerCase()
      .match(/[\p{L}\p{N}]+/gu)
      ?.slice(0, 10) ?? [];
  return words.length === 0 ? undefined : words.map((word) => `${word}:*`).join(' & ');
}

function toSummary(row: Row): AgentSummary {
  const schedule =
    row.cron !== null && row.timezone !== null && row.next_run_at !== null
      ? { schedule: { cron: row.cron, timezone: row.timezone, nextRunAt: row.next_run_at.toISOString() } }
      : {};
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    version: row.latest_version,
    ...(row.deployed_version === null ? {} : { deployedVersion: row.deployed_version }),
    task: row.task,
    ...schedule,
    createdAt: row.created_at.toISOString(),
  };
}

function toCursor({ created, id }: Row): string {
  return Buffer.from(`${created}|${id}`).toString('base64url');
}

function parseCursor(cursor: string): { at: string; id: string } {
  const [at = '', id = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split('|');
  if (Number.isNaN(Date.parse(at)) || !/^[0-9a-f-]{36}$/.test(id)) {
    throw new AppError(
      'invalid_input',
      'The `cursor` was not made by this tool. Pass the `nextCursor` of the page before, or none for the first page.',
    );
  }
  return { at, id };
}
