/** A parser in WebAssembly. */
export interface Engine {
  /** The tree, or undefined where the text is no SQL of that dialect. Throws when the instance broke. */
  parse(dialect: string, text: string): unknown;
  memoryBytes(): number;
}

/** Memory of WebAssembly never shrinks: an instance that grew by more than this is given up. */
const MAX_GROWTH = 64 * 1024 * 1024;

/** One parser, made when it is first needed, and made again when a text broke it. */
export class Parser {
  #engine: Engine | undefined;
  #bytes = 0;

  constructor(private readonly open: () => Promise<Engine>) {}

  async parse(dialect: string, text: string): Promise<unknown> {
    if (this.#engine === undefined) {
      this.#engine = await this.open();
      this.#bytes = this.#engine.memoryBytes();
    }
    const engine = this.#engine;
    try {
      return engine.parse(dialect, text);
    } catch {
      // Out of stack or out of bounds: nothing in its memory can be trusted any more.
      this.#engine = undefined;
      return undefined;
    } finally {
      if (engine.memoryBytes() > this.#bytes + MAX_GROWTH) this.#engine = undefined;
    }
  }
}
