import type { Chart, Report, Table } from './report.ts';

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #d9dee5; --page: #ffffff; --bar: #2f6fdb; --minus: #c2502e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7ebf0; --soft: #9aa6b4; --line: #333d4a; --page: #151a21; --bar: #6ba0f5; --minus: #e88a68; } }
body { margin: 2.5rem auto; max-width: 60rem; padding: 0 1.25rem; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; } p { white-space: pre-line; }
.table { overflow-x: auto; } table { border-collapse: collapse; margin: 1.5rem 0; }
th, td { padding: .4rem .9rem .4rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { color: var(--soft); font-weight: 600; } .number { text-align: right; font-variant-numeric: tabular-nums; }
figure { margin: 2rem 0; } figcaption { font-weight: 600; margin-bottom: .5rem; }
svg { width: 100%; height: auto; } svg text { fill: var(--ink); font: 14px system-ui, sans-serif; } .value { fill: var(--soft); } .bar { fill: var(--bar); } .minus { fill: var(--minus); }
`.trim();

/** A complete page that needs nothing else: no script, no font, no request. */
export function formatHtml({ title, text, table, chart }: Report): string {
  const parts = [
    title === undefined ? '' : `<h1>${escape(title)}</h1>`,
    text === undefined ? '' : `<p>${escape(text)}</p>`,
    table === undefined ? '' : formatTable(table),
    chart === undefined ? '' : formatChart(chart),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title ?? 'Report')}</title>
<style>
${STYLE}
</style>
</head>
<body>
${parts.filter((part) => part !== '').join('\n')}
</body>
</html>
`;
}

function formatTable({ columns, rows, isNumeric }: Table): string {
  if (columns.length === 0) return '<p>No rows.</p>';
  const kind = (i: number) => (isNumeric[i] === true ? ' class="number"' : '');
  const head = columns.map((column, i) => `<th scope="col"${kind(i)}>${escape(column)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell, i) => `<td${kind(i)}>${escape(cell)}</td>`).join('')}</tr>`);
  return `<div class="table"><table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body.join('\n')}\n</tbody>\n</table></div>`;
}

const WIDTH = 720;
const ROW = 30;
const CHAR = 8;
const MAX_LABEL = 28;

function formatChart({ title, bars }: Chart): string {
  const labels = bars.map(({ label }) => shorten(label));
  const labelWidth = Math.max(...labels.map((label) => [...label].length), 1) * CHAR + 12;
  const valueWidth = Math.max(...bars.map(({ text }) => text.length), 1) * CHAR + 12;
  const largest = Math.max(...bars.map(({ value }) => Math.abs(value)), 0);
  const scale = largest === 0 ? 0 : (WIDTH - labelWidth - valueWidth) / largest;
  const rows = bars.map(({ label, value, text }, i) => {
    const length = Math.max(1, Math.round(Math.abs(value) * scale));
    const middle = i * ROW + ROW / 2;
    return `<g><title>${escape(label)}: ${escape(text)}</title>
<text x="${labelWidth - 10}" y="${middle}" text-anchor="end" dominant-baseline="central">${escape(labels[i] ?? '')}</text>
<rect class="${value < 0 ? 'minus' : 'bar'}" x="${labelWidth}" y="${middle - 10}" width="${length}" height="20" rx="3"/>
<text class="value" x="${labelWidth + length + 8}" y="${middle}" dominant-baseline="central">${escape(text)}</text></g>`;
  });
  const caption = title === undefined ? '' : `<figcaption>${escape(title)}</figcaption>\n`;
  const name = escape(title ?? 'Chart');
  return `<figure>\n${caption}<svg viewBox="0 0 ${WIDTH} ${bars.length * ROW}" role="img" aria-label="${name}">\n${rows.join('\n')}\n</svg>\n</figure>`;
}

function shorten(label: string): string {
  const chars = [...label];
  return chars.length > MAX_LABEL ? `${chars.slice(0, MAX_LABEL - 1).join('')}…` : label;
}

function escape(text: string): string {
  return text
    .replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
    .replace(/\p{Cc}/gu, (char) => (/\s/.test(char) ? char : '\uFFFD'));
}
