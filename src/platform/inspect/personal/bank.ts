import type { Span } from '../model.ts';
import { digitsOf, isRoutingNumber, remainder97 } from './checks.ts';
import { PATTERNS } from './patterns.ts';
import { isNear, type Range, type Reading } from './reading.ts';
import { after, spanOf } from './span.ts';

/** Countries by the length of their IBAN. */
const COUNTRIES: Readonly<Record<number, string>> = {
  15: 'NO',
  16: 'BE',
  18: 'AX DK FI FO GL NL SD',
  19: 'MK SI',
  20: 'AT BA EE KZ LT LU MN XK',
  21: 'CH HR LI LV',
  22: 'BG BH CR DE GB GE IE ME RS VA',
  23: 'AE GI IL IQ OM SO TL',
  24: 'AD CZ ES MD PK RO SA SE SK TN VG',
  25: 'AO CV GW LY MZ PT ST',
  26: 'DZ IR IS TR',
  27: 'BI BL CF CG CM DJ FR GA GF GP GQ GR IT KM MC MF MG MQ MR NC PF PM RE SM TD TF WF YT',
  28: 'AL AZ BF BJ BY CI CY DO GT HN HU LB MA ML NE NI PL SN SV TG',
  29: 'BR EG PS QA UA',
  30: 'JO KW MU YE',
  31: 'MT SC',
  32: 'LC',
  33: 'RU',
};
const LENGTHS = new Map(
  Object.entries(COUNTRIES).flatMap(([length, countries]) =>
    countries.split(' ').map((each) => [each, Number(length)]),
  ),
);

export function isIban(compact: string): boolean {
  const iban = compact.toUpperCase();
  return LENGTHS.get(iban.slice(0, 2)) === iban.length && remainder97(iban.slice(4) + iban.slice(0, 4)) === 1;
}

/** The IBAN that starts here: its characters may be apart by one blank, dash or dot each. */
function ibanAt(text: string, start: number): Range | undefined {
  const length = LENGTHS.get(text.slice(start, start + 2).toUpperCase());
  if (length === undefined || !/\d/.test(text.charAt(start + 2)) || !/\d/.test(text.charAt(start + 3)))
    return undefined;
  let compact = '';
  let end = start;
  while (end < text.length && compact.length < length) {
    const char = text.charAt(end);
    if (/[A-Za-z\d]/.test(char)) compact += char;
    else if (!/[\s.-]/.test(char) || !/[A-Za-z\d]/.test(text.charAt(end - 1))) return undefined;
    end++;
  }
  return !/[A-Za-z\d]/.test(text.charAt(end)) && isIban(compact) ? { start, end } : undefined;
}

export function findBankAccounts(reading: Reading): Span[] {
  const spans: Span[] = [];
  for (const { start } of reading.tokens) {
    const range = ibanAt(reading.text, start);
    if (range !== undefined) spans.push(spanOf(range, 'bank_account', 'iban', 'high'));
  }
  for (const word of reading.words.get('routing') ?? []) {
    const range = after(reading, word, PATTERNS.routingNumber);
    if (range === undefined || !isRoutingNumber(reading.text.slice(range.start, range.end))) continue;
    spans.push(spanOf(range, 'bank_account', 'us_routing', 'high'));
  }
  for (const word of reading.words.get('account') ?? []) {
    const range = after(reading, word, PATTERNS.accountNumber);
    if (range === undefined || digitsOf(reading.text.slice(range.start, range.end)).length < 6) continue;
    const isBank = isNear(reading, ['bank', 'routing', 'sort_code'], range, 100, 60);
    spans.push(spanOf(range, 'bank_account', 'account_number', isBank ? 'high' : 'low'));
  }
  for (const word of reading.words.get('sort_code') ?? []) {
    const range = after(reading, word, PATTERNS.sortCode);
    if (range !== undefined) spans.push(spanOf(range, 'bank_account', 'uk_sort_code', 'high'));
  }
  return spans;
}
