import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import {
  checkVersion,
  clearDeadPostmaster,
  createCluster,
  livePostmaster,
  spawnServer,
  stopServer,
} from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { explainFailure } from './explain-failure.ts';
import { locateCluster } from './locate-cluster.ts';
import { findPackage, stageRuntime } from './stage-runtime.ts';
import { addUser, countUsers, isLocked, tryLock } from './start-lock.ts';
import { StartError } from '../errors/start-error.ts';

export interface Connection {
  host: string;
  user: string;
  database: string;
  port?: number;
  password?: string;
}

export interface EmbeddedPostgres {
  readonly connection: Connection;
  readonly startedByUs: boolean;
  /** Starts the server again if it died; the connection stays the same. */
  revive(): Promise<void>;
  /** Call after closing every own connection. Stops the server unless another process uses it. */
  stopIfLast(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  dataDir: string;
  log: (message: string, details?: object) => void;
  signal?: AbortSignal;
  /** False gives up safety for speed: for databases that live as long as a test run. */
  isDurable?: boolean;
}

const NOT_ANSWERING_LIMIT_MS = 30_000;
const CLOSING_SESSIONS_LIMIT_MS = 500;

/** The Postgres of a data directory, shared by all processes on it: attaches to the one that runs, else starts it. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  options.signal?.throwIfAborted();
  let removeUser: (() => void) | undefined;
  try {
    const { major } = findPackage();
    const cluster = locateCluster(options.dataDir, major, options.isDurable ?? true);
    checkVersion(cluster, major);
    // INVARIANT: first say that we use it, then look at the lock. Who stops the server takes the lock, then looks for
    // users: one of the two sees the other.
    removeUser = addUser(cluster.homeDir);
    const startedByUs = await attachOrStart(cluster, options);
    const revive = async (): Promise<void> => void (await attachOrStart(cluster, { ...options, log: () => undefined }));
    return { connection: connectionTo(cluster), startedByUs, revive, stopIfLast: stopOnce(cluster, removeUser) };
  } catch (error) {
    removeUser?.();
    throw explainFailure(options.dataDir, error);
  }
}

async function attachOrStart(cluster: Cluster, options: EmbeddedPostgresOptions): Promise<boolean> {
  for (;;) {
    if ((await ping(cluster)) === 'up' && !isLocked(cluster.homeDir)) return false;
    const unlock = tryLock(cluster.homeDir);
    if (unlock) {
      try {
        return await startUnderLock(cluster, options);
      } finally {
        unlock();
      }
    }
    await sleep(10, undefined, options);
  }
}

async function startUnderLock(cluster: Cluster, options: EmbeddedPostgresOptions): Promise<boolean> {
  // Another process may have started it while we came to the lock.
  if (existsSync(cluster.clusterDir) && (await ping(cluster)) === 'up') return false;
  // Root's copy lies where the database's user can enter; the data directory need not be such a place.
  const places = cluster.account ? ['/var/lib/agentos', '/tmp/agentos-runtime'] : [cluster.homeDir];
  const { binDir } = stageRuntime(places);
  if (!existsSync(cluster.clusterDir)) {
    options.log('creating the embedded database', { dataDir: cluster.dataDir });
    await createCluster(cluster, binDir, options.signal);
  }
  const deadline = Date.now() + NOT_ANSWERING_LIMIT_MS;
  for (;;) {
    if (await waitWhileAlive(cluster, options, deadline)) return false;
    clearDeadPostmaster(cluster);
    const output = await runUntilReady(cluster, binDir, options);
    if (output === undefined) return true;
    // Processes of a killed server may need a moment to let go of its files and memory.
    if (!/already exists|still in use/.test(output) || Date.now() > deadline) {
      throw explainFailure(cluster.dataDir, new Error('postgres exited'), output);
    }
    await sleep(250, undefined, options);
  }
}

/** A live server that does not answer yet was started by a launcher that is gone, or is on its way down. */
async function waitWhileAlive(cluster: Cluster, options: EmbeddedPostgresOptions, deadline: number): Promise<boolean> {
  for (;;) {
    const state = await ping(cluster);
    const pid = livePostmaster(cluster);
    if (state === 'up') return true;
    if (state === 'down' && pid === undefined) return false;
    if (state === 'down' && Date.now() > deadline) {
      throw new StartError(
        'database_failed',
        `The database in \`${cluster.dataDir}\` runs (process ${pid}) but does not answer: end that process and start again.`,
      );
    }
    await sleep(10, undefined, options);
  }
}

/** Resolves with undefined when the server answers, or with what it logged when it exits instead. */
async function runUntilReady(
  cluster: Cluster,
  binDir: string,
  options: EmbeddedPostgresOptions,
): Promise<string | undefined> {
  const exit: { output?: string; error?: Error } = {};
  const server = spawnServer(cluster, binDir);
  const exited = server.exited.then(
    (output) => void (exit.output = output),
    (error: Error) => void (exit.error = error),
  );
  for (;;) {
    if (exit.error !== undefined) throw exit.error;
    if (exit.output !== undefined) return exit.output;
    if (options.signal?.aborted) {
      server.stop();
      await exited;
      options.signal.throwIfAborted();
    }
    const state = await ping(cluster);
    if (state === 'up') return undefined;
    await sleep(state === 'busy' ? 10 : 3);
  }
}

function stopOnce(cluster: Cluster, removeUser: () => void): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  return () => (stopping ??= stopIfLast(cluster, removeUser));
}

async function stopIfLast(cluster: Cluster, removeUser: () => void): Promise<void> {
  removeUser();
  for (;;) {
    if (countUsers(cluster.homeDir) > 0) return;
    const unlock = tryLock(cluster.homeDir);
    if (unlock) {
      try {
        if (countUsers(cluster.homeDir) === 0 && (await sessionsEnd(cluster))) await stopServer(cluster);
        return;
      } finally {
        unlock();
      }
    }
    await sleep(10);
  }
}

/** Sessions of a pool that has just been closed take a few milliseconds to go. */
async function sessionsEnd(cluster: Cluster): Promise<boolean> {
  const client = await connect(cluster).catch(() => undefined);
  if (!client) return true;
  const deadline = Date.now() + CLOSING_SESSIONS_LIMIT_MS;
  try {
    for (;;) {
      const { rowCount } = await client.query(
        "SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
      );
      if (rowCount === 0) return true;
      if (Date.now() > deadline) return false;
      await sleep(10);
    }
  } finally {
    await client.end();
  }
}

// The database that `initdb` makes: one more would cost 7 MB and a tenth of a second.
function connectionTo(cluster: Cluster): Connection {
  return { host: cluster.socketDir, port: 5432, user: 'postgres', database: 'postgres' };
}

async function connect(cluster: Cluster): Promise<pg.Client> {
  // A client that failed to connect cannot be used again. `ssl` stops PGSSLMODE from reaching a local socket.
  const client = new pg.Client({ ...connectionTo(cluster), ssl: false });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function ping(cluster: Cluster): Promise<'up' | 'busy' | 'down'> {
  try {
    const client = await connect(cluster);
    await client.end();
    return 'up';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return 'down';
    // Every slot is taken: it runs.
    if (code === '53300') return 'up';
    // 57P03: starts, recovers or stops; a socket closed in mid-sentence: a server that is just going.
    if (code === '57P03' || code === '57P01' || code === 'ECONNRESET' || code === 'EPIPE' || code === undefined)
      return 'busy';
    throw error;
  }
}
