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
