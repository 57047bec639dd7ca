// The analysis child: everything that heavy or hostile input could hang or blow up happens in this process, which may be killed.
import { Worker } from 'node:worker_threads';
import { AppError } from '../errors/app-error.ts';
import { JOB_ERRORS, type AnalysisJob, type AnswerMessage, type JobErrorCode, type JobMessage } from './job.ts';
import { runJob } from './run-job.ts';

/** The other thread sees that the server is gone even while this one is stuck in a loop. */
const WATCHDOG = `
const { workerData } = require('node:worker_threads');
setInterval(() => { if (process.ppid !== workerData) process.kill(process.pid, 'SIGKILL'); }, 500);
`;
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

async function answer({ id, job, timeoutMs }: JobMessage): Promise<AnswerMessage> {
  try {
    const output = JSON.stringify(await runJob(JSON.parse(job) as AnalysisJob, timeoutMs));
    if (output.length <= MAX_ANSWER_BYTES) return { id, output };
    return {
      id,
      error: {
        code: 'too_large',
        message: `The result is larger than ${MAX_ANSWER_BYTES} bytes. Work on less data at once.`,
      },
    };
  } catch (error) {
    return { id, error: toError(error) };
  }
}

function toError(error: unknown): { code: JobErrorCode; message: string } {
  if (error instanceof AppError) {
    const code = JOB_ERRORS.find((known) => known === error.code) ?? 'analysis_failed';
    return { code, message: error.message, ...(error.details === undefined ? {} : { details: error.details }) };
  }
  if (error instanceof RangeError) {
    return {
      code: 'analysis_failed',
      message:
        'The data is nested too deeply, or too much of it came together in one place. Work on less of it at once.',
    };
  }
  return {
    code: 'analysis_failed',
    message: `The data could not be worked on: ${error instanceof Error ? error.message : String(error)}.`,
  };
}

new Worker(WATCHDOG, {
  eval: true,
  workerData: Number(process.argv[2]),
  resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 },
}).unref();
process.on('disconnect', () => process.exit(0));
process.on('message', (message) => {
  void answer(message as JobMessage).then((reply) => process.send?.(reply));
});
// The first message says that it listens.
process.send?.('ready');
