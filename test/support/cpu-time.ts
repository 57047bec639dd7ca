/** Least time that this process worked for it, in milliseconds of its own: other processes on a busy machine do not count. */
export function toLeastCpuMs(work: () => unknown, runs = 7): number {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}

const TRIES = 12;

/** The least of a few measured ratios: a collection of garbage in one of them proves no growth. Stops as soon as one is below `enough`. */
export function toLeastRatio(measure: () => number, enough = 5.5): number {
  let least = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < TRIES && least > enough; tries++) least = Math.min(least, measure());
  return least;
}
