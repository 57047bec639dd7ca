import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SqlDialect, SqlReading } from '../model.ts';
import { readSql } from './read-sql.ts';

const LISTS = ['operations', 'objects', 'tables', 'qualifiedTables', 'columns', 'functions'] as const;
const FLAGS = ['selectsAll', 'mutating', 'ddl', 'alwaysTrue', 'opaque', 'privileges', 'serverFiles'] as const;

/** What is missing in `second` that `first` tells; what cannot be read at all tells the worst. */
function findWeaker(first: SqlReading, second: SqlReading): string[] {
  const lists = LISTS.filter((key) => second.parsed && first[key].some((name) => !second[key].includes(name)));
  const flags = FLAGS.filter((key) => first[key] && !second[key] && second.parsed);
  const others = [
    ...(first.mutating && !second.mutating ? ['mutating'] : []),
    ...(!first.hasWhere && second.hasWhere ? ['hasWhere'] : []),
    ...(!first.parsed && second.parsed ? ['parsed'] : []),
    ...(second.keyedRows > first.keyedRows && first.keyedRows < 0 ? ['keyedRows'] : []),
    ...(second.limit > first.limit && first.limit < 0 ? ['limit'] : []),
    ...(second.parsed && second.statements < first.statements ? ['statements'] : []),
  ];
  return [...lists, ...flags, ...others];
}

/** Keywords, names between bars, and the rest; names can be quoted. */
const STATEMENTS = [
  'SELECT |card_number| FROM |customers| WHERE |id| = 1',
  "SELECT |c| . |email| FROM |customers| |c| WHERE |c| . |name| LIKE 'x%' ORDER BY |name| LIMIT 5",
  'DELETE FROM |customers|',
  'DELETE FROM |customers| WHERE 1 = 1',
  'DELETE FROM |customers| WHERE |id| = 1 OR NOT false',
  'DELETE FROM |customers| WHERE |id| IN ( 1 , 2 )',
  "UPDATE |customers| SET |email| = 'x' WHERE |name| = |name|",
  "INSERT INTO |customers| ( |email| ) VALUES ( 'x' )",
  'DROP TABLE |customers|',
  'SELECT 1 ; DROP TABLE |customers|',
  'ALTER TABLE |customers| DROP COLUMN |email|',
  'WITH |v| AS ( SELECT |email| FROM |customers| ) SELECT |email| FROM |v|',
  'EXPLAIN SELECT |email| FROM |customers|',
  'SELECT pg_sleep ( 1 )',
  'GRANT SELECT ON |customers| TO |clerk|',
];

const BORDERS: Readonly<Record<SqlDialect, readonly string[]>> = {
  postgres: [' ', '\t', '\n', '\r\n', '\f', ' /* x */ ', '/**/', ' /* /* ; */ */ ', ' -- x\n', "/*'*/", '--"\n'],
  mysql: [
    ' ',
    '\t',
    '\n',
    '\r\n',
    ' /* x */ ',
    '/**/',
    ' -- x\n',
    ' # x\n',
    "/*'*/",
    ' #"\n',
    ' /*! */ ',
    ' /*!99999 */ ',
  ],
  sqlite: [' ', '\t', '\n', '\r\n', ' /* x */ ', '/**/', ' -- x\n', "/*'*/", '--"\n'],
  unknown: [' ', '\t', '\n', ' /* x */ ', '/**/', ' -- x\n'],
};
const QUOTES: Readonly<Record<SqlDialect, readonly [string, string][]>> = {
  postgres: [
    ['', ''],
    ['"', '"'],
    ['U&"', '"'],
  ],
  mysql: [
    ['', ''],
    ['`', '`'],
  ],
  sqlite: [
    ['', ''],
    ['"', '"'],
    ['`', '`'],
    ['[', ']'],
  ],
  unknown: [['', '']],
};

function swapCase(word: string, bits: number): string {
  return [...word]
    .map((letter, at) => ((bits >> (at % 30)) & 1 ? letter.toUpperCase() : letter.toLowerCase()))
    .join('');
}

/** The statement in another dress: the same for the server. */
function disguise(statement: string, dialect: SqlDialect, choices: readonly number[]): string {
  const borders = BORDERS[dialect];
  const quotes = QUOTES[dialect];
  const pieces = statement.split(' ').map((piece, at) => {
    const choice = choices[at % choices.length] ?? 0;
    const border = borders[choice % borders.length] ?? ' ';
    const [open, close] = quotes[choice % quotes.length] ?? ['', ''];
    if (piece.startsWith('|')) return `${open}${piece.replaceAll('|', '')}${close}${border}`;
    return `${piece.startsWith("'") ? piece : swapCase(piece, choice)}${border}`;
  });
  return pieces.join('');
}

const DIALECTS = ['postgres', 'mysql', 'sqlite', 'unknown'] as const;

describe('comments, case, white space and quotes', () => {
  it.each(DIALECTS)('never make a statement of %s look more harmless', async (dialect) => {
    const choices = fc.array(fc.nat(), { minLength: 1, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...STATEMENTS), choices, async (statement, chosen) => {
        const plain = await readSql(statement.replaceAll('|', ''), dialect);
        const disguised = await readSql(disguise(statement, dialect, chosen), dialect);
        expect(findWeaker(plain, disguised)).toEqual([]);
        // Only what MySQL may run or not is a reason to know less.
        if (dialect !== 'mysql') expect(disguised).toEqual(plain);
      }),
      { numRuns: dialect === 'unknown' ? 60 : 300 },
    );
  });
});

describe('the dialects', () => {
  const where = fc.constantFrom(
    '',
    ' WHERE id = 1',
    ' WHERE 1 = 1',
    ' WHERE name = name OR id > 3',
    ' WHERE id IN (1, 2)',
  );
  const statement = fc.oneof(
    where.map((text) => `SELECT name, email FROM customers${text}`),
    where.map(
      (text) =>
        `SELECT count(*) FROM customers c JOIN orders o ON c.id = o.id${text.replaceAll('name', 'c.name').replaceAll(' id', ' c.id')}`,
    ),
    where.map((text) => `DELETE FROM customers${text}`),
    where.map((text) => `UPDATE customers SET email = 'x'${text}`),
    where.map((text) => `INSERT INTO copies SELECT * FROM customers${text}`),
    where.map((text) => `WITH v AS (SELECT name, id FROM customers) SELECT name FROM v${text}`),
    where.map((text) => `EXPLAIN SELECT name FROM customers${text}`),
    fc.constantFrom(
      'DROP TABLE customers',
      'CREATE TABLE t (a int)',
      'BEGIN',
      'COMMIT',
      'DROP VIEW v',
      'SELECT lower(name) FROM customers',
    ),
  );

  it('agree on a statement that all of them take', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(statement, { minLength: 1, maxLength: 3 }), async (statements) => {
        const text = statements.join('; ');
        const [first, ...others] = await Promise.all(
          DIALECTS.map(async (dialect) => {
            const reading = await readSql(text, dialect);
            const sorted = LISTS.map((key) => [key, [...reading[key]].sort()] as const);
            return { ...reading, ...Object.fromEntries(sorted), dialect: 'unknown' };
          }),
        );
        expect(first).toMatchObject({ parsed: true, statements: statements.length });
        for (const other of others) expect(other).toEqual(first);
      }),
      { numRuns: 150 },
    );
  });
});
