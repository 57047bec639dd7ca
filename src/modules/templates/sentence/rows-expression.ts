import type { Changes } from './changes.ts';
import type { Condition } from './condition.ts';

/** A JSONata literal. */
export function literal(value: string | number): string {
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}

/** The value of a column of the row at hand. */
export function field(name: string): string {
  return /[`\\]/.test(name) || name === '' ? `$lookup($, ${literal(name)})` : `\`${name}\``;
}

/** The value of a column as text: empty when it is absent or null. A helper function would cost five times as much for each row. */
export function textOf(name: string): string {
  const value = field(name);
  return `(${value} = null ? "" : "" & ${value})`;
}

/** What rows have in common in these columns; never a whole number, which would come before other keys. */
export function keyOf(names: readonly string[]): string {
  return ['"k"', ...names.map(textOf)].join(' & "\\u001f" & ');
}

const NUMBER = '/^\\s*-?[0-9]{1,100}(\\.[0-9]+)?([eE][-+]?[0-9]{1,2})?\\s*$/';
const HELPERS: Readonly<Record<string, string>> = {
  $num: `function($v) { $type($v) = "number" ? $v : $type($v) = "string" and $contains($v, ${NUMBER}) ? $number($trim($v)) }`,
  $round2: 'function($n) { $exists($n) ? ($n < 0 ? -1 : 1) * $floor($abs($n) * 100 + 0.5 + 0.000000001) / 100 : null }',
};

/** One JSONata block: the helpers that the lines use, the lines, and the value. */
export function toBlock(lines: readonly string[], value: string): string {
  const body = [...lines, value].join('\n');
  const helpers = Object.entries(HELPERS).filter(([name]) => body.includes(`${name}(`));
  return [
    '(',
    ...helpers.map(([name, source]) => `  ${name} := ${source};`),
    ...lines.map((line) => `  ${line};`),
    `  ${value}`,
    ')',
  ].join('\n');
}

/** The changes as JSONata lines over `$rows`, in the order of the conventions. Each keeps `$rows` a list. */
export function toChangeLines(changes: Changes): string[] {
  return [
    ...toTrim(changes.trim),
    ...changes.filters.map((condition) => `$rows := [$rows[${toCondition(condition)}]]`),
    ...toDistinct(changes.distinct),
    ...toCases(changes.cases),
    ...toRenames(changes.renames),
    ...toColumns(changes),
    ...toSort(changes),
    ...(changes.limit === undefined ? [] : [`$rows := [$rows[[0..${changes.limit - 1}]]]`]),
  ];
}

function toTrim(trim: Changes['trim']): string[] {
  if (trim === undefined) return [];
  const trimmed = (value: string): string => `$type(${value}) = "string" ? $replace(${value}, $edges, "") : ${value}`;
  const edges = '$edges := /^\\s+|\\s+$/';
  if (trim === 'all') {
    return [
      edges,
      `$trimmed := function($v, $k) { { $k: ${trimmed('$v')} } }`,
      // Most rows hold nothing to trim, and one look at a row costs a tenth of a look at each value. It may err to one side only.
      '$loose := /:"[\\\\\\s]|\\s"|\\\\\\w+"/',
      '$rows := [$rows.($contains($string($), $loose) ? $merge($each($, $trimmed)) : $)]',
    ];
  }
  const entries = trim.map((name) => `${literal(name)}: ${trimmed(field(name))}`);
  return [edges, `$rows := [$rows.($merge([$, { ${entries.join(', ')} }]))]`];
}

export function toCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.parts.map((part) => `(${toCondition(part)})`).join(` ${condition.kind} `);
    case 'not':
      return `(${toCondition(condition.part)}) ? false : true`;
    case 'blank':
      return '$trim($join($each($, function($v) { $v = null ? "" : "" & $v }))) = ""';
    case 'compare':
      return toComparison(condition);
  }
}

function toComparison({ column, comparison, value }: Extract<Condition, { kind: 'compare' }>): string {
  const text = textOf(column);
  const size = [...String(value)].length;
  switch (comparison) {
    case 'empty':
      return `$trim(${text}) = ""`;
    case 'filled':
      return `$trim(${text}) != ""`;
    case 'contains':
      return `$contains($lowercase(${text}), ${literal(String(value).toLowerCase())})`;
    case 'lacks':
      return `$contains($lowercase(${text}), ${literal(String(value).toLowerCase())}) = false`;
    case 'starts':
      return `$substring(${text}, 0, ${size}) = ${literal(String(value))}`;
    case 'ends':
      return `$substring(${text}, -${size}) = ${literal(String(value))}`;
    default: {
      // A text beside an order is a date, which sorts as text; an empty cell is before nothing.
      if (typeof value === 'number') return `$num(${field(column)}) ${comparison} ${value}`;
      const compared = `${text} ${comparison} ${literal(value)}`;
      return comparison === '=' || comparison === '!=' ? compared : `${text} != "" and ${compared}`;
    }
  }
}

function toDistinct(columns: Changes['distinct']): string[] {
  if (columns === undefined) return [];
  const key = columns.length === 0 ? '$string($)' : keyOf(columns);
  return [`$first := $rows{${key}: $[0]}`, '$rows := [$first.*]'];
}

function toCases(cases: Changes['cases']): string[] {
  if (cases.length === 0) return [];
  const entries = cases.map(({ column, to }) => {
    const value = field(column);
    return `${literal(column)}: $type(${value}) = "string" ? $${to}case(${value}) : ${value}`;
  });
  return [`$rows := [$rows.($merge([$, { ${entries.join(', ')} }]))]`];
}

function toRenames(renames: Changes['renames']): string[] {
  if (renames.length === 0) return [];
  const name = renames.reduceRight((other, { from, to }) => `$k = ${literal(from)} ? ${literal(to)} : ${other}`, '$k');
  return [`$rows := [$rows.($merge($each($, function($v, $k) { { (${name}): $v } })))]`];
}

function toColumns({ keep, drop }: Changes): string[] {
  const lines: string[] = [];
  if (drop.length > 0) {
    lines.push(`$rows := [$rows.($sift($, function($v, $k) { $not($k in [${drop.map(literal).join(', ')}]) }))]`);
  }
  if (keep !== undefined)
    lines.push(`$rows := [$rows.{ ${keep.map((name) => `${literal(name)}: ${field(name)}`).join(', ')} }]`);
  return lines;
}

/** A column sorts as numbers when all its values are numbers, else as text; the sort of JSONata is stable. */
function toSort({ sort }: Changes): string[] {
  if (sort.length === 0) return [];
  const numeric = sort.map(
    ({ column }, index) => `$numeric${index} := $count($rows[$exists($num(${field(column)}))]) = $count($rows)`,
  );
  const keys = sort.map(
    ({ column }, index) => `"k${index}": $numeric${index} ? $num(${field(column)}) : ${textOf(column)}`,
  );
  const order = sort.map(({ descending }, index) => `${descending ? '>' : '<'}k${index}`);
  return [
    ...numeric,
    `$keyed := [$rows.{ ${keys.join(', ')}, "row": $ }]`,
    `$rows := [$keyed^(${order.join(', ')}).row]`,
  ];
}
