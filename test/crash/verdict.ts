import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { callTool, type Json } from './client.ts';
import { readStanding, type Held, type Standing } from './round.ts';
import type { Sink } from './sink.ts';
import type { Scene } from './world.ts';

export interface Verdict {
  /** Why the answer is lost: what people said yes to did not happen, is not asked about, or its record is wrong. */
  readonly lost: string | undefined;
  readonly isTwice: boolean;
  /** Its end was not seen, and a person is asked. */
  readonly isUnknown: boolean;
}

/** Everything that the record of a batch says. */
export interface Facts {
  readonly standings: ReadonlyMap<string, Standing>;
  readonly events: ReadonlyMap<string, readonly string[]>;
  readonly reviews: ReadonlyMap<string, number>;
  /** Requests that ask whether the action happened, by action. */
  readonly questions: ReadonlySet<string>;
  /** How often each kind of entry names an action or a request. */
  readonly entries: ReadonlyMap<string, number>;
  readonly isChainWhole: boolean;
  readonly files: string;
}

export async function readFacts({ pool, front, files }: Scene): Promise<Facts> {
  const all = async <Row>(sql: string): Promise<Row[]> => (await pool.query(sql)).rows as Row[];
  const requests = await all<{ id: string }>(`SELECT id FROM approval_request WHERE purpose = 'action'`);
  const standings = await readStanding(
    pool,
    requests.map(({ id }) => id),
  );
  const events = await all<{ id: string; kinds: string[] }>(
    'SELECT request_id AS id, array_agg(kind ORDER BY id) AS kinds FROM approval_event GROUP BY 1',
  );
  const reviews = await all<{ id: string; count: number }>(
    'SELECT request_id AS id, count(*)::int AS count FROM approval_review GROUP BY 1',
  );
  const questions = await all<{ action_id: string }>(
    `SELECT action_id FROM approval_request WHERE purpose = 'effect_unknown' AND status = 'pending'`,
  );
  const entries = await all<{ what: string; count: number }>(
    `SELECT concat(b ->> 'kind', ' ', coalesce(b -> 'action' ->> 'id', b -> 'data' ->> 'approvalId')) AS what, count(*)::int AS count
     FROM (SELECT convert_from(body, 'UTF8')::jsonb AS b FROM audit_entry) e GROUP BY 1`,
  );
  const { chain } = await callTool(front.url, 'audit_log', { limit: 1 });
  return {
    standings: new Map(standings.map((each) => [each.approval_id, each])),
    events: new Map(events.map(({ id, kinds }) => [id, kinds])),
    reviews: new Map(reviews.map(({ id, count }) => [id, count])),
    questions: new Set(questions.map((each) => each.action_id)),
    entries: new Map(entries.map(({ what, count }) => [what, count])),
    isChainWhole: (chain as Json)['verified'] === true,
    files,
  };
}

export function toVerdict(facts: Facts, sink: Sink, held: Held): Verdict {
  const standing = facts.standings.get(held.approvalId);
  const done = countEffects(facts, sink, held);
  const isUnknown = standing?.execution === 'unknown';
  const lost = findLoss(facts, held, standing, done) ?? findGap(facts, held, standing);
  return { lost, isTwice: done > 1, isUnknown };
}

/** How often it was done. */
function countEffects({ files }: Facts, sink: Sink, { effect, token }: Held): number {
  switch (effect) {
    case 'plain':
      return sink.plain(token);
    case 'keyed':
      return sink.keys(token);
    case 'append':
      return readIf(join(files, 'log.txt')).filter((line) => line === token).length;
    case 'create':
      return readIf(join(files, 'made', `${token}.txt`)).filter((line) => line === token).length;
  }
}

function readIf(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
}

/** What people agreed to happens, or somebody is asked whether it did. */
function findLoss({ questions }: Facts, held: Held, standing: Standing | undefined, done: number): string | undefined {
  if (standing === undefined) return 'the request is gone';
  const { status, execution, run_status: runStatus, action_id: actionId } = standing;
  const where = `request ${status}, action ${execution ?? 'not begun'}, run ${runStatus ?? 'none'}, done ${done} times`;
  if (status !== 'consumed') return `not consumed: ${where}`;
  if (execution === 'succeeded') {
    if (done === 0) return `said to have succeeded: ${where}`;
    return held.way === 'run' && runStatus !== 'succeeded' ? `the run does not go on: ${where}` : undefined;
  }
  if (execution !== 'unknown') return `neither done nor in doubt: ${where}`;
  if (held.effect !== 'plain') return `in doubt although it can be repeated: ${where}`;
  if (actionId === null || !questions.has(actionId)) return `in doubt and nobody is asked: ${where}`;
  return held.way === 'run' && runStatus !== 'waiting_approval' ? `in doubt, and the run ended: ${where}` : undefined;
}

/** The history says the same, once. */
function findGap(facts: Facts, { approvalId }: Held, standing: Standing | undefined): string | undefined {
  const kinds = facts.events.get(approvalId) ?? [];
  const life = kinds.filter((kind) => kind !== 'review_refused').join(' ');
  if (life !== 'opened reviewed approved consumed') return `its history is: ${kinds.join(' ')}`;
  if (facts.reviews.get(approvalId) !== 1) return `it has ${facts.reviews.get(approvalId) ?? 0} reviews`;
  const wrong = [`approval.approved ${approvalId}`, `action.executed ${standing?.action_id ?? ''}`].filter(
    (what) => facts.entries.get(what) !== 1,
  );
  if (wrong.length > 0) return `not once in the record: ${wrong.join(', ')}`;
  return facts.isChainWhole ? undefined : 'the record does not verify';
}
