import type { Effect, Facet, Value } from './parts.ts';

export const MARKS = [
  'only',
  'must',
  'requires',
  'may',
  'limit',
  'not',
  'except',
  'and',
  'or',
  'comma',
  'but',
  'if',
  'rest',
  'beyond',
  'they',
  'critical',
  'filler',
  'unsupported',
  'open',
  'close',
  'colon',
  'such',
  'readonly',
  'protect',
] as const;
export type Mark = (typeof MARKS)[number];

export const COMPARISONS = ['>', '>=', '<', '<='] as const;
export type Comparison = (typeof COMPARISONS)[number];

export const WINDOWS = ['1m', '10m', '1h', '1d', 'month', 'run', 'once'] as const;
export type Window = (typeof WINDOWS)[number];

/** What a number counts, when a word after it says so. */
export const UNITS = [
  'money',
  'tokens',
  'records',
  'recipients',
  'attachments',
  'statements',
  'failures',
  'denials',
  'times',
] as const;
export type Unit = (typeof UNITS)[number];

/** What a number is compared with. */
export interface Quantity {
  readonly comparison: Comparison | undefined;
  readonly count: number;
  readonly currency?: string;
  readonly unit?: Unit;
  /** "at most", "up to": what is allowed, not what is refused. */
  readonly isMaximum?: boolean;
  /** "After 3": the third is still allowed, a third failure is not. */
  readonly isAfter?: boolean;
}

/** One meaning that a word or a phrase has. */
export type Meaning =
  | { readonly kind: 'value'; readonly value: Value; readonly isPlace?: boolean; readonly rename?: Rename }
  | { readonly kind: 'effect'; readonly effect: Effect }
  | { readonly kind: 'mark'; readonly mark: Mark }
  | { readonly kind: 'quantity'; readonly quantity: Quantity }
  | { readonly kind: 'unit'; readonly unit: Unit }
  | { readonly kind: 'window'; readonly window: Window }
  | { readonly kind: 'same'; readonly same: 'recipient' | 'target' | 'action' }
  | { readonly kind: 'approver'; readonly quorum?: number; readonly group?: string }
  | { readonly kind: 'spending' }
  | { readonly kind: 'unknown' };

/** Makes a value of the same facet for another name: "the orders and invoices tables". */
export type Rename = (name: string) => Value | undefined;

export type Item = Meaning & { readonly source: string };

export interface Entry {
  readonly pattern: string;
  /** Only where no object was named yet: "log every request", but not "the log". */
  readonly isLeading?: boolean;
  /** It takes a name that no phrase has to know. */
  readonly isNaming?: boolean;
  /** The name comes after its noun, where a word that means something else is no name: "a bucket needs". */
  readonly isAfterNoun?: boolean;
  /** Undefined: these words mean something else here. */
  readonly read: (groups: readonly (string | undefined)[]) => readonly Meaning[] | undefined;
}

export function toValueMeaning(value: Value, more: { isPlace?: boolean; rename?: Rename } = {}): Meaning {
  return { kind: 'value', value, ...more };
}

/** A phrase with one fixed meaning. */
export function phrase(pattern: string, value: Value, more: { isPlace?: boolean } = {}): Entry {
  const meanings = [toValueMeaning(value, more)];
  return { pattern, read: () => meanings };
}

export function mark(pattern: string, name: Mark): Entry {
  return { pattern, read: () => [{ kind: 'mark', mark: name }] };
}

/** A phrase that holds a name in its first group that is set. */
export function named(pattern: string, rename: Rename, more: { isPlace?: boolean } = {}): Entry {
  return {
    pattern,
    isNaming: true,
    isAfterNoun: pattern.includes('(?:called |named )?'),
    read: (groups) => {
      const name = groups.find((each) => each !== undefined);
      const value = name === undefined ? undefined : rename(name);
      return value === undefined ? undefined : [toValueMeaning(value, { rename, ...more })];
    },
  };
}

export function isFacet(item: Item | undefined, ...facets: readonly Facet[]): boolean {
  return item?.kind === 'value' && facets.includes(item.value.facet);
}
