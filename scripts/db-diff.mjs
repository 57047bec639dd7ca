// Do the migrations and prisma/schema.prisma say the same? Exit 0 if so; else print the SQL that is missing, exit 1.
// `--write name` puts that SQL into the next migration instead. The scratch database is in DATABASE_URL, else embedded.
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import { PrismaPg } from '@prisma/adapter-pg';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { importTs } from './import-ts.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const schemaPath = join(root, 'prisma/schema.prisma');
const migrationsDir = join(root, 'prisma/migrations');
const { values: options } = parseArgs({ options: { write: { type: 'string' } } });

const { startEmbeddedPostgres } = await importTs('src/platform/db/embedded-postgres.ts');
const { migrate } = await importTs('src/platform/db/migrate.ts');

async function withServer(use) {
  if (process.env.DATABASE_URL) return use({ connectionString: process.env.DATABASE_URL });
  const dataDir = mkdtempSync(join(tmpdir(), 'db-diff-'));
  const server = await startEmbeddedPostgres({ dataDir, log: () => {}, isDurable: false });
  try {
    return await use(server.connection);
  } finally {
    await server.stopIfLast();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function withScratchDatabase(server, use) {
  const database = `diff_${randomUUID().replaceAll('-', '')}`;
  const admin = new pg.Client(server);
  await admin.connect();
  await admin.query(`CREATE DATABASE ${database}`);
  const scratch = server.connectionString
    ? { connectionString: Object.assign(new URL(server.connectionString), { pathname: `/${database}` }).href }
    : { ...server, database };
  try {
    return await use(scratch);
  } finally {
    await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
    await admin.end();
  }
}

// adapter-pg does not know the catalog type "char" (18): report it as uuid, which no catalog has, and name it after.
function schemaAdapter(pool) {
  const query = pool.query.bind(pool);
  pool.query = async (...args) => {
    const result = await query(...args);
    for (const field of result.fields) if (field.dataTypeID === 18) field.dataTypeID = 2950;
    return result;
  };
  const factory = new PrismaPg(pool);
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (statement) => {
      const result = await queryRaw(statement);
      const toChar = (type) => (type === ColumnTypeEnum.Uuid ? ColumnTypeEnum.Character : type);
      return { ...result, columnTypes: result.columnTypes.map(toChar) };
    };
    return adapter;
  };
  return bindMigrationAwareSqlAdapterFactory(factory);
}

// The package's main entry needs a loader flag for its .wasm; this is what it would do.
async function loadEngine(schema, adapter) {
  const bg = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const path = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const wasm = readFileSync(path.replace(/\.js$/, '.wasm'));
  const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': bg });
  bg.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return bg.SchemaEngine.new({ datamodels: [[schemaPath, schema]] }, () => {}, adapter);
}

async function diff(scratch) {
  const connect = async () => {
    const client = new pg.Client(scratch);
    await client.connect();
    return client;
  };
  await migrate(connect, migrationsDir);
  const pool = new pg.Pool(scratch);
  try {
    const schema = readFileSync(schemaPath, 'utf8');
    const files = [{ path: schemaPath, content: schema }];
    const engine = await loadEngine(schema, schemaAdapter(pool));
    return await engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: join(root, 'prisma') },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: true,
      filters: { externalTables: [], externalEnums: [] },
    });
  } finally {
    await pool.end();
  }
}

const { exitCode, stdout } = await withServer((server) => withScratchDatabase(server, diff));
if (exitCode === 0) {
  console.log('The migrations and schema.prisma are in step.');
} else if (options.write) {
  const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const dir = join(migrationsDir, `${time}_${options.write}`);
  mkdirSync(dir);
  writeFileSync(join(dir, 'migration.sql'), stdout);
  console.log(`Wrote ${dir}/migration.sql: read it before it lands.`);
} else {
  console.log(
    `The migrations and schema.prisma differ; this SQL leads from the migrations to the schema:\n\n${stdout}`,
  );
  process.exitCode = 1;
}
