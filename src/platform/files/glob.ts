import { AppError } from '../errors/index.ts';

/**
 * Glob patterns over relative paths with `/`: `*`, `?`, `[a-z]`, `[!a]`, `{a,b}`, `**` as a whole segment, `\` to escape.
 * Matching takes time in proportion to pattern times path whatever both are: patterns come from agents, names from anywhere,
 * and translated to regular expressions five stars already take half a minute on one name.
 */
export interface Glob {
  /** A wildcard at the start of a name does not match a dot there. */
  matches(path: string): boolean;
}

type Token = string | typeof ANY | typeof STAR | CharSet;
type Segment = readonly Token[] | typeof GLOBSTAR;

interface CharSet {
  readonly isNegated: boolean;
  readonly ranges: readonly (readonly [string, string])[];
}

const ANY = Symbol('?');
const STAR = Symbol('*');
const GLOBSTAR = Symbol('**');
const MAX_ALTERNATIVES = 256;
const SPECIAL = /[*?[{\\]/;

export function isGlob(text: string): boolean {
  return SPECIAL.test(text);
}

export function compileGlob(pattern: string, options: { ignoreCase: boolean }): Glob {
  const fold = (text: string) => (options.ignoreCase ? text.normalize('NFC').toLowerCase() : text.normalize('NFC'));
  const alternatives = expandBraces(fold(pattern)).map((one) => one.split('/').map(parseSegment));
  return {
    matches(path) {
      const names = fold(path)
        .split('/')
        .map((name) => [...name]);
      return alternatives.some((segments) => matchAll(segments, names, matchSegment, isGlobstar, isHidden));
    },
  };
}

function isGlobstar(segment: Segment): boolean {
  return segment === GLOBSTAR;
}

function isHidden(name: readonly string[]): boolean {
  return name[0] === '.';
}

function matchSegment(segment: Segment, name: readonly string[]): boolean {
  if (segment === GLOBSTAR) return true;
  if (isHidden(name) && segment[0] !== '.') return false;
  return matchAll(segment, name, matchToken, (token) => token === STAR);
}

function matchToken(token: Token, char: string): boolean {
  if (typeof token === 'string') return token === char;
  if (typeof token === 'symbol') return true;
  return token.ranges.some(([from, to]) => from <= char && char <= to) !== token.isNegated;
}

/** The usual two-pointer match: on a mismatch only the last star takes one more, which is enough. */
function matchAll<P, T>(
  pattern: readonly P[],
  text: readonly T[],
  matchesOne: (part: P, item: T) => boolean,
  isStar: (part: P) => boolean,
  stopsStar: (item: T) => boolean = () => false,
): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let starAt = 0;
  while (t < text.length) {
    const part = pattern[p];
    const item = text[t] as T;
    if (part !== undefined && isStar(part)) {
      star = p++;
      starAt = t;
    } else if (part !== undefined && matchesOne(part, item)) {
      p++;
      t++;
    } else if (star >= 0 && !stopsStar(text[starAt] as T)) {
      p = star + 1;
      t = ++starAt;
    } else {
      return false;
    }
  }
  return pattern.slice(p).every(isStar);
}

function parseSegment(text: string): Segment {
  if (text === '**') return GLOBSTAR;
  const chars = [...text];
  const tokens: Token[] = [];
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i] ?? '';
    if (char === '\\') tokens.push(chars[++i] ?? '\\');
    else if (char === '*') tokens.push(STAR);
    else if (char === '?') tokens.push(ANY);
    else if (char === '[') i = parseSet(chars, i, tokens);
    else tokens.push(char);
  }
  return tokens;
}

/** Pushes the set that begins at `start`, or a plain `[` when it is never closed; gives the index of its last character. */
function parseSet(chars: readonly string[], start: number, tokens: Token[]): number {
  const isNegated = chars[start + 1] === '!' || chars[start + 1] === '^';
  const first = start + (isNegated ? 2 : 1);
  // A bracket in the first place stands for itself.
  const end = chars.indexOf(']', first + 1);
  if (end < 0) {
    tokens.push('[');
    return start;
  }
  const ranges: [string, string][] = [];
  for (let i = first; i < end; i++) {
    const from = chars[i] ?? '';
    if (chars[i + 1] === '-' && i + 2 < end) {
      ranges.push([from, chars[i + 2] ?? '']);
      i += 2;
    } else {
      ranges.push([from, from]);
    }
  }
  tokens.push({ isNegated, ranges });
  return end;
}

function expandBraces(pattern: string): string[] {
  const done: string[] = [];
  const open = [pattern];
  while (open.length > 0) {
    const text = open.pop() ?? '';
    const parts = splitBraces(text);
    if (parts === undefined) done.push(text);
    else open.push(...parts.alternatives.map((one) => parts.before + one + parts.after));
    if (done.length + open.length > MAX_ALTERNATIVES) {
      throw new AppError(
        'invalid_input',
        `The pattern has more than ${MAX_ALTERNATIVES} alternatives; use fewer braces.`,
      );
    }
  }
  return done;
}

/** The first `{a,b}` of a pattern; braces without a comma stand for themselves. */
function splitBraces(text: string): { before: string; alternatives: string[]; after: string } | undefined {
  for (let start = text.indexOf('{'); start >= 0; start = text.indexOf('{', start + 1)) {
    if (text[start - 1] === '\\') continue;
    const commas: number[] = [];
    let depth = 0;
    for (let i = start; i < text.length; i++) {
      if (text[i] === '\\') i++;
      else if (text[i] === '{') depth++;
      else if (text[i] === ',' && depth === 1) commas.push(i);
      else if (text[i] === '}' && --depth === 0) {
        if (commas.length === 0) break;
        const cuts = [start, ...commas, i];
        const alternatives = cuts.slice(1).map((cut, n) => text.slice((cuts[n] ?? 0) + 1, cut));
        return { before: text.slice(0, start), alternatives, after: text.slice(i + 1) };
      }
    }
  }
  return undefined;
}
