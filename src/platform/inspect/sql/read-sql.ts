import type { SqlDialect, SqlReading } from '../model.ts';
import { openOthers } from './engine-others.ts';
import { openPostgres } from './engine-postgres.ts';
import { Parser } from './engine.ts';
import { mergeReadings, toReading, type Facts } from './facts.ts';
import { countDepth, FLAVOURS, readTokens, type Flavour } from './lexer.ts';
import { rewriteMysql } from './mysql-text.ts';
import { readPragma } from './pragma.ts';
import { readOtherTree } from './read-others.ts';
import { readPostgresTree } from './read-postgres.ts';
import { findEffects, toUnread } from './scan.ts';

export const MAX_SQL = 100_000;
/** sqlparser may need twice the time for each level, in the slow dialects four times. */
const MAX_CALLS = 12;
const MAX_LEVELS_SLOW = 7;
/** PostgreSQL's lexer needs the square of the length of an operator, of which `/*` may be the start of a comment. */
const OPERATORS = /[-+*/<>=~!@#%^&|`?]+/g;
const MAX_OPERATOR = 1000;
const SLOW = ['mssql', 'snowflake'];
/** Longer texts of an unknown server are not tried in further dialects. */
const MAX_FURTHER = 10_000;
/** What sqlparser reads beside the dialects that have a connection. */
const FURTHER =
  'generic mssql snowflake clickhouse bigquery duckdb databricks hive oracle redshift spark teradata ansi'.split(' ');

const postgres = new Parser(openPostgres);
const others = new Parser(openOthers);

type Read = (tree: unknown) => { readonly facts: Facts; readonly statements: number };

/** Undefined for a text that is none of the dialect, of which there is no tree, or no statement at all. */
async function parse(
  parser: Parser,
  name: string,
  text: string,
  read: Read,
  dialect: SqlDialect,
): Promise<SqlReading | undefined> {
  const tree = await parser.parse(name, text);
  try {
    const { facts, statements } = read(tree);
    return statements === 0 ? undefined : toReading(facts, statements, dialect);
  } catch (error) {
    // A tree deeper than the stack.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

export function hasLongOperator(text: string): boolean {
  return [...text.matchAll(OPERATORS)].some(([operator]) => operator.length > MAX_OPERATOR);
}

async function readPostgres(text: string): Promise<SqlReading | undefined> {
  if (hasLongOperator(text)) return undefined;
  return parse(postgres, 'postgres', text, readPostgresTree, 'postgres');
}

/** `undefined` where what is white space for the parser may be part of a name for the server. */
function measure(text: string, flavours: readonly Flavour[]): { all: number; calls: number } | undefined {
  const texts = flavours.map((flavour) => readTokens(text, flavour));
  if (texts.some((tokens) => tokens.some(({ kind }) => kind === 'strange'))) return undefined;
  const depths = texts.map(countDepth);
  return { all: Math.max(...depths.map(({ all }) => all)), calls: Math.max(...depths.map(({ calls }) => calls)) };
}

async function readOther(
  names: readonly string[],
  text: string,
  dialect: SqlDialect,
  flavours: readonly Flavour[],
): Promise<SqlReading[]> {
  const depth = measure(text, flavours);
  if (depth === undefined || depth.calls > MAX_CALLS) return [];
  const readings: SqlReading[] = [];
  for (const name of names) {
    if (SLOW.includes(name) && depth.all > MAX_LEVELS_SLOW) continue;
    const reading = await parse(others, name, text, readOtherTree, dialect);
    if (reading !== undefined) readings.push(reading);
  }
  return readings;
}

async function readSqlite(text: string): Promise<SqlReading | undefined> {
  const { sqlite } = FLAVOURS;
  return readPragma(readTokens(text, sqlite)) ?? (await readOther(['sqlite'], text, 'sqlite', [sqlite]))[0];
}

async function readMysql(text: string): Promise<SqlReading | undefined> {
  const { text: shown, isHiding } = rewriteMysql(text, true);
  const [reading] = await readOther(['mysql'], shown, 'mysql', [FLAVOURS.mysql]);
  if (!isHiding || reading === undefined) return reading;
  const without = await readOther(['mysql'], rewriteMysql(text, false).text, 'mysql', [FLAVOURS.mysql]);
  // Which of them runs, is up to the version of the server.
  return { ...mergeReadings([reading, ...without], 'mysql'), opaque: true, mutating: true };
}

async function readUnknown(text: string): Promise<SqlReading | undefined> {
  const found = [await readPostgres(text), await readMysql(text), await readSqlite(text)];
  const further = text.length <= MAX_FURTHER ? FURTHER : [];
  const readings = [
    ...found.filter((reading) => reading !== undefined),
    ...(await readOther(further, text, 'unknown', Object.values(FLAVOURS))),
  ];
  if (readings.length === 0) return undefined;
  const merged = mergeReadings(readings, 'unknown');
  const hidden = findEffects(text).filter((verb) => !merged.operations.includes(verb));
  if (hidden.length === 0) return merged;
  return { ...merged, operations: [...merged.operations, ...hidden], opaque: true, mutating: true };
}

const READERS: Readonly<Record<SqlDialect, (text: string) => Promise<SqlReading | undefined>>> = {
  postgres: readPostgres,
  mysql: readMysql,
  sqlite: readSqlite,
  unknown: readUnknown,
};

/** What SQL text does. Always an answer; what cannot be read may do anything. */
export async function readSql(text: string, dialect: SqlDialect): Promise<SqlReading> {
  // A server ends the text at a null byte, or refuses half a character; the parsers do not.
  const isReadable = text.length <= MAX_SQL && !/[\0\p{Cs}]/u.test(text);
  const reading = isReadable ? await READERS[dialect](text) : undefined;
  return reading ?? toUnread(text.slice(0, MAX_SQL), dialect);
}
