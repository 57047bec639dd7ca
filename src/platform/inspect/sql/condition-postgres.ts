import { compare, isBetween, isIn, join, not, TOO_DEEP, type Condition } from './condition.ts';
import { holds, isNode, MAX_DEPTH, toList, toNode, toText, type Node } from './tree.ts';

/** Names of a list of `String` nodes. */
export function toNames(list: unknown): string[] {
  return toList(list)
    .map((item) => toText(toNode(item, 'String')['sval']))
    .filter((name) => name !== '');
}

/** Where columns are about more than one table, they keep the name of theirs. */
export function toColumnName(parts: readonly string[], table: string | undefined): string {
  return (table === undefined ? parts.join('.') : (parts.at(-1) ?? '')).toLowerCase();
}

function toOther(node: unknown): Condition {
  const text = JSON.stringify(node, (key, value: unknown) => (key === 'location' ? undefined : value));
  return { kind: 'other', isFixed: !holds(node, ['ColumnRef', 'CurrentOfExpr']), text };
}

function toConstant(body: Node): Condition {
  if (body['isnull'] === true) return { kind: 'value', value: null };
  if (isNode(body['sval'])) return { kind: 'value', value: toText(body['sval']['sval']) };
  if (isNode(body['boolval'])) return { kind: 'value', value: body['boolval']['boolval'] === true };
  // What is zero or empty is left out of the tree.
  if (isNode(body['ival'])) return { kind: 'value', value: Number(body['ival']['ival'] ?? 0) };
  return { kind: 'value', value: Number(toNode(body, 'fval')['fval']) };
}

type Reader = (node: unknown) => Condition;
type Read = (body: Node, read: Reader, table: string | undefined) => Condition | undefined;

function toItems(node: unknown): readonly unknown[] {
  return toList(toNode(node, 'List')['items'] ?? toNode(node, 'A_ArrayExpr')['elements']);
}

/** `SELECT id FROM users`, and nothing more, is all of `users`. */
function toWholeColumn(query: unknown, read: Reader, table: string | undefined): Condition | undefined {
  const { targetList, fromClause, ...rest } = toNode(query, 'SelectStmt');
  const [from, ...others] = toList(fromClause);
  const isRestricted = Object.keys(rest).some((key) => key !== 'limitOption' && key !== 'op');
  if (isRestricted || others.length > 0 || toNode(from, 'RangeVar')['relname'] !== table) return undefined;
  const column = read(toNode(toList(targetList)[0], 'ResTarget')['val']);
  return column.kind === 'column' ? column : undefined;
}

const readExpression: Read = (body, read) => {
  const [sign] = toNames(body['name']).slice(-1);
  const left = read(body['lexpr']);
  const items = toItems(body['rexpr']).map(read);
  switch (body['kind']) {
    case 'AEXPR_IN':
      return sign === '<>' ? not(isIn(left, items)) : isIn(left, items);
    case 'AEXPR_OP_ANY':
      return items.length > 0 && sign === '=' ? isIn(left, items) : undefined;
    case 'AEXPR_DISTINCT':
      return not({ kind: 'equal', left, right: read(body['rexpr']) });
    case 'AEXPR_BETWEEN':
      return toBetween(left, items);
    case 'AEXPR_NOT_BETWEEN':
      return not(toBetween(left, items));
    case 'AEXPR_BETWEEN_SYM':
      return toEitherBetween(left, items);
    case 'AEXPR_NOT_BETWEEN_SYM':
      return not(toEitherBetween(left, items));
    case 'AEXPR_SIMILAR':
      return compare(`${sign === '~' ? '' : '!'}~~`, left, read(toList(toNode(body, 'rexpr', 'FuncCall')['args'])[0]));
    default:
      return readOperator(sign ?? '', body, read);
  }
};

function toBetween(left: Condition, [low = left, high = left]: readonly Condition[]): Condition {
  return isBetween(left, low, high);
}

/** `BETWEEN SYMMETRIC`: the bounds in either order. */
function toEitherBetween(left: Condition, bounds: readonly Condition[]): Condition {
  return join('or', [toBetween(left, bounds), toBetween(left, bounds.toReversed())]);
}

function readOperator(sign: string, body: Node, read: Reader): Condition | undefined {
  const right = read(body['rexpr']);
  if (body['lexpr'] !== undefined) return compare(sign, read(body['lexpr']), right);
  if (right.kind !== 'value' || typeof right.value !== 'number') return undefined;
  return { kind: 'value', value: sign === '-' ? -right.value : right.value };
}

const BOOLEAN_TESTS: Readonly<Record<string, (part: Condition) => Condition>> = {
  IS_TRUE: (part) => part,
  IS_NOT_FALSE: (part) => part,
  IS_FALSE: not,
  IS_NOT_TRUE: not,
};

const READERS: Readonly<Record<string, Read>> = {
  A_Const: toConstant,
  ParamRef: (body) => ({ kind: 'parameter', name: JSON.stringify(body['number']) }),
  ColumnRef: (body, _read, table) => ({ kind: 'column', name: toColumnName(toNames(body['fields']), table) }),
  TypeCast: (body, read) => read(body['arg']),
  CollateClause: (body, read) => read(body['arg']),
  A_Expr: readExpression,
  BoolExpr: (body, read) => {
    const parts = toList(body['args']).map(read);
    if (body['boolop'] === 'NOT_EXPR') return parts[0] && not(parts[0]);
    return join(body['boolop'] === 'AND_EXPR' ? 'and' : 'or', parts);
  },
  NullTest: (body, read) => {
    const test: Condition = { kind: 'isNull', part: read(body['arg']) };
    return body['nulltesttype'] === 'IS_NULL' ? test : not(test);
  },
  BooleanTest: (body, read) => BOOLEAN_TESTS[toText(body['booltesttype'])]?.(read(body['arg'])),
  SubLink: (body, read, table) => {
    if (body['subLinkType'] !== 'ANY_SUBLINK' || body['operName'] !== undefined) return undefined;
    const column = toWholeColumn(body['subselect'], read, table);
    return column && { kind: 'equal', left: read(body['testexpr']), right: column };
  },
};

/** `table`: the only one that the condition is about. */
export function readPostgresCondition(node: unknown, table: string | undefined, depth = 0): Condition {
  const [tag, body] = Object.entries(toNode(node))[0] ?? ['', undefined];
  if (depth > MAX_DEPTH) return TOO_DEEP;
  const read: Reader = (child) => readPostgresCondition(child, table, depth + 1);
  return READERS[tag]?.(toNode(body), read, table) ?? toOther(node);
}
