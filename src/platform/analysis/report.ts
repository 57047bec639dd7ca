import type { Json } from '../../kernel/json.ts';
import { AppError } from '../errors/app-error.ts';
import { isRow } from './row.ts';

export interface Table {
  /** Every name of every row, in the order of first sight. */
  readonly columns: readonly string[];
  /** One text for each column. */
  readonly rows: readonly (readonly string[])[];
  /** Whether all values of the column are numbers or absent. */
  readonly isNumeric: readonly boolean[];
}

export interface Chart {
  readonly title: string | undefined;
  readonly bars: readonly { readonly label: string; readonly value: number; readonly text: string }[];
}

export interface Report {
  readonly title: string | undefined;
  readonly text: string | undefined;
  readonly table: Table | undefined;
  readonly chart: Chart | undefined;
}

const KEYS = ['title', 'text', 'rows', 'chart'];

export function toTable(value: Json, format: string): Table {
  const objects = Array.isArray(value) ? value : [value];
  if (!objects.every(isRow)) {
    throw new AppError(
      'invalid_input',
      `\`${format}\` needs a list of rows, each an object such as \`{"name": "x"}\`. A \`data.transform\` step can make one.`,
    );
  }
  const columns = [...new Set(objects.flatMap((row) => Object.keys(row)))];
  const rows = objects.map((row) =>
    columns.map((column) => toCell(Object.hasOwn(row, column) ? row[column] : undefined)),
  );
  const isNumeric = columns.map(
    (column) =>
      objects.some((row) => isNumber(row[column])) &&
      objects.every((row) => isAbsent(row[column]) || isNumber(row[column])),
  );
  return { columns, rows, isNumeric };
}

/** A list of rows, or an object with a title, text, rows and a chart, each optional. */
export function toReport(value: Json): Report {
  if (!isRow(value) || !Object.keys(value).some((key) => KEYS.includes(key))) {
    return { title: undefined, text: undefined, table: toTable(value, 'markdown` and `html'), chart: undefined };
  }
  const unknown = Object.keys(value).find((key) => !KEYS.includes(key));
  if (unknown !== undefined)
    throw new AppError('invalid_input', `\`${unknown}\` is not part of a report; valid: ${KEYS.join(', ')}.`);
  const { rows, chart } = value;
  return {
    title: toText(value['title'], 'title'),
    text: toText(value['text'], 'text'),
    table: rows === undefined || rows === null ? undefined : toTable(rows, 'rows'),
    chart: chart === undefined || chart === null ? undefined : toChart(chart),
  };
}

function toChart(value: Json): Chart {
  const { title, labels, values } = isRow(value) ? value : {};
  if (labels === undefined || values === undefined) {
    throw new AppError('invalid_input', '`chart` needs `labels` and `values`, two lists of the same length.');
  }
  // JSONata may have unwrapped a list of one.
  const names = Array.isArray(labels) ? labels : [labels];
  const numbers = (Array.isArray(values) ? values : [values]).map(Number);
  if (names.length !== numbers.length) {
    throw new AppError(
      'invalid_input',
      `\`chart\` has ${names.length} labels but ${numbers.length} values; it needs one value for each label.`,
    );
  }
  if (!numbers.every(Number.isFinite)) throw new AppError('invalid_input', '`chart.values` must be numbers.');
  return {
    title: toText(title, 'chart.title'),
    bars: numbers.map((number, i) => ({ label: toCell(names[i]), value: number, text: String(number) })),
  };
}

function toText(value: Json | undefined, name: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object') throw new AppError('invalid_input', `\`${name}\` must be text.`);
  return String(value);
}

function toCell(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function isAbsent(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '';
}

/** Numbers, and texts that are one: values of csv are texts. */
function isNumber(value: Json | undefined): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value));
}
