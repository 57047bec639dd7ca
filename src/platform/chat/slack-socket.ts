import type { SocketModeClient } from '@slack/socket-mode';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config/index.ts';
import { SendFailure } from '../errors/index.ts';
import type { Log } from '../telemetry/log.ts';
import { QUIET } from './quiet.ts';
import { toSendFailure } from './to-send-failure.ts';

/** Keeps what was pressed; Slack hears that it arrived when this resolves. */
export type TakePayload = (payload: unknown) => Promise<void>;

interface SocketEvent {
  readonly body: unknown;
  readonly ack: () => Promise<void>;
}

const CALL_MS = 5_000;
const HELLO_MS = 20_000;
const GOODBYE_MS = 500;
/** The goodbye and what is still being kept when the process ends are waited for so long together. */
const CLOSING_MS = 2_500;
/** A connection that ends sooner is a failure: the next one is not opened at once. */
const STEADY_MS = 10_000;
const FIRST_WAIT_MS = 1_000;
const MAX_WAIT_MS = 30_000;

/**
 * What is pressed in Slack, over a connection that this process opens. Slack gives each press to one of the connections of an app, ten at
 * most. Connecting anew is done here: the client's own way ends the process when Slack cannot be reached. Loaded when opened.
 */
export class SlackSocket {
  readonly #config: Pick<Config, 'slackBotToken' | 'slackAppToken' | 'slackApiUrl'>;
  readonly #log: Log;
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;
  #client: SocketModeClient | undefined;
  readonly #taking = new Set<Promise<void>>();

  constructor(config: Pick<Config, 'slackBotToken' | 'slackAppToken' | 'slackApiUrl'>, log: Log) {
    this.#config = config;
    this.#log = log;
  }

  /** Holds a connection until `close`; does nothing without both tokens. */
  open(take: TakePayload): void {
    const { slackBotToken, slackAppToken } = this.#config;
    if (slackBotToken === undefined || slackAppToken === undefined) return;
    this.#running ??= this.#run(slackAppToken, take);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const ended = (async () => {
      if (this.#client !== undefined) await hangUp(this.#client);
      await this.#running;
      await Promise.all(this.#taking);
    })();
    await Promise.race([ended, sleep(CLOSING_MS, undefined, { ref: false })]);
  }

  async #run(appToken: string, take: TakePayload): Promise<void> {
    const { signal } = this.#closing;
    for (let failures = 0; !signal.aborted; failures += 1) {
      let afterMs = 0;
      const startedAt = performance.now();
      try {
        await this.#hold(appToken, take);
        if (performance.now() - startedAt > STEADY_MS) failures = -1;
      } catch (error) {
        const failure = error instanceof SendFailure ? error : toSendFailure(error);
        afterMs = failure.kind === 'limited' ? failure.afterMs : 0;
        this.#log.warn({ failure: failure.message }, 'no connection to Slack: what is pressed there does not come');
      }
      if (failures < 0) continue;
      const waitMs = Math.max(afterMs, Math.min(FIRST_WAIT_MS * 2 ** Math.min(failures, 10), MAX_WAIT_MS));
      await sleep(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** One connection, from its opening to its end. */
  async #hold(appToken: string, take: TakePayload): Promise<void> {
    const client = await this.#makeClient(appToken);
    if (this.#closing.signal.aborted) return;
    this.#client = client;
    const ended = new Promise<void>((resolve) => client.on('disconnected', () => resolve()));
    client.on('interactive', (event: SocketEvent) => {
      const taken = this.#take(event, take).finally(() => this.#taking.delete(taken));
      this.#taking.add(taken);
    });
    const started = client.start();
    try {
      const late = sleep(HELLO_MS, false, { ref: false });
      const isUp = await Promise.race([started.then(() => true), ended.then(() => false), late]);
      if (this.#closing.signal.aborted) return;
      if (!isUp) throw new SendFailure('later', 'closed before it was open');
      this.#log.info({}, 'connected to Slack: what is pressed there comes over this connection');
      await ended;
    } finally {
      await hangUp(client);
      // A connection that is still being opened ends as soon as it is there.
      started.then(() => hangUp(client)).catch(() => undefined);
    }
  }

  async #take({ body, ack }: SocketEvent, take: TakePayload): Promise<void> {
    try {
      await take(body);
      await ack();
    } catch (error) {
      this.#log.warn({ error: String(error) }, 'what was pressed in Slack was not acknowledged');
    }
  }

  async #makeClient(appToken: string): Promise<SocketModeClient> {
    const { slackApiUrl } = this.#config;
    // By `default`, because a bundled CommonJS package has no other names.
    const { LogLevel, SocketModeClient: Client } = (await import('@slack/socket-mode')).default;
    return new Client({
      appToken,
      autoReconnectEnabled: false,
      logger: { ...QUIET, getLevel: () => LogLevel.ERROR },
      clientOptions: {
        ...(slackApiUrl === undefined ? {} : { slackApiUrl }),
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
        allowAbsoluteUrls: false,
        timeout: CALL_MS,
      },
    });
  }
}

/** Says goodbye and does not wait long for the answer. */
async function hangUp(client: SocketModeClient): Promise<void> {
  const timer = setTimeout(() => client.websocket?.disconnect(), GOODBYE_MS);
  await client.disconnect().finally(() => clearTimeout(timer));
}
