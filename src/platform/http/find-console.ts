import { readFileSync } from 'node:fs';
import { join } from 'node:path';
// Past the door of db: the configuration, which stands behind links, loads no driver.
import { processMark } from '../db/process-mark.ts';
import { isLocked } from '../db/start-lock.ts';

const FRESH_MS = 1_000;

export const lockDir = (dataDir: string): string => join(dataDir, 'console');
export const serverFile = (dataDir: string): string => join(dataDir, 'server.json');

const known = new Map<string, { readonly readAt: number; readonly url: string | undefined }>();

/** Where a living process serves the console of a data directory; a change is known after a second. */
export function findConsole(dataDir: string): string | undefined {
  const now = performance.now();
  const last = known.get(dataDir);
  if (last !== undefined && now - last.readAt < FRESH_MS) return last.url;
  const url = readConsole(dataDir);
  known.set(dataDir, { readAt: now, url });
  return url;
}

function readConsole(dataDir: string): string | undefined {
  try {
    const { pid, url } = JSON.parse(readFileSync(serverFile(dataDir), 'utf8')) as { pid?: unknown; url?: unknown };
    if (typeof pid !== 'number' || typeof url !== 'string' || !URL.canParse(url)) return undefined;
    // A file that a killed process left behind says nothing, also when its number has been given to another one.
    return processMark(pid) !== undefined && isLocked(lockDir(dataDir)) ? url : undefined;
  } catch {
    return undefined;
  }
}
