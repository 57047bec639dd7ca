import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { addReviewer, answer } from '../../../test/support/answers.ts';
import { ask, denying, startGoverned, type Governed } from '../../../test/support/governed.ts';
import type { SignedIn } from '../identity/index.ts';
import type { ActionRequest, ActionResult } from './action.ts';
import type { ActionsService } from './actions.service.ts';
import { CATALOGUE, type CatalogueEntry } from './catalogue.ts';

let g: Governed;
let grace: SignedIn;
let later: ActionsService;
beforeAll(async () => {
  g = await startGoverned();
  grace = await addReviewer(g.s.db, g.s.caller.workspaceId);
  const entry = CATALOGUE.get('file.read');
  if (entry === undefined) throw new Error('no such action');
  // Another release, in which reading is something else.
  const other: CatalogueEntry = { ...entry, reversible: entry.reversible === 'yes' ? 'no' : 'yes' };
  const changed = new Map([...CATALOGUE, [entry.type, other]]);
  later = g.open('strict', undefined, changed);
});
afterAll(() => g.close());

const HOLDING = denying('action.type == "file.read"', { action: 'require_approval' });
const read = (agentId: string, idempotencyKey: string, more: Partial<ActionRequest> = {}): ActionRequest =>
  ask(agentId, 'file.read', { path: 'a.txt' }, { idempotencyKey, ...more });

describe('a key that was used before', () => {
  it('answers for what is held although its tool has changed; that it is not what was approved is said when it is claimed', async () => {
    const agentId = await g.given([HOLDING]);
    const request = read(agentId, randomUUID());
    const held = await g.actions.perform(g.s.caller, request);
    expect(await later.perform(g.s.caller, request)).toEqual(held);
    if (held.kind !== 'held') throw new Error(held.kind);
    await answer(g.s.approvals, grace, held.approvalId);
    const told: ActionResult = await later.perform(g.s.caller, request);
    expect(told).toMatchObject({
      ...{ kind: 'denied', actionId: held.actionId },
      reason: expect.stringMatching(/^approval_invalidated: .*its tool/),
    });
    expect(await g.actions.perform(g.s.caller, request)).toEqual(told);
    expect(g.executor.acted).toEqual([]);
  });

  it.each<[string, RegExp, (agentId: string, key: string) => Promise<ActionResult>]>([
    [
      'says that the tool may have changed where the call is the same',
      /for this call, and .*: the definition of the action, .* has changed\. That action \(`[0-9a-f-]{36}`\)/,
      (agentId, key) => later.perform(g.s.caller, read(agentId, key)),
    ],
    [
      'says so of other params',
      /with other params/,
      (agentId, key) => g.actions.perform(g.s.caller, read(agentId, key, { params: { path: 'b.txt' } })),
    ],
    [
      'names the action for which it was used',
      /for another action: `file\.read`/,
      (agentId, key) =>
        g.actions.perform(g.s.caller, ask(agentId, 'file.list', { path: '.' }, { idempotencyKey: key })),
    ],
    [
      'says so of another person',
      /for whom it is asked has changed/,
      (agentId, key) => g.actions.perform({ ...g.s.caller, personId: grace.personId }, read(agentId, key)),
    ],
  ])('and is for something else %s', async (_, expected, again) => {
    const agentId = await g.given([], { grants: ['file.*'] });
    const key = randomUUID();
    expect(await g.actions.perform(g.s.caller, read(agentId, key))).toMatchObject({ kind: 'succeeded' });
    await expect(again(agentId, key)).rejects.toMatchObject({
      ...{ code: 'idempotency_conflict', message: expect.stringMatching(expected) },
    });
  });

  it.each([{ facts: { ticket: 'T-2' } }, { params: { path: 'b.txt' } }])(
    'for what is held answers no call but that one (%j)',
    async (change) => {
      const agentId = await g.given([HOLDING]);
      const key = randomUUID();
      expect(await g.actions.perform(g.s.caller, read(agentId, key))).toMatchObject({ kind: 'held' });
      await expect(g.actions.perform(g.s.caller, read(agentId, key, change))).rejects.toMatchObject({
        code: 'idempotency_conflict',
      });
    },
  );
});
