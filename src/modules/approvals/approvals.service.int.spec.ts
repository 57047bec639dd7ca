import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import {
  addAgent,
  addPerson,
  ask,
  makeRequest,
  startNode,
  type Asked,
  type Node,
} from '../../../test/support/approvals.ts';
import { shiftClock } from '../../../test/support/services.ts';
import type { ReviewRefusal, Verdict } from '../../kernel/approval/model.ts';
import type { AppError } from '../../platform/errors/index.ts';
import type { SignedIn } from '../identity/index.ts';
import type { OpenRequest } from './index.ts';

let database: TestDatabase;
let node: Node;
let agentId: string;
let [ada, bo, olga, adam]: SignedIn[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  node = await startNode(database.url);
});
afterAll(async () => {
  await node.close();
  await database.drop();
});
beforeEach(async () => {
  agentId = await addAgent(node);
  await node.db.query("UPDATE person SET active = false WHERE email <> 'owner@localhost'");
  await node.db.query("UPDATE person SET email = id || '@gone.example' WHERE email <> 'owner@localhost'");
  await node.db.query('DELETE FROM workspace_setting');
  await shiftClock(node.db, '0');
  ada = await addPerson(node, 'ada');
  bo = await addPerson(node, 'bo');
  olga = await addPerson(node, 'olga', ['owner', 'requester']);
  adam = await addPerson(node, 'adam', ['admin']);
});

const asking = (change: Partial<OpenRequest> = {}): Promise<Asked> => ask(node, agentId, change);

async function answer(
  person: SignedIn | undefined,
  { id, actionHash }: Asked,
  verdict: Verdict = 'approve',
): Promise<'counted' | 'repeated' | ReviewRefusal> {
  const result = await node.approvals.review(person!, id, { verdict, actionHash, channel: 'console' });
  return result.kind === 'refused' ? result.code : result.counted ? 'counted' : 'repeated';
}

const statusOf = async ({ id }: Asked): Promise<string> => (await node.approvals.get(node.caller, id)).status;

async function expectCode(work: Promise<unknown>, code: AppError['code']): Promise<void> {
  await expect(work).rejects.toMatchObject({ code });
}

async function setPerson(person: SignedIn | undefined, change: string): Promise<void> {
  await node.db.query(`UPDATE person SET ${change} WHERE id = $1`, [person!.personId]);
}

const claim = ({ id }: Asked) =>
  node.db.transaction(async (tx) => {
    const row = await node.approvals.lock(tx, id);
    return node.approvals.checkStanding(tx, row!);
  });

describe('asking', () => {
  test('says who is asked, and freezes what is asked and what is needed', async () => {
    const request = makeRequest(node, agentId, { risk: 'high', ruleRequirements: [{ quorum: 3, groups: ['legal'] }] });
    const opened = await node.db.transaction((tx) => node.approvals.open(tx, request));
    expect(opened).toMatchObject({
      asked: ['ada@shop.example', 'bo@shop.example', 'olga@shop.example'],
      singleOperator: 'off',
      requirement: {
        quorum: 3,
        denials: 1,
        groups: [
          { group: 'owner', count: 1 },
          { group: 'legal', count: 1 },
        ],
      },
    });
    await node.db.query(`INSERT INTO workspace_setting (workspace_id, quorums) VALUES ($1, $2)`, [
      node.caller.workspaceId,
      { high: { quorum: 1, groups: [] } },
    ]);
    const view = await node.approvals.get(node.caller, opened.approvalId);
    expect(view).toMatchObject({ status: 'pending', requiredApprovals: 3, approvals: 0, params: expect.any(Object) });
    expect(view.notifications.map(({ to }) => to)).toEqual(opened.asked);
    expect(
      await node.db.transaction((tx) => node.approvals.open(tx, makeRequest(node, agentId, { risk: 'high' }))),
    ).toMatchObject({
      requirement: { quorum: 1, groups: [] },
    });
  });

  test.each([
    ['what is asked', "params = 'x'"],
    ['why it is held', "evidence = '{}'"],
    ['how long an approval is good for', 'valid_for_ms = valid_for_ms * 2'],
    ['what is asked', "action_hash = 'x'"],
    ['who must agree', `requirement = '{"quorum": 1, "groups": [], "denials": 9}'`],
    ['until when', "expires_at = expires_at + interval '1 day'"],
    ['whose answer never counts', "conflicts = '{}'"],
    ['the status to one without a way', "status = 'consumed'"],
  ])('the database keeps %s (%s)', async (_, change) => {
    const { id } = await asking({ conflicts: [bo!.personId] });
    await expect(node.db.query(`UPDATE approval_request SET ${change} WHERE id = $1`, [id])).rejects.toThrow(/cannot/);
  });

  test('a request that is not there is not found, also one of another workspace', async () => {
    const asked = await asking();
    const stranger = { ...ada!, workspaceId: agentId as SignedIn['workspaceId'] };
    for (const id of ['nonsense', agentId]) await expectCode(node.approvals.get(node.caller, id), 'not_found');
    await expectCode(answer(stranger, asked), 'not_found');
    await expectCode(node.approvals.page(stranger, asked.id), 'not_found');
    await expectCode(node.approvals.cancel(stranger, asked.id), 'not_found');
    await expectCode(node.approvals.revoke(stranger, asked.id), 'not_found');
    expect(await statusOf(asked)).toBe('pending');
  });
});

describe('answering', () => {
  test('roles count as they are in the database now, whatever a session says', async () => {
    const asked = await asking();
    await setPerson(ada, "roles = '{requester}'");
    expect(await answer(ada, asked)).toBe('not_eligible');
    await setPerson(bo, 'active = false');
    expect(await answer(bo, asked)).toBe('not_eligible');
    await setPerson(ada, "roles = '{approver}'");
    expect(await answer(ada, asked)).toBe('counted');
  });

  test('who asked, for whom it is and who else is named as a conflict cannot answer', async () => {
    const asked = await asking({ onBehalfOf: olga!.personId, conflicts: [bo!.personId] });
    expect(await answer(olga, asked)).toBe('self_review');
    expect(await answer(bo, asked)).toBe('self_review');
    expect(await answer(bo, asked, 'deny')).toBe('self_review');
    expect(await answer(ada, asked)).toBe('counted');
  });

  test('one who approved and lost the role does not count for those who follow', async () => {
    const asked = await asking({ ruleRequirements: [{ quorum: 2 }] });
    expect(await answer(ada, asked)).toBe('counted');
    await setPerson(ada, "roles = '{auditor}'");
    expect(await answer(bo, asked)).toBe('counted');
    expect(await statusOf(asked)).toBe('pending');
    expect(await answer(olga, asked)).toBe('counted');
    expect(await statusOf(asked)).toBe('approved');
  });

  test('every refused attempt is in the history, of one person the first 20', async () => {
    const asked = await asking();
    for (let i = 0; i < 23; i++) expect(await answer(adam, asked)).toBe('not_eligible');
    expect(await answer({ ...ada!, personId: olga!.personId }, { ...asked, actionHash: 'other' })).toBe('stale');
    const { history } = await node.approvals.page(ada!, asked.id);
    const refused = history.filter(({ kind }) => kind === 'review_refused');
    expect(refused.filter(({ actor }) => actor === 'adam@shop.example')).toHaveLength(20);
    expect(refused[19]?.data).toMatchObject({ code: 'not_eligible', attempts: 20 });
    expect(refused[20]).toMatchObject({ actor: 'olga@shop.example', data: { code: 'stale' } });
  });

  test('the page says what a person may do, and why not', async () => {
    const asked = await asking({ onBehalfOf: olga!.personId });
    expect((await node.approvals.page(ada!, asked.id)).you).toEqual({
      ...{ mayReview: true, mayCancel: false, mayRevoke: false, singleOperatorOffered: false },
    });
    expect((await node.approvals.page(olga!, asked.id)).you).toMatchObject({
      ...{ mayReview: false, refusal: 'self_review', mayCancel: true, mayRevoke: false },
    });
    await answer(ada, asked);
    expect((await node.approvals.page(olga!, asked.id)).you).toMatchObject({ mayCancel: false, mayRevoke: true });
    expect((await node.approvals.page(ada!, asked.id)).you).toMatchObject({
      refusal: 'already_decided',
      mayRevoke: true,
    });
  });
});

describe('a person who is alone', () => {
  beforeEach(async () => {
    for (const person of [ada, bo, olga, adam]) await setPerson(person, 'active = false');
  });
  const owner = (): SignedIn => ({ ...olga!, personId: node.caller.personId });
  /** Whoever has just signed in. */
  const fresh = async (person: SignedIn): Promise<SignedIn> => {
    const [clock] = await node.db.query<{ now: Date }>('SELECT app_now() AS now');
    return { ...person, signedInAt: clock!.now };
  };
  const setMode = (on: boolean) =>
    node.db.query(
      `INSERT INTO workspace_setting (workspace_id, single_operator) VALUES ($1, $2)
       ON CONFLICT (workspace_id) DO UPDATE SET single_operator = excluded.single_operator`,
      [node.caller.workspaceId, on],
    );

  test('is offered the mode, and answers alone once it is on; every view and the record name it', async () => {
    const request = makeRequest(node, agentId, { risk: 'critical' });
    const opened = await node.db.transaction((tx) => node.approvals.open(tx, request));
    const asked = { id: opened.approvalId, actionHash: request.actionHash };
    expect(opened).toMatchObject({ asked: [], singleOperator: 'offered' });
    expect(await answer(owner(), asked)).toBe('self_review');
    expect((await node.approvals.page(owner(), asked.id)).you).toMatchObject({ singleOperatorOffered: true });
    await setMode(true);
    expect((await node.approvals.page(owner(), asked.id)).you).toMatchObject({
      mayReview: true,
      singleOperatorOffered: false,
    });
    expect(await answer(owner(), asked)).toBe('step_up_required');
    expect(await answer(await fresh(owner()), asked)).toBe('counted');
    const page = await node.approvals.page(owner(), asked.id);
    expect(page).toMatchObject({ status: 'approved', reviews: [{ singleOperator: true }] });
    expect(page.history.filter(({ data }) => data['singleOperator'] === true).map(({ kind }) => kind)).toEqual([
      'reviewed',
      'approved',
    ]);
    expect(await claim(asked)).toEqual({ kind: 'valid' });
  });

  test('is not alone any more as soon as somebody else could answer', async () => {
    await setMode(true);
    const asked = await asking();
    await setPerson(ada, 'active = true');
    expect(await answer(owner(), asked)).toBe('self_review');
    await setPerson(ada, 'active = false');
    expect(await answer(owner(), asked)).toBe('counted');
    await setPerson(ada, 'active = true');
    expect(await claim(asked)).toMatchObject({ kind: 'refused' });
    expect(await statusOf(asked)).toBe('invalidated');
  });
});

describe('between approval and use', () => {
  test.each([
    ['the role', "roles = '{requester}'"],
    ['the account', 'active = false'],
  ])('an approver who loses %s makes the approval invalid, with the reason', async (_, change) => {
    const asked = await asking({ ruleRequirements: [{ quorum: 2 }] });
    await answer(ada, asked);
    await answer(bo, asked);
    expect(await claim(asked)).toEqual({ kind: 'valid' });
    await setPerson(bo, change);
    expect(await claim(asked)).toEqual({ kind: 'refused', reason: expect.stringContaining('1 may still do so') });
    const view = await node.approvals.get(node.caller, asked.id);
    expect(view).toMatchObject({ status: 'invalidated', endReason: expect.stringContaining('not enough') });
  });

  test('an approval is used once', async () => {
    const asked = await asking({ purpose: 'request' });
    await answer(ada, asked);
    const use = () =>
      node.db.transaction(async (tx) => {
        const row = await node.approvals.findApproved(tx, agentId, asked.actionHash);
        if (row !== undefined) await node.approvals.consume(tx, row);
        return row !== undefined;
      });
    expect((await Promise.all([use(), use(), use()])).filter(Boolean)).toHaveLength(1);
    await expect(
      node.db.query(`UPDATE approval_request SET end_reason = 'x' WHERE id = $1`, [asked.id]),
    ).rejects.toThrow(/consumed/);
    await expectCode(node.approvals.revoke(olga!, asked.id), 'already_decided');
  });

  test('leave for another action, of another agent or for a held action is not found', async () => {
    const held = await asking();
    const leave = await asking({ purpose: 'request' });
    for (const one of [held, leave]) await answer(ada, one);
    const find = (agent: string, hash: string) =>
      node.db.transaction((tx) => node.approvals.findApproved(tx, agent, hash));
    expect(await find(agentId, held.actionHash)).toBeUndefined();
    expect(await find(await addAgent(node), leave.actionHash)).toBeUndefined();
    expect(await find(agentId, `${leave.actionHash}0`)).toBeUndefined();
    expect(await find(agentId, leave.actionHash)).toMatchObject({ id: leave.id });
  });

  test('when an agent is stopped nothing of it waits and no leave is left', async () => {
    const [waiting, approved, denied] = [await asking(), await asking(), await asking()];
    await answer(ada, approved);
    await answer(ada, denied, 'deny');
    await node.db.transaction((tx) => node.approvals.endForAgent(tx, node.caller, agentId));
    expect([await statusOf(waiting), await statusOf(approved), await statusOf(denied)]).toEqual([
      'cancelled',
      'revoked',
      'denied',
    ]);
  });
});

describe('taking back', () => {
  test('a request: who asked, owners and admins; a newer request: also', async () => {
    const all = [await asking(), await asking(), await asking()];
    await expectCode(node.approvals.cancel(ada!, all[0]!.id), 'not_eligible');
    await node.approvals.cancel(adam!, all[0]!.id, 'a mistake');
    await node.approvals.cancel(node.caller, all[1]!.id);
    expect(await node.approvals.get(node.caller, all[0]!.id)).toMatchObject({
      status: 'cancelled',
      endReason: 'a mistake',
    });
    expect(await statusOf(all[1]!)).toBe('cancelled');
    expect(await node.db.transaction((tx) => node.approvals.supersede(tx, node.caller, all[2]!.id, 'newer'))).toBe(
      true,
    );
    expect(await node.db.transaction((tx) => node.approvals.supersede(tx, node.caller, all[2]!.id, 'newer'))).toBe(
      false,
    );
    expect(await statusOf(all[2]!)).toBe('superseded');
    await expectCode(node.approvals.cancel(node.caller, all[2]!.id), 'already_decided');
  });

  test('an approval: who may answer it, owners and admins, while it is not used', async () => {
    const [one, two] = [await asking({ conflicts: [bo!.personId] }), await asking()];
    await expectCode(node.approvals.revoke(ada!, one.id), 'already_decided');
    await answer(ada, one);
    await answer(ada, two);
    await expectCode(node.approvals.revoke(bo!, one.id), 'not_eligible');
    await node.approvals.revoke(ada!, one.id, 'not today');
    await setPerson(adam, "roles = '{}'");
    await expectCode(node.approvals.revoke(adam!, two.id), 'not_eligible');
    await node.approvals.revoke(olga!, two.id);
    expect(await node.approvals.get(node.caller, one.id)).toMatchObject({ status: 'revoked', endReason: 'not today' });
    expect(await statusOf(two)).toBe('revoked');
  });
});

describe('while somebody else holds the lock across the end', () => {
  async function holdAcross(id: string, ms: number, work: () => Promise<unknown>): Promise<void> {
    const holder = new pg.Client({ connectionString: database.url });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM approval_request WHERE id = $1 FOR UPDATE', [id]);
    const waiting = work();
    await holder.query('SELECT pg_sleep($1)', [ms / 1000]);
    await holder.query('COMMIT');
    await holder.end();
    await waiting;
  }

  test('an answer that waits is too late, the request is expired, and the attempt is recorded', async () => {
    const asked = await asking({ expiresInMs: 400 });
    await holdAcross(asked.id, 600, async () => expect(await answer(ada, asked)).toBe('expired'));
    const page = await node.approvals.page(ada!, asked.id);
    expect(page).toMatchObject({ status: 'expired', reviews: [] });
    expect(page.history.slice(-2)).toMatchObject([
      { kind: 'expired', actor: 'system' },
      { kind: 'review_refused', actor: 'ada@shop.example', data: { code: 'expired', late: true } },
    ]);
    expect(await answer(bo, asked)).toBe('expired');
  });

  test('a claim that waits finds an approval that has lapsed', async () => {
    const asked = await asking();
    // How long it is good for is frozen too.
    await node.db.transaction(async (tx) => {
      await tx.query('SET LOCAL session_replication_role = replica');
      await tx.query('UPDATE approval_request SET valid_for_ms = 400 WHERE id = $1', [asked.id]);
    });
    expect(await answer(ada, asked)).toBe('counted');
    await holdAcross(asked.id, 600, async () =>
      expect(await claim(asked)).toEqual({ kind: 'refused', reason: 'The approval is lapsed.' }),
    );
    expect(await statusOf(asked)).toBe('lapsed');
  });
});
