import { CsvError, parse } from 'csv-parse/sync';
import type { JsonObject } from '../../kernel/json.ts';
import { AppError } from '../errors/app-error.ts';

const DELIMITERS = [',', ';', '\t'] as const;

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** Rows by the names of the first line; every value a string. */
export function parseCsv(text: string): JsonObject[] {
  const delimiter = detectDelimiter(text);
  const [head, ...records] = readRecords(text, delimiter);
  if (head === undefined) return [];
  const names = toNames(head.record);
  return records.map(({ record, info }) => toRow(names, record, info.lines));
}

function readRecords(text: string, delimiter: string): CsvRecord[] {
  try {
    return parse(text, {
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as CsvRecord[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? `Line ${error['lines']} of the csv` : 'The csv';
    throw new AppError('invalid_input', `${line} cannot be read: ${explain(error)}.`);
  }
}

function explain({ code, message }: CsvError): string {
  if (code === 'CSV_QUOTE_NOT_CLOSED')
    return 'a quoted value is never closed; a quote inside one is written twice (`""`)';
  if (code === 'INVALID_OPENING_QUOTE')
    return 'a quote stands in the middle of an unquoted value; put the whole value in quotes and write the quote twice';
  if (code === 'CSV_INVALID_CLOSING_QUOTE')
    return 'a quoted value goes on after its closing quote; a quote inside one is written twice (`""`)';
  return message;
}

function toNames(head: readonly string[]): string[] {
  const names = head.map((name, i) => (name.trim() === '' ? `column_${i + 1}` : name.trim()));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new AppError('invalid_input', `The csv has two columns called \`${twice}\`; each needs a name of its own.`);
  return names;
}

function toRow(names: readonly string[], record: readonly string[], line: number): JsonObject {
  if (record.length !== names.length) {
    throw new AppError(
      'invalid_input',
      `Line ${line} of the csv has ${record.length} values, but the first line names ${names.length} columns. Values that hold the delimiter need quotes.`,
    );
  }
  // Without a prototype, a column called `__proto__` is a column like any other.
  const row = Object.create(null) as JsonObject;
  names.forEach((name, i) => (row[name] = record[i] ?? ''));
  return row;
}

/** The one of comma, semicolon and tab that the first line has most of, outside quotes. */
function detectDelimiter(text: string): string {
  const counts = new Map<string, number>(DELIMITERS.map((one) => [one, 0]));
  let isQuoted = false;
  let hasBegun = false;
  for (const char of text) {
    if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (char === '\n' || char === '\r')) {
      if (hasBegun) break;
    } else if (!isQuoted && counts.has(char)) counts.set(char, (counts.get(char) ?? 0) + 1);
    hasBegun ||= char !== '\n' && char !== '\r';
  }
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}
