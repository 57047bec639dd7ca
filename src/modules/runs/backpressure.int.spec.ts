import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { addReviewer, answer } from '../../../test/support/answers.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { denying } from '../../../test/support/governed.ts';
import { deployAgent, openRuns, type Runs } from '../../../test/support/runs.ts';
import { shiftClock } from '../../../test/support/services.ts';
import type { Step } from '../../kernel/run/model.ts';
import { changeSettings, type SignedIn } from '../identity/index.ts';
import type { RunView } from './get-run.ts';

const going = new AbortController().signal;
const MAX_TRIES = 400;
let database: TestDatabase;
let all: Runs;
let people: SignedIn[];

beforeAll(async () => {
  database = await createTestDatabase();
  all = await openRuns(database.url);
  const { workspaceId } = all.caller;
  people = [await addReviewer(all.db, workspaceId, ['owner']), await addReviewer(all.db, workspaceId)];
  await changeSettings(all, all.caller, { maxOpenApprovals: 1 });
});
afterAll(async () => {
  await all.close();
  await database.drop();
});
beforeEach(async () => {
  await shiftClock(all.db, '0');
  all.http.urls.length = 0;
});

const HOLDING = denying('declared.recordCount > 100', { action: 'require_approval' });
const STEPS: readonly Step[] = [
  { name: 'before', action: 'http.request', params: { url: 'https://example.com/before' } },
  {
    name: 'order',
    action: 'http.request',
    params: { url: 'https://example.com/order', method: 'POST', body: 'x' },
    facts: { recordCount: 500 },
  },
];

/** An agent one of whose requests waits, for longer than any run tries. */
async function addBusyAgent(): Promise<{ agentId: string; approvalId: string }> {
  const agentId = await deployAgent(all, STEPS, { rules: [HOLDING] });
  const { id: approvalId } = await all.actions.requestApproval(all.caller, {
    ...{ agentId, action: 'something else', description: 'please', expiresInMs: 720 * 3_600_000 },
    approvers: people.map(({ email }) => email),
  });
  return { agentId, approvalId };
}

async function start(agentId: string): Promise<string> {
  const { runId } = await all.runs.start(all.caller, { agentId, trigger: 'manual' });
  await all.runs.execute(runId, going);
  return runId;
}

const view = async (runId: string): Promise<RunView> => (await all.runs.get(all.caller, runId)).run;
const wasTriedTimes = async (runId: string): Promise<number> => {
  const [row] = await all.db.query<{ fence: number }>('SELECT fence FROM run WHERE id = $1', [runId]);
  return row?.fence ?? 0;
};

it('a run whose step meets the number of open requests waits, says why, and goes on when there is room', async () => {
  const { agentId, approvalId } = await addBusyAgent();
  const runId = await start(agentId);
  expect(await view(runId)).toMatchObject({
    status: 'running',
    error: expect.stringMatching(/^approval_backpressure: 1 request/),
  });
  await all.runs.execute(runId, going);
  expect(await wasTriedTimes(runId)).toBe(1);
  const signedInAt = new Date();
  for (const person of people) await answer(all.approvals, { ...person, signedInAt }, approvalId);
  await shiftClock(all.db, '20 seconds');
  await all.runs.execute(runId, going);
  const run = await view(runId);
  expect(run).toMatchObject({ status: 'waiting_approval', steps: [{ status: 'succeeded' }, {}] });
  expect(run).not.toHaveProperty('error');
  expect(all.http.urls).toEqual(['https://example.com/before']);
});

it('it tries less and less often, and after a day it is blocked with that reason', async () => {
  const { agentId } = await addBusyAgent();
  const runId = await start(agentId);
  for (let minutes = 1; (await view(runId)).status === 'running' && minutes < 25 * 60; minutes++) {
    await shiftClock(all.db, `${minutes} minutes`);
    await all.runs.execute(runId, going);
  }
  const run = await view(runId);
  expect(run).toMatchObject({ status: 'blocked', steps: [{ status: 'succeeded' }, { status: 'denied' }] });
  expect(run.error).toMatch(/^Step `order`: approval_backpressure: /);
  expect(await wasTriedTimes(runId)).toBeLessThan(MAX_TRIES);
  expect(all.http.urls).toEqual(['https://example.com/before']);
});

it('a run that waits for room is cancelled with its agent', async () => {
  const { agentId } = await addBusyAgent();
  const runId = await start(agentId);
  await all.runs.stopAgent(all.caller, agentId, 'stop');
  expect(await view(runId)).toMatchObject({ status: 'cancelled' });
});

it('the day does not count while people think about an earlier item of the same step', async () => {
  const agentId = await deployAgent(all, [{ ...STEPS[1]!, forEach: ['a', 'b'] }], { rules: [HOLDING] });
  const runId = await start(agentId);
  const [first] = await all.db.query<{ id: string }>('SELECT id FROM approval_request WHERE run_id = $1', [runId]);
  await shiftClock(all.db, '23 hours');
  for (const person of people) await answer(all.approvals, person, first!.id);
  await all.actions.requestApproval(all.caller, {
    ...{ agentId, action: 'something else', description: 'please', expiresInMs: 720 * 3_600_000 },
    approvers: people.map(({ email }) => email),
  });
  await all.runs.resolve(first!.id);
  for (const time of ['23 hours', '25 hours']) {
    await shiftClock(all.db, time);
    await all.runs.execute(runId, going);
    expect(await view(runId)).toMatchObject({
      status: 'running',
      error: expect.stringMatching(/^approval_backpressure/),
    });
  }
});
