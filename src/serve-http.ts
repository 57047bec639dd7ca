import 'reflect-metadata';
import { AppModule } from './app.module.ts';
import { requireSafeHost, startHttp } from './modules/mcp/http.ts';
import { consoleFolder, openPlatform } from './open-app.ts';
import type { Config } from './platform/config/index.ts';
import { ConsoleLead } from './platform/http/index.ts';

/** `all`: HTTP and the queue. `api`: HTTP, the queue is left to others. `worker`: the queue, and over HTTP only its health. */
export const SERVER_ROLES = ['all', 'api', 'worker'] as const;
export type ServerRole = (typeof SERVER_ROLES)[number];

/** Serves until a signal ends it; resolves to the exit code. */
export async function serveHttp(config: Config, port: number, role: ServerRole): Promise<number> {
  const isWorker = role === 'worker';
  if (!isWorker) requireSafeHost(config);
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());
  const opened = await openPlatform(config, stopped.signal);
  const app = await startHttp(AppModule.with(opened, { works: role !== 'api' }), config, port, {
    serves: isWorker ? 'health' : 'everything',
    console: consoleFolder(),
  });
  // What it serves anyway is where links lead, unless another process on this data directory said so first.
  const lead = new ConsoleLead(config.dataDir, async () => ({ url: app.url, close: async () => {} }), opened.log);
  if (!isWorker) lead.start();
  process.stderr.write(`${describe(config, app.url, role)} Ctrl-C ends.\n`);
  if (!stopped.signal.aborted) {
    await new Promise<void>((resolve) => stopped.signal.addEventListener('abort', () => resolve(), { once: true }));
  }
  await lead.close();
  await app.close();
  return 0;
}

function describe({ auth, publicUrl }: Config, url: string, role: ServerRole): string {
  if (role === 'worker') return `AgentOS works the queue; its health is on ${url}/health/ready.`;
  const where = `AgentOS serves MCP on ${url}/mcp and the console on ${publicUrl ?? url}`;
  if (auth === 'loopback') return `${where}, MCP to this machine only and without a key (AGENTOS_AUTH=loopback).`;
  return `${where}. Programs need a key (\`agentos key create\`), people sign in (\`agentos sign-in-link\`).`;
}
