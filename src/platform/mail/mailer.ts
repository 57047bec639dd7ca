import type { SentMessageInfo, Transporter } from 'nodemailer';
import type { Config } from '../config/index.ts';
import { AppError } from '../errors/index.ts';

export interface Mail {
  /** Names this mail for ever: sent again it has the same `Message-ID`. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

const LOCAL = ['localhost', '127.0.0.1', '[::1]'];
const CONNECT_MS = 10_000;
const SILENCE_MS = 20_000;

/** Sends mail through SMTP_URL; what it is made of is loaded with the first mail. */
export class Mailer {
  readonly #url: string | undefined;
  readonly #from: string;
  #transporter: Promise<Transporter<SentMessageInfo>> | undefined;

  constructor({ smtpUrl, mailFrom }: Pick<Config, 'smtpUrl' | 'mailFrom'>) {
    this.#url = smtpUrl;
    this.#from = mailFrom;
  }

  get isConfigured(): boolean {
    return this.#url !== undefined;
  }

  /** Resolves when the mail server has taken it. */
  async send({ id, to, subject, text }: Mail): Promise<void> {
    if (/[\p{Cc}\s,<>"]/u.test(to) || /\p{Cc}/u.test(subject) || !/^[\w.-]+$/.test(id)) {
      throw new AppError('invalid_input', 'A mail has one plain address and a subject of one line.');
    }
    const domain = /@([^\s>]+)>?$/.exec(this.#from)?.[1] ?? 'localhost';
    const transporter = await (this.#transporter ??= this.#load());
    // As an object: the address is taken as it is, never parsed as a list.
    const recipient = { name: '', address: to };
    const headers = { 'Auto-Submitted': 'auto-generated' };
    await transporter.sendMail({
      from: this.#from,
      to: recipient,
      subject,
      text,
      messageId: `<${id}@${domain}>`,
      headers,
    });
  }

  async #load(): Promise<Transporter<SentMessageInfo>> {
    if (this.#url === undefined) throw new AppError('unavailable', 'No mail can be sent. Set SMTP_URL.');
    const { hostname, port, protocol, username, password } = new URL(this.#url);
    const isTls = protocol === 'smtps:';
    const isLocal = LOCAL.includes(hostname);
    const { createTransport } = (await import('nodemailer')).default;
    return createTransport({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? (isTls ? 465 : 587) : Number(port),
      secure: isTls,
      // Nothing crosses a network in the clear; on this machine nobody listens.
      requireTLS: !isTls && !isLocal,
      ignoreTLS: !isTls && isLocal,
      ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }
}
