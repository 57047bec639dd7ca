import { must } from './surprise.ts';

export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const DELIMITERS = [',', ';', '\t'] as const;

/**
 * A reader of csv (RFC 4180) of the demo's own: what checks the product must not be the product's parser. The delimiter is the one that
 * the first line holds most of. Throws `Surprise` for what is no table: unbalanced quotes, rows of different length, no rows.
 */
export function readCsv(text: string): Table {
  const plain = text.replace(/^\uFEFF/, '');
  const firstLine = (/^[^\r\n]*/.exec(plain)?.[0] ?? '').replace(/"[^"]*"/g, '');
  const [delimiter] = [...DELIMITERS].sort((a, b) => firstLine.split(b).length - firstLine.split(a).length);
  const records = readRecords(plain, delimiter ?? ',').filter((record) => record.length > 1 || record[0] !== '');
  const [header, ...rows] = records;
  must(header !== undefined, 'it is empty');
  must(header.length > 1, 'its first line holds no comma, semicolon or tab, so it does not look like a table');
  const odd = rows.findIndex((row) => row.length !== header.length);
  must(odd < 0, `row ${odd + 1} has ${rows[odd]?.length} values, but the first line names ${header.length} columns`);
  must(rows.length > 0, 'it has column names but no rows');
  return { header, rows };
}

function readRecords(text: string, delimiter: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let at = 0;
  while (at < text.length) {
    const { value, end } = text[at] === '"' ? readQuoted(text, at) : readPlain(text, at, delimiter);
    record.push(value);
    at = end + 1;
    if (text[end] === delimiter) {
      if (at < text.length) continue;
      record.push('');
    } else {
      must(/^[\r\n]?$/.test(text[end] ?? ''), `row ${records.length} has more text after a quoted value`);
    }
    if (text[end] === '\r' && text[at] === '\n') at += 1;
    records.push(record);
    record = [];
  }
  return records;
}

function readPlain(text: string, from: number, delimiter: string): { value: string; end: number } {
  let end = from;
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end += 1;
  return { value: text.slice(from, end), end };
}

function readQuoted(text: string, from: number): { value: string; end: number } {
  let value = '';
  for (let open = from + 1; ;) {
    const close = text.indexOf('"', open);
    must(close >= 0, 'a quoted value has no end');
    value += text.slice(open, close);
    if (text[close + 1] !== '"') return { value, end: close + 1 };
    value += '"';
    open = close + 2;
  }
}
