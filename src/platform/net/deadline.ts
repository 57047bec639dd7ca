import { AppError } from '../errors/index.ts';

/** Longer timers fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Ends an exchange when its time is over or its caller gives up; every wait is raced against it. */
export class Deadline {
  readonly #timer: NodeJS.Timeout;
  readonly #signal: AbortSignal | undefined;
  readonly #end: Promise<never>;
  readonly #closers: ((error: AppError) => void)[] = [];
  #fail: (error: AppError) => void = () => undefined;
  #error: AppError | undefined;
  /** Whether the other side may have seen the request. */
  isReached = false;

  constructor(options: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined }) {
    this.#end = new Promise((_resolve, reject) => (this.#fail = reject));
    // Nobody may be waiting at the moment it ends.
    this.#end.catch(() => undefined);
    this.#timer = setTimeout(
      () => this.#finish('timeout', `No complete answer within ${options.timeoutMs} ms.`),
      Math.min(options.timeoutMs, MAX_TIMER_MS),
    );
    this.#signal = options.signal;
    if (this.#signal?.aborted === true) this.#onAbort();
    this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Calls `close` when the deadline ends, at once if it already has. */
  onEnd(close: (error: AppError) => void): void {
    if (this.#error === undefined) this.#closers.push(close);
    else close(this.#error);
  }

  race<T>(work: Promise<T>): Promise<T> {
    return Promise.race([this.#end, work]);
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = (): void => {
    const reason: unknown = this.#signal?.reason;
    if (reason instanceof AppError) this.#finish(reason.code, reason.message);
    else this.#finish('cancelled', 'The request was cancelled.');
  };

  #finish(code: AppError['code'], message: string): void {
    this.#error = new AppError(code, message);
    this.#fail(this.#error);
    for (const close of this.#closers.splice(0)) close(this.#error);
  }
}
