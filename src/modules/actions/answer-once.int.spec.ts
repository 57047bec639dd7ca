import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { addReviewer, answer } from '../../../test/support/answers.ts';
import { ask, denying, startGoverned, type Governed } from '../../../test/support/governed.ts';
import { shiftClock } from '../../../test/support/services.ts';
import type { SignedIn } from '../identity/index.ts';
import type { ActionRequest, ActionResult } from './action.ts';

let g: Governed;
let grace: SignedIn;
beforeAll(async () => {
  g = await startGoverned();
  grace = await addReviewer(g.s.db, g.s.caller.workspaceId);
});
afterAll(() => g.close());
beforeEach(() => {
  g.executor.answer = () => Promise.resolve({ text: 'the content' });
  g.executor.acted.length = 0;
});

type Held = Extract<ActionResult, { kind: 'held' }>;
const HOLDING = denying('action.type == "file.read"', { action: 'require_approval' });
const read = (agentId: string, more: Partial<ActionRequest> = {}): ActionRequest =>
  ask(agentId, 'file.read', { path: 'a.txt' }, more);
const perform = (request: ActionRequest): Promise<ActionResult> => g.actions.perform(g.s.caller, request);
const hold = async (request: ActionRequest): Promise<Held> => {
  const held = await perform(request);
  if (held.kind !== 'held') throw new Error(`not held but ${held.kind}`);
  return held;
};

describe('the outcome of a held action', () => {
  it('goes to the next identical call, once; the one after is a new action', async () => {
    const agentId = await g.given([HOLDING]);
    const held = await hold(read(agentId));
    expect(await perform(read(agentId))).toEqual(held);
    await answer(g.s.approvals, grace, held.approvalId);
    expect(await perform(read(agentId))).toMatchObject({
      kind: 'succeeded',
      actionId: held.actionId,
      output: { text: 'the content' },
    });
    expect(g.executor.acted).toHaveLength(1);
    const next = await hold(read(agentId));
    expect(next.actionId).not.toBe(held.actionId);
  });

  it('says who is asked, how many must approve, and until when', async () => {
    const held = await hold(read(await g.given([HOLDING])));
    expect(held).toMatchObject({ asked: [grace.email], requiredApprovals: 1, singleOperator: 'off' });
    expect(held.expiresAt).toBeInstanceOf(Date);
  });

  it('goes to whoever has its key, always', async () => {
    const agentId = await g.given([HOLDING]);
    const keyed = read(agentId, { idempotencyKey: randomUUID() });
    const held = await hold(keyed);
    await answer(g.s.approvals, grace, held.approvalId);
    const first = await perform(keyed);
    expect(first).toMatchObject({ kind: 'succeeded', actionId: held.actionId });
    expect(await perform(keyed)).toEqual(first);
    expect((await hold(read(agentId))).actionId).not.toBe(held.actionId);
  });

  it('goes to a call that gives a key for the first time, and stays with that key', async () => {
    const agentId = await g.given([HOLDING]);
    const held = await hold(read(agentId));
    const keyed = read(agentId, { idempotencyKey: randomUUID() });
    expect(await perform(keyed)).toMatchObject({ kind: 'held', actionId: held.actionId });
    await answer(g.s.approvals, grace, held.approvalId);
    await g.actions.carryOut(held.approvalId);
    const first = await perform(keyed);
    expect(first).toMatchObject({ kind: 'succeeded', actionId: held.actionId });
    expect(await perform(keyed)).toEqual(first);
  });

  it('is no other one than that of the call with another key', async () => {
    const agentId = await g.given([HOLDING]);
    const held = await hold(read(agentId, { idempotencyKey: randomUUID() }));
    expect((await hold(read(agentId, { idempotencyKey: randomUUID() }))).actionId).not.toBe(held.actionId);
  });

  it('is told as a denial with its reason, once', async () => {
    const agentId = await g.given([HOLDING]);
    const held = await hold(read(agentId));
    await g.s.approvals.cancel(g.s.caller, held.approvalId, 'Not needed.');
    expect(await perform(read(agentId))).toMatchObject({
      kind: 'denied',
      actionId: held.actionId,
      reason: expect.stringMatching(/^approval_cancelled: .*Not needed/),
    });
    await hold(read(agentId));
  });

  it('is told to many identical calls at once without a second action', async () => {
    const agentId = await g.given([HOLDING]);
    const held = await hold(read(agentId));
    await answer(g.s.approvals, grace, held.approvalId);
    const results = await Promise.allSettled(Array.from({ length: 12 }, () => perform(read(agentId))));
    expect(g.executor.acted).toHaveLength(1);
    const kinds = results.map((each) => (each.status === 'fulfilled' ? each.value.kind : String(each.reason)));
    expect(kinds.filter((kind) => kind === 'succeeded').length).toBeGreaterThan(0);
    expect(new Set(kinds)).not.toContain('denied');
  });
});

describe('a call that waits', () => {
  it('has the outcome soon after the answer, hears of each second, and nobody else is told it again', async () => {
    const agentId = await g.given([HOLDING]);
    const held = await hold(read(agentId));
    const ticks: number[] = [];
    const waiting = g.actions.waitFor(g.s.caller, held, { waitMs: 20_000, onTick: (ms) => ticks.push(ms) });
    while (ticks.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await answer(g.s.approvals, grace, held.approvalId);
    const answeredAt = performance.now();
    expect(await waiting).toMatchObject({ kind: 'succeeded', output: { text: 'the content' } });
    expect(performance.now() - answeredAt).toBeLessThan(1_500);
    expect((await hold(read(agentId))).actionId).not.toBe(held.actionId);
  });

  it.each([{}, { idempotencyKey: randomUUID() }])(
    'and another one that asked the same hear of one action; one that comes later does not, but for the key (%p)',
    async (key) => {
      const agentId = await g.given([HOLDING]);
      const [first, second] = await Promise.all([hold(read(agentId, key)), hold(read(agentId, key))]);
      expect(second).toEqual(first);
      const waiting = [first, second, first].map((held) => g.actions.waitFor(g.s.caller, held, { waitMs: 20_000 }));
      const gone = g.actions.waitFor(g.s.caller, first, { waitMs: 20_000, signal: AbortSignal.timeout(50) });
      expect(await gone).toEqual(first);
      await answer(g.s.approvals, grace, first.approvalId);
      const told = await Promise.all(waiting);
      expect(told).toEqual(told.map(() => expect.objectContaining({ kind: 'succeeded', actionId: first.actionId })));
      expect(g.executor.acted).toHaveLength(1);
      const later = await perform(read(agentId, key));
      expect(later.kind).toBe('idempotencyKey' in key ? 'succeeded' : 'held');
      expect(later.actionId === first.actionId).toBe('idempotencyKey' in key);
      expect(g.executor.acted).toHaveLength(1);
    },
  );

  it('is held again when its time is over, and takes no answer with it when the client went away', async () => {
    const agentId = await g.given([HOLDING]);
    const held = await hold(read(agentId));
    expect(await g.actions.waitFor(g.s.caller, held, { waitMs: 50 })).toMatchObject({ kind: 'held' });
    const gone = await g.actions.waitFor(g.s.caller, held, { waitMs: 20_000, signal: AbortSignal.timeout(50) });
    expect(gone).toEqual(held);
    await answer(g.s.approvals, grace, held.approvalId);
    expect(await perform(read(agentId))).toMatchObject({ kind: 'succeeded', actionId: held.actionId });
  });
});

it('a call that finds the outcome just told to another one is a new action, and no error', async () => {
  const agentId = await g.given([HOLDING]);
  const held = await hold(read(agentId));
  let later: Promise<ActionResult> | undefined;
  await g.s.db.transaction(async (tx) => {
    await tx.query('UPDATE action SET awaits_answer = false WHERE id = $1', [held.actionId]);
    later = perform(read(agentId));
    later.catch(() => undefined);
    const deadline = performance.now() + 20_000;
    for (let waits = 0; waits === 0 && performance.now() < deadline;) {
      const rows = await g.s.db.query<{ waits: number }>(
        `SELECT count(*)::int AS waits FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%FROM action WHERE%'`,
      );
      waits = rows[0]?.waits ?? 0;
    }
  });
  const told = await later;
  expect(told?.kind).toBe('held');
  expect(told?.actionId).not.toBe(held.actionId);
});

it('a call whose client is gone when the outcome is there leaves it to the next one', async () => {
  const agentId = await g.given([HOLDING]);
  const held = await hold(read(agentId));
  await answer(g.s.approvals, grace, held.approvalId);
  await g.actions.carryOut(held.approvalId);
  const gone = { waitMs: 1_000, signal: AbortSignal.abort() };
  expect(await g.actions.waitFor(g.s.caller, held, gone)).toEqual(held);
  expect(await perform(read(agentId))).toMatchObject({ kind: 'succeeded', actionId: held.actionId });
});

describe('leave in advance', () => {
  const request = async (agentId: string, change: { action?: string; params?: object; approvers?: string[] } = {}) =>
    g.actions.requestApproval(g.s.caller, {
      ...{ agentId, action: 'file.read', params: { path: 'a.txt' }, description: 'I need it.' },
      approvers: [grace.email],
      ...(change as object),
    });

  it('is used up by the identical action, once, however many come at once', async () => {
    const agentId = await g.given([HOLDING]);
    const { id, requestedBy } = await request(agentId);
    expect(requestedBy).not.toContain('agent:');
    await answer(g.s.approvals, grace, id);
    const results = await Promise.all(Array.from({ length: 20 }, () => perform(read(agentId))));
    expect(results.filter(({ kind }) => kind === 'succeeded')).toHaveLength(1);
    expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['succeeded', 'held']));
    expect(g.executor.acted).toHaveLength(1);
    expect(await g.s.approvals.get(g.s.caller, id)).toMatchObject({ status: 'consumed', execution: 'succeeded' });
  });

  it('is used up also where the action is allowed, is for no other action, and lifts no denial', async () => {
    const agentId = await g.given([denying('message.subject == "x" || file.path.endsWith("never.txt")')]);
    const { id } = await request(agentId);
    const never = await request(agentId, { params: { path: 'never.txt' } });
    await answer(g.s.approvals, grace, id);
    await answer(g.s.approvals, grace, never.id);
    await perform(ask(agentId, 'file.read', { path: 'b.txt' }));
    expect((await g.s.approvals.get(g.s.caller, id)).status).toBe('approved');
    expect(await perform(read(agentId))).toMatchObject({ kind: 'succeeded' });
    expect((await g.s.approvals.get(g.s.caller, id)).status).toBe('consumed');
    expect(await perform(ask(agentId, 'file.read', { path: 'never.txt' }))).toMatchObject({ kind: 'denied' });
    expect((await g.s.approvals.get(g.s.caller, never.id)).status).toBe('approved');
  });

  it('given by fewer people than must agree by now is over, and people are asked', async () => {
    const second = denying('rate.kind1h > 0', {
      ...{ action: 'require_approval', name: 'many' },
      approval: { quorum: 2, groups: ['owner'] },
    });
    const agentId = await g.given([second]);
    const view = await request(agentId);
    expect(view).toMatchObject({ requiredApprovals: 1 });
    await answer(g.s.approvals, grace, view.id);
    expect(await perform(ask(agentId, 'file.read', { path: 'b.txt' }))).toMatchObject({ kind: 'succeeded' });
    expect(await perform(read(agentId))).toMatchObject({ kind: 'held', requiredApprovals: 2 });
    expect(g.executor.acted).toHaveLength(1);
    const { status, endReason } = await g.s.approvals.get(g.s.caller, view.id);
    expect([status, endReason]).toEqual(['invalidated', expect.stringMatching(/2 people have to approve/)]);
  });

  it('is no leave any more when it is too old', async () => {
    const agentId = await g.given([HOLDING]);
    const { id } = await request(agentId);
    await answer(g.s.approvals, grace, id);
    await shiftClock(g.s.db, '25 hours');
    expect(await perform(read(agentId))).toMatchObject({ kind: 'held' });
    await shiftClock(g.s.db, '0');
  });

  it('of words is critical, lists strangers, and is refused where those who are named cannot give it', async () => {
    const agentId = await g.given([]);
    const ada = await addReviewer(g.s.db, g.s.caller.workspaceId, ['owner']);
    const words = { action: 'Pay the invoice 4711', params: undefined };
    const view = await request(agentId, {
      ...words,
      approvers: [grace.email, ada.email, 'who@else.example'],
    } as object);
    expect(view).toMatchObject({ riskLevel: 'critical', requiredApprovals: 2, purpose: 'request' });
    expect(view.approvers).toContainEqual({ email: 'who@else.example', eligible: false, reason: expect.any(String) });
    await expect(request(agentId, { ...words, approvers: [grace.email] } as object)).rejects.toThrow(
      /Only 1 of the approvers/,
    );
    const without = request(agentId, {
      ...words,
      approvers: [grace.email, (await addReviewer(g.s.db, g.s.caller.workspaceId)).email],
    } as object);
    await expect(without).rejects.toMatchObject({
      ...{
        code: 'not_eligible',
        message: expect.stringMatching(/^Of those who approve it 1 must be of the group `owner`/),
      },
    });
    const own = request(agentId, { approvers: ['owner@localhost', 'who@else.example'] });
    await expect(own).rejects.toThrow(
      /None of the approvers.*owner@localhost: asked for it.*who@else\.example: nobody/s,
    );
    await expect(own).rejects.toMatchObject({ code: 'not_eligible' });
  });

  it.each(['paused', 'stopped'])('is not asked for an agent that is %s', async (status) => {
    const agentId = await g.given([]);
    await g.s.db.query('UPDATE agent SET status = $2 WHERE id = $1', [agentId, status]);
    await expect(request(agentId)).rejects.toMatchObject({
      ...{ code: 'not_runnable', message: expect.stringMatching(/_agent/) },
    });
    expect(await g.s.approvals.listPending(agentId)).toEqual([]);
  });

  it('of a catalogue type needs params that fit, and a time within a month', async () => {
    const agentId = await g.given([]);
    await expect(request(agentId, { params: { pth: 'a' } })).rejects.toThrow(/params\.path is required/);
    const late = { agentId, action: 'file.read', description: '-', approvers: [grace.email] };
    for (const hours of [0, -1, 721]) {
      const asking = g.actions.requestApproval(g.s.caller, { ...late, expiresInMs: hours * 3_600_000 });
      await expect(asking).rejects.toMatchObject({ code: 'invalid_input' });
    }
  });
});
