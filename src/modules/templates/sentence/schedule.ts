import type { Missing } from '../../../kernel/run/model.ts';
import { ZONE, type Text } from './text.ts';
import { NUMBER, toNumber } from './words.ts';

export interface Schedule {
  /** Five fields. */
  readonly cron: string;
  /** IANA, when the sentence names one. */
  readonly timezone?: string;
}

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const DAY = `(?:${DAYS.join('|')})s?`;
const DAY_LIST = `(${DAY}(?:(?:\\s*,\\s*(?:and|or)\\s+|\\s*,\\s*|\\s+(?:and|or)\\s+(?:on\\s+)?|\\s+(?:to|through)\\s+)${DAY})*)`;
const ORDINALS = ['', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];
const ORDINAL = `(\\d{1,2}(?:st|nd|rd|th)|${ORDINALS.slice(1).join('|')})(?:\\s+day)?`;
const EACH = '(?:every|each)';
// A word of time after these is a value or a column, not a schedule.
const FREE = '(?<![\\w-])(?<!\\b(?:is|equals?|contains?|not|by|columns?|per|for|named|called|rename|than)\\s)';
const END = '(?![\\w-])(?!\\s+(?:sub)?(?:folders?|directories|columns?))';
const TIME =
  "\\bat\\s+(?:about\\s+)?(noon|midnight|\\d{1,2}(?:[:.]\\d{2})?)\\s*(am|pm|a\\.m\\.|p\\.m\\.)?(?:\\s*o'?clock)?(?!\\s*(?:rows|percent|%|[\\d.]))(?:\\s+in\\s+the\\s+(morning|afternoon|evening))?(?![\\w-])";
const UNSUPPORTED = `${FREE}(quarterly|yearly|annually|fortnightly|biweekly|bi-weekly|(?:twice|three times|\\d+ times) (?:a|per) (?:day|week|month)|${EACH}\\s+(?:other\\s+\\w+|quarter|year|afternoon|second|${NUMBER}\\s+(?:seconds?|days?|weeks?|months?|years?))|(?:on\\s+)?the last \\w+ of (?:the|each|every) month)${END}`;

interface Part {
  minute?: string;
  hour?: string;
  day?: string;
  weekday?: string;
  /** The usual hour of such a schedule. */
  usual: number;
  words: string;
}

// "Where the day is not Monday" is about rows.
const WITHOUT =
  "(?:,\\s*)?(?:\\b(?:but|and|though)\\s+)?(?<![\\w-])(?<!\\b(?:is|are|was|were|do|does|where|rows?|columns?)\\s)(?:never|not|except|excluding|excepting|other\\s+than|apart\\s+from|skip(?:ping)?|unless\\s+it(?:'s|\\s+is))(?:\\s+(?:for|on|at|during|the|a|an|any))*\\s+";
const NO_ROWS = '(?![\\w-])(?!\\s+(?:rows?|values?|entries|records?|data|files?|folders?|columns?|orders?))';

/** Takes the words of time out of the sentence. Without any there is no schedule. */
export function readSchedule(text: Text): { schedule?: Schedule; missing: Missing[] } {
  const holidays = text.take(`${WITHOUT}(?:(?:public|bank|national)\\s+)?holidays?${NO_ROWS}`);
  const excluded = readExcluded(text);
  const read = readIncluded(text);
  const missing = [...read.missing, ...(holidays === undefined ? [] : [toMissing(holidays[0].replace(/^,/, ''))])];
  if (excluded === undefined) return { ...read, missing };
  const schedule = read.schedule === undefined ? undefined : without(read.schedule, excluded.days);
  return schedule === undefined ? { missing: [...missing, toMissing(excluded.words)] } : { schedule, missing };
}

/** "But never on weekends", "except Sundays". */
function readExcluded(text: Text): { readonly days: readonly number[]; readonly words: string } | undefined {
  const found = text.take(
    `${WITHOUT}(?:(weekends?)|(weekdays?|working days?|workdays?|business days?)|${DAY_LIST})${NO_ROWS}`,
  );
  if (found === undefined) return undefined;
  const days = found[1] !== undefined ? [0, 6] : found[2] !== undefined ? [1, 2, 3, 4, 5] : toDays(found[3] ?? '');
  return { days, words: found[0].replace(/^,/, '').trim() };
}

/** Undefined where cron cannot say it: a day of the month and a day of the week are "or" there, and no day may be left. */
function without({ cron, ...zone }: Schedule, days: readonly number[]): Schedule | undefined {
  const [minute, hour, day, , weekday = '*'] = cron.split(' ');
  const all = weekday === '*' ? [0, 1, 2, 3, 4, 5, 6] : expand(weekday);
  const left = all.filter((each) => !days.includes(each));
  if (day !== '*' || left.length === 0) return undefined;
  return { cron: `${minute} ${hour} * * ${toField(left)}`, ...zone };
}

function expand(field: string): number[] {
  return field.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    const isOver = last < first;
    return Array.from({ length: (isOver ? last + 7 : last) - first + 1 }, (_, index) => (first + index) % 7);
  });
}

/** Days as cron writes them, a run of three or more as a range. */
function toField(days: readonly number[]): string {
  const runs: number[][] = [];
  for (const day of [...new Set(days)].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run?.at(-1) === day - 1) run.push(day);
    else runs.push([day]);
  }
  return runs.map((run) => (run.length > 2 ? `${run[0]}-${run.at(-1)}` : run.join(','))).join(',');
}

/** The days of a list or a range of names. */
function toDays(list: string): number[] {
  const names = list.toLowerCase();
  const days = [...names.matchAll(new RegExp(DAYS.join('|'), 'g'))].map(([day]) => DAYS.indexOf(day));
  const [first = 0, last = 0] = days;
  return /\b(?:to|through)\b/.test(names) && days.length === 2 ? expand(`${first}-${last}`) : days;
}

function readIncluded(text: Text): { schedule?: Schedule; missing: Missing[] } {
  const unsupported = text.take(UNSUPPORTED);
  if (unsupported !== undefined) {
    text.take(TIME);
    return { missing: [toMissing(unsupported[0])] };
  }
  const parts = [readInterval, readDayOfMonth, readWeekdays, readPeriod].flatMap((read) => read(text) ?? []);
  if (parts.length === 0) return readLonelyTime(text);
  if (parts.some((part) => part.minute === '')) return { missing: [toMissing(parts[0]?.words ?? '')] };
  const time = readTime(text, parts);
  const zone = text.take(`(?:\\bin\\s+)?(?:the\\s+)?(${ZONE}|\\bUTC\\b|\\bGMT\\b)(?:\\s+time(?:\\s?zone)?)?`);
  const pick = (key: 'minute' | 'hour' | 'day' | 'weekday'): string | undefined =>
    parts.find((part) => part[key] !== undefined)?.[key];
  const isInterval = parts.some((part) => part.minute !== undefined);
  const cron = isInterval
    ? `${pick('minute') ?? '0'} ${pick('hour') ?? '*'} ${pick('day') ?? '*'} * ${pick('weekday') ?? '*'}`
    : `${time.minute} ${time.hour} ${pick('day') ?? '*'} * ${pick('day') === undefined ? (pick('weekday') ?? '*') : '*'}`;
  const name = zone?.[1] === undefined ? undefined : (text.mark(zone[1])?.value ?? 'UTC');
  return { schedule: { cron, ...(name === undefined ? {} : { timezone: name }) }, missing: [] };
}

function toMissing(words: string): Missing {
  const said = words.trim();
  return {
    what: `schedule \`${said}\``,
    hint: `This is not understood as a schedule. Give \`schedule\` as a five-field cron, such as \`0 9 * * 1\` (Mondays at 9).`,
  };
}

function readLonelyTime(text: Text): { missing: Missing[] } {
  const time = text.take(TIME);
  return { missing: time === undefined ? [] : [toMissing(time[0])] };
}

function readInterval(text: Text): Part | undefined {
  const minutes = text.take(`${FREE}${EACH}\\s+(?:(${NUMBER}|half)\\s+|half an\\s+)?(minutes?|hour(?=s?\\b))${END}`);
  if (minutes !== undefined && (/min/i.test(minutes[2] ?? '') || /half/i.test(minutes[0]))) {
    const count = /half/i.test(minutes[0]) ? 30 : toNumber(minutes[1] ?? '1');
    return { ...toEvery(count, 60, '*'), usual: 0, words: minutes[0] };
  }
  if (minutes !== undefined) return { minute: '0', hour: '*', usual: 0, words: minutes[0] };
  const hours = text.take(`${FREE}(?:${EACH}\\s+(${NUMBER})\\s+hours|hourly|once an hour)${END}`);
  if (hours === undefined) return undefined;
  const every = toEvery(toNumber(hours[1] ?? '1'), 24, '*');
  return every.minute === ''
    ? { minute: '', usual: 0, words: hours[0] }
    : { minute: '0', hour: every.minute, usual: 0, words: hours[0] };
}

/** `minute: ''` when the field cannot say it: cron starts anew with each hour and day. */
function toEvery(count: number, range: number, one: string): { minute: string } {
  if (count === 1) return { minute: one };
  return { minute: count > 1 && count < range && range % count === 0 ? `*/${count}` : '' };
}

function readDayOfMonth(text: Text): Part | undefined {
  const found =
    text.take(`(?:\\bon\\s+)?(?:\\bthe\\s+)?\\b${ORDINAL}\\s+of\\s+(?:each|every|the|a)\\s+month${END}`) ??
    text.take(`${FREE}(?:monthly|${EACH}\\s+month)\\s*,?\\s+on\\s+(?:the\\s+)?${ORDINAL}(?![\\w-])`);
  if (found === undefined) return undefined;
  const word = (found[1] ?? '').toLowerCase();
  const day = /^\d/.test(word) ? Number.parseInt(word, 10) : ORDINALS.indexOf(word);
  return { day: String(day), usual: 9, words: found[0], ...(day < 1 || day > 31 ? { minute: '' } : {}) };
}

function readWeekdays(text: Text): Part | undefined {
  const group = text.take(
    `${FREE}(?:(?:${EACH}|on|during)\\s+)(?:the\\s+)?(weekdays?|working days?|workdays?|business days?|weekends?)(?:\\s+(morning|evening|night)s?)?${END}`,
  );
  if (group !== undefined)
    return { weekday: /weekend/i.test(group[0]) ? '0,6' : '1-5', usual: toUsual(group[2]), words: group[0] };
  const days =
    text.take(`${FREE}(?:weekly\\s+)?(?:${EACH}|on)\\s+${DAY_LIST}(?:\\s+(morning|evening|night)s?)?${END}`) ??
    text.take(`${FREE}${DAY_LIST.replaceAll('s?', 's')}(?=\\s+at\\b)`);
  if (days === undefined) return undefined;
  return { weekday: toField(toDays(days[1] ?? '')), usual: toUsual(days[2]), words: days[0] };
}

function readPeriod(text: Text): Part | undefined {
  const found = text.take(
    `${FREE}(daily|weekly|monthly|nightly|${EACH}\\s+(?:single\\s+)?(?:day|week|month|night|morning|evening)|once\\s+(?:a|per)\\s+(?:day|week|month))${END}`,
  );
  const word = found?.[1]?.toLowerCase();
  if (found === undefined || word === undefined) return undefined;
  const words = found[0];
  if (word.includes('week')) return { weekday: '1', usual: 9, words };
  if (word.includes('month')) return { day: '1', usual: 9, words };
  return { usual: toUsual(word), words };
}

function toUsual(word: string | undefined): number {
  if (word === undefined) return 9;
  return /night/i.test(word) ? 2 : /evening/i.test(word) ? 18 : 9;
}

function readTime(text: Text, parts: readonly Part[]): { minute: number; hour: number } {
  const usual = parts.find((part) => part.usual !== 9)?.usual ?? 9;
  const found = text.take(`(?:\\baround\\s+)?${TIME}`);
  if (found === undefined)
    return { minute: 0, hour: text.take('\\bin the evening\\b') ? 18 : text.take('\\bin the morning\\b') ? 9 : usual };
  const word = (found[1] ?? '').toLowerCase();
  if (word === 'noon') return { minute: 0, hour: 12 };
  if (word === 'midnight') return { minute: 0, hour: 0 };
  const [hours = 9, minute = 0] = word.split(/[:.]/).map(Number);
  const half =
    found[2]?.toLowerCase() ?? (/evening|afternoon/i.test(found[3] ?? '') || usual === 18 ? 'pm' : undefined);
  const isLate = half?.startsWith('p') === true || (half === undefined && usual === 2 && hours >= 6);
  if (half?.startsWith('a') === true) return { minute, hour: hours % 12 };
  return { minute: minute % 60, hour: isLate && hours < 12 ? hours + 12 : hours % 24 };
}
