import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../../platform/config/index.ts';
import { StartError } from '../../platform/errors/index.ts';
import { ErrorFilter, HealthController, refuseForeignHost } from '../../platform/http/index.ts';
import { Log } from '../../platform/telemetry/log.ts';
import { McpController } from './mcp.controller.ts';
import { McpModule } from './mcp.module.ts';

export interface HttpApp {
  /** Where it listens, without a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}

const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];

@Module({})
class HttpModule {
  static over(application: Type | DynamicModule): DynamicModule {
    return { module: HttpModule, imports: [application, McpModule], controllers: [McpController, HealthController] };
  }
}

/**
 * Serves `/mcp` and `/health/...` of `application` on `port` (0: any free one), to this machine only. Throws a `StartError` when the
 * configuration asks for more than this release can protect, or when the port is taken; the application is then closed.
 */
export async function startHttp(application: Type | DynamicModule, config: Config, port: number): Promise<HttpApp> {
  requireLoopback(config);
  const app = await NestFactory.create<NestExpressApplication>(HttpModule.over(application), {
    bodyParser: false,
    logger: false,
    abortOnError: false,
  });
  app.disable('x-powered-by');
  app.use(guardHost);
  app.useGlobalFilters(new ErrorFilter(app.get(Log)));
  try {
    await app.listen(port, config.host);
  } catch (error) {
    await app.close();
    throw toStartError(error, config.host, port);
  }
  const { port: bound } = app.getHttpServer().address() as AddressInfo;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return { url: `http://${host}:${bound}`, close: async () => app.close() };
}

/** Throws a `StartError` unless only this machine can reach what will be served; worth asking before anything is opened. */
export function requireLoopback({ auth, host }: Config): void {
  if (auth !== 'loopback') {
    throw new StartError(
      'auth_required',
      'AGENTOS_AUTH is `required`, but signing in is not part of this release, so HTTP would serve nobody. ' +
        'To serve programs on this machine without a key, set AGENTOS_AUTH=loopback; or use stdio (no --http).',
    );
  }
  if (!LOOPBACK.includes(host)) {
    throw new StartError(
      'auth_required',
      `AGENTOS_AUTH=loopback asks nobody who they are, so it only binds to this machine, not to \`${host}\`. Leave AGENTOS_HOST unset or set it to 127.0.0.1.`,
    );
  }
}

function toStartError(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return new StartError(
      'port_busy',
      `Port ${port} on ${host} is taken by another process. Choose another one with --port, such as --port ${port + 1}.`,
    );
  }
  if (code === 'EACCES') {
    return new StartError(
      'port_busy',
      `Port ${port} on ${host} needs rights that this user does not have. Choose one from 1024 up with --port.`,
    );
  }
  return error;
}

function guardHost(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  const message = refuseForeignHost(request.headers);
  if (message === undefined) return next();
  const isMcp = request.url?.startsWith('/mcp') === true;
  response.writeHead(403, { 'content-type': 'application/json; charset=utf-8' });
  response.end(
    JSON.stringify(
      isMcp ? { jsonrpc: '2.0', id: null, error: { code: -32_000, message } } : { code: 'foreign_host', message },
    ),
  );
}
