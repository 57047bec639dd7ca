import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../../platform/config/index.ts';
import { StartError } from '../../platform/errors/index.ts';
import {
  ErrorFilter,
  HealthController,
  readJsonBody,
  refuseForeignHost,
  serveConsole,
} from '../../platform/http/index.ts';
import { Log } from '../../platform/telemetry/log.ts';
import { IdentityModule } from '../identity/index.ts';
import { NotificationsService } from '../notifications/index.ts';
import { McpController } from './mcp.controller.ts';
import { McpModule } from './mcp.module.ts';

export interface HttpApp {
  /** Where it listens, without a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}

/** What is served: everything, or only whether the process lives. */
export interface HttpOptions {
  readonly serves: 'everything' | 'health';
  /** The folder of the built console. */
  readonly console: string;
}

const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];

@Module({})
class HttpModule {
  static over(application: Type | DynamicModule): DynamicModule {
    return {
      module: HttpModule,
      imports: [application, McpModule, IdentityModule],
      controllers: [McpController, HealthController],
    };
  }
}

/** The application behind HTTP, not listening yet. */
export async function createHttp(
  application: Type | DynamicModule,
  config: Config,
  { serves, console }: HttpOptions,
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(HttpModule.over(application), {
    bodyParser: false,
    logger: false,
    abortOnError: false,
  });
  app.disable('x-powered-by');
  if (serves === 'health') app.use(refuseAllButHealth);
  else {
    app.use(guardHost(config.publicUrl));
    app.use('/api', readJsonBody);
    app.use(serveConsole(console));
  }
  app.useGlobalFilters(new ErrorFilter(app.get(Log)));
  return app.init();
}

/**
 * Serves `application` on `port` (0: any free one). Throws a `StartError` when the configuration asks for more than is safe, or when
 * the port is taken; the application is then closed.
 */
export async function startHttp(
  application: Type | DynamicModule,
  config: Config,
  port: number,
  options: HttpOptions,
): Promise<HttpApp> {
  if (options.serves === 'everything') requireSafeHost(config);
  const app = await createHttp(application, config, options);
  try {
    const url = await listen(app, config.host, port);
    if (options.serves === 'everything') app.get(NotificationsService, { strict: false }).openSocket();
    return { url, close: async () => app.close() };
  } catch (error) {
    await app.close();
    throw toStartError(error, config.host, port);
  }
}

/** Listens and says where, without a trailing slash; an address of every network is named by this machine. */
async function listen(app: NestExpressApplication, host: string, port: number): Promise<string> {
  const server = app.getHttpServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(void server.off('error', reject)));
  });
  const { port: bound } = server.address() as AddressInfo;
  const named = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${named.includes(':') ? `[${named}]` : named}:${bound}`;
}

/** For browsers on this machine, on the usual port if it is free; it keeps no process alive. */
export async function listenLocally(app: NestExpressApplication, port: number): Promise<HttpApp> {
  const url = await listen(app, '127.0.0.1', port).catch(async () => listen(app, '127.0.0.1', 0));
  app.get(NotificationsService, { strict: false }).openSocket();
  const server = app.getHttpServer();
  server.unref();
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url, close };
}

/** Throws a `StartError` when nobody would be asked who they are though others can reach it; worth asking before anything is opened. */
export function requireSafeHost({ auth, host }: Config): void {
  if (auth === 'required' || LOOPBACK.includes(host)) return;
  throw new StartError(
    'auth_required',
    `AGENTOS_AUTH=loopback asks nobody who they are, so it only binds to this machine, not to \`${host}\`. ` +
      'Leave AGENTOS_HOST unset or set it to 127.0.0.1; or leave AGENTOS_AUTH unset and give programs keys: `agentos key create`.',
  );
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

function refuseAllButHealth(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  if (request.url?.startsWith('/health/') === true) return next();
  const message =
    'This process only works the queue. The API is served by those that run with `--http` or `--role api`.';
  answer(response, 404, { code: 'not_found', message });
}

function guardHost(publicUrl: string | undefined) {
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    // Who checks the health of a replica knows its address only.
    if (request.url?.startsWith('/health/') === true) return next();
    const message = refuseForeignHost(request.headers, publicUrl);
    if (message === undefined) return next();
    const isMcp = request.url?.startsWith('/mcp') === true;
    const body = isMcp
      ? { jsonrpc: '2.0', id: null, error: { code: -32_000, message } }
      : { code: 'foreign_host', message };
    answer(response, 403, body);
  };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
