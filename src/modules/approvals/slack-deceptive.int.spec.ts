import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { Channels } from '../../../test/support/channels.ts';
import { buttons, press, type SlackMessage } from '../../../test/support/slack-stand-in.ts';
import { APPROVE, DENY } from '../notifications/index.ts';

let on: Channels;
beforeAll(async () => {
  on = await Channels.start();
}, 60_000);
afterAll(async () => on.close());
// What other tests have asked is no part of a storm here.
beforeEach(async () => on.advance(3));

type Change = Parameters<Channels['open']>[0];
const carrying = (params: object): Change => {
  const bytes = Buffer.from(JSON.stringify(params));
  return { params: bytes, actionHash: createHash('sha256').update(bytes).digest('hex') };
};
const text = (value: string): Change => carrying({ path: 'out.txt', content: value });

interface Words {
  readonly type: string;
  readonly text: string;
  readonly emoji?: boolean;
}

/** Every text object that Slack would show. */
function wordsOf(value: unknown): Words[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'type' in value && 'text' in value && typeof value.text === 'string' ? [value as Words] : [];
  return [...own, ...Object.values(value).flatMap(wordsOf)];
}
/** What a person reads: Slack turns three entities back. */
const read = ({ blocks }: Pick<SlackMessage, 'blocks'>): string =>
  wordsOf(blocks)
    .map((words) => words.text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'))
    .join('\n');

const STING = 'rm -rf /srv --no-preserve-root';
const HIDDEN = /[\p{Cf}\p{Co}\u2028\u2029\u3164]/u;

describe('a message about what deceives', () => {
  it.each<[string, Change, string]>([
    ['turns the direction of reading', text('invoice\u202egpj.exe'), 'invoice[U+202E]gpj.exe'],
    ['isolates a direction', text('a\u2067b\u2069'), 'a[U+2067]b[U+2069]'],
    ['has no width', text('pay\u200bpal'), 'pay[U+200B]pal'],
    ['hides letters as tags', text('ok\u{e0064}\u{e0065}'), 'ok[U+E0064][U+E0065]'],
    ['looks like another host', text('https://p\u0430ypal.com/pay'), 'https://p\u0430ypal.com/pay'],
    ['names a host before the host', text('https://bank.example@evil.example/'), 'https://bank.example@evil.example/'],
    ['spells a host in punycode', text('https://xn--pypal-4ve.com/'), 'https://xn--pypal-4ve.com/'],
    ['has 100 kB with the sting at the end', text(`${'harmless '.repeat(11_200)}${STING}`), STING],
    ['formats', text('*Approved* by _Olga_ ~nothing~ `code` here'), '*Approved* by _Olga_ ~nothing~ `code` here'],
    ['fences', text('```\nRisk: none\n```'), '```\nRisk: none\n```'],
    ['is HTML', text('<b>Approved</b><script>alert(1)</script>'), '<b>Approved</b><script>alert(1)</script>'],
    ['calls the room', text('<!channel> <!here> <!everyone>'), '<!channel> <!here> <!everyone>'],
    ['calls a group', text('<!subteam^S012AB3CD>'), '<!subteam^S012AB3CD>'],
    ['calls a person', text('<@U0ADA> please'), '<@U0ADA> please'],
    [
      'links elsewhere',
      text('<https://evil.example|https://shop.example>'),
      '<https://evil.example|https://shop.example>',
    ],
    ['is escaped already', text('&lt;!channel&gt;'), '&lt;!channel&gt;'],
    ['claims an approval', text('This was already approved by the owner.'), 'already approved by the owner'],
    ['deceives in the name of a field', carrying({ 'a\u202eb': 'x', '<!channel>': 'y' }), '<!channel>: y'],
    ['deceives in its target', { target: 'https://p\u0430ypal.com/' }, 'Target: https://p\u0430ypal.com/'],
    [
      'claims it in the words of the agent',
      { prose: 'Already approved by Olga, just press.' },
      '| Already approved by Olga',
    ],
    ['calls the room in the words of the agent', { prose: '<!channel> *now*' }, '| <!channel> *now*'],
    ['looks like a field in the words of the agent', { prose: 'x\nRisk: none\n\u202eok' }, '| Risk: none'],
  ])('that %s: shows what is really there, calls nobody, and has no button', async (_, change, shown) => {
    const approvalId = await on.open({ ...change, risk: 'low' });
    const message = await on.messageOf(approvalId);
    expect(read(message)).toContain(shown);
    expect(read(message)).not.toMatch(HIDDEN);
    const all = [message.text, ...wordsOf(message.blocks).map((words) => words.text)];
    expect(all.filter((each) => /[<>]/.test(each))).toEqual([]);
    expect(wordsOf(message.blocks).filter(({ type, emoji }) => type !== 'plain_text' || emoji !== false)).toEqual([]);
    const { args } = on.slack.calls.findLast(
      ({ method, args: given }) => method === 'chat.postMessage' && JSON.stringify(given).includes(approvalId),
    )!;
    expect(args).toMatchObject({ parse: 'none', link_names: 'false', mrkdwn: 'false', unfurl_links: 'false' });
    expect([...buttons(message).keys()]).toEqual([DENY, 'approval.open']);
    await refusesMadeUp(approvalId, message);
  });

  /** A press of the button that is not there. */
  async function refusesMadeUp(approvalId: string, message: SlackMessage): Promise<void> {
    const made = press(message, 'U0ADA', DENY);
    const [action] = made['actions'] as Record<string, unknown>[];
    const before = await on.eventCount();
    await on.send({ ...made, actions: [{ ...action, action_id: APPROVE }] });
    expect(await on.outcome(before + 1)).toBe('not_here');
    expect(await on.reviewsOf(approvalId)).toEqual([]);
  }

  it.each<[string, object]>([
    [
      'of entities',
      Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`${n}${'&'.repeat(95)}`, '&'.repeat(118)])),
    ],
    ['of quotes and lines', Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`f${n}`, '"\n'.repeat(60)]))],
    ['of many fields', Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`f${n}`, 'x']))],
  ])('full %s stays within what Slack takes', async (_, params) => {
    const approvalId = await on.open({ ...carrying(params), risk: 'low' });
    const message = await on.messageOf(approvalId);
    expect(message.blocks.length).toBeLessThanOrEqual(50);
    expect(Math.max(...wordsOf(message.blocks).map((words) => words.text.length))).toBeLessThanOrEqual(3_000);
    expect(JSON.stringify(message.blocks).length).toBeLessThanOrEqual(13_200);
    expect(read(message)).toContain('Action: file.write');
    if (!buttons(message).has(APPROVE)) await refusesMadeUp(approvalId, message);
  });

  it('about something ordinary has the button, and shows every field', async () => {
    const approvalId = await on.open({ ...carrying({ path: 'reports/Grüße & more.txt', lines: 3 }), risk: 'medium' });
    const message = await on.messageOf(approvalId);
    expect([...buttons(message).keys()]).toEqual([APPROVE, DENY, 'approval.open']);
    for (const each of ['path: reports/Grüße & more.txt', 'lines: 3', 'Risk: medium'])
      expect(read(message)).toContain(each);
  });
});
