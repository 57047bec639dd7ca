import type { Table } from './csv.ts';

/** What a sentence asks for, by names of columns. */
export interface Choice {
  /** Rows in which this one is empty go. */
  readonly required?: string;
  /** Only these stay, in this order; absent: all. */
  readonly keep?: readonly string[];
  /** One row of the summary for each of its values. */
  readonly group?: string;
  /** Its numbers are added up in the summary. */
  readonly total?: string;
}

export interface Cleaned extends Table {
  readonly withoutRequired: number;
  readonly duplicates: number;
}

export interface Group {
  count: number;
  total: number;
}

/** The cleaning as plain code: trim, drop rows without the required value, drop repeated rows, keep columns. */
export function clean(table: Table, choice: Choice): Cleaned {
  const trimmed = table.rows.map((row) => row.map((value) => value.trim()));
  const required = choice.required === undefined ? -1 : table.header.indexOf(choice.required);
  const filled = trimmed.filter((row) => required < 0 || row[required] !== '');
  const seen = new Set<string>();
  const distinct = filled.filter((row) => {
    const key = JSON.stringify(row);
    return !seen.has(key) && seen.add(key);
  });
  const header = choice.keep ?? table.header;
  const places = header.map((column) => table.header.indexOf(column));
  return {
    header,
    rows: distinct.map((row) => places.map((place) => row[place] ?? '')),
    withoutRequired: trimmed.length - filled.length,
    duplicates: filled.length - distinct.length,
  };
}

/** Rows and, when asked, the sum of a column for each value of the group; one nameless group when there is none. */
export function summarize(table: Table, choice: Choice): Map<string, Group> {
  const place = table.header.indexOf(choice.group ?? '');
  const number = table.header.indexOf(choice.total ?? '');
  const groups = new Map<string, Group>();
  for (const row of table.rows) {
    const name = row[place] ?? '';
    const group = groups.get(name) ?? { count: 0, total: 0 };
    group.count += 1;
    if ((row[number] ?? '') !== '') group.total += Number(row[number]);
    groups.set(name, group);
  }
  return groups;
}
