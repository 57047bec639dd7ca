/** Check digits. Every function takes the bare digits (or letters and digits) and says whether they fit together. */

export function digitsOf(text: string): string {
  return text.replace(/\D+/g, '');
}

export function hasAnyDigit(text: string): boolean {
  return /\d/.test(text);
}

function digitAt(digits: string, at: number): number {
  return digits.charCodeAt(at) - 48;
}

export function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = digits.length - 1, isDoubled = false; at >= 0; at--, isDoubled = !isDoubled) {
    const digit = digitAt(digits, at) * (isDoubled ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}

/** The remainder of a long number; letters count as 10 to 35, as ISO 7064 has it. */
export function remainder97(text: string): number {
  let rest = 0;
  for (const each of text) {
    const value = parseInt(each, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}

/** Sum of digits times weights. */
export function weigh(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * digitAt(digits, at), 0);
}

/** ISO 7064 MOD 11,10: the German tax number. */
export function isMod1110(digits: string): boolean {
  let product = 10;
  for (let at = 0; at < digits.length - 1; at++) {
    const sum = (digitAt(digits, at) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10 === digitAt(digits, digits.length - 1);
}

const MULTIPLY = '0123456789123406789523401789563401289567401239567859876043216598710432765982104387659321049876543210';
const PERMUTE = '01234567891576283094580379614289160435279453126870428657390127938064157046913258';

/** Verhoeff: the Indian Aadhaar number. */
export function isVerhoeff(digits: string): boolean {
  let check = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = digitAt(digits, digits.length - 1 - at);
    check = digitAt(MULTIPLY, check * 10 + digitAt(PERMUTE, (at % 8) * 10 + digit));
  }
  return check === 0;
}

/** Whether there is such a day; a year of two digits is taken as any century. */
export function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1 || day > 31) return false;
  return new Date(Date.UTC(2000 + (year % 400), month - 1, day)).getUTCDate() === day;
}

const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/** The last letter of an Italian tax code. */
export function isCodiceFiscale(code: string): boolean {
  let sum = 0;
  for (let at = 0; at < 15; at++) {
    const char = code.charCodeAt(at);
    const value = char < 65 ? char - 48 : char - 65;
    sum += at % 2 === 0 ? (ODD[value] ?? 0) : value;
  }
  return code.charCodeAt(15) === 65 + (sum % 26);
}

export function isRoutingNumber(digits: string): boolean {
  const district = Number(digits.slice(0, 2));
  const isDistrict =
    district <= 12 || (district >= 21 && district <= 32) || (district >= 61 && district <= 72) || district === 80;
  return isDistrict && digits !== '000000000' && weigh(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0;
}
