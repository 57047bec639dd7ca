import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SQL_DIALECTS } from '../model.ts';
import { openOthers } from './engine-others.ts';
import { openPostgres } from './engine-postgres.ts';
import { Parser, type Engine } from './engine.ts';
import { hasLongOperator, MAX_SQL, readSql } from './read-sql.ts';

const DELETE = { parsed: true, operations: ['delete'], tables: ['customers'], keyedRows: 1, mutating: true };
const nest = (open: string, close: string, depth: number): string =>
  `SELECT ${open.repeat(depth)}1${close.repeat(depth)}`;

describe('hostile text', () => {
  const texts: Readonly<Record<string, string>> = {
    'open brackets': `SELECT ${'('.repeat(60_000)}`,
    brackets: nest('(', ')', 49_000),
    'a long sum': `SELECT 1${'+1'.repeat(20_000)}`,
    'a long chain of OR': `SELECT 1 FROM t WHERE a = 1${' OR a=1'.repeat(14_000)}`,
    'a long chain of casts': `SELECT 1${'::a'.repeat(20_000)}`,
    'nested functions': nest('f(', ')', 30_000),
    'thirty casts that never end': `SELECT ${'CAST('.repeat(30)}`,
    'thirty cases that never end': `SELECT ${'CASE WHEN 1 THEN '.repeat(30)}`,
    'thirty intervals': `SELECT ${'INTERVAL '.repeat(30)}1`,
    'thirty arrays': `SELECT ${'ARRAY['.repeat(30)}`,
    'thirty functions of an interval': `SELECT ${'INTERVAL ('.repeat(30)}`,
    'an open comment': `SELECT 1 ${'/*'.repeat(40_000)}`,
    'open quotes': `SELECT ${"'".repeat(50_001)}`,
    'a null byte': 'SELECT 1\0; DROP TABLE customers',
    'half a character': "SELECT '\ud800'",
    'a long operator': `SELECT 1 ${'+'.repeat(1001)} 1`,
    'one character too many': `SELECT 1${' '.repeat(MAX_SQL - 7)}`,
  };

  it.each(Object.entries(texts))('%s: not read, no crash, and the next text is read', async (_, text) => {
    for (const dialect of ['mysql', 'sqlite'] as const) {
      expect(await readSql(text, dialect)).toMatchObject({ parsed: false, dialect, mutating: true, opaque: true });
      expect(await readSql('DELETE FROM customers WHERE id = 1', dialect)).toMatchObject(DELETE);
    }
    // PostgreSQL's own parser takes some of them; what it takes, it reads.
    for (const dialect of ['postgres', 'unknown'] as const) {
      const { parsed, mutating } = await readSql(text, dialect);
      expect(mutating).toBe(!parsed);
      expect(await readSql('DELETE FROM customers WHERE id = 1', dialect)).toMatchObject(DELETE);
    }
  });

  it('of the longest length is read', async () => {
    const list = `SELECT name FROM customers WHERE id IN (1${',1'.repeat(49_900)})`;
    for (const dialect of ['postgres', 'mysql'] as const) {
      expect(await readSql(list, dialect)).toMatchObject({ parsed: true, tables: ['customers'], mutating: false });
    }
    const exact = `SELECT 1${' '.repeat(MAX_SQL - 8)}`;
    expect(await readSql(exact, 'sqlite')).toMatchObject({ parsed: true, mutating: false });
  });

  it('too long for every dialect of an unknown server is still read in those that have a connection', async () => {
    const pad = (sql: string, length: number): string => sql.padStart(length);
    const special = 'SELECT * EXCLUDE (a) FROM customers';
    expect(await readSql(pad(special, 10_000), 'unknown')).toMatchObject({ parsed: true, tables: ['customers'] });
    expect(await readSql(pad(special, 10_001), 'unknown')).toMatchObject({ parsed: false });
    expect(await readSql(pad('SELECT a FROM customers', 10_001), 'unknown')).toMatchObject({ parsed: true });
  });

  it('an operator is long from 1001 signs on', () => {
    expect(['a', 'a + b', '+'.repeat(1000), `${'+ '.repeat(1001)}`].map(hasLongOperator)).toEqual(Array(4).fill(false));
    expect(['+', '|', '*/'].map((sign) => hasLongOperator(`a ${sign.repeat(1001)} b`))).toEqual(Array(3).fill(true));
  });

  it('names at most two hundred columns where it is not read', async () => {
    const words = (count: number): string => `xyz ${Array.from({ length: count }, (_, at) => `c${at}`).join(' ')}`;
    expect((await readSql(words(198), 'sqlite')).columns).toHaveLength(199);
    expect((await readSql(words(300), 'sqlite')).columns).toHaveLength(200);
  });

  it('is not read below the depth that takes too long', async () => {
    expect(await readSql(nest('f(', ')', 12), 'mysql')).toMatchObject({ parsed: true });
    expect(await readSql(nest('f(', ')', 13), 'mysql')).toMatchObject({ parsed: false });
    // Only SQL Server takes it.
    const declare = (depth: number): string => nest('(', ')', depth).replace('SELECT', 'DECLARE @x int =');
    expect(await readSql(declare(7), 'unknown')).toMatchObject({ parsed: true });
    expect(await readSql(declare(8), 'unknown')).toMatchObject({ parsed: false });
    expect(await readSql(nest('(', ')', 20), 'sqlite')).toMatchObject({ parsed: true });
  });

  it('of any kind gets an answer, and what cannot be read is never harmless', async () => {
    const words = fc.constantFrom(
      ...'SELECT * FROM t WHERE ( ) , ; = 1 \' " ` [ ] /* */ -- # $$ AND OR NOT IN CASE END DELETE UPDATE SET a . @ || LIKE NULL WITH AS UNION ON \n \\'.split(
        ' ',
      ),
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.array(words, { maxLength: 25 }).map((all) => all.join(' ')),
    );
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom(...SQL_DIALECTS), async (sql, dialect) => {
        const reading = await readSql(sql, dialect);
        expect(reading.dialect).toBe(dialect);
        expect(reading.statements).toBeGreaterThan(0);
        if (!reading.parsed)
          expect(reading).toMatchObject({ mutating: true, opaque: true, selectsAll: true, hasWhere: false });
        if (reading.opaque) expect(reading.mutating).toBe(true);
        if (!reading.mutating) expect(reading).toMatchObject({ parsed: true, privileges: false, serverFiles: false });
      }),
      { numRuns: 500 },
    );
  });
});

describe('a parser', () => {
  function makeEngine(bytes: number[], parse: (text: string) => unknown): { opened: () => number; parser: Parser } {
    let opened = 0;
    const open = async (): Promise<Engine> => {
      opened += 1;
      return { parse: (_, text) => parse(text), memoryBytes: () => bytes.shift() ?? 0 };
    };
    return { opened: () => opened, parser: new Parser(open) };
  }
  const MEGABYTE = 1024 * 1024;

  it('is opened once, and again after it broke', async () => {
    const { opened, parser } = makeEngine([], (text) => {
      if (text === 'broken') throw new RangeError('Maximum call stack size exceeded');
      return [text];
    });
    expect(await parser.parse('x', 'a')).toEqual(['a']);
    expect(await parser.parse('x', 'b')).toEqual(['b']);
    expect(opened()).toBe(1);
    expect(await parser.parse('x', 'broken')).toBeUndefined();
    expect(await parser.parse('x', 'c')).toEqual(['c']);
    expect(opened()).toBe(2);
  });

  it('is given up when it grew by more than 64 MB', async () => {
    const { opened, parser } = makeEngine(
      [100 * MEGABYTE, 164 * MEGABYTE, 165 * MEGABYTE, MEGABYTE, MEGABYTE],
      () => 1,
    );
    await parser.parse('x', 'a');
    await parser.parse('x', 'b');
    expect(opened()).toBe(1);
    await parser.parse('x', 'c');
    expect(opened()).toBe(2);
  });

  it('that is real breaks on a deep text and works when it is opened again', async () => {
    for (const open of [openPostgres, openOthers]) {
      const engine = await open();
      expect(engine.memoryBytes()).toBeGreaterThan(MEGABYTE);
      expect(engine.parse('mysql', 'SELEC 1')).toBeUndefined();
      expect(() => engine.parse('mysql', `SELECT 1${'||a'.repeat(30_000)}`)).toThrow();
      const again = await open();
      expect(again.parse('mysql', 'SELECT 1')).toBeDefined();
    }
  });
});
