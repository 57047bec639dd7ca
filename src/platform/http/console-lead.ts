import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isLocked, processMark, tryLock } from '../db/index.ts';
import type { Log } from '../telemetry/log.ts';

const EVERY_MS = 2_000;
const FRESH_MS = 1_000;

/** What listens for browsers on this machine. */
export interface Listening {
  /** Without a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}

const lockDir = (dataDir: string): string => join(dataDir, 'console');
const serverFile = (dataDir: string): string => join(dataDir, 'server.json');

/**
 * Of all processes on a data directory one serves the console and says where, in `server.json {pid, url}`. When it goes, also by `kill -9`,
 * another one takes over within a few seconds.
 */
export class ConsoleLead {
  readonly #dataDir: string;
  readonly #listen: () => Promise<Listening>;
  readonly #log: Log;
  readonly #everyMs: number;
  #timer: NodeJS.Timeout | undefined;
  #trying: Promise<void> | undefined;
  #release: (() => void) | undefined;
  #listening: Listening | undefined;
  #isClosed = false;

  constructor(dataDir: string, listen: () => Promise<Listening>, log: Log, everyMs = EVERY_MS) {
    this.#dataDir = dataDir;
    this.#listen = listen;
    this.#log = log;
    this.#everyMs = everyMs;
  }

  /** Tries at once and then every few seconds; alone it keeps no process alive. */
  start(): void {
    this.#trying ??= this.#try().finally(() => {
      this.#trying = undefined;
      if (this.#isClosed || this.#listening !== undefined) return;
      this.#timer = setTimeout(() => this.start(), this.#everyMs).unref();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#trying;
    if (this.#release === undefined) return;
    rmSync(serverFile(this.#dataDir), { force: true });
    await this.#listening?.close();
    this.#release();
    this.#release = undefined;
  }

  async #try(): Promise<void> {
    try {
      mkdirSync(lockDir(this.#dataDir), { recursive: true, mode: 0o700 });
      this.#release = tryLock(lockDir(this.#dataDir));
      if (this.#release === undefined) return;
      this.#listening = await this.#listen();
      this.#write(this.#listening.url);
      this.#log.info({ url: this.#listening.url }, 'this process serves the console');
    } catch (error) {
      this.#log.warn({ error: String(error) }, 'the console cannot be served by this process; trying again');
      await this.#listening?.close();
      this.#listening = undefined;
      this.#release?.();
      this.#release = undefined;
    }
  }

  /** As a whole or not at all: somebody may be reading it. */
  #write(url: string): void {
    const path = serverFile(this.#dataDir);
    const next = `${path}.${process.pid}`;
    writeFileSync(next, `${JSON.stringify({ pid: process.pid, url })}\n`, { mode: 0o600 });
    renameSync(next, path);
  }
}

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
