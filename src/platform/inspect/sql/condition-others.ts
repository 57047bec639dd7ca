import { compare, isBetween, isIn, join, not, TOO_DEEP, type Condition } from './condition.ts';
import { toColumnName } from './condition-postgres.ts';
import { isNode, MAX_DEPTH, toList, toNode, toText, type Node } from './tree.ts';

type Reader = (node: unknown) => Condition;

/** Parts of a name: each of them is an identifier, bare or tagged as one. */
export function toParts(name: unknown): string[] {
  return toList(name)
    .map((part) => toText(toNode(part, 'Identifier')['value'] ?? toNode(part)['value']))
    .filter((part) => part !== '');
}

/** Names that are not columns: of functions, tables, types. */
const NO_COLUMNS = ['name', 'data_type'];

function holdsColumn(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsColumn);
  if (!isNode(value)) return false;
  return Object.entries(value).some(([key, child]) => {
    if (NO_COLUMNS.includes(key)) return false;
    if (key === 'Identifier') return !isVariable(toNode(child));
    return key === 'CompoundIdentifier' || holdsColumn(child);
  });
}

/** `@x` and `@@version` of MySQL. */
function isVariable(identifier: Node): boolean {
  return toText(identifier['value']).startsWith('@');
}

function toValue({ value }: Node): Condition {
  if (!isNode(value)) return { kind: 'value', value: null };
  if ('Placeholder' in value) return { kind: 'parameter', name: toText(value['Placeholder']) };
  if ('Number' in value) return { kind: 'value', value: Number(toList(value['Number'])[0]) };
  const [content] = Object.values(value);
  return {
    kind: 'value',
    value: typeof content === 'object' ? JSON.stringify(content) : (content as string | boolean),
  };
}

/** Each operator that is written between two sides. REGEXP of SQLite comes with a following AND or OR inside its right side. */
function readBinary(body: Node, read: Reader): Condition | undefined {
  const operator = toText(body['op']);
  const inner = toNode(body['right'], 'BinaryOp');
  if (operator === 'And' || operator === 'Or')
    return join(operator === 'And' ? 'and' : 'or', [read(body['left']), read(body['right'])]);
  if (inner['op'] === 'And' || inner['op'] === 'Or')
    return read({ BinaryOp: { ...inner, left: { BinaryOp: { ...body, right: inner['left'] } } } });
  return compare(operator, read(body['left']), read(body['right']));
}

function readUnary(body: Node, read: Reader): Condition | undefined {
  const part = read(body['expr']);
  if (body['op'] === 'Not') return not(part);
  if (part.kind !== 'value' || typeof part.value !== 'number') return undefined;
  return { kind: 'value', value: body['op'] === 'Minus' ? -part.value : part.value };
}

/** `SELECT id FROM users`, and nothing more, is all of `users`. */
function toWholeColumn(query: Node, read: Reader, table: string | undefined): Condition | undefined {
  const select = toNode(query, 'body', 'Select');
  const [from, ...others] = toList(select['from']);
  const limits = [
    query['with'],
    query['limit_clause'],
    query['fetch'],
    select['selection'],
    select['having'],
    select['top'],
  ];
  const isRestricted = others.length > 0 || toList(toNode(from)['joins']).length > 0 || limits.some(isNode);
  if (isRestricted || toParts(toNode(from, 'relation', 'Table')['name']).at(-1) !== table) return undefined;
  const column = read(toNode(toList(select['projection'])[0])['UnnamedExpr']);
  return column.kind === 'column' ? column : undefined;
}

type Read = (body: Node, read: Reader, table: string | undefined) => Condition | undefined;

const READERS: Readonly<Record<string, Read>> = {
  Value: toValue,
  BinaryOp: readBinary,
  UnaryOp: readUnary,
  Cast: (body, read) => read(body['expr']),
  Collate: (body, read) => read(body['expr']),
  InList: (body, read) => negate(body, isIn(read(body['expr']), toList(body['list']).map(read))),
  InSubquery: (body, read, table) => {
    const column = toWholeColumn(toNode(body, 'subquery'), read, table);
    return column && negate(body, { kind: 'equal', left: read(body['expr']), right: column });
  },
  Between: (body, read) => negate(body, isBetween(read(body['expr']), read(body['low']), read(body['high']))),
  Like: (body, read) => readPattern('Like', body, read),
  ILike: (body, read) => readPattern('Like', body, read),
  SimilarTo: (body, read) => readPattern('Like', body, read),
  RLike: (body, read) => readPattern('RLike', body, read),
};

/** Nodes whose body is the expression itself. */
const WRAPPERS: Readonly<Record<string, (part: Condition) => Condition>> = {
  Nested: (part) => part,
  IsTrue: (part) => part,
  IsNotFalse: (part) => part,
  IsFalse: not,
  IsNotTrue: not,
  IsNull: (part) => ({ kind: 'isNull', part }),
  IsNotNull: (part) => not({ kind: 'isNull', part }),
};

function negate(body: Node, condition: Condition): Condition {
  return body['negated'] === true ? not(condition) : condition;
}

function readPattern(operator: string, body: Node, read: Reader): Condition | undefined {
  const condition = compare(operator, read(body['expr']), read(body['pattern']));
  return condition && negate(body, condition);
}

/** `table`: the only one that the condition is about. */
export function readOtherCondition(node: unknown, table: string | undefined, depth = 0): Condition {
  if (depth > MAX_DEPTH) return TOO_DEEP;
  const [tag, body] = Object.entries(toNode(node))[0] ?? ['', undefined];
  const read = (child: unknown): Condition => readOtherCondition(child, table, depth + 1);
  const wrapper = WRAPPERS[tag];
  if (wrapper) return wrapper(read(body));
  if (tag === 'Identifier' && !isVariable(toNode(body)))
    return { kind: 'column', name: toColumnName([toText(toNode(body)['value'])], table) };
  if (tag === 'CompoundIdentifier') return { kind: 'column', name: toColumnName(toParts(body), table) };
  if (tag === 'IsDistinctFrom' || tag === 'IsNotDistinctFrom') {
    const [left, right] = toList(body).map(read);
    if (left && right) return compare(tag === 'IsDistinctFrom' ? 'NotEq' : 'Eq', left, right) ?? left;
  }
  return (
    READERS[tag]?.(toNode(body), read, table) ?? {
      kind: 'other',
      isFixed: !holdsColumn(node),
      text: JSON.stringify(node),
    }
  );
}
