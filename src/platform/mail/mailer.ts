import type { SentMessageInfo, Transporter } from 'nodemailer';
import type { Config } from '../config/index.ts';
import { AppError } from '../errors/index.ts';
import { toSendFailure } from './to-send-failure.ts';

export interface Mail {
  /** Names this mail for ever: sent again it has the same `Message-ID`. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
}

const LOCAL = ['localhost', '127.0.0.1', '[::1]'];
const CONNECT_MS = 10_000;
const SILENCE_MS = 20_000;

/** Sends mail through SMTP_URL; what it is made of is loaded with the first mail. */
export class Mailer {
  readonly #url: string | undefined;
  readonly #from: string;
  readonly #dkim: Config['dkim'];

  constructor({ smtpUrl, mailFrom, dkim }: Pick<Config, 'smtpUrl' | 'mailFrom'> & Partial<Pick<Config, 'dkim'>>) {
    this.#url = smtpUrl;
    this.#from = mailFrom;
    this.#dkim = dkim;
  }

  get isConfigured(): boolean {
    return this.#url !== undefined;
  }

  /** Resolves when the mail server has taken it; a `SendFailure` says what else happened. */
  async send({ id, to, subject, text, html }: Mail): Promise<void> {
    if (/[\p{Cc}\s,<>"]/u.test(to) || /[\p{Cc}\u2028\u2029]/u.test(subject) || !/^[\w.-]+$/.test(id)) {
      throw new AppError('invalid_input', 'A mail has one plain address and a subject of one line.');
    }
    const domain = /@([^\s>]+)>?$/.exec(this.#from)?.[1] ?? 'localhost';
    const watch = watchForData();
    const transporter = await this.#load(watch.logger);
    // As an object: the address is taken as it is, never parsed as a list.
    const recipient = { name: '', address: to };
    const headers = { 'Auto-Submitted': 'auto-generated' };
    const mail = { from: this.#from, to: recipient, subject, text, messageId: `<${id}@${domain}>`, headers };
    try {
      await transporter.sendMail(html === undefined ? mail : { ...mail, html });
    } catch (error) {
      throw toSendFailure(error, watch.began());
    } finally {
      transporter.close();
    }
  }

  async #load(logger: DataWatch['logger']): Promise<Transporter<SentMessageInfo>> {
    if (this.#url === undefined) throw new AppError('unavailable', 'No mail can be sent. Set SMTP_URL.');
    const { hostname, port, protocol, username, password } = new URL(this.#url);
    const isTls = protocol === 'smtps:';
    const isLocal = LOCAL.includes(hostname);
    const dkim = this.#dkim;
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
      // Not kept anywhere: only whether the message itself was begun.
      ...{ logger, transactionLog: true },
      ...(dkim === undefined
        ? {}
        : { dkim: { domainName: dkim.domain, keySelector: dkim.selector, privateKey: dkim.key } }),
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }
}

interface DataWatch {
  readonly logger: Record<
    'level' | 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal',
    (...args: unknown[]) => void
  >;
  readonly began: () => boolean;
}

/** 354: the server asks for the message. One that was begun may have arrived although the server's answer did not. */
function watchForData(): DataWatch {
  let began = false;
  const none = (): void => {};
  const debug = (about: unknown, line: unknown): void => {
    const isServer = typeof about === 'object' && about !== null && 'tnx' in about && about.tnx === 'server';
    if (isServer && typeof line === 'string' && line.startsWith('354')) began = true;
  };
  const logger = { level: none, trace: none, debug, info: none, warn: none, error: none, fatal: none };
  return { logger, began: () => began };
}
