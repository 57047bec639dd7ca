import { quote, quoteList } from './cel.ts';
import { named, toValueMeaning, type Entry } from './item.ts';
import { NAME, show, toName } from './name.ts';
import type { Value } from './parts.ts';
import { toNumbers } from './words-data.ts';

const THE = '(?:the |our |any |a |my |its |their )?';

function toPlural(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}

/** A name of a table finds both its singular and its plural. */
export function toTable(name: string): Value {
  const qualified = name.toLowerCase();
  const bare = qualified.slice(qualified.lastIndexOf('.') + 1);
  const single = toNumbers(bare)[0] ?? bare;
  const names = [...new Set([...toNumbers(bare), single, toPlural(single)])].sort();
  return {
    facet: 'table',
    text: `on the table ${show(qualified)}`,
    some: `sql.tables.exists(x, x in ${quoteList(names)})`,
    all: `sql.parsed && sql.tables.size() > 0 && sql.tables.all(x, x in ${quoteList(names)})`,
    family: 'sql',
  };
}

export function toColumn(name: string): Value {
  const column = name.toLowerCase();
  return {
    facet: 'column',
    text: `with the column ${show(column)}`,
    some: `${quote(column)} in sql.columns || ${quote(column)} in data.fields`,
    all: `sql.parsed && !sql.selectsAll && sql.columns.all(x, x == ${quote(column)})`,
    fields: [column],
  };
}

function toTablePrefix(name: string): Value {
  const prefix = name.toLowerCase();
  return {
    facet: 'table',
    text: `on tables that begin with ${show(prefix)}`,
    some: `sql.tables.exists(x, x.startsWith(${quote(prefix)}))`,
    all: `sql.parsed && sql.tables.size() > 0 && sql.tables.all(x, x.startsWith(${quote(prefix)}))`,
    family: 'sql',
  };
}

function toDatabase(name: string): Value {
  const word = name.toLowerCase();
  return {
    facet: 'database',
    text: `on the connection ${show(word)}`,
    some: `connection.name.contains(${quote(word)}) || sql.qualifiedTables.exists(x, x.startsWith(${quote(`${word}.`)}))`,
    all: `connection.name.contains(${quote(word)})`,
  };
}

export function toStore(name: string): Value {
  return {
    facet: 'storage',
    text: `in the bucket ${show(name)}`,
    some: `storage.bucket == ${quote(name)} || storage.bucket.startsWith(${quote(`${name}-`)})`,
    all: `storage.bucket == ${quote(name)}`,
    family: 'storage',
  };
}

function toKey(name: string): Value {
  return {
    facet: 'storage',
    text: `with the key prefix ${show(name)}`,
    some: `storage.key.startsWith(${quote(name)})`,
    family: 'storage',
  };
}

function withName(make: (name: string) => Value | undefined) {
  return (given: string) => {
    const name = toName(given);
    return name === undefined ? undefined : make(name);
  };
}

export const STORE_WORDS: readonly Entry[] = [
  named(
    '(?:on |in |from |to |of )?(?:the |any |all )?tables? (?:whose names? |that |with names? (?:that )?)?(?:starts?|begins?|starting|beginning|prefixed)(?: with)? (?:`|"|\')?([a-z0-9_]{1,60})(?:`|"|\')?',
    toTablePrefix,
    { isPlace: true },
  ),
  named(`(?:on |in |from |to |into |of )?${THE}${NAME} tables?`, withName(toTable), { isPlace: true }),
  named(`(?:on |in |from |to |into |of )?${THE}tables? (?:called |named )?${NAME}`, withName(toTable), {
    isPlace: true,
  }),
  named(`(?:with |of |in |from )?${THE}(?:columns?|fields?) (?:called |named )?${NAME}`, withName(toColumn), {
    isPlace: true,
  }),
  named(`(?:with |of |in |from )?${THE}${NAME} (?:columns?|fields?)`, withName(toColumn), { isPlace: true }),
  {
    pattern: `(?:on |in |from |to |into |of |against )?${THE}${NAME} (databases?|dbs?|warehouses?|connections?)`,
    read: ([given, head]) => {
      const name = given === undefined ? undefined : toName(given);
      if (name === undefined) return undefined;
      const value = toDatabase(name);
      const family = head?.startsWith('conn') === true ? {} : { family: 'sql' as const };
      return [toValueMeaning({ ...value, ...family }, { rename: toDatabase, isPlace: true })];
    },
  },
  named(
    `(?:on |in |from |to |into |of |through |over |via |using )?${THE}connections? (?:called |named )?${NAME}`,
    withName(toDatabase),
    { isPlace: true },
  ),
  named(`(?:in |to |into |from |on )?${THE}${NAME} (?:s3 |storage )?buckets?`, withName(toStore), { isPlace: true }),
  named(`(?:in |to |into |from |on )?${THE}(?:s3 |storage )?buckets? (?:called |named )?${NAME}`, withName(toStore), {
    isPlace: true,
  }),
  named(
    `(?:with |under |having )?${THE}(?:keys?|prefix(?:es)?|key prefix(?:es)?) (?:starting with |beginning with |called |named )${NAME}`,
    withName(toKey),
    { isPlace: true },
  ),
  named(`(?:with |under |having )?${THE}key prefix(?:es)? ${NAME}`, withName(toKey), { isPlace: true }),
];
