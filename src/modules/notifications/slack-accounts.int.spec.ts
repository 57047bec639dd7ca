import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addPerson, startNode, type Node } from '../../../test/support/approvals.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { makeNotifications } from '../../../test/support/notifications.ts';
import { SlackStandIn, TEAM } from '../../../test/support/slack-stand-in.ts';
import { readConfig, type Config } from '../../platform/config/index.ts';
import { Log } from '../../platform/telemetry/log.ts';
import { linkSlackAccount, type NotificationsService } from './index.ts';

let database: TestDatabase;
let node: Node;
let slack: SlackStandIn;
let config: Config;
let notifications: NotificationsService;

beforeAll(async () => {
  database = await createTestDatabase();
  slack = await SlackStandIn.start();
  node = await startNode(database.url, { isWorker: false });
  config = readConfig({ SLACK_BOT_TOKEN: 'xoxb-test', SLACK_API_URL: slack.url });
  notifications = makeNotifications({ ...node, config, log: new Log('error') });
});
afterAll(async () => {
  await node.close();
  await slack.close();
  await database.drop();
});

const codeIn = (userId: string): string => {
  const words = slack.in(`D${userId.slice(1)}`).at(-1)?.text ?? '';
  return /\d{6}/.exec(words)?.[0] ?? 'none';
};
const linked = async (userId: string) => (await notifications.findLinked({ teamId: TEAM, userId }))?.personId;

describe('a Slack account', () => {
  it('is linked by whoever is signed in here and reads the code there', async () => {
    const person = await addPerson(node, 'cora');
    const userId = slack.addUser('U0CORA');
    await notifications.offerLink(person, { teamId: TEAM, userId });
    expect(await linked(userId)).toBeUndefined();
    await notifications.confirmLink(person, codeIn(userId));
    expect(await linked(userId)).toBe(person.personId);
    await expect(notifications.confirmLink(person, codeIn(userId))).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('is not linked by a code that was sent for somebody else, nor by guessing', async () => {
    const [person, other] = [await addPerson(node, 'dora'), await addPerson(node, 'elsa')];
    const userId = slack.addUser('U0DORA');
    await notifications.offerLink(person, { teamId: TEAM, userId });
    const code = codeIn(userId);
    await expect(notifications.confirmLink(other, code)).rejects.toMatchObject({ code: 'invalid_input' });
    const wrong = code === '000000' ? '000001' : '000000';
    for (let i = 0; i < 5; i++) await notifications.confirmLink(person, wrong).catch(() => undefined);
    await expect(notifications.confirmLink(person, code)).rejects.toMatchObject({ code: 'invalid_input' });
    expect(await linked(userId)).toBeUndefined();
  });

  it('gets five codes an hour at most', async () => {
    const person = await addPerson(node, 'fran');
    const userId = slack.addUser('U0FRAN');
    for (let i = 0; i < 5; i++) await notifications.offerLink(person, { teamId: TEAM, userId });
    await expect(notifications.offerLink(person, { teamId: TEAM, userId })).rejects.toMatchObject({
      code: 'rate_limited',
    });
  });

  it('is linked by the operator, who is named in the record, and answers for one person only', async () => {
    const [first, second] = [await addPerson(node, 'gina'), await addPerson(node, 'hana')];
    const userId = slack.addUser('U0GINA');
    await linkSlackAccount({ ...node, config }, first, { teamId: TEAM, userId });
    await linkSlackAccount({ ...node, config }, second, { teamId: TEAM, userId });
    expect(await linked(userId)).toBe(second.personId);
    const { entries } = await node.audit.list(node.caller, { actionFilter: 'slack.linked', limit: 10 });
    expect(entries[0]).toMatchObject({ kind: 'slack.linked', actor: 'operator' });
  });

  it.each([
    ['a guest', { is_restricted: true }, TEAM],
    ['a guest of one room', { is_ultra_restricted: true }, TEAM],
    ['a bot', { is_bot: true }, TEAM],
    ['deactivated', { deleted: true }, TEAM],
    ['from outside', { is_stranger: true }, TEAM],
    ['of another team', { team_id: 'T0OTHER' }, TEAM],
    ['said to be of another team', {}, 'T0OTHER'],
  ])('that is %s is refused', async (_, change, teamId) => {
    const person = await addPerson(node, `ina-${Math.floor(performance.now() * 1000)}`);
    const userId = slack.addUser('U0INA', change);
    await expect(linkSlackAccount({ ...node, config }, person, { teamId, userId })).rejects.toMatchObject({
      code: 'not_eligible',
    });
    expect(await linked(userId)).toBeUndefined();
  });

  it('that Slack does not know is refused', async () => {
    const person = await addPerson(node, 'jana');
    const account = { teamId: TEAM, userId: 'U0NOBODY' };
    await expect(linkSlackAccount({ ...node, config }, person, account)).rejects.toMatchObject({
      code: 'not_eligible',
    });
  });
});
