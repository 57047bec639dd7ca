import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../../kernel/json.ts';
import { AppError } from '../errors/index.ts';
import type { AnswerMessage, JobErrorCode, JobMessage } from './job.ts';

export type Reply =
  | { readonly kind: 'output'; readonly output: string }
  | { readonly kind: 'error'; readonly code: JobErrorCode; readonly message: string; readonly details?: JsonObject }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'died'; readonly why: string };

/** The child's program: beside this file as compiled, beside the bundle; made on the fly where this runs from its source. */
const ENTRIES = import.meta.url.endsWith('.ts')
  ? ['../../../scripts/analysis-child.mjs']
  : ['./child.js', './analysis-child.js'];
const HEAP_MB = 128;
const MAX_RSS_KB = 190 * 1024;
/** Beyond this the next job could not have much: it finds a new child. */
const WORN_RSS_KB = 140 * 1024;
const WATCH_MS = 20;
const START_TIMEOUT_MS = 20_000;

/** One life of the child. */
export class AnalysisProcess {
  readonly #child: ChildProcess;
  #lastId = 0;
  #killedBecause: string | undefined;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(): Promise<AnalysisProcess> {
    const child = spawnChild();
    const started = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), START_TIMEOUT_MS);
      const settle = (isReady: boolean) => {
        clearTimeout(timer);
        resolve(isReady);
      };
      child.once('message', () => settle(true));
      child.once('exit', () => settle(false));
      child.once('error', () => settle(false));
    });
    if (started) return new AnalysisProcess(child);
    child.kill('SIGKILL');
    throw new AppError(
      'unavailable',
      'The process that works on data could not be started. Try again; if it stays so, the server is short of memory or processes.',
    );
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null && this.#child.connected;
  }

  /** Whether what earlier jobs have left behind takes the room of the next one. */
  get isWorn(): boolean {
    return residentKb(this.pid) > WORN_RSS_KB;
  }

  /** Answers in any case: with the child's word, or with how it ended. */
  async ask(job: string, timeoutMs: number, signal?: AbortSignal): Promise<Reply> {
    const message: JobMessage = { id: ++this.#lastId, job, timeoutMs };
    this.#hold();
    // The child stops itself a little earlier where it can, which costs no new process.
    const deadline = setTimeout(() => this.#kill(`it took longer than ${timeoutMs} ms`), timeoutMs + 250);
    const watch = setInterval(() => this.#watchMemory(), WATCH_MS);
    const onAbort = () => this.#kill('aborted');
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const reply = await this.#exchange(message);
      return reply.kind === 'died' && signal?.aborted === true ? { kind: 'aborted' } : reply;
    } finally {
      clearTimeout(deadline);
      clearInterval(watch);
      signal?.removeEventListener('abort', onAbort);
      this.#release();
    }
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await exited;
  }

  #exchange(message: JobMessage): Promise<Reply> {
    return new Promise((resolve) => {
      const onMessage = (answer: unknown) => settle(toReply(answer as AnswerMessage));
      // Not `disconnect`: by the time of `exit` it is known how it ended.
      const onExit = () => settle({ kind: 'died', why: this.#killedBecause ?? 'it needed too much memory' });
      const settle = (reply: Reply) => {
        this.#child.off('message', onMessage).off('exit', onExit);
        resolve(reply);
      };
      this.#child.on('message', onMessage).on('exit', onExit);
      if (!this.isAlive) onExit();
      else this.#child.send(message, (error) => error !== null && this.#kill('it could not be reached'));
    });
  }

  #kill(why: string): void {
    this.#killedBecause ??= why;
    this.#child.kill('SIGKILL');
  }

  /** The heap has its own cap; this is for what is outside it, such as long texts. Linux only. */
  #watchMemory(): void {
    if (residentKb(this.#child.pid) > MAX_RSS_KB) this.#kill('it needed too much memory');
  }

  /** A child without work does not keep the server from ending. */
  #release(): void {
    this.#child.unref();
    this.#child.channel?.unref();
  }

  #hold(): void {
    this.#child.ref();
    this.#child.channel?.ref();
  }
}

function spawnChild(): ChildProcess {
  const entry = ENTRIES.map((path) => fileURLToPath(new URL(path, import.meta.url))).find((path) => existsSync(path));
  if (entry === undefined)
    throw new AppError(
      'unavailable',
      'The program that works on data is missing from this installation. Install it again.',
    );
  const args = [
    `--max-old-space-size=${HEAP_MB}`,
    '--max-semi-space-size=4',
    '--disable-proto=delete',
    '--disallow-code-generation-from-strings',
    entry,
    String(process.pid),
  ];
  const options = {
    cwd: '/',
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
    windowsHide: true,
  } as const;
  // No memory dump of people's data when the heap's cap ends it.
  const shell = process.platform !== 'win32' && existsSync('/bin/sh');
  return shell
    ? spawn('/bin/sh', ['-c', 'ulimit -c 0; exec "$0" "$@"', process.execPath, ...args], {
        ...options,
        stdio: [...options.stdio],
      })
    : spawn(process.execPath, args, { ...options, stdio: [...options.stdio] });
}

function toReply(answer: AnswerMessage): Reply {
  return 'output' in answer ? { kind: 'output', output: answer.output } : { kind: 'error', ...answer.error };
}

function residentKb(pid: number | undefined): number {
  try {
    return Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid ?? 0}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
