import { stringify } from 'csv-stringify/sync';
import type { Json } from '../../kernel/json.ts';
import { AppError } from '../errors/app-error.ts';
import { formatHtml } from './format-html.ts';
import { formatMarkdown } from './format-markdown.ts';
import type { Format } from './job.ts';
import { toReport, toTable } from './report.ts';

export function formatValue(format: Format, value: Json): string {
  switch (format) {
    case 'csv':
      return formatCsv(value);
    case 'json':
      return `${JSON.stringify(value, null, 2)}\n`;
    case 'jsonl':
      return formatLines(value);
    case 'markdown':
      return formatMarkdown(toReport(value));
    case 'html':
      return formatHtml(toReport(value));
  }
}

function formatCsv(value: Json): string {
  const { columns, rows } = toTable(value, 'csv');
  return stringify([columns, ...rows], {
    // What another delimiter or trimming would change.
    quoted_match: /[;\t]|^\s|\s$/,
    // A lone empty value would be an empty line, which is no row.
    quoted_empty: columns.length === 1,
  });
}

function formatLines(value: Json): string {
  if (!Array.isArray(value))
    throw new AppError(
      'invalid_input',
      '`jsonl` needs a list, one value for each line. Wrap a single value in `[ ]`, or use `json`.',
    );
  return value.map((one) => `${JSON.stringify(one)}\n`).join('');
}
