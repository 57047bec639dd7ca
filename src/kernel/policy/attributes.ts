export const ATTRIBUTE_TYPES = ['string', 'bool', 'int', 'list<string>'] as const;
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number];

/** What a condition may say about one fact of an action. */
export interface Entry<Value> {
  readonly type: AttributeType;
  readonly description: string;
  /** A value that it can have. */
  readonly example: Value;
  /** Its value in the facts of a harmless declared read. */
  readonly neutral: Value;
  /** Every value that can occur, when the set is closed. */
  readonly values?: readonly string[];
  /** Counted in the database: read and reserved where the decision is recorded. */
  readonly isState?: true;
}

interface More<Value> {
  readonly neutral?: Value;
  readonly values?: readonly string[];
  readonly isState?: true;
}

export function text(description: string, example: string, more: More<string> = {}): Entry<string> {
  return { type: 'string', description, example, neutral: '', ...more };
}

export function flag(description: string, more: More<boolean> = {}): Entry<boolean> {
  return { type: 'bool', description, example: true, neutral: false, ...more };
}

export function whole(description: string, example: number, more: More<number> = {}): Entry<number> {
  return { type: 'int', description, example, neutral: 0, ...more };
}

export function texts(
  description: string,
  example: readonly string[],
  more: More<readonly string[]> = {},
): Entry<readonly string[]> {
  return { type: 'list<string>', description, example, neutral: [], ...more };
}

/** A count that is kept for the agent in the database. */
export function counted(description: string, example: number): Entry<number> {
  return { type: 'int', description, example, neutral: 0, isState: true };
}
