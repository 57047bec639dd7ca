// Starts a TypeScript file as a process of its own, for tests that kill it.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '../..');

export interface TsProcess {
  /** The next line of its standard output. Rejects when the process ends first. */
  nextLine(): Promise<string>;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
}

export function startTsProcess(source: string, args: readonly string[], env: Record<string, string> = {}): TsProcess {
  // Inside node_modules, so that the packages of this project are found.
  const dir = mkdtempSync(join(root, 'node_modules/.ts-'));
  const entry = join(dir, 'process.mjs');
  const options = ['--bundle', '--platform=node', '--format=esm', '--packages=external', '--log-level=warning'];
  execFileSync(join(root, 'node_modules/.bin/esbuild'), [join(root, source), ...options, `--outfile=${entry}`]);
  const child = spawn(process.execPath, [entry, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const isGone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    nextLine: async () => {
      const line: IteratorResult<string, unknown> = await lines.next();
      if (line.done === true) throw new Error(`${source} ended`);
      return line.value;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await isGone;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
