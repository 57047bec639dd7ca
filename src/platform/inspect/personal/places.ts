import type { Span } from '../model.ts';
import { PATTERNS } from './patterns.ts';
import { isNear, type Range, type Reading } from './reading.ts';
import { after, before, matchesIn, spanOf } from './span.ts';

const GERMAN_STREETS = ['straße', 'strasse', 'str. ', 'weg ', 'platz ', 'allee ', 'gasse ', 'damm ', 'ufer '];
/** Street words that are everyday words too: only with a place behind them or a word for address ahead. */
const EVERYDAY =
  /^(?:via|place|way|drive|court|close|row|square|circle|trail|highway|boulevard|avenue|plaza|st|pl|dr|ct|sq|cir)$/i;

/** What follows a street and makes it an address: unit, town, postcode. */
function placeAfter(reading: Reading, street: Range): Range | undefined {
  const match = PATTERNS.placeAfter.exec(reading.text.slice(street.end, street.end + 72));
  return match === null ? undefined : { start: street.end, end: street.end + match[0].length };
}

function toSpan(reading: Reading, street: Range, isEveryday: boolean): Span[] {
  const place = placeAfter(reading, street);
  const isNamed = isNear(reading, ['address'], street, 48);
  if (place === undefined && !isNamed && isEveryday) return [];
  const range = { start: street.start, end: place?.end ?? street.end };
  return [spanOf(range, 'address', 'street', place !== undefined || isNamed ? 'high' : 'low')];
}

function findStreetsAfterNumber(reading: Reading): Span[] {
  return (reading.words.get('street') ?? []).flatMap((word) => {
    const text = reading.text.slice(word.start, word.end);
    const isCapital = text.charAt(0) !== text.charAt(0).toLowerCase();
    const isNamed = isNear(reading, ['address'], word, 80);
    if (!isCapital && !isNamed) return [];
    const house = before(reading, word, isCapital ? PATTERNS.streetBefore : PATTERNS.streetBeforeLower);
    return house === undefined ? [] : toSpan(reading, { start: house.start, end: word.end }, EVERYDAY.test(text));
  });
}

function findStreetsBeforeNumber(reading: Reading): Span[] {
  return (reading.words.get('street_before') ?? []).flatMap((word) => {
    const name = after(reading, word, PATTERNS.streetAfter);
    if (name === undefined) return [];
    const isEveryday = EVERYDAY.test(reading.text.slice(word.start, word.end));
    const ahead = before(reading, word, PATTERNS.houseBefore, 12);
    if (ahead !== undefined) return toSpan(reading, { start: ahead.start, end: name.end }, isEveryday);
    const behind = after(reading, { start: word.start, end: name.end }, PATTERNS.houseAfter);
    return behind === undefined ? [] : toSpan(reading, { start: word.start, end: behind.end }, isEveryday);
  });
}

export function findAddresses(reading: Reading): Span[] {
  const { text } = reading;
  const spans = [...findStreetsAfterNumber(reading), ...findStreetsBeforeNumber(reading)];
  if (GERMAN_STREETS.some((each) => text.includes(each))) {
    const whole = { start: 0, end: text.length };
    for (const match of matchesIn(reading, whole, PATTERNS.streetGerman))
      spans.push(...toSpan(reading, match, !/^\p{Lu}.*str/u.test(match.text)));
  }
  for (const word of reading.words.get('po_box') ?? []) {
    const number = after(reading, word, PATTERNS.boxNumber);
    if (number !== undefined) spans.push(...toSpan(reading, { start: word.start, end: number.end }, false));
  }
  return spans;
}

function isOnEarth(text: string): boolean {
  const [latitude = NaN, longitude = NaN] = text.split(/[,; ]{1,2}/).map(Number);
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
}

/** Pairs of coordinates, and single ones behind `lat` or `lng`. */
export function findLocations(reading: Reading): Span[] {
  const { text } = reading;
  const spans: Span[] = [];
  for (const zone of reading.zones) {
    for (const match of matchesIn(reading, zone, PATTERNS.coordinates)) {
      if (!isOnEarth(match.text)) continue;
      spans.push(
        spanOf(match, 'location', 'coordinates', isNear(reading, ['location'], match, 48, 16) ? 'high' : 'low'),
      );
    }
  }
  for (const word of reading.words.get('location') ?? []) {
    if (!/^l(?:at|ng|on)/i.test(text.slice(word.start, word.end))) continue;
    const number = after(reading, word, PATTERNS.coordinate);
    if (number !== undefined) spans.push(spanOf(number, 'location', 'coordinate', 'high'));
  }
  if (text.includes('°')) {
    for (const match of matchesIn(reading, { start: 0, end: text.length }, PATTERNS.degrees))
      spans.push(spanOf(match, 'location', 'degrees', 'high'));
  }
  return spans;
}
