import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ask, denying, startGoverned, type Governed } from '../../../test/support/governed.ts';
import type { ActionResult } from './action.ts';

let g: Governed;
beforeAll(async () => {
  g = await startGoverned();
});
afterAll(() => g.close());

const HOLDING = denying('action.type == "file.read"', { action: 'require_approval' });
const perform = (agentId: string): Promise<ActionResult> =>
  g.actions.perform(g.s.caller, ask(agentId, 'file.read', { path: 'a.txt' }));

it('a call that asks again is told the same of who can answer, for the one person of a workspace and in a crowd', async () => {
  const agentId = await g.given([HOLDING]);
  const alone = await perform(agentId);
  expect(alone).toMatchObject({ kind: 'held', asked: [], singleOperator: 'offered', alone: 'owner@localhost' });
  expect(await perform(agentId)).toEqual(alone);
  await g.s.db.query('INSERT INTO workspace_setting (workspace_id, single_operator) VALUES ($1, true)', [
    g.s.caller.workspaceId,
  ]);
  expect(await perform(agentId)).toMatchObject({ singleOperator: 'on', asked: ['owner@localhost'] });
  // More people than are listed: whether somebody else could answer is not known, so nobody is alone.
  await g.s.db.query(
    `INSERT INTO person (id, workspace_id, email, roles, groups)
     SELECT gen_random_uuid(), $1, 'person' || n || '@shop.example', '{}', '{legal}' FROM generate_series(1, 600) AS n`,
    [g.s.caller.workspaceId],
  );
  expect(await perform(agentId)).toMatchObject({
    kind: 'held',
    asked: [],
    singleOperator: 'off',
    requiredApprovals: 1,
  });
});
