import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { StartError } from '../errors/start-error.ts';

// Prisma's own ledger and Prisma's own lock: `prisma migrate deploy` and this runner may take turns.
const LOCK_KEY = 72707369;
const LEDGER = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz, migration_name varchar(255) NOT NULL,
  logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)`;

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

/** Brings the database up to the migrations in the directory. Any number of processes may do so at the same time. */
export async function migrate(
  connect: () => Promise<pg.Client>,
  migrationsDir: string,
): Promise<{ applied: string[] }> {
  const migrations = readMigrations(migrationsDir);
  const client = await connect();
  try {
    if ((await findPending(client, migrations)).length === 0) return { applied: [] };
    await lock(client);
    await client.query(LEDGER);
    // Read again: another process may have applied them while we waited.
    const pending = await findPending(client, migrations);
    for (const migration of pending) await apply(client, migration);
    return { applied: pending.map(({ name }) => name) };
  } finally {
    await client.end();
  }
}

function readMigrations(dir: string): Migration[] {
  const names = readdirSync(dir, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return names
    .map(({ name }) => {
      const sql = readFileSync(join(dir, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

interface LedgerRow {
  migration_name: string;
  checksum: string;
  finished_at: Date | null;
}

async function findPending(client: pg.Client, migrations: Migration[]): Promise<Migration[]> {
  const pending = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const row of await readLedger(client)) {
    const migration = migrations.find(({ name }) => name === row.migration_name);
    refuse(row, migration);
    pending.delete(row.migration_name);
  }
  return [...pending.values()];
}

async function readLedger(client: pg.Client): Promise<LedgerRow[]> {
  try {
    const { rows } = await client.query<LedgerRow>(
      'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at',
    );
    return rows;
  } catch (error) {
    // No ledger: a new database.
    if ((error as { code?: string }).code === '42P01') return [];
    throw error;
  }
}

function refuse(row: LedgerRow, migration: Migration | undefined): void {
  const name = `\`${row.migration_name}\``;
  if (!migration) {
    throw new StartError(
      'newer_version',
      `The database has the migration ${name}, which this version does not know: it was made by a newer version. Install that version, or use another database.`,
    );
  }
  if (!row.finished_at) {
    throw new StartError(
      'migration_failed',
      `The migration ${name} was begun and did not finish: undo what it left, delete its row from _prisma_migrations, and start again.`,
    );
  }
  if (row.checksum !== migration.checksum) {
    throw new StartError(
      'migration_edited',
      `The migration ${name} was edited after it had been applied to this database: restore the file, and make the change in a new migration.`,
    );
  }
}

// Not the waiting kind: who waits holds a snapshot, and CREATE INDEX CONCURRENTLY waits for all of those.
async function lock(client: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [LOCK_KEY]);
    if (rows[0]?.taken) return;
    await sleep(25);
  }
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  const id = randomUUID();
  // Such an index cannot be in a transaction: its row is left unfinished when it fails.
  const isAlone = /CREATE\s+(UNIQUE\s+)?INDEX\s+CONCURRENTLY/i.test(sql);
  const begin = `INSERT INTO _prisma_migrations (id, migration_name, checksum) VALUES ($1, $2, $3)`;
  const finish = 'UPDATE _prisma_migrations SET finished_at = clock_timestamp(), applied_steps_count = 1 WHERE id = $1';
  try {
    if (!isAlone) await client.query('BEGIN');
    await client.query(begin, [id, name, checksum]);
    await client.query(sql);
    await client.query(finish, [id]);
    if (!isAlone) await client.query('COMMIT');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const state = isAlone ? 'failed' : 'failed and was undone';
    throw new StartError('migration_failed', `The migration \`${name}\` ${state}: ${reason}`, { cause: error });
  }
}
