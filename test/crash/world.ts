import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { callTool, signIn, type Json, type Session } from './client.ts';
import { EFFECTS, type Effect, type Target } from './plan.ts';
import { CrashProcess, type Env } from './process.ts';
import type { Sink } from './sink.ts';

const run = promisify(execFile);

/** Everything that is done waits for a person; nothing else is in the way of many rounds in a minute. */
const ASK_FIRST = {
  name: 'ask-first',
  condition: 'action.sideEffect != "none"',
  action: 'require_approval',
  severity: 'high',
  message: 'Asked first.',
};

/** What each kind of effect does; `token` says which round it belongs to. */
export function toAction(
  effect: Effect,
  sink: Sink,
  token: string,
): { readonly action: string; readonly params: Json } {
  switch (effect) {
    case 'plain':
      return { action: 'http.request', params: { url: `http://${sink.host}/plain`, method: 'POST', body: token } };
    case 'keyed': {
      const headers = { 'Idempotency-Key': token };
      return {
        action: 'http.request',
        params: { url: `http://${sink.host}/keyed`, method: 'PUT', headers, body: token },
      };
    }
    case 'append':
      return { action: 'file.write', params: { path: 'log.txt', content: `${token}\n`, mode: 'append' } };
    case 'create':
      return { action: 'file.write', params: { path: `made/${token}.txt`, content: token, mode: 'create' } };
  }
}

/** A workspace with a second person signed in and one deployed agent for each effect; every batch works on a copy. */
export class World {
  readonly session: Session;
  readonly agents: Readonly<Record<Effect, string>>;
  readonly sink: Sink;
  readonly #place: Place;
  readonly #entry: string;

  private constructor(
    { place, entry }: { readonly place: Place; readonly entry: string },
    sink: Sink,
    session: Session,
    agents: Readonly<Record<Effect, string>>,
  ) {
    this.#place = place;
    this.#entry = entry;
    this.sink = sink;
    this.session = session;
    this.agents = agents;
  }

  /** `entry` is the built program. */
  static async make(sink: Sink, entry: string): Promise<World> {
    const place = await makePlace('tmpl', sink);
    const surroundings = { env: place.env, dir: join(place.home, 'crash') };
    const server = await CrashProcess.make(entry, FORMS['all-in-one'][0]?.args ?? [], surroundings);
    try {
      await server.start();
      await agentos(entry, place.env, 'user', 'add', '--email', APPROVER, '--role', 'approver');
      const link = await agentos(entry, place.env, 'sign-in-link', '--email', APPROVER);
      const session = await signIn(server.url, link);
      const ids = [];
      for (const effect of EFFECTS) ids.push([effect, await deployAgent(server.url, effect, sink)] as const);
      return new World({ place, entry }, sink, session, Object.fromEntries(ids) as Record<Effect, string>);
    } finally {
      await server.kill('SIGTERM');
    }
  }

  /** A copy of everything, with processes that are not started yet. */
  async open(target: Target): Promise<Scene> {
    const place = await makePlace(this.#place.database, this.sink, this.#place.home);
    const processes = await Promise.all(
      FORMS[target].map(async ({ name, args }) =>
        CrashProcess.make(this.#entry, args, { env: place.env, dir: join(place.home, `crash-${name}`) }),
      ),
    );
    const victim = processes[FORMS[target].findIndex(({ name }) => name === target)];
    const [front] = processes;
    if (victim === undefined || front === undefined) throw new Error(`no process for ${target}`);
    const pool = new pg.Pool({ connectionString: place.env['DATABASE_URL'], max: 2 });
    pool.on('error', () => {});
    return {
      ...{ front, victim, processes, pool, files: place.files },
      close: async () => {
        for (const each of processes) await each.kill();
        await pool.end();
        await place.remove();
      },
    };
  }

  async close(): Promise<void> {
    await this.#place.remove();
  }
}

export interface Scene {
  /** Serves people and programs. */
  readonly front: CrashProcess;
  /** Dies. */
  readonly victim: CrashProcess;
  readonly processes: readonly CrashProcess[];
  readonly pool: pg.Pool;
  /** The folder that file actions may touch. */
  readonly files: string;
  close(): Promise<void>;
}

const APPROVER = 'second@example.org';

const SPLIT = [
  { name: 'api', args: ['--role', 'api'] },
  { name: 'worker', args: ['--role', 'worker'] },
];
const FORMS: Readonly<Record<Target, readonly { readonly name: string; readonly args: readonly string[] }[]>> = {
  api: SPLIT,
  worker: SPLIT,
  'all-in-one': [{ name: 'all-in-one', args: ['--http'] }],
};

interface Place {
  readonly home: string;
  readonly database: string;
  readonly files: string;
  readonly env: Env;
  remove(): Promise<void>;
}

/** A database that is a copy of `template`, and folders: those of `from`, or empty ones. */
async function makePlace(template: string, sink: Sink, from?: string): Promise<Place> {
  const server = process.env['AGENTOS_TEST_PG'];
  if (server === undefined) throw new Error('AGENTOS_TEST_PG is not set: start with `npm run crash` or through Jest');
  const home = mkdtempSync(join(tmpdir(), 'agentos-crash-'));
  const files = join(home, 'files');
  mkdirSync(join(home, 'data'));
  if (from !== undefined) cpSync(join(from, 'data'), join(home, 'data'), { recursive: true });
  mkdirSync(files);
  const database = `crash_${randomUUID().replaceAll('-', '')}`;
  await onServer(server, `CREATE DATABASE ${database} TEMPLATE ${template}`);
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    AGENTOS_DATA_DIR: join(home, 'data'),
    AGENTOS_FILE_ROOTS: files,
    AGENTOS_LOG_LEVEL: 'warn',
    AGENTOS_AUTH: 'loopback',
    AGENTOS_ALLOWED_HOSTS: sink.host,
    DATABASE_URL: Object.assign(new URL(server), { pathname: `/${database}` }).href,
    // The queue is in Postgres, or in the Redis that is named.
    ...(process.env['REDIS_URL'] ? { REDIS_URL: process.env['REDIS_URL'] } : {}),
  };
  const remove = async (): Promise<void> => {
    await onServer(server, `DROP DATABASE ${database} WITH (FORCE)`);
    rmSync(home, { recursive: true, force: true });
  };
  return { home, database, files, env, remove };
}

async function onServer(server: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function agentos(entry: string, env: Env, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [entry, ...args], { env: { ...env } });
  return stdout;
}

async function deployAgent(url: string, effect: Effect, sink: Sink): Promise<string> {
  const { action, params } = toAction(effect, sink, '${{ input.token }}');
  const { agent } = await callTool(url, 'create_agent', {
    description: 'Do one thing that somebody has agreed to',
    name: `crash-${effect}`,
    steps: [{ name: 'act', action, params }],
    grants: [action],
  });
  const agentId = (agent as { id: string }).id;
  await callTool(url, 'attach_policy', { agentId, policyId: 'data-deletion', customRules: [ASK_FIRST] });
  const mockData = { input: { token: 'a token' }, steps: {} };
  await callTool(url, 'test_agent', { agentId, scenario: 'it acts', mockData });
  await callTool(url, 'deploy_agent', { agentId });
  return agentId;
}
