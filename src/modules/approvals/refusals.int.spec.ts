import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  addAgent,
  addPerson,
  ask,
  makeRequest,
  readRecord,
  startNode,
  until,
  type Asked,
  type Node,
} from '../../../test/support/approvals.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import type { SignedIn } from '../identity/index.ts';
import type { ApprovalPage } from './index.ts';

let database: TestDatabase;
let node: Node;
let agentId: string;
let ada: SignedIn;
let mallory: SignedIn;

beforeAll(async () => {
  database = await createTestDatabase();
  node = await startNode(database.url, { isWorker: false });
  agentId = await addAgent(node);
  ada = await addPerson(node, 'ada');
  mallory = await addPerson(node, 'mallory', ['requester']);
});
afterAll(async () => {
  await node.close();
  await database.drop();
});

const page = ({ id }: Asked): Promise<ApprovalPage> => node.approvals.page(ada, id);
const review = (person: SignedIn, { id, actionHash }: Asked) =>
  node.approvals.review(person, id, { verdict: 'approve', actionHash, channel: 'console' });
const happened = async (asked: Asked): Promise<unknown[][]> =>
  (await page(asked)).history.map(({ kind, actor, data }) => [kind, actor.split('@')[0], data['code']]);

describe('an attempt that is refused', () => {
  test('to take a request or an approval back is in its history and in the record, like a refused answer', async () => {
    const asked = await ask(node, agentId);
    await expect(node.approvals.cancel(mallory, asked.id)).rejects.toMatchObject({ code: 'not_eligible' });
    await expect(node.approvals.revoke(ada, asked.id)).rejects.toMatchObject({ code: 'already_decided' });
    const stranger = { ...node.caller, personId: mallory.personId, roles: [] };
    await expect(node.approvals.cancel(stranger, asked.id)).rejects.toMatchObject({ code: 'not_eligible' });
    await review(ada, asked);
    await expect(node.approvals.revoke(mallory, asked.id)).rejects.toMatchObject({ code: 'not_eligible' });
    await expect(node.approvals.cancel(node.caller, asked.id)).rejects.toMatchObject({ code: 'already_decided' });
    expect((await happened(asked)).filter(([kind]) => String(kind).endsWith('_refused'))).toEqual([
      ['cancel_refused', 'mallory', 'not_eligible'],
      ['revoke_refused', 'ada', 'already_decided'],
      ['cancel_refused', 'mallory', 'not_eligible'],
      ['revoke_refused', 'mallory', 'not_eligible'],
      ['cancel_refused', 'owner', 'already_decided'],
    ]);
    const isRecorded = async (): Promise<boolean> => {
      const kinds = (await readRecord(node)).get(asked.id) ?? [];
      return kinds.filter((kind) => kind === 'cancel_refused' || kind === 'revoke_refused').length === 5;
    };
    await until(isRecorded);
  });

  test('a thousand times over is counted to the last, fills neither history nor record, and hides no resolution', async () => {
    const asked = await ask(node, agentId);
    for (let i = 0; i < 10; i++) {
      await Promise.all(Array.from({ length: 100 }, () => review(mallory, asked)));
    }
    await review(ada, asked);
    const { history, historyIsCut } = await page(asked);
    expect(historyIsCut).toBeUndefined();
    expect(history.filter(({ kind }) => kind === 'review_refused')).toHaveLength(22);
    expect(history.map(({ data }) => data['attempts']).filter(Boolean)).toEqual([20, 100, 1_000]);
    expect(history.slice(-2).map(({ kind }) => kind)).toEqual(['reviewed', 'approved']);
    expect(await node.db.query('SELECT attempts FROM approval_refusal WHERE request_id = $1', [asked.id])).toEqual([
      { attempts: 1_000 },
    ]);
  });
});

test('of a very long history the beginning and the end are shown, and that something is left out', async () => {
  const { approvalId: id } = await node.db.transaction((tx) => node.approvals.open(tx, makeRequest(node, agentId)));
  const asked = { id, actionHash: (await node.approvals.get(node.caller, id)).actionHash };
  const fill = (count: number) =>
    node.db.query(
      `INSERT INTO approval_event (request_id, at, kind, actor) SELECT $1, app_now(), 'review_refused', 'person:' || gen_random_uuid()
       FROM generate_series(1, $2::int)`,
      [id, count],
    );
  await fill(499);
  expect(await page(asked)).toMatchObject({ history: { length: 500 } });
  expect((await page(asked)).historyIsCut).toBeUndefined();
  await fill(200);
  await review(ada, asked);
  const { history, historyIsCut } = await page(asked);
  expect([history.length, historyIsCut]).toEqual([500, true]);
  expect([history[0]?.kind, ...history.slice(-2).map(({ kind }) => kind)]).toEqual(['opened', 'reviewed', 'approved']);
});
