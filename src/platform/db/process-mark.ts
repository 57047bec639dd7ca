import { readdirSync, readFileSync, statSync } from 'node:fs';

/** `<pid>-<start time>`: a pid alone repeats, in a container after every restart. Undefined when the process is dead. */
export function processMark(pid: number): string | undefined {
  const stat = readStat(pid);
  if (stat) return stat.isDead ? undefined : `${pid}-${stat.startedAt}`;
  if (process.platform === 'linux') return undefined;
  return signalReaches(pid) ? `${pid}-0` : undefined;
}

export function isAlive(mark: string): boolean {
  return processMark(Number.parseInt(mark, 10)) === mark;
}

function signalReaches(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

interface ProcessStat {
  name: string;
  startedAt: string;
  isDead: boolean;
}

function readStat(pid: number): ProcessStat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const end = text.lastIndexOf(')');
    const fields = text.slice(end + 2).split(' ');
    // A killed process stays as a zombie until its parent asks, which in some containers nobody does.
    const isDead = fields[0] === 'Z' || fields[0] === 'X';
    return { name: text.slice(text.indexOf('(') + 1, end), startedAt: fields[19] ?? '', isDead };
  } catch {
    return undefined;
  }
}

type Belonging = 'yes' | 'no' | 'not visible';

function belongsTo(pid: number, clusterDir: string): Belonging {
  const stat = readStat(pid);
  if (!stat || stat.isDead || stat.name !== 'postgres') return 'no';
  try {
    const [cluster, cwd] = [statSync(clusterDir), statSync(`/proc/${pid}/cwd`)];
    return cwd.ino === cluster.ino && cwd.dev === cluster.dev ? 'yes' : 'no';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no' : 'not visible';
  }
}

/** Whether `pid` is a live Postgres process of the cluster in `clusterDir`. Only Linux can tell; elsewhere undefined. */
export function isPostgresOf(pid: number, clusterDir: string): boolean | undefined {
  if (process.platform !== 'linux') return undefined;
  const belongs = belongsTo(pid, clusterDir);
  // Root in a container may not look into another user's process: then its owner must do.
  if (belongs === 'not visible') return ownerOf(`/proc/${pid}`) === ownerOf(clusterDir);
  return belongs === 'yes';
}

function ownerOf(path: string): number | undefined {
  try {
    return statSync(path).uid;
  } catch {
    return undefined;
  }
}

/** Processes that outlived their postmaster: they keep its memory, and no new one starts before they are gone. */
export function killOrphans(clusterDir: string): void {
  if (process.platform !== 'linux') return;
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  for (const pid of pids.filter((each) => belongsTo(each, clusterDir) === 'yes')) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It went by itself, which is as good.
    }
  }
}
