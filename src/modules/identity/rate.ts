const HOUR_MS = 3_600_000;
const MAX_KNOWN = 10_000;

/** So many per hour for each address, counted in this process; who was silent longest is forgotten first. */
export class HourlyRate {
  readonly #most: number;
  readonly #counts = new Map<string, { count: number; endsAt: number }>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Minutes to wait, or undefined: it is counted. */
  refuse(address: string, now = performance.now()): number | undefined {
    const known = this.#counts.get(address);
    const entry = known === undefined || known.endsAt <= now ? { count: 0, endsAt: now + HOUR_MS } : known;
    if (entry.count >= this.#most) return Math.max(1, Math.ceil((entry.endsAt - now) / 60_000));
    entry.count++;
    this.#counts.delete(address);
    this.#counts.set(address, entry);
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > MAX_KNOWN && oldest !== undefined) this.#counts.delete(oldest);
    return undefined;
  }
}
