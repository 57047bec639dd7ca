import type { Span } from '../model.ts';
import { PATTERNS } from './patterns.ts';
import { isNear, type Range, type Reading } from './reading.ts';
import { after, before, spanOf } from './span.ts';

const ADULT_AGE = 16;

export function findBirthDates(reading: Reading): Span[] {
  return (reading.words.get('birth') ?? []).flatMap((word) => {
    const range =
      after(reading, word, PATTERNS.birthDate) ??
      after(reading, word, PATTERNS.birthDayInWords) ??
      before(reading, word, PATTERNS.dateBefore, 16);
    if (range === undefined || PATTERNS.notBirth.test(reading.text.slice(word.end, Math.max(word.end, range.start))))
      return [];
    return [spanOf(range, 'birth_date', 'birth_date', 'high')];
  });
}

function isChildAge(reading: Reading, range: Range): boolean {
  return Number(reading.text.slice(range.start, range.end)) < ADULT_AGE;
}

/** An age below 16 with a word for a child near it; with another word for a person it only looks like one. */
export function findChildren(reading: Reading): Span[] {
  return (reading.words.get('aged') ?? []).flatMap((word) => {
    const isOld = reading.text.slice(word.start, word.end).toLowerCase() === 'old';
    const age = isOld ? before(reading, word, PATTERNS.yearsBefore, 16) : after(reading, word, PATTERNS.yearsAfter);
    if (age === undefined || !isChildAge(reading, age)) return [];
    const range = { start: Math.min(age.start, word.start), end: Math.max(age.end, word.end) };
    if (isNear(reading, ['child'], range, 24, 24)) return [spanOf(range, 'child', 'child_age', 'high')];
    return isNear(reading, ['person'], range, 40, 24) ? [spanOf(range, 'child', 'child_age', 'low')] : [];
  });
}
