import type { Confidence } from '../model.ts';
import { isPlaceholder, isReference } from './placeholders.ts';
import { entropyOf, isWordy, looksRandom } from './randomness.ts';
import { isDummy } from './rule.ts';

const EVERYBODYS =
  /^(?:p[a@][s$]{2}w[o0]rd|passwd|pass|pwd|secret|admin|administrator|root|test|testing|tester|guest|user|username|demo|changeme|change[-_]?it|change[-_]?me|welcome|qwerty|letmein|foo|bar|foobar|postgres|mysql|mongo|redis|master|dev|developer|docker|rabbitmq|minio|minioadmin|sa|abc|abcdef|login|iloveyou|monkey|dragon|sunshine)(?:\d{0,6}|[!@#$_.-]{0,2})$/i;

/** How sure it is that a person or program logs in with this. Undefined: it stands for a password, or is none. */
export function gradePassword(value: string): Confidence | undefined {
  if (value.length < 4 || isDummy(value) || isReference(value) || isPlaceholder(value)) return undefined;
  if (/\s/.test(value)) return /\d/.test(value) && /[^\w\s.,:]/.test(value) && value.length <= 40 ? 'low' : undefined;
  if (EVERYBODYS.test(value) || /^\d+$/.test(value)) return 'low';
  const hasDigit = /\d/.test(value);
  if (!hasDigit && /^[A-Za-z]+(?:[-_.:/][A-Za-z]+)*$/.test(value)) {
    return value.length >= 12 && !isWordy(value) ? 'high' : 'low';
  }
  return value.length >= 6 && /[A-Za-z]/.test(value) ? 'high' : 'low';
}

// The words that a wallet is restored from.
const WORD_LIST = /^(?:[a-z]{3,8} ){11,23}[a-z]{3,8}$/;
// Shorter than a key of that vendor is, but meant as one.
const VENDOR_START = /^(?:[sr]k|gh[pousr]|xox[a-z]|glpat|hf|npm|agk)[-_][\w-]*\d|^(?:AKIA|AIza)/;

/** How sure it is that this is a key or token: those are made by machines, so words are none. */
export function gradeToken(value: string): Confidence | undefined {
  if (/\s/.test(value)) return (isSalt(value) && !isReference(value)) || WORD_LIST.test(value) ? 'high' : undefined;
  if (value.length < 8 || isDummy(value) || isReference(value)) return undefined;
  const isRandom = looksRandom(value);
  if (!isRandom && isPlaceholder(value)) return undefined;
  if (VENDOR_START.test(value)) return 'high';
  if (isRandom) return value.length >= 12 ? 'high' : 'low';
  return /\d/.test(value) && /[A-Za-z]{3}/.test(value) && !/^[\w.-]*[a-z]{3}[-_.]?v?\d{1,2}$/i.test(value)
    ? 'low'
    : undefined;
}

/** A shared secret may be either. */
export function gradeSecret(value: string): Confidence | undefined {
  const grade = gradeToken(value);
  if (grade !== undefined) return grade;
  return value.length >= 6 && gradePassword(value) !== undefined ? 'low' : undefined;
}

/** Some programs make keys of every sign on the keyboard, blanks too. */
function isSalt(value: string): boolean {
  if (/\b(?:function|return|switch|case|this|null|var|let|const|if|else)\b/.test(value)) return false;
  return value.length >= 32 && entropyOf(value) >= 4.5 && (value.match(/[^\w\s]/g)?.length ?? 0) * 7 >= value.length;
}
