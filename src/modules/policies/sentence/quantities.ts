import { toCountedType } from './action-cel.ts';
import type { Comparison, Quantity, Unit, Window } from './item.ts';
import type { Facet, Kind, Scene, Value } from './parts.ts';

export const TEXT: Record<Comparison, string> = {
  '>': 'more than',
  '>=': 'at least',
  '<': 'less than',
  '<=': 'at or below',
};
const OPPOSITE: Record<Comparison, Comparison> = { '>': '<=', '>=': '<', '<': '>=', '<=': '>' };

interface Measure {
  readonly facet: Facet;
  readonly family?: Kind;
  /** Condition for "beyond this", and for "known and within this". */
  readonly compare: (comparison: Comparison, count: number) => string;
  readonly text: (comparison: string, count: number) => string;
}

/** A value that a number is compared with; its opposite is the comparison turned round. */
export function toMeasured(measure: Measure, comparison: Comparison, count: number, isMaximum = false): Value {
  const { facet, family, compare, text } = measure;
  return {
    facet,
    text: text(TEXT[comparison], count),
    some: compare(comparison, count),
    opposite: () => toMeasured(measure, OPPOSITE[comparison], count),
    ...(family === undefined ? {} : { family }),
    ...(isMaximum ? { isMaximum } : {}),
  };
}

/** An unknown number counts as too much, never as little enough. */
function pessimistic(attribute: string, comparison: Comparison, count: number): string {
  const test = `${attribute} ${comparison} ${count}`;
  return comparison === '>' || comparison === '>=' ? `${test} || ${attribute} < 0` : `${test} && ${attribute} >= 0`;
}

const micros = (count: number) => Math.round(count * 1_000_000);

const AMOUNT = (currency: string): Measure => ({
  facet: 'amount',
  family: 'payment',
  compare: (comparison, count) => pessimistic('payment.amountMinor', comparison, Math.round(count * 100)),
  text: (words, count) => `of ${words} ${count} ${currency}`,
});
const SPENDING: Record<'1d' | 'month', Measure> = {
  '1d': {
    facet: 'cost',
    compare: (comparison, count) => `budget.spentTodayMicros + cost.micros ${comparison} ${micros(count)}`,
    text: (words, count) => `spending ${words} ${count} USD per day`,
  },
  month: {
    facet: 'cost',
    compare: (comparison, count) => `budget.spentMonthMicros + cost.micros ${comparison} ${micros(count)}`,
    text: (words, count) => `spending ${words} ${count} USD per month`,
  },
};
const COST: Measure = {
  facet: 'cost',
  compare: (comparison, count) => {
    const test = `cost.micros ${comparison} ${micros(count)}`;
    return comparison.startsWith('>') ? `${test} || cost.paid && !cost.known` : `${test} && cost.known`;
  },
  text: (words, count) => `costing ${words} ${count} USD`,
};
const TOKENS: Record<'call' | '1d' | 'run', Measure> = {
  call: {
    facet: 'tokens',
    family: 'model',
    compare: (comparison, count) =>
      `model.maxTokens >= 0 ? model.maxTokens ${comparison} ${count} : cost.tokens ${comparison} ${count}`,
    text: (words, count) => `with ${words} ${count} tokens`,
  },
  '1d': {
    facet: 'tokens',
    family: 'model',
    compare: (comparison, count) => `budget.tokensToday + cost.tokens ${comparison} ${count}`,
    text: (words, count) => `with ${words} ${count} tokens per day`,
  },
  run: {
    facet: 'tokens',
    family: 'model',
    compare: (comparison, count) => `budget.tokensRun + cost.tokens ${comparison} ${count}`,
    text: (words, count) => `with ${words} ${count} tokens per run`,
  },
};
const RECORDS: Measure = {
  facet: 'records',
  compare: (comparison, count) => {
    const test = `records.count ${comparison} ${count}`;
    return comparison.startsWith('>')
      ? `${test} || sql.limit ${comparison} ${count} || !records.known && action.sideEffect != "none"`
      : `${test} && sql.limit ${comparison} ${count} && records.known`;
  },
  text: (words, count) => `touching ${words} ${count} records`,
};
const ROW_LIMIT: Measure = {
  facet: 'sql',
  family: 'sql',
  compare: (comparison, count) => {
    const test = `sql.limit ${comparison} ${count}`;
    const isRead = '"select" in sql.operations';
    return comparison.startsWith('>')
      ? `${isRead} && (${test} || sql.limit < 0)`
      : `!(${isRead}) || ${test} && sql.limit >= 0`;
  },
  text: (words, count) => `with a LIMIT of ${words} ${count}`,
};
const plain = (facet: Facet, attribute: string, noun: string, family?: Kind): Measure => ({
  facet,
  compare: (comparison, count) => `${attribute} ${comparison} ${count}`,
  text: (words, count) => `with ${words} ${count} ${noun}`,
  ...(family === undefined ? {} : { family }),
});
const SIZE: Measure = {
  facet: 'size',
  compare: (comparison, count) => `file.bytes ${comparison} ${count}`,
  text: (words, count) => `of ${words} ${count} bytes`,
};

export function toSize(comparison: Comparison, bytes: number, isMaximum: boolean): Value {
  return toMeasured(SIZE, comparison, bytes, isMaximum);
}

export function toRowLimit(comparison: Comparison, count: number, isMaximum: boolean): Value {
  return toMeasured(ROW_LIMIT, comparison, count, isMaximum);
}

type Counter = (scene: Scene) => string;
const COUNTED: Record<'type' | 'kind' | 'any', Partial<Record<Window, string>>> = {
  type: { '1m': 'rate.type1m', '10m': 'rate.type10m', '1h': 'rate.type1h', '1d': 'rate.type1d' },
  kind: { '1m': 'rate.kind1m', '10m': 'rate.kind10m', '1h': 'rate.kind1h', '1d': 'rate.kind1d' },
  any: { '1m': 'rate.calls1m', '1h': 'rate.calls1h', '1d': 'rate.calls1d' },
};
const DELETES: Partial<Record<Window, string>> = { '1h': 'rate.deletes1h', '1d': 'rate.deletes1d' };
const WRITES: Partial<Record<Window, string>> = { '1m': 'rate.writes1m', '1h': 'rate.writes1h' };

function toCounter(window: Window): Counter | undefined {
  if (COUNTED.type[window] === undefined) return undefined;
  return ({ kinds, ops }) => {
    const isOnly = (op: string) => ops.length === 1 && ops[0] === op;
    if (isOnly('delete') && kinds.length === 0) return DELETES[window] ?? COUNTED.type[window] ?? '';
    if (isOnly('write') && kinds.length === 0) return WRITES[window] ?? COUNTED.type[window] ?? '';
    return COUNTED[toCountedType(ops, kinds)][window] ?? COUNTED.kind[window] ?? '';
  };
}

const SAME: Record<'recipient' | 'target' | 'action', Partial<Record<Window, string>>> = {
  recipient: { '1h': 'rate.recipient1h', '1d': 'rate.recipient1d' },
  target: { '1m': 'rate.target1m', '1h': 'rate.target1h' },
  action: { '1m': 'rate.identical1m' },
};
const WINDOW_TEXT: Partial<Record<Window, string>> = {
  '1m': 'per minute',
  '10m': 'per 10 minutes',
  '1h': 'per hour',
  '1d': 'per day',
};
const SAME_TEXT = {
  recipient: ' to the same recipient',
  target: ' to the same target',
  action: ' with identical params',
} as const;

/** The same comparison for the number without this action. */
function beforeThis(comparison: Comparison, count: number): string {
  if (comparison === '>') return `>= ${count}`;
  if (comparison === '<=') return `< ${count}`;
  return `${comparison} ${count - 1}`;
}

/** Counters hold what was before: the action itself is one more. */
export function toRate(
  { comparison = '>', count, isMaximum = false }: Quantity,
  window: Window,
  same?: 'recipient' | 'target' | 'action',
): Value | undefined {
  const fixed = same === undefined ? undefined : SAME[same][window];
  const counter: Counter | undefined =
    same === undefined ? toCounter(window) : fixed === undefined ? undefined : () => fixed;
  if (counter === undefined) return undefined;
  const make = (op: Comparison): Value => ({
    facet: 'rate',
    text: `${TEXT[op]} ${count}${same === undefined ? '' : SAME_TEXT[same]} ${WINDOW_TEXT[window] ?? ''}`,
    some: (scene) => `${counter(scene)} ${beforeThis(op, count)}`,
    opposite: () => make(OPPOSITE[op]),
    ...(isMaximum ? { isMaximum } : {}),
  });
  return make(comparison);
}

const RUNNING = (comparison: Comparison, count: number, isMaximum: boolean): Value => ({
  facet: 'rate',
  text: `${TEXT[comparison]} ${count} at once`,
  some: `rate.running ${beforeThis(comparison, count)}`,
  opposite: () => RUNNING(OPPOSITE[comparison], count, false),
  ...(isMaximum ? { isMaximum } : {}),
});
const FAILURES: Measure = {
  facet: 'rate',
  compare: (comparison, count) => `rate.failures10m ${comparison} ${count}`,
  text: (words, count) => `after ${words} ${count} failures in 10 minutes`,
};
const DENIALS: Measure = {
  facet: 'rate',
  compare: (comparison, count) => `rate.denials1h ${comparison} ${count}`,
  text: (words, count) => `after ${words} ${count} denials in an hour`,
};

export interface Counting {
  readonly quantity: Quantity;
  readonly unit: Unit | undefined;
  readonly window: Window | undefined;
  readonly same: 'recipient' | 'target' | 'action' | undefined;
  readonly isSpending: boolean;
  readonly kinds: readonly Kind[];
}

function toMoneyValue({ quantity, window, isSpending, kinds }: Counting, comparison: Comparison): Value | undefined {
  const { count, currency = 'USD', isMaximum = false } = quantity;
  const paysSomebody = kinds.includes('payment') || kinds.includes('refund');
  if (!paysSomebody && (window === '1d' || window === 'month'))
    return toMeasured(SPENDING[window], comparison, count, isMaximum);
  if (window !== undefined && window !== 'once') return undefined;
  if (isSpending && !paysSomebody) return toMeasured(COST, comparison, count, isMaximum);
  return toMeasured(AMOUNT(currency), comparison, count, isMaximum);
}

/** What a number means, by its unit and its window; undefined when nothing counts that. */
export function toQuantityValue(counting: Counting): Value | undefined {
  const { quantity, unit, window, same, kinds } = counting;
  const { count, isMaximum = false } = quantity;
  const isReached = quantity.isAfter === true || quantity.comparison === undefined;
  const comparison = (unit === 'failures' || unit === 'denials') && isReached ? '>=' : (quantity.comparison ?? '>');
  if (unit === 'money') return toMoneyValue(counting, comparison);
  if (unit === 'tokens') {
    if (window === 'month' || window === '1h' || window === '1m' || window === '10m') return undefined;
    return toMeasured(TOKENS[window === '1d' || window === 'run' ? window : 'call'], comparison, count, isMaximum);
  }
  if (unit === 'failures')
    return window === undefined || window === '10m' ? toMeasured(FAILURES, comparison, count, isMaximum) : undefined;
  if (unit === 'denials')
    return window === undefined || window === '1h' ? toMeasured(DENIALS, comparison, count, isMaximum) : undefined;
  if (unit === 'attachments')
    return toMeasured(plain('message', 'message.attachments', 'attachments', 'email'), comparison, count, isMaximum);
  if (unit === 'statements')
    return toMeasured(plain('sql', 'sql.statements', 'statements', 'sql'), comparison, count, isMaximum);
  if (window === 'once' && unit === undefined && !kinds.some((kind) => kind === 'email' || kind === 'file'))
    return RUNNING(comparison, count, isMaximum);
  if (window === undefined || window === 'once' || window === 'run') return toPlainCount(counting, comparison, unit);
  if (unit === 'recipients' && same === undefined) return undefined;
  return toRate({ ...quantity, comparison }, window, same);
}

function toPlainCount(
  { quantity, window, kinds }: Counting,
  comparison: Comparison,
  unit: Unit | undefined,
): Value | undefined {
  const { count, isMaximum = false } = quantity;
  if (window === 'run') return undefined;
  if (unit === 'recipients' || (unit === undefined && kinds.some((kind) => kind === 'email' || kind === 'message')))
    return toMeasured(plain('recipients', 'recipients.count', 'recipients', 'email'), comparison, count, isMaximum);
  if (unit === 'records' || kinds.some((kind) => kind === 'file' || kind === 'sql' || kind === 'storage'))
    return toMeasured(RECORDS, comparison, count, isMaximum);
  return undefined;
}
