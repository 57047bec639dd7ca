import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageVersion } from '../package-root.ts';
import { Agents } from './demo/answers.ts';
import { createAgent, deployAgent, runAgent, testAgent } from './demo/build.ts';
import { checkOutput } from './demo/check-output.ts';
import { makePlan, type Plan } from './demo/plan.ts';
import { tryForbidden } from './demo/refuse.ts';
import { Screen } from './demo/screen.ts';
import { DemoServer } from './demo/server.ts';
import { showStatus, showTrail } from './demo/show-record.ts';
import { count, seconds, type Stage } from './demo/stage.ts';
import { must, Surprise } from './demo/surprise.ts';

export interface DemoOptions {
  /** A csv file of the user's; absent: the data set in the source tree. */
  readonly input?: string;
  /** Leave the folder with the database and the files. */
  readonly keep?: boolean;
}

const INTERRUPTED = 130;
const STOP_LIMIT_MS = 10_000;

/** The main job on real data, told on stdout. Resolves to the exit code: 0, 1 after any surprise, 130 after Ctrl-C. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const startedMs = performance.now();
  const screen = new Screen(process.stdout, Boolean(process.env['NO_COLOR']));
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort();
  // Not only the first: on Ctrl-C both the terminal and npm send one, and no later one may end the cleaning up.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  // A reader that goes away, such as `| head`, ends it like Ctrl-C.
  process.stdout.on('error', stop);
  try {
    screen.title(`AgentOS ${packageVersion()}: from a sentence to a governed, audited run`);
    const plan = await makePlan(options.input);
    const folder = await mkdtemp(join(tmpdir(), 'agentos-demo-'));
    await inFolder(folder, screen, interrupt.signal, plan, options.keep === true);
    screen.chapter('Your turn');
    sayWhatNext(screen, options);
    screen.good(`Everything went as it must. ${seconds(performance.now() - startedMs)} in all.`);
    return 0;
  } catch (error) {
    if (interrupt.signal.aborted) {
      screen.bad(options.keep === true ? 'Interrupted.' : 'Interrupted. Nothing is left behind.');
      return INTERRUPTED;
    }
    if (!(error instanceof Surprise)) throw error;
    const [first = '', ...more] = error.message.split('\n');
    screen.bad(`The demo failed: ${first}`);
    if (more.length > 0) screen.block(more.join('\n'));
    return 1;
  }
}

async function inFolder(folder: string, screen: Screen, signal: AbortSignal, plan: Plan, keep: boolean): Promise<void> {
  const dataDir = join(folder, 'data');
  const filesDir = join(folder, 'files');
  await mkdir(join(filesDir, dirname(plan.input)), { recursive: true });
  const server = new DemoServer(dataDir, filesDir);
  let isDone = false;
  try {
    await Promise.race([play({ screen, server, plan, filesDir, signal }), rejected(signal)]);
    isDone = true;
  } finally {
    await server.close();
    const wasLeft = await stopLeftDatabase(dataDir);
    if (keep) screen.say(`Kept: ${folder}`);
    else await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    must(!isDone || !wasLeft, 'the server should have stopped its database when it ended, but did not');
  }
}

async function rejected(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw new Surprise('interrupted');
}

async function play(stage: Stage): Promise<void> {
  const { screen, plan, filesDir } = stage;
  await startServer(stage);
  screen.chapter('Bring real data');
  await writeFile(join(filesDir, plan.input), plan.bytes);
  const { header, rows } = plan.table;
  screen.good(`${plan.input}: ${count(rows.length, 'row')}, ${count(header.length, 'column')}: ${plan.about}`);
  const agent = await createAgent(stage);
  await testAgent(stage, agent);
  await deployAgent(stage, agent);
  const runId = await runAgent(stage, agent);
  await checkOutput(stage);
  const approvalId = await tryForbidden(stage, agent);
  await showStatus(stage, agent, runId, approvalId);
  await showTrail(stage, agent);
}

async function startServer({ screen, server, filesDir }: Stage): Promise<void> {
  screen.chapter('Start the server, as an assistant would');
  const startedMs = performance.now();
  const took = (): string => seconds(performance.now() - startedMs);
  await server.connect();
  const tools = await server.tools();
  screen.good(
    `An MCP client started AgentOS over stdio and was offered ${count(tools.length, 'tool')} after ${took()}.`,
  );
  await server.call('list_agents', {}, Agents);
  screen.good(
    `A PostgreSQL database of its own was created and started behind it; it answered after ${took()}. ` +
      'Nothing had to be installed.',
  );
  screen.say(`Everything stays in a temporary folder. The one place that agents may touch is ${filesDir}`);
}

/** Whether a database was still there; it is then stopped, so that nothing is left behind even after a crash of the server. */
async function stopLeftDatabase(dataDir: string): Promise<boolean> {
  const home = join(dataDir, 'postgres');
  const names = existsSync(home) ? readdirSync(home) : [];
  const left = names.map((name) => join(home, name, 'postmaster.pid')).filter((file) => existsSync(file));
  for (const file of left) {
    const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
    const deadlineMs = performance.now() + STOP_LIMIT_MS;
    if (pid > 1) process.kill(pid, 'SIGINT');
    while (existsSync(file) && performance.now() < deadlineMs) await sleep(50);
  }
  return left.length > 0;
}

function sayWhatNext(screen: Screen, options: DemoOptions): void {
  if (options.input === undefined) screen.say('The same with a csv file of yours: npm run demo -- --input FILE');
  screen.say('Connect Claude Desktop, Claude Code, Cursor or VS Code: README.md, "Connect your assistant".');
  screen.say('Then say, for example: "Create an agent that cleans sales.csv every morning and writes a summary".');
}
