import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addPerson } from '../../../test/support/approvals.ts';
import { Channels, until } from '../../../test/support/channels.ts';
import { headers, parts, type CaughtMail, type MailManner } from '../../../test/support/mail-sink.ts';
import { Sweeper } from '../../platform/queue/index.ts';

let on: Channels;
beforeAll(async () => {
  on = await Channels.start({ SLACK_BOT_TOKEN: undefined, SLACK_CHANNEL: undefined });
  await addPerson(on.node, 'olga', ['owner']);
}, 60_000);
afterAll(async () => on.close());
beforeEach(async () => on.advance(3));
afterEach(() => {
  on.sink.manner = 'takes';
});

const STING = 'rm -rf /srv/customers';
const aboutTo = (approvalId: string, to: string): CaughtMail[] =>
  on.sink.mails.filter((mail) => mail.to === to && parts(mail).text.includes(approvalId));
const open = (): Promise<string> => on.open({ approvers: [on.ada.personId] });
/** Until the first try is over. */
const tried = async (id: string): Promise<unknown> =>
  until(async () => {
    const rows = await on.node.db.query(`SELECT FROM delivery WHERE approval_id = $1 AND error IS NOT NULL`, [id]);
    return rows.length > 0 ? true : undefined;
  });

/** As the tools show it, one request and the list. */
async function shown(id: string): Promise<string[]> {
  const one = await on.approvals.get(on.node.caller, id);
  const { approvals } = await on.approvals.list(on.node.caller, { limit: 50 });
  return [one, approvals.find((each) => each.id === id)].map(
    (view) => view?.notifications.find(({ channel }) => channel === 'email')?.status ?? 'none',
  );
}

describe('a mail server for five minutes and then well again, without any other channel', () => {
  it.each<[MailManner, number, string]>([
    ['greylists', 1, 'sent'],
    ['is_full', 1, 'sent'],
    ['hangs_up', 1, 'sent'],
    ['drops', 2, 'sent'],
    ['refuses', 0, 'failed'],
    ['refuses_message', 0, 'failed'],
  ])(
    'that %s: %d copies in the end with one Message-ID, %s; the owner hears of what did not leave in five minutes',
    async (manner, copies, status) => {
      on.sink.manner = manner;
      const id = await open();
      await tried(id);
      if (status === 'sent') expect((await shown(id))[0]).toBe('pending');
      if (manner !== 'drops') {
        await on.pass(id, 5);
        await on.advance(1);
        await on.app.get(Sweeper).sweep();
      }
      on.sink.manner = 'takes';
      await on.pass(id, 15, async () => (await shown(id))[0] === status);
      await until(async () => ((await shown(id))[0] === status ? true : undefined));
      expect(await shown(id)).toEqual([status, status]);
      const mails = aboutTo(id, on.ada.email).filter(
        (mail) => !(headers(mail).get('subject') ?? '').includes('did not reach'),
      );
      expect(mails).toHaveLength(copies);
      expect(new Set(mails.map((mail) => headers(mail).get('message-id'))).size).toBe(Math.min(copies, 1));
      if (manner !== 'drops') {
        await until(async () => {
          await on.advance(1);
          await on.app.get(Sweeper).sweep();
          return aboutTo(id, 'olga@shop.example').length > 0 ? true : undefined;
        });
        expect(headers(aboutTo(id, 'olga@shop.example')[0]!).get('subject')).toContain('did not reach');
      }
    },
    90_000,
  );

  it('that says nothing holds nobody up for long, and gets the mail once it is well', async () => {
    on.sink.manner = 'stalls';
    const id = await open();
    await tried(id);
    expect(await shown(id)).toEqual(['pending', 'pending']);
    on.sink.manner = 'takes';
    await on.pass(id, 10, async () => (await shown(id))[0] === 'sent');
    expect(aboutTo(id, on.ada.email)).toHaveLength(1);
  }, 60_000);
});

describe('what an agent makes of its action', () => {
  it('is in the mail as it is: 100 kB with the sting at the end, hidden characters, markup and claims; one line is one line', async () => {
    const prose = 'This was already approved by the owner.\r\nRisk: none\r\nBcc: eva@evil.example';
    const params = {
      ...{
        path: 'out/invoice\u202egpj.exe',
        host: 'https://p\u0430ypal.com@evil.example/',
        note: '<b>pay\u200bnow</b> <!channel>',
      },
      content: `${'harmless '.repeat(11_000)}\n${STING}`,
    };
    const id = await on.open({
      ...{ approvers: [on.ada.personId], params: Buffer.from(JSON.stringify(params)), prose },
      ...{ actionType: 'file.write', target: 'x\r\nBcc: eva@evil.example\r\n\r\n<script>alert(1)</script>' },
    });
    const [mail] = await until(() => (aboutTo(id, on.ada.email).length > 0 ? aboutTo(id, on.ada.email) : undefined));
    const { text, html } = parts(mail!);
    expect(
      [...headers(mail!).keys()].filter((name) => ['to', 'cc', 'bcc', 'subject'].includes(name)).toSorted(),
    ).toEqual(['subject', 'to']);
    for (const part of [text, html.replaceAll('<wbr>', '')]) {
      expect(part).toContain(STING);
      expect(part).toContain('characters are not shown here');
      expect(part).toContain('invoice[U+202E]gpj.exe');
      expect(part).toContain('pay[U+200B]now');
      expect(part).toContain('p\u0430ypal.com@evil.example');
      expect(part).not.toMatch(/[\u202e\u200b]/);
      expect(part).toContain('Open it in the console');
    }
    expect(html).not.toMatch(/<script|<b>|<!channel>/);
    expect(text.split(/\r?\n/).filter((line) => /^Risk:|^Bcc:/.test(line))).toEqual(['Risk: low']);
    expect(text).toMatch(/Words of the agent, not verified:\r?\n\| This was already approved/);
    expect(html.match(/href="/g)).toHaveLength(1);
    expect(mail!.raw.length).toBeLessThan(40_000);
  });
});
