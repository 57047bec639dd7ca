import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { toSummary } from '../../../../test/support/sql-summary.ts';
import { SQL_DIALECTS } from '../model.ts';
import { readSql } from './read-sql.ts';

function readLines(name: string): string[] {
  return readFileSync(new URL(`cases/${name}.txt`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => !line.startsWith('# '));
}

/** A statement, and below it, set in, all that is to be read from it. */
function readCases(dialect: string): { sql: string; expected: string }[] {
  const lines = readLines(dialect);
  return lines.flatMap((line, index) => {
    const expected = lines[index + 1];
    return expected?.startsWith('    ') ? [{ sql: unescape(line), expected: expected.trim() }] : [];
  });
}

function unescape(line: string): string {
  return line
    .replaceAll(/\\u([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    .replaceAll('\\n', '\n');
}

describe.each(SQL_DIALECTS)('every fact of a statement of %s', (dialect) => {
  it.each(readCases(dialect))('$sql -> $expected', async ({ sql, expected }) => {
    const reading = await readSql(sql, dialect);
    expect(toSummary(reading)).toBe(expected);
    expect(reading.dialect).toBe(dialect);
  });
});

it('the tables hold more than 300 statements', () => {
  expect(SQL_DIALECTS.flatMap(readCases).length).toBeGreaterThan(300);
});

describe('a condition holds for every row', () => {
  const text = readFileSync(new URL('cases/conditions.txt', import.meta.url), 'utf8');
  const [every = '', some = ''] = text.split('# of some rows or none\n');
  const toRows = (part: string, isAlways: boolean): [string, boolean][] =>
    part
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('# '))
      .map((line) => [line, isAlways]);

  it.each([...toRows(every, true), ...toRows(some, false)])('%s: %s', async (condition, isAlways) => {
    const mysql = condition.replaceAll('"', '`').replaceAll('$1', '?');
    const readings = [
      await readSql(`DELETE FROM customers WHERE ${condition}`, 'postgres'),
      await readSql(`DELETE FROM customers WHERE ${mysql}`, 'mysql'),
      await readSql(`UPDATE customers SET name = 'y' WHERE ${condition}`, 'sqlite'),
    ];
    expect(readings.map(({ parsed }) => parsed)).toEqual([true, true, true]);
    expect(readings.map(({ alwaysTrue }) => alwaysTrue)).toEqual([isAlways, isAlways, isAlways]);
  });

  it('deeper than it is looked into, where it counts as the worst', async () => {
    const nest = (depth: number): string => `DELETE FROM t WHERE ${'true = ('.repeat(depth)}active${')'.repeat(depth)}`;
    expect(await readSql(nest(49), 'postgres')).toMatchObject({ parsed: true, alwaysTrue: false });
    expect(await readSql(nest(51), 'postgres')).toMatchObject({ parsed: true, alwaysTrue: true });
    const flat = (depth: number): string => `DELETE FROM t WHERE active${' = true'.repeat(depth)}`;
    expect(await readSql(flat(49), 'mysql')).toMatchObject({ parsed: true, alwaysTrue: false });
    expect(await readSql(flat(51), 'mysql')).toMatchObject({ parsed: true, alwaysTrue: true });
  });
});

describe('what a parser may not cost is not read', () => {
  const calls = (count: number): string => `SELECT ${'f('.repeat(count)}a${')'.repeat(count)} FROM t`;

  it.each(['mysql', 'sqlite'] as const)('%s: more than 12 calls within each other', async (dialect) => {
    expect(await readSql(calls(12), dialect)).toMatchObject({ parsed: true, opaque: false, tables: ['t'] });
    expect(await readSql(calls(13), dialect)).toMatchObject({ parsed: false, opaque: true, mutating: true });
  });

  it('postgres: an operator of more than 1,000 signs', async () => {
    const add = (count: number): string => `SELECT 1 ${'+'.repeat(count)} 1`;
    expect(await readSql(add(1_000), 'postgres')).toMatchObject({ parsed: true, opaque: false });
    expect(await readSql(add(1_001), 'postgres')).toMatchObject({ parsed: false, opaque: true });
  });

  it('mysql: what only some versions run is read with and without it, and is not trusted', async () => {
    const reading = await readSql('DELETE FROM a /*!99999 WHERE id = 1 */', 'mysql');
    expect(reading).toMatchObject({ parsed: true, opaque: true, mutating: true, hasWhere: false, keyedRows: -1 });
    expect(reading.columns).toEqual(['id']);
  });

  const parens = (count: number): string => `${'('.repeat(count)}1${')'.repeat(count)}`;
  const named = (text: string): string => `\`${text}\``;
  it.each([
    ['MSSQL alone reads', (count: number) => `IF a = 1 SELECT ${parens(count)} ELSE SELECT 2`, 7],
    ['Snowflake alone reads', (count: number) => `COPY INTO t FROM (SELECT ${parens(count)} FROM @s)`, 6],
    ['may be brackets', (count: number) => `COPY INTO t FROM (SELECT ${named('('.repeat(count))} FROM @s)`, 6],
    ['may be calls', (count: number) => `SELECT ${named('f('.repeat(count))} FROM t LIMIT 5 BY b`, 12],
    ['may be no space', (count: number) => `SELECT ${named(' \u00a0'.charAt(count))} FROM t LIMIT 5 BY b`, 0],
    ['is long', (count: number) => `SELECT a FROM t LIMIT 5 BY b${' '.repeat(count - 28)}`, 10_000],
  ])('unknown: of what %s only so much', async (_, make, most) => {
    expect(await readSql(make(most), 'unknown')).toMatchObject({ parsed: true });
    expect(await readSql(make(most + 1), 'unknown')).toMatchObject({ parsed: false, opaque: true, mutating: true });
  });

  it.each(SQL_DIALECTS)('%s: more than 100,000 characters, of which the rest is not looked at', async (dialect) => {
    const text = `SELECT 1 FROM t${' '.repeat(99_985)}`;
    expect(await readSql(text, dialect)).toMatchObject({ parsed: true, operations: ['select'] });
    const { operations, parsed, opaque } = await readSql(`${text};DROP TABLE t`, dialect);
    expect({ operations, parsed, opaque }).toEqual({ operations: ['select'], parsed: false, opaque: true });
  });

  it.each(SQL_DIALECTS)(
    '%s: conditions that hold their parts twice, over and over, count as the worst',
    async (dialect) => {
      const nest = (count: number, from: string, to: string): string =>
        `DELETE FROM customers WHERE ${from.repeat(count)}customers.id = 5${to.repeat(count)}`;
      for (const [from, to] of [
        ['(', ' BETWEEN 1 AND 2)'],
        ['((', ') IN (SELECT c.id FROM customers c WHERE c.id = 1))'],
      ] as const) {
        expect(await readSql(nest(3, from, to), dialect)).toMatchObject({ parsed: true, alwaysTrue: false });
        expect(await readSql(nest(20, from, to), dialect)).toMatchObject({ parsed: true, alwaysTrue: true });
      }
    },
  );
});

it('mysql: what only some versions run is left out in the words of MySQL', async () => {
  const reading = await readSql("DELETE FROM `a` /*!99999 WHERE id = 1 */ # it's", 'mysql');
  expect(reading).toMatchObject({ parsed: true, hasWhere: false, dialect: 'mysql' });
});
