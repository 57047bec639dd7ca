import { SEAMS, type Seam } from '../crash/index.ts';
import { StartError } from '../errors/index.ts';

/** What the crash harness wants of this process: see docs/crash.md. */
export interface CrashPlan {
  /** Only passes of this seam count; without it those of all. */
  readonly seam?: Seam;
  /** Die at so many passes; 0 only notes them. */
  readonly at: number;
  /** Holds `armed`, which starts the count, and `passes`, which the process writes. */
  readonly dir: string;
}

/** Undefined, unless both variables say that this process is to be killed. */
export function readCrashPlan(env: Readonly<Record<string, string | undefined>> = process.env): CrashPlan | undefined {
  const { CRASH_AT: at = '', CRASH_DIR: dir = '' } = env;
  if (at === '') return undefined;
  const [, name, count] = /^(?:([a-z.]+):(?=0*[1-9]))?(\d{1,6})$/.exec(at) ?? [];
  const seam = SEAMS.find((each) => each === name);
  if (count !== undefined && seam === name && dir !== '')
    return { at: Number(count), dir, ...(seam === undefined ? {} : { seam }) };
  throw new StartError(
    'bad_config',
    `CRASH_AT makes the crash harness kill this process. Leave it unset; or set it to a count, or to a seam and a count from 1, and CRASH_DIR to a folder. Example: CRASH_AT=http.sent:1 CRASH_DIR=/tmp/crash. Seams: ${SEAMS.join(', ')}`,
  );
}
