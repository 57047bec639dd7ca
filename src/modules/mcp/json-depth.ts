/** Deepest nesting of arguments: what works on them may walk them recursively. */
export const MAX_DEPTH = 100;

/** Whether a JSON value is nested deeper than `MAX_DEPTH` objects and lists. */
export function isTooDeep(value: unknown): boolean {
  let level = [value].filter(isContainer);
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true;
    level = level.flatMap((each) => Object.values<unknown>(each).filter(isContainer));
  }
  return false;
}

/** Half of a character as JSON writes it, where the backslash is none of a text. */
const HALF_CHARACTER = /(?<!\\)(?:\\\\)*\\ud[89a-f][0-9a-f]{2}/i;

/** Whether a text in it holds half of a character, which has no bytes: it can be neither hashed nor stored. */
export function hasHalfCharacter(value: unknown): boolean {
  return HALF_CHARACTER.test(JSON.stringify(value) ?? '');
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
