// Measures what a person feels: from the answer to the effect, and how many answers a second are taken, with few and with many open requests.
// All but a few of the open requests are copies, made by SQL, of one that was really held: all columns, its timers; no audit entries. They are of a second
// agent, because no agent may have so many.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { importTs } from '../scripts/import-ts.mjs';
import { addHeldAgent, callTool, startServer } from './http-server.mjs';
import { median, quantile } from './measure.mjs';

const FEW = 100;
const MANY = Number(process.env.BENCH_REQUESTS ?? 10_000);
const ANSWERS = 60;
const REVIEWERS = 4;
const AT_ONCE = 200;
/** How long a call waits for its answer: as a client does, but not so long that hundreds of them wait at once. */
const WAIT_MS = 1_000;

async function signIn({ url }, agentos, email) {
  await agentos('user', 'add', '--email', email, '--role', 'approver');
  const [, token] = (await agentos('sign-in-link', '--email', email)).stdout.trim().split('#');
  const response = await fetch(`${url}/api/v1/auth/link`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  const { csrfToken } = await response.json();
  const cookie = response.headers.getSetCookie().map((one) => one.split(';')[0]);
  return { cookie: cookie.join('; '), 'x-csrf-token': csrfToken, 'content-type': 'application/json' };
}

/** Holds a write of a new file by a call that waits for a second; what is needed to answer. */
async function hold({ server, agentId, db }, name) {
  const params = { path: `${name}.txt`, content: name, mode: 'create' };
  const call = { agentId, action: 'file.write', params };
  void callTool(server.url, 'perform_action', call, AbortSignal.timeout(WAIT_MS)).catch(() => undefined);
  for (let tries = 0; tries < 2_000; tries++) {
    const { rows } = await db.query(
      `SELECT id, action_hash FROM approval_request WHERE agent_id = $1 AND description LIKE $2 AND status = 'pending' AND purpose = 'action'
       AND created_at > clock_timestamp() - interval '1 minute' ORDER BY created_at DESC LIMIT 1`,
      [agentId, `%${name}.txt%`],
    );
    if (rows[0] !== undefined) return { id: rows[0].id, actionHash: rows[0].action_hash, name };
    await sleep(5);
  }
  throw new Error(`the write of ${name} was not held: ${server.log()}`);
}

async function answer({ server }, headers, { id, actionHash }) {
  const body = JSON.stringify({ verdict: 'approve', actionHash });
  const response = await fetch(`${server.url}/api/v1/approvals/${id}/reviews`, { method: 'POST', headers, body });
  const { counted, message } = await response.json();
  if (counted !== true) throw new Error(`a review did not count: ${response.status} ${message}`);
}

async function untilWritten({ files }, { name }) {
  const deadline = performance.now() + 30_000;
  while (!existsSync(join(files, `${name}.txt`))) {
    if (performance.now() > deadline) throw new Error(`${name} was approved and not written in 30 s`);
    await sleep(1);
  }
}

/** Copies of one held request and its action, until so many are open. */
async function fill({ db, otherId }, { id }, open) {
  await db.query('BEGIN');
  await db.query(
    `CREATE TEMP TABLE made ON COMMIT DROP AS SELECT gen_random_uuid() AS made_request, gen_random_uuid() AS made_action,
       md5(random()::text) || md5(random()::text) AS made_hash, i * interval '1 ms' AS later FROM
       generate_series(1, $1 - (SELECT count(*) FROM approval_request WHERE status = 'pending')) i`,
    [open],
  );
  const copies = [
    `INSERT INTO action SELECT (jsonb_populate_record(a, jsonb_build_object('id', made_action, 'agent_id', $2::text, 'action_hash', made_hash, 'approval_id', made_request))).*
     FROM action a JOIN approval_request q ON q.action_id = a.id, made WHERE q.id = $1`,
    `INSERT INTO approval_request SELECT (jsonb_populate_record(q, jsonb_build_object('id', made_request, 'agent_id', $2::text, 'action_id', made_action, 'action_hash', made_hash,
       'created_at', q.created_at - later, 'expires_at', q.expires_at + later))).* FROM approval_request q, made WHERE q.id = $1`,
    `INSERT INTO approval_timer SELECT made_request, t.kind, t.fire_at + later FROM approval_timer t, made WHERE t.request_id = $1`,
  ];
  for (const sql of copies) await db.query(sql, sql.includes('$2') ? [id, otherId] : [id]);
  await db.query('COMMIT');
  await db.query('ANALYZE');
}

async function measureAnswers(all, report, open) {
  const { rows } = await all.db.query(`SELECT count(*)::int AS count FROM approval_request WHERE status = 'pending'`);
  const times = [];
  for (let i = 0; i < ANSWERS + 5; i++) {
    const held = await hold(all, `one-${open}-${i}`);
    const start = performance.now();
    await answer(all, all.reviewers[0], held);
    await untilWritten(all, held);
    // The first few are not counted: the server loads what it needs when it needs it.
    if (i >= 5) times.push(performance.now() - start);
  }
  report.add(`answer to the file written, ${rows[0].count} open requests, p50`, median(times), 'ms');
  report.add(`answer to the file written, ${rows[0].count} open requests, p95`, quantile(times, 0.95), 'ms', 1_000);
  return median(times);
}

async function measureRate(all, report) {
  const held = [];
  for (let i = 0; i < AT_ONCE; i++) held.push(await hold(all, `many-${i}`));
  await sleep(WAIT_MS);
  const left = [...held];
  const start = performance.now();
  await Promise.all(
    all.reviewers.map(async (headers) => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) await answer(all, headers, next);
    }),
  );
  const answeredMs = performance.now() - start;
  for (const each of held) await untilWritten(all, each);
  const writtenMs = performance.now() - start;
  const who = `${REVIEWERS} people at once, ${MANY} open requests`;
  report.add(`reviews a second, ${who}`, (AT_ONCE * 1_000) / answeredMs, '/s');
  report.add(`the same with every file written`, (AT_ONCE * 1_000) / writtenMs, '/s');
}

/** One process with everything, on the embedded database of `dataDir`. */
export async function measureApprovals(report, { ours, env, dataDir }) {
  const all = { files: join(dataDir, 'files'), reviewers: [] };
  const full = { ...process.env, ...env, AGENTOS_AUTH: 'loopback' };
  const agentos = (...args) => promisify(execFile)(process.execPath, [ours, ...args], { env: full });
  all.server = await startServer(ours, full);
  const { startEmbeddedPostgres } = await importTs('src/platform/db/embedded-postgres.ts');
  const postgres = await startEmbeddedPostgres({ dataDir, log: () => undefined });
  all.db = new pg.Client(postgres.connection);
  try {
    await all.db.connect();
    for (let i = 0; i < REVIEWERS; i++)
      all.reviewers.push(await signIn(all.server, agentos, `reviewer-${i}@example.org`));
    await agentos('workspace', 'set', '--max-open-approvals', String(AT_ONCE * 2));
    all.agentId = await addHeldAgent(all.server);
    all.otherId = await addHeldAgent(all.server);
    const first = await hold(all, 'first');
    await fill(all, first, FEW);
    const few = await measureAnswers(all, report, FEW);
    await fill(all, first, MANY);
    const many = await measureAnswers(all, report, MANY);
    report.add(`answer to the file written: ${MANY} open requests : ${FEW}`, many / few, 'x', 1.5);
    await measureRate(all, report);
  } finally {
    await all.db.end();
    all.server.stop();
    await new Promise((resolve) => all.server.child.once('exit', resolve));
    await postgres.stopIfLast();
  }
}
