import type { DataClass } from '../../../kernel/policy/data-classes.ts';
import type { Span } from '../model.ts';
import { findBankAccounts } from './bank.ts';
import { findCards } from './cards.ts';
import { findBirthDates, findChildren } from './dates.ts';
import { findEmails } from './email.ts';
import { findBiometric, findGenetic, findHealth, findSpecial } from './health.ts';
import { findNationalIds, findPassports } from './national-ids.ts';
import { findIpAddresses } from './network.ts';
import { findPhones } from './phone.ts';
import { findAddresses, findLocations } from './places.ts';
import { type Reading, readText } from './reading.ts';

const DETECTORS: readonly ((reading: Reading) => Span[])[] = [
  findEmails,
  findCards,
  findNationalIds,
  findPassports,
  findBankAccounts,
  findIpAddresses,
  findBirthDates,
  findChildren,
  findAddresses,
  findLocations,
  findHealth,
  findBiometric,
  findGenetic,
  findSpecial,
  findPhones,
];

/** Of two readings of one number the one further up counts. */
const ORDER: readonly DataClass[] = [
  'card_code',
  'payment_card',
  'bank_account',
  'passport',
  'national_id',
  'health',
  'birth_date',
  'ip_address',
  'location',
  'phone',
];

function rank(span: Span): number {
  const at = ORDER.indexOf(span.class);
  return (span.confidence === 'high' ? 0 : 100) + (at < 0 ? ORDER.length : at);
}

function overlaps(left: Span, right: Span): boolean {
  return left.start < right.end && right.start < left.end;
}

function covers(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Whether a better span says it already: one that covers it, or one that is certain where it is not. */
function isSaid(span: Span, better: Span): boolean {
  return covers(better, span) || (overlaps(better, span) && better.confidence === 'high' && span.confidence === 'low');
}

function byPlace(left: Span, right: Span): number {
  return left.start - right.start || right.end - left.end;
}

/** Drops what a better span covers. Runs in order of place, so only neighbours are compared. */
export function settle(spans: Span[]): Span[] {
  const kept: Span[] = [];
  for (const span of spans.sort(byPlace)) {
    let isKept = true;
    for (let at = kept.length - 1; at >= 0 && at >= kept.length - 8 && isKept; at--) {
      const other = kept[at];
      if (other === undefined || !overlaps(other, span)) continue;
      const [better, worse] = rank(other) <= rank(span) ? [other, span] : [span, other];
      if (!isSaid(worse, better)) continue;
      if (worse === span) isKept = false;
      else kept.splice(at, 1);
    }
    if (isKept) kept.push(span);
  }
  return kept;
}

/** Personal data in a text, by place; spans may overlap where both readings are certain. */
export function findPersonal(text: string): Span[] {
  const reading = readText(text);
  return settle(DETECTORS.flatMap((find) => find(reading)));
}
