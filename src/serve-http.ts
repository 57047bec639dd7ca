import 'reflect-metadata';
import { AppModule } from './app.module.ts';
import { requireLoopback, startHttp } from './modules/mcp/http.ts';
import { openPlatform } from './open-app.ts';
import type { Config } from './platform/config/index.ts';

/** Serves HTTP until a signal ends it; resolves to the exit code. */
export async function serveHttp(config: Config, port: number): Promise<number> {
  requireLoopback(config);
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());
  const opened = await openPlatform(config, stopped.signal);
  const app = await startHttp(AppModule.with(opened), config, port);
  process.stderr.write(
    `AgentOS serves MCP on ${app.url}/mcp, to this machine only and without a key (AGENTOS_AUTH=loopback). Ctrl-C ends.\n`,
  );
  if (!stopped.signal.aborted) {
    await new Promise<void>((resolve) => stopped.signal.addEventListener('abort', () => resolve(), { once: true }));
  }
  await app.close();
  return 0;
}
