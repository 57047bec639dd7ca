export { isConnectionLost } from './connection-lost.ts';
export { processMark } from './process-mark.ts';
export { isLocked, tryLock } from './start-lock.ts';
export { Database } from './database.ts';
export { openDatabase } from './open-database.ts';
export { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.ts';
export { migrate } from './migrate.ts';
export type { Tx } from './tx.ts';
export type { PrismaClient as Prisma } from '../../generated/prisma/client.ts';
