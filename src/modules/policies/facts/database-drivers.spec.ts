import { describe, expect, test } from '@jest/globals';
import { toLeastCpuMs, toLeastRatio } from '../../../../test/support/cpu-time.ts';
import { toPrograms } from './content-facts.ts';

const read = (source: string, language = 'python') =>
  toPrograms({ type: 'code.run', params: { source, language } } as unknown as Parameters<typeof toPrograms>[0]).sql;
const UNSEEN = expect.stringContaining('put together');

describe('statements in programs', () => {
  test('are read where they stand', () => {
    expect(read("cursor.execute('DELETE FROM users WHERE id = 1')")?.text).toBe('DELETE FROM users WHERE id = 1');
    expect(read("import sqlite3\nsqlite3.connect('a').execute('SELECT id FROM users')")?.text).toBe(
      'SELECT id FROM users',
    );
  });

  test.each([
    ["import psycopg2 as p\np.connect('').cursor().execute(open('x.sql').read())", 'python'],
    ['import os; import sqlite3\nc.execute(x)', 'python'],
    ['import os, sqlite3\nsqlite3.connect("a").executescript("DEL" + "ETE FROM users")', 'python'],
    ["__import__('pymysql').connect().cursor().execute(x)", 'python'],
    ["import sqlite3\nc.execute('SELECT id FROM users')\nc.execute(hidden)", 'python'],
    ["const { Client } = require('pg');\nnew Client().query(process.argv[2])", 'javascript'],
    ["import mysql from 'mysql2/promise';\nconnection.execute(sql)", 'typescript'],
    ['import (\n\t"database/sql"\n)\nfunc main() { db.Exec(os.Args[1]) }', 'go'],
  ])('that are put together where they run, count as unread: %s', (source, language) => {
    expect(read(source, language)?.text).toEqual(UNSEEN);
  });

  test.each([
    'print(sum([1, 2, 3]))',
    "import re\nre.compile('x').search(text)",
    "# a page from postgres\nprint('sqlite3')",
    'from mysqlx_notes import page\nprint(page)',
  ])('are not suspected where no driver is loaded: %s', (source) => {
    expect(read(source)).toBeUndefined();
  });

  test.each(['import ', 'import x from ', '.execute(', '.query( ', '"select ', "require('"])(
    'a program full of %j is read in time that grows with its length',
    (piece) => {
      const time = (length: number): number => {
        const source = piece.repeat(Math.ceil(length / piece.length));
        return toLeastCpuMs(() => read(source));
      };
      time(10_000);
      expect(toLeastRatio(() => time(160_000) / Math.max(time(40_000), 0.5))).toBeLessThan(6);
    },
  );
});
