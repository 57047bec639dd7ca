import { foldCharacter } from '../../src/platform/inspect/look-alikes.ts';

/** Why a character is not shown as it is. */
export const DISGUISES = ['direction', 'unseen', 'control', 'space', 'look-alike', 'unknown'] as const;
export type Disguise = (typeof DISGUISES)[number];

/** A stretch of text, or one character that is shown by its code point. */
export interface Piece {
  readonly text: string;
  readonly disguise?: Disguise;
}

const SUSPECT = /[^\n\t\x20-\x7e]/u;
const DIRECTION = /^[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]$/u;
const CONTROL = /^\p{Cc}$/u;
const SPACE = /^[\p{Zs}\p{Zl}\p{Zp}\u2800]$/u;
const UNSEEN = /^(?:\p{Cf}|\p{Me}|\p{Variation_Selector}|[\u115f\u1160\u3164\uffa0\u{e0000}-\u{e0fff}])$/u;
/** Joiners without width, strokes through a letter, vowels that are never written. */
const UNSEEN_MARKS = new Set('\u034f\u0334\u0335\u0336\u0337\u0338\u17b4\u17b5');
const UNKNOWN = /^[\p{Co}\p{Cn}\p{Cs}]$/u;
const PICTURE = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|[\u20e3\ufe0f]/u;
const MARK = /^\p{Mn}$/u;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;
const TWINS_OF_SIGNS = /^[\u2010\u2011\u2024\u203f\u2044\u2215\u2236\u02d0]$/u;
const HARMLESS = /^[ªº²³¹™…‥№℃℉½¼¾]$/u;
const SCRIPTS = ['Cyrillic', 'Greek', 'Armenian'].map((name) => new RegExp(`^\\p{Script=${name}}$`, 'u'));

/** The text with every character that could deceive a reader set apart; joined again, the pieces are the text. */
export function toPieces(text: string): readonly Piece[] {
  if (!SUSPECT.test(text)) return text === '' ? [] : [{ text }];
  const twins = findTwins(text);
  const pieces: Piece[] = [];
  let plain = '';
  let offset = 0;
  const characters = [...text];
  characters.forEach((character, index) => {
    const disguise = twins.has(offset) ? 'look-alike' : toDisguise(character, characters, index);
    offset += character.length;
    if (disguise === undefined) {
      plain += character;
      return;
    }
    if (plain !== '') pieces.push({ text: plain });
    plain = '';
    pieces.push({ text: character, disguise });
  });
  if (plain !== '') pieces.push({ text: plain });
  return pieces;
}

/** As programmers write it: `\u202E`, `\u{E0041}`. */
export function toEscape(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}

/** How many characters of each disguise a text holds. */
export function countDisguises(texts: Iterable<string>): ReadonlyMap<Disguise, number> {
  const counts = new Map<Disguise, number>();
  for (const text of texts) {
    for (const { disguise } of toPieces(text)) {
      if (disguise !== undefined) counts.set(disguise, (counts.get(disguise) ?? 0) + 1);
    }
  }
  return counts;
}

function toDisguise(character: string, all: readonly string[], index: number): Disguise | undefined {
  if (!SUSPECT.test(character)) return undefined;
  if (character === '\r') return all[index + 1] === '\n' ? undefined : 'control';
  if (DIRECTION.test(character)) return 'direction';
  if (CONTROL.test(character)) return 'control';
  if (SPACE.test(character)) return 'space';
  if (belongsToPicture(character, all, index)) return undefined;
  if (UNSEEN.test(character) || UNSEEN_MARKS.has(character) || isPiledUp(character, all, index)) return 'unseen';
  if (UNKNOWN.test(character)) return 'unknown';
  return TWINS_OF_SIGNS.test(character) ? 'look-alike' : undefined;
}

/** Joiners and selectors within an emoji are how emoji are written. */
function belongsToPicture(character: string, all: readonly string[], index: number): boolean {
  const before = PICTURE.test(all[index - 1] ?? '');
  if (character === '\ufe0f') return before;
  return character === '\u200d' && before && PICTURE.test(all[index + 1] ?? '');
}

function isPiledUp(character: string, all: readonly string[], index: number): boolean {
  return MARK.test(character) && [1, 2].every((back) => MARK.test(all[index - back] ?? ''));
}

/** Offsets of letters that pass for ASCII ones: beside ASCII in one word, or in a word made of nothing else. */
function findTwins(text: string): ReadonlySet<number> {
  const found = new Set<number>();
  const native = SCRIPTS.filter((script) => [...text].some((each) => script.test(each) && !isTwin(each)));
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (!SUSPECT.test(word)) continue;
    const letters = [...word];
    const twins = letters.filter(isTwin);
    if (twins.length === 0) continue;
    const isMixed = letters.some((each) => /[a-z]/i.test(each));
    const isPosing = twins.length === letters.length;
    let offset = index;
    for (const letter of letters) {
      const isAtHome = native.some((script) => script.test(letter));
      if (isTwin(letter) && (isMixed || isStyled(letter) || (isPosing && !isAtHome))) found.add(offset);
      offset += letter.length;
    }
  }
  return found;
}

function isTwin(character: string): boolean {
  if (!SUSPECT.test(character) || HARMLESS.test(character)) return false;
  return /^[a-z\d]$/i.test(foldCharacter(character.codePointAt(0) ?? 0));
}

/** Full-width, mathematical and circled forms of ASCII. */
function isStyled(character: string): boolean {
  return /^[a-z\d]$/i.test(character.normalize('NFKC'));
}
