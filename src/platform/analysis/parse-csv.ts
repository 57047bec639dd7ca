import { CsvError, parse, type Options } from 'csv-parse/sync';
import type { JsonObject } from '../../kernel/json.ts';
import { AppError } from '../errors/app-error.ts';

const DELIMITERS = [',', ';', '\t'] as const;
const NEWLINE = /\r\n|\n|\r/g;
const OPTIONS = {
  record_delimiter: ['\r\n', '\n', '\r'],
  skip_empty_lines: true,
  // The size is limited before; the library's own limit is 128,000 for each row.
  max_record_size: 0,
} satisfies Options;

/** Rows by the names of the first line; every value a string. Empty lines are no rows. */
export function parseCsv(text: string): JsonObject[] {
  const bytes = Buffer.from(text);
  try {
    const options = { ...OPTIONS, columns: toNames, delimiter: detectDelimiter(bytes) };
    try {
      return parse<JsonObject>(bytes, options);
    } catch (error) {
      // Such as `5" pipe`. Not at once, because it also lets through `"x"y`, which is mostly a mistake.
      if (!(error instanceof CsvError) || error.code !== 'INVALID_OPENING_QUOTE') throw error;
      return parse<JsonObject>(bytes, { ...options, relax_quotes: true });
    }
  } catch (error) {
    throw error instanceof CsvError ? toAppError(error, bytes) : error;
  }
}

function toNames(head: readonly string[]): string[] {
  const names = new Set<string>();
  head.forEach((value, i) => {
    const name = value.trim() === '' ? `column_${i + 1}` : value.trim();
    if (names.has(name))
      throw new AppError('invalid_input', `The csv has two columns called \`${name}\`; each needs a name of its own.`);
    names.add(name);
  });
  return [...names];
}

/** The one that makes most of the first line. Not the library's own search, which knows no letters outside ASCII. */
function detectDelimiter(bytes: Buffer): string {
  const counts = DELIMITERS.map(
    (delimiter) => parse(bytes, { ...OPTIONS, delimiter, relax_quotes: true, to: 1 })[0]?.length ?? 0,
  );
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

function toAppError(error: CsvError, bytes: Buffer): AppError {
  switch (error.code) {
    case 'CSV_RECORD_INCONSISTENT_COLUMNS': {
      const { record, columns } = error as CsvError & { record: readonly string[]; columns: readonly unknown[] };
      return wrong(
        lineOf(error, bytes) - countLines(record.join()),
        `has ${record.length} values, but the first line names ${columns.length} columns. Values that hold the delimiter need quotes`,
      );
    }
    case 'CSV_QUOTE_NOT_CLOSED':
      return wrong(
        lineOf(error, bytes),
        'has a quoted value that is never closed; a quote inside one is written twice (`""`)',
      );
    case 'CSV_INVALID_CLOSING_QUOTE':
      return wrong(
        lineOf(error, bytes),
        'has a quoted value that goes on after its closing quote; a quote inside one is written twice (`""`)',
      );
    default:
      return new AppError('invalid_input', `The text is not csv: ${error.message}.`);
  }
}

/** From the bytes read so far: the library's own number counts a `\r\n` inside quotes twice. */
function lineOf(error: CsvError, bytes: Buffer): number {
  const read = Number(error['bytes']);
  // Behind a ragged row, its line break is read already; before an open quote, empty lines are not.
  if (error.code === 'CSV_RECORD_INCONSISTENT_COLUMNS')
    return countLines(bytes.toString('utf8', 0, read).replace(/(?:\r\n|\n|\r)$/, '')) + 1;
  const gap = /^[\r\n]*/.exec(bytes.toString('utf8', read))?.[0] ?? '';
  return countLines(bytes.toString('utf8', 0, read) + gap) + 1;
}

function countLines(text: string): number {
  return text.match(NEWLINE)?.length ?? 0;
}

function wrong(line: number, what: string): AppError {
  return new AppError('invalid_input', `Line ${line} of the csv ${what}.`, { line });
}
