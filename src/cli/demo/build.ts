import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Created, Deployed, Ran, Started, Tested } from './answers.ts';
import type { Agent, Run, Stage } from './stage.ts';
import { count, seconds, toLocalTime } from './stage.ts';
import { must, Surprise } from './surprise.ts';

const STEPS = [
  'file.read',
  'data.parse',
  'data.transform',
  'data.format',
  'file.write',
  'data.transform',
  'data.format',
  'file.write',
];
/** Types that the agent is allowed beyond its steps, so that what stops it later are the rules and not a missing permission. */
const GRANTS = ['file.delete', 'http.request'];
const RUN_LIMIT_MS = 60_000;
const POLL_MS = 100;

export async function createAgent({ screen, server, plan }: Stage): Promise<Agent> {
  screen.chapter('Say what you want, in one sentence');
  screen.quote(plan.sentence);
  const { agent, missing } = await server.call('create_agent', { description: plan.sentence, grants: GRANTS }, Created);
  const gaps = missing.map(({ what, hint }) => `${what} (${hint})`).join('; ');
  must(missing.length === 0, `the sentence was not understood completely. Missing: ${gaps}`);
  const planned = agent.steps.map(({ action }) => action);
  must(planned.join() === STEPS.join(), `the plan should be ${STEPS.join(', ')}, but is ${planned.join(', ')}`);
  screen.good(`Agent \`${agent.name}\` is drafted. Nothing runs yet. Its plan, ${count(planned.length, 'step')}:`);
  screen.table(agent.steps.map(({ name, action, params }, index) => [`${index + 1}`, name, action, toDetail(params)]));
  screen.good(
    `${count(agent.policies.length, 'policy', 'policies')} will watch each step, because of what it is about to do:`,
  );
  screen.table(agent.policies.map(({ id, reason }) => [id, reason]));
  screen.good(
    'It was also granted to delete files and to fetch web pages, so that below the rules stop it and not a missing permission.',
  );
  checkSchedule(agent);
  const { text, timezone, nextRuns } = agent.schedule;
  screen.good(`Schedule: ${text} (${timezone}); then: ${nextRuns.map((at) => toLocalTime(at, timezone)).join(', ')}`);
  return agent;
}

function toDetail(params: Record<string, unknown>): string {
  const { path, format, expression } = params;
  if (typeof path === 'string') return path;
  if (typeof format === 'string') return `as ${format}`;
  return typeof expression === 'string' ? 'the changes, as an expression' : '';
}

function checkSchedule({ schedule: { cron, timezone, nextRuns } }: Agent): void {
  must(cron === '0 7 * * 1', `\`every Monday at 7\` should be the cron \`0 7 * * 1\`, but is \`${cron}\``);
  for (const [index, at] of nextRuns.entries()) {
    must(
      /^Monday .* 07:00$/.test(toLocalTime(at, timezone)),
      `the run planned for ${at} is no Monday at 7 in ${timezone}`,
    );
    must(
      Date.parse(at) > Date.parse(nextRuns[index - 1] ?? new Date().toISOString()),
      `the run planned for ${at} is not later`,
    );
  }
}

export async function testAgent({ screen, server, plan, filesDir }: Stage, agent: Agent): Promise<void> {
  screen.chapter('Try it without touching anything');
  const scenario = `Read ${plan.input}`;
  const test = await server.call('test_agent', { agentId: agent.id, scenario }, Tested);
  const rules = test.violations.map(({ policy, rule, message }) => `${policy}/${rule}: ${message}`);
  const why = [...rules, ...test.configuration.problems, ...test.warnings].map((each) => `\n${toText(each)}`).join('');
  must(
    test.verdict === 'passed' && test.passed && test.warnings.length === 0,
    `the dry run should pass without a warning, but the verdict is \`${test.verdict}\`${why}`,
  );
  must(test.configuration.valid, 'the configuration of the agent should be valid');
  const effects = test.steps.map(({ name, decision }) => `${name}: ${decision.effect}`);
  must(
    effects.join() === agent.steps.map(({ name }) => `${name}: allow`).join(),
    `each step should be allowed, but the decisions are ${effects.join(', ')}`,
  );
  must(!existsSync(join(filesDir, 'out')), 'a dry run must not write, but the folder `out` is there');
  screen.good(
    `Dry run PASSED: it really read and computed, and all ${count(test.steps.length, 'step')} were judged and allowed. ` +
      `No file was written (looked: there is no folder \`out\`).`,
  );
}

const toText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

export async function deployAgent({ screen, server }: Stage, agent: Agent): Promise<void> {
  screen.chapter('Put it into service');
  const deployed = await server.call('deploy_agent', { agentId: agent.id }, Deployed);
  const [first = ''] = agent.schedule.nextRuns;
  must(deployed.nextRunAt === first, `the next run should be ${first}, but is ${deployed.nextRunAt}`);
  screen.good(
    `Version ${deployed.version} is deployed: exactly the version that passed. It could not have been deployed untested. ` +
      `Its schedule is active; the first run is due ${toLocalTime(first, agent.schedule.timezone)}.`,
  );
}

/** Starts a run now and follows it until it has succeeded; answers with its id. */
export async function runAgent({ screen, server, signal }: Stage, agent: Agent): Promise<string> {
  screen.chapter('Run it now, for real');
  const startedMs = performance.now();
  const { runId } = await server.call('run_agent', { agentId: agent.id }, Started);
  let shown = 0;
  for (;;) {
    const { run } = await server.call('get_run', { runId }, Ran);
    for (; shown < run.steps.length && run.steps[shown]?.status === 'succeeded'; shown += 1) {
      const step = run.steps[shown];
      screen.good(`step ${shown + 1} of ${run.steps.length}: ${step?.name} (${step?.action}), allowed and done`);
    }
    const tookMs = performance.now() - startedMs;
    if (run.status === 'succeeded') {
      checkRun(run, agent);
      screen.good(`Run succeeded in ${seconds(tookMs)}.`);
      return runId;
    }
    if (run.status !== 'queued' && run.status !== 'running')
      throw new Surprise(`the run should succeed, but: ${explain(run)}`);
    must(tookMs < RUN_LIMIT_MS, `the run should have ended within ${seconds(RUN_LIMIT_MS)}, but: ${explain(run)}`);
    await sleep(POLL_MS, undefined, { signal });
  }
}

function checkRun(run: Run, agent: Agent): void {
  const done = run.steps.map(({ name, status, decision }) => `${name}: ${status}, ${decision?.effect}`);
  const planned = agent.steps.map(({ name }) => `${name}: succeeded, allow`);
  must(done.join() === planned.join(), `each step should be allowed and succeed, but: ${done.join('; ')}`);
}

function explain(run: Run): string {
  const steps = run.steps.map(
    ({ name, status, error }) => `${name} ${status}${error ? ` ${JSON.stringify(error)}` : ''}`,
  );
  return `it is \`${run.status}\`${run.error ? ` ${JSON.stringify(run.error)}` : ''} (${steps.join(', ')})`;
}
