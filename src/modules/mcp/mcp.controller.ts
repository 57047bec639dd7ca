import { type NodeIncomingMessageLike, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, type McpHttpHandler } from '@modelcontextprotocol/server';
import { All, Controller, Get, Header, Req, Res } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from '../../kernel/caller.ts';
import { Config } from '../../platform/config/index.ts';
import { readTransport, toTrusted } from '../../platform/http/index.ts';
import { Log } from '../../platform/telemetry/log.ts';
import { IdentityService } from '../identity/index.ts';
import { MAX_MESSAGE_BYTES } from './line-transport.ts';
import { type Asker, McpService } from './mcp.service.ts';
import { createMcpServer } from './server.ts';

/** What of a message that is too large is read to its end, so that the client hears the answer; larger ones lose the connection. */
const MAX_DRAINED_BYTES = 64 * 1024 * 1024;
const METADATA = '/.well-known/oauth-protected-resource';

type McpRequest = IncomingMessage & NodeIncomingMessageLike;

/** Streamable HTTP for both protocol eras: each request is served by a server of its own, nothing is kept between them. */
@Controller()
export class McpController {
  readonly #handler: McpHttpHandler;
  readonly #serve: ReturnType<typeof toNodeHandler>;
  readonly #identity: IdentityService;
  readonly #config: Config;
  readonly #trusted: ReturnType<typeof toTrusted>;

  constructor(mcp: McpService, identity: IdentityService, config: Config, log: Log) {
    const onerror = (error: Error): void => log.debug({ err: error }, 'mcp request refused');
    this.#identity = identity;
    this.#config = config;
    this.#trusted = toTrusted(config.trustProxy);
    const app = (): Promise<McpService> => Promise.resolve(mcp);
    this.#handler = createMcpHandler(
      ({ authInfo }) => createMcpServer(app, (authInfo?.extra?.['asker'] ?? 'http') as Asker),
      {
        maxRequestBodySize: MAX_MESSAGE_BYTES,
        onerror,
      },
    );
    this.#serve = toNodeHandler(this.#handler, { maxRequestBodySize: MAX_MESSAGE_BYTES, onerror });
  }

  /** RFC 9728: how a client gets in. */
  @Get([METADATA, `${METADATA}/mcp`])
  @Header('cache-control', 'no-store')
  metadata(@Req() request: IncomingMessage): object {
    return {
      resource: `${this.#baseOf(request)}/mcp`,
      resource_name: 'AgentOS',
      bearer_methods_supported: ['header'],
    };
  }

  @All('mcp')
  async handle(@Req() request: McpRequest, @Res() response: ServerResponse): Promise<void> {
    const bytes = Number(request.headers['content-length'] ?? 0);
    if (bytes > MAX_MESSAGE_BYTES) return refuseTooLarge(request, response, bytes);
    const asker = await this.#findAsker(request.headers.authorization);
    if (asker === undefined) return this.#refuseUnknown(request, response);
    request.auth = { token: '', clientId: '', scopes: [], extra: { asker } };
    await this.#serve(request, response);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#handler.close();
  }

  /** Without a key only this machine is served, and only if it is configured so. */
  async #findAsker(authorization: string | undefined): Promise<Caller | 'http' | undefined> {
    if (authorization === undefined) return this.#config.auth === 'loopback' ? 'http' : undefined;
    const [, key = ''] = /^Bearer +(\S+) *$/i.exec(authorization) ?? [];
    return this.#identity.keyCaller(key);
  }

  #refuseUnknown(request: IncomingMessage, response: ServerResponse): void {
    const isGiven = request.headers.authorization !== undefined;
    const message = isGiven
      ? 'This key is unknown, revoked, or its owner may no longer do what it does. Make one with `agentos key create --name <name> --role <role> --owner <address>`.'
      : 'A key is needed: send `Authorization: Bearer agk_...`. `agentos key create --name <name> --role <role> --owner <address>` makes one.';
    const error = isGiven ? 'error="invalid_token", ' : '';
    request.resume();
    response.writeHead(401, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'www-authenticate': `Bearer ${error}resource_metadata="${this.#baseOf(request)}${METADATA}"`,
    });
    response.end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32_001, message } }));
  }

  #baseOf(request: IncomingMessage): string {
    const { isHttps } = readTransport(request, this.#trusted);
    return this.#config.publicUrl ?? `${isHttps ? 'https' : 'http'}://${request.headers.host ?? ''}`;
  }
}

/** A client that is still sending does not look at an answer: it meets a closed connection instead. */
function refuseTooLarge(request: IncomingMessage, response: ServerResponse, bytes: number): void {
  const message = `The message has ${bytes} bytes; at most ${MAX_MESSAGE_BYTES} are read. Send less at once.`;
  const answer = JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32600, message } });
  const send = (): void => void response.writeHead(413, { 'content-type': 'application/json' }).end(answer);
  if (bytes <= MAX_DRAINED_BYTES) return void request.once('end', send).resume();
  response.setHeader('connection', 'close');
  send();
}
