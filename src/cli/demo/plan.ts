import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { Table } from './csv.ts';
import { readCsv } from './csv.ts';
import type { Choice } from './expected.ts';
import { must, Surprise } from './surprise.ts';

/** What the demo will ask for, and the data it does it with. Paths are relative to the folder that agents may touch. */
export interface Plan {
  readonly about: string;
  readonly bytes: Buffer;
  readonly table: Table;
  readonly choice: Choice;
  readonly input: string;
  readonly output: string;
  readonly report: string;
  readonly sentence: string;
}

const MAX_BYTES = 5_000_000;
/** So that the changes stay well within the deadline that the product gives to one transformation. */
const MAX_CELLS = 200_000;
const AMOUNT =
  /(?:^|[\W_])(?:amount|total|price|cost|revenue|sales|value|quantity|qty|count|sum|population)s?(?:$|[\W_])/i;
const NO_AMOUNT =
  /(?:^|[\W_])(?:id|no|nr|zip|code|phone|year|month|day|date|age|lat|lon|latitude|longitude)(?:$|[\W_])|Id$/i;

const STRIKES: Choice = {
  required: 'Speed IAS in knots',
  keep: ['Flight Date', 'Airport Name', 'Phase of flight', 'Wildlife Species', 'Speed IAS in knots', 'Cost Total $'],
  group: 'Phase of flight',
  total: 'Cost Total $',
};

/** The built-in data set, or the user's own file. Throws `Surprise` when the file is no table. */
export async function makePlan(input: string | undefined): Promise<Plan> {
  const path = input === undefined ? findStrikes() : resolve(input);
  const bytes = await readInput(path);
  const table = parse(path, bytes);
  const about =
    input === undefined
      ? 'wildlife strikes reported by pilots to the US aviation authority (FAA), public domain'
      : `your file ${path}`;
  const choice = input === undefined ? STRIKES : choose(table);
  const name =
    basename(path, extname(path))
      .replace(/[^A-Za-z0-9_-]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'data';
  const paths = { input: `inbox/${name}.csv`, output: `out/${name}-clean.csv`, report: `out/${name}-report.md` };
  return { about, bytes, table, choice, ...paths, sentence: toSentence(choice, paths) };
}

function findStrikes(): string {
  try {
    const entry = createRequire(import.meta.url).resolve('vega-datasets');
    return join(dirname(entry), '..', 'data', 'birdstrikes.csv');
  } catch {
    throw new Surprise(
      'The data set of the demo is part of the source code, not of the installed package. Give a csv file of your own: `agentos demo --input FILE`.',
    );
  }
}

async function readInput(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    const limit = `${MAX_BYTES / 1e6} MB`;
    must(size <= MAX_BYTES, `\`${path}\` has ${(size / 1e6).toFixed(1)} MB; the demo takes csv files up to ${limit}.`);
    return await readFile(path);
  } catch (error) {
    if (error instanceof Surprise) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const why: Record<string, string> = { ENOENT: 'does not exist', EISDIR: 'is a folder', EACCES: 'may not be read' };
    throw new Surprise(`\`${path}\` ${why[code ?? ''] ?? `cannot be read (${code})`}. Give the path of a csv file.`);
  }
}

function parse(path: string, bytes: Buffer): Table {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    must(!text.includes('\0'), 'it holds bytes that are no text');
    const table = readCsv(text);
    must(new Set(table.header).size === table.header.length, 'two of its columns have the same name');
    const cells = table.rows.length * table.header.length;
    const limit = MAX_CELLS.toLocaleString('en-US');
    must(cells <= MAX_CELLS, `it has ${cells.toLocaleString('en-US')} cells, and the demo takes up to ${limit}`);
    return table;
  } catch (error) {
    const why = error instanceof Surprise ? error.message : 'it is not text in UTF-8';
    throw new Surprise(
      `\`${path}\` is not a csv file that the demo can use: ${why}. It takes a table whose first line names the columns.`,
    );
  }
}

/** From the columns alone: which value a row must have, what to group by and what to add up. */
function choose({ header, rows }: Table): Choice {
  const columns = header
    // Names that can stand in a sentence between quotes and are not taken for a path.
    .filter((name) => /^[\p{L}\p{N}][\p{L}\p{N} _$%()#-]*$/u.test(name) && name.trim() === name)
    .map((name) => ({ name, values: rows.map((row) => (row[header.indexOf(name)] ?? '').trim()) }))
    .map(({ name, values }) => ({ name, values, blank: values.filter((value) => value === '').length }));
  const required = columns
    .filter(({ blank }) => blank > 0 && blank < rows.length)
    .sort((a, b) => a.blank - b.blank)[0]?.name;
  const numeric = columns.filter(({ values }) => isNumeric(values));
  const total =
    numeric.find(({ name }) => AMOUNT.test(name) && !NO_AMOUNT.test(name)) ??
    numeric.findLast(({ name }) => !NO_AMOUNT.test(name));
  const group = columns.find(
    ({ name, values, blank }) => blank === 0 && name !== total?.name && isGrouping(values, rows.length),
  );
  return {
    ...(required === undefined ? {} : { required }),
    ...(total === undefined ? {} : { total: total.name }),
    ...(group === undefined ? {} : { group: group.name }),
  };
}

function isNumeric(values: readonly string[]): boolean {
  const filled = values.filter((value) => value !== '');
  return filled.length > 0 && filled.every((value) => /^-?\d{1,12}(?:\.\d{1,6})?$/.test(value));
}

function isGrouping(values: readonly string[], rows: number): boolean {
  const distinct = new Set(values).size;
  return (
    distinct > 1 && distinct <= 30 && distinct < rows && values.every((value) => /^[^|`\\<>&*_[\]]{1,60}$/.test(value))
  );
}

function toSentence(choice: Choice, paths: { input: string; output: string; report: string }): string {
  const quoted = (names: readonly string[]): string =>
    names
      .map((name) => `"${name}"`)
      .join(', ')
      .replace(/, (?="[^"]*"$)/, ' and ');
  const cleaning = [
    'trim spaces',
    ...(choice.required === undefined ? [] : [`drop rows without "${choice.required}"`]),
    'remove duplicates',
    ...(choice.keep === undefined ? [] : [`keep only the columns ${quoted(choice.keep)}`]),
  ];
  const measures = ['number of rows', ...(choice.total === undefined ? [] : [`total "${choice.total}"`])].join(' and ');
  const summary =
    choice.group === undefined ? `the ${measures}` : `a chart of the ${measures} per "${choice.group}", largest first,`;
  return (
    `Every Monday at 7, clean ${paths.input}: ${cleaning.join(', ')} and write it to ${paths.output}, ` +
    `then write a summary with ${summary} to ${paths.report}`
  );
}
