import { cutText } from '../../kernel/json.ts';
import type { ASTNode } from '@marcbachmann/cel-js';
import type { Json } from '../../kernel/json.ts';
import { anyOf, applyOperator, concat, toDouble, toInt, toStringable } from './operators.ts';
import {
  Budget,
  calculate,
  EvaluationFailure,
  isList,
  isNumber,
  isRecord,
  LimitReached,
  load,
  MAX_ELEMENTS,
  toJson,
  toText,
  typeName,
  type Element,
  type Value,
} from './values.ts';

type Variables = { readonly [name: string]: Element | undefined };

/** Evaluates a checked tree. Its own interpreter, because each step must be paid for and data is reached by own fields only. */
export function evaluate(ast: ASTNode, variables: Variables): Json {
  return toJson(new Evaluation(new Budget(), variables).run(ast));
}

class Evaluation {
  readonly #budget: Budget;
  readonly #variables: Variables;

  constructor(budget: Budget, variables: Variables) {
    this.#budget = budget;
    this.#variables = variables;
  }

  run(node: ASTNode): Value {
    this.#budget.spend(1);
    try {
      return this.#value(node);
    } catch (error) {
      if (error instanceof RangeError) throw new EvaluationFailure(error.message, node.start);
      throw error;
    }
  }

  #value(node: ASTNode): Value {
    switch (node.op) {
      case 'value':
        return node.args as Value;
      case 'id':
        return this.#variable(node, node.args);
      case '.':
      case '[]':
        return load(this.#member(node, this.run(node.args[0]), this.#key(node.args[1])));
      case 'call':
        return this.#call(node, node.args[0], node.args[1]);
      case 'rcall':
        return this.#method(node, ...node.args);
      case 'list':
        return node.args.map((item) => this.run(item));
      case 'map':
        return Object.fromEntries(node.args.map(([key, item]) => [this.#string(key, 'a key'), this.run(item)]));
      case '?:':
        return this.#bool(node.args[0]) ? this.run(node.args[1]) : this.run(node.args[2]);
      case '||':
        return this.#either(node.args[0], node.args[1], true);
      case '&&':
        return this.#either(node.args[0], node.args[1], false);
      case '!_':
        return !this.#bool(node.args);
      case '-_':
        return this.#negate(node, this.run(node.args));
      case '.?':
      case '[?]':
        throw new EvaluationFailure('optional fields are not available', node.start);
      default:
        return applyOperator(node, node.op, this.run(node.args[0]), this.run(node.args[1]), this.#budget);
    }
  }

  #variable(node: ASTNode, name: string): Value {
    const element = Object.hasOwn(this.#variables, name) ? this.#variables[name] : undefined;
    if (element !== undefined) return load(element);
    const wayOut = name === 'item' || name === 'index' ? ': it exists only in a step with `forEach`' : ' here';
    throw new EvaluationFailure(`there is no \`${name}\`${wayOut}`, node.start);
  }

  #key(key: ASTNode | string): Value {
    return typeof key === 'string' ? key : this.run(key);
  }

  #member(node: ASTNode, target: Value, key: Value): Element {
    if (isList(target)) return this.#item(node, target, key);
    if (!isRecord(target)) {
      const why =
        target === null
          ? 'the value before it is null (a step that was skipped or failed has no output)'
          : `the value before it is ${typeName(target)}`;
      throw new EvaluationFailure(`there is no ${describeKey(key)}: ${why}`, node.start);
    }
    if (typeof key !== 'string')
      throw new EvaluationFailure(`a field name is a string, not ${typeName(key)}`, node.start);
    const found = Object.hasOwn(target, key) ? target[key] : undefined;
    if (found !== undefined) return found;
    const names = Object.keys(target);
    const shown =
      names.length === 0
        ? 'the object is empty'
        : `it has ${names
            .slice(0, 10)
            .map((name) => `\`${cutText(name, 60)}\``)
            .join(', ')}${names.length > 10 ? ', ...' : ''}`;
    throw new EvaluationFailure(`there is no ${describeKey(key)}; ${shown}`, node.start);
  }

  #item(node: ASTNode, list: readonly Element[], key: Value): Element {
    if (!isNumber(key) || !Number.isInteger(Number(key)))
      throw new EvaluationFailure(`a place in a list is an int, not ${typeName(key)}`, node.start);
    const found = list[Number(key)];
    if (found === undefined)
      throw new EvaluationFailure(
        `there is no item ${String(key)}: the list has ${list.length} items, counted from 0`,
        node.start,
      );
    return found;
  }

  /** `||` and `&&` as CEL defines them: a side that decides wins over a side that fails or is unknown. */
  #either(left: ASTNode, right: ASTNode, decisive: boolean): boolean {
    let held: Error | undefined;
    try {
      if (this.#bool(left) === decisive) return decisive;
    } catch (error) {
      if (error instanceof LimitReached || !(error instanceof Error)) throw error;
      held = error;
    }
    const second = this.#bool(right);
    if (second !== decisive && held !== undefined) throw held;
    return second;
  }

  #call(node: ASTNode, name: string, args: readonly ASTNode[]): Value {
    const [argument] = args;
    if (argument === undefined) throw new EvaluationFailure(`${name}() needs an argument`, node.start);
    if (name === 'has') return this.#has(argument);
    const value = this.run(argument);
    switch (name) {
      case 'json':
        return JSON.stringify(toJson(value, this.#budget));
      case 'size':
        return this.#size(node, value);
      case 'string':
        return toText(toStringable(value, this.#budget));
      case 'int':
        return toInt(value);
      case 'double':
        return toDouble(value);
      default:
        throw new EvaluationFailure(`there is no ${name}()`, node.start);
    }
  }

  /** Whether the whole way is there: unlike the bare field, a missing or null part is an answer, not an error. */
  #has(node: ASTNode): boolean {
    if (node.op !== '.' && node.op !== '[]') return this.run(node) !== null;
    const [owner, key] = [node.args[0], this.#key(node.args[1])];
    if ((owner.op === '.' || owner.op === '[]') && !this.#has(owner)) return false;
    const target = this.run(owner);
    if (isList(target)) return isNumber(key) && target[Number(key)] !== undefined;
    return isRecord(target) && typeof key === 'string' && Object.hasOwn(target, key);
  }

  #method(node: ASTNode, name: string, receiver: ASTNode, args: readonly ASTNode[]): Value {
    const target = this.run(receiver);
    const [first, second] = args;
    if (name === 'size') return this.#size(node, target);
    if (first === undefined) throw new EvaluationFailure(`${name}() needs an argument`, node.start);
    if (first.op === 'id' && second !== undefined) return this.#macro(node, name, target, first.args, second);
    if (name === 'join') return this.#join(node, target, this.#string(first, 'the separator'));
    if (typeof target !== 'string') {
      const wayOut = isList(target) && name === 'contains' ? ': write `value in list`' : '';
      throw new EvaluationFailure(`${name}() belongs to a string, not ${typeName(target)}${wayOut}`, node.start);
    }
    const part = this.#string(first, `the argument of ${name}()`);
    this.#budget.text(target);
    if (name === 'startsWith') return target.startsWith(part);
    return name === 'endsWith' ? target.endsWith(part) : target.includes(part);
  }

  #macro(node: ASTNode, name: string, target: Value, variable: string, body: ASTNode): Value {
    if (!isList(target)) throw new EvaluationFailure(`${name}() works on a list, not ${typeName(target)}`, node.start);
    if (target.length > MAX_ELEMENTS)
      throw new LimitReached(`${name}() has ${target.length} items to look at and may have ${MAX_ELEMENTS}`);
    const inner = (item: Element): Evaluation => new Evaluation(this.#budget, { ...this.#variables, [variable]: item });
    switch (name) {
      case 'map':
        return target.map((item) => inner(item).run(body));
      case 'filter':
        return target.filter((item) => inner(item).#bool(body));
      case 'exists':
        return anyOf(target, (item) => inner(item).#bool(body), true);
      default:
        return anyOf(target, (item) => inner(item).#bool(body), false);
    }
  }

  #join(node: ASTNode, target: Value, separator: string): string {
    if (!isList(target)) throw new EvaluationFailure(`join() works on a list, not ${typeName(target)}`, node.start);
    const parts = target.map((item) => toText(toStringable(load(item), this.#budget)));
    return concat(node, parts, separator, this.#budget);
  }

  #size(node: ASTNode, value: Value): bigint {
    if (typeof value === 'string') return BigInt(value.length);
    if (isList(value)) return BigInt(value.length);
    if (isRecord(value)) return BigInt(Object.keys(value).length);
    throw new EvaluationFailure(`size() counts a string, a list or an object, not ${typeName(value)}`, node.start);
  }

  #bool(node: ASTNode): boolean {
    const value = this.run(node);
    if (typeof value !== 'boolean')
      throw new EvaluationFailure(`true or false is needed, not ${typeName(value)}`, node.start);
    return value;
  }

  #string(node: ASTNode, what: string): string {
    const value = this.run(node);
    if (typeof value !== 'string')
      throw new EvaluationFailure(`${what} is a string, not ${typeName(value)}`, node.start);
    return value;
  }

  #negate(node: ASTNode, value: Value): Value {
    if (!isNumber(value))
      throw new EvaluationFailure(`only a number can be negated, not ${typeName(value)}`, node.start);
    return calculate('-', typeof value === 'bigint' ? 0n : 0, value);
  }
}

function describeKey(key: Value): string {
  if (typeof key === 'string') return `field \`${cutText(key, 60)}\``;
  return isNumber(key) ? `item ${key}` : `field named by ${typeName(key)}`;
}
