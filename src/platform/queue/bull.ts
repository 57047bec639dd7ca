import 'reflect-metadata';
import { BullModule, getQueueToken, OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { ConnectionOptions, Job as BullJob, Queue, Worker } from 'bullmq';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { passSeam } from '../crash/index.ts';
import type { Log } from '../telemetry/log.ts';

const QUEUE = 'agentos';
const CONCURRENCY = 4;
const CLOSE_MS = 5_000;
const GOODBYE_MS = 1_000;
const JOB_OPTIONS = {
  attempts: 5,
  backoff: { type: 'exponential', delay: 1_000 },
  removeOnComplete: true,
  removeOnFail: true,
};

export interface QueueTimings {
  /** How long a worker may hold a job without a sign of life. */
  readonly lockMs: number;
  /** How often workers look for jobs whose holder is gone. */
  readonly stalledCheckMs: number;
}

export interface BullOptions {
  readonly connection: ConnectionOptions;
  readonly prefix: string;
  readonly log: Log;
  readonly timings: QueueTimings;
  /** Whether it takes jobs too. */
  readonly works: boolean;
  readonly dispatch: (name: string, payload: unknown) => Promise<void>;
  /** Ends the wait for a queue that cannot be reached. */
  readonly signal: AbortSignal;
}

export interface NewJob {
  /** While a job with this id waits or runs, adding it again changes nothing. */
  readonly id: string;
  readonly name: string;
  readonly payload: object;
  readonly delayMs?: number;
}

/** A queue that is connected and working. Which backend it has is nobody's business. */
export interface OpenQueue {
  add(jobs: readonly NewJob[]): Promise<void>;
  /** Adds a job at every time that the cron pattern names in the zone. */
  upsertScheduler(key: string, cron: string, timezone: string, job: Pick<NewJob, 'name' | 'payload'>): Promise<void>;
  removeScheduler(key: string): Promise<void>;
  /** Stops taking jobs and waits a few seconds for those in hand; what is not done by then is taken up by another worker. */
  close(): Promise<void>;
}

/** One queue and one worker, in a Nest context of their own: it can start late and stop before the database does. */
export async function openBull(options: BullOptions): Promise<OpenQueue> {
  const DispatchingWorker = makeWorker(options);

  @Module({
    imports: [
      BullModule.registerQueue({
        name: QUEUE,
        connection: options.connection,
        prefix: options.prefix,
        defaultJobOptions: JOB_OPTIONS,
      }),
    ],
    providers: options.works ? [DispatchingWorker] : [],
  })
  class BullHost {}

  const context = await NestFactory.createApplicationContext(BullHost, { logger: false, abortOnError: false });
  const queue = context.get<Queue>(getQueueToken(QUEUE), { strict: false });
  queue.on('error', (error) => options.log.warn({ error: error.message }, 'the queue has a problem'));
  const worker = options.works ? context.get(DispatchingWorker).worker : undefined;
  const ready = Promise.all([queue.waitUntilReady(), worker?.waitUntilReady()]);
  try {
    await Promise.race([ready, ended(options.signal)]);
  } catch (error) {
    ready.catch(() => undefined);
    // What cannot be reached cannot be asked to end either.
    await Promise.race([context.close(), sleep(GOODBYE_MS, undefined, { ref: false })]);
    throw error;
  }
  return toOpenQueue(queue, async () => {
    if (worker !== undefined) await stopWorker(worker);
    await context.close();
  });
}

async function ended(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  return signal.throwIfAborted() as never;
}

function makeWorker({ dispatch, log, timings }: BullOptions): new () => WorkerHost {
  const workerOptions = {
    concurrency: CONCURRENCY,
    lockDuration: timings.lockMs,
    stalledInterval: timings.stalledCheckMs,
    // A job is never given up because workers died under it: its handler asks the database what is left to do.
    maxStalledCount: 1_000,
  };

  @Processor({ name: QUEUE }, workerOptions)
  class DispatchingWorker extends WorkerHost {
    async process(job: BullJob<unknown>): Promise<void> {
      passSeam('job.taken');
      await dispatch(job.name, job.data);
      passSeam('job.done');
    }

    @OnWorkerEvent('failed')
    onFailed(job: BullJob | undefined, error: Error): void {
      log.warn({ job: job?.name, jobId: job?.id, attempt: job?.attemptsMade, error: error.message }, 'a job failed');
    }

    @OnWorkerEvent('error')
    onError(error: Error): void {
      log.warn({ error: error.message }, 'the worker has a problem');
    }
  }
  return DispatchingWorker;
}

function toOpenQueue(queue: Queue, close: () => Promise<void>): OpenQueue {
  return {
    add: async (jobs) => {
      await queue.addBulk(
        jobs.map(({ id, name, payload, delayMs }) => ({
          name,
          data: payload,
          opts: { jobId: id, ...(delayMs === undefined ? {} : { delay: delayMs }) },
        })),
      );
    },
    upsertScheduler: async (key, cron, timezone, { name, payload }) => {
      await queue.upsertJobScheduler(key, { pattern: cron, tz: timezone }, { name, data: payload, opts: JOB_OPTIONS });
    },
    removeScheduler: async (key) => {
      await queue.removeJobScheduler(key);
    },
    close,
  };
}

async function stopWorker(worker: Worker): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), CLOSE_MS)));
  const outcome = await Promise.race([worker.close(), deadline]);
  clearTimeout(timer);
  if (outcome === 'late') await worker.close(true);
}
