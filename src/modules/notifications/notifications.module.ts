import { Module, type BeforeApplicationShutdown } from '@nestjs/common';
import { SlackClient, SlackSocket } from '../../platform/chat/index.ts';
import { Config } from '../../platform/config/index.ts';
import { Database } from '../../platform/db/index.ts';
import { Mailer } from '../../platform/mail/index.ts';
import { Outbox } from '../../platform/queue/index.ts';
import { Log } from '../../platform/telemetry/log.ts';
import { AuditModule, AuditService } from '../audit/index.ts';
import { IdentityModule } from '../identity/index.ts';
import { EmailChannel } from './email-channel.ts';
import { NotificationsService } from './notifications.service.ts';
import { SlackChannel } from './slack-channel.ts';
import { SlackController } from './slack.controller.ts';
import { SlackLinkController } from './slack-link.controller.ts';

@Module({
  imports: [AuditModule, IdentityModule],
  controllers: [SlackController, SlackLinkController],
  providers: [
    {
      provide: NotificationsService,
      inject: [Database, AuditService, Outbox, Log, SlackClient, Mailer, Config],
      useFactory: toService,
    },
  ],
  exports: [NotificationsService],
})
export class NotificationsModule implements BeforeApplicationShutdown {
  readonly #notifications: NotificationsService;

  constructor(notifications: NotificationsService) {
    this.#notifications = notifications;
  }

  /** Before the database goes: what was taken is stored and acknowledged. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#notifications.closeSocket();
  }
}

function toService(
  db: Database,
  audit: AuditService,
  outbox: Outbox,
  log: Log,
  slack: SlackClient,
  mailer: Mailer,
  config: Config,
): NotificationsService {
  const channels = [new EmailChannel(mailer), new SlackChannel(slack)];
  const socket = new SlackSocket(config, log);
  return new NotificationsService({ db, audit, outbox, log, slack, socket, channels, config });
}
