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
const DAY_LIST = `(${DAY}(?:(?:\\s*,\\s*and\\s+|\\s*,\\s*|\\s+and\\s+(?:on\\s+)?|\\s+(?:to|through)\\s+)${DAY})*)`;
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

/** Takes the words of time out of the sentence. Without any there is no schedule. */
export function readSchedule(text: Text): { schedule?: Schedule; missing: Missing[] } {
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
  const names = (days[1] ?? '').toLowerCase();
  const numbers = [...names.matchAll(new RegExp(DAYS.join('|'), 'g'))].map(([day]) => DAYS.indexOf(day));
  const isRange = /\b(?:to|through)\b/.test(names) && numbers.length === 2;
  const list = isRange
    ? `${numbers[0] ?? 0}-${numbers[1] ?? 6}`
    : [...new Set(numbers)].sort((a, b) => a - b).join(',');
  return { weekday: list, usual: toUsual(days[2]), words: days[0] };
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
