import { Body, Controller, Delete, Get, Header, HttpCode, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { Config } from '../../platform/config/index.ts';
import { Database } from '../../platform/db/index.ts';
import { AppError } from '../../platform/errors/index.ts';
import {
  readCookie,
  readTransport,
  requireSafe,
  toCookie,
  toTrusted,
  type Transport,
} from '../../platform/http/index.ts';
import { AuditService } from '../audit/index.ts';
import { toCsrfToken } from './secrets.ts';
import { CurrentPerson, refuseOtherSites, SessionGuard, SessionToken } from './session.guard.ts';
import { type OpenedSession, SESSION_HOURS, SessionsService } from './sessions.service.ts';
import type { SignedIn } from './signed-in.ts';
import { readSingleOperator, setSingleOperator, type SingleOperator } from './single-operator.ts';

const text = z.string().min(1).max(320);
const CODE = z.object({ email: text });
const SESSION = z.object({ email: text, code: z.string().min(1).max(20) });
const LINK = z.object({ token: z.string().min(1).max(100) });
const SWITCH = z.object({ on: z.boolean() });

type PersonView = Pick<SignedIn, 'email' | 'roles' | 'groups'>;
interface SessionView {
  readonly person: PersonView;
  readonly csrfToken: string;
}

/** Signing in and out, and what the console shows of who is signed in. GET changes nothing. */
@Controller('api/v1')
export class AuthController {
  readonly #sessions: SessionsService;
  readonly #db: Database;
  readonly #audit: AuditService;
  readonly #trusted: ReturnType<typeof toTrusted>;

  constructor(sessions: SessionsService, db: Database, audit: AuditService, config: Config) {
    this.#sessions = sessions;
    this.#db = db;
    this.#audit = audit;
    this.#trusted = toTrusted(config.trustProxy);
  }

  @Post('auth/code')
  @HttpCode(202)
  @Header('cache-control', 'no-store')
  requestCode(@Req() request: IncomingMessage, @Body() body: unknown): { message: string } {
    const { address } = this.#admit(request);
    this.#sessions.requestCode(parse(CODE, body).email, address);
    return { message: 'If this address belongs to a member, a code is on its way to it.' };
  }

  @Post('auth/session')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async signInByCode(
    @Req() request: IncomingMessage,
    @Res({ passthrough: true }) response: ServerResponse,
    @Body() body: unknown,
  ): Promise<SessionView> {
    const transport = this.#admit(request);
    const { email, code } = parse(SESSION, body);
    const held = readCookie(request.headers.cookie, transport);
    return open(response, transport, await this.#sessions.signInByCode(email, code, held));
  }

  @Post('auth/link')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async signInByLink(
    @Req() request: IncomingMessage,
    @Res({ passthrough: true }) response: ServerResponse,
    @Body() body: unknown,
  ): Promise<SessionView> {
    const transport = this.#admit(request);
    const held = readCookie(request.headers.cookie, transport);
    return open(response, transport, await this.#sessions.signInByLink(parse(LINK, body).token, held));
  }

  @Get('auth/session')
  @Header('cache-control', 'no-store')
  @UseGuards(SessionGuard)
  async session(@CurrentPerson() person: SignedIn, @SessionToken() token: string): Promise<object> {
    const { workspaceId, signedInAt } = person;
    const [workspace] = await this.#db.query<{ name: string }>('SELECT name FROM workspace WHERE id = $1', [
      workspaceId,
    ]);
    const singleOperator = await readSingleOperator(this.#db, workspaceId);
    return {
      person: toView(person),
      csrfToken: toCsrfToken(token),
      signedInAt: signedInAt.toISOString(),
      workspace: { name: workspace?.name ?? '', singleOperator },
    };
  }

  @Delete('auth/session')
  @HttpCode(204)
  @Header('cache-control', 'no-store')
  @UseGuards(SessionGuard)
  async signOut(
    @Req() request: IncomingMessage,
    @Res({ passthrough: true }) response: ServerResponse,
    @CurrentPerson() person: SignedIn,
  ): Promise<void> {
    await this.#sessions.end(person);
    response.setHeader('set-cookie', toCookie(readTransport(request, this.#trusted), undefined, 0));
  }

  @Post('workspace/single-operator')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @UseGuards(SessionGuard)
  async switchSingleOperator(
    @CurrentPerson() person: SignedIn,
    @Body() body: unknown,
  ): Promise<{ singleOperator: SingleOperator }> {
    const { on } = parse(SWITCH, body);
    return { singleOperator: await setSingleOperator({ db: this.#db, audit: this.#audit }, person, on) };
  }

  #admit(request: IncomingMessage): Transport {
    const transport = readTransport(request, this.#trusted);
    requireSafe(transport);
    refuseOtherSites(request);
    return transport;
  }
}

function open(
  response: ServerResponse,
  transport: Transport,
  { token, csrfToken, person }: OpenedSession,
): SessionView {
  response.setHeader('set-cookie', toCookie(transport, token, SESSION_HOURS * 3_600));
  return { csrfToken, person: toView(person) };
}

function toView({ email, roles, groups }: SignedIn): PersonView {
  return { email, roles, groups };
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError('invalid_input', `\`${issue?.path.join('.') ?? ''}\`: ${issue?.message ?? 'the body is wrong'}.`);
}
