import { AppError } from '../errors/index.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { AnalysisProcess } from './analysis-process.ts';
import type { AnalysisJob } from './job.ts';

const DEFAULT_TIMEOUT_MS = 30_000;
const IDLE_MS = 60_000;
const MAX_WAITING = 100;
const MAX_JOB_CHARS = 48 * 1024 * 1024;

interface Waiting {
  readonly text: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (output: JsonObject) => void;
  readonly reject: (error: unknown) => void;
}

export interface AnalysisOptions {
  /** From the start of the job; default 30,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Parses, transforms and formats data in one child process, started when first needed and gone after a minute without work. One
 * job at a time; a job that hangs or fills the memory is an error answer, and the next one finds a new child.
 */
export class Analysis {
  readonly #waiting: Waiting[] = [];
  readonly #idleMs: number;
  #process: AnalysisProcess | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #isWorking = false;
  #isClosed = false;

  constructor(options: { readonly idleMs?: number } = {}) {
    this.#idleMs = options.idleMs ?? IDLE_MS;
  }

  /** Throws `invalid_input`, `expression_error`, `analysis_failed`, `too_large`, `unavailable`, `cancelled`. */
  async run(job: AnalysisJob, { timeoutMs = DEFAULT_TIMEOUT_MS, signal }: AnalysisOptions = {}): Promise<JsonObject> {
    const text = JSON.stringify(job);
    if (text.length > MAX_JOB_CHARS)
      throw new AppError(
        'too_large',
        `The data is larger than ${MAX_JOB_CHARS} characters. Work on less of it at once.`,
      );
    if (this.#isClosed) throw new AppError('unavailable', 'The server is stopping.');
    if (this.#waiting.length >= MAX_WAITING) {
      throw new AppError(
        'unavailable',
        `${MAX_WAITING} pieces of data are waiting to be worked on already. Try again in a moment.`,
      );
    }
    return new Promise<JsonObject>((resolve, reject) => {
      this.#waiting.push({ text, timeoutMs, signal, resolve, reject });
      if (!this.#isWorking) void this.#work();
    });
  }

  /** Process id of the child, if one is running. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Ends the child; what waits is refused. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(new AppError('unavailable', 'The server is stopping.'));
    await this.#end();
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    clearTimeout(this.#idleTimer);
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      try {
        next.resolve(await this.#answer(next));
      } catch (error) {
        next.reject(error);
      }
    }
    this.#isWorking = false;
    if (this.#isClosed) return;
    this.#idleTimer = setTimeout(() => void this.#end(), this.#idleMs).unref();
  }

  async #answer({ text, timeoutMs, signal }: Waiting): Promise<JsonObject> {
    if (signal?.aborted === true) throw cancelled(signal);
    this.#process = this.#process?.isAlive === true ? this.#process : await AnalysisProcess.start();
    if (this.#isClosed) await this.#end();
    const reply = await this.#process.ask(text, timeoutMs, signal);
    if (this.#process.isWorn) await this.#end();
    switch (reply.kind) {
      case 'output':
        return JSON.parse(reply.output) as { [key: string]: Json };
      case 'error':
        throw new AppError(reply.code, reply.message, reply.details);
      case 'aborted':
        throw signal === undefined ? new AppError('cancelled', 'The analysis was cancelled.') : cancelled(signal);
      case 'died':
        throw new AppError(
          'analysis_failed',
          `The data could not be worked on: ${reply.why}. Work on less of it at once, or use a simpler expression.`,
        );
    }
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idleTimer);
    const process = this.#process;
    this.#process = undefined;
    await process?.kill();
  }
}

function cancelled(signal: AbortSignal): AppError {
  const reason: unknown = signal.reason;
  return reason instanceof AppError ? reason : new AppError('cancelled', 'The analysis was cancelled.');
}
