import type { Database, Tx } from '../../platform/db/index.ts';
import type { AuditBody, AuditKind, AuditOutcome } from './entry.ts';

/** Rows under this id count a whole workspace. */
const WHOLE_WORKSPACE = '00000000-0000-0000-0000-000000000000';
const GRAINS = { minute: 60_000, hour: 3_600_000 } as const;
const BUCKETS = 52;

export interface RollupEntry {
  readonly body: AuditBody;
  readonly workspaceId: string;
  readonly at: Date;
}

export interface Count {
  readonly kind: AuditKind;
  readonly outcome: AuditOutcome;
  readonly count: number;
  readonly costMicros: number;
  /** Histogram: element i counts what took at least 2^((i-1)/2) and under 2^(i/2) milliseconds. Empty when nothing was timed. */
  readonly durations: readonly number[];
}

interface Row {
  readonly key: string[];
  count: number;
  cost: number;
  durations: number[];
}

export async function addRollups(tx: Tx, entries: readonly RollupEntry[]): Promise<void> {
  const rows = new Map<string, Row>();
  for (const entry of entries) {
    for (const agentId of new Set([WHOLE_WORKSPACE, entry.body.agentId ?? WHOLE_WORKSPACE])) {
      for (const grain of ['minute', 'hour'] as const) add(rows, entry, agentId, grain);
    }
  }
  // Sorted, so that two processes never lock the same rows in different orders; one statement, whatever their number.
  const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  const column = (at: number): (string | undefined)[] => sorted.map(({ key }) => key[at]);
  await tx.query(
    `INSERT INTO audit_rollup AS r (workspace_id, agent_id, grain, bucket, kind, outcome, count, cost_micros, durations)
     SELECT w, a, g, b, k, o, n, c, d::int[]
       FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::text[])
         WITH ORDINALITY AS t(w, a, g, b, k, o, n, c, d, i) ORDER BY i
     ON CONFLICT (workspace_id, agent_id, grain, bucket, kind, outcome) DO UPDATE SET
       count = r.count + excluded.count, cost_micros = r.cost_micros + excluded.cost_micros,
       durations = CASE WHEN excluded.durations = '{}' THEN r.durations WHEN r.durations = '{}' THEN excluded.durations
         ELSE ARRAY(SELECT a + b FROM unnest(r.durations, excluded.durations) WITH ORDINALITY AS d(a, b, i) ORDER BY i) END`,
    [
      ...[0, 1, 2, 3, 4, 5].map(column),
      sorted.map(({ count }) => count),
      sorted.map(({ cost }) => cost),
      sorted.map(({ durations }) => `{${durations.join()}}`),
    ],
  );
}

function add(
  rows: Map<string, Row>,
  { body, workspaceId, at }: RollupEntry,
  agentId: string,
  grain: keyof typeof GRAINS,
): void {
  const bucket = new Date(Math.floor(at.getTime() / GRAINS[grain]) * GRAINS[grain]).toISOString();
  const key = [workspaceId, agentId, grain, bucket, body.kind, body.outcome];
  const id = key.join(' ');
  const row = rows.get(id) ?? { key, count: 0, cost: 0, durations: [] };
  row.count += 1;
  row.cost += body.costMicros ?? 0;
  if (body.durationMs !== undefined) row.durations = plus(row.durations, bucketOf(body.durationMs));
  rows.set(id, row);
}

function plus(durations: number[], bucket: number): number[] {
  const filled = durations.length > 0 ? durations : new Array<number>(BUCKETS).fill(0);
  filled[bucket] = (filled[bucket] ?? 0) + 1;
  return filled;
}

export function bucketOf(ms: number): number {
  return ms < 1 ? 0 : Math.min(BUCKETS - 1, Math.floor(2 * Math.log2(ms)) + 1);
}

/** Upper end of the bucket that holds the given share (0 to 1) of what was timed; undefined when nothing was. */
export function percentile(durations: readonly number[], share: number): number | undefined {
  const total = durations.reduce((sum, n) => sum + n, 0);
  if (total === 0) return undefined;
  let seen = 0;
  const bucket = durations.findIndex((n) => (seen += n) >= share * total);
  return Math.round(2 ** (bucket / 2));
}

type Range = readonly [from: Date, to: Date];

/** A window cut into whole hours, whole minutes and what is left at its two ends. */
function cutWindow(start: Date, end: Date): { minutes: Range[]; hours: Range[]; edges: Range[] } {
  const cut = (at: Date, grain: keyof typeof GRAINS, round: 'floor' | 'ceil'): Date =>
    new Date(Math[round](at.getTime() / GRAINS[grain]) * GRAINS[grain]);
  const firstMinute = cut(start, 'minute', 'ceil');
  const lastMinute = cut(end, 'minute', 'floor');
  if (lastMinute <= firstMinute) return { minutes: [], hours: [], edges: [[start, end]] };
  const edges: Range[] = [
    [start, firstMinute],
    [lastMinute, end],
  ];
  const firstHour = cut(start, 'hour', 'ceil');
  const lastHour = cut(end, 'hour', 'floor');
  if (lastHour <= firstHour) return { minutes: [[firstMinute, lastMinute]], hours: [], edges };
  const minutes: Range[] = [
    [firstMinute, firstHour],
    [lastHour, lastMinute],
  ];
  return { minutes, hours: [[firstHour, lastHour]], edges };
}

interface CountRow {
  readonly kind: AuditKind;
  readonly outcome: AuditOutcome;
  readonly count: string;
  readonly cost: string;
  readonly durations: number[];
}

/**
 * Counts by kind and outcome in [start, end): whole hours and minutes from the rollups, the two partial minutes from the entries, so
 * the cost is bounded by the number of buckets and the counts are exact. Costs and durations are of whole minutes only.
 */
export async function countEntries(
  db: Database,
  workspaceId: string,
  agentId: string | undefined,
  start: Date,
  end: Date,
): Promise<Count[]> {
  const { minutes, hours, edges } = cutWindow(start, end);
  const ranges = [
    ...minutes.map((range) => ['minute', ...range] as const),
    ...hours.map((range) => ['hour', ...range] as const),
  ];
  const rows = await db.query<CountRow>(COUNT_SQL(agentId !== undefined), [
    workspaceId,
    agentId ?? WHOLE_WORKSPACE,
    ranges.map(([grain]) => grain),
    ranges.map(([, from]) => from),
    ranges.map(([, , to]) => to),
    edges.map(([from]) => from),
    edges.map(([, to]) => to),
  ]);
  return rows.map(({ kind, outcome, count, cost, durations }) => {
    return { kind, outcome, count: Number(count), costMicros: Number(cost), durations };
  });
}

const COUNT_SQL = (byAgent: boolean): string => `
  WITH part AS (
    SELECT r.kind, r.outcome, r.count, r.cost_micros, r.durations
      FROM unnest($3::text[], $4::timestamptz[], $5::timestamptz[]) AS s(grain, t0, t1)
      JOIN audit_rollup r ON r.workspace_id = $1 AND r.agent_id = $2::uuid AND r.grain = s.grain AND r.bucket >= s.t0 AND r.bucket < s.t1
    UNION ALL
    SELECT l.kind, l.outcome, count(*), 0, '{}'::int[]
      FROM unnest($6::timestamptz[], $7::timestamptz[]) AS s(t0, t1)
      JOIN audit_link l ON ${byAgent ? 'l.agent_id = $2::uuid' : 'l.workspace_id = $1'} AND l.at >= s.t0 AND l.at < s.t1
      WHERE l.workspace_id = $1 AND $2::uuid IS NOT NULL
      GROUP BY l.kind, l.outcome)
  SELECT kind, outcome, sum(count)::text AS count, sum(cost_micros)::text AS cost,
    coalesce((SELECT array_agg(n ORDER BY i) FROM (
      SELECT d.i, sum(d.n)::int AS n FROM part p2, unnest(p2.durations) WITH ORDINALITY AS d(n, i)
      WHERE p2.kind = part.kind AND p2.outcome = part.outcome GROUP BY d.i) AS h), '{}') AS durations
  FROM part GROUP BY kind, outcome ORDER BY kind, outcome`;
