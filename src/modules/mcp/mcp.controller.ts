import { type NodeIncomingMessageLike, type NodeServerResponseLike, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, type McpHttpHandler } from '@modelcontextprotocol/server';
import { All, Controller, Req, Res } from '@nestjs/common';
import { Log } from '../../platform/telemetry/log.ts';
import { MAX_MESSAGE_BYTES } from './line-transport.ts';
import { McpService } from './mcp.service.ts';
import { createMcpServer } from './server.ts';

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
  async handle(@Req() request: NodeIncomingMessageLike, @Res() response: NodeServerResponseLike): Promise<void> {
    await this.#serve(request, response);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#handler.close();
  }
}
