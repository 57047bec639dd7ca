import type { Confidence, Span } from '../model.ts';
import { digitsOf, isLuhn } from './checks.ts';
import { PATTERNS } from './patterns.ts';
import { isNear, type Range, type Reading, type Zone } from './reading.ts';
import { after, before, spanOf } from './span.ts';

/** First digits (from-to, of equal length) and lengths of a brand's numbers. */
const BRANDS = [
  brand('visa', '4-4', '13,16,19'),
  brand('mastercard', '51-55,2221-2720', '16'),
  brand('amex', '34-34,37-37', '15'),
  brand('discover', '6011-6011,644-649,65-65', '16,19'),
  brand('diners', '300-305,36-36,38-39', '14,16'),
  brand('jcb', '3528-3589', '16,19'),
  brand('unionpay', '62-62', '16,17,18,19'),
  brand('mir', '2200-2204', '16'),
  brand('maestro', '5018-5018,5020-5020,5038-5038,5893-5893,6304-6304,6759-6763', '12,13,14,15,16,17,18,19'),
];
const MIN_DIGITS = 12;
const MAX_DIGITS = 19;
const FIRST_DIGITS = new Set('23456');
/** How cards are printed and typed. */
const PRINTED = /^(?:4,4,4,4(?:,3)?|4,6,5|4,6,4|8,8|6,13)$/;
/** Every digit apart, or every second one. */
const HIDDEN = /^(?:(?:1,){11,18}1|(?:2,){6,8}[12])$/;

function brand(kind: string, prefixes: string, lengths: string) {
  const ranges = prefixes.split(',').map((each) => each.split('-'));
  return { kind, prefixes: ranges, lengths: new Set(lengths.split(',').map(Number)) };
}

export function brandOf(digits: string): string | undefined {
  const brand = BRANDS.find(
    ({ prefixes, lengths }) =>
      lengths.has(digits.length) &&
      prefixes.some(
        ([first = '', last = '']) => digits.slice(0, first.length) >= first && digits.slice(0, last.length) <= last,
      ),
  );
  return brand !== undefined && isLuhn(digits) ? brand.kind : undefined;
}

/** The runs of digits of a zone, and what stands behind each up to the next, blanks of any kind counting as one and the same. */
interface Chain {
  readonly runs: readonly Range[];
  readonly gaps: readonly string[];
}

function chainOf(text: string, zone: Zone): Chain {
  const runs: Range[] = [];
  const gaps: string[] = [];
  for (let at = zone.start; at < zone.end; at++) {
    const start = at;
    while (at < zone.end && text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at++;
    if (at === start) continue;
    const last = runs.at(-1);
    if (last !== undefined) gaps.push(text.slice(last.end, start).replace(/\s+/g, ' '));
    runs.push({ start, end: at });
  }
  return { runs, gaps };
}

/** A fraction, a phone number or the middle of a word. */
function isPartOfOther(text: string, { start, end }: Range, count: number): boolean {
  const ahead = text.charAt(start - 1);
  if (ahead === '.' && /\d/.test(text.charAt(start - 2))) return true;
  if (ahead === '+' && count <= 15) return true;
  return /[A-Za-z]/.test(ahead) && /[A-Za-z]/.test(text.charAt(end));
}

/** Whether runs `from` to `to` are apart by one sign, and nothing goes on with it at either side. */
function isWhole({ gaps }: Chain, from: number, to: number): boolean {
  const gap = gaps[from];
  for (let at = from; at < to; at++) if (gaps[at] !== gap) return false;
  return gaps[from - 1] !== gap && gaps[to] !== gap;
}

/** How many numbers of four digits stand around these runs in a list, up to four at either side. */
function countAround({ runs, gaps }: Chain, from: number, to: number): number {
  const isFour = (index: number): boolean => (runs[index]?.end ?? 0) - (runs[index]?.start ?? 0) === 4;
  let first = from;
  while (from - first < 4 && isFour(first - 1) && gaps[first - 1] === gaps[from]) first--;
  let last = to;
  while (last - to < 4 && isFour(last + 1) && gaps[last] === gaps[from]) last++;
  return from - first + last - to;
}

/** In a long list of numbers of four digits a card is chance. */
function confidenceOf(reading: Reading, range: Range, around: number, isPlain: boolean): Confidence | undefined {
  if (isNear(reading, ['card', 'card_code'], range, 60, 40)) return 'high';
  if (around >= 4) return undefined;
  return isPlain && around < 2 ? 'high' : 'low';
}

/** The card that runs `from` to `to` are, with how sure it is. */
function cardOf(reading: Reading, chain: Chain, from: number, to: number, digits: string): Span | undefined {
  const kind = brandOf(digits);
  const range = { start: chain.runs[from]?.start ?? 0, end: chain.runs[to]?.end ?? 0 };
  if (kind === undefined || isPartOfOther(reading.text, range, digits.length)) return undefined;
  const sizes = chain.runs.slice(from, to + 1).map(({ start, end }) => end - start);
  const isPrinted = from === to || PRINTED.test(sizes.join(','));
  if (!isPrinted && !isWhole(chain, from, to)) return undefined;
  const around = from === to ? 0 : countAround(chain, from, to);
  const isPlain = (isPrinted || HIDDEN.test(sizes.join(','))) && digits.length !== 13 && kind !== 'maestro';
  const confidence = confidenceOf(reading, range, around, isPlain);
  return confidence && spanOf(range, 'payment_card', kind, confidence);
}

/** The longest card that starts with this run. */
function cardFrom(reading: Reading, chain: Chain, from: number): { span: Span; to: number } | undefined {
  const { text } = reading;
  let digits = '';
  let best: { span: Span; to: number } | undefined;
  for (let to = from; to < chain.runs.length; to++) {
    const run = chain.runs[to];
    if (run === undefined || digits.length + run.end - run.start > MAX_DIGITS) break;
    digits += text.slice(run.start, run.end);
    const span = digits.length < MIN_DIGITS ? undefined : cardOf(reading, chain, from, to, digits);
    if (span !== undefined) best = { span, to };
  }
  return best;
}

function findNumbers(reading: Reading): Span[] {
  const { text, zones } = reading;
  const spans: Span[] = [];
  for (const zone of zones) {
    if (zone.digits < MIN_DIGITS) continue;
    const chain = chainOf(text, zone);
    for (let from = 0; from < chain.runs.length; from++) {
      if (!FIRST_DIGITS.has(text.charAt(chain.runs[from]?.start ?? 0))) continue;
      const found = cardFrom(reading, chain, from);
      if (found === undefined) continue;
      spans.push(found.span);
      from = found.to;
    }
  }
  return spans;
}

/** The magnetic stripe: `%B<card>^NAME^...?` and `;<card>=...?`. */
function findTracks(reading: Reading, cards: readonly Span[]): Span[] {
  const { text } = reading;
  return cards.flatMap((card) => {
    const isFirst = text.slice(card.start - 2, card.start).toUpperCase() === '%B' && text.charAt(card.end) === '^';
    const isSecond = text.charAt(card.start - 1) === ';' && text.charAt(card.end) === '=';
    if (!isFirst && !isSecond) return [];
    const close = text.slice(card.end, card.end + 120).indexOf('?');
    const end = close < 0 ? Math.min(text.length, card.end + 40) : card.end + close + 1;
    return [spanOf({ start: card.start - (isFirst ? 2 : 1), end }, 'card_code', 'track_data', 'high')];
  });
}

function findCodes(reading: Reading): Span[] {
  const { text } = reading;
  return (reading.words.get('card_code') ?? []).flatMap((word) => {
    const range = after(reading, word, PATTERNS.cardCodeAfter) ?? before(reading, word, PATTERNS.cardCodeBefore, 10);
    if (range === undefined) return [];
    // A security code is as often one that was sent to a phone.
    const isCertain =
      /^c[avs]/i.test(text.slice(word.start, word.end).replace(/^csc/i, '')) ||
      isNear(reading, ['card'], range, 120, 60);
    return [spanOf(range, 'card_code', 'card_code', isCertain ? 'high' : 'low')];
  });
}

export function findCards(reading: Reading): Span[] {
  const cards = findNumbers(reading);
  return [...cards, ...findTracks(reading, cards), ...findCodes(reading)];
}

/** Whether the digits of a value could be a card, whatever its check digit says: for values whose name says card. */
export function hasCardLength(text: string): boolean {
  const count = digitsOf(text).length;
  return count >= MIN_DIGITS && count <= MAX_DIGITS;
}
