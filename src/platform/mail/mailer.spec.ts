import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { headers, MailSink, type MailManner } from '../../../test/support/mail-sink.ts';
import { type Mail, Mailer } from './index.ts';

const mailFrom = 'AgentOS <agentos@shop.example>';
const mail = { to: 'ada@shop.example', subject: 'An agent asks', text: 'Please look.\n' };

let sink: MailSink;
beforeAll(async () => {
  sink = await MailSink.start();
});
afterAll(async () => sink.close());
beforeEach(() => {
  sink.manner = 'takes';
  sink.mails.length = 0;
});

const send = (smtpUrl = sink.url, change: Partial<Mail> = {}): Promise<void> =>
  new Mailer({ smtpUrl, mailFrom }).send({ id: randomUUID(), ...mail, ...change });

describe('sending mail', () => {
  it('resolves only when the server has said 250', async () => {
    await send();
    expect(sink.mails.map(({ to }) => to)).toEqual(['ada@shop.example']);
  });

  it.each<[MailManner, string, number]>([
    ['refuses', 'refused', 0],
    ['refuses_message', 'refused', 0],
    ['greylists', 'later', 0],
    ['is_full', 'later', 0],
    ['hangs_up', 'later', 0],
    ['drops', 'in_doubt', 1],
  ])('to a server that %s ends as %s', async (manner, kind, arrived) => {
    sink.manner = manner;
    await expect(send()).rejects.toMatchObject({ name: 'SendFailure', kind });
    expect(sink.mails).toHaveLength(arrived);
  });

  it('to a server that takes it and falls silent is in doubt after twenty seconds', async () => {
    sink.manner = 'falls_silent';
    await expect(send()).rejects.toMatchObject({ kind: 'in_doubt' });
    expect(sink.mails).toHaveLength(1);
  }, 40_000);

  it('to an address where nobody listens is tried again later', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    await expect(send(`smtp://127.0.0.1:${port}`)).rejects.toMatchObject({ kind: 'later' });
  });

  it.each([
    ['a second header in the subject', { subject: 'x\r\nBcc: eva@evil.example' }],
    ['a second line by another end', { subject: 'x\u2028Bcc: eva@evil.example' }],
    ['a second recipient', { to: 'ada@shop.example, eva@evil.example' }],
    ['a recipient with a name', { to: 'Ada <ada@shop.example>' }],
    ['a recipient that ends its line', { to: 'ada@shop.example\r\nRCPT TO:<eva@evil.example>' }],
    ['an id that is none', { id: 'x>\r\nBcc: eva@evil.example' }],
  ])('is not begun with %s', async (_, change) => {
    await expect(send(sink.url, change)).rejects.toMatchObject({ code: 'invalid_input' });
    expect(sink.mails).toEqual([]);
  });

  it('keeps to one recipient and says that a machine sent it', async () => {
    await send(sink.url, { subject: 'To: everybody; Cc: x@y.example' });
    const [caught] = sink.mails;
    expect(caught!.to).toBe('ada@shop.example');
    expect(headers(caught!).get('auto-submitted')).toBe('auto-generated');
    expect([...headers(caught!).keys()].filter((name) => ['to', 'cc', 'bcc'].includes(name))).toEqual(['to']);
  });
});

describe('a login and a mail', () => {
  const others: MailSink[] = [];
  afterEach(async () => Promise.all(others.splice(0).map((other) => other.close())));
  const start = async (options: Parameters<typeof MailSink.start>[0]): Promise<MailSink> => {
    const other = await MailSink.start(options);
    others.push(other);
    return other;
  };

  it('do not cross a network to a server without TLS', async () => {
    const logins: unknown[] = [];
    const options = { host: '127.0.0.2', disabledCommands: ['STARTTLS'], allowInsecureAuth: true };
    const plain = await start({
      ...options,
      onAuth: (auth, _, done) => (logins.push(auth), done(null, { user: 'u' })),
    });
    await expect(send(plain.url.replace('//', '//user:hunter2@'))).rejects.toMatchObject({ kind: 'later' });
    expect([logins, plain.mails]).toEqual([[], []]);
  });

  it('nor to one whose certificate nobody vouches for', async () => {
    const selfSigned = await start({ host: '127.0.0.2', disabledCommands: [], authOptional: true });
    await expect(send(selfSigned.url.replace('//', '//user:hunter2@'))).rejects.toMatchObject({ kind: 'later' });
    expect(selfSigned.mails).toEqual([]);
  });

  it('nor, where TLS is asked for from the first byte, to one that does not speak it', async () => {
    await expect(send(sink.url.replace('smtp:', 'smtps:'))).rejects.toMatchObject({ kind: 'later' });
    expect(sink.mails).toEqual([]);
  });

  it('that is refused is tried again later, and the password is in no message', async () => {
    const strict = await start({
      ...{ disabledCommands: ['STARTTLS'], authOptional: false, allowInsecureAuth: true },
      onAuth: (_, __, done) => done(Object.assign(new Error('wrong'), { responseCode: 535 })),
    });
    const failure = await send(strict.url.replace('//', '//user:hunter2@')).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: 'later', message: 'EAUTH 535' });
    expect(String((failure as Error).cause)).not.toContain('hunter2');
  });
});
