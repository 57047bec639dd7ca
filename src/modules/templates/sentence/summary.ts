import { NAME, parseName, startsClause } from './names.ts';
import { DIRECTION } from './changes.ts';
import type { Text } from './text.ts';
import { NUMBER, toNumber, verbs } from './words.ts';

export const MEASURES = ['count', 'total', 'average', 'min', 'max'] as const;
export type MeasureKind = (typeof MEASURES)[number];

export interface Measure {
  readonly kind: MeasureKind;
  /** Empty for `count`. */
  readonly column: string;
}

/** What a report shows: measures per group, or of all rows when there is no group. */
export interface Summary {
  readonly groups: readonly string[];
  readonly measures: readonly Measure[];
  /** By the first measure, descending, or by another one; without it by the group as text. */
  readonly order: { readonly measure: number; readonly descending: boolean } | undefined;
  readonly limit: number | undefined;
  readonly hasChart: boolean;
  /** Where in the sentence it begins. */
  readonly at: number;
  /** Words of a second grouping, which one table cannot show. */
  readonly unclear: readonly string[];
}

const FUNCTIONS: readonly (readonly [MeasureKind, string])[] = [
  ['total', '(?:totals?|sums?(?:\\s+up)?|summing(?:\\s+up)?|adds?\\s+up|totall?ing)'],
  ['average', '(?:averages?|means?|avg|averaging)'],
  ['min', '(?:minimums?|min|lowest|smallest)'],
  ['max', '(?:maximums?|max|highest|largest|biggest)'],
];
const FUNCTION = FUNCTIONS.map(([, source]) => source).join('|');
const NOT_SORTED =
  '(?<!\\b(?:sort|sorted|sorts|sorting|order|ordered|rank|ranked|top\\s+\\w+|top\\s+\\w+\\s+\\w+)\\s+(?:(?:it|them|rows|the\\s+rows|result|the\\s+result)\\s+)?by\\s+(?:the\\s+)?)';
const STOP =
  '(?:by|per|for|in|of|from|with|as|to|and|or|sorted|grouped|broken|ordered|each|every|into|across|then|on|over|where|whose|using|first|is|are|was|were|it|them|the|a|an|columns?|values?|split|together|along|plus|also|at|out|rows?)';
const COUNT_STOP = STOP.replace('|rows?)', ')');
const COUNT = `(?:(?:row|record|order)\\s+counts?|(?:counts?|counting|how\\s+many|numbers?)(?:\\s+(?:the\\s+)?numbers?)?(?:\\s+of)?(?:\\s+(?:the|all|these|those|its))*(?:\\s+(?!${COUNT_STOP}(?![\\w-]))(?!(?:distinct|unique|different|${FUNCTION})(?![\\w-]))[\\p{L}_-]+){0,2}(?:\\s+(?:there\\s+are|are\\s+there|exist))?)`;
const COLUMN = `(?:(?:of\\s+)?(?:the\\s+)?(?:values?\\s+(?:of|in)\\s+(?:the\\s+)?)?(?:(?:column|field)\\s+)?(?!${STOP}(?![\\w-]))(${NAME}(?:\\s+(?!${STOP}(?![\\w-]))(?!${FUNCTION}|count|chart|table|report|summary)${NAME})?)(?:\\s+(?:column|field|values?))?)`;
const BOUNDARY = '(?=\\s*(?:[,.;:¦)]|$|(?:and|then|with|as|to|in|into|from|for|on)\\b))';
const GROUPED =
  '(?:grouped\\s+by|group\\s+by|broken\\s+down\\s+by|split\\s+by|by|per|for\\s+(?:each|every)|in\\s+(?:each|every)|of\\s+(?:each|every)|across)\\s+(?:each\\s+|the\\s+)?';

interface Reading {
  readonly groups: string[];
  readonly measures: Measure[];
  readonly unclear: string[];
  at: number;
}

/** Takes the measures and their grouping out of the sentence. */
export function readSummary(text: Text): Summary {
  const chart = text.take(
    `(?:(?:together\\s+|along\\s+)?\\b(?:with|including|and|plus|${verbs('draw|add|include|show')})\\s+)*(?:an?\\s+|the\\s+)?(?:(?:small|simple|little|bar|line|pie|column|nice)\\s+)*\\b(?:charts?|graphs?|plots?|diagrams?)(?:\\s+of\\s+(?:it|them|that|the\\s+results?))?(?![\\w-])`,
  );
  const reading: Reading = { groups: [], measures: [], unclear: [], at: -1 };
  const ahead = readGroupAhead(text);
  if (ahead !== undefined) reading.groups.push(...ahead);
  while (takeMeasures(text, reading));
  if (reading.measures.length > 0 && reading.groups.length === 0) reading.groups.push(...(readLateGroup(text) ?? []));
  const { groups, measures, unclear, at } = reading;
  const shown = groups.length > 0 && measures.length === 0 ? [{ kind: 'count', column: '' } as const] : measures;
  const distinct = shown.filter((one, index) => shown.findIndex((other) => sameMeasure(one, other)) === index);
  const ranking = distinct.length === 0 ? {} : readRanking(text, distinct, groups);
  return {
    groups,
    measures: distinct,
    order: ranking.order,
    limit: ranking.limit,
    hasChart: chart !== undefined,
    at,
    unclear,
  };
}

function sameMeasure(one: Measure, other: Measure): boolean {
  return one.kind === other.kind && one.column === other.column;
}

function readGroupAhead(text: Text): readonly string[] | undefined {
  const phrase = `\\b(?:${verbs('group')}\\s+(?:(?:the|it|them|rows?|orders?|records?|data|by)\\s+)*by|for\\s+(?:each|every))\\s+`;
  const found = text.find(phrase);
  if (found === undefined || text.has(`\\b(?:${FUNCTION}|counts?|number)(?![\\w-])[^¦]*?${phrase}`)) return undefined;
  return takeGroup(text, found.index, found.index + found[0].length);
}

function readLateGroup(text: Text): readonly string[] | undefined {
  const found = text.find(
    `\\b(?:${verbs('group')}\\s+(?:(?:the|it|them|rows?|orders?|records?|data|results?)\\s+)*by|grouped\\s+by|broken\\s+down\\s+by|per|for\\s+(?:each|every)|(?<=¦\\s*)by)\\s+`,
  );
  return found === undefined ? undefined : takeGroup(text, found.index, found.index + found[0].length);
}

function takeGroup(text: Text, from: number, namesFrom: number): readonly string[] | undefined {
  const names = parseGroup(text, namesFrom);
  if (names === undefined) return undefined;
  text.cut(from, names.end);
  return names.names;
}

/** `country and category`, but not the average that may follow `and`. */
function parseGroup(text: Text, from: number): { names: string[]; end: number } | undefined {
  const names: string[] = [];
  let end = from;
  for (;;) {
    const isFirst = names.length === 0;
    const separator = text.matchAt(end, isFirst ? '' : '\\s*,\\s*(?:and\\s+)?|\\s+and\\s+(?:(?:by|per)\\s+)?');
    if (separator === undefined) break;
    const at = end + separator[0].length;
    const isMeasure = text.matchAt(at, `\\s*(?:the\\s+)?(?:${FUNCTION}|${COUNT})(?![\\w-])`) !== undefined;
    if (!isFirst && (startsClause(text, at) || isMeasure)) break;
    const name = parseName(text, at);
    if (name === undefined) break;
    names.push(name.name);
    end = name.end;
  }
  return names.length === 0 ? undefined : { names, end };
}

/** One chain of measures, such as `total and average amount, and number of orders by country`. */
function takeMeasures(text: Text, reading: Reading): boolean {
  const start = text.find(
    `${NOT_SORTED}\\b(?:(?:${FUNCTION})(?![\\w-])(?!\\s+(?:${NAME}\\s+)?first(?![\\w-]))|${COUNT}(?=\\s*(?:[,.;:¦)]|$|(?:by|per|for|in|of|from|and|grouped|broken|as|with|sorted|then|to|on|into|where)\\b)))`,
  );
  if (start === undefined) return false;
  let end = start.index;
  let pending: MeasureKind[] = [];
  let last: MeasureKind | undefined;
  const found: Measure[] = [];
  for (;;) {
    const joint = text.matchAt(
      end,
      end === start.index
        ? ''
        : '(?:\\s*[,¦])*(?:\\s*\\b(?:and|plus|as\\s+well\\s+as)\\s)?\\s*(?:also\\s+)?(?:the\\s+)?',
    );
    if (joint === undefined || (end !== start.index && !/,|and|plus|as well/.test(joint[0]))) break;
    const at = end + joint[0].length;
    const item = parseMeasure(text, at, found.length > 0 ? last : undefined);
    if (item === undefined) break;
    end = item.end;
    last = item.kind === 'count' ? undefined : item.kind;
    if (item.column === undefined) pending.push(item.kind);
    else {
      const column = item.column;
      found.push(...[...pending, item.kind].map((kind) => ({ kind, column: kind === 'count' ? '' : column })));
      pending = [];
    }
  }
  if (found.length === 0) {
    text.cut(start.index, start.index + start[0].length);
    reading.unclear.push(start[0].trim());
    return true;
  }
  const grouped = text.matchAt(end, `\\s*,?\\s*(?:¦\\s*)?${GROUPED}`);
  const group = grouped === undefined ? undefined : parseGroup(text, end + grouped[0].length);
  if (group !== undefined) {
    end = group.end;
    if (reading.groups.length === 0) reading.groups.push(...group.names);
    else if (group.names.join() !== reading.groups.join()) reading.unclear.push(`by ${group.names.join(' and ')}`);
  }
  if (reading.at < 0) reading.at = start.index;
  reading.measures.push(...found);
  text.cut(start.index, end);
  return true;
}

interface MeasureItem {
  readonly kind: MeasureKind;
  /** Absent when it comes with a later item ("total and average amount"). */
  readonly column: string | undefined;
  readonly end: number;
}

function parseMeasure(text: Text, from: number, inherited: MeasureKind | undefined): MeasureItem | undefined {
  for (const [kind, source] of FUNCTIONS) {
    const word = text.matchAt(from, `(?:the\\s+)?(?:${source})(?![\\w-])`);
    if (word === undefined) continue;
    const wordEnd = from + word[0].length;
    const column = text.matchAt(wordEnd, `\\s+${COLUMN}`);
    if (column?.[1] !== undefined) return { kind, column: toColumn(text, column[1]), end: wordEnd + column[0].length };
    const isShared =
      text.matchAt(wordEnd, `\\s*(?:,|\\sand\\s|\\s&\\s)\\s*(?:and\\s+)?(?:the\\s+)?(?:${FUNCTION})(?![\\w-])`) !==
      undefined;
    return isShared ? { kind, column: undefined, end: wordEnd } : undefined;
  }
  const count = text.matchAt(from, `(?:the\\s+)?${COUNT}(?![\\w-])`);
  if (count !== undefined) return { kind: 'count', column: '', end: from + count[0].length };
  if (inherited === undefined || startsClause(text, from)) return undefined;
  const column = text.matchAt(
    from,
    `(${NAME})(?=\\s*(?:[,.;:¦)]|$|(?:by|per|for\\s+each|for\\s+every|and|grouped)\\b))`,
  );
  return column?.[1] === undefined
    ? undefined
    : { kind: inherited, column: text.value(column[1]), end: from + column[0].length };
}

function toColumn(text: Text, tokens: string): string {
  return tokens
    .split(/\s+/)
    .map((token) => text.value(token))
    .join(' ');
}

/** "top 5 by total amount", "largest first", "sorted by count": the order and length of the summary's table. */
function readRanking(
  text: Text,
  measures: readonly Measure[],
  groups: readonly string[],
): Pick<Partial<Summary>, 'order' | 'limit'> {
  const take = `(?:(?:and\\s+)?${verbs('keep|take|show|list|give|return|include')}\\s+)?(?:only\\s+)?(?:the\\s+)?`;
  const key = `((?:the\\s+)?(?:${FUNCTION}|counts?|number)(?:\\s+of)?(?:\\s+(?!${STOP}(?![\\w-]))${NAME}){0,2}?|(?:total|average|min|max)_${NAME}|${NAME})`;
  const top = text.take(
    `\\b${take}(?:top|best|first|largest|highest|biggest)\\s+(${NUMBER})(?![\\w-])(?:\\s+(?!by\\b)[\\p{L}]+)?(?:\\s*¦)?\\s+by\\s+${key}(?![\\w-])${BOUNDARY}`,
  );
  if (top?.[1] !== undefined)
    return { limit: toNumber(top[1]), order: { measure: toMeasure(text, top[2], measures) ?? 0, descending: true } };
  const plain = text.take(
    `\\b${take}top\\s+(${NUMBER})(?![\\w-])(?:\\s+(?:groups?|results?|rows?|ones|[\\p{L}]+(?=\\s*(?:[,.;:¦]|$))))?`,
  );
  const limit = plain?.[1] === undefined ? {} : { limit: toNumber(plain[1]) };
  if (
    text.take(
      '\\b(?:with\\s+)?(?:the\\s+)?(?:largest|highest|biggest|greatest|most)\\s+(?:ones?\\s+|values?\\s+|groups?\\s+|totals?\\s+|counts?\\s+|averages?\\s+)?(?:at\\s+the\\s+top|first)(?![\\w-])',
    ) !== undefined
  )
    return { ...limit, order: { measure: 0, descending: true } };
  if (
    text.take(
      '\\b(?:with\\s+)?(?:the\\s+)?(?:smallest|lowest|least|fewest)\\s+(?:ones?\\s+|values?\\s+|groups?\\s+|totals?\\s+|counts?\\s+|averages?\\s+)?(?:at\\s+the\\s+top|first)(?![\\w-])',
    ) !== undefined
  )
    return { ...limit, order: { measure: 0, descending: false } };
  const sort = text.find(
    `\\b${verbs('sort|order|rank')}\\s+(?:(?:it|them|the|result|results|rows?|table|groups?|summary|report|output)\\s+)*(?:¦\\s*)?by\\s+${key}(?![\\w-])${DIRECTION}?${BOUNDARY}`,
  );
  if (sort === undefined)
    return { ...limit, ...(limit.limit === undefined ? {} : { order: { measure: 0, descending: true } }) };
  const measure = toMeasure(text, sort[1], measures);
  const isGroup = sort[1] !== undefined && groups.includes(text.value(sort[1].replace(/^the\s+/i, '')));
  if (measure === undefined && !isGroup) return limit;
  text.cut(sort.index, sort.index + sort[0].length);
  return { ...limit, ...(measure === undefined ? {} : { order: { measure, descending: sort[2] !== undefined } }) };
}

function toMeasure(text: Text, words: string | undefined, measures: readonly Measure[]): number | undefined {
  if (words === undefined) return undefined;
  const said = words.trim().replace(/^the\s+/i, '');
  const kind =
    FUNCTIONS.find(([, source]) => new RegExp(`^(?:${source})(?:\\s|_|$)`, 'iu').test(said))?.[0] ??
    (/^(?:counts?|number)\b/i.test(said) ? 'count' : undefined);
  const column = toColumn(text, said.replace(/^[\p{L}]+[\s_]*(?:of\s+)?/iu, ''));
  const exact = measures.findIndex(
    (one) => one.kind === kind && (kind === 'count' || column === '' || one.column === column),
  );
  if (exact >= 0) return exact;
  const byColumn = measures.findIndex((one) => one.column !== '' && one.column === text.value(said));
  return byColumn < 0 ? undefined : byColumn;
}
