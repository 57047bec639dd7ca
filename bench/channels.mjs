// Measures what somebody in Slack feels: from the click to the effect, alone and while another agent asks for 5,000 things in a minute.
// One real server process, a real MCP client, and a stand-in for Slack that signs as Slack does.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import pg from 'pg';
import { importTs } from '../scripts/import-ts.mjs';
import { addHeldAgent, startServer } from './http-server.mjs';
import { median, quantile } from './measure.mjs';

const CLICKS = 40;
const FLOOD = Number(process.env.BENCH_FLOOD ?? 5_000);
const FLOOD_SECONDS = 60;
const APPROVE = 'approval.approve';
const USER = 'U0ADA';
const EMAIL = 'ada@example.org';
/** Slack gives up after three seconds. */
const ACK_MS = 3_000;
const CLICK_MS = 1_000;
const ALONE = 'alone';
const UNTIL_MS = 60_000;
/** The flood is refused by the same process on the same cores: what is left for others at two thirds of its time is a wait of three times the work. */
const SLOWER = 3;

async function until(look, what) {
  const deadline = performance.now() + UNTIL_MS;
  for (;;) {
    const found = look();
    if (found) return found;
    if (performance.now() > deadline) throw new Error(`${what} did not happen within ${UNTIL_MS} ms`);
    await sleep(1);
  }
}

/** One held write from the call to the effect: times in milliseconds. */
async function clickOnce({ slack, standIn, server, client, agentId, files }, name) {
  const calledAt = performance.now();
  const params = { path: `${name}.txt`, content: name, mode: 'create' };
  const call = client.callTool({ name: 'perform_action', arguments: { agentId, action: 'file.write', params } });
  call.catch(() => undefined);
  const message = await until(
    () => slack.messages.findLast(({ blocks }) => JSON.stringify(blocks).includes(`${name}.txt`)),
    `the notice about ${name}`,
  );
  const noticeMs = performance.now() - calledAt;
  const { body, headers } = standIn.sign(standIn.press(message, USER, APPROVE), Date.now() / 1_000);
  const pressedAt = performance.now();
  const response = await fetch(`${server.url}/slack/interactions`, { method: 'POST', body, headers });
  const ackMs = performance.now() - pressedAt;
  if (response.status !== 200) throw new Error(`the click was answered with ${response.status}`);
  await until(() => existsSync(join(files, `${name}.txt`)), `the write of ${name}`);
  const effectMs = performance.now() - pressedAt;
  const told = await call;
  if (told.isError) throw new Error(`an approved write was refused: ${JSON.stringify(told.content)}`);
  const readAt = performance.now();
  const read = { agentId, action: 'file.read', params: { path: `${name}.txt` } };
  await client.callTool({ name: 'perform_action', arguments: read });
  return { noticeMs, ackMs, effectMs, callMs: performance.now() - readAt };
}

async function clickWhile(all, prefix, goesOn) {
  const clicks = [];
  // The first few are not counted: the server loads what it needs when it needs it.
  for (let i = -3; i < 5 || goesOn(i); i++) {
    const click = await clickOnce(all, `${prefix}-${i}`);
    if (i >= 0) clicks.push(click);
  }
  const column = (name) => clicks.map((click) => click[name]);
  return { count: clicks.length, ...Object.fromEntries(Object.keys(clicks[0]).map((name) => [name, column(name)])) };
}

const SHOWN = [
  ['effectMs', 'Slack click to the file written', CLICK_MS],
  ['ackMs', 'Slack click to its acknowledgement', ACK_MS],
  ['noticeMs', 'held call to its notice in Slack', undefined],
  ['callMs', 'an allowed call', undefined],
];

function show(report, times, when) {
  for (const [name, what, target] of SHOWN) {
    report.add(`${what}, ${when}, p50`, median(times[name]), 'ms');
    report.add(
      `${what}, ${when}, p95`,
      quantile(times[name], 0.95),
      'ms',
      when === ALONE || name === 'ackMs' ? target : undefined,
    );
  }
  report.add(`${SHOWN[1][1]}, ${when}, longest`, Math.max(...times.ackMs), 'ms', ACK_MS);
}

/** 5,000 held calls of another agent in a minute; what they were told, and the most that were open at once. */
function startFlood({ server, busyId, db }) {
  const flood = { isOver: false, mostOpen: 0, askedSeconds: 0 };
  const worker = new Worker(new URL('./flood.mjs', import.meta.url), {
    workerData: { url: server.url, agentId: busyId, count: FLOOD, seconds: FLOOD_SECONDS },
  });
  flood.told = new Promise((resolve, reject) => {
    worker.on('error', reject).on('message', (message) => {
      if (message.kind === 'told') return resolve(message);
      flood.isOver = true;
      flood.askedSeconds = message.seconds;
    });
  });
  void flood.told.catch(() => undefined).then(() => (flood.isOver = true));
  void watchOpen(db, busyId, flood).catch(() => undefined);
  return flood;
}

async function watchOpen(db, busyId, flood) {
  const sql = `SELECT count(*)::int AS open FROM approval_request WHERE agent_id = $1 AND status = 'pending'`;
  while (!flood.isOver) {
    const { rows } = await db.query(sql, [busyId]);
    flood.mostOpen = Math.max(flood.mostOpen, rows[0].open);
    await sleep(250);
  }
}

async function measure(all, report) {
  const quiet = await clickWhile(all, 'quiet', (i) => i < CLICKS);
  show(report, quiet, ALONE);
  const flood = startFlood(all);
  const crowded = await clickWhile(all, 'crowded', () => !flood.isOver);
  const { refused, held, other } = await flood.told;
  show(report, crowded, 'in the flood');
  for (const [name, what] of SHOWN)
    report.add(`${what}: in the flood : alone`, median(crowded[name]) / median(quiet[name]), 'x', SLOWER);
  report.add(`clicks beside the flood of ${FLOOD} held calls`, crowded.count, '');
  report.add('the flood was asked within', flood.askedSeconds, 's', FLOOD_SECONDS * 1.1);
  report.add('of the flood: refused with approval_backpressure', refused, '');
  report.add('of the flood: held', held, '', 20);
  report.add('of the flood: anything else', other, '', 0);
  report.add('of the flood: most open at once', flood.mostOpen, '', 20);
}

/** One process with everything, on the embedded database of `dataDir`. */
export async function measureChannels(report, { ours, env, dataDir }) {
  const standIn = await importTs('test/support/slack-stand-in.ts');
  const slack = await standIn.SlackStandIn.start();
  slack.addUser(USER);
  const full = {
    ...{ ...process.env, ...env, AGENTOS_AUTH: 'loopback', SLACK_BOT_TOKEN: 'xoxb-bench' },
    ...{ SLACK_SIGNING_SECRET: slack.secret, SLACK_API_URL: slack.url },
  };
  const agentos = (...args) => promisify(execFile)(process.execPath, [ours, ...args], { env: full });
  const server = await startServer(ours, full);
  const { startEmbeddedPostgres } = await importTs('src/platform/db/embedded-postgres.ts');
  const postgres = await startEmbeddedPostgres({ dataDir, log: () => undefined });
  const db = new pg.Client(postgres.connection);
  const client = new Client({ name: 'bench', version: '1.0.0' });
  try {
    await db.connect();
    await agentos('user', 'add', '--email', EMAIL, '--role', 'approver');
    await agentos('user', 'link-slack', '--email', EMAIL, '--team', standIn.TEAM, '--user', USER);
    await client.connect(new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`)));
    const [agentId, busyId] = [await addHeldAgent(server), await addHeldAgent(server)];
    await measure({ slack, standIn, server, client, db, agentId, busyId, files: join(dataDir, 'files') }, report);
  } finally {
    await client.close();
    await db.end();
    server.stop();
    await new Promise((resolve) => server.child.once('exit', resolve));
    await postgres.stopIfLast();
    await slack.close();
  }
}
