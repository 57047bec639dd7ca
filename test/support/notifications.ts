import type { AuditService } from '../../src/modules/audit/index.ts';
import { EmailChannel, NotificationsService, SlackChannel } from '../../src/modules/notifications/index.ts';
import { SlackClient, SlackSocket } from '../../src/platform/chat/index.ts';
import type { Config } from '../../src/platform/config/index.ts';
import type { Database } from '../../src/platform/db/index.ts';
import { Mailer } from '../../src/platform/mail/index.ts';
import type { Outbox } from '../../src/platform/queue/index.ts';
import type { Log } from '../../src/platform/telemetry/log.ts';

/** The ways to people that a configuration has: none, unless it names a mail server or Slack. */
export function makeNotifications(given: {
  readonly db: Database;
  readonly audit: AuditService;
  readonly outbox: Outbox;
  readonly log: Log;
  readonly config: Config;
}): NotificationsService {
  const slack = new SlackClient(given.config);
  const channels = [new EmailChannel(new Mailer(given.config)), new SlackChannel(slack)];
  return new NotificationsService({ ...given, slack, socket: new SlackSocket(given.config, given.log), channels });
}
