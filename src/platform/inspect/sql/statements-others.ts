import { readOtherCondition, toParts, toRelations } from './condition-others.ts';
import { join, type Condition } from './condition.ts';
import type { Facts } from './facts.ts';
import { enter, toScope } from './scope.ts';
import { isNode, toList, toNode, toText, type Node } from './tree.ts';

const DROPPED_RELATIONS = ['Table', 'View', 'MaterializedView'];
/** Statements whose `name` is a table. */
const TABLE_STATEMENT = /^(?:Create|Alter)(?:Virtual|External)?(?:Table|View)$/;

function toNumber(expression: unknown): number {
  const [digits] = toList(toNode(expression, 'Value', 'value')['Number']);
  return typeof digits === 'string' ? Number(digits) : -1;
}

/** Literal LIMIT, FETCH or TOP of a query; -1 without one. */
export function toLimit(query: Node): number {
  const [clause] = Object.values(toNode(query, 'limit_clause'));
  const top = toNode(query, 'body', 'Select', 'top', 'quantity')['Constant'];
  if (typeof top === 'number') return top;
  return Math.max(toNumber(toNode(clause)['limit']), toNumber(toNode(query, 'fetch')['quantity']));
}

function toName(item: unknown): string {
  const [relation] = toRelations([item]);
  return relation?.alias || (relation?.table ?? '');
}

/** Table of a target; undefined where more than one is named. */
function toOnlyTable(relations: readonly unknown[]): string | undefined {
  const [target, ...others] = relations;
  if (others.length > 0 || toList(toNode(target)['joins']).length > 0) return undefined;
  return toParts(toNode(target, 'relation', 'Table')['name']).at(-1);
}

/**
 * Only the rows that the WHERE takes from the other tables make a difference, as in an EXISTS; not where ON asks, too.
 * `changed` are names of the changed tables; without any it is the first one.
 */
function readWhere(where: unknown, relations: readonly unknown[], changed: readonly string[] = []): Condition {
  const all = toRelations(relations);
  const named = all.filter(({ table, alias }) => changed.includes(alias || table));
  const targets = named.length > 0 ? named : all.slice(0, 1);
  const scope = toScope(targets, all.length === 1);
  const isJoined = relations.some((relation) => toList(toNode(relation)['joins']).length > 0);
  if (all.length === 1 || isJoined) return readOtherCondition(where, scope);
  const others = all.filter((relation) => !targets.includes(relation));
  return { kind: 'exists', filters: enter(scope, others).map((inner) => readOtherCondition(where, inner)) };
}

function addChange(
  selection: unknown,
  relations: readonly unknown[],
  facts: Facts,
  changed: readonly string[] = [],
): void {
  const table = toOnlyTable(relations);
  facts.addChange(isNode(selection) ? readWhere(selection, relations, changed) : undefined, table);
  // Even where a WITH has the same name.
  for (const relation of relations) addTarget(toNode(relation, 'relation', 'Table'), facts);
}

function addTarget(relation: Node, facts: Facts): void {
  const parts = toParts(relation['name']);
  if (parts.length > 0) facts.addTable(parts);
}

function addMerge(body: Node, facts: Facts): void {
  addTarget(toNode(body, 'table', 'Table'), facts);
  for (const clause of toList(body['clauses']).map((item) => toNode(item))) {
    const verb = (Object.keys(toNode(clause, 'action'))[0] ?? toText(clause['action'])).toLowerCase();
    facts.operations.add(verb);
    if (verb === 'insert') continue;
    const tests: Condition[] = [body['on'], clause['predicate']]
      .filter(isNode)
      .map((test) => readWhere(test, [{ relation: body['table'] }, { relation: body['source'] }]));
    facts.addChange(join('and', tests), undefined);
  }
}

function addInsert(body: Node, facts: Facts): void {
  if (body['replace_into'] === true || body['or'] === 'Replace') facts.operations.add('replace');
  const on = toNode(body, 'on');
  const overwrites = on['DuplicateKeyUpdate'] !== undefined || isNode(toNode(on, 'OnConflict', 'action')['DoUpdate']);
  if (overwrites) facts.addUpsert(toList(toNode(body, 'source', 'body', 'Values')['rows']).length);
}

function addAlteration(body: Node, facts: Facts): boolean {
  const tags = toList(body['operations']).flatMap((operation) => Object.keys(toNode(operation)));
  for (const tag of tags) {
    facts.addRights(tag);
    if (tag.includes('Column')) facts.objects.add('column');
  }
  const dropsColumn = tags.includes('DropColumn');
  if (dropsColumn) facts.operations.add('drop');
  return dropsColumn;
}

const STATEMENTS: Readonly<Record<string, (body: Node, facts: Facts) => void>> = {
  Insert: addInsert,
  Update: (body, facts) => {
    const [from] = Object.values(toNode(body, 'from'));
    addChange(body['selection'], [body['table'], ...toList(from)], facts);
  },
  Delete: (body, facts) => {
    const [from] = Object.values(toNode(body, 'from'));
    // `DELETE a FROM a, b` and `DELETE FROM a USING a, b`.
    const using = toList(body['using']);
    const named = toList(body['tables']).map((name) => toParts(name).at(-1) ?? '');
    const changed = using.length > 0 ? toList(from).map((item) => toName(item)) : named;
    const isRepeated = using.some((item) => changed.includes(toName(item)));
    addChange(body['selection'], [...(isRepeated ? [] : toList(from)), ...using], facts, changed);
  },
  Merge: addMerge,
  Drop: (body, facts) => {
    const type = toText(body['object_type']);
    facts.addObject(type);
    if (DROPPED_RELATIONS.includes(type)) for (const name of toList(body['names'])) facts.addTable(toParts(name));
  },
  Truncate: (body, facts) => {
    for (const table of toList(body['table_names'])) facts.addTable(toParts(toNode(table)['name']));
  },
  Copy: (body, facts) => {
    const target = toNode(body, 'target');
    if (isNode(target['File']) || isNode(target['Program'])) facts.serverFiles = true;
    const table = toNode(body, 'source')['Table'];
    if (body['to'] === true && isNode(table) && toList(table['columns']).length === 0) facts.selectsAll = true;
  },
  Set: (body, facts) =>
    facts.addRights(
      `${Object.keys(body).join(' ')} ${toParts(toNode(body, 'SingleAssignment')['variable']).join('.')}`,
    ),
  Call: (body, facts) => facts.addFunction(toParts(body['name'])),
  Execute: (body, facts) => {
    if (Array.isArray(body['name'])) facts.addFunction(toParts(body['name']));
  },
};

/** What a statement does beyond what its name, its tables and its columns say. */
export function addStatementFacts(tag: string, body: Node, facts: Facts): void {
  STATEMENTS[tag]?.(body, facts);
  const dropsColumn = addAlteration(body, facts);
  if (/^(?:Create|Alter|Drop.|Rename)/.test(tag) && !dropsColumn) facts.addObject(tag);
  if (TABLE_STATEMENT.test(tag)) facts.addTable(toParts(body['name']));
}
