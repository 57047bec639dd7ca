import { cutText } from '../../kernel/json.ts';
import type { ASTNode, BinaryOperator } from '@marcbachmann/cel-js';
import type { Json } from '../../kernel/json.ts';
import {
  calculate,
  EvaluationFailure,
  isEqual,
  isList,
  isNumber,
  isRecord,
  LimitReached,
  MAX_ELEMENTS,
  MAX_RESULT_BYTES,
  toJson,
  typeName,
  type Budget,
  type Element,
  type Value,
} from './values.ts';

/** Applies an operator with two sides. Throws `EvaluationFailure` for types it does not take. */
export function applyOperator(node: ASTNode, op: BinaryOperator, left: Value, right: Value, budget: Budget): Value {
  switch (op) {
    case '==':
      return isEqual(left, right, budget);
    case '!=':
      return !isEqual(left, right, budget);
    case 'in':
      return isIn(node, left, right, budget);
    case '<':
      return order(node, op, left, right, budget) < 0;
    case '<=':
      return order(node, op, left, right, budget) <= 0;
    case '>':
      return order(node, op, left, right, budget) > 0;
    case '>=':
      return order(node, op, left, right, budget) >= 0;
    case '+':
      if (typeof left === 'string' && typeof right === 'string') return concat(node, [left, right], '', budget);
      if (isList(left) && isList(right)) return append(left, right, budget);
      break;
    default:
  }
  if (isNumber(left) && isNumber(right)) return calculate(op, left, right);
  const isText = op === '+' && (typeof left === 'string' || typeof right === 'string');
  const wayOut = isText ? ': turn the other into text with string()' : '';
  throw new EvaluationFailure(`\`${op}\` does not take ${typeName(left)} and ${typeName(right)}${wayOut}`, node.start);
}

/** exists (`decisive` true) and all (`decisive` false): one deciding item is enough, whatever the others are. */
export function anyOf(list: readonly Element[], test: (item: Element) => boolean, decisive: boolean): boolean {
  let held: Error | undefined;
  for (const item of list) {
    try {
      if (test(item) === decisive) return decisive;
    } catch (error) {
      if (error instanceof LimitReached || !(error instanceof Error)) throw error;
      held ??= error;
    }
  }
  if (held !== undefined) throw held;
  return !decisive;
}

export function concat(node: ASTNode, parts: readonly string[], separator: string, budget: Budget): string {
  const length = parts.reduce((sum, part) => sum + part.length + separator.length, 0);
  if (length > MAX_RESULT_BYTES) {
    throw new EvaluationFailure(`the text would be longer than ${MAX_RESULT_BYTES / 1024 / 1024} MB`, node.start);
  }
  budget.text(...parts);
  return parts.join(separator);
}

function append(left: readonly Element[], right: readonly Element[], budget: Budget): readonly Element[] {
  budget.spend(left.length + right.length);
  if (left.length + right.length > MAX_ELEMENTS) throw new LimitReached(`a list may have ${MAX_ELEMENTS} items`);
  return [...left, ...right];
}

function order(node: ASTNode, op: string, left: Value, right: Value, budget: Budget): number {
  if (isNumber(left) && isNumber(right)) return compare(left, right);
  if (typeof left === 'string' && typeof right === 'string') {
    budget.text(left);
    return compare(left, right);
  }
  throw new EvaluationFailure(`\`${op}\` does not take ${typeName(left)} and ${typeName(right)}`, node.start);
}

function compare<T extends bigint | number | string>(left: T, right: T): number {
  if (left < right) return -1;
  return left > right ? 1 : 0;
}

function isIn(node: ASTNode, left: Value, right: Value, budget: Budget): boolean {
  if (isList(right)) return anyOf(right, (item) => isEqual(left, item, budget), true);
  if (isRecord(right)) return typeof left === 'string' && Object.hasOwn(right, left);
  const wayOut = typeof right === 'string' ? ': for text use contains()' : '';
  throw new EvaluationFailure(`\`in\` looks into a list or an object, not ${typeName(right)}${wayOut}`, node.start);
}

/** A whole int of any size reads as its digits; everything else goes through JSON. */
export function toStringable(value: Value, budget: Budget): Json {
  return typeof value === 'bigint' ? String(value) : toJson(value, budget);
}

export function toInt(value: Value): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return BigInt(Math.trunc(value));
  if (typeof value === 'string' && /^[+-]?\d{1,18}$/.test(value.trim())) return BigInt(value.trim());
  throw new RangeError(
    typeof value === 'string'
      ? `\`${cutText(value, 40)}\` is not a whole number`
      : `${typeName(value)} cannot become an int`,
  );
}

export function toDouble(value: Value): number {
  if (isNumber(value)) return Number(value);
  if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) return Number(value);
  throw new RangeError(
    typeof value === 'string'
      ? `\`${cutText(value, 40)}\` is not a number`
      : `${typeName(value)} cannot become a double`,
  );
}
