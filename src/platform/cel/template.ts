import type { Json } from '../../kernel/json.ts';
import { AppError } from '../errors/index.ts';
import {
  compileExpression,
  evaluateExpression,
  failure,
  type CompiledExpression,
  type Root,
  type Scope,
} from './expression.ts';
import { toText, UNKNOWN } from './values.ts';

/** A JSON value whose strings may hold `${{ expression }}`, parsed once. */
export interface CompiledTemplate {
  readonly node: Node;
  readonly roots: ReadonlySet<Root>;
  /** Steps whose output it reads. */
  readonly steps: ReadonlySet<string>;
}

type Node =
  | { readonly kind: 'constant'; readonly value: Json }
  | { readonly kind: 'expression'; readonly expression: CompiledExpression }
  | { readonly kind: 'text'; readonly parts: readonly (string | CompiledExpression)[] }
  | { readonly kind: 'list'; readonly items: readonly Node[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [string, Node])[] };

/** What stands in for a value that is not known yet. `path` leads to it; `source` is the expression; `isWhole` unless it is part of a text. */
export type Placeholder = (path: readonly (string | number)[], source: string, isWhole: boolean) => Json;

/** Parses and checks every expression of a value. Throws `expression_error`. */
export function compileTemplate(value: Json): CompiledTemplate {
  const expressions: CompiledExpression[] = [];
  const node = compileNode(value, expressions);
  return {
    node,
    roots: new Set(expressions.flatMap((expression) => [...expression.roots])),
    steps: new Set(expressions.flatMap((expression) => [...expression.steps])),
  };
}

/** A `when`: one expression, with or without the braces. */
export function compileCondition(text: string): CompiledTemplate {
  const parts = splitText(text);
  const [only] = parts;
  if (parts.length > 1)
    throw failure(text, 0, '`when` holds more than one expression', 'Put all of it into one `${{ }}`.');
  const expression = compileExpression(only === undefined || typeof only === 'string' ? text : only.source);
  return { node: { kind: 'expression', expression }, roots: expression.roots, steps: expression.steps };
}

/**
 * Fills in every expression. A string that is only one `${{ }}` becomes the value with its type; elsewhere values become text
 * (null becomes nothing, lists and objects become JSON). Without `placeholder` there must be no unknown value in the scope.
 */
export function render(template: CompiledTemplate, scope: Scope, placeholder?: Placeholder): Json {
  return renderNode(template.node, scope, placeholder ?? refuseUnknown, []);
}

/** True when the string holds an expression. */
export function hasExpression(text: string): boolean {
  return text.includes('${{');
}

function refuseUnknown(_path: readonly (string | number)[], source: string): never {
  throw new AppError('expression_error', `The value of \`${source}\` is not known.`, {
    expression: source,
    unknown: true,
  });
}

function compileNode(value: Json, expressions: CompiledExpression[]): Node {
  if (typeof value === 'string') return compileText(value, expressions);
  if (Array.isArray(value)) return { kind: 'list', items: value.map((item) => compileNode(item, expressions)) };
  if (value === null || typeof value !== 'object') return { kind: 'constant', value };
  return {
    kind: 'object',
    entries: Object.entries(value).map(([key, item]) => [key, compileNode(item, expressions)] as const),
  };
}

function compileText(text: string, expressions: CompiledExpression[]): Node {
  if (!hasExpression(text)) return { kind: 'constant', value: text };
  const parts = splitText(text).map((part) => (typeof part === 'string' ? part : compileExpression(part.source)));
  for (const part of parts) if (typeof part !== 'string') expressions.push(part);
  const [only] = parts;
  return parts.length === 1 && only !== undefined && typeof only !== 'string'
    ? { kind: 'expression', expression: only }
    : { kind: 'text', parts };
}

/** Text and the sources of the expressions in it, in order. */
function splitText(text: string): (string | { source: string })[] {
  const parts: (string | { source: string })[] = [];
  let from = 0;
  for (;;) {
    const open = text.indexOf('${{', from);
    if (open === -1) break;
    const close = findClose(text, open + 3);
    if (close === -1)
      throw failure(text.slice(open, open + 200), 0, '`${{` is not closed', 'End the expression with `}}`.');
    if (open > from) parts.push(text.slice(from, open));
    parts.push({ source: text.slice(open + 3, close) });
    from = close + 2;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}

/** Where the `}}` is that ends an expression: not one inside a string or of two closing objects. */
function findClose(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (char === '"' || char === "'") {
      at = skipString(text, at);
    } else if (char === '{') {
      depth++;
    } else if (char === '}' && depth > 0) {
      depth--;
    } else if (char === '}' && text[at + 1] === '}') {
      return at;
    }
  }
  return -1;
}

function skipString(text: string, start: number): number {
  const quote = text.charAt(start);
  const end = text.startsWith(quote.repeat(3), start) ? quote.repeat(3) : quote;
  const isRaw = /[rR]/.test(text.charAt(start - 1));
  let at = start + end.length;
  while (at < text.length && !text.startsWith(end, at)) at += text[at] === '\\' && !isRaw ? 2 : 1;
  return at + end.length - 1;
}

function renderNode(node: Node, scope: Scope, placeholder: Placeholder, path: readonly (string | number)[]): Json {
  switch (node.kind) {
    case 'constant':
      return node.value;
    case 'expression': {
      const value = evaluateExpression(node.expression, scope);
      return value === UNKNOWN ? placeholder(path, node.expression.source, true) : value;
    }
    case 'text':
      return node.parts
        .map((part) => (typeof part === 'string' ? part : renderPart(part, scope, placeholder, path)))
        .join('');
    case 'list':
      return node.items.map((item, index) => renderNode(item, scope, placeholder, [...path, index]));
    case 'object':
      return Object.fromEntries(
        node.entries.map(([key, item]) => [key, renderNode(item, scope, placeholder, [...path, key])]),
      );
  }
}

function renderPart(
  part: CompiledExpression,
  scope: Scope,
  placeholder: Placeholder,
  path: readonly (string | number)[],
): string {
  const value = evaluateExpression(part, scope);
  return toText(value === UNKNOWN ? placeholder(path, part.source, false) : value);
}
