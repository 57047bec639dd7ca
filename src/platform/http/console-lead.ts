import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tryLock } from '../db/index.ts';
import type { Log } from '../telemetry/log.ts';
import { lockDir, serverFile } from './find-console.ts';

const EVERY_MS = 2_000;

/** What listens for browsers on this machine. */
export interface Listening {
  /** Without a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}

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
