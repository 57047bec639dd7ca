// Measures what the product promises, on this machine, against a bare SDK server and against itself with little data.
// `npm run bench policy` measures decisions only, `npm run bench actions` many governed actions at once, `npm run bench create-policy` the
// writing of policies, `npm run bench approvals` and `npm run bench channels` what people who answer feel. Linux only (it reads /proc). Exits with 1 when a target is missed.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureApprovals } from './approvals.mjs';
import { measureChannels } from './channels.mjs';
import { measureGoverned } from './governed.mjs';
import { measureCreatePolicy } from './create-policy.mjs';
import { median, pssOfTree, quantile, repeat, Report, rssOf } from './measure.mjs';
import { measurePolicies } from './policy.mjs';
import { RawClient } from './raw-client.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const ours = here('../dist/bundle/main.js');
const bare = here('./bare-server.mjs');
const STARTS = 9;
const FEW = 100;
const MANY = Number(process.env.BENCH_AGENTS ?? 10_000);
const report = new Report();
const env = { AGENTOS_DATA_DIR: '', AGENTOS_LOG_LEVEL: 'error', DATABASE_URL: '', REDIS_URL: '' };

async function untilListed(args) {
  const client = new RawClient(args, env);
  await client.initialize();
  await client.request('tools/list');
  const listedMs = performance.now() - client.startedAt;
  return { client, listedMs };
}

async function untilFirstCall() {
  const { client } = await untilListed([ours]);
  await client.call('list_agents', { limit: 1 });
  const calledMs = performance.now() - client.startedAt;
  await client.close();
  return calledMs;
}

async function measureStart() {
  report.add(
    'first start on an empty data dir, to the first answer from the database',
    await untilFirstCall(),
    'ms',
    3_000,
  );
  const listed = { ours: [], bare: [] };
  for (let i = 0; i < STARTS; i++) {
    for (const [name, path] of [
      ['bare', bare],
      ['ours', ours],
    ]) {
      const { client, listedMs } = await untilListed([path]);
      listed[name].push(listedMs);
      await client.close();
    }
  }
  report.add('spawn to tools/list, bare SDK server', median(listed.bare), 'ms');
  report.add('spawn to tools/list, ours', median(listed.ours), 'ms');
  report.add('ours : bare', median(listed.ours) / median(listed.bare), 'x', 1.5);
  const first = [];
  for (let i = 0; i < 5; i++) first.push(await untilFirstCall());
  report.add('warm start to the first answer from the database', median(first), 'ms', 1_000);
}

async function addAgents(client, from, to) {
  const ids = [];
  for (let i = from; i < to; i += 16) {
    const batch = Array.from({ length: Math.min(16, to - i) }, (_, k) =>
      client.call('create_agent', {
        description: `Keep list item${i + k}x of the warehouse tidy`,
        name: `bench-${i + k}`,
        steps: [{ name: 'look', action: 'file.list', params: { path: 'inbox' } }],
      }),
    );
    ids.push(...(await Promise.all(batch)).map(({ agent }) => agent.id));
    if (i % 1_600 === 0 && i > from) console.log(`  ${i} agents`);
  }
  return ids;
}

const READS = {
  get_agent_status: (id) => ({ agentId: id }),
  audit_log: () => ({}),
  'audit_log of one agent': (id) => ({ agentId: id }),
  list_agents: () => ({}),
  'list_agents by word': () => ({ search: 'item77x' }),
};

async function measureReads(client, ids) {
  const p50 = {};
  for (const [name, args] of Object.entries(READS)) {
    const call = (i) => client.call(name.split(' ')[0], args(ids[i % ids.length]));
    await repeat(20, call);
    const times = await repeat(150, call);
    p50[name] = median(times);
    report.add(`${name}, ${ids.length} agents, p50`, p50[name], 'ms');
    report.add(`${name}, ${ids.length} agents, p95`, quantile(times, 0.95), 'ms');
  }
  return p50;
}

async function measureGrowth(client) {
  const few = await addAgents(client, 0, FEW);
  const small = await measureReads(client, few);
  console.log(`adding agents up to ${MANY}`);
  const all = [...few, ...(await addAgents(client, FEW, MANY))];
  await client.call('audit_log');
  const large = await measureReads(client, all);
  for (const name of Object.keys(READS))
    report.add(`${name}: ${MANY} agents : ${FEW} agents`, large[name] / small[name], 'x', 1.5);
}

/** With the policies that are recommended; their limits of a minute and of loops are raised, so that hundreds of calls a second pass. */
async function addWriter(client) {
  const { agent } = await client.call('create_agent', {
    description: 'Keep files',
    grants: ['file.*'],
    steps: [{ name: 'look', action: 'file.list', params: { path: '.' } }],
    parameters: { identicalPerMinute: 10_000, writesPerMinute: 100_000 },
  });
  return agent.id;
}

async function measureActions(client, agentId) {
  const write = (i) =>
    client.call('perform_action', { agentId, action: 'file.write', params: { path: `out/${i}.txt`, content: 'x' } });
  report.add('perform_action file.write, first 50, p50', median(await repeat(50, write)), 'ms');
  const read = (i) =>
    client.call('perform_action', { agentId, action: 'file.read', params: { path: `out/${i % 50}.txt` } });
  const times = await repeat(300, read);
  report.add('perform_action file.read (decided and recorded), p50', median(times), 'ms');
  report.add('perform_action file.read (decided and recorded), p95', quantile(times, 0.95), 'ms');
}

async function measureMemory() {
  const { client } = await untilListed([ours]);
  const agentId = await addWriter(client);
  const calls = [
    ['list_agents', { limit: 10 }],
    ['get_agent_status', { agentId }],
    ['audit_log', { limit: 10 }],
    ['perform_action', { agentId, action: 'file.list', params: { path: '.' } }],
  ];
  for (let i = 0; i < 1_000; i++) await client.call(...calls[i % calls.length]);
  report.add('server process after 1,000 calls, RSS', rssOf(client.process.pid), 'MiB', 110);
  const [postmaster] = readFileSync(join(env.AGENTOS_DATA_DIR, 'postgres', 'pg18', 'postmaster.pid'), 'utf8').split(
    '\n',
  );
  report.add('embedded Postgres with all its processes, PSS', pssOfTree(Number(postmaster)), 'MiB', 45);
  return client;
}

async function measureServer() {
  await measureStart();
  const client = await measureMemory();
  await measureGrowth(client);
  await measureActions(client, await addWriter(client));
  await client.close();
}

async function measureAtOnce() {
  const clients = {
    ours: new RawClient([ours], env),
    bare: new RawClient([bare], { BENCH_FOLDER: env.AGENTOS_DATA_DIR }),
  };
  for (const client of Object.values(clients)) await client.initialize();
  await measureGoverned(report, clients);
  for (const client of Object.values(clients)) await client.close();
}

async function measureCreation() {
  const client = new RawClient([ours], env);
  await client.initialize();
  await measureCreatePolicy(report, client);
  await client.close();
}

const PARTS = {
  policy: () => measurePolicies(report),
  actions: measureAtOnce,
  'create-policy': measureCreation,
  approvals: () => measureApprovals(report, { ours, env, dataDir: env.AGENTOS_DATA_DIR }),
  channels: () => measureChannels(report, { ours, env, dataDir: env.AGENTOS_DATA_DIR }),
  server: measureServer,
};
/** Each part starts on an empty data dir. */
async function run(measure) {
  env.AGENTOS_DATA_DIR = mkdtempSync(join(tmpdir(), 'agentos-bench-'));
  try {
    await measure();
  } finally {
    rmSync(env.AGENTOS_DATA_DIR, { recursive: true, force: true });
  }
}

const [, , part] = process.argv;
if (part !== undefined && PARTS[part] === undefined) {
  console.error(`There is no part ${part}. Parts: ${Object.keys(PARTS).join(', ')}; without one, all.`);
  process.exit(2);
}

try {
  for (const [name, measure] of Object.entries(PARTS)) if (part === undefined || part === name) await run(measure);
} finally {
  report.print();
}
if (report.failed > 0) {
  console.error(`${report.failed} of the targets missed`);
  process.exit(1);
}
