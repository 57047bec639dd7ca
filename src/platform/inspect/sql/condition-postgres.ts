import { bounded, compare, isBetween, isIn, join, not, TOO_DEEP, type Condition } from './condition.ts';
import { enter, isChanged, toColumn, type Relation, type Scope } from './scope.ts';
import { isNode, MAX_DEPTH, toList, toNode, toText, type Node } from './tree.ts';

/** Names of a list of `String` nodes. */
export function toNames(list: unknown): string[] {
  return toList(list)
    .map((item) => toText(toNode(item, 'String')['sval']))
    .filter((name) => name !== '');
}

/** Tables, queries and functions of a FROM; not what stands inside of them. */
export function toRelations(from: unknown): Relation[] {
  return toList(from).flatMap((item) => {
    const [tag, value] = Object.entries(toNode(item))[0] ?? [''];
    const body = toNode(value);
    const table = tag === 'RangeSubselect' ? toWholeTable(body['subquery']) : toText(body['relname']);
    const relation = { table, alias: toText(toNode(body, 'alias')['aliasname']) };
    return [relation, ...(tag === 'JoinExpr' ? toRelations([body['larg'], body['rarg']]) : [])];
  });
}

/** Of a query that leaves none of the rows out. */
const WHOLE = ['targetList', 'fromClause', 'limitOption', 'op', 'sortClause', 'groupClause', 'lockingClause'];

/** The table of which a query has every row, if there is one. */
function toWholeTable(query: unknown): string {
  const select = toNode(query, 'SelectStmt');
  // `DISTINCT ON` leaves rows out.
  const isWhole = Object.entries(select).every(
    ([key, value]) => WHOLE.includes(key) || (key === 'distinctClause' && JSON.stringify(value) === '[{}]'),
  );
  const relations = toRelations(select['fromClause']);
  return isWhole && relations.length === 1 ? (relations[0]?.table ?? '') : '';
}

/** Whether it is about the changed row. */
function varies(value: unknown, scope: Scope): boolean {
  if (Array.isArray(value)) return value.some((item) => varies(item, scope));
  return (
    isNode(value) &&
    Object.entries(value).some(([key, child]) => {
      if (key === 'ColumnRef') return toColumn(toNames(toNode(child)['fields']), scope).kind === 'column';
      if (key !== 'SelectStmt') return key === 'CurrentOfExpr' || varies(child, scope);
      return enter(scope, toRelations(toNode(child)['fromClause'])).every((inner) => varies(child, inner));
    })
  );
}

function toOther(node: unknown, scope: Scope): Condition {
  const text = JSON.stringify(node, (key, value: unknown) => (key === 'location' ? undefined : value));
  return { kind: 'other', isFixed: !varies(node, scope), text: String(text) };
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
type Read = (body: Node, read: Reader, scope: Scope, depth: number) => Condition | undefined;

function toItems(node: unknown): readonly unknown[] {
  return toList(toNode(node, 'List')['items'] ?? toNode(node, 'A_ArrayExpr')['elements']);
}

/** `*` may be the column that it is compared with. */
const isStar = (target: unknown): boolean =>
  isNode(toNode(toList(toNode(target, 'ColumnRef')['fields']).at(-1))['A_Star']);

/** `x IN (SELECT id FROM users)`, and nothing more, asks for one of all `users`. */
function toWholeColumn(query: unknown, tests: readonly Condition[], read: Reader, scope: Scope): Condition | undefined {
  const targets = toList(toNode(query, 'SelectStmt')['targetList']);
  const [left, ...more] = tests;
  if (left === undefined || targets.length + more.length > 1 || !isChanged(scope, toWholeTable(query)))
    return undefined;
  const target = toNode(targets[0], 'ResTarget')['val'];
  const right = isStar(target) ? left : read(target);
  return right.kind === 'column' ? { kind: 'equal', left, right } : undefined;
}

/** Of a query that only selects, where and from what: the values, each the same for every row of what it selects from. */
const PLAIN = ['targetList', 'fromClause', 'whereClause', 'limitOption', 'op'];

/** `EXISTS`, and `tests IN`, by what the query asks of the changed row; undefined where more than that decides. */
function toFilters(query: unknown, scope: Scope, depth: number, tests?: readonly Condition[]): Condition[] | undefined {
  const select = toNode(query, 'SelectStmt');
  const targets = toList(select['targetList']).map((target) => toNode(target, 'ResTarget')['val']);
  const isPlain = select['op'] === 'SETOP_NONE' && Object.keys(select).every((key) => PLAIN.includes(key));
  // An aggregate gives a row even where nothing is selected.
  if (!isPlain || targets.some((target) => !isNode(toNode(target)['ColumnRef'] ?? toNode(target)['A_Const'])))
    return undefined;
  if (tests !== undefined && tests.length !== targets.length) return undefined;
  const relations = toRelations(select['fromClause']);
  const isSame = relations.some(({ table }) => isChanged(scope, table));
  return enter(scope, relations).flatMap((inner) => {
    if (tests !== undefined && inner.reading === 'same' && !isSame) return [];
    const pairs = (tests ?? []).map<Condition>((left, index) => {
      const isIt = inner.reading === 'same' && isStar(targets[index]);
      return { kind: 'equal', left, right: isIt ? left : readPostgresCondition(targets[index], inner, depth + 1) };
    });
    const where = select['whereClause'];
    const asked = where === undefined ? [] : [readPostgresCondition(where, inner, depth + 1)];
    return pairs.length + asked.length === 0 ? [] : [join('and', [...pairs, ...asked])];
  });
}

/** `(SELECT x)` is `x`. */
function toBareSelect(query: unknown, read: Reader): Condition | undefined {
  const { targetList, limitOption, op, ...rest } = toNode(query, 'SelectStmt');
  const isBare = limitOption === 'LIMIT_OPTION_DEFAULT' && op === 'SETOP_NONE' && Object.keys(rest).length === 0;
  return isBare ? read(toNode(toList(targetList)[0], 'ResTarget')['val']) : undefined;
}

const readSubLink: Read = (body, read, scope, depth) => {
  const query = body['subselect'];
  if (body['subLinkType'] === 'EXISTS_SUBLINK')
    return { kind: 'exists', filters: toFilters(query, scope, depth) ?? [] };
  if (body['subLinkType'] === 'EXPR_SUBLINK') return toBareSelect(query, read);
  const [sign = '='] = toNames(body['operName']);
  if (body['subLinkType'] !== 'ANY_SUBLINK') return undefined;
  const row = toNode(body, 'testexpr', 'RowExpr')['args'];
  const tests = (row === undefined ? [body['testexpr']] : toList(row)).map(read);
  const column = toWholeColumn(query, tests, read, scope);
  // Each row compares with itself, or with any other one.
  if (sign !== '=') return column && { kind: 'exists', filters: [] };
  if (column !== undefined) return column;
  const filters = toFilters(query, scope, depth, tests);
  return filters && { kind: 'exists', filters };
};

const readExpression: Read = (body, read) => {
  const [sign] = toNames(body['name']).slice(-1);
  const left = read(body['lexpr']);
  const items = toItems(body['rexpr']).map(read);
  switch (body['kind']) {
    case 'AEXPR_IN':
      return sign === '<>' ? not(isIn(left, items)) : isIn(left, items);
    case 'AEXPR_OP_ANY':
      if (toNode(body, 'rexpr', 'SubLink')['subLinkType'] === 'ARRAY_SUBLINK') return readArray(body, read);
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

/** `= ANY (ARRAY(SELECT …))` is `= ANY (SELECT …)`. */
function readArray(body: Node, read: Reader): Condition {
  const { subselect } = toNode(body, 'rexpr', 'SubLink');
  const link = { subLinkType: 'ANY_SUBLINK', testexpr: body['lexpr'], operName: body['name'], subselect };
  return read({ SubLink: link });
}

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
  ColumnRef: (body, _read, scope) => toColumn(toNames(body['fields']), scope),
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
  SubLink: readSubLink,
};

export function readPostgresCondition(node: unknown, scope: Scope, depth = 0): Condition {
  const [tag, body] = Object.entries(toNode(node))[0] ?? ['', undefined];
  if (depth > MAX_DEPTH) return TOO_DEEP;
  const read: Reader = (child) => readPostgresCondition(child, scope, depth + 1);
  return bounded(READERS[tag]?.(toNode(body), read, scope, depth) ?? toOther(node, scope));
}
