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
/** How cards are printed and typed; every digit or every second one apart is how they are hidden. */
const GROUPINGS = /^(?:4,4,4,4(?:,3)?|4,6,5|4,6,4|8,8|6,13|(?:1,){11,18}1|(?:2,){6,8}[12])$/;

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

function runsOf(text: string, zone: Zone): Range[] {
  const runs: Range[] = [];
  for (let at = zone.start; at < zone.end; at++) {
    const start = at;
    while (at < zone.end && text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at++;
    if (at > start) runs.push({ start, end: at });
  }
  return runs;
}

/** What stands between two runs, blanks of any kind counting as one and the same. */
function gapBetween(text: string, left: Range | undefined, right: Range | undefined): string {
  return left && right ? text.slice(left.end, right.start).replace(/\s+/g, ' ') : '';
}

/** A fraction, a phone number or the middle of a word. */
function isPartOfOther(text: string, { start, end }: Range, count: number): boolean {
  const ahead = text.charAt(start - 1);
  if (ahead === '.' && /\d/.test(text.charAt(start - 2))) return true;
  if (ahead === '+' && count <= 15) return true;
  return /[A-Za-z]/.test(ahead) && /[A-Za-z]/.test(text.charAt(end));
}

/** Runs `from` to `to`, when they are all of one chain: nothing of the same kind goes on at either side. */
function isWhole(text: string, runs: readonly Range[], from: number, to: number, gap: string): boolean {
  return gapBetween(text, runs[from - 1], runs[from]) !== gap && gapBetween(text, runs[to], runs[to + 1]) !== gap;
}

/** Whether these runs stand in a longer list of numbers of four digits, where a card is chance. */
function isInList(text: string, runs: readonly Range[], from: number, to: number, gap: string): boolean {
  const isFour = (index: number, left: number): boolean => {
    const run = runs[index];
    return run !== undefined && run.end - run.start === 4 && gapBetween(text, runs[left], runs[left + 1]) === gap;
  };
  return (
    Number(isFour(from - 1, from - 1)) +
      Number(isFour(from - 2, from - 2)) +
      Number(isFour(to + 1, to)) +
      Number(isFour(to + 2, to + 1)) >
    1
  );
}

function confidenceOf(
  reading: Reading,
  range: Range,
  kind: string,
  count: number,
  isPlain: boolean,
): Confidence | undefined {
  if (isNear(reading, ['card', 'card_code'], range, 60, 40)) return 'high';
  return isPlain && count !== 13 && kind !== 'maestro' ? 'high' : 'low';
}

function cardFrom(reading: Reading, runs: readonly Range[], from: number): { span: Span; to: number } | undefined {
  const { text } = reading;
  const first = runs[from];
  if (first === undefined) return undefined;
  const gap = gapBetween(text, first, runs[from + 1]);
  let digits = '';
  let best: { span: Span; to: number } | undefined;
  for (let to = from; to < runs.length; to++) {
    const run = runs[to];
    if (run === undefined || (to > from && gapBetween(text, runs[to - 1], run) !== gap)) break;
    digits += text.slice(run.start, run.end);
    if (digits.length > MAX_DIGITS) break;
    const kind = digits.length >= MIN_DIGITS ? brandOf(digits) : undefined;
    const range = { start: first.start, end: run.end };
    if (kind === undefined || isPartOfOther(text, range, digits.length)) continue;
    const sizes = runs.slice(from, to + 1).map(({ start, end }) => end - start);
    const isGrouped = from === to || GROUPINGS.test(sizes.join(','));
    const isFours = isGrouped && sizes[0] !== 1 && sizes[0] !== 2;
    if (from !== to && !isFours && !isWhole(text, runs, from, to, gap)) continue;
    const isPlain = isGrouped && (from === to || !isInList(text, runs, from, to, gap));
    const confidence = confidenceOf(reading, range, kind, digits.length, isPlain);
    if (confidence !== undefined) best = { span: spanOf(range, 'payment_card', kind, confidence), to };
  }
  return best;
}

function findNumbers(reading: Reading): Span[] {
  const spans: Span[] = [];
  for (const zone of reading.zones) {
    if (zone.digits < MIN_DIGITS) continue;
    const runs = runsOf(reading.text, zone);
    for (let from = 0; from < runs.length; from++) {
      const found = cardFrom(reading, runs, from);
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
