import { Body, Controller, Get, Header, HttpCode, Post, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import { AppError } from '../../platform/errors/index.ts';
import { CurrentPerson, SessionGuard, type SignedIn } from '../identity/index.ts';
import { NotificationsService } from './notifications.service.ts';
import type { SlackStanding } from './slack-accounts.ts';

const Account = z.object({ teamId: z.string().max(32), userId: z.string().max(32) });
const Code = z.object({ code: z.string().regex(/^\s*\d{6}\s*$/) });

/** A person who is signed in links the Slack account that reads the code. */
@Controller('api/v1/me/slack')
@UseGuards(SessionGuard)
export class SlackLinkController {
  readonly #notifications: NotificationsService;

  constructor(notifications: NotificationsService) {
    this.#notifications = notifications;
  }

  @Get()
  @Header('cache-control', 'no-store')
  async show(@CurrentPerson() person: SignedIn): Promise<SlackStanding> {
    return this.#notifications.findSlackStanding(person);
  }

  @Post()
  @HttpCode(202)
  @Header('cache-control', 'no-store')
  async offer(@CurrentPerson() person: SignedIn, @Body() body: unknown): Promise<{ sent: true }> {
    const account = Account.safeParse(body);
    if (!account.success)
      throw new AppError('invalid_input', 'Give `teamId`, such as `T0123456789`, and `userId`, such as `U0123456789`.');
    await this.#notifications.offerLink(person, account.data);
    return { sent: true };
  }

  @Post('confirm')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async confirm(@CurrentPerson() person: SignedIn, @Body() body: unknown): Promise<{ linked: true }> {
    const code = Code.safeParse(body);
    if (!code.success) throw new AppError('invalid_input', 'Give `code`: the six digits that Slack shows.');
    await this.#notifications.confirmLink(person, code.data.code);
    return { linked: true };
  }
}
