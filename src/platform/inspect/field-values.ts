import { isIP } from 'node:net';
import type { DataClass } from '../../kernel/policy/data-classes.ts';
import type { Confidence } from './model.ts';
import { digitsOf, hasAnyDigit } from './personal/checks.ts';

/** Masked, absent or to be filled in. */
const EMPTY =
  /^(?:[-–.?x*•#\s]*|n\/?a|none|null|nil|undefined|unknown|todo|tbd|true|false|yes|no|[[<({$%].*[\]>)}%]|redacted|masked|hidden|example|string|text|varchar|integer|number|date|boolean)$/i;
const LETTERS = /\p{L}{2}/u;
const HASH = /^(?:sha\d{0,3}[-:])?(?:[\da-f]{16,}|(?:[\da-f]{2}:){7,}[\da-f]{2}|[\w+/]{43}=?)$/i;
const MACHINE = /:\/\/|^0x[\da-f]|^[\w.-]+:\d{2,5}$|^(?:localhost|\*)$/i;
/** A type, a call or an expression of a program. */
const CODE = /^[\w$]+(?:\.[\w$]+)+|^\w+[()[<\]]|=>|[{}<>]|\w\(|^(?:new|await|function|typeof|return) /;
const MAX_VALUE = 512;

function countDigits(value: string): number {
  return hasAnyDigit(value) ? digitsOf(value).length : 0;
}

function isBetween(count: number, least: number, most: number): boolean {
  return count >= least && count <= most;
}

function isCode(value: string, least: number, most: number): boolean {
  return value.length <= most * 2 && isBetween(countDigits(value), least, most) && !/\p{L}{4}/u.test(value);
}

const HOLDS: Readonly<Record<DataClass, (value: string) => boolean>> = {
  email: (value) => /@|\bat\b/i.test(value),
  phone: (value) =>
    value.length <= 32 && isBetween(countDigits(value), 7, 15) && !LETTERS.test(value.replace(/ext|tel|x/i, '')),
  name: (value) => value.length <= 80 && LETTERS.test(value) && !MACHINE.test(value),
  address: (value) =>
    LETTERS.test(value + (hasAnyDigit(value) ? 'aa' : '')) &&
    value.length >= 3 &&
    isIP(value) === 0 &&
    !MACHINE.test(value) &&
    !value.includes('@'),
  birth_date: (value) => isBetween(countDigits(value), 4, 17) && value.length <= 40,
  national_id: (value) => isCode(value, 5, 18) || (value.length <= 20 && countDigits(value) >= 5),
  passport: (value) => value.length <= 16 && countDigits(value) >= 4,
  payment_card: (value) => value.length <= 60 && isBetween(countDigits(value), 12, 19) && !LETTERS.test(value),
  card_code: (value) => /^\d{3,4}$/.test(value) || /^[%;B].*\d{12}/i.test(value),
  bank_account: (value) => value.length <= 48 && countDigits(value) >= 6 && !/\p{L}{7}/u.test(value),
  ip_address: (value) => value.split(',').some((each) => isIP(each.trim()) !== 0),
  health: (value) => LETTERS.test(value) || hasAnyDigit(value),
  biometric: (value) => value.length >= 8 && !HASH.test(value) && !/^[a-z-]{1,24}$/i.test(value),
  genetic: (value) => LETTERS.test(value),
  special_category: (value) => LETTERS.test(value),
  child: (value) => LETTERS.test(value) || (/^\d{1,2}$/.test(value) && Number(value) < 16),
  location: (value) => /\d\.\d|°/.test(value),
  credential: () => false,
};
/** What says nothing by its form: a label in prose does not make it certain. */
const FREE_TEXT: ReadonlySet<DataClass> = new Set([
  'health',
  'biometric',
  'genetic',
  'special_category',
  'child',
  'name',
  'address',
]);

/** How sure it is that this value, of a field with such a name, is what the name says; undefined when it is something else. */
export function valueConfidence(dataClass: DataClass, value: string, isStructured: boolean): Confidence | undefined {
  const text = value.trim();
  if (text === '' || text.length > MAX_VALUE || EMPTY.test(text) || !HOLDS[dataClass](text)) return undefined;
  if (isStructured || !FREE_TEXT.has(dataClass)) return 'high';
  const isBare = dataClass === 'address' && !(/\s/.test(text) && hasAnyDigit(text));
  return isBare || CODE.test(text) ? undefined : 'low';
}

/** Whether the value shows that the name means something else: a listening address, a key's fingerprint, a switch called `mobile`. */
export function isOtherThing(dataClass: DataClass, value: unknown): boolean {
  if (typeof value === 'boolean')
    return dataClass !== 'health' && dataClass !== 'special_category' && dataClass !== 'child';
  if (typeof value !== 'string' || value.length > MAX_VALUE) return false;
  if (dataClass === 'address') return isIP(value) !== 0 || MACHINE.test(value);
  return dataClass === 'biometric' && HASH.test(value);
}
