import type { z } from 'zod';
import { AppError } from '../errors/index.ts';

/** Work that is handed to the queue: a name and the shape of its payload, which carries ids, never content. */
export interface Job<Payload> {
  readonly name: string;
  readonly payload: z.ZodType<Payload>;
}

/**
 * Does the work of one job. The same job may come twice, also to two processes: it must find out from the database what is left to do.
 * `signal` aborts when the process stops.
 */
export type JobHandler<Payload> = (payload: Payload, signal: AbortSignal) => Promise<void>;

const declared = new Map<string, Job<unknown>>();

/** Declares a job. Its owner does it once, at the top of a file; the start refuses a job without exactly one handler. */
export function defineJob<Payload>(name: string, payload: z.ZodType<Payload>): Job<Payload> {
  if (declared.has(name)) throw new AppError('internal', `The job \`${name}\` is declared twice.`);
  const job = { name, payload };
  declared.set(name, job);
  return job;
}

/** Who handles what. Modules add theirs when they are made. */
export class JobHandlers {
  readonly #handlers = new Map<string, JobHandler<unknown>>();

  add<Payload>(job: Job<Payload>, handler: JobHandler<Payload>): void {
    if (this.#handlers.has(job.name)) throw new AppError('internal', `The job \`${job.name}\` has two handlers.`);
    this.#handlers.set(job.name, async (payload, signal) => handler(job.payload.parse(payload), signal));
  }

  /** Throws when a declared job would wait for ever. */
  requireComplete(): void {
    const missing = [...declared.keys()].filter((name) => !this.#handlers.has(name));
    if (missing.length > 0)
      throw new AppError('internal', `No handler for the job ${missing.map((name) => `\`${name}\``).join(', ')}.`);
  }

  async handle(name: string, payload: unknown, signal: AbortSignal): Promise<void> {
    const handler = this.#handlers.get(name);
    if (handler === undefined)
      throw new AppError('unavailable', `No handler for the job \`${name}\`: it comes from a newer version.`);
    await handler(payload, signal);
  }
}
