import {
  assertSchemaCompatibility,
  createPostgresBackend,
  runMigrations,
  SchemaMigrationRequiredError,
  setDefaultBackendFactory,
  type ConnectionOptions,
} from 'bullmq';
import type { Pool } from 'pg';
import type { Log } from '../telemetry/log.ts';

/** Where the queue lives. `close` ends what was opened for it. */
export interface Backend {
  readonly connection: ConnectionOptions;
  readonly prefix: string;
  close(): Promise<void>;
}

/** BullMQ on our own Postgres. Of the pool's connections the worker keeps one for LISTEN. */
export async function openPostgresBackend(pool: Pool): Promise<Backend> {
  setDefaultBackendFactory(createPostgresBackend);
  const client = await pool.connect();
  // The session that has made the schema holds megabytes of it: it ends, and a small one takes its place.
  let hasMigrated = false;
  try {
    // Reading first: an application role that may not create schemas can still work on a database that its owner has migrated.
    await assertSchemaCompatibility(client);
  } catch (error) {
    if (!(error instanceof SchemaMigrationRequiredError)) throw error;
    hasMigrated = true;
    await runMigrations(client);
  } finally {
    client.release(hasMigrated);
  }
  return { connection: pool as unknown as ConnectionOptions, prefix: 'agentos', close: async () => {} };
}

/** BullMQ on Redis. The keys carry the identity of the database that the jobs are about, so that two installations can share one Redis. */
export async function openRedisBackend(redisUrl: string, pool: Pool, log: Log): Promise<Backend> {
  // By `default`, because a bundled CommonJS package has no other names.
  const { Redis } = (await import('ioredis')).default;
  setDefaultBackendFactory();
  const { rows } = await pool.query<{ identity: string }>(
    `SELECT system_identifier || '-' || (SELECT oid FROM pg_database WHERE datname = current_database()) AS identity FROM pg_control_system()`,
  );
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null });
  redis.on('error', (error) =>
    log.warn({ error: error.message }, 'Redis cannot be reached; work waits in the database'),
  );
  return {
    connection: redis,
    prefix: `agentos-${rows[0]?.identity ?? ''}`,
    close: async () => {
      redis.disconnect();
    },
  };
}
