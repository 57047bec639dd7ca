import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketEnd } from './web-socket.ts';

export interface SlackMessage {
  readonly channel: string;
  readonly ts: string;
  text: string;
  blocks: readonly Record<string, unknown>[];
  readonly metadata: Record<string, unknown>;
  updates: number;
}

export interface SlackCall {
  readonly method: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly token: string;
}

/** What goes wrong with the next calls: forever until it is cleared. */
export type SlackFault =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'hang' }
  | { readonly kind: 'limited'; readonly retryAfterSeconds: number }
  /** The call takes effect and its answer is lost. */
  | { readonly kind: 'lost_reply' }
  | { readonly kind: 'error'; readonly error: string };

export const TEAM = 'T0TEAM001';
export const APP = 'A0APP0001';
const SECRET = 'stand-in-signing-secret';

/** A real HTTP server that speaks as much of Slack's web API as a product needs, and signs what people press as Slack does. */
export class SlackStandIn {
  readonly secret = SECRET;
  readonly messages: SlackMessage[] = [];
  readonly whispers: Record<string, unknown>[] = [];
  readonly views: Record<string, unknown>[] = [];
  readonly calls: SlackCall[] = [];
  readonly users = new Map<string, Record<string, unknown>>();
  /** By method; `*` for all. */
  readonly faults = new Map<string, SlackFault>();
  /** Rooms hold more messages than an answer shows. */
  hasMore = false;
  /** The connections of the app in socket mode, newest last. */
  readonly sockets: WebSocketEnd[] = [];
  /** By envelope: how often it was acknowledged. */
  readonly acknowledged = new Map<string, number>();
  readonly #server = createServer((request, response) => void this.#take(request, response));
  readonly #hanging = new Set<ServerResponse>();
  #ts = 1_800_000_000;
  url = '';

  static async start(): Promise<SlackStandIn> {
    const slack = new SlackStandIn();
    slack.#server.on('upgrade', (request, socket) => slack.#connect(request, socket));
    await new Promise<void>((resolve) => slack.#server.listen(0, '127.0.0.1', resolve));
    slack.url = `http://127.0.0.1:${(slack.#server.address() as AddressInfo).port}/api/`;
    return slack;
  }

  addUser(id: string, change: Record<string, unknown> = {}): string {
    this.users.set(id, { id, team_id: TEAM, deleted: false, is_bot: false, is_restricted: false, ...change });
    return id;
  }

  /** The messages of one room, newest last. */
  in(channel: string): readonly SlackMessage[] {
    return this.messages.filter((message) => message.channel === channel);
  }

  /** Sends what a user did over a connection of the app, as HTTP would carry it. */
  deliver(payload: unknown, envelopeId: string): void {
    const socket = this.sockets.findLast(({ isOpen }) => isOpen);
    if (socket === undefined) throw new Error('the app has no connection');
    socket.send({ type: 'interactive', envelope_id: envelopeId, payload, accepts_response_payload: true });
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.drop();
    for (const response of this.#hanging) response.destroy();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #connect(request: IncomingMessage, socket: Duplex): void {
    const end = new WebSocketEnd(request, socket, (text) => {
      const id = (JSON.parse(text) as { envelope_id: string }).envelope_id;
      this.acknowledged.set(id, (this.acknowledged.get(id) ?? 0) + 1);
    });
    this.sockets.push(end);
    end.send({ type: 'hello', num_connections: this.sockets.length, connection_info: { app_id: APP } });
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const method = (request.url ?? '').replace('/api/', '');
    const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
    const args = Object.fromEntries([...form].map(([name, value]) => [name, parse(value)]));
    const token = (request.headers.authorization ?? '').replace('Bearer ', '');
    this.calls.push({ method, args, token });
    const fault = this.faults.get(method) ?? this.faults.get('*');
    if (fault?.kind === 'hang') return void this.#hanging.add(response);
    if (fault?.kind === 'status') return void response.writeHead(fault.status).end('not now');
    if (fault?.kind === 'limited')
      return void response.writeHead(429, { 'retry-after': String(fault.retryAfterSeconds) }).end();
    const answer = fault?.kind === 'error' ? { ok: false, error: fault.error } : this.#answer(method, args, token);
    if (fault?.kind === 'lost_reply') return void response.destroy();
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  #answer(method: string, args: Record<string, unknown>, token: string): Record<string, unknown> {
    const channel = String(args['channel']);
    if (token.startsWith('xapp-') !== (method === 'apps.connections.open'))
      return { ok: false, error: 'not_allowed_token_type' };
    switch (method) {
      case 'auth.test':
        return { ok: true, team_id: TEAM, user_id: 'U0BOT', bot_id: 'B0BOT' };
      case 'users.info': {
        const user = this.users.get(String(args['user']));
        return user === undefined ? { ok: false, error: 'user_not_found' } : { ok: true, user };
      }
      case 'chat.postMessage':
        return this.#post(toRoom(channel), args);
      case 'chat.update': {
        const message = this.messages.find(({ channel: at, ts }) => at === channel && ts === args['ts']);
        if (message === undefined) return { ok: false, error: 'message_not_found' };
        message.blocks = args['blocks'] as SlackMessage['blocks'];
        message.updates += 1;
        return { ok: true, channel, ts: message.ts };
      }
      case 'chat.postEphemeral':
        this.whispers.push(args);
        return { ok: true, message_ts: '1.1' };
      case 'views.open':
        this.views.push(args);
        return { ok: true, view: {} };
      case 'apps.connections.open':
        return { ok: true, url: `${this.url.replace('http', 'ws').replace('/api/', '/link/')}?ticket=t` };
      case 'conversations.open':
        return { ok: true, channel: { id: toRoom(String(args['users'])) } };
      case 'conversations.history':
        if (toRoom(channel) !== channel) return { ok: false, error: 'channel_not_found' };
        return { ok: true, messages: this.in(channel).toReversed(), has_more: this.hasMore };
      default:
        return { ok: false, error: 'unknown_method' };
    }
  }

  #post(channel: string, args: Record<string, unknown>): Record<string, unknown> {
    const ts = `${++this.#ts}.000100`;
    const { text, blocks, metadata } = args as unknown as Pick<SlackMessage, 'text' | 'blocks' | 'metadata'>;
    this.messages.push({ channel, ts, text, blocks, metadata, updates: 0 });
    return { ok: true, channel, ts };
  }
}

/** Messages to a user are in a room of their own. */
function toRoom(address: string): string {
  return address.startsWith('U') ? `D${address.slice(1)}` : address;
}

function parse(value: string): unknown {
  try {
    return /^[[{]/.test(value) ? (JSON.parse(value) as unknown) : value;
  } catch {
    return value;
  }
}

export interface SignedRequest {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What Slack sends for this payload, signed at this second. */
export function sign(payload: unknown, atSeconds: number, secret = SECRET): SignedRequest {
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const timestamp = String(Math.floor(atSeconds));
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
  return {
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': signature,
    },
  };
}

/** The buttons of a message, by their `action_id`. */
export function buttons({ blocks }: Pick<SlackMessage, 'blocks'>): ReadonlyMap<string, Record<string, unknown>> {
  const elements = blocks.flatMap(({ type, elements: all }) =>
    type === 'actions' ? (all as Record<string, unknown>[]) : [],
  );
  return new Map(elements.map((element) => [String(element['action_id']), element]));
}

let presses = 0;

/** A press of a button of a message by a user. */
export function press(message: SlackMessage, userId: string, actionId: string): Record<string, unknown> {
  const button = buttons(message).get(actionId);
  if (button === undefined) throw new Error(`the message has no button ${actionId}`);
  return {
    type: 'block_actions',
    team: { id: TEAM, domain: 'stand-in' },
    user: { id: userId, username: 'somebody', team_id: TEAM },
    api_app_id: APP,
    token: 'old',
    trigger_id: `trigger.${++presses}`,
    container: { type: 'message', channel_id: message.channel, message_ts: message.ts },
    channel: { id: message.channel, name: 'room' },
    message: { ts: message.ts, text: message.text },
    actions: [
      { action_id: actionId, block_id: 'b', value: button['value'], type: 'button', action_ts: `${++presses}` },
    ],
  };
}

/** A sent form that `views.open` was called with. */
export function submit(view: Record<string, unknown>, userId: string, reason: string): Record<string, unknown> {
  return {
    type: 'view_submission',
    team: { id: TEAM },
    user: { id: userId, team_id: TEAM },
    api_app_id: APP,
    view: {
      ...view,
      id: `V${++presses}`,
      state: { values: { reason: { reason: { type: 'plain_text_input', value: reason } } } },
    },
  };
}
