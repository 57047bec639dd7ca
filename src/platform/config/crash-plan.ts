import { StartError } from '../errors/index.ts';

/** What the crash harness wants of this process: see docs/crash.md. */
export interface CrashPlan {
  /** Die at so many passes of a seam; 0 only notes them. */
  readonly at: number;
  /** Holds `armed`, which starts the count, and `passes`, which the process writes. */
  readonly dir: string;
}

/** Undefined, unless both variables say that this process is to be killed. */
export function readCrashPlan(env: Readonly<Record<string, string | undefined>> = process.env): CrashPlan | undefined {
  const { CRASH_AT: at = '', CRASH_DIR: dir = '' } = env;
  if (at === '') return undefined;
  if (/^\d{1,6}$/.test(at) && dir !== '') return { at: Number(at), dir };
  throw new StartError(
    'bad_config',
    'CRASH_AT makes the crash harness kill this process. Leave it unset; or set it to a count and CRASH_DIR to a folder. Example: CRASH_AT=3 CRASH_DIR=/tmp/crash',
  );
}
