import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { addReviewer } from '../../../test/support/answers.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { denying } from '../../../test/support/governed.ts';
import { makeAgent, openRuns, type Runs } from '../../../test/support/runs.ts';
import { makeDefinition, shiftClock } from '../../../test/support/services.ts';
import type { Caller } from '../../kernel/caller.ts';
import type { Step } from '../../kernel/run/model.ts';
import { AppError } from '../../platform/errors/index.ts';
import type { SignedIn } from '../identity/index.ts';

const going = new AbortController().signal;
const HOLDING = denying('action.kind == "http"', { action: 'require_approval' });
const STEPS: Step[] = [
  { name: 'send', action: 'http.request', params: { url: 'https://example.com/', method: 'POST', body: 'x' } },
];
let database: TestDatabase;
let all: Runs;
let creator: SignedIn;
let owner: SignedIn;
let other: SignedIn;
/** A program that asks with a key which `creator` has made for `owner`. */
let key: Caller;

beforeAll(async () => {
  database = await createTestDatabase();
  all = await openRuns(database.url);
  const { workspaceId } = all.caller;
  [creator, owner, other] = [
    await addReviewer(all.db, workspaceId, ['owner']),
    await addReviewer(all.db, workspaceId, ['owner']),
    await addReviewer(all.db, workspaceId, ['owner']),
  ];
  key = {
    ...{ workspaceId, personId: owner.personId, roles: ['operator'], channel: 'http' },
    ...{ keyId: 'a key', keyCreatorId: creator.personId },
  };
});
afterEach(() => shiftClock(all.db, '0'));
afterAll(async () => {
  await all.close();
  await database.drop();
});

const heldBy = async (runId: string): Promise<string> => {
  await all.runs.execute(runId, going);
  const { run } = await all.runs.get(all.caller, runId);
  const id = run.steps[0]?.approvalId;
  if (id === undefined) throw new Error(`nothing waits: ${JSON.stringify(run)}`);
  return id;
};
const review = async (person: SignedIn, id: string): Promise<string> => {
  const { actionHash } = await all.approvals.page(person, id);
  const result = await all.approvals.review(person, id, { verdict: 'approve', actionHash, channel: 'console' });
  return result.kind === 'refused' ? result.code : result.approval.status;
};
const expectOnlyOther = async (approvalId: string): Promise<void> => {
  expect([await review(creator, approvalId), await review(owner, approvalId)]).toEqual(['self_review', 'self_review']);
  expect(await review(other, approvalId)).toBe('approved');
};
const runOf = async (agentId: string): Promise<string> => {
  const [row] = await all.db.query<{ id: string }>('SELECT id FROM run WHERE agent_id = $1', [agentId]);
  if (row === undefined) throw new Error('no run was started');
  return row.id;
};

describe('neither the owner nor the maker of a key answers what a run of it asks', () => {
  it('that the key has started', async () => {
    const agentId = await makeAgent(all, STEPS, { rules: [HOLDING] });
    await all.runs.deploy(all.caller, { agentId, environment: 'local', autoStart: false });
    const { runId } = await all.runs.start(key, { agentId, trigger: 'manual' });
    await expectOnlyOther(await heldBy(runId));
  });

  it('of a deployment by the key, at once and by its schedule', async () => {
    const schedule = { cron: '0 9 * * *', timezone: 'UTC' };
    const agentId = await makeAgent(all, STEPS, { rules: [HOLDING], schedule });
    await all.runs.deploy(key, { agentId, environment: 'local', autoStart: false });
    await shiftClock(all.db, '25 hours');
    await all.runs.fireSchedule(agentId);
    await expectOnlyOther(await heldBy(await runOf(agentId)));
    const started = await makeAgent(all, STEPS, { rules: [HOLDING] });
    await all.runs.deploy(key, { agentId: started, environment: 'local', autoStart: true });
    await expectOnlyOther(await heldBy(await runOf(started)));
  });

  it('of a deployment by the key that others had to agree to', async () => {
    const agentId = await makeAgent(all, STEPS, { rules: [HOLDING], approvalRequired: true });
    const { approvalId = '' } = await all.runs.deploy(key, { agentId, environment: 'local', autoStart: true });
    await expectOnlyOther(approvalId);
    await all.runs.resolve(approvalId);
    await expectOnlyOther(await heldBy(await runOf(agentId)));
  });

  it('also when it is asked whether what was approved has happened', async () => {
    const agentId = await makeAgent(all, STEPS, { rules: [HOLDING] });
    await all.runs.deploy(all.caller, { agentId, environment: 'local', autoStart: false });
    const { runId } = await all.runs.start(key, { agentId, trigger: 'manual' });
    const approvalId = await heldBy(runId);
    await review(other, approvalId);
    all.http.answer = () => Promise.reject(new AppError('upstream_failed', 'The line went dead.'));
    await all.runs.resolve(approvalId);
    const question = await heldBy(runId);
    expect(question).not.toBe(approvalId);
    await expectOnlyOther(question);
  });

  it('of a single action that the key has asked for, nor the question whether it happened', async () => {
    const agentId = await makeAgent(all, STEPS, { rules: [HOLDING] });
    const { action: type, params } = STEPS[0]!;
    const held = await all.actions.perform(key, { agentId, type, params, trigger: 'assistant' });
    if (held.kind !== 'held') throw new Error(held.kind);
    await expectOnlyOther(held.approvalId);
    all.http.answer = () => Promise.reject(new AppError('upstream_failed', 'The line went dead.'));
    await all.actions.carryOut(held.approvalId);
    const { approvals } = await all.approvals.list(all.caller, { agentId, status: 'pending' });
    expect(approvals).toMatchObject([{ purpose: 'effect_unknown' }]);
    await expectOnlyOther(approvals[0]!.id);
  });

  it('of an agent that the key has registered, or changed, whoever starts it', async () => {
    const agentId = await makeAgent(all, STEPS, { rules: [HOLDING] });
    await all.agents.addVersion(key, agentId, (definition) => Promise.resolve(definition), {
      kind: 'agent.versioned',
      data: {},
    });
    const held = await all.actions.perform(all.caller, {
      agentId,
      type: 'http.request',
      params: STEPS[0]!.params,
      trigger: 'assistant',
    });
    if (held.kind !== 'held') throw new Error(held.kind);
    await expectOnlyOther(held.approvalId);
    const definition = makeDefinition({ steps: STEPS, policies: [], approvalRequired: true });
    const { id } = await all.db.transaction((tx) => all.agents.create(tx, key, definition));
    await all.agents.recordTest(all.caller, id, 1, 'passed', 'made by a test', { violations: [] });
    const deployed = await all.runs.deploy(all.caller, { agentId: id, environment: 'local', autoStart: false });
    await expectOnlyOther(deployed.approvalId ?? '');
  });
});
