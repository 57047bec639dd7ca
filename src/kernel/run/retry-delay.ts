import { MAX_RETRY_DELAY_MS } from './limits.ts';

/** Milliseconds to wait after `attempt` (counted from 1) has failed: doubles with each attempt, up to five minutes. */
export function toRetryDelay(backoffMs: number, attempt: number): number {
  return Math.min(backoffMs * 2 ** Math.min(attempt - 1, 20), MAX_RETRY_DELAY_MS);
}
