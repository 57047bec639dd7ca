import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createTestDatabase } from '../../../test/support/database.ts';
import type { TestDatabase } from '../../../test/support/database.ts';
import { migrate } from './migrate.ts';

const projectMigrations = join(import.meta.dirname, '../../../prisma/migrations');

describe('migrate', () => {
  let database: TestDatabase;
  let dir: string;

  beforeEach(async () => {
    database = await createTestDatabase();
    await database.pool.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    dir = mkdtempSync(join(tmpdir(), 'migrations-'));
  });
  afterEach(async () => {
    rmSync(dir, { recursive: true });
    await database.drop();
  });

  function given(name: string, sql: string): void {
    mkdirSync(join(dir, name), { recursive: true });
    writeFileSync(join(dir, name, 'migration.sql'), sql);
  }

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    return client;
  }

  const run = (): Promise<{ applied: string[] }> => migrate(connect, dir);

  async function tables(): Promise<string[]> {
    const { rows } = await database.pool.query<{ tablename: string }>(
      "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' ORDER BY 1",
    );
    return rows.map((row) => row.tablename);
  }

  it('applies what is missing, in order, and then nothing', async () => {
    given('2_second', 'ALTER TABLE first ADD extra text; CREATE TABLE second ();');
    given('1_first', 'CREATE TABLE first ();');
    expect(await run()).toEqual({ applied: ['1_first', '2_second'] });
    expect(await run()).toEqual({ applied: [] });
    given('3_third', 'CREATE TABLE third ();');
    expect(await run()).toEqual({ applied: ['3_third'] });
    expect(await tables()).toEqual(['first', 'second', 'third']);
  });

  it('applies each migration once when several processes start together', async () => {
    given('1_first', 'CREATE TABLE first (); SELECT pg_sleep(0.05);');
    given('2_index', 'CREATE INDEX CONCURRENTLY first_all ON first ((1));');
    const results = await Promise.all([run(), run(), run(), run()]);
    expect(results.flatMap(({ applied }) => applied)).toEqual(['1_first', '2_index']);
  });

  it('keeps a ledger that Prisma reads as its own', async () => {
    expect((await migrate(connect, projectMigrations)).applied).not.toEqual([]);
    const { rows } = await database.pool.query('SELECT * FROM _prisma_migrations LIMIT 1');
    expect(rows[0]).toMatchObject({ applied_steps_count: 1, rolled_back_at: null, logs: null });
    expect(rows[0]).toHaveProperty('checksum', expect.stringMatching(/^[0-9a-f]{64}$/));
    expect(rows[0]).toHaveProperty('finished_at', expect.any(Date));
  });

  it('leaves nothing of a migration that fails, and applies it once it is right', async () => {
    given('1_first', 'CREATE TABLE first ();');
    given('2_wrong', 'CREATE TABLE second (); SELECT 1 / 0;');
    await expect(run()).rejects.toMatchObject({
      code: 'migration_failed',
      message: expect.stringContaining('2_wrong'),
    });
    expect(await tables()).toEqual(['first']);
    given('2_wrong', 'CREATE TABLE second ();');
    expect(await run()).toEqual({ applied: ['2_wrong'] });
  });

  it('refuses a migration that was edited after it had been applied', async () => {
    given('1_first', 'CREATE TABLE first ();');
    await run();
    given('1_first', 'CREATE TABLE other ();');
    await expect(run()).rejects.toMatchObject({
      code: 'migration_edited',
      message: expect.stringContaining('1_first'),
    });
  });

  it('refuses a database that a newer version has migrated', async () => {
    given('1_first', 'CREATE TABLE first ();');
    given('2_newer', 'CREATE TABLE second ();');
    await run();
    rmSync(join(dir, '2_newer'), { recursive: true });
    await expect(run()).rejects.toMatchObject({
      code: 'newer_version',
      message: expect.stringContaining('newer version'),
    });
  });

  it('refuses to go on after a migration that was begun and did not finish', async () => {
    given('1_first', 'CREATE TABLE first ();');
    given('2_index', 'CREATE UNIQUE INDEX CONCURRENTLY twice ON first ((1));');
    await migrate(connect, dir).then(() => database.pool.query('UPDATE _prisma_migrations SET finished_at = NULL'));
    await expect(run()).rejects.toMatchObject({ code: 'migration_failed' });
  });
});
