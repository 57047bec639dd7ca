import { join, type Condition } from './condition.ts';
import { readPostgresCondition, toNames, toRelations } from './condition-postgres.ts';
import { Facts } from './facts.ts';
import { FLAVOURS } from './lexer.ts';
import { scanInto } from './scan.ts';
import { enter, toScope, type Relation } from './scope.ts';
import { isNode, toList, toNode, toText, type Node } from './tree.ts';
import { isReadTag, ROW_FUNCTIONS } from './words.ts';

interface Scope {
  /** Names of WITH, which are no tables. */
  readonly views: ReadonlySet<string>;
  /** False below an EXPLAIN that only plans. */
  readonly runs: boolean;
}

/** Relations of these keys are real even where a WITH has the same name. */
const TARGETS = ['relation', 'rel'];
const COLUMN_LISTS = ['cols', 'attlist', 'usingClause', 'keys', 'fk_attrs', 'pk_attrs', 'indirection'];
const OBJECT_KEYS = ['removeType', 'renameType', 'objtype', 'objectType'];
/** These are named in plain lists. */
const DROPPED_RELATIONS = ['OBJECT_TABLE', 'OBJECT_VIEW', 'OBJECT_MATVIEW', 'OBJECT_FOREIGN_TABLE'];

class TreeReader {
  readonly facts = new Facts();
  readonly #relations = new Set<string>();
  /** Columns without a table: one that has the name of a table is its whole row. */
  readonly #bare = new Set<string>();

  readStatement(statement: unknown): void {
    const [tag, body] = Object.entries(toNode(statement))[0] ?? [''];
    if (tag === 'SelectStmt') {
      this.facts.limits.push(toLimit(toNode(body)));
      this.facts.operations.add('select');
    }
    this.#visit('', statement, { views: new Set(), runs: true });
  }

  finish(): Facts {
    if ([...this.#bare].some((name) => this.#relations.has(name))) this.facts.selectsAll = true;
    return this.facts;
  }

  #visit(key: string, value: unknown, scope: Scope): void {
    if (Array.isArray(value)) for (const item of value) this.#visit(key, item, scope);
    if (!isNode(value)) return;
    if (value['relname'] !== undefined) this.#addRelation(value, scope, TARGETS.includes(key));
    if (Array.isArray(value['funcname'])) this.facts.addFunction(toNames(value['funcname']));
    // A list of targets without a SELECT around it is one of assignments.
    if (!('limitOption' in value)) this.#addColumns(value['targetList']);
    const inner = this.#enterWith(toNode(value, 'withClause'), scope);
    for (const [name, child] of Object.entries(value)) {
      if (name === 'withClause') continue;
      if (COLUMN_LISTS.includes(name)) this.#addColumns(child);
      if (name === 'colname') this.facts.addColumn(toText(child));
      if (isNode(child)) this.#visitTag(name, child, inner);
      else this.#visit(name, child, inner);
    }
  }

  #visitTag(tag: string, body: Node, scope: Scope): void {
    if (tag === 'ColumnRef') this.#addColumnRef(toList(body['fields']));
    if (tag === 'IndexElem') this.facts.addColumn(toText(body['name']));
    if (tag === 'AlterTableCmd') this.#addAlteration(toText(body['subtype']), toText(body['name']));
    if (/^[A-Z]\w*Stmt$/.test(tag)) this.#addStatement(tag, body, scope);
    const plansOnly = tag === 'ExplainStmt' && !JSON.stringify(body['options'] ?? '').includes('"analyze"');
    this.#visit(tag, body, plansOnly ? { ...scope, runs: false } : scope);
  }

  #enterWith(clause: Node, scope: Scope): Scope {
    const tables = toList(clause['ctes']).map((item) => toNode(item, 'CommonTableExpr'));
    const names = tables.map((table) => toText(table['ctename']));
    tables.forEach((table, index) => {
      const known = clause['recursive'] === true ? names : names.slice(0, index);
      this.#visit('', table['ctequery'], { ...scope, views: new Set([...scope.views, ...known]) });
    });
    return names.length === 0 ? scope : { ...scope, views: new Set([...scope.views, ...names]) };
  }

  #addRelation(relation: Node, scope: Scope, isTarget: boolean): void {
    const parts = ['catalogname', 'schemaname', 'relname']
      .map((key) => toText(relation[key]))
      .filter((part) => part !== '');
    const alias = toNode(relation, 'alias');
    this.#relations.add(toText(relation['relname'])).add(toText(alias['aliasname']));
    const isView = !isTarget && parts.length === 1 && scope.views.has(parts[0] ?? '');
    if (!isView) this.facts.addTable(parts);
    // `customers AS c(a, b)` gives the columns other names.
    if (!isView && alias['colnames'] !== undefined) this.facts.selectsAll = true;
  }

  #addColumnRef(fields: readonly unknown[]): void {
    const names = toNames(fields);
    const last = names.at(-1);
    if (names.length < fields.length || last === undefined) this.facts.selectsAll = true;
    else this.facts.addColumn(last);
    if (last !== undefined && names.length === 1) this.#bare.add(last);
    if (ROW_FUNCTIONS.has(last ?? '')) this.facts.selectsAll = true;
  }

  #addColumns(list: unknown): void {
    for (const item of toList(list)) {
      const name = toText(toNode(item, 'ResTarget')['name']) || toText(toNode(item, 'String')['sval']);
      if (name !== '') this.facts.addColumn(name);
      if (isNode(toNode(item)['A_Star'])) this.facts.selectsAll = true;
    }
  }

  #addStatement(tag: string, body: Node, scope: Scope): void {
    const { facts } = this;
    // The rows of VALUES are a SELECT for the parser.
    if (body['valuesLists'] === undefined)
      facts.addStatement(tag.startsWith('Grant') && body['is_grant'] !== true ? 'Revoke' : tag);
    if (scope.runs && !isReadTag(tag)) facts.mutating = true;
    if (/^(?:Create|Alter|Drop|Index|View|Define|Rule|Rename)/.test(tag)) this.#addObjects(tag, body);
    STATEMENTS[tag]?.(body, facts);
  }

  #addObjects(tag: string, body: Node): void {
    const named = OBJECT_KEYS.map((key) => toText(body[key])).filter((name) => name !== '');
    const dropsParts = JSON.stringify(body['cmds'] ?? '').includes('"AT_DropColumn"');
    if (!dropsParts)
      for (const name of named.length > 0 ? named : [tag === 'CreateStmt' ? 'table' : tag]) this.facts.addObject(name);
    if (DROPPED_RELATIONS.includes(toText(body['removeType'])))
      for (const item of toList(body['objects'])) this.facts.addTable(toNames(toNode(item, 'List')['items']));
    if (named.includes('OBJECT_COLUMN')) this.facts.addColumn(toText(body['subname']));
  }

  #addAlteration(subtype: string, name: string): void {
    this.facts.addRights(subtype);
    if (!subtype.includes('Column')) return;
    this.facts.objects.add('column');
    if (name !== '') this.facts.addColumn(name);
    if (subtype === 'AT_DropColumn') this.facts.operations.add('drop');
  }
}

/** Literal LIMIT of a SELECT; -1 without one. */
function toLimit(select: Node): number {
  const count = toNode(select, 'limitCount', 'A_Const')['ival'];
  return isNode(count) ? Number(count['ival'] ?? 0) : -1;
}

/** Only the rows that the WHERE takes from the other tables make a difference, as in an EXISTS. */
function readWhere(where: unknown, target: unknown, others: readonly Relation[]): Condition {
  const scope = toScope(toRelations([{ RangeVar: target }]), others.length === 0);
  if (others.length === 0) return readPostgresCondition(where, scope);
  return { kind: 'exists', filters: enter(scope, others).map((inner) => readPostgresCondition(where, inner)) };
}

function addChange(body: Node, facts: Facts): void {
  const others = toRelations(body['usingClause'] ?? body['fromClause']);
  const target = body['relation'];
  const table = others.length === 0 ? toText(toNode(target)['relname']) : undefined;
  const where = body['whereClause'];
  facts.addChange(where === undefined ? undefined : readWhere(where, target, others), table);
}

function addMerge(body: Node, facts: Facts): void {
  const others = toRelations([body['sourceRelation']]);
  for (const item of toList(body['mergeWhenClauses'])) {
    const clause = toNode(item, 'MergeWhenClause');
    const verb = toText(clause['commandType']).replace('CMD_', '').toLowerCase();
    if (verb !== 'nothing') facts.operations.add(verb);
    if (verb === 'nothing' || verb === 'insert') continue;
    const tests = [body['joinCondition'], clause['condition']].map((test) => readWhere(test, body['relation'], others));
    facts.addChange(join('and', tests), undefined);
  }
}

/** What a statement does beyond what its name, its tables and its columns say. */
const STATEMENTS: Readonly<Record<string, (body: Node, facts: Facts) => void>> = {
  UpdateStmt: addChange,
  DeleteStmt: addChange,
  MergeStmt: addMerge,
  SelectStmt: (body, facts) => {
    if (body['lockingClause'] !== undefined) facts.operations.add('other');
    if (body['intoClause'] === undefined) return;
    facts.operations.add('create');
    facts.objects.add('table');
    facts.mutating = true;
  },
  InsertStmt: (body, facts) => {
    if (toNode(body, 'onConflictClause')['action'] !== 'ONCONFLICT_UPDATE') return;
    const rows = toList(toNode(body, 'selectStmt', 'SelectStmt')['valuesLists']).length;
    facts.addUpsert(rows);
  },
  CopyStmt: (body, facts) => {
    if (body['filename'] !== undefined) facts.serverFiles = true;
    const readsTable = body['is_from'] !== true && body['relation'] !== undefined;
    if (readsTable && body['attlist'] === undefined) facts.selectsAll = true;
  },
  TransactionStmt: (body, facts) => {
    if (toText(body['kind']).includes('PREPARE')) facts.mutating = true;
  },
  VariableSetStmt: (body, facts) => facts.addRights(toText(body['name'])),
  DoStmt: (body, facts) => {
    for (const option of toList(body['args']))
      scanInto(facts, toText(toNode(option, 'DefElem', 'arg', 'String')['sval']), FLAVOURS.postgres);
  },
};

/** Facts of the tree of libpg-query. */
export function readPostgresTree(tree: unknown): { facts: Facts; statements: number } {
  const statements = toList(toNode(tree)['stmts']);
  const reader = new TreeReader();
  for (const statement of statements) reader.readStatement(toNode(statement)['stmt']);
  return { facts: reader.finish(), statements: statements.length };
}
