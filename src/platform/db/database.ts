import pg from 'pg';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { Tx } from './tx.ts';

/**
 * The one door to Postgres: a pool, short transactions in plain SQL for everything that must be atomic with the record, and Prisma on
 * the same pool for nested reads. Statements have no names: Postgres plans each for the tables as they are now, and keeps no plans.
 * `release` runs after the pool has closed (it stops an embedded server that nobody else uses).
 */
export class Database {
  readonly pool: pg.Pool;
  readonly #release: () => Promise<void>;
  #prisma: Promise<PrismaClient> | undefined;

  constructor(config: pg.PoolConfig, release: () => Promise<void> = async () => {}) {
    this.pool = new pg.Pool({ max: 5, idleTimeoutMillis: 20_000, options: '-c search_path=public,bullmq', ...config });
    // A connection that breaks while idle is replaced by the pool; the next query says what is wrong.
    this.pool.on('error', () => {});
    // One that breaks while somebody holds it, between two statements, would end the process: its next statement fails instead.
    this.pool.on('connect', (client) => client.on('error', () => {}));
    this.#release = release;
  }

  async query<Row>(sql: string, params: readonly unknown[] = []): Promise<Row[]> {
    const { rows } = await this.pool.query(sql, [...params]);
    return rows as Row[];
  }

  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    const committed: (() => void)[] = [];
    const tx: Tx = {
      query: async <Row>(sql: string, params: readonly unknown[] = []) => {
        const { rows } = await client.query(sql, [...params]);
        return rows as Row[];
      },
      afterCommit: (hook) => committed.push(hook),
    };
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      const result = await work(tx);
      await client.query('COMMIT');
      for (const hook of committed) hook();
      return result;
    } catch (error) {
      broken = await rollback(client);
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** For reads that nest. Loaded on first use: it adds about 35 MB to the process, so what every client calls does without. */
  prisma(): Promise<PrismaClient> {
    this.#prisma ??= loadPrisma(this.pool);
    return this.#prisma;
  }

  async close(): Promise<void> {
    await (await this.#prisma?.catch(() => undefined))?.$disconnect();
    await this.pool.end();
    await this.#release();
  }
}

/** A connection whose rollback failed is not reused. */
async function rollback(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function loadPrisma(pool: pg.Pool): Promise<PrismaClient> {
  const [{ PrismaClient }, { PrismaPg }] = await Promise.all([
    import('../../generated/prisma/client.ts'),
    import('@prisma/adapter-pg'),
  ]);
  return new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: 'minimal' });
}
