/** A condition on rows, the same for every parser. */
export type Condition =
  | { readonly kind: 'value'; readonly value: string | number | boolean | null }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'column'; readonly name: string }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not' | 'isNull'; readonly part: Condition }
  | { readonly kind: 'equal' | 'less'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'like' | 'regex'; readonly left: Condition; readonly right: Condition }
  /** Whether a query has rows: each reading of what it asks of the changed row; none where it asks nothing. */
  | { readonly kind: 'exists'; readonly filters: readonly Condition[] }
  /** What is not looked into. `isFixed`: it names no column, so that it is the same for every row. */
  | { readonly kind: 'other'; readonly isFixed: boolean; readonly text: string };

/** What is too deep to be looked into. */
export const TOO_DEEP: Condition = { kind: 'other', isFixed: true, text: '' };

/** Parts, of which some stand in several places: `x BETWEEN 1 AND 2` asks twice about `x`, and so on below. */
const MAX_SIZE = 100_000;
const TEXT_OF_ONE = 64;
const sizes = new WeakMap<Condition, number>();

function sizeOf(condition: Condition): number {
  const known = sizes.get(condition);
  if (known !== undefined) return known;
  const size = toChildren(condition).reduce((sum, child) => sum + sizeOf(child), 1 + toLength(condition) / TEXT_OF_ONE);
  sizes.set(condition, size);
  return size;
}

function toChildren(condition: Condition): readonly Condition[] {
  if ('parts' in condition) return condition.parts;
  if ('filters' in condition) return condition.filters;
  if ('left' in condition) return [condition.left, condition.right];
  return 'part' in condition ? [condition.part] : [];
}

function toLength(condition: Condition): number {
  if (condition.kind === 'other') return condition.text.length;
  return condition.kind === 'value' ? String(condition.value).length : 0;
}

/** What would take too long to look into counts as too deep. */
export function bounded(condition: Condition): Condition {
  return sizeOf(condition) > MAX_SIZE ? TOO_DEEP : condition;
}

/** `fixed`: the same for every row, so that it holds for all of them or for none. */
type Truth = 'true' | 'false' | 'fixed' | 'row';

/** Inward, so that `x IN (1, 2) OR x NOT IN (1, 2)` can be seen through. */
export function not(part: Condition): Condition {
  if (part.kind === 'not') return part.part;
  if (part.kind === 'and' || part.kind === 'or') return join(OPPOSITES[part.kind], part.parts.map(not));
  return { kind: 'not', part };
}

const OPPOSITES = { and: 'or', or: 'and' } as const;

export function join(kind: 'and' | 'or', parts: readonly Condition[]): Condition {
  return { kind, parts: parts.flatMap((part) => (part.kind === kind ? part.parts : [part])) };
}

export function isIn(left: Condition, list: readonly Condition[]): Condition {
  return join(
    'or',
    list.map((right) => ({ kind: 'equal', left, right })),
  );
}

export function isBetween(part: Condition, low: Condition, high: Condition): Condition {
  return join('and', [not({ kind: 'less', left: part, right: low }), not({ kind: 'less', left: high, right: part })]);
}

const COMPARISONS: Readonly<Record<string, (left: Condition, right: Condition) => Condition>> = {
  equal: (left, right) => ({ kind: 'equal', left, right }),
  notEqual: (left, right) => not({ kind: 'equal', left, right }),
  less: (left, right) => ({ kind: 'less', left, right }),
  greater: (left, right) => ({ kind: 'less', left: right, right: left }),
  atLeast: (left, right) => not({ kind: 'less', left, right }),
  atMost: (left, right) => not({ kind: 'less', left: right, right: left }),
  like: (left, right) => ({ kind: 'like', left, right }),
  notLike: (left, right) => not({ kind: 'like', left, right }),
  regex: (left, right) => ({ kind: 'regex', left, right }),
  notRegex: (left, right) => not({ kind: 'regex', left, right }),
};

/** Operators as PostgreSQL writes them, and as sqlparser names them. */
const OPERATORS: Readonly<Record<string, string>> = {
  '=': 'equal',
  Eq: 'equal',
  Spaceship: 'equal',
  DoubleEq: 'equal',
  '<>': 'notEqual',
  NotEq: 'notEqual',
  '<': 'less',
  Lt: 'less',
  '>': 'greater',
  Gt: 'greater',
  '>=': 'atLeast',
  GtEq: 'atLeast',
  '<=': 'atMost',
  LtEq: 'atMost',
  '~~': 'like',
  '~~*': 'like',
  Like: 'like',
  '!~~': 'notLike',
  '!~~*': 'notLike',
  '~': 'regex',
  '~*': 'regex',
  RLike: 'regex',
  Regexp: 'regex',
  '!~': 'notRegex',
  '!~*': 'notRegex',
};

/** Undefined for an operator that is not known. */
export function compare(operator: string, left: Condition, right: Condition): Condition | undefined {
  return COMPARISONS[OPERATORS[operator] ?? '']?.(left, right);
}

const EVERYTHING = { like: /^%+$/, regex: /^\^?(?:\.\*)*\$?$/ };

function isFixed(condition: Condition): boolean {
  switch (condition.kind) {
    case 'value':
    case 'parameter':
      return true;
    case 'column':
      return false;
    case 'other':
      return condition.isFixed;
    case 'exists':
      return toExistsTruth(condition.filters) === 'fixed';
    case 'and':
    case 'or':
      return condition.parts.every(isFixed);
    case 'not':
    case 'isNull':
      return isFixed(condition.part);
    default:
      return isFixed(condition.left) && isFixed(condition.right);
  }
}

function opposite(truth: Truth): Truth {
  if (truth === 'true') return 'false';
  return truth === 'false' ? 'true' : truth;
}

/** `x OR NOT x`, `x OR y OR (NOT x AND NOT y)`, and the same with AND. */
function hasOpposites(kind: 'and' | 'or', parts: readonly Condition[]): boolean {
  const keys = new Set(parts.map((part) => JSON.stringify(part)));
  return parts.some((part) =>
    (part.kind === OPPOSITES[kind] ? part.parts : [part]).every((each) => keys.has(JSON.stringify(not(each)))),
  );
}

/** What one part decides alone, and otherwise the strongest of the rest. */
const JOINTS = {
  and: { decisive: 'false', order: ['row', 'fixed'] },
  or: { decisive: 'true', order: ['fixed', 'row'] },
} as const;

function toJointTruth(kind: 'and' | 'or', parts: readonly Condition[]): Truth {
  const { decisive, order } = JOINTS[kind];
  const truths = parts.map(toTruth);
  if (truths.includes(decisive) || hasOpposites(kind, parts)) return decisive;
  return order.find((truth) => truths.includes(truth)) ?? opposite(decisive);
}

function toValueTruth(value: string | number | boolean | null): Truth {
  // What a text is worth as a condition differs from server to server.
  if (typeof value === 'string') return 'fixed';
  return value === null || value === false || value === 0 ? 'false' : 'true';
}

function toPairTruth(condition: Extract<Condition, { left: Condition }>): Truth {
  const { kind, left, right } = condition;
  if (JSON.stringify(left) === JSON.stringify(right)) return kind === 'less' ? 'false' : 'true';
  const [first, second] = [left, right].map((side) => (side.kind === 'value' ? side.value : undefined));
  if (typeof first === 'number' && typeof second === 'number')
    return kind === 'less' && first < second ? 'true' : 'false';
  if ((kind === 'like' || kind === 'regex') && EVERYTHING[kind].test(String(second))) return 'true';
  // SQLite takes "name" for the text 'name' where there is no such column.
  const [one, other] = [left, right].map((side) =>
    side.kind === 'column' ? side.name : side.kind === 'value' && side.value,
  );
  if (one === other && one !== false) return 'fixed';
  return isFixed(condition) ? 'fixed' : 'row';
}

function toExistsTruth(filters: readonly Condition[]): Truth {
  return filters.length > 0 && filters.every((filter) => toTruth(filter) === 'row') ? 'row' : 'fixed';
}

const truths = new WeakMap<Condition, Truth>();

function toTruth(condition: Condition): Truth {
  const truth = truths.get(condition) ?? findTruth(condition);
  truths.set(condition, truth);
  return truth;
}

function findTruth(condition: Condition): Truth {
  switch (condition.kind) {
    case 'value':
      return toValueTruth(condition.value);
    case 'and':
    case 'or':
      return toJointTruth(condition.kind, condition.parts);
    case 'not':
      return opposite(toTruth(condition.part));
    case 'isNull':
      if (condition.part.kind === 'value') return condition.part.value === null ? 'true' : 'false';
      return isFixed(condition) ? 'fixed' : 'row';
    case 'equal':
    case 'less':
    case 'like':
    case 'regex':
      return toPairTruth(condition);
    default:
      return isFixed(condition) ? 'fixed' : 'row';
  }
}

/** Whether the condition holds for all rows, or does not look at them at all and may hold for all of them. */
export function isForEveryRow(condition: Condition): boolean {
  return ['true', 'fixed'].includes(toTruth(condition));
}

/** `companies` -> `companies`, `companie`, `compani`, `company`. */
function toSingulars(table: string): string[] {
  return [table, table.replace(/s$/, ''), table.replace(/es$/, ''), table.replace(/ies$/, 'y')];
}

const KEYS = ['id', 'uuid', 'key', 'rowid'];

function isKey(side: Condition, table: string): boolean {
  if (side.kind !== 'column') return false;
  return (
    KEYS.includes(side.name) || toSingulars(table).some((name) => [`${name}_id`, `${name}_uuid`].includes(side.name))
  );
}

function isOneKey(side: Condition): boolean {
  // MySQL: text equals 0 when it begins with no digit.
  if (side.kind === 'value')
    return typeof side.value === 'string' || (typeof side.value === 'number' && side.value !== 0);
  return side.kind === 'parameter';
}

/** Rows of `table` that can meet the condition, by equality with keys; -1 when that is not known. */
export function countKeyedRows(condition: Condition, table: string): number {
  if (condition.kind === 'equal') {
    const { left, right } = condition;
    const isKeyed = (isKey(left, table) && isOneKey(right)) || (isKey(right, table) && isOneKey(left));
    return isKeyed ? 1 : -1;
  }
  if (condition.kind !== 'and' && condition.kind !== 'or') return -1;
  const counts = condition.parts.map((part) => countKeyedRows(part, table));
  const known = counts.filter((count) => count >= 0);
  if (condition.kind === 'and') return known.length === 0 ? -1 : Math.min(...known);
  return known.length < counts.length ? -1 : known.reduce((sum, count) => sum + count, 0);
}
