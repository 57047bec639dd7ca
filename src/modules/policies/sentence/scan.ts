import { toFirstCharacters, type FirstCharacters } from './first-characters.ts';
import { LEXICON } from './lexicon.ts';
import type { Entry, Item, Meaning } from './item.ts';

/** Neither in the middle of a word nor ahead of its second half. */
const END = '(?:(?<![\\p{L}\\p{N}_])|(?![\\p{L}\\p{N}_]|-\\p{L}))';
/** The same in a text of ASCII alone: sets of all letters take most of the time to compile. */
const PLAIN_END = '(?:(?<![A-Za-z0-9_])|(?![A-Za-z0-9_]|-[A-Za-z]))';
const PLAIN = /^[ -~]*$/;

/** One phrase; its expressions are made when they are first needed. */
class Compiled {
  readonly entry: Entry;
  readonly first: FirstCharacters;
  readonly #pattern: string;
  #wide: RegExp | undefined;
  #plain: RegExp | undefined;

  constructor(entry: Entry, pattern: string) {
    this.entry = entry;
    this.first = toFirstCharacters(pattern);
    this.#pattern = pattern;
  }

  get expression(): RegExp {
    return (this.#wide ??= new RegExp(`(?:${this.#pattern})${END}`, 'iuy'));
  }

  execAt(text: string, at: number, isPlain: boolean): RegExpExecArray | null {
    const expression = isPlain
      ? (this.#plain ??= new RegExp(`(?:${this.#pattern})${PLAIN_END}`, 'iuy'))
      : this.expression;
    expression.lastIndex = at;
    return expression.exec(text);
  }
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
    splitAlternatives(entry.pattern).map((pattern) => new Compiled(entry, pattern)),
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
  return startingWith(word.charAt(0)).some((phrase) => {
    if (phrase.entry.isNaming === true) return false;
    const whole = phrase.execAt(word, 0, true);
    if (whole?.[0].length !== word.length) return false;
    const [meaning] = phrase.entry.read(whole.slice(1)) ?? [];
    return meaning !== undefined && (meaning.kind !== 'value' || meaning.value.facet === 'op');
  });
}

interface Place {
  readonly text: string;
  readonly isPlain: boolean;
  readonly at: number;
  readonly last: Item | undefined;
  readonly hasValue: boolean;
}

function findLongest({ text, isPlain, at, last, hasValue }: Place): Found | undefined {
  const isLeading = !hasValue || (last?.kind === 'mark' && ['and', 'or', 'comma', 'but'].includes(last.mark));
  let best: Found | undefined;
  for (const phrase of startingWith(text.charAt(at))) {
    const { isLeading: onlyLeading, isAfterNoun, read } = phrase.entry;
    if (onlyLeading === true && !isLeading) continue;
    const found = phrase.execAt(text, at, isPlain);
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
  const isPlain = PLAIN.test(text);
  let hasValue = false;
  let at = 0;
  while (at < text.length) {
    if (text[at] === ' ') {
      at++;
      continue;
    }
    const found = findLongest({ text, isPlain, at, last: items.at(-1), hasValue });
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
