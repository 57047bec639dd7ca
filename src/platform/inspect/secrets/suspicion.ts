import { entropyOf, isWordy } from './randomness.ts';

export const SUSPECTED = 'suspected';
export const MIN_SUSPECT = 24;
const MAX_SUSPECT = 200;
// Digests and public keys are random, and meant to be seen.
const PUBLIC_START = /^(?:sha\d{1,3}-|AAAA[BCE]3NzaC1|AAAAE2VjZHNh)/;
const PUBLIC_BEFORE = /base64,$|sha\d{1,3}[-:=]$|integrity["']?[:=] ?["']?$/;

/** Whether a run of letters, digits and `+/_-` is too random to be a word, a name, a path or text in base64. */
export function isSuspect(text: string, start: number, end: number): boolean {
  if (end - start > MAX_SUSPECT) return false;
  const value = text.slice(start, end);
  if (!/\d/.test(value) || !/[a-z]/.test(value) || !/[A-Z]/.test(value) || PUBLIC_START.test(value)) return false;
  if (countTurns(value) * 4 < value.length || entropyOf(value) < Math.min(4.1, Math.log2(value.length) * 0.85))
    return false;
  if (isWordy(value) || isPath(value) || isText(value)) return false;
  return !PUBLIC_BEFORE.test(text.slice(Math.max(0, start - 24), start));
}

/** How often it changes between small letters, capitals, digits and signs: names do so rarely. */
function countTurns(value: string): number {
  let turns = 0;
  let before = kindOf(value.charCodeAt(0));
  for (let i = 1; i < value.length; i += 1) {
    const kind = kindOf(value.charCodeAt(i));
    if (kind !== before) turns += 1;
    before = kind;
  }
  return turns;
}

function kindOf(code: number): number {
  if (code >= 97) return 0;
  if (code >= 65) return 1;
  return code >= 48 && code <= 57 ? 2 : 3;
}

function isPath(value: string): boolean {
  const parts = value.split(/[/_-]/).filter((part) => part.length > 0);
  return (
    parts.length > 2 && parts.every((part) => part.length < 16) && parts.filter((part) => isWordy(part)).length > 1
  );
}

function isText(value: string): boolean {
  const decoded = Buffer.from(value, 'base64').toString('latin1');
  return /^[\x20-\x7e\s]+$/.test(decoded);
}
