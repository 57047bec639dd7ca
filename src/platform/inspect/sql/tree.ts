export type Node = Readonly<Record<string, unknown>>;

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The node below these keys; an empty one when there is none. */
export function toNode(value: unknown, ...path: string[]): Node {
  const found = path.reduce<unknown>((at, key) => (isNode(at) ? at[key] : undefined), value);
  return isNode(found) ? found : {};
}

export function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function toText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Deeper conditions are not looked into, and count as the worst. */
export const MAX_DEPTH = 50;
