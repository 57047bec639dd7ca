import type { ConditionNode } from '../../platform/cel/condition.ts';

/** Texts and numbers that an attribute is compared with. */
export interface Constants {
  /** Texts compared as a whole, each with the comparisons it occurs in: texts that occur in the same ones are alike. */
  readonly equal: Map<string, Set<number>>;
  readonly prefix: Set<string>;
  readonly suffix: Set<string>;
  readonly part: Set<string>;
  readonly numbers: Set<number>;
}

/** What a condition looks at and compares with. */
export interface Reading {
  readonly attributes: Map<string, Constants>;
  /** Whether something is compared in a way that trying boundary values cannot exhaust: a pattern, a sum, an order of texts. */
  isOpen: boolean;
}

type TextRole = 'prefix' | 'suffix' | 'part';
const ROLES: Readonly<Record<string, TextRole>> = { startsWith: 'prefix', endsWith: 'suffix', contains: 'part' };
/** Names of `exists` and `all`, each standing for the elements of a list. */
type Variables = ReadonlyMap<string, string>;

/** Words of a pattern: one of them is likely to be found by it. */
const WORDS = /[A-Za-z0-9_][A-Za-z0-9_.-]{2,}/g;
const MAX_WORDS = 6;

export function makeConstants(): Constants {
  return { equal: new Map(), prefix: new Set(), suffix: new Set(), part: new Set(), numbers: new Set() };
}

export function readCondition(ast: ConditionNode): Reading {
  const reader = new ConditionReader();
  reader.visit(ast, new Map());
  return reader.reading;
}

/** The attribute that a node is, if it is one. */
function toName(node: ConditionNode | undefined, variables: Variables): string | undefined {
  if (node?.op === 'id') return variables.get(node.args) ?? node.args;
  return node?.op === '.' && node.args[0].op === 'id' ? `${node.args[0].args}.${node.args[1]}` : undefined;
}

/** The literals that a node is: one, a negative one, or a list of them. */
function toLiterals(node: ConditionNode | undefined): unknown[] | undefined {
  if (node?.op === 'value') return [node.args];
  if (node?.op === '-_' && node.args.op === 'value' && typeof node.args.args === 'bigint') return [-node.args.args];
  if (node?.op !== 'list') return undefined;
  const literals = node.args.map(toLiterals);
  return literals.some((each) => each === undefined) ? undefined : literals.flat();
}

class ConditionReader {
  readonly reading: Reading = { attributes: new Map(), isOpen: false };
  #comparisons = 0;

  visit(node: ConditionNode, variables: Variables): void {
    const name = toName(node, variables);
    if (name !== undefined) {
      this.#constantsOf(name);
      return;
    }
    switch (node.op) {
      case 'value':
        return;
      case '&&':
      case '||':
      case '?:':
        for (const part of node.args) this.visit(part, variables);
        return;
      case '!_':
        this.visit(node.args, variables);
        return;
      case 'rcall':
        this.#visitMethod(node.args, variables);
        return;
      case 'call':
        this.#visitPattern(node.args[1], variables);
        return;
      case '+':
      case '-':
      case 'list':
        this.reading.isOpen = true;
        for (const part of node.args) this.visit(part, variables);
        return;
      default:
        this.#visitComparison(node, variables);
    }
  }

  #constantsOf(name: string): Constants {
    const known = this.reading.attributes.get(name);
    if (known !== undefined) return known;
    const constants = makeConstants();
    this.reading.attributes.set(name, constants);
    return constants;
  }

  #note(name: string, literals: readonly unknown[], role?: TextRole): void {
    const constants = this.#constantsOf(name);
    const comparison = this.#comparisons++;
    for (const literal of literals) {
      if (typeof literal === 'bigint' || typeof literal === 'number') {
        for (const near of [Math.floor(Number(literal)), Math.ceil(Number(literal))]) constants.numbers.add(near);
      }
      if (typeof literal !== 'string') continue;
      if (role === undefined) constants.equal.set(literal, (constants.equal.get(literal) ?? new Set()).add(comparison));
      else constants[role].add(literal);
    }
  }

  #visitComparison({ op, args }: ConditionNode, variables: Variables): void {
    const sides = Array.isArray(args) ? (args as ConditionNode[]) : [];
    const [left, right] = sides;
    const name = toName(left, variables) ?? toName(right, variables);
    const literals = toLiterals(left) ?? toLiterals(right);
    const isOrder = ['<', '<=', '>', '>='].includes(op);
    const isPlain = literals !== undefined && !(isOrder && literals.some((each) => typeof each === 'string'));
    if (name !== undefined && isPlain) {
      this.#note(name, literals);
      return;
    }
    const sized = toSized(left, variables) ?? toSized(right, variables);
    if (sized !== undefined && isPlain) {
      this.#note(sized, literals);
      return;
    }
    this.reading.isOpen = true;
    for (const side of sides) this.visit(side, variables);
    // Where a sum is compared with a number, that number is worth trying for each part.
    if (literals !== undefined) for (const part of toSummands(sides, variables)) this.#note(part, literals);
  }

  #visitMethod(
    [method, receiver, args]: readonly [string, ConditionNode, ConditionNode[]],
    variables: Variables,
  ): void {
    const name = toName(receiver, variables);
    const [first, body] = args;
    if (first?.op === 'id' && body !== undefined) {
      if (name === undefined) this.reading.isOpen = true;
      this.visit(receiver, variables);
      this.visit(body, new Map([...variables, [first.args, name ?? first.args]]));
      return;
    }
    const role = ROLES[method];
    const literals = toLiterals(first);
    if (role !== undefined && name !== undefined && literals !== undefined) {
      this.#note(name, literals, role);
      return;
    }
    this.reading.isOpen = true;
    for (const node of [receiver, ...args]) this.visit(node, variables);
  }

  #visitPattern([text, pattern]: readonly ConditionNode[], variables: Variables): void {
    this.reading.isOpen = true;
    if (text === undefined) return;
    this.visit(text, variables);
    const name = toName(text, variables);
    const words = pattern?.op === 'value' && typeof pattern.args === 'string' ? (pattern.args.match(WORDS) ?? []) : [];
    if (name !== undefined) this.#note(name, words.slice(0, MAX_WORDS), 'part');
  }
}

/** The attribute of which a node is the size. */
function toSized(node: ConditionNode | undefined, variables: Variables): string | undefined {
  if (node?.op !== 'rcall' || node.args[0] !== 'size') return undefined;
  return toName(node.args[1], variables);
}

/** The attributes that are added or subtracted. */
function toSummands(nodes: readonly ConditionNode[], variables: Variables): string[] {
  return nodes.flatMap((node) => {
    const name = toName(node, variables);
    if (name !== undefined) return [name];
    return node.op === '+' || node.op === '-' ? toSummands(node.args, variables) : [];
  });
}
