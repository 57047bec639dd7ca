/**
 * Text in which unknown pieces are enclosed in UNKNOWN, and text that was fetched or decoded begins with a mark.
 * The marks travel with the text through variables, pipes, files and quotes.
 */
export const UNKNOWN = '\0';
export const FETCHED = '\u0001';
export const DECODED = '\u0002';

const UNKNOWN_PIECE = /\0[^\0]*\0/g;

export const isKnown = (text: string): boolean => !text.includes(UNKNOWN);
export const unknown = (written: string): string => UNKNOWN + stripMarks(written) + UNKNOWN;
/** As it was written. */
export const stripMarks = (text: string): string => withoutOrigin(text).replaceAll(UNKNOWN, '');
export const withoutOrigin = (text: string): string => text.replaceAll(FETCHED, '').replaceAll(DECODED, '');
export const marksOf = (text: string): string =>
  (text.includes(FETCHED) ? FETCHED : '') + (text.includes(DECODED) ? DECODED : '');
export const withoutUnknown = (text: string): string => text.replaceAll(UNKNOWN_PIECE, '');
/** As a script in which unknown pieces are variables without a value. */
export const toScript = (text: string): string => stripMarks(text.replaceAll(UNKNOWN_PIECE, '${UNKNOWN_VALUE}'));

// What quotes take the meaning from, moved out of the way until words are split.
const SPECIAL = /[ \t\n{},*?[\]~]/g;
const MOVED = /[\uE009-\uE07E]/g;
const OFFSET = 0xe000;
export const protect = (text: string): string =>
  text.replaceAll(SPECIAL, (char) => String.fromCharCode(char.charCodeAt(0) + OFFSET));
export const unprotect = (text: string): string =>
  text.replaceAll(MOVED, (char) => String.fromCharCode(char.charCodeAt(0) - OFFSET));
