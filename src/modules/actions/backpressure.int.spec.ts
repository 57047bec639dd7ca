import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addReviewer, answer } from '../../../test/support/answers.ts';
import { ask, denying, startGoverned, type Governed } from '../../../test/support/governed.ts';
import { shiftClock } from '../../../test/support/services.ts';
import { changeSettings, type SignedIn } from '../identity/index.ts';
import type { ActionRequest, ActionResult } from './action.ts';
import type { ActionsService } from './actions.service.ts';

let g: Governed;
let ada: SignedIn;
let bob: SignedIn;
let servers: ActionsService[];
beforeAll(async () => {
  g = await startGoverned();
  ada = await addReviewer(g.s.db, g.s.caller.workspaceId, ['owner']);
  bob = await addReviewer(g.s.db, g.s.caller.workspaceId);
  servers = [g.actions, g.open('strict', g.connect()), g.open('strict', g.connect())];
});
afterAll(() => g.close());
beforeEach(() => shiftClock(g.s.db, '0'));

const HOLDING = denying('action.type == "file.write"', { action: 'require_approval' });
const write = (agentId: string, name: string | number, more: Partial<ActionRequest> = {}): ActionRequest =>
  ask(agentId, 'file.write', { path: `${name}.txt`, content: 'x', mode: 'create' }, more);
const setMax = (maxOpenApprovals: number | null): Promise<unknown> =>
  changeSettings(g.s, g.s.caller, { maxOpenApprovals });
const codeOf = (result: ActionResult): string => (result.kind === 'failed' ? result.error.code : result.kind);

async function fill(agentId: string, count: number): Promise<ActionResult[]> {
  const calls = Array.from({ length: count }, (_, i) =>
    servers[i % servers.length]!.perform(g.s.caller, write(agentId, i)),
  );
  return Promise.all(calls);
}

async function openOf(agentId: string): Promise<string[]> {
  const rows = await g.s.db.query<{ id: string }>(
    `SELECT id FROM approval_request WHERE agent_id = $1 AND status = 'pending' ORDER BY created_at`,
    [agentId],
  );
  return rows.map(({ id }) => id);
}

const wish = (agentId: string, action: string) =>
  g.actions.requestApproval(g.s.caller, { agentId, action, description: 'please', approvers: [ada.email, bob.email] });

describe('an agent that asks much', () => {
  it('never has more than 20 requests open, also when three processes ask 60 times at the same moment', async () => {
    const agentId = await g.given([HOLDING]);
    const told = (await fill(agentId, 60)).map(codeOf);
    expect(told.filter((each) => each === 'held')).toHaveLength(20);
    expect(told.filter((each) => each === 'approval_backpressure')).toHaveLength(40);
    expect(await openOf(agentId)).toHaveLength(20);
  });

  it('calls and requests for leave in advance share the number', async () => {
    const agentId = await g.given([HOLDING]);
    await setMax(6);
    const asked = await Promise.allSettled([
      ...Array.from({ length: 12 }, (_, i) => wish(agentId, `thing ${i}`)),
      ...Array.from({ length: 12 }, (_, i) => g.actions.perform(g.s.caller, write(agentId, i))),
    ]);
    await setMax(null);
    expect(await openOf(agentId)).toHaveLength(6);
    const refused = asked.flatMap((each) => (each.status === 'rejected' ? [String(each.reason)] : []));
    for (const each of refused) expect(each).toContain('approval_backpressure: 6 requests');
  });

  it('is told how many wait, since when, and the way out; each refusal is recorded and no action is kept', async () => {
    const agentId = await g.given([HOLDING]);
    await fill(agentId, 20);
    const refused = await g.actions.perform(g.s.caller, write(agentId, 'more'));
    await expect(wish(agentId, 'a thing')).rejects.toMatchObject({ code: 'approval_backpressure' });
    const oldest = (await g.s.approvals.listPending(agentId)).at(-1)?.createdAt ?? '';
    const message = refused.kind === 'failed' ? refused.error.message : '';
    for (const words of ['20 requests', oldest, 'list_approvals', 'cancel_approval']) expect(message).toContain(words);
    const kinds = await g.kindsOf(agentId);
    expect(kinds.slice(-2)).toEqual(['action.decided denied', 'approval.requested denied']);
    const [rows] = await g.s.db.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM action WHERE agent_id = $1',
      [agentId],
    );
    expect(rows?.count).toBe(20);
  });

  it('is held again, with the same key, as soon as one is answered, cancelled or past its time', async () => {
    const agentId = await g.given([HOLDING]);
    await fill(agentId, 20);
    const more = write(agentId, 'more', { idempotencyKey: 'the same' });
    expect(codeOf(await g.actions.perform(g.s.caller, more))).toBe('approval_backpressure');
    const [first = '', second = ''] = await openOf(agentId);
    await answer(g.s.approvals, ada, first);
    expect(codeOf(await g.actions.perform(g.s.caller, more))).toBe('held');
    expect(codeOf(await g.actions.perform(g.s.caller, write(agentId, 'another')))).toBe('approval_backpressure');
    await g.s.approvals.cancel(g.s.caller, second);
    expect(codeOf(await g.actions.perform(g.s.caller, write(agentId, 'another')))).toBe('held');
    await shiftClock(g.s.db, '25 hours');
    expect(codeOf(await g.actions.perform(g.s.caller, write(agentId, 'a day later')))).toBe('held');
  });

  it('is not in the way of others, of its own repeats, or of what needs nobody', async () => {
    const agentId = await g.given([HOLDING]);
    const [first] = await fill(agentId, 20);
    const again = await g.actions.perform(g.s.caller, write(agentId, 0));
    expect(again).toMatchObject({ kind: 'held', actionId: first?.actionId });
    expect(codeOf(await g.actions.perform(g.s.caller, ask(agentId, 'file.read', { path: 'a.txt' })))).toBe('succeeded');
    const other = await g.given([HOLDING]);
    expect(codeOf(await g.actions.perform(g.s.caller, write(other, 'mine')))).toBe('held');
  });

  it('counts by an index, whatever has been asked before', async () => {
    const agentId = await g.given([HOLDING]);
    await fill(agentId, 20);
    await g.s.db.transaction(async (tx) => {
      await tx.query('SET LOCAL enable_seqscan = off');
      const plan = await tx.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN SELECT created_at FROM approval_request WHERE agent_id = '${agentId}' AND status = 'pending'
         AND purpose IN ('action', 'request') AND expires_at > app_now() ORDER BY created_at LIMIT 20`,
      );
      expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('approval_request_asked');
    });
  });
});
