// One Postgres for the whole run: TEST_DATABASE_URL if given, else a throw-away cluster. Its database `tmpl` is migrated
// once; every test clones it. AGENTOS_TEST_PG says to the tests where it is.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { importTs } from '../../scripts/import-ts.mjs';

const prefix = 'agentos-test-';
const migrationsDir = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

export default async function setUp() {
  // Jest calls this once for each project; they share the server.
  if (globalThis.stopTestDatabase) return;
  const { url, stop } = process.env.TEST_DATABASE_URL
    ? { url: process.env.TEST_DATABASE_URL, stop: async () => {} }
    : await startThrowAway();
  globalThis.stopTestDatabase = stop;
  await makeTemplate(url);
  process.env.AGENTOS_TEST_PG = url;
}

async function startThrowAway() {
  const { startEmbeddedPostgres } = await importTs('src/platform/db/embedded-postgres.ts');
  const start = (dataDir) => startEmbeddedPostgres({ dataDir, log: () => {}, isDurable: false });
  const stopAndRemove = async (server, dataDir) => {
    await server.stopIfLast();
    if (!existsSync(join(server.connection.host, 'postmaster.pid'))) rmSync(dataDir, { recursive: true, force: true });
  };
  // Of runs that were killed.
  for (const name of readdirSync(tmpdir()).filter((each) => each.startsWith(prefix))) {
    const dataDir = join(tmpdir(), name);
    const isStarted = existsSync(join(dataDir, 'postgres'));
    if (isStarted)
      await start(dataDir).then(
        (server) => stopAndRemove(server, dataDir),
        () => {},
      );
  }
  const dataDir = mkdtempSync(join(tmpdir(), prefix));
  const server = await start(dataDir);
  const { host, user, database } = server.connection;
  const url = `postgres://${user}@localhost/${database}?host=${encodeURIComponent(host)}`;
  return { url, stop: () => stopAndRemove(server, dataDir) };
}

async function makeTemplate(url) {
  const { migrate } = await importTs('src/platform/db/migrate.ts');
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query('DROP DATABASE IF EXISTS tmpl WITH (FORCE)');
  await admin.query('CREATE DATABASE tmpl');
  await admin.end();
  const template = Object.assign(new URL(url), { pathname: '/tmpl' });
  await migrate(async () => {
    const client = new pg.Client({ connectionString: template.href });
    await client.connect();
    return client;
  }, migrationsDir);
}
