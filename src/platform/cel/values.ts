import type { Json } from '../../kernel/json.ts';

/** Stands for a value that a dry run cannot know; an expression that touches it yields it. */
export const UNKNOWN: unique symbol = Symbol('unknown');
export type Unknown = typeof UNKNOWN;

/** What an expression may look at: JSON in which a dry run puts `UNKNOWN` where a value is not known yet. */
export type ScopeValue =
  null | boolean | number | string | Unknown | readonly ScopeValue[] | { readonly [key: string]: ScopeValue };

/** A value inside an evaluation: whole numbers are `bigint` (CEL's int), all other numbers `number` (its double). */
export type Value =
  null | boolean | bigint | number | string | readonly Element[] | { readonly [key: string]: Element };
export type Element = Value | ScopeValue;
export type Record = { readonly [key: string]: Element };

/** Most bytes a result may have as JSON text. */
export const MAX_RESULT_BYTES = 8 * 1024 * 1024;
/** Most elements a list may have to be walked by `map`, `filter`, `exists` or `all`. */
export const MAX_ELEMENTS = 100_000;
/** Steps of work for one expression: a node is 1, a character compared or copied 1/16. Under a second of CPU. */
const MAX_COST = 4_000_000;
const MAX_INT = 2n ** 63n;

/** Evaluation met an unknown value. */
export class UnknownTouched extends Error {}
/** The bounds of one evaluation were reached; no operator may hide it. */
export class LimitReached extends Error {}
/** Any other failure of an evaluation, told in words for the author of the expression. */
export class EvaluationFailure extends Error {
  readonly position: number;
  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

/** What one evaluation may still spend. */
export class Budget {
  #left = MAX_COST;

  spend(cost: number): void {
    this.#left -= cost;
    if (this.#left < 0) throw new LimitReached('it needs too much work for one expression');
  }

  text(...texts: readonly string[]): void {
    for (const text of texts) this.spend(1 + text.length / 16);
  }
}

/** The value of an element: numbers get their CEL type, an unknown ends the evaluation. */
export function load(element: Element): Value {
  if (element === UNKNOWN) throw new UnknownTouched();
  return typeof element === 'number' && Number.isSafeInteger(element) ? BigInt(element) : element;
}

export function isList(value: Element): value is readonly Element[] {
  return Array.isArray(value);
}

export function isRecord(value: Element): value is Record {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isNumber(value: Value): value is bigint | number {
  return typeof value === 'bigint' || typeof value === 'number';
}

/** How messages name the type of a value. */
export function typeName(value: Value): string {
  if (value === null) return 'null';
  if (isList(value)) return 'a list';
  switch (typeof value) {
    case 'bigint':
      return 'an int';
    case 'number':
      return 'a double';
    case 'string':
      return 'a string';
    case 'boolean':
      return 'a bool';
    default:
      return 'an object';
  }
}

/** Int and double compare by value; lists and objects member by member; different types are simply not equal. */
export function isEqual(left: Element, right: Element, budget: Budget): boolean {
  budget.spend(2);
  const [a, b] = [load(left), load(right)];
  if (isNumber(a) && isNumber(b)) return !(a < b) && !(a > b);
  if (typeof a === 'string' && typeof b === 'string') {
    if (a.length === b.length) budget.text(a);
    return a === b;
  }
  if (isList(a) && isList(b))
    return a.length === b.length && a.every((item, index) => isEqual(item, b[index] ?? null, budget));
  if (!isRecord(a) || !isRecord(b)) return a === b;
  const keys = Object.keys(a);
  budget.spend(2 * keys.length);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key] ?? null, b[key] ?? null, budget))
  );
}

export type Operator = '+' | '-' | '*' | '/' | '%';

/** Arithmetic on two numbers: int with int stays int (`7 / 2` is 3), any double makes a double (`7 / 2.0` is 3.5). */
export function calculate(op: Operator, left: bigint | number, right: bigint | number): bigint | number {
  if ((op === '/' || op === '%') && Number(right) === 0) throw new RangeError('division by zero');
  if (typeof left === 'bigint' && typeof right === 'bigint') {
    const whole = apply(op, left, right);
    if (whole >= MAX_INT || whole < -MAX_INT) throw new RangeError('the result is outside the range of a 64-bit int');
    return whole;
  }
  const result = apply(op, Number(left), Number(right));
  if (!Number.isFinite(result)) throw new RangeError('the result is too large for a double');
  return result;
}

function apply<T extends bigint | number>(op: Operator, left: T, right: T): T;
function apply(op: Operator, left: number, right: number): number {
  switch (op) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
  }
}

/** The JSON of a value. It throws where JSON cannot hold it or it is too large. Inside an evaluation it is paid for, once for each use. */
export function toJson(element: Element, budget?: Budget): Json {
  let bytes = 0;
  const grow = (count: number): void => {
    bytes += count;
    budget?.spend(2 + count / 16);
    if (bytes > MAX_RESULT_BYTES)
      throw new LimitReached(`its result is larger than ${MAX_RESULT_BYTES / 1024 / 1024} MB`);
  };
  const convert = (member: Element): Json => {
    const value = load(member);
    if (typeof value === 'bigint') {
      if (!Number.isSafeInteger(Number(value)))
        throw new RangeError('an int beyond 2^53 cannot be a JSON number: use string()');
      grow(8);
      return Number(value);
    }
    if (isList(value)) {
      grow(2);
      return value.map(convert);
    }
    if (isRecord(value)) {
      grow(2);
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => (grow(key.length + 4), [key, convert(item)])),
      );
    }
    grow(typeof value === 'string' ? value.length + 2 : 8);
    return value;
  };
  return convert(element);
}

/** How a value reads inside a text: strings as they are, nothing for null, lists and objects as JSON. */
export function toText(value: Json): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
