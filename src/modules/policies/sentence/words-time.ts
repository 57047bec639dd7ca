import { allOf, anyOf, isOneOf } from './cel.ts';
import { phrase, toValueMeaning, type Entry } from './item.ts';
import type { Value } from './parts.ts';

/** A bare hour stands at the end, or before a word that goes on about something else: "after 3 failures" is no time. */
const BARE =
  '(?= ?(?:$|,|-|\\)|(?:and|or|to|until|till|through|on|in|at|every|during|without|except|unless|must|needs?|requires?|is|are|utc|hours)\\b))';
const CLOCK = `((?:[01]?\\d|2[0-4])(?:[:.][0-5]\\d|(?= ?[ap]\\.?m)|(?= ?(?:h|hrs|o'clock)\\b)|${BARE}))(?: ?(am|pm|a\\.m\\.|p\\.m\\.|h|hrs|o'clock))?|(noon|midday|midnight)`;
const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

interface Clock {
  readonly hour: number;
  readonly minute: number;
}

function toClock(time: string | undefined, half: string | undefined, word: string | undefined): Clock | undefined {
  if (word !== undefined) return { hour: word === 'midnight' ? 0 : 12, minute: 0 };
  if (time === undefined) return undefined;
  const [hours = '', minutes = '0'] = time.split(/[:.]/);
  const isAfternoon = half?.startsWith('p') === true;
  const isMorning = half?.startsWith('a') === true;
  const hour = (Number(hours) % (isAfternoon || isMorning ? 12 : 24)) + (isAfternoon ? 12 : 0);
  return { hour, minute: Number(minutes) };
}

function isFrom({ hour, minute }: Clock): string {
  return minute === 0
    ? `time.hour >= ${hour}`
    : `time.hour > ${hour} || time.hour == ${hour} && time.minute >= ${minute}`;
}

function isBefore({ hour, minute }: Clock): string {
  return minute === 0
    ? `time.hour < ${hour}`
    : `time.hour < ${hour} || time.hour == ${hour} && time.minute < ${minute}`;
}

function showClock({ hour, minute }: Clock): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

function isLater(a: Clock, b: Clock): boolean {
  return a.hour * 60 + a.minute > b.hour * 60 + b.minute;
}

function toSpan(from: Clock, to: Clock): Value {
  const join = isLater(from, to) ? anyOf : allOf;
  return {
    facet: 'time',
    text: `between ${showClock(from)} and ${showClock(to)}`,
    some: join(isFrom(from), isBefore(to)),
  };
}

function at(text: string, some: string): Value {
  return { facet: 'time', text, some };
}

function after(clock: Clock): Value {
  return at(`after ${showClock(clock)}`, isFrom(clock));
}

function before(clock: Clock): Value {
  return at(`before ${showClock(clock)}`, isBefore(clock));
}

function single(pattern: string, make: (clock: Clock) => Value): Entry {
  return {
    pattern: `(?:${pattern}) (?:${CLOCK})`,
    read: ([time, half, word]) => {
      const clock = toClock(time, half, word);
      return clock === undefined ? undefined : [toValueMeaning(make(clock))];
    },
  };
}

function readSpan(groups: readonly (string | undefined)[]): Value | undefined {
  const [time1, half1, word1, time2, half2, word2] = groups;
  const isEveningAfternoon = half1 === undefined && half2?.startsWith('p') === true && Number(time1) <= Number(time2);
  const from = toClock(time1, isEveningAfternoon ? half2 : half1, word1);
  const to = toClock(time2, half2, word2);
  if (from === undefined || to === undefined) return undefined;
  const isNineToFive =
    half1 === undefined && half2 === undefined && !isLater(to, from) && to.hour < 12 && !time2?.includes(':');
  return toSpan(from, isNineToFive && from.hour >= 6 && from.hour < 12 ? { ...to, hour: to.hour + 12 } : to);
}

function span(pattern: string): Entry {
  return {
    pattern,
    read: (groups) => {
      const value = readSpan(groups);
      return value === undefined ? undefined : [toValueMeaning(value)];
    },
  };
}

const ON = '(?:on |during |at |over |in )?(?:the |a |any |every |each )?';
const WORKING = '(?:business|working|work|office|opening|normal business|regular)';

function day(index: number): Entry {
  const name = DAYS[index] ?? 'monday';
  const text = `on ${name[0]?.toUpperCase() ?? ''}${name.slice(1)}s`;
  return phrase(`${ON}(?:${name}s?|${name.slice(0, 3)})`, at(text, `time.weekday == ${index + 1}`));
}

/** "Friday afternoon", "Monday mornings". */
const DAY_PARTS: Entry = {
  pattern: `${ON}(${DAYS.join('|')}) (afternoon|morning|evening|night)s?`,
  read: ([name, part]) => {
    const index = DAYS.indexOf((name ?? '').toLowerCase() as (typeof DAYS)[number]);
    const [from, to] = PARTS[(part ?? '').toLowerCase() as keyof typeof PARTS] ?? [];
    if (index < 0 || from === undefined || to === undefined) return undefined;
    const text = `on ${(name ?? '').toLowerCase()} ${(part ?? '').toLowerCase()}s`;
    const join = from > to ? anyOf : allOf;
    return [
      toValueMeaning(
        at(text, allOf(`time.weekday == ${index + 1}`, join(`time.hour >= ${from}`, `time.hour < ${to}`))),
      ),
    ];
  },
};
const PARTS = { morning: [6, 12], afternoon: [12, 18], evening: [18, 22], night: [22, 6] } as const;

/** "From Monday to Friday". */
const DAY_RANGE: Entry = {
  pattern: `(?:from |between |on )?(${DAYS.join('|')})s? (?:to|through|until|till|and|-) (${DAYS.join('|')})s?`,
  read: ([from = '', to = '']) => {
    const [first, last] = [from, to].map((name) => DAYS.indexOf(name.toLowerCase() as (typeof DAYS)[number]) + 1);
    if (first === undefined || last === undefined || first < 1 || last < 1) return undefined;
    const join = first > last ? anyOf : allOf;
    const text = `from ${from.toLowerCase()} to ${to.toLowerCase()}`;
    return [toValueMeaning(at(text, join(`time.weekday >= ${first}`, `time.weekday <= ${last}`)))];
  },
};

export const TIME_WORDS: readonly Entry[] = [
  span(
    `(?:(?:from|between|during|at|in the hours (?:of|from|between)) )?(?:${CLOCK}) ?(?:-|to|and|until|till|through|–) ?(?:${CLOCK})`,
  ),
  single('after|from|past|later than|since|as of', after),
  single('(?:from )?(?:after )', after),
  single('before|until|till|earlier than|prior to', before),
  phrase(
    `${ON}${WORKING} (?:hours|days and hours|time)`,
    at('during business hours', 'time.weekday <= 5 && time.hour >= 9 && time.hour < 17'),
  ),
  phrase(
    `(?:outside(?: of)? (?:the |our |normal |regular )?${WORKING} (?:hours|time)|after[- ]hours|out of hours|off[- ]hours|outside hours|(?:during |in )?non-(?:business|working) hours)`,
    at('outside business hours', '!(time.weekday <= 5 && time.hour >= 9 && time.hour < 17)'),
  ),
  phrase(`${ON}(?:weekends?|saturdays? (?:and|or|&) sundays?)`, at('on weekends', 'time.weekend')),
  phrase(`${ON}(?:weekdays?|work(?:ing)?[- ]?days|business days)`, at('on weekdays', '!time.weekend')),
  phrase(
    `(?:at night|overnight|during the night|nights?|by night|night-?time|at night-?time|in the night|nightly)`,
    at('at night', 'time.hour >= 22 || time.hour < 6'),
  ),
  phrase(`${ON}mornings?`, at('in the morning', 'time.hour >= 6 && time.hour < 12')),
  phrase(`${ON}afternoons?`, at('in the afternoon', 'time.hour >= 12 && time.hour < 18')),
  phrase(`${ON}evenings?`, at('in the evening', 'time.hour >= 18 && time.hour < 22')),
  DAY_PARTS,
  DAY_RANGE,
  ...DAYS.map((_, index) => day(index)),
];

export { isOneOf };
