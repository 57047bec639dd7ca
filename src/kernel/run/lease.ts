/** How long a worker may hold a run without a sign of life. */
export const LEASE_MS = 30_000;
/** How often it gives one, and learns that the run was stopped: what is under way outside is aborted within two seconds. */
export const HEARTBEAT_MS = 1_500;

/** Whether anybody may claim the run. `until` is undefined while nobody holds it. */
export function isLeaseOver(until: Date | undefined, now: Date): boolean {
  return until === undefined || until.getTime() <= now.getTime();
}
