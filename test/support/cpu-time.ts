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

/**
 * The least of a few measured ratios, of texts 1, 2 and 4 times as long: garbage that is collected from some length on proves no growth, and what
 * grows faster than the text does so at every length. Stops as soon as one is below `enough`.
 */
export function toLeastRatio(measure: (scale: number) => number, enough = 5.5): number {
  let least = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < TRIES && least > enough; tries++) least = Math.min(least, measure(2 ** (tries % 3)));
  return least;
}
