import type { Confidence, Span } from '../model.ts';
import { digitsOf, isCodiceFiscale, isDay, isLuhn, isMod1110, isVerhoeff, weigh } from './checks.ts';
import type { Topic } from './lexicon.ts';
import { PATTERNS } from './patterns.ts';
import { isNear, type Range, type Reading, type Zone } from './reading.ts';
import { after, matchesIn, spanOf } from './span.ts';

interface Id {
  readonly kind: string;
  readonly pattern: RegExp;
  /** Fewest digits of a zone that can hold one; of a token, all its characters. */
  readonly size: number;
  readonly isValid: (text: string) => boolean;
  readonly topic: Topic;
  /** What it is worth without such a word ahead. */
  readonly alone: Confidence | undefined;
}

function id(kind: Topic, pattern: RegExp, size: number, isValid: Id['isValid'], alone?: Confidence): Id {
  return { kind, pattern, size, isValid, topic: kind, alone };
}

const DNI_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';
const isAny = (): boolean => true;

function isMod11(digits: string, weights: readonly number[]): boolean {
  return /[1-9]/.test(digits) && weigh(digits, weights) % 11 === 0;
}

function isNhs(text: string): boolean {
  const digits = digitsOf(text);
  return new Set(digits).size > 1 && isMod11(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
}

function isDeTaxId(text: string): boolean {
  const digits = digitsOf(text);
  const counts = [...new Set(digits.slice(0, 10))].map((digit) => digits.slice(0, 10).split(digit).length - 1);
  return Math.max(...counts) >= 2 && Math.max(...counts) <= 3 && isMod1110(digits);
}

function isNir(text: string): boolean {
  const digits = digitsOf(text);
  const month = Number(digits.slice(3, 5));
  const isMonth = (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50;
  return isMonth && 97 - (Number(digits.slice(0, 13)) % 97) === Number(digits.slice(13));
}

function isDni(text: string): boolean {
  const compact = text.replaceAll('-', '').toUpperCase();
  const number = Number(compact.slice(0, -1).replace(/^[XYZ]/, (first) => String('XYZ'.indexOf(first))));
  return DNI_LETTERS.charAt(number % 23) === compact.at(-1);
}

function isPesel(text: string): boolean {
  const month = Number(text.slice(2, 4)) % 20;
  const isDated = isDay(2000 + Number(text.slice(0, 2)), month, Number(text.slice(4, 6)));
  return isDated && weigh(text, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;
}

function isCpf(text: string): boolean {
  const digits = digitsOf(text);
  const check = (count: number): number => {
    const weights = Array.from({ length: count }, (_, at) => count + 1 - at);
    return ((weigh(digits, weights) * 10) % 11) % 10;
  };
  return new Set(digits).size > 1 && check(9) === Number(digits[9]) && check(10) === Number(digits[10]);
}

function isCnId(text: string): boolean {
  const [year, month, day] = [text.slice(6, 10), text.slice(10, 12), text.slice(12, 14)].map(Number);
  const sum = weigh(text, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
  return isDay(year ?? 0, month ?? 0, day ?? 0) && '10X98765432'.charAt(sum % 11) === text.slice(-1).toUpperCase();
}

function isPersonnummer(text: string): boolean {
  const digits = digitsOf(text).slice(-10);
  const [month = 0, day = 0] = [digits.slice(2, 4), digits.slice(4, 6)].map(Number);
  return isDay(2000, month, day > 60 ? day - 60 : day) && isLuhn(digits);
}

function isBeNational(text: string): boolean {
  const digits = digitsOf(text);
  const check = Number(digits.slice(9));
  return [digits.slice(0, 9), `2${digits.slice(0, 9)}`].some((body) => 97 - (Number(body) % 97) === check);
}

function isNino(text: string): boolean {
  return !/^(?:BG|GB|NK|KN|TN|NT|ZZ)/i.test(text);
}

const ZONE_IDS: readonly Id[] = [
  id('us_ssn', PATTERNS.ssnDashed, 9, isAny, 'high'),
  id('us_ssn', PATTERNS.ssnSpaced, 9, isAny, 'low'),
  id('us_ssn', PATTERNS.ssnLoose, 9, isAny),
  id('us_ssn', PATTERNS.ssnSpelled, 9, isAny),
  id('us_itin', PATTERNS.itin, 9, isAny, 'low'),
  id('uk_nhs', PATTERNS.nhs, 10, isNhs),
  id('ca_sin', PATTERNS.sin, 9, (text) => isLuhn(digitsOf(text))),
  id('de_tax_id', PATTERNS.deTaxId, 11, isDeTaxId),
  id('fr_nir', PATTERNS.nir, 15, isNir, 'high'),
  id('nl_bsn', PATTERNS.bsn, 9, (text) => isMod11(digitsOf(text), [9, 8, 7, 6, 5, 4, 3, 2, -1])),
  id('pl_pesel', PATTERNS.pesel, 11, isPesel, 'low'),
  id('br_cpf', PATTERNS.cpfDotted, 11, isCpf, 'high'),
  id('br_cpf', PATTERNS.cpf, 11, isCpf),
  id('in_aadhaar', PATTERNS.aadhaar, 12, (text) => isVerhoeff(digitsOf(text)), 'low'),
  id('cn_id', PATTERNS.cnId, 17, isCnId, 'high'),
  id('se_personnummer', PATTERNS.personnummer, 10, isPersonnummer, 'low'),
  id('be_national', PATTERNS.beNational, 11, isBeNational, 'high'),
];
/** Zones with a letter beside them. */
const LETTERED_IDS: readonly Id[] = [
  id('uk_nino', PATTERNS.ninoSpaced, 6, isNino, 'high'),
  id('es_dni', PATTERNS.dni, 8, isDni, 'low'),
  id('es_dni', PATTERNS.nie, 7, isDni, 'low'),
];
const TOKEN_IDS: readonly Id[] = [
  id('uk_nino', PATTERNS.nino, 9, isNino, 'low'),
  id('it_codice_fiscale', PATTERNS.codiceFiscale, 16, (text) => isCodiceFiscale(text.toUpperCase()), 'high'),
  id('mx_curp', PATTERNS.curp, 18, isAny, 'high'),
];
const LETTER_BEHIND = /^[ -]?[A-Z](?![A-Za-z\d])/i;
const WORDS_AHEAD = 48;

function confidenceOf(reading: Reading, id: Id, range: Range): Confidence | undefined {
  return isNear(reading, [id.topic], range, WORDS_AHEAD, 12) ? 'high' : id.alone;
}

function toSpans(reading: Reading, id: Id, range: Range, text: string): Span[] {
  const confidence = confidenceOf(reading, id, range);
  if (confidence === undefined || !id.isValid(text)) return [];
  return [spanOf(range, 'national_id', id.kind, confidence)];
}

/** Ids without a pattern of their own, behind words that leave no doubt. */
function findNamed(reading: Reading): Span[] {
  return (reading.words.get('national') ?? []).flatMap((word) => {
    const range = after(reading, word, PATTERNS.idAfterWord);
    return range === undefined ? [] : [spanOf(range, 'national_id', 'national_id', 'high')];
  });
}

function findInZone(reading: Reading, zone: Zone, ids: readonly Id[]): Span[] {
  return ids.flatMap((each) => {
    if (zone.digits < each.size || (each.alone === undefined && !reading.words.has(each.topic))) return [];
    return matchesIn(reading, zone, each.pattern).flatMap((match) => toSpans(reading, each, match, match.text));
  });
}

export function findNationalIds(reading: Reading): Span[] {
  const { text, zones, tokens } = reading;
  const spans = findNamed(reading);
  for (const zone of zones) {
    if (zone.digits >= 9) spans.push(...findInZone(reading, zone, ZONE_IDS));
    if (zone.digits >= 6 && LETTER_BEHIND.test(text.slice(zone.end, zone.end + 3))) {
      spans.push(...findInZone(reading, zone, LETTERED_IDS));
    }
  }
  for (const token of tokens) {
    for (const each of TOKEN_IDS) {
      if (token.end - token.start !== each.size) continue;
      const code = text.slice(token.start, token.end);
      if (each.pattern.test(code)) spans.push(...toSpans(reading, each, token, code));
    }
  }
  return spans;
}

/** A passport's number behind the word, or its machine-readable line. */
export function findPassports(reading: Reading): Span[] {
  const named = (reading.words.get('passport') ?? []).flatMap((word) => {
    const range = after(reading, word, PATTERNS.passportNumber);
    return range === undefined ? [] : [spanOf(range, 'passport', 'passport', 'high')];
  });
  if (!reading.text.includes('<<')) return named;
  const lines = matchesIn(reading, { start: 0, end: reading.text.length }, PATTERNS.passportLine).filter(
    ({ text }) => text.includes('<<') && text.length >= 36,
  );
  return [...named, ...lines.map((line) => spanOf(line, 'passport', 'passport_mrz', 'high'))];
}
