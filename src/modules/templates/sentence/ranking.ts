import { DIRECTION } from './changes.ts';
import { NAME } from './names.ts';
import { BOUNDARY, FUNCTION, FUNCTIONS, STOP, toColumn, type Measure, type Summary } from './measures.ts';
import type { Text } from './text.ts';
import { NUMBER, toNumber, verbs } from './words.ts';

interface Shown {
  readonly measures: readonly Measure[];
  readonly groups: readonly string[];
  /** Where the measures stand in the sentence. */
  readonly at: number;
}
type Ranking = Partial<Pick<Summary, 'order' | 'limit'>>;

const EXPLICIT = `(?:the\\s+)?(?:${FUNCTION}|counts?|number)(?:\\s+of)?(?:\\s+(?!${STOP}(?![\\w-]))${NAME}){0,2}?|(?:total|average|min|max)_${NAME}`;
const KEY = `(${EXPLICIT}|${NAME})`;
const TAKE = `(?:(?:and\\s+)?${verbs('keep|take|show|list|give|return|include')}\\s+)?(?:only\\s+)?(?:the\\s+)?`;
const THINGS =
  '(?:ones?\\s+|values?\\s+|groups?\\s+|totals?\\s+|counts?\\s+|averages?\\s+)?(?:at\\s+the\\s+top|first)(?![\\w-])';
const SORT = `\\b${verbs('sort|order|rank')}\\s+(?:(?:it|them|the|result|results|rows?|table|groups?|summary|report|output)\\s+)*(?:¦\\s*)?by\\s+`;

/** "top 5 by total amount", "largest first", "sorted by count": the order and length of the summary's table. */
export function readRanking(text: Text, shown: Shown): Ranking {
  const rowsEnd = findRowsEnd(text, shown);
  const top = readTopBy(text, shown, rowsEnd);
  if (top !== undefined) return top;
  const first = `\\b${TAKE}top\\s+(${NUMBER})(?![\\w-])(?:\\s+(?:groups?|results?|rows?|ones|[\\p{L}]+(?=\\s*(?:[,.;:¦]|$))))?`;
  const plain = text.takeFrom(rowsEnd, first)?.[1];
  const limit = plain === undefined ? {} : { limit: toNumber(plain) };
  for (const [words, descending] of [
    ['largest|highest|biggest|greatest|most', true],
    ['smallest|lowest|least|fewest', false],
  ] as const) {
    const found = text.takeFrom(rowsEnd, `\\b(?:with\\s+)?(?:the\\s+)?(?:${words})\\s+${THINGS}`);
    if (found !== undefined) return { ...limit, order: { measure: 0, descending } };
  }
  const sort = readSortBy(text, shown, rowsEnd);
  return { ...(plain === undefined ? {} : { order: { measure: 0, descending: true } }), ...limit, ...sort };
}

/** Rows that are sorted before the summary is spoken of: what stands up to there is about rows, not about its table. */
function findRowsEnd(text: Text, { measures, at }: Shown): number {
  const sort = text.find(`${SORT}${KEY}(?![\\w-])`);
  const isOfRows = sort !== undefined && sort.index < at && toMeasure(text, sort[1], measures, true) === undefined;
  return isOfRows ? at : 0;
}

function readTopBy(text: Text, { measures }: Shown, rowsEnd: number): Ranking | undefined {
  const top = text.findFrom(
    rowsEnd,
    `\\b${TAKE}(?:top|best|first|largest|highest|biggest)\\s+(${NUMBER})(?![\\w-])(?:\\s+(?!by\\b)[\\p{L}]+)?(?:\\s*¦)?\\s+by\\s+${KEY}(?![\\w-])${BOUNDARY}`,
  );
  const measure = toMeasure(text, top?.[2], measures, false);
  if (top?.[1] === undefined || measure === undefined) return undefined;
  text.cut(top.index, top.index + top[0].length);
  return { limit: toNumber(top[1]), order: { measure, descending: true } };
}

function readSortBy(text: Text, { measures, groups }: Shown, rowsEnd: number): Ranking {
  const sort = text.findFrom(rowsEnd, `${SORT}${KEY}(?![\\w-])${DIRECTION}?${BOUNDARY}`);
  if (sort?.[1] === undefined) return {};
  const measure = toMeasure(text, sort[1], measures, false);
  const isGroup = groups.includes(toColumn(text, sort[1].replace(/^the\s+/i, '')));
  if (measure === undefined && !isGroup) return {};
  text.cut(sort.index, sort.index + sort[0].length);
  return { order: { measure, descending: sort[2] !== undefined } };
}

function toMeasure(
  text: Text,
  words: string | undefined,
  measures: readonly Measure[],
  isExplicit: boolean,
): number | undefined {
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
  const byColumn = isExplicit
    ? -1
    : measures.findIndex((one) => one.column !== '' && one.column === toColumn(text, said));
  return byColumn < 0 ? undefined : byColumn;
}
