import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, chownSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Account, Cluster } from './cluster.ts';
import { mayNotEnter } from './explain-failure.ts';
import { StartError } from '../errors/start-error.ts';

// `nobody`: `initdb` wants a uid that has a name, and this one has one everywhere.
const NOBODY: Account = { uid: 65534, gid: 65534 };
const SOCKET_NAME = '/.s.PGSQL.5432';
// What the operating system keeps for the path of a socket, less the end mark (macOS has the smaller one).
const SOCKET_PATH_LIMIT = 103;

/** Where the database of a data directory lives, and who runs it. Makes the directory. */
export function locateCluster(givenDir: string, major: number, isDurable: boolean): Cluster {
  const dataDir = resolve(givenDir);
  const homeDir = join(dataDir, 'postgres');
  makeHome(homeDir, dataDir);
  const clusterDir = join(homeDir, `pg${major}`);
  const account = chooseAccount(dataDir, homeDir, clusterDir);
  const socketDir = chooseSocketDir(clusterDir, account);
  return { dataDir, homeDir, clusterDir, socketDir, account, isDurable };
}

function makeHome(homeDir: string, dataDir: string): void {
  const missing: string[] = [];
  for (let dir = homeDir; !existsSync(dir); dir = dirname(dir)) missing.unshift(dir);
  // One after the other: where a file system refuses with a wrong reason, as /proc does, `recursive` never comes back.
  for (const dir of missing) {
    try {
      mkdirSync(dir, { mode: 0o700 });
    } catch (error) {
      // Another process on the same directory was faster.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  if (missing.length === 0 || process.getuid?.() !== 0) return;
  // Root was first in a directory of an ordinary user: it stays usable for that user.
  const { uid, gid } = statSync(dataDir);
  chownSync(homeDir, uid, gid);
}

function chooseAccount(dataDir: string, homeDir: string, clusterDir: string): Account | undefined {
  const made = existsSync(clusterDir) ? statSync(clusterDir) : statSync(homeDir);
  if (process.getuid?.() !== 0) {
    if (made.uid === process.getuid?.()) return undefined;
    throw new StartError(
      'data_dir_foreign',
      `The database in \`${dataDir}\` belongs to another user (uid ${made.uid}), probably because it was first started by root: start as that user or as root, give it to this user (chown -R), or set AGENTOS_DATA_DIR to another directory.`,
    );
  }
  const account = made.uid === 0 ? NOBODY : { uid: made.uid, gid: made.gid };
  if (!existsSync('/proc/self/fd') && !canEnter(homeDir, account)) throw mayNotEnter(dataDir, account.uid);
  return account;
}

function canEnter(dir: string, account: Account): boolean {
  const stat = statSync(dir);
  const bit = stat.uid === account.uid ? 0o100 : stat.gid === account.gid ? 0o010 : 0o001;
  return (stat.mode & bit) !== 0 && (dir === '/' || canEnter(resolve(dir, '..'), account));
}

function chooseSocketDir(clusterDir: string, account: Account | undefined): string {
  if (Buffer.byteLength(clusterDir + SOCKET_NAME) <= SOCKET_PATH_LIMIT) return clusterDir;
  const hash = createHash('sha256').update(clusterDir).digest('hex').slice(0, 16);
  // Not $TMPDIR: every process must come to the same place, whatever environment its own starter gave it.
  const dir = `/tmp/agentos-${hash}`;
  if (!existsSync(dir)) {
    mkdirSync(dir, { mode: 0o700 });
    if (account) chownSync(dir, account.uid, account.gid);
  }
  const stat = lstatSync(dir);
  const owner = account?.uid ?? process.getuid?.();
  if (stat.isDirectory() && stat.uid === owner && (stat.mode & 0o077) === 0) return dir;
  throw new StartError(
    'data_dir_foreign',
    `\`${dir}\`, the place of the database's socket, belongs to another user: remove it, or set AGENTOS_DATA_DIR to a shorter path.`,
  );
}
