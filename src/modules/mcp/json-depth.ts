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

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
