import { statfsSync } from 'node:fs';
import { StartError } from '../errors/start-error.ts';

const OWN_DATABASE = 'set DATABASE_URL to a Postgres server of yours';

/** What the operator should read when the file system, `initdb` or `postgres` refused; `output` is what they printed. */
export function explainFailure(dataDir: string, error: unknown, output = ''): Error {
  if (error instanceof StartError) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  if (cause.name === 'AbortError') return cause;
  const { code = '', syscall = '' } = error as NodeJS.ErrnoException;
  const text = `${code} ${cause.message} ${output}`;
  if (syscall.startsWith('spawn') || syscall === 'chown') return cannotRun(code, cause);
  if (/ENOSPC|EDQUOT|No space left|quota exceeded/i.test(text) || isFull(dataDir)) return diskFull(dataDir, cause);
  if (/user ID \d+: user does not exist|could not look up effective user/.test(text)) {
    return new StartError(
      'no_embedded_database',
      `The embedded database needs a named user, and uid ${process.getuid?.()} has no name on this machine: add it to /etc/passwd, or ${OWN_DATABASE}.`,
      { cause },
    );
  }
  if (/incompatible with server|not compatible with this version/.test(text)) return newerCluster(dataDir, '', cause);
  if (syscall === 'mkdir' || /EROFS|EACCES|EPERM|ENOTDIR|EEXIST|Read-only file system|Permission denied/i.test(text)) {
    return new StartError(
      'data_dir_unwritable',
      `The data directory \`${dataDir}\` cannot be written (${reason(cause, output)}): make it writable for this user, or set AGENTOS_DATA_DIR to a directory that is.`,
      { cause },
    );
  }
  return new StartError(
    'database_failed',
    `The embedded database in \`${dataDir}\` did not start (${reason(cause, output)}). The log beside it says more; to do without it, ${OWN_DATABASE}.`,
    { cause },
  );
}

function cannotRun(code: string, cause: NodeJS.ErrnoException): StartError {
  if (code === 'ENOENT') return noBinaries('its binaries need glibc, which this system does not have', cause);
  if (code === 'EACCES') return noBinaries(`\`${cause.path}\` may not be run (is its disk mounted noexec?)`, cause);
  if (code === 'EPERM' || code === 'EINVAL') {
    return noBinaries('it refuses to run as root, and this process may not hand it to another user', cause);
  }
  return noBinaries(`its programs cannot be run (${cause.message})`, cause);
}

export function noBinaries(why: string, cause?: unknown): StartError {
  return new StartError(
    'no_embedded_database',
    `There is no embedded database here: ${why}. Please ${OWN_DATABASE}.`,
    cause === undefined ? {} : { cause },
  );
}

export function newerCluster(dataDir: string, version: string, cause?: unknown): StartError {
  const by = version ? `Postgres ${version}` : 'another Postgres';
  return new StartError(
    'newer_version',
    `The database in \`${dataDir}\` was made by ${by}, that is by a newer version of this program: install that version, or set AGENTOS_DATA_DIR to another directory.`,
    cause === undefined ? {} : { cause },
  );
}

export function mayNotEnter(dataDir: string, uid: number): StartError {
  return new StartError(
    'data_dir_not_enterable',
    `\`${dataDir}\` is where the database's user (uid ${uid}) may not enter: set AGENTOS_DATA_DIR to a directory it may enter, such as /var/lib/agentos, or start as an ordinary user.`,
  );
}

function diskFull(dataDir: string, cause: Error): StartError {
  return new StartError(
    'disk_full',
    `No space is left on the disk of \`${dataDir}\`: the database needs about 150 MB. Free some and start again; nothing half-written was kept.`,
    { cause },
  );
}

// Postgres cannot write why it died when its log is on the full disk.
function isFull(dataDir: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dataDir);
    return bavail * bsize < 1024 * 1024;
  } catch {
    return false;
  }
}

function reason(cause: Error, output: string): string {
  const lines = output.split('\n').filter((line) => /FATAL|PANIC|error:/.test(line));
  return (lines[0] ?? cause.message).replace(/^.*?(FATAL|PANIC|error):\s+/, '').trim();
}
