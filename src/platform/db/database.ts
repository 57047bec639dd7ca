import pg from 'pg';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { passSeam, passStatement } from '../crash/index.ts';
import { isConnectionLost, isServerGone } from './connection-lost.ts';
import type { Tx } from './tx.ts';

/** What the owner of the server does for us. */
export interface ServerHooks {
  /** Runs after the pool has closed: stops an embedded server that nobody else uses. */
  readonly release?: () => Promise<void>;
  /** Brings a server back that is not there any more; absent where that is not in our hands. */
  readonly revive?: () => Promise<void>;
}

/**
 * The one door to Postgres: a pool, short transactions in plain SQL for everything that must be atomic with the record, and Prisma on
 * the same pool for nested reads. Statements have no names: Postgres plans each for the tables as they are now, and keeps no plans.
 */
export class Database {
  readonly pool: pg.Pool;
  readonly #server: ServerHooks;
  #reviving: Promise<void> | undefined;
  #prisma: Promise<PrismaClient> | undefined;

  constructor(config: pg.PoolConfig, server: ServerHooks = {}) {
    this.pool = new pg.Pool({
      max: 4,
      idleTimeoutMillis: 20_000,
      connectionTimeoutMillis: 30_000,
      options: '-c search_path=public,bullmq',
      ...config,
    });
    // A connection that breaks while idle is replaced by the pool; the next query says what is wrong.
    this.pool.on('error', () => {});
    // One that breaks while somebody holds it, between two statements, would end the process: its next statement fails instead.
    this.pool.on('connect', (client) => client.on('error', () => {}));
    this.#server = server;
  }

  async query<Row>(sql: string, params: readonly unknown[] = []): Promise<Row[]> {
    const client = await this.#connect();
    let broken: Error | undefined;
    try {
      passStatement('statement.before', sql);
      const { rows } = await client.query(sql, [...params]);
      passStatement('statement.after', sql);
      return rows as Row[];
    } catch (error) {
      if (error instanceof Error && isConnectionLost(error)) broken = error;
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await this.#connect();
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
      passSeam('commit.before');
      await client.query('COMMIT');
      passSeam('commit.after');
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

  /** A connection that could not be opened has done nothing: once the server is back, it is tried again. */
  async #connect(): Promise<pg.PoolClient> {
    try {
      return await this.pool.connect();
    } catch (error) {
      const { revive } = this.#server;
      if (revive === undefined || !isServerGone(error)) throw error;
      this.#reviving ??= revive().finally(() => (this.#reviving = undefined));
      await this.#reviving;
      return this.pool.connect();
    }
  }

  async close(): Promise<void> {
    await (await this.#prisma?.catch(() => undefined))?.$disconnect();
    await this.pool.end();
    await this.#server.release?.();
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
