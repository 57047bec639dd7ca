import type { Chart, Report, Table } from './report.ts';

const BAR_WIDTH = 40;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

export function formatMarkdown({ title, text, table, chart }: Report): string {
  const parts = [
    title === undefined ? undefined : `# ${escape(title)}`,
    text,
    table === undefined ? undefined : formatTable(table),
    chart === undefined ? undefined : formatChart(chart),
  ];
  return `${parts.filter((part) => part !== undefined).join('\n\n')}\n`;
}

function formatTable({ columns, rows, isNumeric }: Table): string {
  if (columns.length === 0) return '_No rows._';
  const cells = [columns, ...rows].map((row) => row.map(escape));
  const widths = columns.map((_, i) => cells.reduce((width, row) => Math.max(width, widthOf(row[i] ?? '')), 3));
  const toLine = (row: readonly string[]) =>
    `| ${row.map((cell, i) => pad(cell, widths[i] ?? 0, isNumeric[i] === true)).join(' | ')} |`;
  const rule = `| ${widths.map((width, i) => (isNumeric[i] === true ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`;
  const [head = [], ...body] = cells;
  return [toLine(head), rule, ...body.map(toLine)].join('\n');
}

function formatChart({ title, bars }: Chart): string {
  const largest = Math.max(...bars.map((bar) => Math.abs(bar.value)), 0);
  const labelWidth = bars.reduce((width, bar) => Math.max(width, widthOf(bar.label)), 0);
  const lines = bars.map(
    ({ label, value, text }) => `${pad(oneLine(label), labelWidth, false)}  ${toBar(value, largest)} ${text}`,
  );
  // A fence longer than any in it, so that no label can close it.
  const fence = '`'.repeat(Math.max(3, ...[...lines.join('\n').matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  return [...(title === undefined ? [] : [`**${escape(title)}**`, '']), `${fence}text`, ...lines, fence].join('\n');
}

/** Negative values get a shaded bar of the same scale. */
function toBar(value: number, largest: number): string {
  const eighths = largest === 0 ? 0 : Math.round((Math.abs(value) / largest) * BAR_WIDTH * 8);
  if (value < 0) return '░'.repeat(Math.max(1, Math.round(eighths / 8)));
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '') || '▏';
}

/** Only what would be read as something else in a cell or a heading: texts should stay readable as they are. */
function escape(text: string): string {
  return oneLine(text)
    .replace(/[\\`*[|]|(?<!\w)_|_(?!\w)/g, '\\$&')
    .replaceAll('<', '&lt;');
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ');
}

function pad(text: string, width: number, isRight: boolean): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return isRight ? space + text : text + space;
}

function widthOf(text: string): number {
  return [...text].length;
}
