import { AppError } from '../../platform/errors/index.ts';

interface Lane {
  active: number;
  readonly waiting: (() => void)[];
}

/**
 * At most so many works of one key at once; further ones wait in order, without a connection of the database. So a key with thousands of calls
 * takes from the others no more than its share.
 */
export class Lanes {
  readonly #atOnce: number;
  readonly #lanes = new Map<string, Lane>();

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  async run<T>(key: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const lane = this.#lanes.get(key) ?? { active: 0, waiting: [] };
    this.#lanes.set(key, lane);
    if (lane.active >= this.#atOnce) await new Promise<void>((resolve) => lane.waiting.push(resolve));
    else lane.active++;
    try {
      if (signal?.aborted === true)
        throw new AppError('cancelled', 'The call was given up before it was looked at; nothing was done.');
      return await work();
    } finally {
      // Whoever is next takes this place over.
      const next = lane.waiting.shift();
      if (next !== undefined) next();
      else if (--lane.active === 0) this.#lanes.delete(key);
    }
  }
}
