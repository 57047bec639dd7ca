import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { Config } from '../../platform/config/index.ts';
import { AppError } from '../../platform/errors/index.ts';
import { readCookie, readTransport, requireSafe, toTrusted } from '../../platform/http/index.ts';
import { SessionsService } from './sessions.service.ts';
import type { SignedIn } from './signed-in.ts';

/** Who is signed in, by request: nothing but the guard puts somebody here. */
const signedIn = new WeakMap<IncomingMessage, { readonly person: SignedIn; readonly token: string }>();

/** Lets a person's live session through, and nothing else: no key, no agent; a change only with the session's token. */
@Injectable()
export class SessionGuard implements CanActivate {
  readonly #sessions: SessionsService;
  readonly #trusted: ReturnType<typeof toTrusted>;

  constructor(sessions: SessionsService, config: Config) {
    this.#sessions = sessions;
    this.#trusted = toTrusted(config.trustProxy);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<IncomingMessage>();
    const transport = readTransport(request, this.#trusted);
    requireSafe(transport);
    const { headers } = request;
    const token = headers.authorization === undefined ? readCookie(headers.cookie, transport) : undefined;
    const person = token === undefined ? undefined : await this.#sessions.find(token);
    if (token === undefined || person === undefined) {
      throw new AppError(
        'unauthorized',
        'Only a person who is signed in may do this; a key is not enough. Sign in at `/sign-in`.',
      );
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') this.#requireOwnPage(request, token);
    signedIn.set(request, { person, token });
    return true;
  }

  #requireOwnPage(request: IncomingMessage, token: string): void {
    refuseOtherSites(request);
    const given = request.headers['x-csrf-token'];
    if (typeof given === 'string' && this.#sessions.isCsrfToken(token, given)) return;
    throw new AppError(
      'csrf',
      "A change needs the session's token in the header `x-csrf-token`: `GET /api/v1/auth/session` tells it. Reload the page and try again.",
    );
  }
}

/** A browser says when a page of another site makes it write. */
export function refuseOtherSites({ headers }: IncomingMessage): void {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  throw new AppError('csrf', 'Pages of other sites may not change anything here. Open AgentOS itself.');
}

/** The person whom `SessionGuard` has let through. */
export const CurrentPerson = createParamDecorator(
  (_: unknown, context: ExecutionContext): SignedIn => sessionOf(context).person,
);

/** The session's own token, for what follows from it. */
export const SessionToken = createParamDecorator(
  (_: unknown, context: ExecutionContext): string => sessionOf(context).token,
);

function sessionOf(context: ExecutionContext): { readonly person: SignedIn; readonly token: string } {
  const session = signedIn.get(context.switchToHttp().getRequest<IncomingMessage>());
  if (session === undefined) throw new AppError('internal', 'A route asks who is signed in without `SessionGuard`.');
  return session;
}
