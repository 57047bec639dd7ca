import type { Name, NameClass } from './names.ts';

/**
 * quoted: a literal; line: an entry of a file of settings; given: an option of a command or of a connection string;
 * bare: unquoted elsewhere, so perhaps an expression; loose: quoted beside the name, or said to be it; aside: the next word.
 */
export type Style = 'quoted' | 'line' | 'given' | 'bare' | 'loose' | 'aside';

export interface Value {
  readonly start: number;
  readonly end: number;
  readonly style: Style;
  /** Whether the value goes on. */
  readonly isCut?: boolean;
}

const MAX_VALUE = 4096;
// Outside quotes and lines, values of many names may be one text: each is judged by its beginning.
const MAX_BARE = 256;
// A closing quote or bracket of the name, then what assigns, then a type, a string prefix or a line break before the literal.
const ASSIGNS =
  /(?:\\{0,3}["'`])?\]?\)?[?!]?\*{0,2}[ \t]{0,20}(?:\?\?=|\|\|=|:=|=>|->|={1,3}|!={1,2}|:(?![:/]))\*{0,2}[ \t]{0,20}(?:[\w.<>[\]|&?' ]{1,40}[ \t]=(?!=)[ \t]{0,4})?(?:\r?\n[ \t]{0,40}(?=["'`]))?/y;
const VALUE_BESIDE = /(?:\\{0,3}["'`])?,?\s{0,40}\\{0,3}["'`]?value\\{0,3}["'`]?\s{0,3}[:=]\s{0,3}/iy;
const LISTED = /\\{0,3}["'`]\s{0,3},\s{0,10}(?=["'`])/y;
const DEFINES = /\b(?:define|putenv|setenv|setx?|export)\(? {0,3}["']$/;
const CALLED = /\(\s{0,10}(?=["'`])/y;
const OPENED = /(?: encoding=["'][\w-]{1,20}["'])?>/y;
const SAID =
  /(?:[ \t](?:for|of|to|on|at)(?:[ \t][\w@.-]{1,20}){1,4})?(?:[ \t]{1,3}(?:is|was|are|ist|lautet|set to|equals)[ \t]{0,2}:?|:)[ \t]{1,3}/iy;
const SPACED = /[ \t]{1,8}/y;

/** Where the value of a name stands, and how it is written. */
export function readValue(text: string, name: Name, nameClass: NameClass): Value | undefined {
  const assigned = skip(ASSIGNS, text, name.end);
  if (assigned !== undefined) return readAssigned(text, name, assigned);
  const beside = skip(VALUE_BESIDE, text, name.end);
  if (beside !== undefined) return readLiteral(text, beside, 'quoted') ?? readPlain(text, name, beside, 'line');
  const listed = skip(LISTED, text, name.end);
  if (listed !== undefined) {
    const isDefined = DEFINES.test(text.slice(Math.max(0, name.start - 12), name.start));
    const value = readLiteral(text, listed, isDefined ? 'quoted' : 'loose');
    return isDefined || isVaried(text, value) ? value : undefined;
  }
  const called = skip(CALLED, text, name.end);
  if (called !== undefined) return readLiteral(text, called, 'loose');
  const inside = text[name.start - 1] === '<' ? skip(OPENED, text, name.end) : undefined;
  if (inside !== undefined) return readElement(text, inside);
  const said = skip(SAID, text, name.end);
  if (said !== undefined) return readLiteral(text, said, 'quoted') ?? readPlain(text, name, said, 'loose');
  return readSpaced(text, name, nameClass);
}

function skip(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function readAssigned(text: string, name: Name, at: number): Value | undefined {
  const literal = readLiteral(text, at, 'quoted');
  if (literal !== undefined) return literal;
  const isTight = text[at - 1] === '=' && at - name.end <= 1;
  const start = startOfLine(text, name.start);
  const isLine = start && (isTight || isRestOfLine(text, at));
  if (isLine) return readPlain(text, name, at, 'line');
  return readPlain(text, name, at, isTight && isGiven(text, name) ? 'given' : 'bare');
}

/** Lists hold names of methods and encodings too, such as `latin1`. */
function isVaried(text: string, value: Value | undefined): boolean {
  const content = text.slice(value?.start, value?.end);
  return (
    [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(content)).length > 2 || content.length > 11
  );
}

/** Whether only a marker of a list, an export or an indent stands before the name. */
function startOfLine(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 40), at);
  return /(?:^|\n|\\n)[ \t]*(?:[-+>*] ?|export |set |setx |ENV |ARG )?\*{0,2}["']?$/.test(before);
}

function isGiven(text: string, { start }: Name): boolean {
  return text[start - 1] === ';' || /[?&]/.test(text[start - 1] ?? '') || text.startsWith('--', start);
}

/** Whether nothing but a comment follows the word. */
function isRestOfLine(text: string, at: number): boolean {
  const rest = text.slice(at, at + 240);
  return /^[^\s,;(){}]+[ \t]*(?:\r?\n|\\n|$|[ \t]#)/.test(rest);
}

/** A quoted value, with `\"` inside JSON inside JSON and with the prefixes that languages put before a quote. */
function readLiteral(text: string, at: number, style: Style): Value | undefined {
  let from = at;
  if (/[bBrRuUfF@$LN]/.test(text[from] ?? '') && /["'`@]/.test(text[from + 1] ?? '')) from += 1;
  let escapes = 0;
  while (escapes < 3 && text[from + escapes] === '\\') escapes += 1;
  const quote = text[from + escapes];
  if (quote !== '"' && quote !== "'" && quote !== '`') return undefined;
  let start = from + escapes + 1;
  if (escapes === 0 && text[start] === quote && text[start + 1] === quote) start += 2;
  const limit = Math.min(text.length, start + MAX_VALUE);
  for (let i = start; i < limit; i += 1) {
    const char = text[i];
    if (char === '\n') return undefined;
    if (char === quote) return { start, end: Math.max(start, i - escapes), style };
    if (char === '\\' && escapes === 0) i += 1;
  }
  return undefined;
}

const STOPS = new Set(['"', "'", '`', ';', ',', '<', '>', '|', ')', '}', ']', '\\']);

function readPlain(text: string, name: Name, start: number, style: Style): Value | undefined {
  const before = text[name.start - 1] ?? '';
  const isOpen = style === 'line' && before !== ';';
  const limit = Math.min(text.length, start + (isOpen ? MAX_VALUE : MAX_BARE));
  const end = endOfPlain(text, start, limit, isOpen, before === '?' || before === '&');
  const isCut = end === limit && limit < text.length;
  return {
    start,
    end: isOpen || style === 'loose' || style === 'aside' ? trimEnd(text, start, end) : end,
    style,
    isCut,
  };
}

/** Where a value ends that was cut for being judged. */
export function endOfCut(text: string, { end }: Value): number {
  return endOfPlain(text, end, Math.min(text.length, end + MAX_VALUE), false, true);
}

function endOfPlain(text: string, start: number, limit: number, isOpen: boolean, isQuery: boolean): number {
  for (let end = start; end < limit; end += 1) {
    const char = text[end] ?? '';
    if (char <= ' ' || (isQuery && (char === '&' || char === '#'))) return end;
    if (isOpen ? char === '\\' && text[end + 1] === 'n' : STOPS.has(char)) return end;
  }
  return limit;
}

function trimEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && /[;,"'`.]/.test(text[at - 1] ?? '')) at -= 1;
  return at;
}

function readElement(text: string, start: number): Value | undefined {
  const limit = Math.min(text.length, start + 500);
  for (let end = start; end < limit; end += 1) {
    if (text[end] === '<') return { start, end, style: 'quoted' };
    if (text[end] === '\n') return undefined;
  }
  return undefined;
}

/** `--password x`, `ENV PASSWORD x` and SQL's `PASSWORD 'x'`. */
function readSpaced(text: string, name: Name, nameClass: NameClass): Value | undefined {
  const at = skip(SPACED, text, name.end);
  if (at === undefined) return undefined;
  const isFlag = text[name.start] === '-' && text[name.start + 1] === '-';
  if (isFlag)
    return text[at] === '-' ? undefined : (readLiteral(text, at, 'quoted') ?? readPlain(text, name, at, 'given'));
  if (/(?:^|\n)ENV $/.test(text.slice(Math.max(0, name.start - 5), name.start))) {
    return readLiteral(text, at, 'quoted') ?? readPlain(text, name, at, 'line');
  }
  const isQuoted = text[at] === "'" || text[at] === '"';
  if (isQuoted) return nameClass === 'password' ? readLiteral(text, at, 'loose') : undefined;
  return readPlain(text, name, at, 'aside');
}
