import { toFirstCharacters, type FirstCharacters } from './first-characters.ts';
import { LEXICON } from './lexicon.ts';
import type { Entry, Item, Meaning } from './item.ts';

interface Compiled extends Entry {
  readonly expression: RegExp;
  readonly first: FirstCharacters;
}

let compiled: readonly Compiled[] | undefined;
const byFirst = new Map<string, readonly Compiled[]>();

/** The first alternative that fits ends a pattern, whatever its length: each is tried by itself. */
function splitAlternatives(pattern: string): string[] {
  const parts: string[] = [];
  let [depth, isClass, start] = [0, false, 0];
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at];
    if (char === '\\') at++;
    else if (isClass) isClass = char !== ']';
    else if (char === '[') isClass = true;
    else if (char === '(') depth++;
    else if (char === ')') depth--;
    else if (char === '|' && depth === 0) {
      parts.push(pattern.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, pattern.slice(start)];
}

/** Compiled on first use: a server that makes no policy from a sentence does not pay for it. */
export function getLexicon(): readonly Compiled[] {
  compiled ??= LEXICON.flatMap((entry) =>
    splitAlternatives(entry.pattern).map((pattern) => ({
      ...entry,
      first: toFirstCharacters(pattern),
      expression: new RegExp(`(?:${pattern})(?:(?<![\\p{L}\\p{N}_])|(?![\\p{L}\\p{N}_]|-\\p{L}))`, 'iuy'),
    })),
  );
  return compiled;
}

/** The phrases that can begin with this character, in their order. */
function startingWith(char: string): readonly Compiled[] {
  // Letters such as the Kelvin sign match others in small letters.
  if (char > '\x7f') return getLexicon();
  const letter = char.toLowerCase();
  const known = byFirst.get(letter);
  if (known !== undefined) return known;
  const found = getLexicon().filter(({ first }) => first === 'any' || first.has(letter));
  byFirst.set(letter, found);
  return found;
}

const UNKNOWN = /[\p{L}\p{N}][\p{L}\p{N}_'.@/-]*|\S/uy;

/** One form of quotes, dashes and spaces; everything else as written. */
export function normalize(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[“”„«»]/g, '"')

    .replace(/[‘’]/g, "'")
    .replace(/[–—]/g, '-')
    .replace(/(?<=\p{L})'(?=s\b)/gu, "'")
    .replace(/[ \t\r\f\v]+/g, ' ')
    .trim();
}

interface Found {
  readonly meanings: readonly Meaning[];
  readonly length: number;
}

/** A count wants its unit: after a number "tokens" are no secrets, and "attachments" no condition of their own. */
function prefers(meanings: readonly Meaning[], before: Item | undefined): boolean {
  return before?.kind === 'quantity' && meanings[0]?.kind === 'unit';
}

/** A bare word after its noun that means something by itself. */
function isNoName(found: RegExpExecArray): boolean {
  const word = found.slice(1).find((group) => group !== undefined) ?? '';
  if (!/^[a-z]+$/i.test(word) || /(?:called|named) \S+$/i.test(found[0])) return false;
  return startingWith(word.charAt(0)).some(({ expression, isNaming, read }) => {
    if (isNaming === true) return false;
    expression.lastIndex = 0;
    const whole = expression.exec(word);
    if (whole?.[0].length !== word.length) return false;
    const [meaning] = read(whole.slice(1)) ?? [];
    return meaning !== undefined && (meaning.kind !== 'value' || meaning.value.facet === 'op');
  });
}

function findLongest(text: string, at: number, last: Item | undefined, hasValue: boolean): Found | undefined {
  const isLeading = !hasValue || (last?.kind === 'mark' && ['and', 'or', 'comma', 'but'].includes(last.mark));
  let best: Found | undefined;
  for (const { expression, read, isLeading: onlyLeading, isAfterNoun } of startingWith(text.charAt(at))) {
    if (onlyLeading === true && !isLeading) continue;
    expression.lastIndex = at;
    const found = expression.exec(text);
    const length = found?.[0].length ?? 0;
    if (found === null || length === 0 || (best !== undefined && length < best.length)) continue;
    const isSame = best?.length === length;
    if (isAfterNoun === true && isNoName(found)) continue;
    const meanings = read(found.slice(1));
    if (meanings === undefined || (isSame && !prefers(meanings, last))) continue;
    best = { meanings, length };
  }
  return best;
}

/** The words of one sentence as what they mean, in their order. */
export function scan(text: string): Item[] {
  const items: Item[] = [];
  let hasValue = false;
  let at = 0;
  while (at < text.length) {
    if (text[at] === ' ') {
      at++;
      continue;
    }
    const found = findLongest(text, at, items.at(-1), hasValue);
    if (found === undefined) {
      UNKNOWN.lastIndex = at;
      const word = UNKNOWN.exec(text)?.[0].replace(/[.'/-]+$/, '') ?? '';
      const source = word === '' ? (text[at] ?? '') : word;
      if (/[\p{L}\p{N}]/u.test(source) && source !== 's') items.push({ kind: 'unknown', source });
      at += source.length;
    } else {
      const source = text.slice(at, at + found.length);
      items.push(...found.meanings.map((meaning) => ({ ...meaning, source })));
      hasValue ||= found.meanings.some(({ kind }) => kind === 'value');
      at += found.length;
    }
  }
  return items;
}

/** Sentences end with a full stop, a semicolon or a line; bullets and numbers before them are no part of them. */
export function splitSentences(text: string): string[] {
  return normalize(text)
    .split(/(?<=[.!?;])\s+(?!e\.g|i\.e)|\n+|;/u)
    .map((sentence) => sentence.replace(/^\s*(?:[-*•]|\d{1,2}[.)])\s+/, '').replace(/[\s.!?;:]+$/, ''))
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}
