import type { ASTNode } from '@marcbachmann/cel-js';
import { suggest } from '../errors/index.ts';

/** What is wrong with a text of the language. `position` counts characters from 0. */
export interface LanguageProblem {
  readonly kind: 'problem';
  readonly position: number;
  readonly message: string;
}

const METHODS = ['startsWith', 'endsWith', 'contains', 'size'];
const MACROS = ['exists', 'all'];
const OPERATORS = new Set(['&&', '||', '!_', '==', '!=', '<', '<=', '>', '>=', 'in', '?:', '+', '-', '-_']);
const [MIN_INT, MAX_INT] = [-(2n ** 63n), 2n ** 63n - 1n];

/** Why something that CEL has is not here, and what to write instead. */
const INSTEAD: Record<string, string> = {
  matches: 'its time is not bounded; write `re(text, "pattern")`',
  has: 'every fact is always there; compare it with its empty value',
  size: 'write `value.size()`',
  dyn: 'every fact has a fixed type',
  type: 'every fact has a fixed type',
  map: 'lists are only tested, with `exists` or `all`',
  filter: 'lists are only tested, with `exists` or `all`',
  exists_one: 'lists are only tested, with `exists` or `all`',
  string: 'values are not converted; compare with a value of the same type',
  int: 'values are not converted; compare with a value of the same type',
  uint: 'values are not converted; compare with a value of the same type',
  double: 'values are not converted; compare with a value of the same type',
  bytes: 'values are not converted; compare with a value of the same type',
  bool: 'values are not converted; compare with a value of the same type',
  duration: 'there is no time arithmetic',
  timestamp: 'there is no time arithmetic',
};

export function toProblem(position: number, message: string): LanguageProblem {
  return { kind: 'problem', position, message };
}

/** The first part of a parsed condition that lies outside the profile, in reading order. */
export function findOutsideProfile(ast: ASTNode, names: readonly string[]): LanguageProblem | undefined {
  return findInside(ast, { names, variable: undefined });
}

interface Scope {
  readonly names: readonly string[];
  /** Set inside `exists` and `all`. */
  readonly variable: string | undefined;
}

function findFirst(nodes: readonly ASTNode[], scope: Scope): LanguageProblem | undefined {
  for (const node of nodes) {
    const problem = findInside(node, scope);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function findInside(node: ASTNode, scope: Scope): LanguageProblem | undefined {
  switch (node.op) {
    case 'value':
      return findInLiteral(node, node.args);
    case 'id':
      return findInName(node, node.args, scope);
    case '.':
      return findInside(node.args[0], scope);
    case 'list':
      return findFirst(node.args, scope);
    case 'call':
      return node.args[0] === 're'
        ? findInPattern(node, node.args[1], scope)
        : toRefusal(node, `${node.args[0]}()`, node.args[0]);
    case 'rcall':
      return findInMethod(node, ...node.args, scope);
    case '!_':
    case '-_':
      return findInside(node.args, scope);
    case 'map':
      return toRefusal(node, 'a map literal', '');
    case '[]':
    case '.?':
    case '[?]':
      return toRefusal(node, 'access by `[ ]` or `?`', '');
    default:
      if (!OPERATORS.has(node.op)) return toRefusal(node, `\`${node.op}\``, '');
      return findFirst(node.args, scope);
  }
}

function toRefusal(node: ASTNode, what: string, name: string): LanguageProblem {
  const instead =
    INSTEAD[name] ??
    `valid are the operators && || ! == != < <= > >= in ?: + -, the methods ${METHODS.join(', ')}, ${MACROS.join(' and ')} over lists, and re(text, "pattern")`;
  return toProblem(node.start, `${what} is not part of the condition language: ${instead}`);
}

function findInLiteral(node: ASTNode, value: unknown): LanguageProblem | undefined {
  if (typeof value === 'bigint' && (value < MIN_INT || value > MAX_INT)) {
    return toProblem(
      node.start,
      `${value} is beyond what a whole number can be: write one between ${MIN_INT} and ${MAX_INT}`,
    );
  }
  if (['string', 'boolean', 'bigint', 'number'].includes(typeof value)) return undefined;
  return toRefusal(node, value === null ? '`null`' : 'a bytes or uint literal', '');
}

function findInName(node: ASTNode, name: string, { names, variable }: Scope): LanguageProblem | undefined {
  if (name === variable || names.includes(name)) return undefined;
  return toProblem(node.start, `there is no \`${name}\`: ${toChoice(name, names)}`);
}

/** "did you mean", else all valid names. */
export function toChoice(name: string, names: readonly string[]): string {
  const near = suggest(name, names);
  return near.length > 0
    ? `did you mean ${near.map((each) => `\`${each}\``).join(' or ')}?`
    : `valid names are ${names.join(', ')}`;
}

function findInPattern(node: ASTNode, args: readonly ASTNode[], scope: Scope): LanguageProblem | undefined {
  const [text, pattern] = args;
  if (args.length === 2 && text !== undefined && pattern?.op === 'value' && typeof pattern.args === 'string') {
    return findInside(text, scope);
  }
  return toProblem(node.start, '`re` takes a text and a pattern that is written out: `re(file.path, "^/data/[0-9]+")`');
}

function findInMethod(
  node: ASTNode,
  name: string,
  receiver: ASTNode,
  args: readonly ASTNode[],
  scope: Scope,
): LanguageProblem | undefined {
  if (METHODS.includes(name)) return findFirst([receiver, ...args], scope);
  if (!MACROS.includes(name)) return toRefusal(node, `.${name}()`, name);
  if (scope.variable !== undefined) {
    return toProblem(
      node.start,
      `\`${name}\` inside \`exists\` or \`all\` is not allowed: lists are tested one level deep`,
    );
  }
  const [variable, body] = args;
  if (args.length !== 2 || variable?.op !== 'id' || body === undefined) {
    return toProblem(
      node.start,
      `\`${name}\` takes a name and a condition: \`file.paths.${name}(p, p.endsWith(".csv"))\``,
    );
  }
  if (scope.names.includes(variable.args)) {
    return toProblem(variable.start, `\`${variable.args}\` is the name of a fact: use another name for the element`);
  }
  return findInside(receiver, scope) ?? findInside(body, { ...scope, variable: variable.args });
}
