import { bounded, compare, isBetween, isIn, join, not, TOO_DEEP, type Condition } from './condition.ts';
import { enter, isChanged, toColumn, type Relation, type Scope } from './scope.ts';
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

/** Tables, queries and functions of a FROM; not what stands inside of them. */
export function toRelations(from: unknown): Relation[] {
  return toList(from).flatMap((item) => {
    const [factor] = Object.values(toNode(item, 'relation')).map((value) => toNode(value));
    const nested = toNode(factor, 'table_with_joins');
    const derived = toNode(factor)['subquery'];
    const relation = {
      table: isNode(derived) ? toWholeTable(derived) : (toParts(toNode(factor)['name']).at(-1) ?? ''),
      alias: toText(toNode(factor, 'alias', 'name')['value']),
    };
    return [
      relation,
      ...toRelations(toNode(item)['joins']),
      ...(isNode(nested['relation']) ? toRelations([nested]) : []),
    ];
  });
}

/** Whether it is about the changed row. */
function varies(value: unknown, scope: Scope): boolean {
  if (Array.isArray(value)) return value.some((item) => varies(item, scope));
  return (
    isNode(value) &&
    Object.entries(value).some(([key, child]) => {
      if (NO_COLUMNS.includes(key)) return false;
      if (key === 'Identifier')
        return !isVariable(toNode(child)) && toColumn([toText(toNode(child)['value'])], scope).kind === 'column';
      if (key === 'CompoundIdentifier') return toColumn(toParts(child), scope).kind === 'column';
      if (key !== 'Select') return varies(child, scope);
      return enter(scope, toRelations(toNode(child)['from'])).every((inner) => varies(child, inner));
    })
  );
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

/** The SELECT of a query, also of one in brackets. */
function toSelect(query: Node): Node {
  const inner = toNode(query, 'body')['Query'];
  return isNode(inner) ? toSelect(inner) : toNode(query, 'body', 'Select');
}

/** The table of which a query has every row, if there is one. */
function toWholeTable(query: Node): string {
  const inner = toNode(query, 'body')['Query'];
  const select = toNode(query, 'body', 'Select');
  const limits = [
    query['with'],
    query['limit_clause'],
    query['fetch'],
    select['selection'],
    select['having'],
    select['top'],
  ];
  if (limits.some(isNode)) return '';
  if (isNode(inner)) return toWholeTable(inner);
  const relations = toRelations(select['from']);
  return relations.length === 1 ? (relations[0]?.table ?? '') : '';
}

/** What an item of a SELECT gives; undefined for `*`, which may be the column that it is compared with. */
const toTarget = (item: unknown): unknown => toNode(item)['UnnamedExpr'] ?? toNode(item, 'ExprWithAlias')['expr'];

/** `x IN (SELECT id FROM users)`, and nothing more, asks for one of all `users`. */
function toWholeColumn(query: Node, tests: readonly Condition[], read: Reader, scope: Scope): Condition | undefined {
  const targets = toList(toSelect(query)['projection']);
  const [left, ...more] = tests;
  if (left === undefined || targets.length + more.length > 1 || !isChanged(scope, toWholeTable(query)))
    return undefined;
  const target = toTarget(targets[0]);
  const right = target === undefined ? left : read(target);
  return right.kind === 'column' ? { kind: 'equal', left, right } : undefined;
}

type Context = [read: Reader, scope: Scope, depth: number];
type Read = (body: Node, ...context: Context) => Condition | undefined;

const isEmpty = (value: unknown): boolean =>
  isNode(value) ? Object.values(value).every(isEmpty) : Array.isArray(value) ? value.every(isEmpty) : value === null;

/** Of a query that only selects, where and from what. */
const PLAIN_QUERY = ['body', 'locks'];
const PLAIN_SELECT =
  'select_token distinct projection from selection flavor window_before_qualify top_before_distinct optimizer_hints'.split(
    ' ',
  );

/** The SELECT of a query that has nothing beside these keys. */
function toPlain(query: Node): Node | undefined {
  const inner = toNode(query, 'body')['Query'];
  const select = toNode(query, 'body', 'Select');
  const isPlain =
    Object.entries(query).every(([key, value]) => PLAIN_QUERY.includes(key) || isEmpty(value)) &&
    Object.entries(select).every(([key, value]) => PLAIN_SELECT.includes(key) || key === 'group_by' || isEmpty(value));
  const groups = Object.values(toNode(select, 'group_by'));
  if (isPlain && isNode(inner)) return toPlain(inner);
  return isPlain && groups.every(isEmpty) && select['projection'] !== undefined ? select : undefined;
}

/** Values, each the same for every row of what is selected from; an aggregate gives a row even where there is none. */
function isPlainValue(item: unknown): boolean {
  return Object.keys(toNode(toTarget(item))).every((key) =>
    ['Value', 'Identifier', 'CompoundIdentifier'].includes(key),
  );
}

/** `EXISTS`, and `tests IN`, by what the query asks of the changed row; undefined where more than that decides. */
function toFilters(query: Node, scope: Scope, depth: number, tests?: readonly Condition[]): Condition[] | undefined {
  const select = toPlain(query);
  const targets = toList(select?.['projection']);
  if (select === undefined || !targets.every(isPlainValue)) return undefined;
  if (tests !== undefined && tests.length !== targets.length) return undefined;
  const relations = toRelations(select['from']);
  const isSame = relations.some(({ table }) => isChanged(scope, table));
  return enter(scope, relations).flatMap((inner) => {
    if (tests !== undefined && inner.reading === 'same' && !isSame) return [];
    const pairs = (tests ?? []).map<Condition>((left, index) => {
      const target = toTarget(targets[index]);
      const isIt = inner.reading === 'same' && target === undefined;
      return { kind: 'equal', left, right: isIt ? left : readOtherCondition(target, inner, depth + 1) };
    });
    const where = select['selection'];
    const asked = isNode(where) ? [readOtherCondition(where, inner, depth + 1)] : [];
    return pairs.length + asked.length === 0 ? [] : [join('and', [...pairs, ...asked])];
  });
}

/** `(SELECT x)` is `x`. */
function toBareSelect(query: Node, read: Reader): Condition | undefined {
  const select = toPlain(query);
  const [target, ...others] = toList(select?.['projection']);
  const isBare = select !== undefined && others.length === 0 && isEmpty(select['from']) && !isNode(select['selection']);
  return isBare && isNode(toNode(target)['UnnamedExpr']) ? read(toNode(target)['UnnamedExpr']) : undefined;
}

/** `isEqual`: with any other operator each row compares with itself, or with any other one. */
function readIn(isEqual: boolean, test: unknown, query: Node, ...[read, scope, depth]: Context): Condition | undefined {
  const row = toNode(test)['Tuple'];
  const tests = (row === undefined ? [test] : toList(row)).map(read);
  const column = toWholeColumn(query, tests, read, scope);
  if (!isEqual) return column && { kind: 'exists', filters: [] };
  if (column !== undefined) return column;
  const filters = toFilters(query, scope, depth, tests);
  return filters && { kind: 'exists', filters };
}

const READERS: Readonly<Record<string, Read>> = {
  Value: toValue,
  BinaryOp: readBinary,
  UnaryOp: readUnary,
  Cast: (body, read) => read(body['expr']),
  Collate: (body, read) => read(body['expr']),
  InList: (body, read) => negate(body, isIn(read(body['expr']), toList(body['list']).map(read))),
  InSubquery: (body, ...context) => {
    const condition = readIn(true, body['expr'], toNode(body, 'subquery'), ...context);
    return condition && negate(body, condition);
  },
  AnyOp: (body, ...context) =>
    readIn(body['compare_op'] === 'Eq', body['left'], toNode(body, 'right', 'Subquery'), ...context),
  Exists: (body, _read, scope, depth) =>
    negate(body, { kind: 'exists', filters: toFilters(toNode(body, 'subquery'), scope, depth) ?? [] }),
  Subquery: toBareSelect,
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

export function readOtherCondition(node: unknown, scope: Scope, depth = 0): Condition {
  if (depth > MAX_DEPTH) return TOO_DEEP;
  const [tag, body] = Object.entries(toNode(node))[0] ?? ['', undefined];
  const read = (child: unknown): Condition => readOtherCondition(child, scope, depth + 1);
  const wrapper = WRAPPERS[tag];
  if (wrapper) return wrapper(read(body));
  if (tag === 'Identifier' && !isVariable(toNode(body))) return toColumn([toText(toNode(body)['value'])], scope);
  if (tag === 'CompoundIdentifier') return toColumn(toParts(body), scope);
  if (tag === 'IsDistinctFrom' || tag === 'IsNotDistinctFrom') {
    const [left, right] = toList(body).map(read);
    if (left && right) return compare(tag === 'IsDistinctFrom' ? 'NotEq' : 'Eq', left, right) ?? left;
  }
  return bounded(
    READERS[tag]?.(toNode(body), read, scope, depth) ?? {
      kind: 'other',
      isFixed: !varies(node, scope),
      text: String(JSON.stringify(node)),
    },
  );
}
