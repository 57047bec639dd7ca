import { NAME, parseName, startsClause } from './names.ts';
import { FUNCTION, FUNCTIONS, STOP, toColumn, type Measure, type MeasureKind, type Summary } from './measures.ts';
import { readRanking } from './ranking.ts';
import type { Text } from './text.ts';
import { verbs } from './words.ts';

const NOT_SORTED =
  '(?<!\\b(?:sort|sorted|sorts|sorting|order|ordered|rank|ranked|top\\s+\\w+|top\\s+\\w+\\s+\\w+)\\s+(?:(?:it|them|rows|the\\s+rows|result|the\\s+result)\\s+)?by\\s+(?:the\\s+)?)';
const COUNT_STOP = STOP.replace('|rows?)', ')');
const COUNT = `(?:(?:row|record|order)\\s+counts?|(?:counts?|counting|how\\s+many|numbers?)(?:\\s+(?:the\\s+)?numbers?)?(?:\\s+of)?(?:\\s+(?:the|all|these|those|its))*(?:\\s+(?!${COUNT_STOP}(?![\\w-]))(?!(?:distinct|unique|different|${FUNCTION})(?![\\w-]))[\\p{L}_-]+){0,2}(?:\\s+(?:there\\s+are|are\\s+there|exist))?)`;
const COLUMN = `(?:(?:of\\s+)?(?:the\\s+)?(?:values?\\s+(?:of|in)\\s+(?:the\\s+)?)?(?:(?:column|field)\\s+)?(?!${STOP}(?![\\w-]))(${NAME}(?:\\s+(?!${STOP}(?![\\w-]))(?!${FUNCTION}|count|chart|table|report|summary)${NAME})?)(?:\\s+(?:column|field|values?))?)`;
const GROUPED =
  '(?:grouped\\s+by|group\\s+by|broken\\s+down\\s+by|split\\s+by|by|per|for\\s+(?:each|every)|in\\s+(?:each|every)|of\\s+(?:each|every)|across)\\s+(?:each\\s+|the\\s+)?';

const UNGROUPED = `\\b(?:the\\s+)?top\\s+\\w+(?:\\s+[\\p{L}]+)?\\s+by\\s+(?:the\\s+)?(?:${FUNCTION}|counts?|number)(?![\\w-])[^¦,.;]*`;

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
  // "the top 5 countries by total amount" names no column to group by.
  if (groups.length === 0) unclear.push(...text.takeAll(UNGROUPED).map(([words]) => words.trim()));
  const shown = groups.length > 0 && measures.length === 0 ? [{ kind: 'count', column: '' } as const] : measures;
  const distinct = shown.filter((one, index) => shown.findIndex((other) => sameMeasure(one, other)) === index);
  const ranking = distinct.length === 0 ? {} : readRanking(text, { measures: distinct, groups, at });
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
