import { createHash, createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

/** 256 random bits for a cookie or a link. */
export function makeToken(): string {
  return randomBytes(32).toString('base64url');
}

export function makeCode(): string {
  return String(randomInt(1_000_000)).padStart(6, '0');
}

/** Enough for what nobody can guess. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Salted by the row, so that no table of all codes fits two of them. */
export function hashCode(signInId: string, code: string): Buffer {
  return createHmac('sha256', signInId).update(code).digest();
}

/** Follows from the session's token, so that only its hash is stored. */
export function toCsrfToken(token: string): string {
  return createHmac('sha256', token).update('csrf').digest('base64url');
}

export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const SECRET_LENGTH = 43;
const KEY = /^agk_([A-Za-z0-9]{43})([0-9a-f]{6})$/;

/** `agk_`, 256 random bits as letters and digits, and a checksum by which a mistyped key is told without a look-up. */
export function makeKey(): string {
  const secret = Array.from({ length: SECRET_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return `agk_${secret}${checksum(secret)}`;
}

export function isKey(text: string): boolean {
  const [, secret = '', sum] = KEY.exec(text) ?? [];
  return sum !== undefined && sum === checksum(secret);
}

function checksum(secret: string): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, 6);
}
