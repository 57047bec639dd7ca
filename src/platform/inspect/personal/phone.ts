import type { Confidence, Span } from '../model.ts';
import { isCallable } from './calling-codes.ts';
import { digitsOf } from './checks.ts';
import { PATTERNS } from './patterns.ts';
import { isNear, type Range, type Reading } from './reading.ts';
import { after, matchesIn, spanOf } from './span.ts';

function toSpan(range: Range, confidence: Confidence): Span {
  return spanOf(range, 'phone', 'phone', confidence);
}

/** Starts with `+`, `00` or a word such as `tel`. */
function findInternational(reading: Reading, zone: Range): Span[] {
  const found: Span[] = [];
  for (const match of matchesIn(reading, zone, PATTERNS.international)) {
    const isPlus = match.text.startsWith('+');
    if (!isPlus && !match.text.startsWith('00')) continue;
    const digits = digitsOf(match.text).slice(isPlus ? 0 : 2);
    if (!isCallable(digits.replace(/^(\d{2,3})0(?=\d{9})/, '$1')) && !isCallable(digits)) continue;
    const hasWords = isNear(reading, ['phone'], match, 40, 16);
    found.push(toSpan(match, isPlus || hasWords ? 'high' : 'low'));
  }
  return found;
}

function findNational(reading: Reading, zone: Range): Span[] {
  const found: Span[] = [];
  for (const match of matchesIn(reading, zone, PATTERNS.american)) {
    const hasWords = match.text.startsWith('(') || isNear(reading, ['phone'], match, 40, 16);
    found.push(toSpan(match, hasWords ? 'high' : 'low'));
  }
  for (const match of matchesIn(reading, zone, PATTERNS.national)) {
    const count = digitsOf(match.text).length;
    if (count < 9 || count > 12) continue;
    found.push(toSpan(match, isNear(reading, ['phone'], match, 40, 16) ? 'high' : 'low'));
  }
  return found;
}

export function findPhones(reading: Reading): Span[] {
  const spans: Span[] = [];
  for (const zone of reading.zones) {
    if (zone.digits < 7) continue;
    spans.push(...findInternational(reading, zone), ...findNational(reading, zone));
  }
  if (reading.zones.length === 0) return spans;
  for (const word of reading.words.get('phone') ?? []) {
    const range = after(reading, word, PATTERNS.afterPhoneWord);
    if (range !== undefined) spans.push(toSpan(range, 'high'));
  }
  return spans;
}
