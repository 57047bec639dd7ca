import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { composeIBAN, getCountrySpecifications, isValidIBAN } from 'ibantools';
import {
  type CountryCode,
  type Examples,
  getCountries,
  getExampleNumber,
  parsePhoneNumber,
} from 'libphonenumber-js/max';
import { isIban } from './bank.ts';
import { isCallable } from './calling-codes.ts';
import { brandOf } from './cards.ts';
import { isLuhn } from './checks.ts';
import { findPersonal } from './find-personal.ts';

const examples = createRequire(import.meta.url)('libphonenumber-js/mobile/examples') as Examples;
const numbers = getCountries()
  .map((country: CountryCode) => getExampleNumber(country, examples))
  .filter((each) => each !== undefined);

describe('phone numbers, against libphonenumber', () => {
  it('are found for every country, bare and as people write them', () => {
    const missed = numbers.flatMap((each) =>
      [each.number, each.formatInternational()].filter((text) => findPersonal(`Mobile ${text}.`)[0]?.class !== 'phone'),
    );
    expect(numbers.length).toBeGreaterThan(230);
    expect(missed).toEqual([]);
  });

  it('are callable when it says that they are valid', () => {
    const digits = fc.stringMatching(/^[1-9]\d{6,14}$/);
    const validNumber = (text: string): string | undefined => {
      try {
        const parsed = parsePhoneNumber(`+${text}`);
        // Fewer digits are services, not people.
        const isLong = parsed.nationalNumber.length > (parsed.countryCallingCode === '1' ? 9 : 4);
        return parsed.isValid() && isLong ? parsed.number.slice(1) : undefined;
      } catch {
        return undefined;
      }
    };
    const isAgreed = (text: string): boolean => {
      const number = validNumber(text);
      // No exchange of the North American plan starts with 0 or 1, though its tables let some through.
      return number === undefined || /^1\d{3}[01]/.test(number) || isCallable(number);
    };
    fc.assert(fc.property(digits, isAgreed), { numRuns: 5_000 });
  });
});

describe('IBANs, against ibantools', () => {
  const countries = Object.entries(getCountrySpecifications()).filter(([, { IBANRegistry }]) => IBANRegistry);

  it('are taken in every country of the registry with the length that it has', () => {
    const wrong = countries.filter(([country, { chars }]) => {
      const iban = composeIBAN({ countryCode: country, bban: '1'.repeat((chars ?? 4) - 4) });
      // Where the country wants letters, the same digits still have the right length and check digits.
      const plain = iban ?? withCheck(country, '1'.repeat((chars ?? 4) - 4));
      return !isIban(plain);
    });
    expect(countries.length).toBeGreaterThan(75);
    expect(wrong.map(([country]) => country)).toEqual([]);
  });

  it('that it takes are taken here', () => {
    const body = fc.stringMatching(/^\d{18}$/);
    fc.assert(fc.property(body, (bban) => !isValidIBAN(withCheck('DE', bban)) || isIban(withCheck('DE', bban))));
  });

  it('with one digit changed are refused', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^\d{18}$/),
        fc.integer({ min: 4, max: 21 }),
        fc.integer({ min: 1, max: 9 }),
        (bban, at, by) => {
          const iban = withCheck('DE', bban);
          const changed = iban.slice(0, at) + String((Number(iban[at]) + by) % 10) + iban.slice(at + 1);
          return isIban(iban) && !isIban(changed);
        },
      ),
    );
  });
});

/** An IBAN with the check digits that its account number asks for. */
function withCheck(country: string, bban: string): string {
  const digits = [...`${bban}${country}00`].map((each) => String(parseInt(each, 36))).join('');
  return `${country}${String(98n - (BigInt(digits) % 97n)).padStart(2, '0')}${bban}`;
}

describe('cards', () => {
  const withLuhn = (body: string): string => [...'0123456789'].map((last) => body + last).find(isLuhn) ?? '';

  it.each([
    ['visa', '4', 16],
    ['mastercard', '52', 16],
    ['mastercard', '2221', 16],
    ['mastercard', '2720', 16],
    ['amex', '37', 15],
    ['discover', '6011', 16],
    ['diners', '36', 14],
    ['jcb', '3530', 16],
    ['unionpay', '62', 19],
    ['mir', '2202', 16],
    ['maestro', '6759', 12],
  ])('of %s with prefix %s and %i digits are known, and not with another last digit', (kind, prefix, length) => {
    const body = fc.stringMatching(new RegExp(`^\\d{${length - prefix.length - 1}}$`));
    fc.assert(
      fc.property(body, fc.integer({ min: 1, max: 9 }), (rest, by) => {
        const card = withLuhn(prefix + rest);
        const other = card.slice(0, -1) + String((Number(card.at(-1)) + by) % 10);
        return brandOf(card) === kind && brandOf(other) === undefined;
      }),
      { numRuns: 50 },
    );
  });
});
