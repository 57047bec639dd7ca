import 'reflect-metadata';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppModule } from './app.module.ts';
import { createHttp, listenLocally } from './modules/mcp/http.ts';
import { McpService, type StdioApp } from './modules/mcp/index.ts';
import { packageRoot } from './package-root.ts';
import { misspelt, readCrashPlan, type Config } from './platform/config/index.ts';
import { planCrash } from './platform/crash/index.ts';
import { openDatabase } from './platform/db/index.ts';
import { ConsoleLead } from './platform/http/index.ts';
import type { Opened } from './platform/platform.module.ts';
import { Log } from './platform/telemetry/log.ts';

const CONSOLE_PORT = 3000;

/** Opens what the modules stand on: log, database (embedded unless configured), migrations. */
export async function openPlatform(config: Config, signal?: AbortSignal): Promise<Opened> {
  const log = new Log(config.logLevel);
  for (const message of misspelt()) log.warn({}, message);
  const crash = readCrashPlan();
  if (crash !== undefined) planCrash(crash, log);
  log.info({ dataDir: config.dataDir, policyMode: config.policyMode, fileRoots: config.fileRoots }, 'starting');
  const database = await openDatabase(config, log, join(packageRoot(), 'prisma', 'migrations'), signal);
  await prepareRoots(config, log);
  return { config, log, database };
}

/** The folder of our own is made; one that the operator names must be there, and it is said when it is not. */
async function prepareRoots({ dataDir, fileRoots }: Config, log: Log): Promise<void> {
  for (const root of fileRoots) {
    try {
      if (root === join(dataDir, 'files')) await mkdir(root, { recursive: true });
      else await access(root);
    } catch (error) {
      log.warn({ root, error: String(error) }, 'agents cannot use this folder: make it, or change AGENTOS_FILE_ROOTS');
    }
  }
}

/** Where the build puts the console's files. */
export function consoleFolder(): string {
  return join(packageRoot(), 'dist', 'web');
}

/** The application as stdio wants it. Of all such processes on a data directory one serves the console too. */
export async function openStdioApp(config: Config, signal: AbortSignal): Promise<StdioApp> {
  const opened = await openPlatform(config, signal);
  try {
    const app = await createHttp(AppModule.with(opened), config, { serves: 'everything', console: consoleFolder() });
    const lead = new ConsoleLead(config.dataDir, () => listenLocally(app, CONSOLE_PORT), opened.log);
    lead.start();
    const close = async (): Promise<void> => {
      await lead.close();
      await app.close();
    };
    return { mcp: app.get(McpService), close };
  } catch (error) {
    await opened.database.close();
    throw error;
  }
}
