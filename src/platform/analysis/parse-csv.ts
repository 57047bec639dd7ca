import type { JsonObject } from '../../kernel/json.ts';
import { AppError } from '../errors/app-error.ts';

const DELIMITERS = [',', ';', '\t'] as const;
const NEWLINE = 10;
const RETURN = 13;

interface CsvRecord {
  readonly values: readonly string[];
  /** Where it begins. */
  readonly line: number;
}

/** Rows by the names of the first line; every value a string. Empty lines are no rows. */
export function parseCsv(text: string): JsonObject[] {
  const reader = new CsvReader(text, detectDelimiter(text));
  const head = reader.next();
  if (head === undefined) return [];
  const names = toNames(head.values);
  const rows: JsonObject[] = [];
  for (let record = reader.next(); record !== undefined; record = reader.next()) rows.push(toRow(names, record));
  return rows;
}

function toNames(head: readonly string[]): string[] {
  const names = head.map((name, i) => (name.trim() === '' ? `column_${i + 1}` : name.trim()));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new AppError('invalid_input', `The csv has two columns called \`${twice}\`; each needs a name of its own.`);
  return names;
}

function toRow(names: readonly string[], { values, line }: CsvRecord): JsonObject {
  if (values.length !== names.length) {
    throw wrong(
      line,
      `has ${values.length} values, but the first line names ${names.length} columns. Values that hold the delimiter need quotes`,
    );
  }
  // Without a prototype, a column called `__proto__` is a column like any other.
  const row: JsonObject = names.includes('__proto__') ? (Object.create(null) as JsonObject) : {};
  names.forEach((name, i) => (row[name] = values[i] ?? ''));
  return row;
}

/** RFC 4180, and a quote in the middle of an unquoted value is a character like any other. */
class CsvReader {
  readonly #text: string;
  readonly #delimiter: string;
  readonly #delimiterCode: number;
  #at = 0;
  #line = 1;

  constructor(text: string, delimiter: string) {
    this.#text = text;
    this.#delimiter = delimiter;
    this.#delimiterCode = delimiter.charCodeAt(0);
  }

  next(): CsvRecord | undefined {
    while (this.#skipNewline());
    if (this.#at >= this.#text.length) return undefined;
    const line = this.#line;
    const values = [this.#readValue()];
    while (this.#text[this.#at] === this.#delimiter) {
      this.#at++;
      values.push(this.#readValue());
    }
    this.#skipNewline();
    return { values, line };
  }

  #skipNewline(): boolean {
    const start = this.#at;
    if (this.#text.charCodeAt(this.#at) === RETURN) this.#at++;
    if (this.#text.charCodeAt(this.#at) === NEWLINE) this.#at++;
    if (this.#at === start) return false;
    this.#line++;
    return true;
  }

  #readValue(): string {
    if (this.#text[this.#at] === '"') return this.#readQuoted();
    const start = this.#at;
    while (this.#at < this.#text.length && !this.#isEnd(this.#text.charCodeAt(this.#at))) this.#at++;
    return this.#text.slice(start, this.#at);
  }

  #isEnd(code: number): boolean {
    return code === this.#delimiterCode || code === NEWLINE || code === RETURN;
  }

  #readQuoted(): string {
    const line = this.#line;
    const start = this.#at + 1;
    let end = this.#text.indexOf('"', start);
    while (end >= 0 && this.#text[end + 1] === '"') end = this.#text.indexOf('"', end + 2);
    if (end < 0)
      throw wrong(line, 'has a quoted value that is never closed; a quote inside one is written twice (`""`)');
    this.#at = end + 1;
    if (this.#at < this.#text.length && !this.#isEnd(this.#text.charCodeAt(this.#at))) {
      throw wrong(
        line,
        'has a quoted value that goes on after its closing quote; a quote inside one is written twice (`""`)',
      );
    }
    const value = this.#text.slice(start, end).replaceAll('""', '"');
    this.#line += value.split('\n').length - 1;
    return value;
  }
}

function wrong(line: number, what: string): AppError {
  return new AppError('invalid_input', `Line ${line} of the csv ${what}.`, { line });
}

/** The one of comma, semicolon and tab that the first line has most of, outside quotes. */
function detectDelimiter(text: string): string {
  const start = text.search(/[^\r\n]/);
  const counts = new Map<string, number>(DELIMITERS.map((one) => [one, 0]));
  let isQuoted = false;
  for (let i = Math.max(0, start); i < text.length; i++) {
    const char = text[i] ?? '';
    if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (char === '\n' || char === '\r')) break;
    else if (!isQuoted && counts.has(char)) counts.set(char, (counts.get(char) ?? 0) + 1);
  }
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}
