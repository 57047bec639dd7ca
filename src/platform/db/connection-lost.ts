const GONE = /^(ECONNREFUSED|ENOENT|57P03)$/;
const LOST = /^(08...|57P0.|ECONNREFUSED|ECONNRESET|EPIPE)$/;

/** A connection could not be opened because no server is there: nothing has been asked yet. */
export function isServerGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && GONE.test(String(error.code));
}

/** The database went away, before or in the middle of a statement; whatever was not committed is undone. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && LOST.test(String(error.code))) return true;
  if ('syscall' in error && error.syscall === 'connect') return true;
  return /Connection terminated|not queryable|timeout exceeded when trying to connect/.test(error.message);
}
