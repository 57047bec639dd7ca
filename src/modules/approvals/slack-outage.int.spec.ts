import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Channels, ROOM, until } from '../../../test/support/channels.ts';
import { press, type SlackFault } from '../../../test/support/slack-stand-in.ts';
import { APPROVE } from '../notifications/index.ts';

const POST = 'chat.postMessage';
const MISSING: SlackFault = { kind: 'error', error: 'missing_scope' };

let on: Channels;
// Each with a team of its own: what one test leaves on its way would take the turns of the next.
beforeEach(async () => {
  on = await Channels.start();
}, 60_000);
afterEach(async () => on.close());

const stateOf = async (approvalId: string) => (await on.deliveries(approvalId, 'slack'))[0];
const posts = (): number => on.slack.calls.filter(({ method }) => method === POST).length;
/** Of the question; the owner hears beside it that nobody heard. */
const copies = (approvalId: string): number =>
  on.messagesAbout(approvalId).filter(({ blocks }) => !JSON.stringify(blocks).includes('did not reach')).length;
/** Until the first try is over. */
async function tried(approvalId: string): Promise<void> {
  const before = posts();
  await until(() => (posts() > before || copies(approvalId) > 0 ? true : undefined));
  await until(async () =>
    (
      await on.node.db.query(
        `SELECT FROM delivery WHERE approval_id = $1 AND channel = 'slack' AND error IS NOT NULL`,
        [approvalId],
      )
    ).length > 0
      ? true
      : undefined,
  );
}

describe('an hour without Slack', () => {
  it.each<[string, Readonly<Record<string, SlackFault>>, number, string]>([
    ['errors of one call', { [POST]: { kind: 'status', status: 500 } }, 1, 'sent'],
    ['errors of every call', { '*': { kind: 'status', status: 503 } }, 1, 'sent'],
    ['limits', { [POST]: { kind: 'limited', retryAfterSeconds: 600 } }, 1, 'sent'],
    ['internal errors', { [POST]: { kind: 'error', error: 'internal_error' } }, 1, 'sent'],
    ['lost answers', { [POST]: { kind: 'lost_reply' } }, 1, 'sent'],
    [
      'lost answers that nobody can look up',
      { [POST]: { kind: 'lost_reply' }, 'conversations.history': MISSING },
      2,
      'failed',
    ],
    ['a refusal', { [POST]: { kind: 'error', error: 'not_in_channel' } }, 0, 'failed'],
  ])(
    'of %s: so many messages in the end, and none of what was decided meanwhile',
    async (_, faults, count, status) => {
      for (const [method, fault] of Object.entries(faults)) on.slack.faults.set(method, fault);
      const kept = await on.open();
      await tried(kept);
      const decided = await on.open();
      await tried(decided);
      await on.pass(kept, 60);
      await on.node.approvals.cancel(on.node.caller, decided, 'not needed');
      // A try that was on its way ends before Slack is well again.
      await on.pass(decided, 60, async () => (await stateOf(decided))?.status !== 'pending');
      const had = copies(decided);
      on.slack.faults.clear();
      await on.pass(kept, 120, async () => (await stateOf(kept))?.status !== 'pending');
      await on.pass(decided, 30);
      expect([copies(kept), (await stateOf(kept))?.status]).toEqual([count, status]);
      expect(copies(decided)).toBe(had);
      expect(had).toBeLessThanOrEqual(2);
    },
    120_000,
  );

  it('that says nothing: each try ends after five seconds, and one message comes in the end', async () => {
    on.slack.faults.set(POST, { kind: 'hang' });
    const approvalId = await on.open();
    const startedAt = performance.now();
    await tried(approvalId);
    expect(performance.now() - startedAt).toBeLessThan(8_000);
    await on.pass(approvalId, 4);
    expect(copies(approvalId)).toBe(0);
    expect((await stateOf(approvalId))?.status).toBe('pending');
    on.slack.faults.set(POST, { kind: 'status', status: 502 });
    await on.pass(approvalId, 56);
    on.slack.faults.clear();
    await on.pass(approvalId, 60, async () => (await stateOf(approvalId))?.status === 'sent');
    expect(copies(approvalId)).toBe(1);
  }, 120_000);
});

describe('what Slack asks for', () => {
  it('is kept to: nobody is asked again before the time that Retry-After names', async () => {
    on.slack.faults.set(POST, { kind: 'limited', retryAfterSeconds: 1_200 });
    const approvalId = await on.open();
    await tried(approvalId);
    const before = posts();
    on.slack.faults.clear();
    await on.pass(approvalId, 19);
    expect(posts()).toBe(before);
    expect(copies(approvalId)).toBe(0);
    await on.pass(approvalId, 2);
    await until(async () => ((await stateOf(approvalId))?.status === 'sent' ? true : undefined));
    expect(copies(approvalId)).toBe(1);
  }, 60_000);
});

describe('a message whose answer was lost', () => {
  it('can be answered before it is known to have arrived', async () => {
    on.slack.faults.set(POST, { kind: 'lost_reply' });
    const approvalId = await on.open();
    await tried(approvalId);
    await on.send(press(await on.messageOf(approvalId), 'U0ADA', APPROVE));
    await until(async () => ((await on.statusOf(approvalId)) === 'approved' ? true : undefined));
  });

  it('is sent once more, and no third time, into a room where too much was said since to look it up', async () => {
    on.slack.faults.set(POST, { kind: 'lost_reply' });
    on.slack.hasMore = true;
    const approvalId = await on.open();
    await tried(approvalId);
    const sent = (): number =>
      on.slack.calls.filter(({ method, args }) => method === POST && JSON.stringify(args).includes(approvalId)).length;
    await on.pass(approvalId, 90, async () => {
      on.slack.messages.splice(0);
      return (await stateOf(approvalId))?.status !== 'pending';
    });
    on.slack.hasMore = false;
    expect([sent(), (await stateOf(approvalId))?.status]).toEqual([2, 'failed']);
  }, 60_000);
});

describe('a direct message', () => {
  let direct: Channels;
  beforeAll(async () => {
    direct = await Channels.start({ SLACK_CHANNEL: undefined });
  }, 60_000);
  afterAll(async () => direct.close());

  it('whose answer was lost is found in the room of that user, and its button works', async () => {
    direct.slack.faults.set(POST, { kind: 'lost_reply' });
    const approvalId = await direct.open();
    const message = await direct.messageOf(approvalId);
    expect(message.channel).not.toBe(ROOM);
    await direct.pass(approvalId, 30, async () => (await direct.deliveries(approvalId, 'slack'))[0]?.status === 'sent');
    expect(direct.messagesAbout(approvalId)).toHaveLength(1);
    await direct.send(press(message, 'U0ADA', APPROVE));
    await until(async () => ((await direct.statusOf(approvalId)) === 'approved' ? true : undefined));
  }, 60_000);
});
