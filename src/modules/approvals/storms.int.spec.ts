import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { addAgent, addPerson, makeRequest, startNode, type Node } from '../../../test/support/approvals.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { MemoryChannel } from '../../../test/support/memory-channel.ts';
import { shiftClock } from '../../../test/support/services.ts';
import { SlackClient, SlackSocket } from '../../platform/chat/index.ts';
import { readConfig } from '../../platform/config/index.ts';
import { Log } from '../../platform/telemetry/log.ts';
import type { SignedIn } from '../identity/index.ts';
import { NotificationsService } from '../notifications/index.ts';
import { ApprovalsService } from './approvals.service.ts';

let database: TestDatabase;
let node: Node;
let approvals: ApprovalsService;
beforeAll(async () => {
  database = await createTestDatabase();
  node = await startNode(database.url, { isWorker: false });
  const { db, audit, identity, outbox } = node;
  const [config, log] = [readConfig({ AGENTOS_PUBLIC_URL: 'http://localhost:3000' }), new Log('error')];
  const [slack, socket] = [new SlackClient(config), new SlackSocket(config, log)];
  const channels = [new MemoryChannel('email')];
  const notifications = new NotificationsService({ db, audit, outbox, log, slack, socket, channels, config });
  approvals = new ApprovalsService(db, audit, identity, outbox, config, notifications);
});
afterAll(async () => {
  await node.close();
  await database.drop();
});

const someone = (): Promise<SignedIn> => addPerson(node, `p-${randomUUID().slice(0, 8)}`);
const at = (time: string): Promise<void> => shiftClock(node.db, time);

/** Asks this person so often; tells of each request whether its notice comes on its own. */
async function ask(person: SignedIn, agentId: string, count: number): Promise<{ id: string; alone: boolean }[]> {
  const asked = [];
  for (let i = 0; i < count; i++) {
    const request = makeRequest(node, agentId, { risk: 'low', approvers: [person.personId] });
    const { approvalId: id } = await node.db.transaction((tx) => approvals.open(tx, request));
    const [row] = await node.db.query<{ alone: boolean }>(
      `SELECT digest_id IS NULL AS alone FROM delivery WHERE approval_id = $1 AND kind = 'asked'`,
      [id],
    );
    asked.push({ id, alone: row?.alone ?? false });
  }
  return asked;
}
const alone = (asked: readonly { alone: boolean }[]): boolean[] => asked.map((each) => each.alone);

it('five that wait for one person and were opened within two minutes come on their own, the sixth comes with the rest', async () => {
  await at('0');
  const [ada, agentId] = [await someone(), await addAgent(node)];
  expect(alone(await ask(ada, agentId, 7))).toEqual([true, true, true, true, true, false, false]);
  expect(alone(await ask(await someone(), agentId, 1))).toEqual([true]);
});

it('what was opened more than two minutes ago is no part of the storm', async () => {
  await at('0');
  const [ada, agentId] = [await someone(), await addAgent(node)];
  await ask(ada, agentId, 5);
  await at('100 seconds');
  expect(alone(await ask(ada, agentId, 1))).toEqual([false]);
  await at('122 seconds');
  expect(alone(await ask(ada, agentId, 4))).toEqual([true, true, true, true]);
});

it('what is resolved does not count', async () => {
  await at('0');
  const [ada, agentId] = [await someone(), await addAgent(node)];
  for (const { id } of await ask(ada, agentId, 5)) await approvals.cancel(node.caller, id);
  expect(alone(await ask(ada, agentId, 5))).toEqual([true, true, true, true, true]);
  expect(alone(await ask(ada, agentId, 1))).toEqual([false]);
});

it('all of a storm is one digest that goes out a minute later, and another agent is heard on its own meanwhile', async () => {
  await at('0');
  const [ada, busy, quiet] = [await someone(), await addAgent(node), await addAgent(node)];
  await ask(ada, busy, 15);
  expect(alone(await ask(ada, quiet, 1))).toEqual([true]);
  const digests = await node.db.query<{ grouped: number; seconds: number }>(
    `SELECT (SELECT count(*)::int FROM delivery g WHERE g.digest_id = d.id) AS grouped,
       round(extract(epoch FROM d.not_before - d.created_at))::int AS seconds
     FROM delivery d WHERE d.kind = 'digest' AND d.address = $1`,
    [ada.email],
  );
  expect(digests).toEqual([{ grouped: 10, seconds: 60 }]);
});
