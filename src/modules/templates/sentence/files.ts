import { QUOTED, WORD, type Text } from './text.ts';
import { EXTENSIONS, NUMBER, toNumber } from './words.ts';

export type FileTest =
  | { readonly kind: 'age'; readonly comparison: 'older' | 'newer'; readonly millis: number }
  | { readonly kind: 'size'; readonly comparison: '>' | '<' | '>=' | '<=' | '='; readonly bytes: number }
  | { readonly kind: 'name'; readonly contains: string; readonly negated: boolean };

export const ARRANGEMENTS = ['type', 'month', 'year', 'day'] as const;
export type Arrangement = (typeof ARRANGEMENTS)[number];

/** Which files of a folder are meant. */
export interface Selection {
  /** Absent when the sentence says nothing of the kind ("all files", "csv files"). */
  readonly glob: string | undefined;
  /** As the words say it; absent when they say nothing. */
  readonly recursive: boolean | undefined;
  readonly tests: readonly FileTest[];
  readonly joinedBy: 'and' | 'or';
  /** Words that name files without saying how they are known. */
  readonly unclear: readonly string[];
}

const MILLIS: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 30 * 86_400_000,
  year: 365 * 86_400_000,
};
const SPAN = `(${NUMBER})\\s+(minute|hour|day|week|month|year)s?`;
const CHANGED = '(?:modified|changed|updated|edited|touched|written)';
const THAT = '(?:(?:that|which)\\s+)?(?:(?:are|were|have\\s+been|has\\s+been|is|was|got)\\s+)?';
const NOT_THAT = "(?:(?:that|which)\\s+)?(?:(?:are|were|have|has|was)(?:\\s+not|n't)|not)\\s+(?:been\\s+)?";
const JOIN = '(?:(?:\\s*,)?\\s*\\b(and|or|but)\\s+)?';

const BYTES: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  t: 1e12,
  ki: 1024,
  mi: 1024 ** 2,
  gi: 1024 ** 3,
};
const SIZE = '(\\d+(?:\\.\\d+)?)\\s*([kmgt]i?)?(?:b|bytes?|ilobytes?|egabytes?|igabytes?)(?![\\w-])';

/** Takes the words that say which files out of the sentence. */
export function readSelection(text: Text): Selection {
  const recursive = readRecursive(text);
  const joins: string[] = [];
  const tests = [...readAges(text, joins), ...readSizes(text, joins), ...readNames(text, joins)];
  const unclear = text
    .takeAll(
      '\\b(?:very\\s+)?(?:old|new|recent|large|big|small|huge|unused|outdated|stale)\\s+(?=(?:[\\w-]+\\s+)?(?:files?|images?|photos?|logs?|documents?)(?![\\w-]))',
    )
    .map(([words]) => words.trim());
  const glob = readGlob(text);
  return { glob, recursive, tests, unclear, joinedBy: joins.includes('or') && !joins.includes('and') ? 'or' : 'and' };
}

function readRecursive(text: Text): boolean | undefined {
  const below =
    '(?:all\\s+(?:of\\s+)?|its\\s+|the\\s+|their\\s+|any\\s+)*(?:sub-?(?:folders?|directories|directory)|nested\\s+folders|folders\\s+(?:below|inside|within)(?:\\s+it)?|everything\\s+below(?:\\s+it)?)';
  if (text.take(`\\b(?:not\\s+including|without|excluding|ignoring|but\\s+not)\\s+(?:in\\s+)?${below}`)) return false;
  const found =
    text.take(
      `(?:\\b(?:including|include|with|and|also|in|plus|searching)\\s+)+(?:in\\s+)?${below}(?:\\s+(?:too|as\\s+well|included))?`,
    ) ?? text.take('\\brecursive(?:ly)?(?![\\w-])');
  return found === undefined ? undefined : true;
}

function readAges(text: Text, joins: string[]): FileTest[] {
  const forms: readonly (readonly ['older' | 'newer', string])[] = [
    [
      'older',
      `${NOT_THAT}${CHANGED}\\s+(?:in|for|within|during)\\s+(?:the\\s+)?(?:last|past|more\\s+than)?\\s*${SPAN}`,
    ],
    [
      'older',
      `${THAT}(?:last\\s+)?(?:${CHANGED}\\s+)?(?:older\\s+than|more\\s+than|over)\\s+${SPAN}(?:\\s+(?:ago|old))?`,
    ],
    [
      'newer',
      `${THAT}(?:${CHANGED}\\s+)?(?:newer\\s+than|younger\\s+than|less\\s+than|under)\\s+${SPAN}(?:\\s+(?:ago|old))?`,
    ],
    [
      'newer',
      `${THAT}(?:${CHANGED}\\s+)?(?:in|within|during|from)\\s+the\\s+(?:last|past)\\s+(?:${SPAN}|(minute|hour|day|week|month|year))`,
    ],
  ];
  return forms.flatMap(([comparison, form]) =>
    text.takeAll(`${JOIN}\\b${form}(?![\\w-])`).map((found): FileTest => {
      if (found[1] !== undefined) joins.push(found[1].toLowerCase());
      const unit = (found[3] ?? found[4] ?? 'day').toLowerCase();
      return { kind: 'age', comparison, millis: Math.round(toNumber(found[2] ?? 'one') * (MILLIS[unit] ?? 0)) };
    }),
  );
}

function readSizes(text: Text, joins: string[]): FileTest[] {
  const forms: readonly (readonly ['>' | '<' | '>=' | '<=', string])[] = [
    ['>=', '(?:at\\s+least|no\\s+smaller\\s+than|>=)'],
    ['<=', '(?:at\\s+most|up\\s+to|no\\s+(?:larger|bigger|more)\\s+than|<=)'],
    ['>', '(?:(?:larger|bigger|greater|heavier|more)\\s+than|over|above|exceeding|>)'],
    ['<', '(?:(?:smaller|less|lighter)\\s+than|under|below|<)'],
  ];
  const sized = forms.flatMap(([comparison, form]) =>
    text
      .takeAll(
        `${JOIN}(?:\\b(?:with\\s+a\\s+size\\s+(?:of\\s+)?|of\\s+size\\s+|that\\s+are\\s+|whose\\s+size\\s+is\\s+|sized\\s+))?(?<![\\w-])${form}\\s*${SIZE}(?:\\s+in\\s+size)?`,
      )
      .map((found): FileTest => {
        if (found[1] !== undefined) joins.push(found[1].toLowerCase());
        const unit = (found[3] ?? '').toLowerCase();
        return { kind: 'size', comparison, bytes: Math.round(Number(found[2]) * (BYTES[unit] ?? 1)) };
      }),
  );
  const empty =
    text.take('\\b(?:empty|zero[- ]byte|0[- ]byte)\\s+(?=(?:‹p\\d+›|[\\w-]+\\s+)?(?:files?)(?![\\w-]))') ??
    text.take(`${JOIN}\\b(?:that|which)\\s+are\\s+empty`) ??
    text.take('\\bof\\s+(?:size\\s+(?:0|zero)|0\\s+bytes|zero\\s+size)');
  return empty === undefined ? sized : [...sized, { kind: 'size', comparison: '=', bytes: 0 }];
}

const NAMED = '(?:file\\s?)?names?';

function readNames(text: Text, joins: string[]): FileTest[] {
  const value = `(?:the\\s+(?:word|text)\\s+)?(${QUOTED}|${WORD})`;
  const forms = [
    `(?:whose|where\\s+the|if\\s+the|and\\s+whose|when\\s+the)\\s+${NAMED}\\s+(?:(does\\s+not|doesn't|do\\s+not|don't)\\s+)?(?:contains?|includes?|has|have)\\s+${value}`,
    `(?:with|having|containing|that\\s+have|that\\s+contain)\\s+${value}\\s+in\\s+(?:the|their|its)\\s+${NAMED}`,
    `(?:with|having)\\s+(?:a\\s+)?${NAMED}\\s+(?:containing|that\\s+contains?|including)\\s+${value}`,
  ];
  return forms.flatMap((form, index) =>
    text.takeAll(`${JOIN}\\b${form}(?![\\w-])`).map((found): FileTest => {
      if (found[1] !== undefined) joins.push(found[1].toLowerCase());
      const token = index === 0 ? found[3] : found[2];
      return { kind: 'name', contains: text.value(token ?? ''), negated: index === 0 && found[2] !== undefined };
    }),
  );
}

/** `*.csv`, `*.{jpg,png}`, `report*`: the glob that the words make, if they make one. */
export function readGlob(text: Text): string | undefined {
  const value = `(?:the\\s+(?:word|text|letters?|prefix)\\s+)?(${QUOTED}|\\.?${WORD}|‹p\\d+›)`;
  // Only behind the files themselves: rows and their columns start and end with something too.
  const named = `(?<=\\b(?:files?|photos?|images?|pictures?|logs?|documents?|pdfs|csvs|videos?)[\\s¦]+|‹p\\d+›[\\s¦]+|^[\\s¦]*)(?:(?:and|that|which|whose\\s+${NAMED}|with\\s+(?:a\\s+)?${NAMED}(?:\\s+that)?|where\\s+the\\s+${NAMED}|named|called)\\s+)*`;
  const prefix = text.take(`${named}\\b(?:starts?|begins?|starting|beginning)\\s+with\\s+${value}`)?.[1];
  const suffix = text.take(`${named}\\b(?:ends?|ending)\\s+(?:with|in|on)\\s+${value}`)?.[1];
  const extensions = readExtensions(text);
  const all =
    text.take('\\b(?:all|every|any|each)(?:\\s+of\\s+(?:the|my))?(?:\\s+the|\\s+my)?\\s+files?(?![\\w-])') ??
    text.take('\\b(?:all|everything)(?=\\s+(?:in|from|inside|of|under)\\b)');
  const start = prefix === undefined ? '' : escapeGlob(text.value(prefix));
  if (suffix !== undefined && extensions === undefined) return `${start}*${escapeGlob(toSuffix(text.value(suffix)))}`;
  if (extensions !== undefined)
    return `${start}*${suffix === undefined ? '' : escapeGlob(text.value(suffix))}.${extensions.length === 1 ? (extensions[0] ?? '') : `{${extensions.join(',')}}`}`;
  return start !== '' ? `${start}*` : all === undefined ? undefined : '*';
}

function toSuffix(value: string): string {
  return EXTENSIONS.has(value.toLowerCase()) ? `.${value}` : value;
}

function escapeGlob(value: string): string {
  return value.replace(/[()[\]{}!?+@|\\]/g, '\\$&');
}

/** "jpg, png and gif files", ".log files", "PDFs". */
export function readExtensions(text: Text): string[] | undefined {
  const known = '\\.?[a-z0-9]{1,12}';
  const list = `(${known}(?:(?:\\s*,\\s*|\\s*,?\\s+(?:and|or)\\s+|\\s*/\\s*|\\s*&\\s*)(?:all\\s+)?${known})*)`;
  for (const pattern of [
    `(?<![\\w.-])${list}[\\s-]+(?:files?|images?|photos?|pictures?|documents?|archives?|videos?)(?![\\w-])`,
    '(?<![\\w.-])(pdf|csv|jpe?g|png|gif|svg|mp3|mp4|zip|xml|json|txt|html|docx|xlsx|pptx|tiff)s(?![\\w-])',
  ]) {
    for (const found of text.rest.matchAll(new RegExp(pattern, 'giu'))) {
      const words = (found[1] ?? '').split(/[\s,/&]+/).map((word) => word.replace(/^\./, '').toLowerCase());
      const extensions: string[] = [];
      // From the noun backwards, as long as they are extensions: "clean csv files" names one.
      for (const word of words.reverse()) {
        if (word === 'and' || word === 'or' || word === '' || word === 'all') continue;
        if (!EXTENSIONS.has(word)) break;
        extensions.unshift(word);
      }
      if (extensions.length === 0) continue;
      const from = found.index + found[0].toLowerCase().indexOf(extensions[0] ?? '');
      text.cut(from, found.index + found[0].length);
      return [...new Set(extensions)];
    }
  }
  return undefined;
}

/** "by type", "by month", "into a folder for each year": into which folders files go. */
export function readArrangement(text: Text): { arrangement?: Arrangement; unclear?: string } {
  const lead =
    '(?:(?:\\b(?:in|into|to|using)\\s+)?(?:one\\s+|separate\\s+|different\\s+|dated\\s+|a\\s+|new\\s+|their\\s+own\\s+)*(?:sub-?)?(?:folders?|directories|groups?)\\s+(?:named\\s+)?)?';
  const by =
    '\\b(?:by|per|according\\s+to|based\\s+on|for\\s+each|for\\s+every|for\\s+the|of\\s+each)\\s+(?:(?:the|their|its|file|a|each)\\s+)*';
  const tail = `(?:\\s+(?:and\\s+)?(?:of\\s+(?:the\\s+)?(?:last\\s+)?(?:modification|change)|(?:they\\s+were\\s+|it\\s+was\\s+)?(?:last\\s+)?${CHANGED}))?`;
  const forms: readonly (readonly [Arrangement, string])[] = [
    ['type', '(?:file\\s?types?|types?|extensions?|formats?|kinds?|file\\s+extensions?)'],
    ['month', '(?:(?:last\\s+)?(?:modification|modified)\\s+)?months?'],
    ['year', '(?:(?:last\\s+)?(?:modification|modified)\\s+)?years?'],
    ['day', '(?:(?:last\\s+)?(?:modification|modified|change)\\s+)?(?:days?|dates?)'],
  ];
  for (const [arrangement, form] of forms) {
    if (text.take(`${lead}${by}${form}(?![\\w-])(?!\\s+and\\s+(?:month|day|year|type|extension)(?![\\w-]))${tail}`))
      return { arrangement };
  }
  const folders = text
    .take(
      '(?:\\b(?:in|into|to)\\s+)?(daily|monthly|yearly|dated|day|month|year|type|extension)\\s+(?:sub-?)?(?:folders|directories)(?![\\w-])',
    )?.[1]
    ?.toLowerCase();
  if (folders !== undefined)
    return {
      arrangement: folders.startsWith('month')
        ? 'month'
        : folders.startsWith('year')
          ? 'year'
          : /^(?:type|ext)/.test(folders)
            ? 'type'
            : 'day',
    };
  const other = text.take(`${lead}${by}(?:[\\p{L}]+)(?:\\s+and\\s+[\\p{L}]+)?(?![\\w-])`);
  return other === undefined ? {} : { unclear: other[0].trim() };
}

const NOT_A_FOLDER =
  '(?!(?:the|a|an|my|it|them|this|that|these|those|one|all|everything|every|each|files?|folders?|subfolders?|sub-folders|directories|rows?|to|by|into|in|from|of|up|and|or|month|type|year|date|day|extension|another|other|new|old|empty|anything|which|where|is|are|any|only|separate|name|size|csv|json|jsonl|xml|html|markdown|order|place|disk|trash)(?![\\w-]))';
/** A folder named by a bare word, behind "in" or "to". */
export const FOLDER_NAME = `(?:${QUOTED}|${NOT_A_FOLDER}${WORD})`;
