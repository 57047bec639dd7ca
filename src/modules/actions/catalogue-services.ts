import { z } from 'zod';
import { byteLength, defineAction } from './catalogue-entry.ts';

const connection = z.string().min(1).max(100).describe('name of a connection');
const bucket = z.string().min(1).max(255);
const key = z.string().min(1).max(1024);
const count = z.number().int().min(0);
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const MODEL = {
  connection: { kinds: ['anthropic', 'openai'], required: false },
  requires: 'model connections',
} as const;
const STORAGE = { connection: { kinds: ['s3'], required: true }, requires: 'object storage connections' } as const;

export const SERVICE_ACTIONS = [
  defineAction({
    type: 'model.generate',
    title: 'Ask a language model',
    description: 'Generates text from a `prompt` or from `messages`; `json: true` asks for JSON and parses it.',
    params: z
      .strictObject({
        connection: connection.optional(),
        model: z.string().min(1).optional(),
        prompt: z.string().min(1).optional(),
        messages: z
          .array(z.strictObject({ role: z.enum(['user', 'assistant']), content: z.string() }))
          .min(1)
          .optional(),
        system: z.string().optional(),
        maxTokens: z.number().int().min(1).max(200_000).optional(),
        json: z.boolean().optional(),
      })
      .refine(
        (params) => (params.prompt === undefined) !== (params.messages === undefined),
        'give `prompt` or `messages`, one of them',
      ),
    output: z.strictObject({
      text: z.string(),
      json: z.unknown().optional(),
      usage: z.strictObject({ inputTokens: count, outputTokens: count }),
      costUsd: z.number(),
    }),
    operation: 'execute',
    sideEffect: () => 'outside',
    costUsd: 0.01,
    ...MODEL,
    bytes: (params) => byteLength(params['prompt'] ?? params['messages']),
    timeoutMs: 2 * MINUTE_MS,
  }),
  defineAction({
    type: 'storage.list',
    title: 'List stored objects',
    description: 'Lists the objects of a bucket whose key begins with `prefix`.',
    params: z.strictObject({ connection, bucket, prefix: z.string().optional() }),
    output: z.strictObject({
      objects: z.array(
        z.strictObject({ key: z.string(), size: count, modifiedAt: z.string(), etag: z.string().optional() }),
      ),
    }),
    operation: 'list',
    ...STORAGE,
    timeoutMs: MINUTE_MS,
  }),
  defineAction({
    type: 'storage.get',
    title: 'Read a stored object',
    description: 'Reads an object as text.',
    params: z.strictObject({ connection, bucket, key }),
    output: z.strictObject({ text: z.string() }),
    operation: 'read',
    ...STORAGE,
    timeoutMs: MINUTE_MS,
  }),
  defineAction({
    type: 'storage.put',
    title: 'Store an object',
    description: 'Stores text under a key, replacing what was there.',
    params: z.strictObject({ connection, bucket, key, content: z.string() }),
    output: z.strictObject({ etag: z.string() }),
    operation: 'update',
    sideEffect: () => 'outside',
    reversible: 'unknown',
    ...STORAGE,
    bytes: (params) => byteLength(params['content']),
    timeoutMs: MINUTE_MS,
  }),
  defineAction({
    type: 'storage.delete',
    title: 'Delete a stored object',
    description: 'Deletes an object for good.',
    params: z.strictObject({ connection, bucket, key }),
    output: z.strictObject({ deleted: z.boolean() }),
    operation: 'delete',
    sideEffect: () => 'outside',
    reversible: 'no',
    ...STORAGE,
    timeoutMs: MINUTE_MS,
  }),
  defineAction({
    type: 'code.run',
    title: 'Run code',
    description:
      'Runs a short program in a sandbox without network; `input` is given to it as JSON, `result` is what it answers.',
    params: z.strictObject({
      source: z.string().min(1).max(1_000_000),
      language: z.enum(['python', 'typescript', 'javascript', 'go']).optional(),
      input: z.unknown().optional(),
      timeoutMs: z.number().int().min(1).max(600_000).optional(),
    }),
    output: z.strictObject({ result: z.unknown(), stdout: z.string(), stderr: z.string() }),
    operation: 'execute',
    sideEffect: () => 'outside',
    reversible: 'unknown',
    isIdempotent: () => false,
    requires: 'the code sandbox',
    timeoutMs: MINUTE_MS,
  }),
  defineAction({
    type: 'mcp.call',
    title: 'Call a tool of a connected server',
    description: 'Calls one tool of a downstream MCP server.',
    params: z.strictObject({
      server: z.string().min(1),
      tool: z.string().min(1),
      arguments: z.record(z.string(), z.unknown()),
    }),
    output: z.strictObject({
      content: z.array(z.record(z.string(), z.unknown())),
      structuredContent: z.unknown().optional(),
    }),
    operation: 'unknown',
    sideEffect: () => 'outside',
    reversible: 'unknown',
    isIdempotent: () => false,
    requires: 'downstream MCP servers',
    bytes: (params) => byteLength(params['arguments']),
    timeoutMs: MINUTE_MS,
  }),
  defineAction({
    type: 'approval.wait',
    title: 'Wait for an approval',
    description: 'Asks people and waits for their answer.',
    params: z.strictObject({
      description: z.string().min(1).max(4000),
      approvers: z.array(z.email()).min(1).optional(),
      expiresInHours: z.number().positive().max(720).optional(),
    }),
    output: z.strictObject({ approval: z.record(z.string(), z.unknown()) }),
    operation: 'read',
    requires: 'answering approvals',
    timeoutMs: DAY_MS,
  }),
] as const;
