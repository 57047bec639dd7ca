import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OldStdioTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as OldHttpTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { createTestDatabase } from './database.ts';

export const ENTRY = join(import.meta.dirname, '../../dist/bundle/main.js');

/** The clients that are served: both eras of the current SDK, and the SDK's first generation. */
export const CLIENTS = ['2026 era', '2025 era', 'generation 1'] as const;
export type ClientKind = (typeof CLIENTS)[number];

export type Json = Record<string, unknown>;

export interface Answer {
  readonly text: string;
  /** Absent on errors. */
  readonly structured: Json;
  readonly isError: boolean;
  readonly meta: Json;
}

interface Listed {
  readonly name: string;
  readonly [key: string]: unknown;
}

/** A connected client, the same for every kind. */
export interface Session {
  readonly kind: ClientKind;
  call(tool: string, args?: Json): Promise<Answer>;
  tools(): Promise<readonly Listed[]>;
  resources(): Promise<readonly { readonly uri: string }[]>;
  read(uri: string): Promise<Json>;
  prompts(): Promise<readonly Listed[]>;
  prompt(name: string, args: Record<string, string>): Promise<string>;
  /** What the server process has written to stderr; empty over HTTP. */
  log(): string;
  close(): Promise<void>;
}

/** Where a server lives: a database and folders of its own, nothing of the developer's environment. */
export interface Place {
  readonly dataDir: string;
  /** The one folder that file actions may touch. */
  readonly files: string;
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

/** `embedded`: the server brings its own Postgres; else it gets a fresh database of the test server. */
export async function makePlace(
  options: { readonly embedded?: boolean; readonly env?: Record<string, string> } = {},
): Promise<Place> {
  const home = mkdtempSync(join(tmpdir(), 'agentos-e2e-'));
  const dataDir = join(home, 'data');
  const files = join(home, 'files');
  mkdirSync(files);
  const database = options.embedded === true ? undefined : await createTestDatabase();
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    AGENTOS_DATA_DIR: dataDir,
    AGENTOS_FILE_ROOTS: files,
    AGENTOS_LOG_LEVEL: 'warn',
    ...(database === undefined ? {} : { DATABASE_URL: database.url }),
    ...options.env,
  };
  const remove = async (): Promise<void> => {
    await database?.drop();
    rmSync(home, { recursive: true, force: true });
  };
  return { dataDir, files, env, remove };
}

export async function connectStdio(
  place: Place,
  kind: ClientKind = '2026 era',
  env: Record<string, string> = {},
): Promise<Session> {
  const parameters = {
    command: process.execPath,
    args: [ENTRY],
    env: { ...place.env, ...env },
    stderr: 'pipe' as const,
  };
  const transport = kind === 'generation 1' ? new OldStdioTransport(parameters) : new StdioClientTransport(parameters);
  const log = collect(transport.stderr as Readable);
  return connect(kind, transport, log);
}

/** `key`: of `agentos key create`, where the server wants one. */
export async function connectHttp(url: string, kind: ClientKind = '2026 era', key?: string): Promise<Session> {
  const address = new URL('/mcp', url);
  const options = key === undefined ? {} : { requestInit: { headers: { authorization: `Bearer ${key}` } } };
  const transport =
    kind === 'generation 1'
      ? new OldHttpTransport(address, options)
      : new StreamableHTTPClientTransport(address, options);
  return connect(kind, transport, () => '');
}

type AnyTransport = StdioClientTransport | StreamableHTTPClientTransport | OldStdioTransport | OldHttpTransport;

async function connect(kind: ClientKind, transport: AnyTransport, log: () => string): Promise<Session> {
  const info = { name: `agentos-e2e (${kind})`, version: '1.0.0' };
  if (kind === 'generation 1') {
    const client = new OldClient(info);
    await client.connect(transport);
    return toSession(kind, client, log);
  }
  const mode = kind === '2026 era' ? { pin: '2026-07-28' } : ('legacy' as const);
  const client = new Client(info, { versionNegotiation: { mode } });
  await client.connect(transport);
  return toSession(kind, client, log);
}

function toSession(kind: ClientKind, client: Client | OldClient, log: () => string): Session {
  const any = client as OldClient;
  return {
    kind,
    call: async (name, args = {}) => toAnswer(await any.callTool({ name, arguments: args })),
    tools: async () => (await any.listTools()).tools,
    resources: async () => (await any.listResources()).resources,
    read: async (uri) => {
      const [first] = (await any.readResource({ uri })).contents;
      return JSON.parse(first !== undefined && 'text' in first ? first.text : '') as Json;
    },
    prompts: async () => (await any.listPrompts()).prompts,
    prompt: async (name, args) => {
      const { messages } = await any.getPrompt({ name, arguments: args });
      return messages.map(({ content }) => (content.type === 'text' ? content.text : '')).join('\n');
    },
    log,
    close: () => client.close(),
  };
}

function toAnswer(result: Json): Answer {
  const content = result['content'] as { type: string; text?: string }[];
  return {
    text: content.map(({ text }) => text ?? '').join('\n'),
    structured: (result['structuredContent'] ?? {}) as Json,
    isError: result['isError'] === true,
    meta: (result['_meta'] ?? {}) as Json,
  };
}

function collect(stream: Readable): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return () => text;
}

/** The server process itself, without any client: bytes in, lines out. */
export class RawServer {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  readonly log: () => string;
  readonly #output: () => string;

  constructor(env: Readonly<Record<string, string>>, args: readonly string[] = []) {
    this.child = spawn(process.execPath, [ENTRY, ...args], { env: { ...env }, stdio: 'pipe' });
    this.#output = collect(this.child.stdout as Readable);
    this.log = collect(this.child.stderr as Readable);
    this.child.stdin?.on('error', () => undefined);
    this.ended = new Promise((resolve) => this.child.once('close', (code) => resolve(code)));
  }

  send(message: object | string): void {
    this.child.stdin?.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`);
  }

  /** Every complete line of stdout so far. */
  lines(): string[] {
    return this.#output().split('\n').slice(0, -1);
  }

  /** The answer to the request with this id; fails when the process ends without one. */
  async answer(id: number | string | null): Promise<Json> {
    let isEnded = false;
    void this.ended.then(() => (isEnded = true));
    for (;;) {
      const found = this.lines()
        .map((line) => JSON.parse(line) as Json)
        .find((message) => message['id'] === id);
      if (found !== undefined) return found;
      if (isEnded) throw new Error(`the server ended without an answer to ${id}: ${this.log()}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async open(): Promise<void> {
    const clientInfo = { name: 'raw', version: '1' };
    this.send({
      jsonrpc: '2.0',
      id: 'open',
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo },
    });
    await this.answer('open');
    this.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  }

  async end(): Promise<number | null> {
    this.child.stdin?.end();
    return this.ended;
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }
}

export interface HttpServer {
  readonly url: string;
  readonly raw: RawServer;
  stop(): Promise<number | null>;
}

/** `agentos --http` on a free port, once it serves. */
export async function startHttpServer(place: Place, env: Record<string, string> = {}): Promise<HttpServer> {
  const raw = new RawServer({ ...place.env, AGENTOS_AUTH: 'loopback', AGENTOS_LOG_LEVEL: 'info', ...env }, [
    '--http',
    '--port',
    '0',
  ]);
  let isEnded = false;
  void raw.ended.then(() => (isEnded = true));
  for (;;) {
    const url = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(raw.log())?.[0];
    if (url !== undefined) return { url, raw, stop: () => raw.kill('SIGTERM') };
    if (isEnded) throw new Error(`the server did not start: ${raw.log()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
