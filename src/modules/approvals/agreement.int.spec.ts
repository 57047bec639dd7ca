// What is said twice, in TypeScript and in SQL, says the same.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addAgent, addPerson, makeRequest, startNode, type Node } from '../../../test/support/approvals.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { mayReview } from '../../kernel/approval/may-review.ts';
import { APPROVAL_STATUSES, type Eligibility } from '../../kernel/approval/model.ts';
import { isFinal, mayBecome } from '../../kernel/approval/transitions.ts';
import { ROLES } from '../../kernel/caller.ts';
import type { SignedIn } from '../identity/index.ts';

let database: TestDatabase;
let node: Node;
let agentId: string;
let people: SignedIn[];
beforeAll(async () => {
  database = await createTestDatabase();
  node = await startNode(database.url, { isWorker: false });
  agentId = await addAgent(node);
  people = [];
  for (const name of ['ada', 'bo', 'cy']) people.push(await addPerson(node, name));
});
afterAll(async () => {
  await node.close();
  await database.drop();
});

async function open(): Promise<string> {
  const { approvalId } = await node.db.transaction((tx) => node.approvals.open(tx, makeRequest(node, agentId)));
  return approvalId;
}

test('the database lets a status change exactly where the kernel does, and keeps what is final', async () => {
  for (const from of APPROVAL_STATUSES) {
    for (const to of APPROVAL_STATUSES) {
      const id = await open();
      if (from !== 'pending') {
        if (!mayBecome('pending', from))
          await node.db.query(`UPDATE approval_request SET status = 'approved' WHERE id = $1`, [id]);
        await node.db.query('UPDATE approval_request SET status = $2 WHERE id = $1', [id, from]);
      }
      const change = node.db.query('UPDATE approval_request SET status = $2 WHERE id = $1', [id, to]).then(
        () => true,
        () => false,
      );
      expect([from, to, await change]).toEqual([from, to, mayBecome(from, to) || (from === to && !isFinal(from))]);
    }
  }
});

const eligibility = fc.record({
  conflicts: fc.subarray([0, 1, 2]),
  approvers: fc.option(fc.subarray([0, 1, 2]), { nil: undefined }),
  escalated: fc.boolean(),
  hasAnswered: fc.boolean(),
});
const person = fc.record({ active: fc.boolean(), roles: fc.subarray([...ROLES]), singleOperator: fc.boolean() });

test('the list of what waits for a person holds exactly what the kernel lets them answer', async () => {
  const asked: {
    readonly id: string;
    readonly rule: Omit<Eligibility, 'singleOperator'>;
    readonly hasAnswered: boolean;
  }[] = [];
  const idsOf = (indexes: readonly number[]): string[] => indexes.map((index) => people[index]!.personId);
  await node.db.query(`UPDATE approval_request SET status = 'cancelled' WHERE status = 'pending'`);
  for (const { conflicts, approvers, escalated, hasAnswered } of fc.sample(eligibility, { numRuns: 150, seed: 7 })) {
    const named = approvers === undefined ? {} : { approvers: idsOf(approvers) };
    const request = makeRequest(node, agentId, { conflicts: idsOf(conflicts), ...named });
    const { approvalId: id } = await node.db.transaction((tx) => node.approvals.open(tx, request));
    if (escalated) await node.db.query('UPDATE approval_request SET escalated_at = app_now() WHERE id = $1', [id]);
    if (hasAnswered)
      await node.db.query(
        `INSERT INTO approval_review (request_id, person_id, verdict, action_hash, channel, at) VALUES ($1, $2, 'approve', 'h', 'console', app_now())`,
        [id, people[0]!.personId],
      );
    asked.push({ id, rule: { conflicts: idsOf(conflicts), escalated, ...named }, hasAnswered });
  }
  const me = people[0]!;
  await node.db.query('INSERT INTO workspace_setting (workspace_id) VALUES ($1)', [node.caller.workspaceId]);
  for (const { active, roles, singleOperator: isAlone } of fc.sample(person, { numRuns: 40, seed: 7 })) {
    await node.db.query('UPDATE person SET active = $1', [!isAlone]);
    await node.db.query('UPDATE person SET active = $2, roles = $3 WHERE id = $1', [me.personId, active, roles]);
    await node.db.query('UPDATE workspace_setting SET single_operator = $1', [isAlone]);
    const reviewer = { personId: me.personId, active, roles, groups: [] };
    const singleOperator =
      isAlone && mayReview(reviewer, { conflicts: [], escalated: true, singleOperator: true }) === undefined;
    const mine = await node.approvals.list(me, { mine: true, limit: 200 });
    const expected = asked.filter(
      ({ rule, hasAnswered }) => !hasAnswered && mayReview(reviewer, { ...rule, singleOperator }) === undefined,
    );
    expect(mine.approvals.map(({ id }) => id).toSorted()).toEqual(expected.map(({ id }) => id).toSorted());
  }
});

test('a list is walked from page to page, newest first, each request once', async () => {
  const all: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await node.approvals.list(node.caller, { limit: 40, ...(cursor === undefined ? {} : { cursor }) });
    expect(page.approvals.length).toBeLessThanOrEqual(40);
    all.push(...page.approvals.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  const rows = await node.db.query<{ id: string }>('SELECT id FROM approval_request ORDER BY created_at DESC, id');
  expect(all).toEqual(rows.map(({ id }) => id));
  await expect(node.approvals.list(node.caller, { cursor: 'made up' })).rejects.toMatchObject({
    code: 'invalid_input',
  });
});
