// A worker of its own for tests that kill it: works on one run, and hangs in the action whose URL says so.
import { openRuns } from './runs.ts';

const [databaseUrl = '', root = '', runId = ''] = process.argv.slice(2);
const { runs, http } = await openRuns(databaseUrl, { root });
// Keeps the process alive while it hangs.
setInterval(() => undefined, 60_000);
http.answer = async (url) => {
  if (url.includes('hang')) {
    process.stdout.write(`hangs in ${url}\n`);
    await new Promise(() => {});
  }
  return { text: url };
};
await runs.execute(runId, new AbortController().signal);
process.stdout.write('done\n');
