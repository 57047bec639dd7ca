import { AuditService } from '../modules/audit/index.ts';
import { openPlatform } from '../open-app.ts';
import { type Config, readConfig } from '../platform/config/index.ts';
import type { Database } from '../platform/db/index.ts';
import { AppError } from '../platform/errors/index.ts';

/** What commands of the operator work with: the database and its record. Whoever can open it from this machine may. */
export interface Desk {
  readonly db: Database;
  readonly audit: AuditService;
  readonly config: Config;
}

/** Runs a command beside whatever serves the data directory; resolves to the exit code. */
export async function atDesk(work: (desk: Desk) => Promise<string>): Promise<number> {
  try {
    const config = readConfig();
    const { database: db, log } = await openPlatform(config);
    const audit = new AuditService(db, log);
    try {
      process.stdout.write(`${await work({ db, audit, config })}\n`);
      return 0;
    } finally {
      await audit.close();
      await db.close();
    }
  } catch (error) {
    if (error instanceof AppError) return complain(error.message);
    throw error;
  }
}

export function complain(message: string): number {
  process.stderr.write(`${message}\n`);
  return 1;
}

/** Columns as wide as what stands in them. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
