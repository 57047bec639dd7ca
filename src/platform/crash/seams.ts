import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CrashPlan } from '../config/crash-plan.ts';
import type { Log } from '../telemetry/log.ts';

/** Where the platform passes from one lasting state to the next: a process that dies in between must not lose or repeat anything. */
export const SEAMS = [
  'commit.before',
  'commit.after',
  'statement.before',
  'statement.after',
  'jobs.before',
  'jobs.after',
  'job.taken',
  'job.done',
  'http.before',
  'http.sent',
  'http.answered',
  'file.before',
  'file.part',
  'file.receipt',
  'file.after',
] as const;
export type Seam = (typeof SEAMS)[number];

let counter: ((seam: Seam) => void) | undefined;

/** Nothing, unless the crash harness has started this process. */
export function passSeam(seam: Seam): void {
  counter?.(seam);
}

/** The same for one statement outside a transaction, where it writes. */
export function passStatement(seam: Extract<Seam, `statement.${string}`>, sql: string): void {
  if (counter !== undefined && isWrite(sql)) counter(seam);
}

/** Functions of our own may write; those of Postgres that are used here do not. */
export function isWrite(sql: string): boolean {
  if (!/^\s*SELECT\b/i.test(sql)) return true;
  return /\b(?!app_now|make_interval|current_database|pg_|jsonb?_|array_|to_|date_)[a-z]+_[a-z_]+\s*\(/.test(sql);
}

/** From the moment the harness puts `armed` into the folder, every pass is noted; at the planned one the process kills itself. */
export function planCrash({ seam: planned, at, dir }: CrashPlan, log: Log): void {
  const armed = join(dir, 'armed');
  const passes = join(dir, 'passes');
  let count = 0;
  let isArmed = false;
  const crashAt = planned === undefined ? at : `${planned}:${at}`;
  log.warn({ crashAt, dir }, 'CRASH_AT is set: this process kills itself when the crash harness says so');
  counter = (seam) => {
    isArmed ||= existsSync(armed);
    if (!isArmed) return;
    appendFileSync(passes, `${seam}\n`);
    if (planned !== undefined && seam !== planned) return;
    count += 1;
    if (count === at) process.kill(process.pid, 'SIGKILL');
  };
}

/** For tests in one process. */
export function forgetCrash(): void {
  counter = undefined;
}
