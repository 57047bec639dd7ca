import { CATALOGUE, type CatalogueEntry } from './catalogue.ts';
import type { Executor } from './executor.ts';

/** Which executor carries out which type. Refuses to be built when two claim one type or one claims an unknown type. */
export class ExecutorRegistry {
  /** What is known of every type without running it. */
  readonly catalogue: ReadonlyMap<string, CatalogueEntry>;
  readonly #byType = new Map<string, Executor>();

  constructor(executors: readonly Executor[], catalogue: ReadonlyMap<string, CatalogueEntry> = CATALOGUE) {
    this.catalogue = catalogue;
    for (const executor of executors) {
      for (const type of executor.types) this.#add(type, executor);
    }
  }

  find(type: string): Executor | undefined {
    return this.#byType.get(type);
  }

  #add(type: string, executor: Executor): void {
    if (!this.catalogue.has(type))
      throw new Error(`${executor.constructor.name} carries out ${type}, which is not in the catalogue`);
    if (this.#byType.has(type)) throw new Error(`two executors carry out ${type}`);
    this.#byType.set(type, executor);
  }
}
