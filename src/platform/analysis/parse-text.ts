import type { Json, JsonObject } from '../../kernel/json.ts';
import { AppError } from '../errors/app-error.ts';
import type { ParseFormat } from './job.ts';
import { parseCsv } from './parse-csv.ts';
import { parseXml } from './parse-xml.ts';
import { isRow } from './row.ts';

export function parseText(format: ParseFormat, text: string): JsonObject {
  const bare = text.startsWith('\uFEFF') ? text.slice(1) : text;
  switch (format) {
    case 'csv':
      return { rows: parseCsv(bare) };
    case 'json':
      return toRows(parseJson(bare, 'The text'));
    case 'jsonl':
      return toRows(parseLines(bare));
    case 'xml':
      return parseXml(bare);
  }
}

function toRows(value: Json): JsonObject {
  return Array.isArray(value) && value.every(isRow) ? { rows: value } : { value };
}

function parseJson(text: string, what: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AppError('invalid_input', `${what} is not JSON: ${why}${where(text, why)}.`);
  }
}

/** Line and column for the position that the parser names, where it does not say so itself. */
function where(text: string, message: string): string {
  const position = /position (\d+)$/.exec(message)?.[1];
  if (position === undefined || !text.includes('\n')) return '';
  const before = text.slice(0, Number(position)).split('\n');
  return ` (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1})`;
}

function parseLines(text: string): Json[] {
  const values: Json[] = [];
  text.split(/\r?\n/).forEach((line, i) => {
    if (line.trim() !== '') values.push(parseJson(line, `Line ${i + 1}`));
  });
  return values;
}
