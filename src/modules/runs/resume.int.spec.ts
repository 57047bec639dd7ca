import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addReviewer, answer } from '../../../test/support/answers.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { denying } from '../../../test/support/governed.ts';
import { hasRedis, startRedis, type TestRedis } from '../../../test/support/redis.ts';
import { deployAgent, makeAgent, openRuns, type Runs } from '../../../test/support/runs.ts';
import { shiftClock } from '../../../test/support/services.ts';
import type { Verdict } from '../../kernel/approval/model.ts';
import type { Step } from '../../kernel/run/model.ts';
import { AppError } from '../../platform/errors/index.ts';
import type { SignedIn } from '../identity/index.ts';
import type { RunView } from './get-run.ts';

const going = new AbortController().signal;
let database: TestDatabase;
let all: Runs;
let people: SignedIn[];

beforeAll(async () => {
  database = await createTestDatabase();
  all = await openRuns(database.url);
  const { workspaceId } = all.caller;
  people = [await addReviewer(all.db, workspaceId, ['owner']), await addReviewer(all.db, workspaceId)];
});
afterAll(async () => {
  await all.close();
  await database.drop();
});
beforeEach(async () => {
  await shiftClock(all.db, '0');
  all.http.answer = (url) => Promise.resolve({ text: url });
  all.http.urls.length = 0;
});

/** Held by the policy below. */
const post = (name: string, url = name): Step => ({
  name,
  action: 'http.request',
  params: { url: `https://example.com/${url}`, method: 'POST', body: 'x' },
  facts: { recordCount: 500 },
});
const get = (name: string): Step => ({ name, action: 'http.request', params: { url: `https://example.com/${name}` } });
const view = async (runId: string): Promise<RunView> => (await all.runs.get(all.caller, runId)).run;
const approvalOf = (run: RunView): string => {
  const id = run.steps.find(({ status }) => status === 'waiting_approval')?.approvalId;
  if (id === undefined) throw new Error(`nothing waits: ${JSON.stringify(run)}`);
  return id;
};
/** Enough of the people answer. */
const settle = async (id: string, verdict: Verdict = 'approve', reason?: string): Promise<void> => {
  for (const person of people) {
    const { status } = await all.approvals.get(all.caller, id);
    if (status === 'pending') await answer(all.approvals, person, id, verdict, reason);
  }
};
const until = async (check: () => Promise<boolean>): Promise<void> => {
  const end = performance.now() + 20_000;
  while (!(await check())) {
    if (performance.now() > end) throw new Error('what was waited for did not happen');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};
const HOLDING = denying('declared.recordCount > 100', { action: 'require_approval' });
/** A run of these steps that has come to wait. */
const wait = async (steps: readonly Step[]): Promise<string> => {
  const agentId = await deployAgent(all, steps, { rules: [HOLDING] });
  const { runId } = await all.runs.start(all.caller, { agentId, trigger: 'manual' });
  await all.runs.execute(runId, going);
  expect(await view(runId)).toMatchObject({ status: 'waiting_approval' });
  return runId;
};
const goOn = async (runId: string, approvalId: string, by = all): Promise<RunView> => {
  await by.runs.resolve(approvalId);
  await by.runs.execute(runId, going);
  return view(runId);
};

describe('a run that waits for people', () => {
  it('goes on where it waited, in another process, and acts once', async () => {
    const runId = await wait([get('before'), { ...post('order'), when: 'steps.before.output != null' }, get('after')]);
    const approvalId = approvalOf(await view(runId));
    await settle(approvalId);
    const other = await openRuns(database.url, { root: all.root });
    await Promise.all([goOn(runId, approvalId, other), goOn(runId, approvalId), goOn(runId, approvalId)]);
    await until(async () => (await view(runId)).status === 'succeeded');
    expect([...all.http.urls, ...other.http.urls].sort()).toEqual(
      ['after', 'before', 'order'].map((name) => `https://example.com/${name}`),
    );
    expect((await view(runId)).steps[1]).toMatchObject({ status: 'succeeded', approvalId });
    expect(await all.approvals.get(all.caller, approvalId)).toMatchObject({
      status: 'consumed',
      execution: 'succeeded',
    });
    await other.close();
  });

  it('waits for each item of a forEach by itself, more often than a run is taken up', async () => {
    const items = Array.from({ length: 22 }, (_, i) => String(i));
    const runId = await wait([{ ...post('each', '${{ item }}'), forEach: items }]);
    const asked = new Set<string>();
    for (let run = await view(runId); run.status === 'waiting_approval';) {
      const id = approvalOf(run);
      asked.add(id);
      await settle(id);
      run = await goOn(runId, id);
    }
    expect((await view(runId)).status).toBe('succeeded');
    expect(asked.size).toBe(items.length);
    expect(all.http.urls).toEqual(items.map((item) => `https://example.com/${item}`));
  });

  it('is blocked by a denial, with its reason', async () => {
    const runId = await wait([post('order'), get('after')]);
    const id = approvalOf(await view(runId));
    await settle(id, 'deny', 'Wrong customer.');
    const run = await goOn(runId, id);
    expect(run).toMatchObject({ status: 'blocked', error: 'Step `order`: approval_denied: Wrong customer.' });
    expect(run.steps.map(({ status }) => status)).toEqual(['denied', 'skipped']);
    expect(all.http.urls).toEqual([]);
  });

  it('is found by the sweep when the job was lost', async () => {
    const runId = await wait([post('order')]);
    await settle(approvalOf(await view(runId)));
    await all.runs.sweep();
    await all.runs.execute(runId, going);
    expect(await view(runId)).toMatchObject({ status: 'succeeded' });
  });

  it('is blocked when those who approved may no longer do so', async () => {
    const runId = await wait([post('order')]);
    const id = approvalOf(await view(runId));
    await settle(id);
    await all.db.query(`UPDATE person SET roles = '{requester}' WHERE id = $1`, [people[1]!.personId]);
    const run = await goOn(runId, id);
    await all.db.query(`UPDATE person SET roles = '{approver}' WHERE id = $1`, [people[1]!.personId]);
    expect(run).toMatchObject({ status: 'blocked', error: expect.stringContaining('approval_invalidated') });
    expect(all.http.urls).toEqual([]);
  });
});

describe('a step in doubt', () => {
  const doubt = async (): Promise<string> => {
    all.http.answer = () => Promise.reject(new AppError('upstream_failed', 'the line went dead'));
    const plain = { ...post('order'), facts: {} };
    const agentId = await deployAgent(all, [plain, get('after')]);
    const { runId } = await all.runs.start(all.caller, { agentId, trigger: 'manual' });
    await all.runs.execute(runId, going);
    all.http.answer = (url) => Promise.resolve({ text: url });
    expect(await view(runId)).toMatchObject({ status: 'waiting_approval', error: 'effect_unknown' });
    return runId;
  };

  it('goes on when people say that it happened, and is never tried again', async () => {
    const runId = await doubt();
    const id = approvalOf(await view(runId));
    await settle(id);
    const run = await goOn(runId, id);
    expect(run.status).toBe('succeeded');
    expect(run.steps[0]).toMatchObject({ status: 'succeeded', output: null });
    expect(all.http.urls).toEqual(['https://example.com/order', 'https://example.com/after']);
    expect(await all.approvals.get(all.caller, id)).toMatchObject({ status: 'consumed', execution: 'unknown' });
  });

  it('fails when people say that it did not', async () => {
    const runId = await doubt();
    const id = approvalOf(await view(runId));
    await settle(id, 'deny', 'Nothing arrived.');
    const run = await goOn(runId, id);
    expect(run).toMatchObject({ status: 'failed', error: expect.stringContaining('effect_not_confirmed') });
    expect(all.http.urls).toEqual(['https://example.com/order']);
  });
});

describe('a deployment that people must agree to', () => {
  const deploy = (agentId: string) => all.runs.deploy(all.caller, { agentId, environment: 'local', autoStart: false });
  const statusesOf = async (agentId: string): Promise<string[]> => {
    const rows = await all.db.query<{ status: string }>(
      'SELECT status FROM deployment WHERE agent_id = $1 ORDER BY created_at',
      [agentId],
    );
    return rows.map(({ status }) => status);
  };
  const held = () => makeAgent(all, [get('x')], { approvalRequired: true });

  it('is one request, however often it is asked for, and comes in force once', async () => {
    const agentId = await held();
    const first = await deploy(agentId);
    expect(await deploy(agentId)).toMatchObject({ approvalId: first.approvalId, deploymentId: first.deploymentId });
    expect((await all.agents.get(all.caller, agentId)).status).toBe('pending_approval');
    await settle(first.approvalId!);
    await Promise.all(Array.from({ length: 10 }, () => all.runs.resolve(first.approvalId!)));
    expect(await statusesOf(agentId)).toEqual(['deployed']);
    expect(await all.agents.get(all.caller, agentId)).toMatchObject({ status: 'deployed', deployedVersion: 1 });
    expect((await all.approvals.get(all.caller, first.approvalId!)).status).toBe('consumed');
  });

  it('leaves a draft when it is denied, and when nobody answers', async () => {
    const [denied, expired] = [await held(), await held()];
    const one = await deploy(denied);
    await settle(one.approvalId!, 'deny', 'Not yet.');
    await all.runs.resolve(one.approvalId!);
    expect(await statusesOf(denied)).toEqual(['denied']);
    expect((await all.agents.get(all.caller, denied)).status).toBe('draft');
    await deploy(expired);
    await shiftClock(all.db, '25 hours');
    await all.approvals.sweep();
    await all.runs.sweep();
    expect(await statusesOf(expired)).toEqual(['denied']);
    expect((await all.agents.get(all.caller, expired)).status).toBe('draft');
  });

  it('gives way to a newer version', async () => {
    const agentId = await held();
    const first = await deploy(agentId);
    const audit = { kind: 'agent.versioned', data: {} } as const;
    await all.agents.addVersion(all.caller, agentId, (definition) => Promise.resolve(definition), audit);
    await all.agents.recordTest(all.caller, agentId, 2, 'passed', 'made by a test', { violations: [] });
    const second = await deploy(agentId);
    expect(second.approvalId).not.toBe(first.approvalId);
    expect((await all.approvals.get(all.caller, first.approvalId!)).status).toBe('superseded');
    expect(await statusesOf(agentId)).toEqual(['superseded', 'pending_approval']);
    await settle(second.approvalId!);
    await all.runs.resolve(second.approvalId!);
    expect(await all.agents.get(all.caller, agentId)).toMatchObject({ status: 'deployed', deployedVersion: 2 });
  });
});

describe.each(['Postgres', ...(hasRedis ? ['Redis'] : [])])('with the queue in %s', (backend) => {
  let redis: TestRedis | undefined;
  let own: TestDatabase;
  let worker: Runs;
  beforeAll(async () => {
    // Of its own: the other server of this file takes jobs and does nothing.
    own = await createTestDatabase();
    if (backend === 'Redis') redis = await startRedis();
    const more = redis === undefined ? {} : { redisUrl: redis.url };
    worker = await openRuns(own.url, { isWorker: true, ...more });
  });
  afterAll(async () => {
    await worker.close();
    await redis?.stop();
    await own.drop();
  });

  it('a run goes on within a second of the last answer', async () => {
    const agentId = await deployAgent(worker, [post('order'), get('after')], { rules: [HOLDING] });
    const { workspaceId } = worker.caller;
    const answering = [await addReviewer(worker.db, workspaceId, ['owner']), await addReviewer(worker.db, workspaceId)];
    const see = async (runId: string): Promise<RunView> => (await worker.runs.get(worker.caller, runId)).run;
    const tooks: number[] = [];
    for (let i = 0; i < 5; i++) {
      const { runId } = await worker.runs.start(worker.caller, { agentId, trigger: 'manual' });
      await until(async () => (await see(runId)).status === 'waiting_approval');
      const id = approvalOf(await see(runId));
      for (const person of answering) {
        const { status } = await worker.approvals.get(worker.caller, id);
        if (status === 'pending') await answer(worker.approvals, person, id);
      }
      const answeredAt = performance.now();
      await until(async () => (await see(runId)).status === 'succeeded');
      tooks.push(performance.now() - answeredAt);
    }
    expect(tooks.sort((a, b) => a - b)[2]).toBeLessThan(1_000);
  });
});
