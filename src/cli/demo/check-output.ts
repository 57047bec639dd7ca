import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Table } from './csv.ts';
import { readCsv } from './csv.ts';
import type { Cleaned, Choice, Group } from './expected.ts';
import { clean, summarize } from './expected.ts';
import type { Stage } from './stage.ts';
import { count } from './stage.ts';
import { must } from './surprise.ts';

const SHOWN_LINES = 4;

/** Compares both files, cell by cell, with what plain code of the demo's own makes of the same input. */
export async function checkOutput({ screen, plan, filesDir }: Stage): Promise<void> {
  screen.chapter('Look at the result, and do not take our word for it');
  const [csv, report] = await Promise.all(
    [plan.output, plan.report].map((path) => readFile(join(filesDir, path), 'utf8')),
  );
  screen.say(plan.output);
  screen.block((csv ?? '').split('\n').slice(0, SHOWN_LINES).join('\n'));
  screen.say(plan.report);
  screen.block(report ?? '');
  const expected = clean(plan.table, plan.choice);
  compareRows(readCsv(csv ?? ''), expected);
  screen.good(
    `Recomputed apart from the product, by a csv reader and plain loops of the demo's own: of ${count(plan.table.rows.length, 'row')}, ` +
      `${reasonsFor(expected, plan.choice)} had to go, and ${count(expected.rows.length, 'row')} had to stay. ` +
      `The cleaned file holds exactly these, every cell equal.`,
  );
  const groups = summarize(expected, plan.choice);
  compareSummary(readMarkdownTable(report ?? ''), groups, plan.choice);
  screen.good(
    plan.choice.group === undefined
      ? 'The numbers of the report agree with the recomputed ones.'
      : `All ${count(groups.size, 'group')} of the report, with their numbers and order, agree with the recomputed ones.`,
  );
}

function reasonsFor({ withoutRequired, duplicates }: Cleaned, { required }: Choice): string {
  const repeated = count(duplicates, 'duplicate');
  return required === undefined
    ? repeated
    : `${withoutRequired.toLocaleString('en-US')} without "${required}" and ${repeated}`;
}

function compareRows(actual: Table, expected: Table): void {
  must(
    actual.header.join('\n') === expected.header.join('\n'),
    `the columns should be ${expected.header.join(', ')}, but are ${actual.header.join(', ')}`,
  );
  must(
    actual.rows.length === expected.rows.length,
    `the cleaned file should have ${expected.rows.length} rows, but has ${actual.rows.length}`,
  );
  for (const [index, row] of expected.rows.entries()) {
    const found = actual.rows[index] ?? [];
    const wrong = row.findIndex((value, place) => value !== found[place]);
    must(
      wrong < 0,
      `row ${index + 1}, column "${expected.header[wrong]}" should be \`${row[wrong]}\`, but is \`${found[wrong]}\``,
    );
  }
}

function compareSummary(actual: Table, groups: Map<string, Group>, { group, total }: Choice): void {
  const header = [
    ...(group === undefined ? ['rows'] : [group, 'count']),
    ...(total === undefined ? [] : [`total_${total}`]),
  ];
  must(
    actual.header.join('|') === header.join('|'),
    `the report should have the columns ${header.join(', ')}, but has ${actual.header.join(', ')}`,
  );
  must(
    actual.rows.length === groups.size,
    `the report should have ${groups.size} groups, but has ${actual.rows.length}`,
  );
  let last = Infinity;
  for (const row of actual.rows) {
    const name = group === undefined ? '' : (row[0] ?? '');
    const [found, sum] = row.slice(group === undefined ? 0 : 1).map(Number);
    const expected = groups.get(name);
    must(expected !== undefined, `the report holds the group \`${name}\`, which the data does not have`);
    must(found === expected.count, `\`${name}\` should have ${expected.count} rows, but the report says ${found}`);
    must(
      total === undefined || Math.abs((sum ?? NaN) - expected.total) < 0.01,
      `the total of \`${name}\` should be ${expected.total}, but the report says ${sum}`,
    );
    must(
      expected.count <= last,
      `the report should have the largest group first, but \`${name}\` is larger than the one above it`,
    );
    last = expected.count;
  }
}

function readMarkdownTable(report: string): Table {
  const lines = report.split('\n').filter((line) => line.startsWith('|'));
  const cells = lines.map((line) =>
    line
      .replace(/^\||\|\s*$/g, '')
      .split('|')
      .map((cell) => cell.trim().replace(/\\(.)/g, '$1')),
  );
  const [header, rule, ...rows] = cells;
  must(header !== undefined && rule !== undefined, 'the report should hold a table');
  return { header, rows };
}
