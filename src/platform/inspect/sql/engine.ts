/** A parser in WebAssembly. */
export interface Engine {
  /** The tree, or undefined where the text is no SQL of that dialect. Throws when the instance broke. */
  parse(dialect: string, text: string): unknown;
  memoryBytes(): number;
}

/** Memory of WebAssembly never shrinks: an instance that grew beyond this is given up. */
const MAX_BYTES = 64 * 1024 * 1024;

/** One parser, made when it is first needed, and made again when a text broke it. */
export class Parser {
  #engine: Engine | undefined;

  constructor(private readonly open: () => Promise<Engine>) {}

  async parse(dialect: string, text: string): Promise<unknown> {
    this.#engine ??= await this.open();
    const engine = this.#engine;
    try {
      return engine.parse(dialect, text);
    } catch {
      // Out of stack or out of bounds: nothing in its memory can be trusted any more.
      this.#engine = undefined;
      return undefined;
    } finally {
      if (engine.memoryBytes() > MAX_BYTES) this.#engine = undefined;
    }
  }
}
