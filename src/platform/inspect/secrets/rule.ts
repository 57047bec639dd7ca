import type { Confidence } from '../model.ts';

/** A place in a text that a pattern matched, before it is judged. */
export interface Candidate {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

/** One published shape of a key. */
export interface SecretRule {
  readonly id: string;
  /** Literal text without which there is no such key: the pattern runs only where one of them stands. */
  readonly anchors: readonly string[];
  /** Whether anchors are found in any letter case. */
  readonly anyCase: boolean;
  /** How many characters of the match stand before the anchor. */
  readonly back: readonly number[];
  /** Sticky, every repetition bounded. With two groups, the first leads in and the second is the value; otherwise all of it is. */
  readonly pattern: RegExp;
  /** What must not stand directly before the match: a letter or digit; any character of a token; or nothing in particular. */
  readonly border: 'alphanumeric' | 'token' | 'none';
  /** How sure a match is; undefined says that it is none. */
  readonly judge: (candidate: Candidate) => Confidence | undefined;
}

type Options = Partial<Omit<SecretRule, 'id' | 'anchors' | 'pattern'>>;

export function rule(id: string, anchors: string, pattern: RegExp, options: Options = {}): SecretRule {
  return {
    id,
    anchors: anchors.split(' '),
    anyCase: false,
    back: [0],
    pattern,
    border: 'alphanumeric',
    judge: isReal,
    ...options,
  };
}

/** Sure enough, unless it only shows where a key goes: `xxxx`, one character over and over. */
export function isReal({ value }: Candidate): Confidence | undefined {
  return isDummy(value) ? undefined : 'high';
}

export const weak = (candidate: Candidate): Confidence | undefined => (isReal(candidate) ? 'low' : undefined);

const REPEATED = /(.)\1{7}|[xX]{5}|\*{3}|\.{3}|\u2022{2}/;
const SHOWN = /(?:^|[-_.])(?:your|insert|replace|placeholder|redacted)(?:[-_.]|[A-Z])|here$/i;

export function isDummy(value: string): boolean {
  return REPEATED.test(value) || (SHOWN.test(value) && !/\d.*\d/.test(value));
}

/** Whether it is `user:password` in base64, as basic authentication has it. */
export function isUserAndPassword({ value }: Candidate): Confidence | undefined {
  const decoded = Buffer.from(value, 'base64').toString('latin1');
  return /^[\x20-\x7e]{1,200}:[\x20-\x7e]{1,300}$/.test(decoded) ? 'high' : undefined;
}
