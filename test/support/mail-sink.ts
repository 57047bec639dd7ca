import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { AddressInfo } from 'node:net';

export type MailManner =
  | 'takes'
  /** 550 to the recipient. */
  | 'refuses'
  /** 554 to the message, read to its end. */
  | 'refuses_message'
  /** No greeting. */
  | 'stalls'
  /** Closes the connection before anything of a message is sent. */
  | 'hangs_up'
  /** Takes the message and hangs up before it says so. */
  | 'drops'
  /** Takes the message and says nothing more. */
  | 'falls_silent'
  /** 452 to the message, read to its end. */
  | 'is_full'
  /** 451 to the recipient. */
  | 'greylists';

export interface CaughtMail {
  readonly to: string;
  readonly raw: string;
}

/** A real SMTP server on this machine that behaves as it is told. */
export class MailSink {
  /** What was taken, also where the sender was not told. */
  readonly mails: CaughtMail[] = [];
  manner: MailManner = 'takes';
  url = '';
  #server: SMTPServer | undefined;
  readonly #waiting: (() => void)[] = [];

  /** `options`: another host than 127.0.0.1, or what a server of this kind can be told. */
  static async start({
    host = '127.0.0.1',
    ...options
  }: SMTPServerOptions & { host?: string } = {}): Promise<MailSink> {
    const sink = new MailSink();
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      closeTimeout: 100,
      ...options,
      onConnect: (_session, done) => (sink.manner === 'stalls' ? void sink.#waiting.push(done) : done()),
      onRcptTo: (_address, _session, done) => (sink.manner === 'hangs_up' ? sink.hangUp() : done(refusal(sink.manner))),
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          if (sink.manner === 'refuses_message') return done(answer(554, 'not wanted'));
          if (sink.manner === 'is_full') return done(answer(452, 'no room'));
          const to = session.envelope.rcptTo.map(({ address }) => address).join(', ');
          sink.mails.push({ to, raw: Buffer.concat(chunks).toString('utf8') });
          if (sink.manner === 'drops') sink.hangUp();
          else if (sink.manner === 'falls_silent') sink.#waiting.push(done);
          else done();
        });
      },
    });
    server.on('error', () => {});
    sink.#server = server;
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    sink.url = `smtp://${host}:${(server.server.address() as AddressInfo).port}`;
    return sink;
  }

  hangUp(): void {
    for (const connection of this.#server?.connections ?? [])
      (connection as { _socket: { destroy(): void } })._socket.destroy();
  }

  async close(): Promise<void> {
    this.hangUp();
    await new Promise<void>((resolve) =>
      this.#server === undefined ? resolve() : this.#server.close(() => resolve()),
    );
  }
}

function refusal(manner: MailManner): Error | null {
  if (manner === 'refuses') return answer(550, 'no such mailbox');
  if (manner === 'greylists') return answer(451, 'come back later');
  return null;
}

function answer(responseCode: number, words: string): Error {
  return Object.assign(new Error(words), { responseCode });
}

/** Headers of a mail, unfolded, by lower-case name. */
export function headers({ raw }: CaughtMail): ReadonlyMap<string, string> {
  const head = raw.slice(0, raw.indexOf('\r\n\r\n')).replaceAll(/\r\n[ \t]+/g, ' ');
  return new Map(
    head.split('\r\n').map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
    }),
  );
}

/** The text and the HTML of a mail, as they were before they were packed. */
export function parts({ raw }: Pick<CaughtMail, 'raw'>): { readonly text: string; readonly html: string } {
  const boundary = /boundary="([^"]+)"/.exec(raw)?.[1] ?? '\0';
  const found = new Map(
    raw.split(`--${boundary}`).map((part) => {
      const [head = '', ...body] = part.split('\r\n\r\n');
      return [/content-type: ([\w/]+)/i.exec(head)?.[1] ?? '', unpack(head, body.join('\r\n\r\n'))];
    }),
  );
  return { text: found.get('text/plain') ?? '', html: found.get('text/html') ?? '' };
}

function unpack(head: string, body: string): string {
  if (/encoding: base64/i.test(head)) return Buffer.from(body, 'base64').toString('utf8');
  if (!/encoding: quoted-printable/i.test(head)) return body;
  const bytes = body
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
