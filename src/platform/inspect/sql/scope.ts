import type { Condition } from './condition.ts';

/** Which names stand for columns of the rows that a statement changes. */
export interface Scope {
  /** The only table that the condition is about, as it is written. */
  readonly table: string | undefined;
  /** Names of the changed table; undefined where every column counts as one of its. */
  readonly names: ReadonlySet<string> | undefined;
  /** What the table is called outside of all subqueries. */
  readonly outer: ReadonlySet<string>;
  readonly reading: Reading | undefined;
  readonly takesBare: boolean;
}

/**
 * A subquery is read twice, since nobody can see whose column a bare name is: `own` takes it for one of the subquery,
 * `same` for one of the changed table, which there is the same row under each of its names.
 */
const READINGS = ['own', 'same'] as const;
type Reading = (typeof READINGS)[number];

/** A table or what stands in place of one, in a FROM. */
export interface Relation {
  readonly table: string;
  readonly alias: string;
}

const nameOf = ({ table, alias }: Relation): string => (alias || table).toLowerCase();

/** `isAlone`: no other table is named beside the changed ones. */
export function toScope(changed: readonly Relation[], isAlone: boolean): Scope {
  const outer = new Set(changed.map(nameOf));
  const table = isAlone ? changed[0]?.table : undefined;
  return { table, names: undefined, outer, reading: undefined, takesBare: true };
}

/** As for a server that takes no notice of case. */
export const isChanged = ({ table }: Scope, name: string): boolean => table?.toLowerCase() === name.toLowerCase();

function enterAs(reading: Reading, scope: Scope, relations: readonly Relation[]): Scope {
  const hidden = new Set(relations.map(nameOf));
  const outer = new Set([...scope.outer].filter((name) => !hidden.has(name)));
  const same = relations.filter(({ table }) => isChanged(scope, table)).map(nameOf);
  const names = new Set([...outer, ...(reading === 'same' ? same : [])]);
  return {
    ...scope,
    names,
    outer,
    reading,
    takesBare: reading === 'same' || (relations.length === 0 && scope.takesBare),
  };
}

/** The scopes in which a query that selects from these is to be read. */
export function enter(scope: Scope, relations: readonly Relation[]): Scope[] {
  const readings = scope.reading === undefined ? READINGS : [scope.reading];
  return readings.map((reading) => enterAs(reading, scope, relations));
}

export function toColumn(parts: readonly string[], { table, names, takesBare }: Scope): Condition {
  // Where columns are about more than one table, they keep the name of theirs.
  const name = (table === undefined ? parts.join('.') : (parts.at(-1) ?? '')).toLowerCase();
  const owner = parts.at(-2)?.toLowerCase();
  const isOurs = owner === undefined ? takesBare : names === undefined || names.has(owner);
  return isOurs ? { kind: 'column', name } : { kind: 'other', isFixed: true, text: parts.join('.').toLowerCase() };
}
