import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database, type Tx } from '../../platform/db/index.ts';
import { AppError } from '../../platform/errors/index.ts';
import { Mailer } from '../../platform/mail/index.ts';
import { Sweeper } from '../../platform/queue/index.ts';
import { Log } from '../../platform/telemetry/log.ts';
import { AuditService } from '../audit/index.ts';
import { toEmail } from './email.ts';
import { HourlyRate } from './rate.ts';
import { hashToken, isSame, makeToken, toCsrfToken } from './secrets.ts';
import { type Desk, offerCode, type Person, record, redeemCode, redeemLink } from './sign-in.ts';
import type { SignedIn, SignInMethod } from './signed-in.ts';

export const SESSION_HOURS = 12;
const CODES_PER_ADDRESS = 30;
const MAX_MAILS = 50;
/** A refused sign-in takes at least this long, so that its time does not tell whether the address is known. */
const REFUSED_MS = 400;
const SWEPT = 1_000;

export interface OpenedSession {
  /** For the cookie only. */
  readonly token: string;
  readonly csrfToken: string;
  readonly person: SignedIn;
}

/** Signing in and out of the console, and who is signed in. */
@Injectable()
export class SessionsService implements BeforeApplicationShutdown {
  readonly #desk: Desk;
  readonly #mailer: Mailer;
  readonly #log: Log;
  readonly #rate = new HourlyRate(CODES_PER_ADDRESS);
  readonly #mails = new Set<Promise<void>>();

  constructor(db: Database, audit: AuditService, mailer: Mailer, sweeper: Sweeper, log: Log) {
    this.#desk = { db, audit };
    this.#mailer = mailer;
    this.#log = log;
    sweeper.add('sign-ins', () => this.sweep());
  }

  /** Mails a code, unless nobody has this address. The answer comes before that is known. */
  requestCode(email: string, address: string): void {
    if (!this.#mailer.isConfigured) {
      throw new AppError(
        'unavailable',
        'No code can be mailed: SMTP_URL is not set. On the machine of the server, `agentos sign-in-link --email <address>` prints a link that signs in.',
      );
    }
    const to = toEmail(email);
    const minutes = this.#rate.refuse(address);
    if (minutes !== undefined) {
      throw new AppError(
        'rate_limited',
        `Too many codes were asked for from this address. Try again in ${minutes} min.`,
      );
    }
    if (this.#mails.size >= MAX_MAILS) {
      throw new AppError('unavailable', 'Many codes are being mailed just now. Try again in a minute.');
    }
    const mail = this.#mailCode(to).catch((error: unknown) =>
      this.#log.warn({ error: String(error) }, 'a sign-in code could not be mailed'),
    );
    this.#mails.add(mail);
    void mail.finally(() => this.#mails.delete(mail));
  }

  /** `replaced`: the cookie that the browser had before; its session is over with the new one. */
  async signInByCode(email: string, code: string, replaced?: string): Promise<OpenedSession> {
    const to = toEmail(email);
    return this.#signIn('code', () => redeemCode(this.#desk, to, code.replace(/\s/g, '')), replaced);
  }

  async signInByLink(token: string, replaced?: string): Promise<OpenedSession> {
    return this.#signIn('link', () => redeemLink(this.#desk, token), replaced);
  }

  /** Who this cookie signs in, as they stand now. */
  async find(token: string): Promise<SignedIn | undefined> {
    const [person] = await this.#desk.db.query<SignedIn>(
      `SELECT p.workspace_id AS "workspaceId", p.id AS "personId", p.email, p.roles, p.groups, s.id AS "sessionId", s.method,
         s.signed_in_at AS "signedInAt"
       FROM session s JOIN person p ON p.id = s.person_id
       WHERE s.token_hash = $1 AND s.ended_at IS NULL AND s.expires_at > app_now() AND p.active`,
      [hashToken(token)],
    );
    return person;
  }

  isCsrfToken(token: string, given: string): boolean {
    return isSame(Buffer.from(toCsrfToken(token)), Buffer.from(given));
  }

  async end({ sessionId, personId, workspaceId, method }: SignedIn): Promise<void> {
    await this.#desk.db.transaction(async (tx) => {
      const ended = await tx.query(
        'UPDATE session SET ended_at = app_now() WHERE id = $1 AND ended_at IS NULL RETURNING id',
        [sessionId],
      );
      if (ended.length === 0) return;
      await record(this.#desk, tx, { id: personId, workspaceId }, 'sign_in.ended', `person:${personId}`, { method });
    });
  }

  /** Deletes what nobody can sign in with any more. */
  async sweep(): Promise<void> {
    for (const table of ['sign_in', 'session'] as const) {
      await this.#desk.db.query(
        `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE expires_at < app_now() - interval '1 day'
           ORDER BY expires_at LIMIT ${SWEPT})`,
      );
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.#mails);
  }

  async #mailCode(to: string): Promise<void> {
    const offered = await offerCode(this.#desk, to);
    if (offered === undefined) return;
    const text = `Your AgentOS code: ${offered.code}\n\nIt signs you in once, within 10 minutes. If you did not ask for it, ignore this mail.\n`;
    await this.#mailer.send({ id: offered.id, to, subject: `Your AgentOS code: ${offered.code}`, text });
  }

  async #signIn(
    method: SignInMethod,
    redeem: () => Promise<Person | undefined>,
    replaced: string | undefined,
  ): Promise<OpenedSession> {
    const began = performance.now();
    const person = await redeem();
    if (person !== undefined) return this.#open(person, method, replaced);
    await sleep(Math.max(0, REFUSED_MS - (performance.now() - began)));
    const way =
      method === 'code'
        ? 'The code is wrong, used up or older than 10 minutes. Ask for a new one.'
        : 'The link was used before or is older than 15 minutes. Make a new one with `agentos sign-in-link`.';
    throw new AppError('unauthorized', way);
  }

  async #open(person: Person, method: SignInMethod, replaced: string | undefined): Promise<OpenedSession> {
    const token = makeToken();
    await this.#desk.db.transaction(async (tx) => {
      await tx.query(
        `INSERT INTO session (id, person_id, token_hash, method, expires_at) VALUES ($1, $2, $3, $4, app_now() + interval '${SESSION_HOURS} hours')`,
        [randomUUID(), person.id, hashToken(token), method],
      );
      await record(this.#desk, tx, person, 'sign_in.succeeded', `person:${person.id}`, { method });
      if (replaced !== undefined) await this.#replace(tx, replaced, person);
    });
    const found = await this.find(token);
    if (found === undefined) throw new AppError('unauthorized', 'You are not an active member any more.');
    return { token, csrfToken: toCsrfToken(token), person: found };
  }

  /** A browser holds one session at a time. */
  async #replace(tx: Tx, token: string, by: Person): Promise<void> {
    const [ended] = await tx.query<Person & { method: SignInMethod }>(
      `UPDATE session s SET ended_at = app_now() FROM person p
       WHERE s.token_hash = $1 AND s.ended_at IS NULL AND s.expires_at > app_now() AND p.id = s.person_id
       RETURNING p.id, p.workspace_id AS "workspaceId", s.method`,
      [hashToken(token)],
    );
    if (ended === undefined) return;
    await record(this.#desk, tx, ended, 'sign_in.ended', `person:${by.id}`, { method: ended.method });
  }
}
