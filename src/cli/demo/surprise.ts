/** Something in the demo is not as it must be: the demo ends with this message and exit code 1. */
export class Surprise extends Error {
  override readonly name = 'Surprise';
}

/** Fails unless it holds; the message says what was expected and what came. */
export function must(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Surprise(message);
}
