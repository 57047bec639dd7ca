import type { Comparison, Entry, Meaning, Unit, Window } from './item.ts';

const WORDS: Readonly<Record<string, number>> = {
  zero: 0,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  ninety: 90,
  'a hundred': 100,
  'one hundred': 100,
  'two hundred': 200,
  'five hundred': 500,
  'a thousand': 1_000,
  'one thousand': 1_000,
  'two thousand': 2_000,
  'five thousand': 5_000,
  'ten thousand': 10_000,
  'a million': 1_000_000,
  'one million': 1_000_000,
  'a dozen': 12,
};
const SCALES: Readonly<Record<string, number>> = { k: 1e3, thousand: 1e3, m: 1e6, million: 1e6, hundred: 100 };
const BYTES: Readonly<Record<string, number>> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

export const NUMBER = `(\\d{1,12}(?:[,_]\\d{3}){0,4}(?:\\.\\d{1,6})?(?: ?(?:k|thousand|million|hundred))?|${Object.keys(
  WORDS,
)
  .sort((a, b) => b.length - a.length)
  .join('|')})`;
const NUMBER_PARTS = /^(\d[\d,_]*(?:\.\d+)?) ?(k|thousand|m|million|hundred)?$/;

export function toNumber(text: string): number {
  const plain = text.toLowerCase();
  const [, digits = '', scale = ''] = NUMBER_PARTS.exec(plain) ?? [];
  if (digits !== '') return Math.round(Number(digits.replace(/[,_]/g, '')) * (SCALES[scale] ?? 1) * 1e6) / 1e6;
  return WORDS[plain] ?? Number.NaN;
}

const BEFORE: readonly (readonly [pattern: string, comparison: Comparison, isMaximum?: true])[] = [
  [
    '(?:more|greater|larger|bigger|higher|longer|costlier|heavier|bulkier) than|over|above|exceed(?:s|ing|ed)?|in excess of|beyond|surpass(?:es|ing)?|past',
    '>',
  ],
  ['at least|a minimum of|minimum(?: of)?|not less than|no less than|starting at|from', '>='],
  ['at or below', '<='],
  ['after|once|following', '>'],
  ['(?:less|fewer|smaller|lower|cheaper|shorter) than|under|below', '<'],
  [
    "(?:at most|(?:no|not|never) (?:be )?(?:more|larger|bigger|higher|greater|longer) than|up to|a maximum of|maximum(?: of)?|max(?: of)?|at max(?:imum)?|within|(?:a |the )?(?:hard )?(?:limit|cap|ceiling|budget)(?: of| is|:)?|limited to|capped at|cap(?:ped)? to|(?:must not|may not|cannot|can't|should not|shouldn't|mustn't|not|never|do not|don't|must never|may never|should never) (?:exceed|go over|go above|go beyond|surpass|be over|be above|cost more than|be more than)|not over|never over|stay(?:s)? (?:under|below)|keep (?:it )?(?:under|below)|only|just|to)",
    '<=',
    true,
  ],
];
const AFTER: readonly (readonly [pattern: string, comparison: Comparison, isMaximum?: true])[] = [
  ['(?:\\+| ?or (?:more|above|higher|larger|greater|over)| and (?:above|over|more|up)| upwards)', '>='],
  [' ?(?:or (?:less|fewer|below|under)|max(?:imum)?|at most|tops|and below|and under)', '<=', true],
];

interface Read {
  readonly count: number;
  readonly more?: { currency?: string; unit?: Unit };
}
type Reader = (groups: readonly (string | undefined)[]) => Read | undefined;

/** The same number with each comparison that can stand before or behind it. */
function compared(number: string, read: Reader): Entry[] {
  const make = (pattern: string, comparison: Comparison | undefined, isMaximum?: true): Entry => ({
    pattern,
    read: (groups): Meaning[] | undefined => {
      const found = read(groups);
      if (found === undefined || !Number.isFinite(found.count)) return undefined;
      const isAfter = pattern.startsWith('(?:after');
      const quantity = {
        comparison,
        count: found.count,
        ...found.more,
        ...(isMaximum === true ? { isMaximum } : {}),
        ...(isAfter ? { isAfter } : {}),
      };
      return [{ kind: 'quantity', quantity }];
    },
  });
  return [
    make(number, undefined),
    ...BEFORE.map(([pattern, comparison, isMaximum]) =>
      make(`(?:${pattern}) (?:a total of )?${number}`, comparison, isMaximum),
    ),
    ...AFTER.map(([pattern, comparison, isMaximum]) => make(`${number}${pattern}`, comparison, isMaximum)),
  ];
}

const CURRENCIES: Readonly<Record<string, string>> = {
  $: 'USD',
  '€': 'EUR',
  '£': 'GBP',
  usd: 'USD',
  dollar: 'USD',
  dollars: 'USD',
  buck: 'USD',
  bucks: 'USD',
  eur: 'EUR',
  euro: 'EUR',
  euros: 'EUR',
  gbp: 'GBP',
  pound: 'GBP',
  pounds: 'GBP',
  chf: 'CHF',
  'us dollars': 'USD',
};
const CENTS = new Set(['cent', 'cents', '¢']);
const CURRENCY = '(us dollars|dollars?|usd|bucks?|euros?|eur|pounds?|gbp|chf|€|\\$|£|cents?)';

function toMoney(number = '', currency = ''): Read {
  const isCents = CENTS.has(currency.toLowerCase());
  return {
    count: toNumber(number) / (isCents ? 100 : 1),
    more: { unit: 'money', currency: isCents ? 'USD' : (CURRENCIES[currency.toLowerCase()] ?? 'USD') },
  };
}

export const UNIT_WORDS: Readonly<Record<Exclude<Unit, 'money'>, string>> = {
  tokens: '(?:output |input |generated )?tokens?',
  records:
    '(?:(?:customer|client|user|employee|patient|database|data|personal) )?(?:records?|rows?|entries|lines|customers|clients|users|people|persons|items|patients|employees|accounts|objects|files at once|results|rows of data)(?: at once| at a time)?',
  recipients: '(?:external |different )?(?:recipients?|addressees|addresses|e-?mail addresses)(?: at once)?',
  attachments: '(?:file )?attachments?',
  statements: '(?:sql )?statements?',
  failures:
    '(?:failures?|errors?|failed (?:actions?|calls?|attempts?|requests?|steps?)|times it fails|fail(?:s|ed|ing)?)',
  denials: '(?:denials?|denied (?:actions?|calls?|requests?|attempts?)|refusals?|violations?)',
  times: 'times?',
};

const TIMES: Entry = {
  pattern: '((?:no |not )?more than|at most|only) (once|twice)',
  read: ([words = '', count]) => {
    const isMaximum = !/^more/i.test(words);
    const comparison = isMaximum ? '<=' : '>';
    return [{ kind: 'quantity', quantity: { comparison, count: count?.toLowerCase() === 'twice' ? 2 : 1, isMaximum } }];
  },
};

export const NUMBER_WORDS: readonly Entry[] = [
  TIMES,
  ...compared(NUMBER, ([number]) => ({ count: toNumber(number ?? '') })),
  ...compared(`(?:([$€£]) ?${NUMBER})`, ([currency, number]) => toMoney(number, currency)),
  ...compared(`(?:(?:usd|eur|gbp|chf|us\\$) ?${NUMBER})`, ([number]) => toMoney(number, 'usd')),
  ...compared(`${NUMBER} ?${CURRENCY}`, ([number, currency]) => toMoney(number, currency)),
  ...Object.entries(UNIT_WORDS)
    .map(([unit, pattern]): Entry => ({ pattern, read: () => [{ kind: 'unit', unit: unit as Unit }] }))
    .filter(({ pattern }) => pattern !== UNIT_WORDS.times),
  { pattern: UNIT_WORDS.times, read: () => [{ kind: 'unit', unit: 'times' }] },
];

/** Sizes have a unit of their own: they are values as they stand. */
export const SIZE =
  '(\\d{1,9}(?:[.,]\\d{1,3})?) ?(?:-)?(bytes?|b|[kmg]i?b|kilobytes?|megabytes?|gigabytes?|mbs|gbs|kbs|[kmg])';

export function toBytes(number: string, unit: string): number {
  const [first = 'b'] = unit.toLowerCase();
  return Math.round(Number(number.replace(',', '.')) * (BYTES[first] ?? 1));
}

export function readSizes(
  make: (comparison: Comparison | undefined, bytes: number, isMaximum: boolean) => Meaning,
): Entry[] {
  const entry = (pattern: string, comparison: Comparison | undefined, isMaximum = false): Entry => ({
    pattern,
    read: ([number, unit]) =>
      number === undefined || unit === undefined ? undefined : [make(comparison, toBytes(number, unit), isMaximum)],
  });
  return [
    entry(SIZE, undefined),
    ...BEFORE.map(([pattern, comparison, isMaximum]) =>
      entry(`(?:${pattern}) ${SIZE}(?: in size)?`, comparison, isMaximum),
    ),
    ...AFTER.map(([pattern, comparison, isMaximum]) => entry(`${SIZE}${pattern}`, comparison, isMaximum)),
  ];
}

function window(name: Window, pattern: string): Entry {
  return { pattern, read: () => [{ kind: 'window', window: name }] };
}

const PER =
  '(?:per|a|an|each|every|in (?:a|an|one|any|the (?:last|past))|within (?:a|an|one|any|the (?:last|past)|the same)|in the same|during (?:a|an|one|any)|over (?:a|an|one)|the last|in any (?:given )?|/|any given)';

export const WINDOW_WORDS: readonly Entry[] = [
  window(
    '1m',
    `${PER} ?(?:single )?(?:1 |one )?min(?:ute)?|(?:in|within|per|every|for) (?:60|sixty) seconds|by the minute|per-minute|/min|rpm`,
  ),
  window(
    '10m',
    '(?:in|within|per|every|over|during|for|in the (?:last|past)|within the (?:last|past)|in any|the (?:last|past)) (?:10|ten)[- ]min(?:ute)?s?(?: window)?',
  ),
  window(
    '1h',
    `${PER} ?(?:single |rolling )?(?:1 |one )?hour|hourly|(?:in|within|per|every|over) (?:60|sixty) min(?:ute)?s|per-hour|/h(?:our|r)?`,
  ),
  window(
    '1d',
    `${PER} ?(?:single |calendar |rolling )?(?:1 |one )?day|daily|(?:in|within|per|every|over)(?: the (?:last|past))? 24 ?h(?:ours)?|today|per-day|/d(?:ay)?`,
  ),
  window('month', `${PER} ?(?:single |calendar )?month|monthly|this month|per-month`),
  window(
    'run',
    `(?:per|a|an|each|every|in (?:a|one|any|the same)|within (?:a|one)) ?(?:single )?run|per-run|in total per run`,
  ),
  window(
    'once',
    '(?:at (?:the same time|once|a time)|concurrently|in parallel|simultaneous(?:ly)?|concurrent|parallel)(?: (?:actions?|calls?|operations?|runs?|tasks?))?|running(?: actions?)? at (?:the same time|once)',
  ),
];
