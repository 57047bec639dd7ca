import pg from 'pg';
import type { Config } from '../config/index.ts';
import { StartError } from '../errors/index.ts';
import type { Log } from '../telemetry/log.ts';
import { Database, type ServerHooks } from './database.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { migrate } from './migrate.ts';

/** Opens the configured Postgres, else the embedded one; brings its schema up to date; refuses a test database. */
export async function openDatabase(
  config: Config,
  log: Log,
  migrationsDir: string,
  signal?: AbortSignal,
): Promise<Database> {
  const { connection, hooks } =
    config.databaseUrl === undefined ? await embed(config, log, signal) : external(config.databaseUrl);
  const owner = config.migrationUrl === undefined ? connection : { connectionString: config.migrationUrl };
  const database = new Database(connection, hooks);
  try {
    await migrate(() => connect(owner), migrationsDir);
    await refuseTestClock(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** The embedded server is small and shared with other processes of this machine; a team's server has room. */
const TEAM_CONNECTIONS = 16;

type Source = { connection: pg.PoolConfig; hooks: ServerHooks };

async function embed(config: Config, log: Log, signal: AbortSignal | undefined): Promise<Source> {
  const started = await startEmbeddedPostgres({
    dataDir: config.dataDir,
    log: (message, details = {}) => log.info(details, message),
    ...(signal === undefined ? {} : { signal }),
  });
  const revive = async (): Promise<void> => {
    log.warn({ dataDir: config.dataDir }, 'the embedded database is gone; starting it again');
    await started.revive();
  };
  return { connection: { ...started.connection }, hooks: { release: () => started.stopIfLast(), revive } };
}

function external(connectionString: string): Source {
  return { connection: { connectionString, max: TEAM_CONNECTIONS }, hooks: {} };
}

async function connect(connection: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(connection);
  try {
    await client.connect();
    return client;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(
      'database_failed',
      `The database cannot be reached: ${reason}. Check DATABASE_URL and that Postgres is running.`,
      {
        cause,
      },
    );
  }
}

async function refuseTestClock(database: Database): Promise<void> {
  const [row] = await database.query<{ shift: string }>('SELECT shift::text AS shift FROM test_clock');
  if (row === undefined) return;
  throw new StartError(
    'test_clock',
    `The database's clock is shifted by ${row.shift}: it is a test database. Use another one, or empty its table test_clock.`,
  );
}
