import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MailSink, headers } from '../../../test/support/mail-sink.ts';
import { SlackStandIn } from '../../../test/support/slack-stand-in.ts';
import { MemoryChannel } from '../../../test/support/memory-channel.ts';
import { SlackClient } from '../../platform/chat/index.ts';
import { Mailer } from '../../platform/mail/index.ts';
import type { Card } from './card.ts';
import type { Channel, Envelope } from './channel.ts';
import { EmailChannel } from './email-channel.ts';
import { SlackChannel } from './slack-channel.ts';

const CARD: Card = {
  ...{ kind: 'request', approvalId: '11111111-1111-4111-8111-111111111111', occasion: 'Approval asked' },
  ...{ url: 'http://localhost:3000/approvals/11111111-1111-4111-8111-111111111111', title: 'Write a file' },
  ...{ agentName: 'order-cleaner', risk: 'low', actionType: 'file.write', target: 'out.txt' },
  fields: [{ label: 'content', value: '<!channel> *hello* <b>you</b>\nline two', isTruncated: false }],
  ...{ actionHash: 'ab'.repeat(32), why: ['a rule says so'], quorumText: '1 approval', isComplete: true, isOpen: true },
  expiresAt: '2026-01-01T00:00:00.000Z',
};
const ID = '22222222-2222-4222-8222-222222222222';

/** What every channel promises, with what a server of its kind does to it. */
interface Rig {
  readonly channel: Channel;
  readonly address: string;
  arrived(): readonly string[];
  fail(how: 'away' | 'refuses' | 'later' | 'lost' | 'never'): void;
}

let slack: SlackStandIn;
let sink: MailSink;
const rigs: Record<string, () => Rig> = {
  memory: () => {
    const channel = new MemoryChannel('email');
    return {
      channel,
      address: 'a@example.com',
      arrived: () => channel.arrived,
      fail: (how) => void (channel.fault = how),
    };
  },
  email: () => ({
    channel: new EmailChannel(new Mailer({ smtpUrl: sink.url, mailFrom: 'AgentOS <agentos@example.com>' })),
    address: 'a@example.com',
    arrived: () => sink.mails.map(({ raw }) => raw),
    fail: (how) => {
      sink.manner = ({ refuses: 'refuses', later: 'greylists', lost: 'drops', never: 'takes', away: 'takes' } as const)[
        how
      ];
      if (how === 'away') sink.manner = 'hangs_up';
    },
  }),
  slack: () => ({
    channel: new SlackChannel(
      new SlackClient({
        slackBotToken: 'xoxb-test',
        slackApiUrl: slack.url,
        slackSigningSecret: undefined,
        slackAppToken: undefined,
      }),
    ),
    address: 'C0ROOM',
    arrived: () => slack.messages.map((message) => JSON.stringify(message)),
    fail: (how) => {
      if (how === 'never') return void slack.faults.clear();
      const faults = {
        away: { kind: 'limited', retryAfterSeconds: 2 },
        refuses: { kind: 'error', error: 'channel_not_found' },
        later: { kind: 'limited', retryAfterSeconds: 30 },
        lost: { kind: 'lost_reply' },
      } as const;
      slack.faults.set('chat.postMessage', faults[how]);
    },
  }),
};

beforeAll(async () => {
  slack = await SlackStandIn.start();
  sink = await MailSink.start();
});
afterAll(async () => {
  await slack.close();
  await sink.close();
});

describe.each(Object.keys(rigs))('the channel %s', (name) => {
  let rig: Rig;
  const envelope = (): Envelope => ({ deliveryId: ID, address: rig.address, createdAt: new Date(0), inDoubt: 0 });

  beforeEach(() => {
    slack.messages.length = 0;
    sink.mails.length = 0;
    rig = rigs[name]!();
    rig.fail('never');
  });

  it('is configured, and resolves when the server has taken it', async () => {
    expect(rig.channel.isConfigured).toBe(true);
    const ref = await rig.channel.send(CARD, envelope());
    expect(Object.keys(ref).length).toBeGreaterThan(0);
    expect(rig.arrived()).toHaveLength(1);
    expect(rig.arrived()[0]).toContain('order-cleaner');
  });

  it('says that nothing is to be hoped for when the server refuses', async () => {
    rig.fail('refuses');
    await expect(rig.channel.send(CARD, envelope())).rejects.toMatchObject({ name: 'SendFailure', kind: 'refused' });
    expect(rig.arrived()).toHaveLength(0);
  });

  it.each(['later', 'away'] as const)(
    'says that nothing arrived and another try may help when the server is %s',
    async (how) => {
      rig.fail(how);
      await expect(rig.channel.send(CARD, envelope())).rejects.toMatchObject({
        name: 'SendFailure',
        kind: expect.stringMatching(/^(later|limited)$/),
      });
      expect(rig.arrived()).toHaveLength(0);
    },
  );

  it('says that it may have arrived when the answer is lost, and finds it where the server can be asked', async () => {
    rig.fail('lost');
    await expect(rig.channel.send(CARD, envelope())).rejects.toMatchObject({ name: 'SendFailure', kind: 'in_doubt' });
    expect(rig.arrived()).toHaveLength(1);
    rig.fail('never');
    if (rig.channel.find === undefined) return;
    expect(await rig.channel.find(envelope())).toMatchObject({ channel: rig.address });
    expect(await rig.channel.find({ ...envelope(), deliveryId: 'other' })).toBeUndefined();
  });
});

describe('mail', () => {
  const channel = (): EmailChannel =>
    new EmailChannel(new Mailer({ smtpUrl: sink.url, mailFrom: 'agentos@example.com' }));
  const envelope = { deliveryId: ID, address: 'a@example.com', createdAt: new Date(0), inDoubt: 0 };
  beforeEach(() => {
    sink.mails.length = 0;
    sink.manner = 'takes';
  });

  it('has the same Message-ID each time, and says that a machine sent it', async () => {
    await channel().send(CARD, envelope);
    await channel().send(CARD, envelope);
    const ids = sink.mails.map((mail) => headers(mail).get('message-id'));
    expect(ids).toEqual([`<${ID}@example.com>`, `<${ID}@example.com>`]);
    expect(headers(sink.mails[0]!).get('auto-submitted')).toBe('auto-generated');
  });

  it('gives up on a server that says nothing, and may try again', async () => {
    sink.manner = 'stalls';
    await expect(channel().send(CARD, envelope)).rejects.toMatchObject({ kind: 'later' });
  }, 20_000);

  it('keeps its headers however an agent is called, and HTML of others is shown, not obeyed', async () => {
    const agentName = 'evil\r\nBcc: everybody@example.com\r\n\r\n<script>alert(1)</script>\u2028x';
    await channel().send({ ...CARD, agentName }, envelope);
    const [mail] = sink.mails;
    expect(mail!.to).toBe('a@example.com');
    expect([...headers(mail!).keys()]).not.toContain('bcc');
    const html = mail!.raw.slice(mail!.raw.indexOf('text/html'));
    expect(html).not.toContain('<script>');
    expect(html).not.toContain('<b>you');
  });

  it('holds one link, to the page of the request, and nothing that decides', async () => {
    await channel().send(CARD, envelope);
    const raw = sink.mails[0]!.raw.replaceAll('=\r\n', '').replaceAll('=3D', '=');
    expect(new Set(raw.match(/https?:\/\/[^\s"<]+/g))).toEqual(new Set([CARD.url]));
  });
});
