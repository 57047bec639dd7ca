import { toParts } from './condition-others.ts';
import { Facts } from './facts.ts';
import { addStatementFacts, toLimit } from './statements-others.ts';
import { isNode, toList, toNode, toText, type Node } from './tree.ts';
import { isReadTag } from './words.ts';

interface Scope {
  /** Names of WITH, which are no tables. */
  readonly views: ReadonlySet<string>;
  /** False below an EXPLAIN that only plans. */
  readonly runs: boolean;
}

/** Where a name in several parts is a table, and where it is neither table nor column. */
const TABLE_KEYS =
  'TableName table_name table Tables To As into foreign_table parent_name obj_name old_name new_name object_name'.split(
    ' ',
  );
const NAME_KEYS =
  'name names tables ObjectName variable schema_name db_name trigger_name charset collation Custom Object module_name'.split(
    ' ',
  );
/** Where an identifier is a column. */
const COLUMN_KEYS =
  'column_names columns Columns referred_columns old_column_name new_column_name column_name col_name old_name new_name'.split(
    ' ',
  );
const CHANGES = ['Insert', 'Update', 'Delete', 'Merge'];

function isName(value: unknown): boolean {
  const isPart = (part: unknown): boolean =>
    isNode(part) && Object.keys(part).length === 1 && isNode(part['Identifier']);
  return Array.isArray(value) && value.length > 0 && value.every(isPart);
}

function isIdentifier(value: Node): boolean {
  return typeof value['value'] === 'string' && 'quote_style' in value;
}

/** A statement in the place of a query: `{ Delete: { Delete: … } }`. */
function isStatementIn(tag: string, body: unknown): boolean {
  return CHANGES.includes(tag) && isNode(toNode(body)[tag]);
}

class TreeReader {
  readonly facts = new Facts();

  readStatement(statement: unknown): void {
    const query = toNode(statement)['Query'];
    const isSelect = isNode(query) && !Object.entries(toNode(query, 'body')).some((entry) => isStatementIn(...entry));
    if (isSelect) {
      this.facts.limits.push(toLimit(query));
      this.facts.operations.add('select');
    }
    this.#visitStatement(statement, { views: new Set(), runs: true });
  }

  #visitStatement(statement: unknown, scope: Scope): void {
    // A statement without any detail is but its name.
    const entries = typeof statement === 'string' ? [[statement, {}] as const] : Object.entries(toNode(statement));
    for (const [tag, value] of entries) {
      const body = toNode(value);
      if (tag !== 'Query') this.facts.addStatement(tag);
      if (scope.runs && !isReadTag(tag)) this.facts.mutating = true;
      addStatementFacts(tag, body, this.facts);
      const runs =
        tag !== 'Explain' || body['analyze'] === true || /analy[sz]e/i.test(JSON.stringify(body['options'] ?? ''));
      this.#visit(tag, value, { ...scope, runs: scope.runs && runs });
    }
  }

  #visit(key: string, value: unknown, scope: Scope): void {
    if (isName(value)) this.#addName(key, toParts(value));
    else if (Array.isArray(value)) for (const item of value) this.#visitChild(key, item, scope);
    else if (isNode(value) && isIdentifier(value)) this.#addIdentifier(key, toText(value['value']));
    else if (isNode(value)) {
      if (value['data_type'] !== undefined) this.#addIdentifier('columns', toText(toNode(value, 'name')['value']));
      const inner = this.#enterWith(toNode(value, 'with'), scope);
      for (const [name, child] of Object.entries(value)) if (name !== 'with') this.#visitChild(name, child, inner);
    }
  }

  #visitChild(key: string, child: unknown, scope: Scope): void {
    const { facts } = this;
    if (key === 'statement' || key === 'statements' || isStatementIn(key, child)) {
      if (!Array.isArray(child)) return this.#visitStatement(child, scope);
    } else if (key === 'Wildcard' || key === 'QualifiedWildcard') {
      if (child !== null) facts.selectsAll = true;
      return;
    } else if (key === 'CompoundIdentifier') return facts.addColumn(toParts(child).at(-1) ?? '');
    else if (key === 'Table') this.#addRelation(toNode(child), scope);
    else if (key === 'Function') facts.addFunction(toParts(toNode(child)['name']));
    else if (toNode(child)['projection'] !== undefined) this.#addSelect(toNode(child));
    else if (key === 'locks' && toList(child).length > 0) facts.operations.add('other');
    this.#visit(key, child, scope);
  }

  #enterWith(clause: Node, scope: Scope): Scope {
    const tables = toList(clause['cte_tables']);
    const names = tables.map((table) => toText(toNode(table, 'alias', 'name')['value']).toLowerCase());
    tables.forEach((table, index) => {
      const known = clause['recursive'] === true ? names : names.slice(0, index);
      this.#visit('', toNode(table)['query'], { ...scope, views: new Set([...scope.views, ...known]) });
    });
    return names.length === 0 ? scope : { ...scope, views: new Set([...scope.views, ...names]) };
  }

  #addRelation(relation: Node, scope: Scope): void {
    // `TABLE t`, where the name is but a text.
    if (typeof relation['table_name'] === 'string') {
      this.facts.addTable([toText(relation['schema_name']), relation['table_name']].filter((part) => part !== ''));
      this.facts.selectsAll = true;
    }
    const parts = toParts(relation['name']);
    if (parts.length === 0) return;
    if (isNode(relation['args'])) return this.facts.addFunction(parts);
    if (parts.length === 1 && scope.views.has((parts[0] ?? '').toLowerCase())) return;
    this.facts.addTable(parts);
    // `customers AS c(a, b)` gives the columns other names.
    if (toList(toNode(relation, 'alias')['columns']).length > 0) this.facts.selectsAll = true;
  }

  #addSelect(select: Node): void {
    this.facts.operations.add('select');
    if (!isNode(select['into'])) return;
    this.facts.operations.add('create');
    this.facts.objects.add('table');
    this.facts.mutating = true;
    this.facts.addTable(toParts(select['into']['name']));
  }

  #addName(key: string, parts: readonly string[]): void {
    if (TABLE_KEYS.includes(key)) this.facts.addTable(parts);
    else if (key === 'ColumnName') this.facts.addColumn(parts.at(-1) ?? '');
    else if (!NAME_KEYS.includes(key)) for (const part of parts) this.#addIdentifier('Identifier', part);
  }

  #addIdentifier(key: string, name: string): void {
    if (key === 'table') this.facts.addTable([name]);
    const isColumn = key === 'Identifier' || COLUMN_KEYS.includes(key);
    if (isColumn && name !== '' && !/^(?:@|default$)/i.test(name)) this.facts.addColumn(name);
  }
}

/** Facts of the tree of sqlparser. */
export function readOtherTree(tree: unknown): { facts: Facts; statements: number } {
  const statements = toList(tree);
  const reader = new TreeReader();
  for (const statement of statements) reader.readStatement(statement);
  return { facts: reader.facts, statements: statements.length };
}
