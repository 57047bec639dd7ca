import { type NodeIncomingMessageLike, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, type McpHttpHandler } from '@modelcontextprotocol/server';
import { All, Controller, Req, Res } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Log } from '../../platform/telemetry/log.ts';
import { MAX_MESSAGE_BYTES } from './line-transport.ts';
import { McpService } from './mcp.service.ts';
import { createMcpServer } from './server.ts';

/** What of a message that is too large is read to its end, so that the client hears the answer; larger ones lose the connection. */
const MAX_DRAINED_BYTES = 64 * 1024 * 1024;

/** Streamable HTTP for both protocol eras: each request is served by a server of its own, nothing is kept between them. */
@Controller('mcp')
export class McpController {
  readonly #handler: McpHttpHandler;
  readonly #serve: ReturnType<typeof toNodeHandler>;

  constructor(mcp: McpService, log: Log) {
    const onerror = (error: Error): void => log.debug({ err: error }, 'mcp request refused');
    this.#handler = createMcpHandler(() => createMcpServer(() => Promise.resolve(mcp), 'http'), {
      maxRequestBodySize: MAX_MESSAGE_BYTES,
      onerror,
    });
    this.#serve = toNodeHandler(this.#handler, { maxRequestBodySize: MAX_MESSAGE_BYTES, onerror });
  }

  @All()
  async handle(
    @Req() request: IncomingMessage & NodeIncomingMessageLike,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const bytes = Number(request.headers['content-length'] ?? 0);
    if (bytes > MAX_MESSAGE_BYTES) refuseTooLarge(request, response, bytes);
    else await this.#serve(request, response);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#handler.close();
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
