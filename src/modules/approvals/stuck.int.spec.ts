import { afterAll, describe, expect, test } from '@jest/globals';
import { addAgent, addPerson, ask, startNode, type Asked, type Node } from '../../../test/support/approvals.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { shiftClock } from '../../../test/support/services.ts';
import type { Role } from '../../kernel/caller.ts';
import type { SignedIn } from '../identity/index.ts';
import type { ApprovalPage, OpenRequest } from './index.ts';

const HOUR_MS = 3_600_000;
const open = async (): Promise<Stage> => {
  const database = await createTestDatabase();
  const node = await startNode(database.url, { isWorker: false });
  return { database, node, agentId: await addAgent(node), ada: await addPerson(node, 'ada') };
};

interface Stage {
  readonly database: TestDatabase;
  readonly node: Node;
  readonly agentId: string;
  readonly ada: SignedIn;
}

/** Each story has a workspace of its own: who is in it is the story. */
describe('a request that those who may still answer cannot settle', () => {
  let stage: Stage;
  const stages: Stage[] = [];
  afterAll(async () => {
    for (const { node, database } of stages) {
      await node.close();
      await database.drop();
    }
  });

  const begin = async (): Promise<void> => {
    stage = await open();
    stages.push(stage);
  };
  const asking = (change: Partial<OpenRequest> = {}): Promise<Asked> =>
    ask(stage.node, stage.agentId, { expiresInMs: 10 * HOUR_MS, ...change });
  const approve = (person: SignedIn, { id, actionHash }: Asked) =>
    stage.node.approvals.review(person, id, { verdict: 'approve', actionHash, channel: 'console' });
  const page = ({ id }: Asked): Promise<ApprovalPage> => stage.node.approvals.page(stage.ada, id);
  const setRoles = ({ personId }: SignedIn, roles: readonly Role[]) =>
    stage.node.db.query('UPDATE person SET roles = $2 WHERE id = $1', [personId, roles]);
  const happened = async (asked: Asked): Promise<string[]> =>
    (await page(asked)).history.map(({ kind, data }) => `${kind}${data['reason'] === undefined ? '' : '!'}`);

  test('says so from the start, and that nobody is left who may answer', async () => {
    await begin();
    const two = await page(await asking({ ruleRequirements: [{ quorum: 2 }] }));
    expect(two.obstacle).toMatch(/2 people must approve, and only 1 who may answer is left\. Give somebody/);
    expect((await page(await asking())).obstacle).toBeUndefined();
    const group = await page(await asking({ ruleRequirements: [{ groups: ['legal'] }] }));
    expect(group.obstacle).toMatch(/1 of those who approve must be of the group `legal`, and nobody of it/);
  });

  test('is open to admins as soon as the answer of the last other person has come, with the same bar', async () => {
    await begin();
    const bo = await addPerson(stage.node, 'bo');
    const adam = await addPerson(stage.node, 'adam', ['admin']);
    const asked = await asking({ ruleRequirements: [{ quorum: 3 }] });
    await approve(stage.ada, asked);
    expect(await happened(asked)).toEqual(['opened', 'reviewed', 'escalated']);
    expect(await approve(adam, asked)).toMatchObject({
      counted: true,
      approval: { status: 'pending', requiredApprovals: 3 },
    });
    expect((await page(asked)).obstacle).toBeUndefined();
    await approve(bo, asked);
    expect((await page(asked)).status).toBe('approved');
    expect(await happened(asked)).toEqual(['opened', 'reviewed', 'escalated', 'reviewed', 'reviewed', 'approved']);
  });

  test('adds owners to those who were named', async () => {
    await begin();
    const bo = await addPerson(stage.node, 'bo');
    const olga = await addPerson(stage.node, 'olga', ['owner']);
    const asked = await asking({ approvers: [stage.ada.personId, bo.personId], ruleRequirements: [{ quorum: 2 }] });
    await setRoles(bo, ['requester']);
    expect(await approve(olga, asked)).toMatchObject({ kind: 'refused', code: 'not_eligible' });
    await approve(stage.ada, asked);
    expect(await approve(olga, asked)).toMatchObject({ counted: true, approval: { status: 'approved' } });
  });

  test('is looked at again when its times come: who lost the role since is missed then, not at the end', async () => {
    await begin();
    const bo = await addPerson(stage.node, 'bo');
    const adam = await addPerson(stage.node, 'adam', ['admin']);
    const asked = await asking({ ruleRequirements: [{ quorum: 2 }] });
    await approve(stage.ada, asked);
    expect(await happened(asked)).toEqual(['opened', 'reviewed']);
    await setRoles(bo, ['requester']);
    expect((await page(asked)).obstacle).toMatch(/2 people must approve, 1 has, and nobody who may answer is left/);
    await shiftClock(stage.node.db, '5 hours 1 minute');
    await stage.node.approvals.sweep();
    expect(await happened(asked)).toEqual(['opened', 'reviewed', 'reminded!', 'escalated']);
    await shiftClock(stage.node.db, '6 hours 1 minute');
    await stage.node.approvals.sweep();
    expect(await happened(asked)).toHaveLength(4);
    expect(await approve(adam, asked)).toMatchObject({ approval: { status: 'approved' } });
  });

  test('that nobody at all can settle says why in its history, waits, and is never settled by fewer', async () => {
    await begin();
    const bo = await addPerson(stage.node, 'bo');
    const asked = await asking({ ruleRequirements: [{ quorum: 3 }] });
    await approve(stage.ada, asked);
    await approve(bo, asked);
    const { history, status, approvals } = await page(asked);
    expect([status, approvals]).toEqual(['pending', 2]);
    expect(history.map(({ kind }) => kind)).toEqual(['opened', 'reviewed', 'escalated', 'reviewed', 'escalated']);
    expect(history.at(-1)?.data['reason']).toMatch(/3 people must approve, 2 have, and nobody who may answer is left/);
    const olga = await addPerson(stage.node, 'olga', ['owner']);
    expect(await approve(olga, asked)).toMatchObject({ approval: { status: 'approved' } });
  });

  test('is not said of a crowd, of which not everybody is listed', async () => {
    await begin();
    await stage.node.db.query(
      `INSERT INTO person (id, workspace_id, email, roles) SELECT gen_random_uuid(), $1, 'a' || n || '@shop.example', '{admin}'
       FROM generate_series(1, 600) AS n`,
      [stage.node.caller.workspaceId],
    );
    expect((await page(await asking())).obstacle).toBeUndefined();
  });
});
