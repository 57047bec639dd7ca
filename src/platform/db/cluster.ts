import { spawn } from 'node:child_process';
import { chownSync, closeSync, existsSync, fchownSync, fstatSync, fsyncSync, ftruncateSync, mkdirSync } from 'node:fs';
import { openSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { explainFailure, newerCluster } from './explain-failure.ts';
import { isAlive, isPostgresOf, killOrphans, processMark } from './process-mark.ts';
import { StartError } from '../errors/start-error.ts';

/** One set of database files, and who runs the server on them. */
export interface Cluster {
  dataDir: string;
  /** Ours, inside the data directory: the cluster, its log, the lock. */
  homeDir: string;
  clusterDir: string;
  socketDir: string;
  /** Set when we are root, which Postgres refuses to run as. */
  account: Account | undefined;
  isDurable: boolean;
}

export interface Account {
  uid: number;
  gid: number;
}

// Small and quiet: one server, a few processes, no replication. The log keeps no statements and no row values.
const SETTINGS = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  shared_buffers: '16MB',
  max_connections: '40',
  io_method: 'sync',
  wal_level: 'minimal',
  max_wal_senders: '0',
  huge_pages: 'off',
  jit: 'off',
  max_parallel_workers: '0',
  max_worker_processes: '0',
  max_logical_replication_workers: '0',
  autovacuum_worker_slots: '2',
  autovacuum_max_workers: '1',
  max_wal_size: '256MB',
  min_wal_size: '32MB',
  log_checkpoints: 'off',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};
// After a crash: one call, where the default opens a thousand files. Only Linux has it.
const LINUX = { recovery_init_sync_method: 'syncfs' };
const NOT_DURABLE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
// Nothing of ours leaks into the server: PGDATA, PGPORT and the like would change what it does.
const ENVIRONMENT = { PATH: '/usr/bin:/bin', TZ: 'UTC', LC_ALL: 'C' };
const LOG_LIMIT_BYTES = 4 * 1024 * 1024;

/** The files were made by the Postgres that we bring; anything else is refused before it is touched. */
export function checkVersion(cluster: Cluster, major: number): void {
  const majors = readdirSync(cluster.homeDir).flatMap((name) => /^pg(\d+)$/.exec(name)?.[1] ?? []);
  const newest = Math.max(0, ...majors.map(Number), Number.parseInt(readVersion(cluster.clusterDir), 10) || 0);
  if (newest > major) throw newerCluster(cluster.dataDir, String(newest));
  if (newest > 0 && newest < major) {
    throw new StartError(
      'older_version',
      `The database in \`${cluster.dataDir}\` was made by Postgres ${newest}, and this version brings ${major}: export with the version that made it, or set AGENTOS_DATA_DIR to another directory.`,
    );
  }
}

function readVersion(clusterDir: string): string {
  try {
    return readFileSync(join(clusterDir, 'PG_VERSION'), 'utf8');
  } catch {
    return '';
  }
}

/** Makes the cluster beside its place and moves it there whole: a crash never leaves half of one. */
export async function createCluster(cluster: Cluster, binDir: string, signal?: AbortSignal): Promise<void> {
  removeDrafts(cluster);
  const draft = `${cluster.clusterDir}.init.${processMark(process.pid) ?? process.pid}`;
  try {
    mkdirSync(draft, { mode: 0o700 });
    if (cluster.account) chownSync(draft, cluster.account.uid, cluster.account.gid);
    const output = await runInitdb(cluster, binDir, draft, signal);
    if (output !== undefined) throw explainFailure(cluster.dataDir, new Error('initdb failed'), output);
    renameSync(draft, cluster.clusterDir);
    syncDirectory(cluster.homeDir);
  } catch (error) {
    killOrphans(draft);
    const failure = explainFailure(cluster.dataDir, error);
    rmSync(draft, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
    throw failure;
  }
}

// Of launchers that were killed; what cannot be removed now (its `initdb` is still writing) goes next time.
function removeDrafts(cluster: Cluster): void {
  for (const name of readdirSync(cluster.homeDir).filter((each) => /^pg\d+\.init\./.test(each))) {
    const draft = join(cluster.homeDir, name);
    killOrphans(draft);
    try {
      rmSync(draft, { recursive: true, force: true });
    } catch {
      continue;
    }
  }
}

/** Resolves with what it printed when it failed. */
async function runInitdb(
  cluster: Cluster,
  binDir: string,
  draft: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const args = ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-instructions', '--locale=C'];
  // The same order and the same upper and lower case on every machine.
  args.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8');
  if (!cluster.isDurable) args.push('--no-sync');
  const opened = openFor(cluster, draft);
  const child = spawn(join(binDir, 'initdb'), ['-D', opened.path, ...args], {
    ...childOptions(cluster),
    stdio: ['ignore', 'pipe', 'pipe', opened.fd],
  });
  closeSync(opened.fd);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const stop = (): boolean => child.kill('SIGTERM');
  signal?.addEventListener('abort', stop);
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    signal?.throwIfAborted();
    return exitCode === 0 ? undefined : output;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

// Not in our process group: Ctrl-C in the terminal would kill the database before the app has shut down.
function childOptions(cluster: Cluster): {
  cwd: string;
  env: NodeJS.ProcessEnv;
  detached: true;
  uid?: number;
  gid?: number;
} {
  return { cwd: '/', env: ENVIRONMENT, detached: true, ...cluster.account };
}

// The database's user need not be able to enter the directories above: root opens this one and hands it over.
function openFor(cluster: Cluster, dir: string): { fd: number; path: string } {
  const fd = openSync(dir, 'r');
  return { fd, path: cluster.account && existsSync('/proc/self/fd') ? '/proc/self/fd/3' : dir };
}

function syncDirectory(dir: string): void {
  const fd = openSync(dir, 'r');
  fsyncSync(fd);
  closeSync(fd);
}

export interface Server {
  /** Resolves with what the server logged, once it has exited. */
  exited: Promise<string>;
  stop(): void;
}

/** Starts the server, which outlives this process. */
export function spawnServer(cluster: Cluster, binDir: string): Server {
  const settings = {
    ...SETTINGS,
    ...(process.platform === 'linux' ? LINUX : {}),
    ...(cluster.isDurable ? {} : NOT_DURABLE),
  };
  const socketDir = cluster.socketDir === cluster.clusterDir ? '.' : cluster.socketDir;
  const args = Object.entries({ ...settings, unix_socket_directories: socketDir });
  const log = openLog(cluster);
  const opened = openFor(cluster, cluster.clusterDir);
  const child = spawn(
    join(binDir, 'postgres'),
    ['-D', opened.path, ...args.flatMap(([key, value]) => ['-c', `${key}=${value}`])],
    { ...childOptions(cluster), stdio: ['ignore', log.fd, log.fd, opened.fd] },
  );
  child.unref();
  closeSync(log.fd);
  closeSync(opened.fd);
  const exited = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => resolve(readLog(log)));
  });
  return { exited, stop: () => child.kill('SIGINT') };
}

/** The folder may be gone by now: then nobody asks why the server ended. */
function readLog({ path, start }: { readonly path: string; readonly start: number }): string {
  try {
    return readFileSync(path).subarray(start).toString();
  } catch {
    return '';
  }
}

function openLog(cluster: Cluster): { path: string; fd: number; start: number } {
  const path = join(cluster.homeDir, 'postgres.log');
  const fd = openSync(path, 'a', 0o600);
  if (cluster.account) fchownSync(fd, cluster.account.uid, cluster.account.gid);
  if (fstatSync(fd).size > LOG_LIMIT_BYTES) ftruncateSync(fd);
  return { path, fd, start: fstatSync(fd).size };
}

/** The pid of the live postmaster on these files, if there is one; where only Postgres can tell (macOS), undefined. */
export function livePostmaster(cluster: Cluster): number | undefined {
  const pid = postmasterPid(cluster);
  return pid !== undefined && isPostgresOf(pid, cluster.clusterDir) ? pid : undefined;
}

function postmasterPid(cluster: Cluster): number | undefined {
  return readPid(join(cluster.clusterDir, 'postmaster.pid'));
}

function readPid(path: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(path, 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
}

/** After a kill: Postgres takes a zombie, or a stranger with the same pid, for the old server and would not start. */
export function clearDeadPostmaster(cluster: Cluster): void {
  for (const path of [join(cluster.clusterDir, 'postmaster.pid'), join(cluster.socketDir, '.s.PGSQL.5432.lock')]) {
    const pid = readPid(path);
    if (pid === undefined || isPostgresOf(pid, cluster.clusterDir) !== false) continue;
    killOrphans(cluster.clusterDir);
    rmSync(path, { force: true });
  }
}

/** Asks the server to end its sessions and stop, and resolves when its files are closed. */
export async function stopServer(cluster: Cluster): Promise<void> {
  const pid = postmasterPid(cluster);
  if (pid === undefined || isPostgresOf(pid, cluster.clusterDir) === false) return;
  const mark = processMark(pid);
  process.kill(pid, 'SIGINT');
  // Removing the pid file is the last thing that a server does.
  while (postmasterPid(cluster) === pid && mark !== undefined && isAlive(mark)) await sleep(5);
}
