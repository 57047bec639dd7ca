import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addAgent, addPerson } from '../../../test/support/approvals.ts';
import { Channels, ROOM, until } from '../../../test/support/channels.ts';
import { Sweeper } from '../../platform/queue/index.ts';

let on: Channels;
beforeAll(async () => {
  on = await Channels.start();
}, 60_000);
afterAll(async () => on.close());
// What other tests have asked is no part of a storm here.
beforeEach(async () => on.advance(3));
afterEach(() => {
  on.sink.manner = 'takes';
});

describe('mail', () => {
  it('tells everybody who may answer, and a view says how', async () => {
    const approvalId = await on.open();
    await on.settled(approvalId);
    const { notifications } = await on.approvals.get(on.node.caller, approvalId);
    expect(notifications).toEqual(
      expect.arrayContaining([
        { channel: 'email', to: on.ada.email, status: 'sent' },
        { channel: 'slack', to: ROOM, status: 'sent' },
      ]),
    );
    expect(on.mailsAbout(approvalId)).toHaveLength(1);
  });

  it.each(['greylists', 'hangs_up'] as const)(
    'a mail server that %s gets the mail once, when it is well again',
    async (manner) => {
      on.sink.manner = manner;
      const approvalId = await on.open();
      await until(async () => ((await on.deliveries(approvalId))[0]?.attempts ?? 0) > 0 || undefined);
      await on.pass(approvalId, 3);
      expect(on.mailsAbout(approvalId)).toHaveLength(0);
      on.sink.manner = 'takes';
      await on.pass(approvalId, 90, async () => (await on.deliveries(approvalId))[0]?.status === 'sent');
      expect(on.mailsAbout(approvalId)).toHaveLength(1);
    },
    60_000,
  );

  it('a mail server that refuses is not asked again', async () => {
    on.sink.manner = 'refuses';
    const approvalId = await on.open();
    expect((await on.settled(approvalId))[0]).toEqual({ channel: 'email', status: 'failed', attempts: 1 });
  });

  it('a mail server that drops after taking makes two copies at most, with one Message-ID', async () => {
    on.sink.manner = 'drops';
    const approvalId = await on.open();
    await until(async () => ((await on.deliveries(approvalId))[0]?.attempts ?? 0) > 0 || undefined);
    await on.pass(approvalId, 90, async () => (await on.deliveries(approvalId))[0]?.status === 'failed');
    const mails = on.mailsAbout(approvalId);
    expect(mails).toHaveLength(2);
    expect(new Set(mails.map((raw) => /^message-id:.*$/im.exec(raw)?.[0])).size).toBe(1);
  }, 60_000);
});

describe('a storm', () => {
  it('more than five in two minutes come together, and another agent is heard at once', async () => {
    await on.advance(10);
    const crowd = await addPerson(on.node, `crowd-${randomUUID().slice(0, 8)}`);
    const approvers = [crowd.personId];
    const busy = await addAgent(on.node);
    const ids: string[] = [];
    for (let i = 0; i < 12; i++) ids.push(await on.open({ agentId: busy, approvers }));
    const other = await on.open({ agentId: await addAgent(on.node), approvers });
    const mine = () => on.sink.mails.filter(({ to }) => to === crowd.email);
    await until(() => (on.mailsAbout(other).length === 1 ? true : undefined));
    await until(() => (mine().length === 6 ? true : undefined));
    await on.advance(2);
    await on.app.get(Sweeper).sweep();
    await until(() => (mine().length === 7 ? true : undefined));
    expect(mine().at(-1)?.raw).toContain('7 more requests wait for you');
    expect(ids.filter((id) => on.mailsAbout(id).length > 0)).toHaveLength(5);
  }, 60_000);
});
