import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Channels, until } from '../../../test/support/channels.ts';
import { press, sign, submit, TEAM, type SlackMessage } from '../../../test/support/slack-stand-in.ts';
import { APPROVE, DENY, NotificationsService } from '../notifications/index.ts';

type Payload = Record<string, unknown>;

let on: Channels;
let envelopes = 0;
beforeAll(async () => {
  on = await Channels.start({ SLACK_SIGNING_SECRET: undefined, SLACK_APP_TOKEN: 'xapp-test' });
  on.notifications.openSocket();
  await until(() => on.slack.sockets[0]);
}, 60_000);
afterAll(async () => on.close());
// What other tests have asked is no part of a storm here.
beforeEach(async () => {
  await on.advance(3);
  on.slack.whispers.length = 0;
  on.slack.views.length = 0;
});

/** Sends it over the socket and waits for its acknowledgement. */
async function deliver(payload: Payload, envelopeId = `envelope-${++envelopes}`): Promise<void> {
  const had = on.slack.acknowledged.get(envelopeId) ?? 0;
  on.slack.deliver(payload, envelopeId);
  await until(() => ((on.slack.acknowledged.get(envelopeId) ?? 0) > had ? true : undefined));
}
const pressed = (message: SlackMessage): Payload => press(message, 'U0ADA', APPROVE);

describe('a press that comes over the socket', () => {
  it('approves as one over HTTP does, and is stored before it is acknowledged', async () => {
    const approvalId = await on.open();
    const before = await on.eventCount();
    await deliver(pressed(await on.messageOf(approvalId)));
    expect(await on.eventCount()).toBe(before + 1);
    await until(async () => ((await on.statusOf(approvalId)) === 'approved' ? true : undefined));
    expect(await on.reviewsOf(approvalId)).toMatchObject([{ email: on.ada.email, channel: 'slack' }]);
  });

  it('that denies opens the form, whose reason is kept', async () => {
    const approvalId = await on.open();
    await deliver(press(await on.messageOf(approvalId), 'U0ADA', DENY));
    const { view } = (await until(() => on.slack.views[0])) as { view: Payload };
    await deliver(submit(view, 'U0ADA', 'Not today'));
    await until(async () => ((await on.statusOf(approvalId)) === 'denied' ? true : undefined));
    expect(await on.reviewsOf(approvalId)).toMatchObject([{ verdict: 'deny', reason: 'Not today' }]);
  });

  it('counts once and is stored once, delivered again in the same envelope and in others', async () => {
    const approvalId = await on.open({ ruleRequirements: [{ quorum: 2 }] });
    const good = pressed(await on.messageOf(approvalId));
    const before = await on.eventCount();
    await deliver(good, 'the-envelope');
    await deliver(good, 'the-envelope');
    await Promise.all(Array.from({ length: 10 }, async () => deliver(good)));
    expect(await on.outcome(before + 1)).toBe('counted');
    expect(await on.eventCount()).toBe(before + 1);
    await deliver({ ...good, trigger_id: 'another' });
    expect(await on.outcome(before + 2)).toBe('already_reviewed');
    expect(await on.reviewsOf(approvalId)).toHaveLength(1);
  });

  it.each<[string, string, (good: Payload) => Payload]>([
    [
      'from another team',
      'not_linked',
      (good) => ({ ...good, team: { id: 'T0OTHER' }, user: { id: 'U0ADA', team_id: 'T0OTHER' } }),
    ],
    ['from somebody not linked', 'not_linked', (good) => ({ ...good, user: { id: 'U0NOBODY', team_id: TEAM } })],
    [
      'from a forwarded message',
      'not_ours',
      (good) => ({ ...good, container: { channel_id: 'C9', message_ts: '1.2' } }),
    ],
  ])('%s: taken, and decides nothing', async (_, expected, change) => {
    const approvalId = await on.open();
    const before = await on.eventCount();
    await deliver(change(pressed(await on.messageOf(approvalId))));
    expect(await on.outcome(before + 1)).toBe(expected);
    expect(await on.reviewsOf(approvalId)).toEqual([]);
    await until(() => on.slack.whispers[0]);
  });

  it.each<[string, (good: Payload) => Payload]>([
    ['of 2 MB', (good) => ({ ...good, x: 'x'.repeat(2 * 1024 * 1024) })],
    ['that is none of ours', () => ({ type: 'shortcut' })],
  ])('%s is acknowledged, and kept nowhere', async (_, change) => {
    const approvalId = await on.open();
    const before = await on.eventCount();
    await deliver(change(pressed(await on.messageOf(approvalId))));
    expect(await on.eventCount()).toBe(before);
  });

  it('comes again when the connection was cut', async () => {
    const approvalId = await on.open();
    const count = on.slack.sockets.length;
    on.slack.sockets.at(-1)?.drop();
    await until(() => (on.slack.sockets.length > count ? true : undefined));
    await deliver(pressed(await on.messageOf(approvalId)));
    await until(async () => ((await on.statusOf(approvalId)) === 'approved' ? true : undefined));
  });

  it('is not taken over HTTP without a signing secret', async () => {
    const approvalId = await on.open();
    const signed = sign(pressed(await on.messageOf(approvalId)), await on.nowSeconds());
    expect((await on.post(signed)).status).toBe(404);
    expect((await on.post(sign({}, await on.nowSeconds(), ''))).status).toBe(404);
    expect(await on.reviewsOf(approvalId)).toEqual([]);
  });
});

describe('two servers with sockets', () => {
  it('take each press once, whichever it comes to', async () => {
    const approvalId = await on.open({ ruleRequirements: [{ quorum: 2 }] });
    const good = pressed(await on.messageOf(approvalId));
    const other = await on.startBeside({ SLACK_SIGNING_SECRET: undefined, SLACK_APP_TOKEN: 'xapp-test' });
    try {
      const count = on.slack.sockets.length;
      other.get(NotificationsService).openSocket();
      await until(() => (on.slack.sockets.length > count ? true : undefined));
      const before = await on.eventCount();
      for (const socket of on.slack.sockets.filter(({ isOpen }) => isOpen))
        socket.send({ type: 'interactive', envelope_id: 'both', payload: good });
      await until(() => (on.slack.acknowledged.get('both') === 2 ? true : undefined));
      await on.outcome(before + 1);
      expect([await on.eventCount(), await on.reviewsOf(approvalId)]).toEqual([before + 1, [expect.anything()]]);
    } finally {
      await other.close();
    }
    expect(on.slack.sockets.filter(({ isOpen }) => isOpen)).toHaveLength(1);
  });
});
