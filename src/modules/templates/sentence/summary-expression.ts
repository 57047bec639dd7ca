import { field, keyOf, literal, textOf, toBlock } from './rows-expression.ts';
import type { Measure, Summary } from './measures.ts';

/** The name of a measure in the summary's rows, such as `total_amount`. */
export function toMeasureName({ kind, column }: Measure): string {
  return kind === 'count' ? 'count' : `${kind}_${column}`;
}

/** JSONata from `rows` to the summary's rows: one for each group, or a single one. */
export function toSummaryExpression(summary: Summary): string {
  const { groups, measures, order, limit } = summary;
  if (groups.length === 0) {
    const entries = [
      '"rows": $count($rows)',
      ...measures.filter(({ kind }) => kind !== 'count').map((one) => toEntry(one, '$rows')),
    ];
    return toBlock(['$rows := [rows]'], `[{ ${entries.join(', ')} }]`);
  }
  const key = keyOf(groups);
  const values = groups.map((name) => `${literal(name)}: $exists($[0].${field(name)}) ? $[0].${field(name)} : ""`);
  const entries = [...values, ...measures.map((one) => toEntry(one, '$'))];
  const lines = [
    '$rows := [rows]',
    `$groups := $rows{${key}: { ${entries.join(', ')} }}`,
    `$rows := [$groups.*]`,
    `$keyed := [$rows.{ ${toKeys(summary)}, "row": $ }]`,
  ];
  const isByMeasure = order?.measure !== undefined;
  const byGroup = groups.map((_, index) => `${order?.descending === true && !isByMeasure ? '>' : '<'}g${index}`);
  const sorted = !isByMeasure ? byGroup : [`${order.descending ? '>' : '<'}m`, ...byGroup];
  lines.push(`$sorted := [$keyed^(${sorted.join(', ')}).row]`);
  return toBlock(lines, limit === undefined ? '$sorted' : `[$sorted[[0..${limit - 1}]]]`);
}

function toKeys({ groups, measures, order }: Summary): string {
  const keys = groups.map((name, index) => `"g${index}": ${textOf(name)}`);
  const measure = order?.measure === undefined ? undefined : measures[order.measure];
  if (measure === undefined) return keys.join(', ');
  const value = field(toMeasureName(measure));
  // A group without any number comes last.
  const none = order?.descending === true ? '-1e300' : '1e300';
  return [`"m": $type(${value}) = "number" ? ${value} : ${none}`, ...keys].join(', ');
}

function toEntry(measure: Measure, rows: string): string {
  const numbers = `[${rows}.($num(${field(measure.column)}))]`;
  const name = literal(toMeasureName(measure));
  switch (measure.kind) {
    case 'count':
      return `${name}: $count(${rows})`;
    case 'total':
      return `${name}: $round2($sum(${numbers}))`;
    case 'average':
      return `${name}: $round2($average(${numbers}))`;
    case 'min':
      return `${name}: $round2($min(${numbers}))`;
    case 'max':
      return `${name}: $round2($max(${numbers}))`;
  }
}
