import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ask, builtIn, startGoverned, type Governed, type NotedExecutor } from '../../../test/support/governed.ts';
import { shiftClock, type TestServices } from '../../../test/support/services.ts';
import type { AgentDefinition } from '../../kernel/run/model.ts';
import { AppError } from '../../platform/errors/index.ts';
import type { ActionRequest } from './action.ts';
import type { ActionsService } from './actions.service.ts';

let g: Governed;
let s: TestServices;
let executor: NotedExecutor;
let actions: ActionsService;

beforeAll(async () => {
  g = await startGoverned();
  ({ s, executor, actions } = g);
});
afterAll(() => g.close());

const open = (mode: string): ActionsService => g.open(mode);
const given = (policyIds: string[] = [], change: Partial<AgentDefinition> = {}): Promise<string> =>
  g.given(
    policyIds.map((id) => builtIn(id)),
    change,
  );
const kindsOf = (agentId: string): Promise<string[]> => g.kindsOf(agentId);

describe('perform', () => {
  it('records the decision before and the outcome after an allowed action', async () => {
    const agentId = await given();
    executor.answer = async () => {
      expect(await kindsOf(agentId)).toEqual(['agent.created succeeded', 'action.decided allowed']);
      return { text: 'hello' };
    };
    const result = await actions.perform(s.caller, ask(agentId, 'file.read', { path: 'a.txt' }));
    expect(result).toMatchObject({
      kind: 'succeeded',
      output: { text: 'hello' },
      decision: { effect: 'allow', mode: 'strict' },
    });
    expect(await kindsOf(agentId)).toEqual([
      'agent.created succeeded',
      'action.decided allowed',
      'action.executed succeeded',
    ]);
    executor.answer = () => Promise.resolve({ done: true });
  });

  it('does not act on what is denied, and says why', async () => {
    const agentId = await given();
    const before = executor.acted.length;
    const result = await actions.perform(s.caller, ask(agentId, 'file.read', { path: '/etc/hostname' }));
    expect(result).toMatchObject({
      kind: 'denied',
      decision: { violations: [{ policy: 'baseline', rule: 'path-outside-roots' }] },
    });
    expect(executor.acted.length).toBe(before);
    expect(await kindsOf(agentId)).toContain('action.decided denied');
  });

  it('denies a type that the agent has not declared in strict, allows and logs it in permissive', async () => {
    const agentId = await given([], { grants: [] });
    const request = ask(agentId, 'file.write', { path: 'b.txt', content: 'x' });
    expect(await actions.perform(s.caller, request)).toMatchObject({ kind: 'denied' });
    expect(await open('permissive').perform(s.caller, request)).toMatchObject({
      kind: 'succeeded',
      decision: { effect: 'allow', strictEffect: 'deny', warnings: [{ rule: 'undeclared-type' }] },
    });
  });

  it('does not let a grant cover a type that does not exist', async () => {
    const agentId = await given();
    const request = ask(agentId, 'file.raed', { path: 'a' });
    expect(await actions.perform(s.caller, request)).toMatchObject({ kind: 'denied' });
    expect(await open('permissive').perform(s.caller, request)).toMatchObject({
      kind: 'failed',
      error: { code: 'unavailable' },
    });
  });

  it('records the attempt at a type that does not exist', async () => {
    const agentId = await given();
    expect(await actions.perform(s.caller, ask(agentId, 'bank.transfer', { amount: 1 }))).toMatchObject({
      kind: 'denied',
    });
    expect(await kindsOf(agentId)).toContain('action.decided denied');
  });

  it('holds a recursive delete once, however often it is asked, until the request expires', async () => {
    const agentId = await given(['data-deletion']);
    const request = ask(agentId, 'file.delete', { path: 'old', recursive: true });
    const before = executor.acted.length;
    const all = await Promise.all(Array.from({ length: 5 }, () => actions.perform(s.caller, request)));
    expect(all.map((r) => r.kind)).toEqual(Array(5).fill('held'));
    expect(new Set(all.map((r) => (r.kind === 'held' ? r.approvalId : ''))).size).toBe(1);
    expect(executor.acted.length).toBe(before);
    expect(await s.approvals.listPending(agentId)).toMatchObject([
      { action: 'file.delete', riskLevel: 'high', requiredApprovals: 2 },
    ]);
    await shiftClock(s.db, '25 hours');
    expect(await actions.perform(s.caller, request)).toMatchObject({
      kind: 'denied',
      reason: expect.stringMatching(/^approval_expired: /),
    });
    const later = await actions.perform(s.caller, request);
    expect(later.kind).toBe('held');
    expect(later.kind === 'held' && all[0]?.kind === 'held' && later.approvalId !== all[0].approvalId).toBe(true);
    await shiftClock(s.db, '0');
    expect(await kindsOf(agentId)).toContain('approval.expired denied');
  });

  it('answers the same key with the same action, and acts once', async () => {
    const agentId = await given();
    const request = ask(agentId, 'file.write', { path: 'k.txt', content: 'x' }, { idempotencyKey: 'key-1' });
    const before = executor.acted.length;
    const first = await actions.perform(s.caller, request);
    const second = await actions.perform(s.caller, request);
    expect(second).toEqual(first);
    expect(executor.acted.length).toBe(before + 1);
    const other = ask(agentId, 'file.write', { path: 'k.txt', content: 'y' }, { idempotencyKey: 'key-1' });
    await expect(actions.perform(s.caller, other)).rejects.toMatchObject({ code: 'idempotency_conflict' });
  });

  it('acts once when the same key arrives many times at once', async () => {
    const agentId = await given();
    const before = executor.acted.length;
    const request = ask(agentId, 'file.read', { path: 'k.txt' }, { idempotencyKey: randomUUID() });
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => actions.perform(s.caller, request)));
    expect(executor.acted.length).toBe(before + 1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'conflict' });
      else expect(result.value.kind).toBe('succeeded');
    }
  });

  it('never lets more writes through in a minute than the rate allows, also in parallel', async () => {
    const agentId = await g.given([builtIn('rate-limiting', { maxRunning: 1_000 })]);
    const results = await Promise.all(
      Array.from({ length: 75 }, (_, i) =>
        actions.perform(s.caller, ask(agentId, 'file.write', { path: `w/${i}`, content: '' })),
      ),
    );
    expect(results.filter((r) => r.kind === 'succeeded')).toHaveLength(60);
    expect(results.find((r) => r.kind === 'denied')?.decision.violations[0]).toMatchObject({
      rule: 'writes-per-minute',
    });
    await shiftClock(s.db, '61 seconds');
    expect(await actions.perform(s.caller, ask(agentId, 'file.write', { path: 'w/x', content: '' }))).toMatchObject({
      kind: 'succeeded',
    });
    await shiftClock(s.db, '0');
  });

  it('refuses params that do not fit, with the path, and records nothing', async () => {
    const agentId = await given();
    await expect(actions.perform(s.caller, ask(agentId, 'file.write', { path: 'a', contnt: 'x' }))).rejects.toThrow(
      /params\.content is required.*params\.contnt/s,
    );
    expect(await kindsOf(agentId)).toEqual(['agent.created succeeded']);
  });

  it('does not act for a stopped agent', async () => {
    const agentId = await given();
    await s.db.transaction((tx) =>
      s.agents.setStatus(tx, s.caller, agentId, { status: 'stopped' }, { kind: 'agent.stopped', data: {} }),
    );
    await expect(actions.perform(s.caller, ask(agentId, 'file.read', { path: 'a' }))).rejects.toMatchObject({
      code: 'not_runnable',
    });
  });

  it('stops an action at its deadline', async () => {
    const agentId = await given();
    executor.answer = (_, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    const read = await actions.perform(s.caller, ask(agentId, 'file.read', { path: 'a' }, { timeoutMs: 20 }));
    expect(read).toMatchObject({ kind: 'failed', error: { code: 'timeout' } });
    const post = ask(agentId, 'http.request', { url: 'https://example.org/', method: 'POST' }, { timeoutMs: 20 });
    expect(await actions.perform(s.caller, post)).toMatchObject({ kind: 'unknown' });
    executor.answer = () => Promise.resolve({ done: true });
  });
});

describe('an action whose process died', () => {
  it('is recorded as unknown once nobody can come back to it, and not before', async () => {
    const agentId = await given();
    const { actionId } = await actions.perform(s.caller, ask(agentId, 'file.write', { path: 'gone', content: '' }));
    await s.db.query(`UPDATE action SET execution = 'dispatched', finished_at = NULL WHERE id = $1`, [actionId]);
    expect(await actions.endAbandoned()).toBe(0);
    await shiftClock(s.db, '2 hours');
    expect(await actions.endAbandoned()).toBe(1);
    expect(await actions.endAbandoned()).toBe(0);
    await shiftClock(s.db, '0');
    expect((await kindsOf(agentId)).at(-1)).toBe('action.executed unknown');
  });
});

describe('perform in a run', () => {
  const givenRun = async (agentId: string): Promise<string> => {
    const id = randomUUID();
    await s.db.query(
      `INSERT INTO run (id, workspace_id, agent_id, version, trigger, status, input, requested_by) VALUES ($1, $2, $3, 1, 'manual', 'running', '{}', 'test')`,
      [id, s.caller.workspaceId, agentId],
    );
    return id;
  };
  const dispatch = async (agentId: string, request: ActionRequest): Promise<string> => {
    executor.answer = () => Promise.reject(new AppError('outbound_blocked', 'killed'));
    const { actionId } = await actions.perform(s.caller, request);
    executor.answer = () => Promise.resolve({ done: true });
    // As kill -9 leaves it: decided and dispatched, no outcome.
    await s.db.query(`UPDATE action SET execution = 'dispatched', error = NULL, finished_at = NULL WHERE id = $1`, [
      actionId,
    ]);
    expect(agentId).toBe(request.agentId);
    return actionId;
  };

  it('answers a finished place with its outcome and does not act again', async () => {
    const agentId = await given();
    const run = { runId: await givenRun(agentId), stepPosition: 0, itemIndex: -1, attempt: 1 };
    const request = ask(agentId, 'file.write', { path: 'r', content: '' }, { trigger: 'manual', run });
    const first = await actions.perform(s.caller, request);
    const before = executor.acted.length;
    expect(await actions.perform(s.caller, request)).toEqual(first);
    expect(executor.acted.length).toBe(before);
  });

  it('repeats an idempotent action whose worker died, under the same id', async () => {
    const agentId = await given();
    const run = { runId: await givenRun(agentId), stepPosition: 0, itemIndex: -1, attempt: 1 };
    const request = ask(agentId, 'file.write', { path: 'r2', content: '' }, { trigger: 'manual', run });
    const actionId = await dispatch(agentId, request);
    expect(await actions.perform(s.caller, request)).toMatchObject({ kind: 'succeeded', actionId });
    expect(executor.acted.at(-1)?.actionId).toBe(actionId);
  });

  it('never repeats one that is not: it asks whether it happened', async () => {
    const agentId = await given();
    const run = { runId: await givenRun(agentId), stepPosition: 0, itemIndex: -1, attempt: 1 };
    const request = ask(
      agentId,
      'http.request',
      { url: 'https://example.org/', method: 'POST' },
      { trigger: 'manual', run },
    );
    const actionId = await dispatch(agentId, request);
    const before = executor.acted.length;
    const result = await actions.perform(s.caller, request);
    expect(result).toMatchObject({ kind: 'unknown', actionId });
    expect(executor.acted.length).toBe(before);
    expect(await s.approvals.listPending(agentId)).toHaveLength(1);
    expect(await actions.perform(s.caller, request)).toEqual(result);
  });
});
