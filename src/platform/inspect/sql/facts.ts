import { UNREAD_SQL, type SqlDialect, type SqlReading } from '../model.ts';
import { countKeyedRows, isForEveryRow, type Condition } from './condition.ts';
import { hasEffect, isFileFunction, OPAQUE_TAG, RIGHTS_TAG, FILES_TAG, toObject, toVerb } from './words.ts';

/** What one text does, as it is collected from its tree. */
export class Facts {
  readonly operations = new Set<string>();
  readonly objects = new Set<string>();
  readonly tables = new Set<string>();
  readonly qualifiedTables = new Set<string>();
  readonly columns = new Set<string>();
  readonly functions = new Set<string>();
  selectsAll = false;
  mutating = false;
  opaque = false;
  privileges = false;
  serverFiles = false;
  hasWhere = true;
  alwaysTrue = false;
  readonly keyedRows: number[] = [];
  /** One for each outermost SELECT; -1 without a literal LIMIT. */
  readonly limits: number[] = [];

  /** Parts of the name, as they are written. */
  addTable(parts: readonly string[]): void {
    const names = parts.map((part) => part.toLowerCase());
    this.tables.add(names.at(-1) ?? '');
    if (names.length > 1) this.qualifiedTables.add(names.join('.'));
  }

  addColumn(name: string): void {
    this.columns.add(name.toLowerCase());
  }

  addFunction(parts: readonly string[]): void {
    const names = parts.map((part) => part.toLowerCase());
    this.functions.add(names.at(-1) ?? '');
    if (isFileFunction(names)) this.serverFiles = true;
    if (hasEffect(names)) this.beOpaque();
  }

  /** What cannot be seen may do anything. */
  beOpaque(): void {
    this.opaque = true;
    this.mutating = true;
  }

  addStatement(tag: string): void {
    this.operations.add(toVerb(tag));
    if (OPAQUE_TAG.test(tag)) this.beOpaque();
    if (FILES_TAG.test(tag)) this.serverFiles = true;
    this.addRights(tag);
  }

  addRights(tag: string): void {
    if (RIGHTS_TAG.test(tag)) this.privileges = true;
  }

  addObject(tag: string): void {
    this.objects.add(toObject(tag));
    this.addRights(tag);
  }

  /** INSERT that overwrites what is there: at most one row for each that is given; 0 stands for a query. */
  addUpsert(rows: number): void {
    this.operations.add('update');
    this.keyedRows.push(rows > 0 ? rows : -1);
  }

  /** A DELETE or UPDATE of `table`, which is undefined where the WHERE is about more than one. */
  addChange(where: Condition | undefined, table: string | undefined): void {
    if (where === undefined) this.hasWhere = false;
    else if (isForEveryRow(where)) this.alwaysTrue = true;
    this.keyedRows.push(where === undefined || table === undefined ? -1 : countKeyedRows(where, table.toLowerCase()));
  }
}

function sumKnown(counts: readonly number[], add: (counts: readonly number[]) => number): number {
  return counts.length === 0 || counts.includes(-1) ? -1 : add(counts);
}
const toSum = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count);
const toMost = (counts: readonly number[]): number => Math.max(...counts);

export function toReading(facts: Facts, statements: number, dialect: SqlDialect): SqlReading {
  const { keyedRows, limits, selectsAll, mutating, opaque, privileges, serverFiles, hasWhere, alwaysTrue } = facts;
  return {
    parsed: true,
    dialect,
    statements,
    operations: [...facts.operations],
    objects: [...facts.objects],
    tables: [...facts.tables],
    qualifiedTables: [...facts.qualifiedTables],
    columns: [...facts.columns],
    functions: [...facts.functions],
    selectsAll,
    mutating,
    ddl: ['create', 'alter', 'drop'].some((verb) => facts.operations.has(verb)),
    hasWhere,
    alwaysTrue,
    opaque,
    privileges,
    serverFiles,
    keyedRows: sumKnown(keyedRows, toSum),
    limit: sumKnown(limits, toMost),
  };
}

const LISTS = ['operations', 'objects', 'tables', 'qualifiedTables', 'columns', 'functions'] as const;
const FLAGS = ['selectsAll', 'mutating', 'ddl', 'alwaysTrue', 'opaque', 'privileges', 'serverFiles'] as const;

/** Several readings of one text, each of which could read it: the worse of each fact. */
export function mergeReadings(readings: readonly SqlReading[], dialect: SqlDialect): SqlReading {
  const merged: Record<string, unknown> = { ...UNREAD_SQL, parsed: true, dialect };
  for (const name of LISTS) merged[name] = [...new Set(readings.flatMap((reading) => reading[name]))];
  for (const name of FLAGS) merged[name] = readings.some((reading) => reading[name]);
  merged['hasWhere'] = readings.every(({ hasWhere }) => hasWhere);
  merged['statements'] = toMost(readings.map(({ statements }) => statements));
  for (const name of ['keyedRows', 'limit'] as const) {
    merged[name] = sumKnown(
      readings.map((reading) => reading[name]),
      toMost,
    );
  }
  return merged as unknown as SqlReading;
}
