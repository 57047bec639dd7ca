import type { DataClass } from '../../kernel/policy/data-classes.ts';
import { classifyBeside, classifyName } from './field-names.ts';
import { valueConfidence } from './field-values.ts';
import type { Span } from './model.ts';

interface Cell {
  readonly start: number;
  readonly end: number;
}

/** Rows of separated values in a text, its header first. */
export interface Table {
  readonly headers: readonly string[];
  readonly rows: number;
  readonly spans: readonly Span[];
}

const SEPARATORS = [',', ';', '\t', '|'];
const MAX_HEADER = 8_192;
const MAX_COLUMNS = 500;
const HEADER = /^[\p{L}_#][\p{L}\p{M}\d_ ./#()?-]{0,63}$/u;

/** One cell without quotes and blanks around it, and where it stops. */
function readCell(text: string, from: number, separator: string): Cell & { readonly stop: number } {
  let start = from;
  let end = from;
  const isQuoted = text.charAt(from) === '"';
  if (isQuoted) {
    start = end = from + 1;
    while (end < text.length && (text.charAt(end) !== '"' || text.charAt(end + 1) === '"'))
      end += text.charAt(end) === '"' ? 2 : 1;
    end = Math.min(end, text.length);
  }
  let stop = end;
  while (stop < text.length && text.charAt(stop) !== separator && text.charAt(stop) !== '\n') stop++;
  if (!isQuoted) end = stop;
  while (end > start && /\s/.test(text.charAt(end - 1))) end--;
  while (start < end && /\s/.test(text.charAt(start))) start++;
  return { start, end, stop };
}

/** Cells of the row that starts here, and where the next row starts. */
function readRow(text: string, from: number, separator: string): { cells: Cell[]; next: number } {
  const cells: Cell[] = [];
  for (let at = from; ; at++) {
    const { start, end, stop } = readCell(text, at, separator);
    cells.push({ start, end });
    at = stop;
    if (at >= text.length || text.charAt(at) === '\n') return { cells, next: at + 1 };
  }
}

function headersOf(text: string, separator: string): { names: string[]; next: number } | undefined {
  const { cells, next } = readRow(text, 0, separator);
  if (cells.length > MAX_COLUMNS || next > MAX_HEADER) return undefined;
  const names = cells.map(({ start, end }) => text.slice(start, end));
  const isHeader = names.every((name) => HEADER.test(name)) && new Set(names).size === names.length;
  return isHeader ? { names, next } : undefined;
}

/** Classes of columns: `name` and the like count beside columns that are certain. */
export function classifyNames(names: readonly string[]): (DataClass | undefined)[] {
  const certain = names.map(classifyName);
  const hasPerson = certain.some((each) => each !== undefined && each !== 'credential');
  return certain.map((each, index) => each ?? (hasPerson ? classifyBeside(names[index] ?? '') : undefined));
}

/** A text whose first line names columns that the next lines fill; a single column must have a name that says what it holds. */
export function readTable(text: string): Table | undefined {
  const firstEnd = text.indexOf('\n');
  if (firstEnd < 1 || firstEnd > MAX_HEADER) return undefined;
  const first = text.slice(0, firstEnd);
  const separator = SEPARATORS.find((each) => first.includes(each)) ?? ',';
  const header = headersOf(text, separator);
  if (header === undefined) return undefined;
  const classes = classifyNames(header.names);
  const second = readRow(text, header.next, separator).cells;
  const isTable =
    header.names.length > 1 ? second.length === header.names.length : classes[0] !== undefined && !/[:.]$/.test(first);
  if (!isTable) return undefined;
  const spans: Span[] = [];
  let rows = 0;
  for (let at = header.next; at < text.length;) {
    const { cells, next } = readRow(text, at, separator);
    if (cells.some(({ start, end }) => end > start)) rows++;
    for (const [index, cell] of cells.entries()) {
      const dataClass = classes[index];
      const confidence = dataClass && valueConfidence(dataClass, text.slice(cell.start, cell.end), true);
      if (dataClass && confidence) spans.push({ ...cell, class: dataClass, kind: 'field', confidence });
    }
    at = next;
  }
  return { headers: header.names, rows, spans };
}
