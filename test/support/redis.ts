// Redis for tests: REDIS_URL, else a `redis-server` of PATH on a spare port, else none (said aloud; with AGENTOS_REQUIRE_REDIS=1 a failure).
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { Redis } from 'ioredis';

const binary = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((dir) => join(dir, 'redis-server'))
  .find((path) => existsSync(path));

const given = process.env['REDIS_URL'] || undefined;

export const hasRedis = given !== undefined || binary !== undefined;
export const NO_REDIS = 'SKIPPED on Redis: set REDIS_URL, or install redis-server so that it is on PATH';

if (!hasRedis) {
  if (process.env['AGENTOS_REQUIRE_REDIS'] === '1')
    throw new Error(`AGENTOS_REQUIRE_REDIS=1, but no Redis. ${NO_REDIS}`);
  process.stderr.write(`\n*** ${NO_REDIS} ***\n\n`);
}

export interface TestRedis {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startRedis(): Promise<TestRedis> {
  if (given !== undefined) return { url: given, stop: async () => {} };
  if (binary === undefined) throw new Error(NO_REDIS);
  const port = await findPort();
  const options = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no'];
  const server = spawn(binary, options, { stdio: 'ignore' });
  const url = `redis://127.0.0.1:${port}`;
  await waitFor(url);
  const stop = async (): Promise<void> => {
    await new Promise((resolve) => (server.once('exit', resolve), server.kill()));
  };
  return { url, stop };
}

async function findPort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function waitFor(url: string): Promise<void> {
  const client = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: 200 });
  client.on('error', () => undefined);
  await client.ping();
  client.disconnect();
}
