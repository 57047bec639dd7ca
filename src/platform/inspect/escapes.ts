import { foldCharacter } from './look-alikes.ts';

/** One thing in a text that stands for other characters. */
export interface Escape {
  readonly length: number;
  readonly stands: string;
  /** A blank ahead belongs to it. */
  readonly takesBlank?: boolean;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  commat: '@',
  period: '.',
  hyphen: '-',
  dash: '-',
  ndash: '-',
  mdash: '-',
  colon: ':',
  sol: '/',
  lowbar: '_',
  plus: '+',
  dollar: '$',
  percnt: '%',
  equals: '=',
  comma: ',',
  num: '#',
  lpar: '(',
  rpar: ')',
  shy: '',
  zwnj: '',
  zwj: '',
  ensp: ' ',
  emsp: ' ',
  thinsp: ' ',
  excl: '!',
  semi: ';',
  lsqb: '[',
  rsqb: ']',
  bsol: '\\',
  Tab: '\t',
  NewLine: '\n',
};
const SIMPLE: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '"': '"',
  "'": "'",
  '/': '/',
  '\\': '\\',
};

const PERCENT = /(?:%[\da-f]{2}){1,64}/iy;
const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,8}));?/iy;
const BACKSLASH = /\\(?:u([\da-f]{4})|u\{([\da-f]{1,6})\}|U([\da-f]{8})|x([\da-f]{2})|([0-3][0-7]{2})|([nrt"'/\\]))/iy;
const JOINED = /(["'`])\s{0,8}(?:\+|\|\||\.|&)\s{0,8}["'`]/y;
const SPELLED = /[[({<]\s?(at|dot|@|\.)\s?[\])}>]\s?/iy;

const TAG = /<(?:!--[^<>]{0,80}--|\/?([a-z][a-z\d]{0,10})(?:\s[^<>]{0,200})?\/?)>/iy;
const COMMENT = /\/\*[^*]{0,80}\*\//y;
/** Elements that set characters apart from nothing. */
const INLINE = new Set(
  'a abbr b bdi bdo big code em font i kbd mark s samp small span strong sub sup tt u wbr'.split(' '),
);

function at(pattern: RegExp, text: string, index: number): RegExpExecArray | null {
  pattern.lastIndex = index;
  return pattern.exec(text);
}

function fromCode(code: number): string {
  return code > 0x10ffff ? '' : String.fromCodePoint(code);
}

function percentAt(text: string, index: number): Escape | undefined {
  const match = at(PERCENT, text, index);
  if (match === null) return undefined;
  return { length: match[0].length, stands: Buffer.from(match[0].replaceAll('%', ''), 'hex').toString('utf8') };
}

function entityAt(text: string, index: number): Escape | undefined {
  const match = at(ENTITY, text, index);
  if (match === null) return undefined;
  const [all, decimal, hex, name = ''] = match;
  if (decimal !== undefined) return { length: all.length, stands: fromCode(Number(decimal)) };
  if (hex !== undefined) return { length: all.length, stands: fromCode(parseInt(hex, 16)) };
  const stands = all.endsWith(';') && Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined;
  return stands === undefined ? undefined : { length: all.length, stands };
}

function backslashAt(text: string, index: number): Escape | undefined {
  const match = at(BACKSLASH, text, index);
  if (match === null) return undefined;
  const [all, unit, point, long, byte, octal, simple] = match;
  if (simple !== undefined) return { length: all.length, stands: SIMPLE[simple.toLowerCase()] ?? simple };
  const hex = unit ?? point ?? long ?? byte;
  return { length: all.length, stands: fromCode(hex === undefined ? parseInt(octal ?? '0', 8) : parseInt(hex, 16)) };
}

function joinedAt(text: string, index: number): Escape | undefined {
  const match = at(JOINED, text, index);
  return match === null ? undefined : { length: match[0].length, stands: '' };
}

function spelledAt(text: string, index: number): Escape | undefined {
  const match = at(SPELLED, text, index);
  if (match === null) return undefined;
  return { length: match[0].length, stands: /a|@/i.test(match[1] ?? '') ? '@' : '.', takesBlank: true };
}

/** Markup between characters: what is read has none. */
function angleAt(text: string, index: number): Escape | undefined {
  const match = at(TAG, text, index);
  if (match === null) return spelledAt(text, index);
  const [tag, name] = match;
  return { length: tag.length, stands: name === undefined || INLINE.has(name.toLowerCase()) ? '' : ' ' };
}

function commentAt(text: string, index: number): Escape | undefined {
  const match = at(COMMENT, text, index);
  return match === null ? undefined : { length: match[0].length, stands: '' };
}

function isDigit(code: number): boolean {
  return code >= 48 && code < 58;
}

/** Signs of ordinary print: blanks, dashes, quotes, ellipsis. They hide something only beside a digit. */
function isPrint(code: number): boolean {
  return code === 0xa0 || code === 0x202f || code === 0x2009 || (code >= 0x2010 && code <= 0x201f) || code === 0x2026;
}

function unseenAt(text: string, index: number): Escape | undefined {
  const code = text.codePointAt(index) ?? 0;
  if (isPrint(code) && !isDigit(text.charCodeAt(index - 1)) && !isDigit(text.charCodeAt(index + 1))) return undefined;
  const stands = foldCharacter(code);
  const length = code > 0xffff ? 2 : 1;
  return stands === text.slice(index, index + length) ? undefined : { length, stands };
}

type Reader = (text: string, index: number) => Escape | undefined;
const READERS: (Reader | undefined)[] = Array.from({ length: 128 });
for (let code = 0; code < 32; code++) if (code !== 9 && code !== 10 && code !== 13) READERS[code] = unseenAt;
READERS[127] = unseenAt;
for (const [characters, reader] of [
  ['%', percentAt],
  ['&', entityAt],
  ['\\', backslashAt],
  ['"\'`', joinedAt],
  ['[({', spelledAt],
  ['<', angleAt],
  ['/', commentAt],
] as const) {
  for (const each of characters) READERS[each.charCodeAt(0)] = reader;
}
const PLAIN = Uint8Array.from(READERS, (reader) => (reader === undefined ? 1 : 0));

/** Whether nothing that starts with this character stands for something else. */
export function isPlain(code: number): boolean {
  return code < 128 && PLAIN[code] === 1;
}

/** What starts here and stands for something else, look-alike characters included. */
export function escapeAt(text: string, index: number): Escape | undefined {
  const code = text.charCodeAt(index);
  const reader = code < 128 ? READERS[code] : unseenAt;
  return reader?.(text, index);
}

/** What an escape stands for, its own look-alikes undone. */
export function foldText(text: string): string {
  let folded = '';
  for (const each of text) {
    const code = each.codePointAt(0) ?? 0;
    folded += code < 128 ? (READERS[code] === unseenAt ? '' : each) : foldCharacter(code);
  }
  return folded;
}
