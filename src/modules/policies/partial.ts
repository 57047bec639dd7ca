import { RE2JS } from 're2js';
import type { ConditionNode } from '../../platform/cel/condition.ts';
import type { FactValue } from './witness.ts';

/** A condition's value while some facts are not chosen yet. */
const OPEN = Symbol('open');
type Value = string | number | bigint | boolean | readonly string[] | typeof OPEN;

/** Facts chosen so far. */
export type Choice = ReadonlyMap<string, FactValue>;

/** `open`: the first fact, in reading order, without which there is no answer yet. */
export type Partial =
  { readonly kind: 'known'; readonly value: boolean } | { readonly kind: 'open'; readonly open: string };

const patterns = new WeakMap<ConditionNode, RE2JS>();

/** The answer of a condition for every way in which the facts that are not chosen may turn out, if there is one. */
export function evaluatePartly(ast: ConditionNode, choice: Choice): Partial {
  const reader = new Reader(choice);
  const value = reader.read(ast);
  if (typeof value === 'boolean') return { kind: 'known', value };
  return { kind: 'open', open: reader.firstOpen };
}

class Reader {
  readonly #choice: Choice;
  readonly #variables = new Map<string, string>();
  firstOpen = '';

  constructor(choice: Choice) {
    this.#choice = choice;
  }

  read(node: ConditionNode): Value {
    switch (node.op) {
      case 'value':
        return node.args as Value;
      case 'id':
        return this.#variables.get(node.args) ?? this.#readFact(node.args);
      case '.':
        return this.#readFact(`${node.args[0].op === 'id' ? node.args[0].args : ''}.${node.args[1]}`);
      case '&&':
        return this.#join(node.args, false);
      case '||':
        return this.#join(node.args, true);
      case '!_':
        return apply([this.read(node.args)], ([value]) => value !== true);
      case '-_':
        return apply([this.read(node.args)], ([value]) => -(value as bigint));
      case '?:':
        return this.#choose(node.args);
      case 'list':
        return this.#readList(node.args);
      case 'rcall':
        return this.#call(...node.args);
      case 'call':
        return this.#match(node, node.args[1]);
      default:
        return this.#operate(node.op, node.args as readonly ConditionNode[]);
    }
  }

  #readFact(name: string): Value {
    const value = this.#choice.get(name);
    if (value !== undefined) return value;
    if (this.firstOpen === '') this.firstOpen = name;
    return OPEN;
  }

  /** `&&` is settled by false and `||` by true, on either side. */
  #join([left, right]: readonly [ConditionNode, ConditionNode], settling: boolean): Value {
    const before = this.firstOpen;
    const first = this.read(left);
    if (first === settling) return settling;
    const second = this.read(right);
    if (second === settling) {
      this.firstOpen = before;
      return settling;
    }
    return first === OPEN || second === OPEN ? OPEN : !settling;
  }

  #choose([condition, yes, no]: readonly [ConditionNode, ConditionNode, ConditionNode]): Value {
    const value = this.read(condition);
    return value === OPEN ? OPEN : this.read(value === true ? yes : no);
  }

  #readList(nodes: readonly ConditionNode[]): Value {
    const values = nodes.map((node) => this.read(node));
    return values.includes(OPEN) ? OPEN : (values as unknown as readonly string[]);
  }

  #call(method: string, receiver: ConditionNode, args: readonly ConditionNode[]): Value {
    const value = this.read(receiver);
    if (value === OPEN) return OPEN;
    const [first, body] = args;
    if (method === 'size') return typeof value === 'string' ? [...value].length : (value as readonly string[]).length;
    if (first?.op === 'id' && body !== undefined) {
      return this.#quantify(method === 'exists', value as readonly string[], first.args, body);
    }
    const text = first === undefined ? OPEN : this.read(first);
    return apply([value, text], ([whole, part]) => compareTexts(method, String(whole), String(part)));
  }

  #quantify(isExists: boolean, list: readonly string[], variable: string, body: ConditionNode): Value {
    let isOpen = false;
    for (const element of list) {
      this.#variables.set(variable, element);
      const value = this.read(body);
      this.#variables.delete(variable);
      if (value === isExists) return isExists;
      isOpen ||= value === OPEN;
    }
    return isOpen ? OPEN : !isExists;
  }

  #match(node: ConditionNode, [text, pattern]: readonly ConditionNode[]): Value {
    const value = text === undefined ? OPEN : this.read(text);
    if (value === OPEN || pattern?.op !== 'value') return OPEN;
    const compiled = patterns.get(node) ?? RE2JS.compile(String(pattern.args));
    patterns.set(node, compiled);
    return compiled.matcher(String(value)).find();
  }

  #operate(operator: string, [left, right]: readonly ConditionNode[]): Value {
    if (left === undefined || right === undefined) return OPEN;
    return apply([this.read(left), this.read(right)], ([a, b]) => operate(operator, a, b));
  }
}

type Known = Exclude<Value, typeof OPEN>;

function apply(values: readonly Value[], use: (values: readonly Known[]) => Value): Value {
  return values.includes(OPEN) ? OPEN : use(values as readonly Known[]);
}

function compareTexts(method: string, whole: string, part: string): boolean {
  if (method === 'startsWith') return whole.startsWith(part);
  return method === 'endsWith' ? whole.endsWith(part) : whole.includes(part);
}

/** Whole numbers compare by value whatever they are held in. */
function isEqual(a: Known | undefined, b: Known | undefined): boolean {
  const [x, y] = [a, b].map((value) => (typeof value === 'bigint' ? Number(value) : value));
  return Array.isArray(x) && Array.isArray(y) ? x.length === y.length && x.every((each, i) => each === y[i]) : x === y;
}

function operate(operator: string, a: Known | undefined, b: Known | undefined): Value {
  const [x, y] = [Number(a), Number(b)];
  const isText = typeof a === 'string';
  switch (operator) {
    case '==':
      return isEqual(a, b);
    case '!=':
      return !isEqual(a, b);
    case 'in':
      return (b as readonly string[]).some((each) => isEqual(each, a));
    case '<':
      return isText ? a < String(b) : x < y;
    case '<=':
      return isText ? a <= String(b) : x <= y;
    case '>':
      return isText ? a > String(b) : x > y;
    case '>=':
      return isText ? a >= String(b) : x >= y;
    case '+':
      return isText ? a + String(b) : x + y;
    default:
      return x - y;
  }
}
