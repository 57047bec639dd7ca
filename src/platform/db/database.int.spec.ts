import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { Database } from './database.ts';

let test: TestDatabase;
let db: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  db = new Database({ connectionString: test.url });
});
afterAll(async () => {
  await db.close();
  await test.drop();
});

describe('a connection that breaks in the middle of a transaction', () => {
  it('fails that transaction and nothing else', async () => {
    const broken = db.transaction(async (tx) => {
      const [row] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await db.query('SELECT pg_terminate_backend($1)', [row?.pid]);
      // Long enough for the news to arrive while no statement waits for it.
      await sleep(200);
      await tx.query('SELECT 1');
    });
    await expect(broken).rejects.toThrow(/not queryable|terminat/i);
    expect(await db.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});
