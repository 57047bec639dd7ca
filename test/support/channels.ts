// The application with a stand-in Slack and a mail sink, for the tests of what leaves by them and what comes back.
import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { ApprovalsModule, ApprovalsService, approvalResolvedJob } from '../../src/modules/approvals/index.ts';
import type { OpenRequest } from '../../src/modules/approvals/approval.ts';
import type { SignedIn } from '../../src/modules/identity/index.ts';
import { NotificationsService } from '../../src/modules/notifications/index.ts';
import { readConfig } from '../../src/platform/config/index.ts';
import { Database } from '../../src/platform/db/index.ts';
import { ErrorFilter, readJsonBody } from '../../src/platform/http/index.ts';
import { PlatformModule } from '../../src/platform/platform.module.ts';
import { JobHandlers, QueueModule } from '../../src/platform/queue/index.ts';
import { Log } from '../../src/platform/telemetry/log.ts';
import { addAgent, addPerson, makeRequest, startNode, type Node } from './approvals.ts';
import { createTestDatabase } from './database.ts';
import { MailSink } from './mail-sink.ts';
import { shiftClock } from './services.ts';
import { sign, SlackStandIn, TEAM, type SignedRequest, type SlackMessage } from './slack-stand-in.ts';

export const ROOM = 'C0ROOM';

export interface DeliveryState {
  readonly channel: string;
  readonly status: string;
  readonly attempts: number;
}

export class Channels {
  readonly node: Node;
  readonly app: INestApplication;
  readonly url: string;
  readonly slack: SlackStandIn;
  readonly sink: MailSink;
  readonly agentId: string;
  /** May answer, and is linked to `U0ADA`. */
  readonly ada: SignedIn;
  readonly close: () => Promise<void>;
  readonly #databaseUrl: string;
  #minutes = 0;

  constructor(
    parts: Pick<Channels, 'node' | 'app' | 'url' | 'slack' | 'sink' | 'agentId' | 'ada' | 'close'>,
    databaseUrl: string,
  ) {
    this.#databaseUrl = databaseUrl;
    ({ node: this.node, app: this.app, url: this.url, slack: this.slack, sink: this.sink } = parts);
    ({ agentId: this.agentId, ada: this.ada, close: this.close } = parts);
  }

  /** `env`: instead of, or beside, what a team with mail and Slack sets. */
  static async start(env: Env = {}): Promise<Channels> {
    const database = await createTestDatabase();
    const [slack, sink] = await Promise.all([SlackStandIn.start(), MailSink.start()]);
    const node = await startNode(database.url, { isWorker: false });
    const app = await startApp(database.url, toEnv(slack, sink, env));
    const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
    const close = async (): Promise<void> => {
      await app.close();
      await node.close();
      await slack.close();
      await sink.close();
      await database.drop();
    };
    const [agentId, ada] = [await addAgent(node), await addPerson(node, 'ada')];
    const url = `http://127.0.0.1:${port}`;
    const channels = new Channels({ node, app, url, slack, sink, agentId, ada, close }, database.url);
    await channels.link(ada, slack.addUser('U0ADA'));
    return channels;
  }

  /** Another process of the same team. */
  async startBeside(env: Env): Promise<INestApplication> {
    return startApp(this.#databaseUrl, toEnv(this.slack, this.sink, env));
  }

  get approvals(): ApprovalsService {
    return this.app.get(ApprovalsService);
  }

  get notifications(): NotificationsService {
    return this.app.get(NotificationsService);
  }

  async link({ workspaceId, personId }: SignedIn, userId: string): Promise<void> {
    await this.node.db.query(
      `INSERT INTO slack_identity (id, workspace_id, team_id, user_id, person_id, verified_by) VALUES ($1, $2, $3, $4, $5, 'operator')`,
      [randomUUID(), workspaceId, TEAM, userId, personId],
    );
  }

  /** Opens a request as the application does, with its channels. */
  async open(change: Partial<OpenRequest> = {}): Promise<string> {
    const request = makeRequest(this.node, this.agentId, change);
    const { approvalId } = await this.node.db.transaction((tx) => this.approvals.open(tx, request));
    return approvalId;
  }

  messagesAbout(approvalId: string): SlackMessage[] {
    return this.slack.messages.filter(({ blocks }) => JSON.stringify(blocks).includes(approvalId));
  }

  async messageOf(approvalId: string): Promise<SlackMessage> {
    return until(() => this.messagesAbout(approvalId)[0]);
  }

  mailsAbout(approvalId: string): string[] {
    return this.sink.mails.map(({ raw }) => raw).filter((raw) => raw.replaceAll('=\r\n', '').includes(approvalId));
  }

  async statusOf(approvalId: string): Promise<string> {
    return (await this.node.approvals.get(this.node.caller, approvalId)).status;
  }

  async reviewsOf(approvalId: string): Promise<readonly unknown[]> {
    return (await this.node.approvals.get(this.node.caller, approvalId)).reviews;
  }

  async nowSeconds(): Promise<number> {
    const [row] = await this.node.db.query<{ now: Date }>('SELECT app_now() AS now');
    return (row?.now.getTime() ?? 0) / 1000;
  }

  async post({ body, headers }: SignedRequest): Promise<Response> {
    return fetch(`${this.url}/slack/interactions`, { method: 'POST', body, headers });
  }

  async send(payload: unknown): Promise<Response> {
    return this.post(sign(payload, await this.nowSeconds()));
  }

  async eventCount(): Promise<number> {
    const [row] = await this.node.db.query<{ count: number }>('SELECT count(*)::int AS count FROM inbound_event');
    return row?.count ?? 0;
  }

  /** What came of the newest event, once so many are over. */
  async outcome(count: number): Promise<string | undefined> {
    return until(async () => {
      const rows = await this.node.db.query<{ outcome: string }>(
        'SELECT outcome FROM inbound_event WHERE handled_at IS NOT NULL ORDER BY handled_at DESC',
      );
      return rows.length >= count ? rows[0]?.outcome : undefined;
    });
  }

  async deliveries(approvalId: string, channel?: string): Promise<DeliveryState[]> {
    return this.node.db.query<DeliveryState>(
      `SELECT channel, status, attempts FROM delivery WHERE approval_id = $1 AND kind = 'asked' AND channel = coalesce($2, channel) ORDER BY channel`,
      [approvalId, channel ?? null],
    );
  }

  async settled(approvalId: string): Promise<DeliveryState[]> {
    return until(async () => {
      const rows = await this.deliveries(approvalId);
      return rows.length > 0 && rows.every(({ status }) => status !== 'pending') ? rows : undefined;
    });
  }

  async advance(minutes: number): Promise<void> {
    this.#minutes += minutes;
    await shiftClock(this.node.db, `${this.#minutes} minutes`);
  }

  /** Moves time on minute by minute and takes up what is due, until `stop`. */
  async pass(approvalId: string, minutes: number, stop: () => boolean | Promise<boolean> = () => false): Promise<void> {
    for (let passed = 0; passed < minutes && !(await stop()); passed += 1) {
      await this.advance(1);
      const rows = await this.node.db.query<{ id: string }>(
        `SELECT id FROM delivery WHERE approval_id = $1 AND status = 'pending' AND not_before <= app_now()`,
        [approvalId],
      );
      await Promise.all(rows.map(({ id }) => this.approvals.deliver(id)));
    }
  }
}

type Env = Readonly<Record<string, string | undefined>>;

function toEnv(slack: SlackStandIn, sink: MailSink, env: Env): Env {
  return {
    AGENTOS_PUBLIC_URL: 'http://localhost:3000',
    ...{ SLACK_BOT_TOKEN: 'xoxb-test', SLACK_SIGNING_SECRET: slack.secret, SLACK_CHANNEL: ROOM },
    ...{ SLACK_API_URL: slack.url, SMTP_URL: sink.url, AGENTOS_MAIL_FROM: 'AgentOS <agentos@shop.example>' },
    ...env,
  };
}

async function startApp(databaseUrl: string, env: Env): Promise<INestApplication> {
  const log = new Log('error');
  const opened = { config: readConfig(env), log, database: new Database({ connectionString: databaseUrl }) };
  @Module({ imports: [PlatformModule.with(opened), QueueModule.with({ works: true }), ApprovalsModule] })
  class TestModule {
    constructor(handlers: JobHandlers) {
      handlers.add(approvalResolvedJob, () => Promise.resolve());
    }
  }
  const app = await NestFactory.create(TestModule, { logger: false, abortOnError: false, bodyParser: false });
  app.use('/api', readJsonBody);
  app.useGlobalFilters(new ErrorFilter(log));
  await app.listen(0, '127.0.0.1');
  return app;
}

export async function until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const end = performance.now() + 20_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`not within 20 s: ${look.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
