import type { ConditionNode } from '../../platform/cel/condition.ts';
import type { Constants } from './witness.ts';

/** What a condition looks at and compares with. */
export interface Reading {
  readonly attributes: Map<string, Constants>;
  /** Whether something is compared in a way that trying boundary values cannot exhaust: a pattern, a sum, an order of texts. */
  isOpen: boolean;
}

type Role = 'equal' | 'prefix' | 'suffix' | 'part';
const ROLES: Readonly<Record<string, Role>> = { startsWith: 'prefix', endsWith: 'suffix', contains: 'part' };
/** Names of `exists` and `all`, each standing for the elements of a list. */
type Variables = ReadonlyMap<string, string>;

export function readCondition(ast: ConditionNode): Reading {
  const reading: Reading = { attributes: new Map(), isOpen: false };
  visit(ast, new Map(), reading);
  return reading;
}

function getConstants(reading: Reading, name: string): Constants {
  const known = reading.attributes.get(name);
  if (known !== undefined) return known;
  const constants: Constants = {
    equal: new Set(),
    prefix: new Set(),
    suffix: new Set(),
    part: new Set(),
    numbers: new Set(),
  };
  reading.attributes.set(name, constants);
  return constants;
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

function note(reading: Reading, name: string, literals: readonly unknown[], role: Role): void {
  const constants = getConstants(reading, name);
  for (const literal of literals) {
    if (typeof literal === 'string') constants[role].add(literal);
    if (typeof literal === 'bigint') constants.numbers.add(Number(literal));
    if (typeof literal === 'number')
      for (const near of [Math.floor(literal), Math.ceil(literal)]) constants.numbers.add(near);
  }
}

function noteComparison(
  node: ConditionNode,
  sides: readonly ConditionNode[],
  variables: Variables,
  reading: Reading,
): void {
  const [left, right] = sides;
  const name = toName(left, variables) ?? toName(right, variables);
  const literals = toLiterals(left) ?? toLiterals(right);
  const isOrder = ['<', '<=', '>', '>='].includes(node.op);
  if (name === undefined || literals === undefined || (isOrder && literals.some((each) => typeof each === 'string'))) {
    reading.isOpen = true;
    for (const side of sides) visit(side, variables, reading);
    return;
  }
  note(reading, name, literals, 'equal');
}

function visitMethod(
  [method, receiver, args]: [string, ConditionNode, ConditionNode[]],
  variables: Variables,
  reading: Reading,
): void {
  const name = toName(receiver, variables);
  const [first, body] = args;
  if (first?.op === 'id' && body !== undefined) {
    if (name === undefined) reading.isOpen = true;
    else getConstants(reading, name);
    visit(receiver, variables, reading);
    visit(body, new Map([...variables, [first.args, name ?? first.args]]), reading);
    return;
  }
  const role = ROLES[method];
  const literals = toLiterals(first);
  if (role !== undefined && name !== undefined && literals !== undefined) {
    note(reading, name, literals, role);
    return;
  }
  reading.isOpen = true;
  for (const node of [receiver, ...args]) visit(node, variables, reading);
}

function visit(node: ConditionNode, variables: Variables, reading: Reading): void {
  const name = toName(node, variables);
  if (name !== undefined) {
    getConstants(reading, name);
    return;
  }
  switch (node.op) {
    case '&&':
    case '||':
    case '?:':
      for (const part of node.args) visit(part, variables, reading);
      return;
    case '!_':
      visit(node.args, variables, reading);
      return;
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case 'in':
      noteComparison(node, node.args, variables, reading);
      return;
    case 'rcall':
      visitMethod(node.args, variables, reading);
      return;
    case 'value':
      return;
    case 'call':
      reading.isOpen = true;
      for (const part of node.args[1]) visit(part, variables, reading);
      return;
    case '+':
    case '-':
    case 'list':
      reading.isOpen = true;
      for (const part of node.args) visit(part, variables, reading);
      return;
    default:
      reading.isOpen = true;
  }
}
