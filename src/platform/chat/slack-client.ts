import type { WebClient } from '@slack/web-api';
import type { Config } from '../config/index.ts';
import { AppError, SendFailure } from '../errors/index.ts';
import { QUIET } from './quiet.ts';
import { toSendFailure } from './to-send-failure.ts';

/** Blocks of Slack's Block Kit, made by whoever knows what is said. */
export type Blocks = readonly Readonly<Record<string, unknown>>[];

export interface ChatMessage {
  /** A room or a user. */
  readonly channel: string;
  /** For notifications of devices; never parsed. */
  readonly text: string;
  readonly blocks: Blocks;
}

export interface PostedMessage {
  readonly channel: string;
  readonly ts: string;
}

export interface SlackUser {
  readonly id: string;
  readonly teamId: string;
  /** Why this account answers nothing: `deleted`, `bot`, `guest`, `stranger`. */
  readonly problem?: string;
}

type SlackConfig = Pick<Config, 'slackBotToken' | 'slackApiUrl' | 'slackSigningSecret' | 'slackAppToken'>;
type Answer = Readonly<Record<string, unknown>>;

const TIMEOUT_MS = 5_000;
const EVENT = 'agentos_notice';
const SEEN_BACK = 100;
const PLAIN = { parse: 'none', link_names: false, mrkdwn: false, unfurl_links: false, unfurl_media: false } as const;

/** Slack's web API as this product uses it: one try, five seconds, and an answer that says what happened. Loaded with the first call. */
export class SlackClient {
  readonly #config: SlackConfig;
  #client: Promise<WebClient> | undefined;

  constructor(config: SlackConfig) {
    this.#config = config;
  }

  get isConfigured(): boolean {
    return this.#config.slackBotToken !== undefined;
  }

  /** Whether presses of buttons reach this server, signed or by the socket. */
  get hearsPresses(): boolean {
    return this.#config.slackSigningSecret !== undefined || this.#config.slackAppToken !== undefined;
  }

  /** `noticeId` travels with the message, so that a copy whose answer was lost can be found. */
  async post(message: ChatMessage, noticeId: string): Promise<PostedMessage> {
    const metadata = { event_type: EVENT, event_payload: { notice_id: noticeId } };
    const answer = await this.#call('chat.postMessage', { ...message, ...PLAIN, metadata });
    return { channel: text(answer['channel']) ?? message.channel, ts: text(answer['ts']) ?? '' };
  }

  async update(message: ChatMessage & { readonly ts: string }): Promise<void> {
    const { parse, link_names } = PLAIN;
    await this.#call('chat.update', { ...message, parse, link_names });
  }

  /** Seen by this user only. */
  async whisper(channel: string, user: string, words: string): Promise<void> {
    await this.#call('chat.postEphemeral', { channel, user, text: words, parse: 'none', link_names: false });
  }

  async openView(triggerId: string, view: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#call('views.open', { trigger_id: triggerId, view });
  }

  async findUser(userId: string): Promise<SlackUser> {
    const answer = await this.#call('users.info', { user: userId });
    const user = record(answer['user']);
    const is = (name: string): boolean => user[name] === true;
    const problem = is('deleted')
      ? 'deleted'
      : is('is_bot') || is('is_workflow_bot') || userId === 'USLACKBOT'
        ? 'bot'
        : is('is_restricted') || is('is_ultra_restricted')
          ? 'guest'
          : is('is_stranger') || text(user['id']) !== userId
            ? 'stranger'
            : undefined;
    return { id: userId, teamId: text(user['team_id']) ?? '', ...(problem === undefined ? {} : { problem }) };
  }

  /** The team that the token belongs to. */
  async team(): Promise<string> {
    return text((await this.#call('auth.test', {}))['team_id']) ?? '';
  }

  /** The message that carries this notice; undefined: there is none. Fails where so much was said since that it cannot be told. */
  async findPosted(address: string, noticeId: string, since: Date): Promise<PostedMessage | undefined> {
    const channel = /^[UW]/.test(address) ? await this.#openDirect(address) : address;
    const oldest = String(Math.floor(since.getTime() / 1000) - 60);
    const query = { channel, oldest, limit: SEEN_BACK, include_all_metadata: true };
    const { messages, has_more: hasMore } = await this.#call('conversations.history', query);
    for (const message of Array.isArray(messages) ? messages.map(record) : []) {
      const id = record(record(message['metadata'])['event_payload'])['notice_id'];
      const ts = text(message['ts']);
      if (id === noticeId && ts !== undefined) return { channel, ts };
    }
    if (hasMore === true) throw new SendFailure('refused', 'too much was said since');
    return undefined;
  }

  /** Messages to a user are kept in a room that has an id of its own. */
  async #openDirect(users: string): Promise<string> {
    const { channel } = await this.#call('conversations.open', { users });
    return text(record(channel)['id']) ?? users;
  }

  async #call(method: string, options: Record<string, unknown>): Promise<Answer> {
    const client = await (this.#client ??= this.#load());
    try {
      return { ...(await client.apiCall(method, options)) };
    } catch (error) {
      throw toSendFailure(error);
    }
  }

  async #load(): Promise<WebClient> {
    const { slackBotToken: token, slackApiUrl } = this.#config;
    if (token === undefined) throw new AppError('unavailable', 'Slack is not set up. Set SLACK_BOT_TOKEN.');
    // By `default`, because a bundled CommonJS package has no other names.
    const { LogLevel, WebClient } = (await import('@slack/web-api')).default;
    return new WebClient(token, {
      ...(slackApiUrl === undefined ? {} : { slackApiUrl }),
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      allowAbsoluteUrls: false,
      timeout: TIMEOUT_MS,
      logger: { ...QUIET, getLevel: () => LogLevel.ERROR },
    });
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function record(value: unknown): Answer {
  return typeof value === 'object' && value !== null ? (value as Answer) : {};
}
