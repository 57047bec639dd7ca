import { randomUUID } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  url: string;
  pool: pg.Pool;
  drop(): Promise<void>;
}

/** A database of its own, migrated and empty, on the server that the global setup has started. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env['AGENTOS_TEST_PG'];
  if (server === undefined) throw new Error('AGENTOS_TEST_PG is not set: run the tests with `node scripts/jest.mjs`');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await runOn(server, `CREATE DATABASE ${name} TEMPLATE tmpl`);
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const pool = new pg.Pool({ connectionString: url, max: 6, options: '-c search_path=public,bullmq' });
  // Dropping by force may reach a connection that is just closing.
  pool.on('error', () => {});
  return {
    url,
    pool,
    drop: async () => {
      await pool.end();
      await runOn(server, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function runOn(server: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
