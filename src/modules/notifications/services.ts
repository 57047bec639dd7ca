import type { SlackClient, SlackSocket } from '../../platform/chat/index.ts';
import type { Config } from '../../platform/config/index.ts';
import type { Database } from '../../platform/db/index.ts';
import type { Outbox } from '../../platform/queue/index.ts';
import type { Log } from '../../platform/telemetry/log.ts';
import type { AuditService } from '../audit/index.ts';
import type { Channel } from './channel.ts';

/** What the parts of this module work with. */
export interface NotificationServices {
  readonly db: Database;
  readonly audit: AuditService;
  readonly outbox: Outbox;
  readonly log: Log;
  readonly slack: SlackClient;
  readonly socket: SlackSocket;
  readonly channels: readonly Channel[];
  readonly config: Pick<Config, 'slackChannel' | 'slackSigningSecret'>;
}
