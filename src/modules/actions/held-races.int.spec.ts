import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addReviewer } from '../../../test/support/answers.ts';
import { ask, denying, startGoverned, type Governed } from '../../../test/support/governed.ts';
import { AppError } from '../../platform/errors/index.ts';
import type { SignedIn } from '../identity/index.ts';
import type { ActionRequest, ActionResult } from './action.ts';
import type { ActionsService } from './actions.service.ts';

let g: Governed;
let people: SignedIn[];
let servers: ActionsService[];
beforeAll(async () => {
  g = await startGoverned();
  people = [];
  for (let i = 0; i < 3; i++) people.push(await addReviewer(g.s.db, g.s.caller.workspaceId));
  servers = [g.actions, g.open('strict', g.connect()), g.open('strict', g.connect())];
});
afterAll(() => g.close());
beforeEach(() => {
  g.executor.answer = () => Promise.resolve({ done: true });
  g.executor.acted.length = 0;
});

const HOLDING = denying('action.type == "file.delete"', { action: 'require_approval' });
const remove = (agentId: string, more: Partial<ActionRequest> = {}): ActionRequest =>
  ask(agentId, 'file.delete', { path: 'old.txt' }, more);
const at = (index: number): ActionsService => servers[index % servers.length] ?? g.actions;

/** Calls at once in several processes: what they are told, or the code of why not. */
async function callAtOnce(request: ActionRequest, times: number): Promise<(ActionResult | string)[]> {
  const calls = Array.from({ length: times }, (_, i) => at(i).perform(g.s.caller, request));
  return (await Promise.allSettled(calls)).map((each) =>
    each.status === 'fulfilled' ? each.value : codeOf(each.reason),
  );
}

/** What is not an answer to whoever calls is a defect. */
function codeOf(error: unknown): string {
  if (error instanceof AppError && error.code !== 'internal') return error.code;
  throw error;
}

async function requestsOf(agentId: string): Promise<{ id: string; status: string; action_hash: string }[]> {
  return g.s.db.query('SELECT id, status, action_hash FROM approval_request WHERE agent_id = $1 ORDER BY created_at', [
    agentId,
  ]);
}

describe('identical calls at once', () => {
  it('open one request, with or without a key', async () => {
    for (const more of [{}, { idempotencyKey: 'one' }]) {
      const agentId = await g.given([HOLDING]);
      const told = await callAtOnce(remove(agentId, more), 24);
      expect(new Set(told.map((each) => (typeof each === 'string' ? each : each.actionId))).size).toBe(1);
      expect(await requestsOf(agentId)).toMatchObject([{ status: 'pending' }]);
    }
  });

  it('after the end: one is told the outcome, the others are one new action', async () => {
    const agentId = await g.given([HOLDING]);
    await callAtOnce(remove(agentId), 1);
    const [first] = await requestsOf(agentId);
    await answerOne(first?.id ?? '', people[0]!, first?.action_hash ?? '');
    await g.actions.carryOut(first?.id ?? '');
    const told = await callAtOnce(remove(agentId), 24);
    const kinds = told.map((each) => (typeof each === 'string' ? each : each.kind));
    expect(kinds.filter((kind) => kind === 'succeeded')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'held')).toHaveLength(23);
    expect(await requestsOf(agentId)).toMatchObject([{ status: 'consumed' }, { status: 'pending' }]);
    expect(g.executor.acted).toHaveLength(1);
  });
});

async function answerOne(id: string, person: SignedIn, actionHash: string): Promise<string> {
  const result = await g.s.approvals.review(person, id, { verdict: 'approve', actionHash, channel: 'console' });
  return result.kind === 'answered' ? String(result.counted) : result.code;
}

const halt = (agentId: string): Promise<unknown> =>
  g.s.db.transaction(async (tx) => {
    const change = { kind: 'agent.paused', data: {} } as const;
    await g.s.agents.setStatus(tx, g.s.caller, agentId, { status: 'paused' }, change);
    await g.s.approvals.endForAgent(tx, g.s.caller, agentId);
  });

it('answers, claims, pauses, new versions, sweeps and calls at the same moment: no deadlock, nothing twice, no effect without leave', async () => {
  for (let round = 0; round < 20; round++) {
    g.executor.acted.length = 0;
    const agentId = await g.given([HOLDING]);
    const held = await g.actions.perform(g.s.caller, remove(agentId));
    if (held.kind !== 'held') throw new Error(`not held but ${held.kind}`);
    const [{ id, action_hash: hash } = { id: '', action_hash: '' }] = await requestsOf(agentId);
    const work: Promise<unknown>[] = [
      ...people.map((person) => answerOne(id, person, hash)),
      ...servers.map((server) => server.carryOut(id)),
      ...servers.map((server) => server.waitFor(g.s.caller, held, { waitMs: 100 }).catch(codeOf)),
      callAtOnce(remove(agentId), 6),
      g.s.agents.addVersion(g.s.caller, agentId, (old) => Promise.resolve({ ...old, grants: ['file.*'] }), {
        ...{ kind: 'agent.versioned', data: {} },
      }),
      ...(round % 2 === 0 ? [halt(agentId)] : []),
      g.s.approvals.cancel(g.s.caller, id).catch(codeOf),
      g.s.approvals.sweep(),
      g.actions.resume(),
    ];
    const failed = (await Promise.allSettled(work)).filter(({ status }) => status === 'rejected');
    expect(failed).toEqual([]);
    await g.actions.resume();
    const statuses = (await requestsOf(agentId)).map(({ status }) => status);
    const consumed = statuses.filter((status) => status === 'consumed').length;
    expect(g.executor.acted.length).toBeLessThanOrEqual(consumed);
    if (round % 2 === 1) expect(g.executor.acted).toHaveLength(consumed);
    expect(new Set(g.executor.acted.map(({ actionId }) => actionId)).size).toBe(g.executor.acted.length);
    if (round % 2 === 0) expect(statuses).not.toContain('approved');
  }
});
