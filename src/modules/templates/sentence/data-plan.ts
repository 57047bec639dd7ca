import type { JsonObject } from '../../../kernel/json.ts';
import type { Missing, Step } from '../../../kernel/run/model.ts';
import { hasChanges, readChanges, readLimit, readSort, toNewNames, type Changes } from './changes.ts';
import { readSource, type Source } from './data-source.ts';
import { readDeliveries } from './deliveries.ts';
import { isWritable, takeFormats, type FormatWord } from './formats.ts';
import type { JobPlan } from './plan.ts';
import { baseOf, takePlaces, type Place } from './places.ts';
import { toBlock, toChangeLines } from './rows-expression.ts';
import { missingThing, step } from './steps.ts';
import { toMeasureName, toSummaryExpression } from './summary-expression.ts';
import type { Summary } from './measures.ts';
import { readSummary } from './summary.ts';
import type { Text } from './text.ts';
import { EXTENSION_OF, WRITABLE, verbs } from './words.ts';

interface Output {
  readonly path: string;
  readonly format: string;
}

/** Everything that a sentence about rows says. */
interface Reading {
  readonly source: Source;
  readonly changes: Changes;
  readonly summary: Summary | undefined;
  readonly cleaned: Output | undefined;
  readonly report: Output | undefined;
  readonly missing: Missing[];
}

/** Clean, convert, merge or report on data files. */
export function planData(text: Text, kind: 'data' | 'merge' | 'report'): JobPlan {
  const deliveries = readDeliveries(text);
  const reading = read(text, kind);
  const steps = reading.source.kind === 'none' ? [] : toSteps(reading);
  const last = steps.findLast(({ action }) => action === 'data.format')?.name;
  const sent = deliveries.toSteps(last);
  return {
    steps: [...steps, ...sent.steps],
    missing: [...reading.missing, ...sent.missing],
    summary: describe(reading),
    subject: reading.source.kind === 'none' ? '' : baseOf(reading.source.path),
  };
}

function read(text: Text, kind: 'data' | 'merge' | 'report'): Reading {
  const cleanedAt = text.find(
    `\\b(?:${verbs('clean|cleanse|convert')}|cleaned|${verbs('save|write|store|export')}\\s+(?:the\\s+)?(?:filtered|result(?:ing)?|remaining|deduplicated)\\s+(?:rows|data|file))(?![\\w-])`,
  )?.index;
  const reportAt = text.find(
    '\\b(?:reports?|summar(?:y|ies|i[sz]e[sd]?|i[sz]ing)|statistics|overview|breakdown|charts?)(?![\\w-])',
  )?.index;
  const places = takePlaces(text);
  const { source, missing } = readSource(text, places, kind);
  const formats = takeFormats(text);
  const rest = readChanges(text);
  const summary = kind === 'report' ? readSummary(text) : undefined;
  const sort = readSort(text).map(({ column, descending }) => ({
    column: toNewNames(rest.renames)(column),
    descending,
  }));
  const limit = readLimit(text);
  const changes: Changes = { ...rest, sort: limit.sort === undefined ? sort : [limit.sort], limit: limit.limit };
  const starts = [reportAt, summary?.at].filter((at) => at !== undefined && at >= 0) as number[];
  const outputs = toOutputs({
    places,
    formats,
    source,
    isReport: summary !== undefined,
    cleanedAt,
    summaryAt: starts.length === 0 ? undefined : Math.min(...starts),
  });
  missing.push(...outputs.missing, ...(summary === undefined ? [] : checkSummary(summary, outputs.report)));
  return { source, changes, summary, cleaned: outputs.cleaned, report: outputs.report, missing };
}

interface OutputWords {
  readonly places: readonly Place[];
  readonly formats: readonly FormatWord[];
  readonly source: Source;
  readonly isReport: boolean;
  readonly cleanedAt: number | undefined;
  readonly summaryAt: number | undefined;
}

function toOutputs(words: OutputWords): { cleaned?: Output; report?: Output; missing: Missing[] } {
  const { source, isReport, cleanedAt, summaryAt } = words;
  const named = words.places.filter(({ role }) => role === 'output');
  const asked = words.formats.filter(({ role }) => role === 'output');
  const missing: Missing[] = [];
  if (!isReport) {
    return {
      cleaned: toOutput(named[0], asked[0]?.format, source, 'output', missing),
      missing: [...missing, ...tooMany(named, 1)],
    };
  }
  const isForReport = ({ extension, at }: Place): boolean =>
    ['markdown', 'html'].includes(WRITABLE[extension] ?? '') || (summaryAt !== undefined && at > summaryAt);
  const reportPlace = named.findLast(isForReport) ?? (named.length > 1 ? named.at(-1) : undefined);
  const cleanPlace = named.find((place) => place !== reportPlace);
  const alone = named.length === 1 && cleanPlace !== undefined && cleanedAt === undefined;
  const wantsCleaned = cleanedAt !== undefined || (cleanPlace !== undefined && !alone);
  const reportFormat = asked.findLast(
    ({ format, at }) =>
      ['markdown', 'html'].includes(format) || !wantsCleaned || (summaryAt !== undefined && at > summaryAt),
  );
  const cleanFormat = asked.find((word) => word !== reportFormat);
  const report = toOutput(
    alone ? cleanPlace : reportPlace,
    reportFormat?.format ?? toFormatOf(alone ? cleanPlace : reportPlace) ?? 'markdown',
    source,
    'reports',
    missing,
  );
  const cleaned = wantsCleaned ? toOutput(cleanPlace, cleanFormat?.format, source, 'output', missing) : undefined;
  return { report, ...(cleaned === undefined ? {} : { cleaned }), missing: [...missing, ...tooMany(named, 2)] };
}

function tooMany(named: readonly Place[], limit: number): Missing[] {
  return named
    .slice(limit)
    .map(({ path }) =>
      missingThing(
        `a use for the output \`${path}\``,
        'One file of rows and one summary can be written; make another agent for the rest.',
      ),
    );
}

function toFormatOf(place: Place | undefined): string | undefined {
  return place === undefined || place.extension === '' ? undefined : (WRITABLE[place.extension] ?? place.extension);
}

function toOutput(
  place: Place | undefined,
  asked: string | undefined,
  source: Source,
  folder: string,
  missing: Missing[],
): Output {
  const format = asked ?? toFormatOf(place) ?? source.format;
  if (!isWritable(format))
    missing.push(
      missingThing(
        `a way to write the format ${format}`,
        `Rows can be written as csv, json, jsonl, markdown or html: say one of them, such as "as csv".`,
      ),
    );
  const base = baseOf(source.path);
  const file = `${base === '' || base === '.' ? 'result' : base}.${EXTENSION_OF[format] ?? format}`;
  if (place === undefined) return { path: `${folder}/${file}`, format };
  return { path: place.kind === 'folder' ? `${place.path}/${file}` : place.path, format };
}

function checkSummary(summary: Summary, output: Output | undefined): Missing[] {
  const unclear = summary.unclear.map((words) =>
    missingThing(
      `not understood: \`${words}\``,
      'A report is one table: name a column for each measure and one grouping, such as "total amount and number of orders by country".',
    ),
  );
  const cannotDraw = summary.hasChart && output !== undefined && !['markdown', 'html'].includes(output.format);
  return cannotDraw
    ? [...unclear, missingThing(`a chart in ${output.format}`, 'A chart needs a markdown or html report.')]
    : unclear;
}

function toSteps(reading: Reading): Step[] {
  const { source, changes, summary, cleaned, report } = reading;
  const steps = [...source.steps];
  let rows = source.rows;
  if (source.kind === 'folder' || hasChanges(changes)) {
    const first = source.kind === 'folder' ? '$rows := [parts.rows]' : '$rows := [rows]';
    const input: JsonObject = source.kind === 'folder' ? { parts: rows } : { rows };
    steps.push(
      step('transform', 'data.transform', { input, expression: toBlock([first, ...toChangeLines(changes)], '$rows') }),
    );
    rows = '${{ steps.transform.output.result }}';
  }
  if (cleaned !== undefined) steps.push(...toFile('format', 'write', rows, cleaned));
  if (summary === undefined || report === undefined) return steps;
  steps.push(step('summarize', 'data.transform', { input: { rows }, expression: toSummaryExpression(summary) }));
  const [format, write] =
    cleaned === undefined ? (['format', 'write'] as const) : (['format_summary', 'write_summary'] as const);
  return [...steps, ...toFile(format, write, toReportValue(summary, report, source), report)];
}

function toFile(formatName: string, writeName: string, value: string | JsonObject, output: Output): Step[] {
  return [
    step(formatName, 'data.format', { format: output.format, value }),
    step(writeName, 'file.write', { path: output.path, content: `\${{ steps.${formatName}.output.text }}` }),
  ];
}

const RESULT = 'steps.summarize.output.result';

function toReportValue(summary: Summary, { format }: Output, source: Source): string | JsonObject {
  const rows = `\${{ ${RESULT} }}`;
  if (format !== 'markdown' && format !== 'html') return rows;
  const title = baseOf(source.path);
  return summary.hasChart ? { title, rows, chart: toChart(summary) } : { title, rows };
}

/** The first measure of each group; without groups, every measure of the one row. */
function toChart({ groups, measures }: Summary): JsonObject {
  const [group] = groups;
  const [first] = measures;
  if (group === undefined || first === undefined) {
    const names = ['rows', ...measures.filter(({ kind }) => kind !== 'count').map(toMeasureName)];
    return {
      title: names.join(', '),
      labels: names,
      values: names.map((name) => `\${{ ${RESULT}[0][${JSON.stringify(name)}] }}`),
    };
  }
  const name = toMeasureName(first);
  // A group without any number has no bar; it would look like zero.
  const shown =
    first.kind === 'count' || first.kind === 'total'
      ? RESULT
      : `${RESULT}.filter(row, row[${JSON.stringify(name)}] != null)`;
  return {
    title: `${name} by ${group}`,
    labels: `\${{ ${shown}.map(row, row[${JSON.stringify(group)}]) }}`,
    values: `\${{ ${shown}.map(row, row[${JSON.stringify(name)}]) }}`,
  };
}

function describe({ source, changes, summary, cleaned, report }: Reading): JobPlan['summary'] {
  const done = [
    source.kind === 'folder' ? 'Merge all files' : '',
    hasChanges(changes) ? 'change rows' : '',
    summary === undefined ? '' : `summarize${summary.groups.length === 0 ? '' : ` by ${summary.groups.join(', ')}`}`,
    cleaned !== undefined && !hasChanges(changes) && source.kind === 'file'
      ? `convert ${source.format} to ${cleaned.format}`
      : '',
  ].filter((part) => part !== '');
  const processing = done.join(', ');
  const outputs = [cleaned, report].flatMap((output) =>
    output === undefined ? [] : [`${output.path} (${output.format})`],
  );
  return {
    source: source.kind === 'none' ? 'Not named yet' : source.description,
    processing: processing.charAt(0).toUpperCase() + processing.slice(1),
    output: outputs.join(' and '),
  };
}
