import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addPerson } from '../../../test/support/approvals.ts';
import { Channels, until } from '../../../test/support/channels.ts';
import {
  buttons,
  press,
  sign,
  submit,
  TEAM,
  type SignedRequest,
  type SlackMessage,
} from '../../../test/support/slack-stand-in.ts';
import { APPROVE, DENY } from '../notifications/index.ts';

let on: Channels;
beforeAll(async () => {
  on = await Channels.start();
}, 60_000);
afterAll(async () => on.close());
beforeEach(() => {
  on.slack.whispers.length = 0;
  on.slack.views.length = 0;
});

/** What other tests have asked is no part of a storm here. */
async function ask(change: Parameters<Channels['open']>[0] = {}): Promise<string> {
  await on.advance(3);
  return on.open(change);
}

type Payload = Record<string, unknown>;
const pressed = (message: SlackMessage): Payload => press(message, 'U0ADA', APPROVE);
const from = (userId: string, teamId = TEAM): Payload => ({
  team: { id: teamId },
  user: { id: userId, team_id: teamId },
});
const at = (channel: string, ts: string): Payload => ({
  container: { channel_id: channel, message_ts: ts },
  channel: { id: channel },
  message: { ts },
});
/** A press of a button that the message may never have had, with what it would carry. */
async function forge(approvalId: string, control: string): Promise<Payload> {
  const made = press(await on.messageOf(approvalId), 'U0ADA', OPEN);
  const { actionHash } = await on.node.approvals.get(on.node.caller, approvalId);
  const [action] = made['actions'] as Payload[];
  return { ...made, actions: [{ ...action, action_id: control, value: JSON.stringify({ approvalId, actionHash }) }] };
}

const OPEN = 'approval.open';
const whisperTo = async (userId: string): Promise<string> =>
  until(() => on.slack.whispers.find(({ user }) => user === userId)?.['text'] as string | undefined);
/** Of all that somebody is told: what a story before had still to say may come in late. */
const whisperAbout = async (approvalId: string): Promise<unknown> =>
  until(() => on.slack.whispers.find(({ text }) => String(text).includes(`/approvals/${approvalId}`)));

describe('a press in Slack', () => {
  it('approves what is low or medium and wholly shown, and the message says so', async () => {
    const approvalId = await ask({ risk: 'medium' });
    const message = await on.messageOf(approvalId);
    expect([...buttons(message).keys()]).toEqual(expect.arrayContaining(['approval.approve', 'approval.deny']));
    const response = await on.send(pressed(message));
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
    await until(async () => ((await on.statusOf(approvalId)) === 'approved' ? true : undefined));
    expect(await on.reviewsOf(approvalId)).toMatchObject([
      { email: on.ada.email, verdict: 'approve', channel: 'slack' },
    ]);
    await until(() => (JSON.stringify(message.blocks).includes(`Approved by ${on.ada.email}`) ? true : undefined));
    expect([...buttons(message).keys()]).not.toContain(APPROVE);
    expect(await whisperTo('U0ADA')).toContain('Your answer counts.');
  });

  it('that denies opens a form, whose reason is kept', async () => {
    const approvalId = await ask();
    const message = await on.messageOf(approvalId);
    await on.send(press(message, 'U0ADA', DENY));
    const { view } = (await until(() => on.slack.views[0])) as { view: Payload };
    expect(await on.reviewsOf(approvalId)).toEqual([]);
    await on.send(submit(view, 'U0ADA', 'Not today'));
    await until(async () => ((await on.statusOf(approvalId)) === 'denied' ? true : undefined));
    expect(await on.reviewsOf(approvalId)).toMatchObject([{ verdict: 'deny', channel: 'slack', reason: 'Not today' }]);
  });

  it('that denies, where the form does not open in time, is led to the page and decides nothing', async () => {
    const approvalId = await ask();
    const message = await on.messageOf(approvalId);
    on.slack.faults.set('views.open', { kind: 'error', error: 'expired_trigger_id' });
    const before = await on.eventCount();
    await on.send(press(message, 'U0ADA', DENY));
    expect(await on.outcome(before + 1)).toBe('form_missed');
    on.slack.faults.clear();
    expect(await whisperAbout(approvalId)).toMatchObject({ user: 'U0ADA' });
    expect(await on.reviewsOf(approvalId)).toEqual([]);
  });

  it.each(['high', 'critical'] as const)(
    'never approves %s risk: there is no button, and a made-up press is refused, recorded and sent to the page',
    async (risk) => {
      const approvalId = await ask({ risk });
      const message = await on.messageOf(approvalId);
      expect([...buttons(message).keys()]).toEqual(risk === 'critical' ? [OPEN] : [DENY, OPEN]);
      const before = await on.eventCount();
      await on.send(await forge(approvalId, APPROVE));
      expect(await on.outcome(before + 1)).toBe('step_up_required');
      expect(await whisperAbout(approvalId)).toMatchObject({ user: 'U0ADA' });
      expect(await on.reviewsOf(approvalId)).toEqual([]);
      expect(await on.statusOf(approvalId)).toBe('pending');
      const refused = await on.node.db.query(
        `SELECT data FROM approval_event WHERE request_id = $1 AND kind = 'review_refused'`,
        [approvalId],
      );
      expect(refused).toMatchObject([
        { data: { code: 'step_up_required', verdict: 'approve', channel: 'slack', method: 'slack' } },
      ]);
    },
  );

  it.each([
    ['high', 'denied', 'counted'],
    ['critical', 'pending', 'step_up_required'],
  ] as const)('of %s risk, a sent form of denial leaves it %s', async (risk, status, outcome) => {
    const approvalId = await ask({ risk });
    const views = on.slack.views.length;
    await on.send(await forge(approvalId, DENY));
    const { view } = (await until(() => on.slack.views[views])) as { view: Payload };
    const before = await on.eventCount();
    await on.send(submit(view, 'U0ADA', 'Not today'));
    expect(await on.outcome(before + 1)).toBe(outcome);
    expect(await on.statusOf(approvalId)).toBe(status);
  });

  it.each<[string, number, string | undefined, (good: Payload) => Promise<Payload[]>]>([
    [
      'at once, 20 times with the same signature',
      1,
      undefined,
      (good) => Promise.resolve(Array(20).fill(good) as Payload[]),
    ],
    [
      'with new ids, as Slack repeats it',
      4,
      'already_reviewed',
      (good) => Promise.resolve([1, 2, 3].map((n) => ({ ...good, trigger_id: `other.${n}`, actions: again(good, n) }))),
    ],
  ])('counts once, sent again %s', async (_, events, last, repeat) => {
    const approvalId = await ask({ requestedBy: `agent:${on.agentId}`, ruleRequirements: [{ quorum: 2 }] });
    const message = await on.messageOf(approvalId);
    const before = await on.eventCount();
    const good = pressed(message);
    const now = await on.nowSeconds();
    const sent = await Promise.all([good, ...(await repeat(good))].map(async (each) => on.post(sign(each, now))));
    expect(new Set(sent.map(({ status }) => status))).toEqual(new Set([200]));
    const outcome = await on.outcome(before + events);
    if (last !== undefined) expect(['counted', last]).toContain(outcome);
    expect(await on.eventCount()).toBe(before + events);
    expect(await on.reviewsOf(approvalId)).toHaveLength(1);
    expect(await on.statusOf(approvalId)).toBe('pending');
  });

  it('is replayed in vain: within the five minutes it is known, after them it is stale', async () => {
    const approvalId = await ask({ ruleRequirements: [{ quorum: 2 }] });
    const signed = sign(pressed(await on.messageOf(approvalId)), await on.nowSeconds());
    const before = await on.eventCount();
    expect((await on.post(signed)).status).toBe(200);
    expect(await on.outcome(before + 1)).toBe('counted');
    await on.advance(4);
    expect((await on.post(signed)).status).toBe(200);
    await on.advance(2);
    expect((await on.post(signed)).status).toBe(401);
    expect(await on.eventCount()).toBe(before + 1);
    expect(await on.reviewsOf(approvalId)).toHaveLength(1);
  });
});

const again = (good: Payload, n: number): Payload[] =>
  (good['actions'] as Payload[]).map((action) => ({ ...action, action_ts: `9.${n}` }));

describe('what is not to be trusted', () => {
  let approvalId: string;
  let message: SlackMessage;
  beforeAll(async () => {
    approvalId = await ask();
    message = await on.messageOf(approvalId);
    await on.link(await addPerson(on.node, 'reader', ['auditor']), on.slack.addUser('U0READER'));
  }, 30_000);

  it.each<[string, number, (good: SignedRequest, now: number) => SignedRequest]>([
    ['forged', 401, (_, now) => sign(pressed(message), now, 'other secret')],
    ['altered', 401, (good) => ({ ...good, body: good.body.replace('U0ADA', 'U0ADB') })],
    ['stale', 401, (_, now) => sign(pressed(message), now - 302)],
    ['from the future', 401, (_, now) => sign(pressed(message), now + 302)],
    ['unsigned', 401, ({ body }) => ({ body, headers: { 'content-type': 'application/x-www-form-urlencoded' } })],
    ['2 MB long', 413, (good) => ({ ...good, body: `${good.body}&x=${'x'.repeat(2 * 1024 * 1024)}` })],
    ['2 MB long and signed', 413, (_, now) => sign({ ...pressed(message), x: 'x'.repeat(2 * 1024 * 1024) }, now)],
  ])('%s: answered with %d, without a word, and stored nowhere', async (_, status, spoil) => {
    const now = await on.nowSeconds();
    const before = await on.eventCount();
    const response = await on.post(spoil(sign(pressed(message), now), now)).catch(() => undefined);
    // A server that stops reading may close before a client that is still writing looks.
    if (status !== 413 || response !== undefined) {
      expect(response?.status).toBe(status);
      expect(await response?.text()).toBe('');
    }
    expect(await on.eventCount()).toBe(before);
    expect(await on.reviewsOf(approvalId)).toEqual([]);
  });

  it.each<[string, string, string, () => Payload]>([
    ['from another team', 'not_linked', 'U0ADA', () => from('U0ADA', 'T0OTHER')],
    ['from somebody not linked', 'not_linked', 'U0NOBODY', () => from('U0NOBODY')],
    ['from a person who may not answer', 'not_eligible', 'U0READER', () => from('U0READER')],
    ['from a message forwarded to another room', 'not_ours', 'U0ADA', () => at('C0ELSEWHERE', message.ts)],
    ['from another message of the room', 'not_ours', 'U0ADA', () => at(message.channel, '1.2')],
    ['for another action', 'stale', 'U0ADA', () => ({ actions: [carrying({ approvalId, actionHash: 'other' })] })],
    [
      'for a request nobody made',
      'not_ours',
      'U0ADA',
      () => ({ actions: [carrying({ approvalId: '11111111-1111-4111-8111-111111111111', actionHash: 'x' })] }),
    ],
  ])('signed, but %s: taken, decides nothing, and is told in private', async (_, expected, whom, change) => {
    const before = await on.eventCount();
    expect((await on.send({ ...pressed(message), ...change() })).status).toBe(200);
    expect(await on.outcome(before + 1)).toBe(expected);
    expect(await on.reviewsOf(approvalId)).toEqual([]);
    expect(await whisperTo(whom)).not.toBe('');
  });

  const carrying = (value: object): Payload => ({ action_id: APPROVE, value: JSON.stringify(value) });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['of another kind', { type: 'shortcut', team: { id: TEAM }, user: { id: 'U0ADA' } }],
    [
      'with a value that is not ours',
      { type: 'block_actions', ...from('U0ADA'), ...at('C', '1'), actions: [{ action_id: APPROVE, value: '{}' }] },
    ],
    [
      'with a control that is not ours',
      { type: 'block_actions', ...from('U0ADA'), ...at('C', '1'), actions: [{ action_id: 'other' }] },
    ],
  ])('signed and %s: acknowledged, and kept nowhere', async (_, payload) => {
    const before = await on.eventCount();
    expect((await on.send(payload)).status).toBe(200);
    expect(await on.eventCount()).toBe(before);
  });

  it.each([
    ['deleted', { deleted: true }, 'deactivated'],
    ['bot', { is_bot: true }, 'a bot'],
    ['guest', { is_restricted: true }, 'a guest'],
    ['guest', { is_ultra_restricted: true }, 'a guest'],
    ['stranger', { is_stranger: true }, 'from outside'],
    ['foreign_team', { team_id: 'T0OTHER' }, 'another team'],
  ])('an account that is %s now: told in private, and decides nothing', async (problem, change, word) => {
    on.slack.addUser('U0ADA', change);
    const before = await on.eventCount();
    await on.send(pressed(message));
    expect(await on.outcome(before + 1)).toBe(`account_${problem}`);
    on.slack.addUser('U0ADA');
    expect(await whisperTo('U0ADA')).toContain(word);
    expect(await on.reviewsOf(approvalId)).toEqual([]);
  });

  it('an account of a person who has left: decides nothing', async () => {
    const gone = await addPerson(on.node, 'gone');
    await on.link(gone, on.slack.addUser('U0GONE'));
    await on.node.db.query('UPDATE person SET active = false WHERE id = $1', [gone.personId]);
    const before = await on.eventCount();
    await on.send(press(message, 'U0GONE', APPROVE));
    expect(await on.outcome(before + 1)).not.toBe('counted');
    expect(await on.reviewsOf(approvalId)).toEqual([]);
    await whisperTo('U0GONE');
  });

  it('a press while Slack cannot say who presses is kept and counts when it can', async () => {
    const id = await ask();
    const known = await on.messageOf(id);
    on.slack.faults.set('users.info', { kind: 'status', status: 500 });
    await on.send(pressed(known));
    await until(() => (on.slack.calls.filter(({ method }) => method === 'users.info').length > 0 ? true : undefined));
    expect(await on.reviewsOf(id)).toEqual([]);
    on.slack.faults.clear();
    await until(async () => ((await on.statusOf(id)) === 'approved' ? true : undefined));
  }, 60_000);
});
