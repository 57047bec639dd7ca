// A process of its own that uses the embedded database, for tests that kill it. Prints one JSON line per event and obeys
// one word per line: `write` inserts rows for ever and prints each number once it is committed, `stop` stops the
// database if nobody else uses it. SIGINT aborts the start.
import { createInterface } from 'node:readline';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/platform/db/embedded-postgres.ts';

const say = (event: object): void => void process.stdout.write(`${JSON.stringify(event)}\n`);
const abort = new AbortController();
process.on('SIGINT', () => abort.abort());

async function write(connection: pg.ClientConfig): Promise<never> {
  const client = new pg.Client(connection);
  // The test kills the server: that is not this process's failure.
  client.on('error', () => undefined);
  await client.connect();
  await client.query('CREATE TABLE IF NOT EXISTS acked (number bigserial PRIMARY KEY)');
  for (;;) {
    const { rows } = await client.query<{ number: string }>('INSERT INTO acked DEFAULT VALUES RETURNING number');
    say({ acked: Number(rows[0]?.number) });
  }
}

try {
  const startedAt = performance.now();
  const dataDir = process.argv[2] ?? '';
  const log = (message: string): void => say({ log: message });
  const server = await startEmbeddedPostgres({ dataDir, log, signal: abort.signal });
  const { connection, startedByUs } = server;
  say({ ready: { startedByUs, connection, ms: Math.round(performance.now() - startedAt) } });
  for await (const word of createInterface(process.stdin)) {
    if (word === 'write') void write(connection).catch((error: Error) => say({ lost: error.message }));
    if (word === 'stop') {
      await server.stopIfLast();
      say({ stopped: true });
    }
  }
} catch (error) {
  const { name, message, code } = error as Error & { code?: string };
  say({ refused: { name, message, code } });
}
process.exit();
