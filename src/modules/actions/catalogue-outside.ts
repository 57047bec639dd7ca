import { z } from 'zod';
import type { JsonObject } from '../../kernel/json.ts';
import { byteLength, defineAction, texts } from './catalogue-entry.ts';

export const HTTP_METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];
const REPEATABLE_METHODS: readonly string[] = [...SAFE_METHODS, 'PUT', 'DELETE'];

const connection = z.string().min(1).max(100).describe('name of a connection');
const count = z.number().int().min(0);
const email = z.email();
const MINUTE_MS = 60_000;

function methodOf(params: JsonObject): string {
  const { method } = params;
  if (method === undefined) return 'GET';
  return typeof method === 'string' ? method.toUpperCase() : 'unknown';
}

function httpOperation(params: JsonObject): 'read' | 'create' | 'update' | 'delete' | 'unknown' {
  const method = methodOf(params);
  if (SAFE_METHODS.includes(method)) return 'read';
  if (method === 'POST') return 'create';
  if (method === 'PUT' || method === 'PATCH') return 'update';
  return method === 'DELETE' ? 'delete' : 'unknown';
}

function hasIdempotencyKey(params: JsonObject): boolean {
  const { headers } = params;
  if (headers === null || typeof headers !== 'object' || Array.isArray(headers)) return false;
  return Object.entries(headers).some(([name, value]) => name.toLowerCase() === 'idempotency-key' && value !== '');
}

export const HttpRequestParams = z
  .strictObject({
    url: z.string().min(1).max(8192),
    method: z.enum(HTTP_METHODS).optional(),
    headers: z.record(z.string(), z.string()).optional(),
    query: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
    json: z.unknown().optional(),
    body: z.string().optional(),
    connection: connection.optional(),
    maxBytes: z.number().int().min(1).max(16_777_216).optional(),
  })
  .refine((params) => params.json === undefined || params.body === undefined, 'give `json` or `body`, not both');
export type HttpRequestParams = z.infer<typeof HttpRequestParams>;

export const OUTSIDE_ACTIONS = [
  defineAction({
    type: 'http.request',
    title: 'Call a web address',
    description:
      'Sends one HTTP request to a public address. `json` is sent as JSON, `body` as it is; `query` is added to the url. `text` is the body decoded with its charset, else as UTF-8 with bad bytes replaced; `json` is there when the answer is JSON. Answers larger than `maxBytes` (default 1,048,576) are refused. Header names are lower case.',
    params: HttpRequestParams,
    output: z.strictObject({
      status: z.number().int(),
      headers: z.record(z.string(), z.string()),
      text: z.string(),
      json: z.unknown().optional(),
    }),
    operation: httpOperation,
    sideEffect: (params) => (SAFE_METHODS.includes(methodOf(params)) ? 'none' : 'outside'),
    reversible: 'unknown',
    isIdempotent: (params) => REPEATABLE_METHODS.includes(methodOf(params)) || hasIdempotencyKey(params),
    connection: { kinds: ['http'], required: false },
    bytes: (params) => byteLength(params['body'] ?? params['json']),
    url: (params) => texts(params, 'url')[0],
    method: methodOf,
    timeoutMs: MINUTE_MS / 2,
  }),
  defineAction({
    type: 'sql.query',
    title: 'Query a database',
    description: 'Reads rows with one SQL statement that changes nothing.',
    params: z.strictObject({
      connection,
      sql: z.string().min(1).max(100_000),
      params: z.array(z.unknown()).optional(),
      maxRows: z.number().int().min(1).max(100_000).optional(),
    }),
    output: z.strictObject({
      rows: z.array(z.record(z.string(), z.unknown())),
      rowCount: count,
      truncated: z.boolean(),
    }),
    operation: 'read',
    connection: { kinds: ['postgres', 'mysql', 'sqlite'], required: true },
    requires: 'database connections',
    timeoutMs: MINUTE_MS,
  }),
  defineAction({
    type: 'sql.execute',
    title: 'Change a database',
    description: 'Carries out one SQL statement that inserts, changes or deletes.',
    params: z.strictObject({
      connection,
      sql: z.string().min(1).max(100_000),
      params: z.array(z.unknown()).optional(),
    }),
    output: z.strictObject({ affectedRows: count }),
    operation: 'execute',
    sideEffect: () => 'outside',
    reversible: 'unknown',
    isIdempotent: () => false,
    connection: { kinds: ['postgres', 'mysql', 'sqlite'], required: true },
    requires: 'database connections',
    timeoutMs: MINUTE_MS,
  }),
  defineAction({
    type: 'email.search',
    title: 'Search a mailbox',
    description: 'Lists messages of a mailbox, newest first. `since` is an ISO 8601 time.',
    params: z.strictObject({
      connection,
      mailbox: z.string().min(1).optional(),
      query: z.strictObject({
        from: z.string().optional(),
        subject: z.string().optional(),
        since: z.string().optional(),
        unseen: z.boolean().optional(),
        text: z.string().optional(),
      }),
      limit: z.number().int().min(1).max(1000).optional(),
    }),
    output: z.strictObject({
      messages: z.array(
        z.strictObject({
          uid: z.number().int(),
          from: z.string(),
          to: z.array(z.string()),
          subject: z.string(),
          date: z.string(),
          snippet: z.string(),
        }),
      ),
    }),
    operation: 'list',
    connection: { kinds: ['imap'], required: true },
    requires: 'mail connections',
    timeoutMs: MINUTE_MS,
  }),
  defineAction({
    type: 'email.read',
    title: 'Read a message',
    description: 'Reads one message of a mailbox with its texts and the list of its attachments.',
    params: z.strictObject({ connection, mailbox: z.string().min(1).optional(), uid: z.number().int().min(1) }),
    output: z.strictObject({
      message: z.strictObject({
        uid: z.number().int(),
        from: z.string(),
        to: z.array(z.string()),
        subject: z.string(),
        date: z.string(),
        text: z.string(),
        html: z.string().optional(),
        attachments: z.array(z.record(z.string(), z.unknown())),
      }),
    }),
    operation: 'read',
    connection: { kinds: ['imap'], required: true },
    requires: 'mail connections',
    timeoutMs: MINUTE_MS,
  }),
  defineAction({
    type: 'email.send',
    title: 'Send an e-mail',
    description: "Sends one message to the recipients; without `connection` through the workspace's own mail server.",
    params: z.strictObject({
      connection: connection.optional(),
      to: z.array(email).min(1),
      cc: z.array(email).optional(),
      bcc: z.array(email).optional(),
      subject: z.string().max(998),
      text: z.string().optional(),
      html: z.string().optional(),
      attachments: z.array(z.record(z.string(), z.unknown())).optional(),
    }),
    output: z.strictObject({ messageId: z.string(), accepted: z.array(z.string()) }),
    operation: 'send',
    sideEffect: () => 'outside',
    reversible: 'no',
    isIdempotent: () => false,
    connection: { kinds: ['smtp'], required: false },
    requires: 'mail connections',
    bytes: (params) => byteLength(params),
    timeoutMs: MINUTE_MS,
  }),
  defineAction({
    type: 'slack.post',
    title: 'Post to Slack',
    description: 'Posts a message to a channel, or into a thread with `threadTs`.',
    params: z.strictObject({
      connection: connection.optional(),
      channel: z.string().min(1),
      text: z.string().min(1).max(40_000),
      threadTs: z.string().optional(),
    }),
    output: z.strictObject({ ts: z.string(), channel: z.string() }),
    operation: 'send',
    sideEffect: () => 'outside',
    isIdempotent: () => false,
    connection: { kinds: ['slack'], required: false },
    requires: 'Slack',
    bytes: (params) => byteLength(params['text']),
    timeoutMs: MINUTE_MS / 2,
  }),
] as const;
