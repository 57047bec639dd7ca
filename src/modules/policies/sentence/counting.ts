import { isMark } from './clauses.ts';
import type { Item } from './item.ts';
import type { Kind } from './parts.ts';
import { toQuantityValue, type Counting } from './quantities.ts';

/** A number that nothing counts: the clause that holds it must not become a rule without it. */
export interface Clause {
  readonly items: readonly Item[];
  readonly problems: readonly string[];
}

interface Placed<T> {
  readonly at: number;
  readonly what: T;
}

/** What the words around the numbers of a clause say, found once for all of them. */
interface Surroundings {
  readonly kinds: readonly Placed<Kind>[];
  readonly families: readonly Placed<Kind>[];
  readonly units: readonly Placed<Item & { kind: 'unit' }>[];
  readonly windows: readonly Placed<Item & { kind: 'window' }>[];
  readonly sames: readonly Placed<Item & { kind: 'same' }>[];
  readonly quantities: readonly Placed<Item & { kind: 'quantity' }>[];
  readonly isLimited: boolean;
  readonly isSpending: boolean;
}

function place<T>(items: readonly Item[], of: (item: Item) => T | undefined): Placed<T>[] {
  return items.flatMap((item, at) => {
    const what = of(item);
    return what === undefined ? [] : [{ at, what }];
  });
}

function toSurroundings(items: readonly Item[]): Surroundings {
  return {
    kinds: place(items, (item) => (item.kind === 'value' ? item.value.kind : undefined)),
    families: place(items, (item) => (item.kind === 'value' ? item.value.family : undefined)),
    units: place(items, (item) => (item.kind === 'unit' ? item : undefined)),
    windows: place(items, (item) => (item.kind === 'window' ? item : undefined)),
    sames: place(items, (item) => (item.kind === 'same' ? item : undefined)),
    quantities: place(items, (item) => (item.kind === 'quantity' ? item : undefined)),
    isLimited: items.some((item) => isMark(item, 'limit', 'only')),
    isSpending: items.some(({ kind }) => kind === 'spending'),
  };
}

/** Up to the next number, then from the number back, then all that follows it. */
function split<T>(all: readonly Placed<T>[], index: number, end: number): [own: T[], before: T[], after: T[]] {
  const of = (some: readonly Placed<T>[]): T[] => some.map(({ what }) => what);
  return [
    of(all.filter(({ at }) => at > index && at < end)),
    of(all.filter(({ at }) => at < index)).reverse(),
    of(all.filter(({ at }) => at > index)),
  ];
}

/** About the `nth` number of the clause. */
function toCounting(around: Surroundings, nth: number): Counting | undefined {
  const found = around.quantities[nth];
  if (found === undefined) return undefined;
  const { at: index, what: item } = found;
  const end = around.quantities[nth + 1]?.at ?? Infinity;
  const kinds =
    split(around.kinds, index, end).find((some) => some.length > 0) ?? split(around.families, index, end).flat();
  const [own, before] = split(around.units, index, end);
  const failing = around.units.find(({ what: { unit } }) => unit === 'failures' || unit === 'denials')?.what;
  const unit = failing ?? [...own, ...(item.quantity.comparison === undefined ? [] : before)][0];
  const [window] = split(around.windows, index, end).flat();
  const [same] = split(around.sames, index, end).flat();
  return {
    quantity:
      around.isLimited && item.quantity.comparison === undefined
        ? { ...item.quantity, comparison: '<=', isMaximum: true }
        : item.quantity,
    unit: item.quantity.unit ?? unit?.unit,
    window: window?.window,
    same: same?.same,
    isSpending: around.isSpending,
    kinds,
  };
}

/** Numbers, with the units and windows around them, become values. */
export function resolveQuantities(items: readonly Item[]): Clause {
  const problems: string[] = [];
  const hasUnsupported = items.some((item) => isMark(item, 'unsupported'));
  const around = toSurroundings(items);
  let nth = -1;
  const resolved = items.flatMap((item): Item[] => {
    if (item.kind === 'quantity') {
      nth++;
      const isWord = item.quantity.comparison === undefined && /^[a-z ]+$/i.test(item.source);
      if (isWord && around.windows.length === 0) return [];
      const counting = toCounting(around, nth);
      const isLost = hasUnsupported && counting?.window === undefined;
      const value = counting === undefined || isLost ? undefined : toQuantityValue(counting);
      if (value !== undefined) return [{ kind: 'value', value, source: item.source }];
      problems.push(item.source);
      return [];
    }
    if (isMark(item, 'unsupported')) problems.push(item.source);
    if (item.kind === 'window' && around.quantities.length === 0) problems.push(item.source);
    return ['unit', 'window', 'same', 'spending'].includes(item.kind) ? [] : [item];
  });
  return { items: resolved, problems };
}
