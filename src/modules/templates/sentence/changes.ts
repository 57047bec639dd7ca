import type { Condition } from './condition.ts';
import { readFilters } from './filters.ts';
import { ENDS_NAME, NAME, parseNames, type Names } from './names.ts';
import type { Text } from './text.ts';
import { NUMBER, ROWS, THE, toNumber, verbs } from './words.ts';

export interface SortKey {
  readonly column: string;
  readonly descending: boolean;
}

/** What a sentence wants done to rows; applied in the order of the fields. */
export interface Changes {
  readonly trim: readonly string[] | 'all' | undefined;
  readonly filters: readonly Condition[];
  /** Columns that make two rows equal; none of them means the whole row. */
  readonly distinct: readonly string[] | undefined;
  readonly cases: readonly { readonly column: string; readonly to: 'lower' | 'upper' }[];
  readonly renames: readonly { readonly from: string; readonly to: string }[];
  readonly keep: readonly string[] | undefined;
  readonly drop: readonly string[];
  readonly sort: readonly SortKey[];
  readonly limit: number | undefined;
}

export function hasChanges(changes: Changes): boolean {
  const { trim, filters, distinct, cases, renames, keep, drop, sort, limit } = changes;
  const lists = [filters, cases, renames, drop, sort];
  return lists.some((list) => list.length > 0) || [trim, distinct, keep, limit].some((each) => each !== undefined);
}

/** Takes all changes of rows but sorting and limit out of the sentence. */
export function readChanges(text: Text): Omit<Changes, 'sort' | 'limit'> {
  repeatVerb(text);
  const trim = readTrim(text);
  const distinct = readDistinct(text);
  const filters = readFilters(text);
  const cases = readCases(text);
  const renames = readRenames(text);
  const drop = readDroppedColumns(text);
  const keep = readKeptColumns(text);
  const toNew = toNewNames(renames);
  return { trim, filters, distinct, cases, renames, keep: keep?.map(toNew), drop: drop.map(toNew) };
}

/** "Remove empty rows and duplicates" removes both. */
function repeatVerb(text: Text): void {
  const verb = verbs('remove|drop|delete|eliminate|discard|skip|ignore|exclude|omit');
  const thing = `${THE}(?:(?:(?:completely|fully|entirely)\\s+)?(?:empty|blank)\\s+${ROWS}|duplicated?\\s+${ROWS}|duplicates?)(?![\\w-])`;
  const both = new RegExp(`\\b(${verb})(\\s+${thing}\\s*(?:,\\s*(?:and\\s+)?|and\\s+))(?=${thing})`, 'iu');
  while (both.test(text.rest)) text.rest = text.rest.replace(both, '$1$2$1 ');
}

/** Columns are chosen and sorted after renaming; who names the old column there means the new one. */
export function toNewNames(renames: Changes['renames']): (column: string) => string {
  const isNew = new Set(renames.map(({ to }) => to));
  return (column) => (isNew.has(column) ? column : (renames.find(({ from }) => from === column)?.to ?? column));
}

/** Takes a phrase and the list of names that must follow it; without names nothing is taken. */
function takeNames(text: Text, phrase: string, after = ''): Names | undefined {
  for (const found of text.rest.matchAll(new RegExp(phrase, 'giu'))) {
    const names = parseNames(text, found.index + found[0].length);
    const tail = names === undefined ? undefined : text.matchAt(names.end, after);
    if (names === undefined || tail === undefined) continue;
    const end = names.end + tail[0].length;
    text.cut(found.index, end);
    return { ...names, end };
  }
  return undefined;
}

function readTrim(text: Text): Changes['trim'] {
  const spaces =
    '(?:(?:leading|trailing|extra|surrounding|unnecessary|and|or|white)\\s+)*(?:spaces?|whitespaces?|blanks)';
  const phrase = `\\b${verbs('trim|strip|remove|clean')}\\s+(?:off\\s+|up\\s+)?${THE}${spaces}`;
  const everywhere = `(?:\\s+(?:from|around|in|of|on|off)\\s+${THE}(?:(?:text|string)\\s+)?(?:values?|columns?|fields?|cells?|rows?|texts?|strings?|data|text|it|them|everything|everywhere)(?![\\w-]))`;
  if (text.take(`${phrase}${everywhere}`) !== undefined) return 'all';
  const some = takeNames(
    text,
    `${phrase}\\s+(?:from|around|in|of|on|off)\\s+(?:the\\s+)?`,
    '(?:\\s+(?:columns?|fields?|values?))?',
  );
  if (some !== undefined) return some.names;
  if (text.take(phrase) !== undefined) return 'all';
  if (
    text.take(
      `\\b${verbs('trim')}\\s+${THE}(?:(?:text|string)\\s+)?(?:values?|columns|fields|cells?|rows?|texts?|strings?|data|everything)(?![\\w-])`,
    )
  )
    return 'all';
  return takeNames(text, `\\b${verbs('trim')}\\s+(?:the\\s+)?`, '(?:\\s+(?:columns?|fields?|values?))?')?.names;
}

function readDistinct(text: Text): Changes['distinct'] {
  const verb = verbs('remove|drop|delete|eliminate|discard|skip|ignore|exclude|filter|get|throw|clean|strip|omit');
  const rows = `(?:\\s+(?:${ROWS}|values?))?`;
  const duplicate = `\\b(?:(?:${verb}|without)\\s+(?:out\\s+|rid\\s+of\\s+|away\\s+|up\\s+)?${THE}(?:duplicates?|duplicated|repeated|doubled)${rows}|de-?duplicat(?:e|es|ed|ing)|de-?dup(?:e|es|ed|ing)?|keep\\s+(?:only\\s+)?(?:the\\s+)?(?:unique|distinct)${rows})`;
  const object = `(?:\\s+${THE}(?:${ROWS}|it|them|result|file)(?![\\w-]))?`;
  const by =
    '(?:\\s*¦)?\\s*,?\\s+(?:by|on|based\\s+on|per|using|with\\s+the\\s+same|having\\s+the\\s+same|that\\s+have\\s+the\\s+same|sharing\\s+the\\s+same|in|for)\\s+(?:the\\s+)?(?:same\\s+)?';
  const tail = `(?:\\s+(?:columns?|fields?))?(?:\\s*,?\\s*(?:and\\s+)?${verbs('keep')}\\s+(?:only\\s+)?(?:the\\s+)?first(?:\\s+(?:one|row|occurrence|of\\s+(?:them|each)))?)?`;
  const named =
    takeNames(text, `${duplicate}${object}${by}`, tail) ??
    takeNames(text, `\\b${verb}\\s+${THE}${ROWS}\\s+with\\s+(?:a\\s+)?duplicated?\\s+`, tail);
  if (named !== undefined) return named.names;
  return text.take(`${duplicate}${object}(?![\\w-])${tail}`) === undefined ? undefined : [];
}

function readCases(text: Text): Changes['cases'] {
  const cases: { column: string; to: 'lower' | 'upper' }[] = [];
  const word = '(lower|upper)(?:[- ]?cas(?:e|es|ed|ing))';
  const column = '(?:\\s+(?:columns?|fields?|values?))?';
  const forms = [
    `\\b${word}\\s+(?:the\\s+)?(?:values?\\s+(?:of|in)\\s+)?(?:the\\s+)?`,
    `\\b${verbs('make|convert|turn|change|put|set|transform|bring|write|format')}\\s+(?:the\\s+)?(?:values?\\s+(?:of|in)\\s+(?:the\\s+)?)?(?=[^¦.;]*?${word})`,
  ];
  for (const [index, form] of forms.entries()) {
    const after =
      index === 0
        ? column
        : `${column}\\s+(?:(?:to|in|into|all)\\s+)?(?:all\\s+)?(?:lower|upper)[- ]?case(?:\\s+letters)?`;
    for (;;) {
      const before = text.rest;
      const names = takeNames(text, form, after);
      if (names === undefined) break;
      const to =
        new RegExp(word, 'iu').exec(before.slice(firstDifference(before, text.rest)))?.[1]?.toLowerCase() === 'upper'
          ? 'upper'
          : 'lower';
      cases.push(...names.names.map((name) => ({ column: name, to }) as const));
    }
  }
  return cases;
}

function firstDifference(a: string, b: string): number {
  let index = 0;
  while (index < a.length && a[index] === b[index]) index++;
  return index;
}

function readRenames(text: Text): Changes['renames'] {
  const renames: { from: string; to: string }[] = [];
  const pair = `(?:the\\s+)?(?:(?:columns?|fields?)\\s+)?(${NAMES})(?:\\s+(?:column|field))?\\s*(?:\\s(?:to|as|into)\\s|->|=>|→)\\s*(?:be\\s+)?(?:the\\s+)?(${NAMES})(?=${ENDS_NAME})`;
  const start = text.find(`\\b${verbs('rename')}\\s+(?=${pair})`);
  if (start === undefined) return renames;
  let end = start.index + start[0].length;
  for (;;) {
    const found = text.matchAt(end, `(?:\\s*,?\\s*(?:and\\s+)?(?:also\\s+)?(?:${verbs('rename')}\\s+)?)?${pair}`);
    if (found?.[1] === undefined || found[2] === undefined || /^(?:save|write|convert|export)$/i.test(found[1])) break;
    renames.push({ from: toColumn(text, found[1]), to: toColumn(text, found[2]) });
    end += found[0].length;
  }
  text.cut(start.index, end);
  return [...renames, ...readRenames(text)];
}

function readDroppedColumns(text: Text): string[] {
  const verb = `\\b(?:${verbs('drop|remove|delete|exclude|omit|discard|skip|ignore')}|leav(?:e|es|ing)\\s+out|get\\s+rid\\s+of|without)`;
  const before = takeNames(text, `${verb}\\s+(?:the\\s+)?(?:columns?|fields?)\\s+(?:named\\s+|called\\s+)?`);
  const names =
    before ??
    takeNames(
      text,
      `${verb}\\s+(?:the\\s+)?(?=[^¦.;]*?(?:columns?|fields?)(?![\\w-]))`,
      '(?:\\s+(?:columns|fields)|(?<=\\s(?:column|field)))',
    );
  return names === undefined ? [] : [...names.names, ...readDroppedColumns(text)];
}

function readKeptColumns(text: Text): readonly string[] | undefined {
  const only =
    '(?:keep(?:s|ing)?(?:\\s+only|\\s+just)?|only\\s+keep(?:s|ing)?|(?:select|extract|pick|take)(?:s|ing|ed)?(?:\\s+only)?|with\\s+only|only(?:\\s+with)?|just|retain(?:ing)?(?:\\s+only)?|reduce\\s+(?:it\\s+)?to|leave\\s+only|include\\s+only)';
  return (
    takeNames(text, `\\b${only}\\s+(?:the\\s+)?(?:columns?|fields?)\\s*:?\\s+(?:named\\s+|called\\s+)?`) ??
    takeNames(
      text,
      `\\b${only}\\s+(?:the\\s+)?(?=[^¦.;]*?(?:columns?|fields?)(?![\\w-]))`,
      '(?:\\s+(?:columns|fields)|(?<=\\s(?:column|field)))',
    )
  )?.names;
}

/** A column of one to three words. */
const NAMES = `${NAME}(?:\\s+${NAME}){0,2}?`;

function toColumn(text: Text, tokens: string): string {
  return tokens
    .trim()
    .split(/\s+/)
    .map((token) => text.value(token))
    .join(' ');
}

const BIG = '(?:largest|highest|biggest|newest|latest|most\\s+recent|greatest|longest|best|most\\s+expensive|high|z)';
const SMALL = '(?:smallest|lowest|oldest|earliest|least|shortest|cheapest|low|a)';
const DESCENDING = `(?:(?:in\\s+)?(?:descending|desc|decreasing|reverse|reversed)(?:\\s+order)?|(?:with\\s+)?(?:the\\s+)?${BIG}\\s+first|(?:from\\s+)?${BIG}\\s*(?:to|-)\\s*${SMALL})`;
const ASCENDING = `(?:(?:in\\s+)?(?:ascending|asc|increasing|alphabetical)(?:\\s+order)?|alphabetically|(?:with\\s+)?(?:the\\s+)?${SMALL}\\s+first|(?:from\\s+)?${SMALL}\\s*(?:to|-)\\s*${BIG})`;
/** Which way to sort, said behind a key: "descending", "largest first". Group 1 is set for descending. */
export const DIRECTION = `(?:\\s*[,(]?\\s*(?:(${DESCENDING})|${ASCENDING})(?![\\w-])\\)?)`;

export function readSort(text: Text): SortKey[] {
  const first = text.take(
    `(?:\\b${verbs('sort|order|rank|arrange')}(?:\\s+(?:it|them|the\\s+rows|rows|¦))*[\\s,]+)?\\b(?:with\\s+)?(?:the\\s+)?(?:(${BIG})|${SMALL})\\s+(${NAME})\\s+(?:comes?\\s+|is\\s+)?first(?![\\w-])`,
  );
  if (first?.[2] !== undefined) return [{ column: text.value(first[2]), descending: first[1] !== undefined }];
  const last = text.take(`(?:(${BIG})|${SMALL})\\s+first\\s+(?:by|on)\\s+(?:the\\s+)?(${NAMES})(?=${ENDS_NAME})`);
  if (last?.[2] !== undefined) return [{ column: toColumn(text, last[2]), descending: last[1] !== undefined }];
  const start = text.find(
    `\\b${verbs('sort|order|rank|arrange')}\\s+(?:(?:it|them|the|all|its|result|results|rows?|everything|output|data|list|file|${ROWS})\\s+)*(?:(${DESCENDING})\\s+)?(?:¦\\s*)?(?:by|on)\\s+`,
  );
  if (start === undefined) return [];
  const keys: SortKey[] = [];
  let end = start.index + start[0].length;
  for (;;) {
    const item = text.matchAt(
      end,
      `${keys.length === 0 ? '' : '\\s*(?:,\\s*|\\s)(?:and\\s+)?(?:then\\s+)?(?:by\\s+)?'}(?:the\\s+)?(?:(?:column|field)\\s+)?(${NAMES})(?:\\s+(?:column|field|values?))?${DIRECTION}?(?=${ENDS_NAME})`,
    );
    if (item?.[1] === undefined || (keys.length > 0 && !isFurtherKey(text, end))) break;
    keys.push({ column: toColumn(text, item[1]), descending: (item[2] ?? start[1]) !== undefined });
    end += item[0].length;
  }
  if (keys.length > 0) text.cut(start.index, end);
  return keys;
}

/** "…by a, then save it" names no further key; "…by a and then b" does. */
function isFurtherKey(text: Text, from: number): boolean {
  const joint = text.matchAt(from, '\\s*(?:,\\s*)?(?:and\\s+)?(?:then\\s+)?(by\\s+)?(?:the\\s+)?');
  if (joint === undefined || !/,|and|then/.test(joint[0])) return false;
  const name = text.matchAt(from + joint[0].length, NAME);
  if (
    name === undefined ||
    new RegExp(
      `^(?:${verbs('take|keep|save|write|convert|export|limit|show|drop|remove|put|store|output|give|draw|report|top|list')})$`,
      'iu',
    ).test(name[0])
  )
    return false;
  const after = text.matchAt(
    from + joint[0].length + name[0].length,
    `(?:\\s+column)?(?:${DIRECTION}|\\s*[,.;¦]|\\s*$|\\s+and\\s|\\s+then\\s)`,
  );
  return joint[1] !== undefined || after !== undefined;
}

/** "the first 10 rows", "top 5", "limit to 20": how many rows stay. A `top 5 by amount` is also a sort. */
export function readLimit(text: Text): { limit?: number; sort?: SortKey } {
  const take = `(?:(?:and\\s+)?(?:only\\s+)?${verbs('keep|take|show|return|give|select|write|output|include|list|get')}\\s+)?(?:only\\s+)?`;
  const rows = `(?:\\s+(?:most\\s+)?(?:${ROWS}|results?))?`;
  const top = text.take(
    `\\b${take}(?:the\\s+)?(?:top|best|(largest|highest|biggest))\\s+(${NUMBER})${rows}\\s+(?:by|with\\s+the\\s+(?:highest|largest|biggest|most))\\s+(?:the\\s+)?(${NAMES})(?=${ENDS_NAME})`,
  );
  const other =
    top ??
    text.take(
      `\\b${take}(?:the\\s+)(${NUMBER})\\s+(largest|highest|biggest)${rows}\\s+by\\s+(?:the\\s+)?(${NAMES})(?=${ENDS_NAME})`,
    );
  if (other?.[3] !== undefined) {
    const count = [other[1], other[2]].map((word) => toNumber(word ?? '')).find((number) => number > 0);
    return {
      ...(count === undefined ? {} : { limit: count }),
      sort: { column: toColumn(text, other[3]), descending: true },
    };
  }
  const extreme = text.take(
    `\\b${take}(?:the\\s+)?(${NUMBER})\\s+(?:${ROWS}\\s+)?with\\s+(?:the\\s+)?(?:(${BIG})|${SMALL})\\s+(${NAMES})(?=${ENDS_NAME})`,
  );
  if (extreme?.[3] !== undefined) {
    const sort = { column: toColumn(text, extreme[3]), descending: extreme[2] !== undefined };
    return { limit: toNumber(extreme[1] ?? ''), sort };
  }
  const plain =
    text.take(`\\b${take}(?:the\\s+)?(?:first|top)\\s+(${NUMBER})(?!\\w)${rows}(?![\\w-])`) ??
    text.take(
      `\\b${verbs('limit')}\\s+(?:(?:it|them|the|output|result|results|rows?|list)\\s+)*(?:to\\s+)?(?:the\\s+)?(?:first\\s+|top\\s+)?(${NUMBER})(?!\\w)${rows}`,
    ) ??
    text.take(
      `\\b${take}(?:at\\s+most|no\\s+more\\s+than|up\\s+to)\\s+(${NUMBER})\\s+(?:rows?|records?|lines?|entries)`,
    );
  return plain?.[1] === undefined ? {} : { limit: toNumber(plain[1]) };
}
