import { unescape } from './decode.ts';
import { expandBraces } from './braces.ts';
import type { Facts } from './facts.ts';
import { DECODED } from './marks.ts';

export interface Token {
  readonly kind: 'word' | 'operator';
  /** Without quotes and escapes. */
  readonly text: string;
  readonly end: number;
  /** Grows with the quotes and expansions in it: each is a node for the parser. */
  readonly weight: number;
}

const BLANK = /[ \t\r]/;
const OPERATOR = /[;|&()<>\n`]/;
/** A here-string, or what stands before the delimiter of a here-document. */
const HERE = /<<(?:<|(-?)[ \t]*)/y;

interface Delimiter {
  readonly text: string;
  readonly takesTabs: boolean;
}

/** Tells words, operators, quotes, comments and here-documents apart; for what the grammar cannot read or may not cost. */
export function lex(script: string): Token[] {
  const tokens: Token[] = [];
  const delimiters: Delimiter[] = [];
  let at = 0;
  while (at < script.length) {
    const char = script.charAt(at);
    if (BLANK.test(char)) at += 1;
    else if (char === '#') at = indexOrEnd(script, '\n', at);
    else if (OPERATOR.test(char)) {
      HERE.lastIndex = at;
      const [here = char, tabs] = HERE.exec(script) ?? [];
      at += here.length;
      if (tabs !== undefined) {
        const { text, end } = readWord(script, at);
        if (end > at) delimiters.push({ text, takesTabs: tabs === '-' });
        at = end;
      }
      if (char === '\n') for (const delimiter of delimiters.splice(0)) at = endOfHereDocument(script, delimiter, at);
      tokens.push({ kind: 'operator', text: char, end: at, weight: 1 });
    } else {
      const word = readWord(script, at);
      tokens.push(word);
      at = word.end;
    }
  }
  return tokens;
}

const END_OF_WORD = /^(?:[ \t\r;|&()<>\n`]|$)/;
const PLAIN = /[^ \t\r;|&()<>\n`\\'"${]+/y;

function readWord(script: string, start: number): Token {
  const parts: string[] = [];
  let weight = 1;
  let at = start;
  while (!END_OF_WORD.test(script.charAt(at))) {
    PLAIN.lastIndex = at;
    const plain = PLAIN.exec(script)?.[0];
    const part = plain === undefined ? readSpecial(script, at) : { text: plain, end: at + plain.length, weight: 0 };
    parts.push(part.text);
    weight += part.weight;
    at = part.end;
  }
  return { kind: 'word', text: parts.join(''), end: at, weight };
}

const ESCAPED_IN_QUOTES = /\\(?:([$`"\\])|\n)/g;

/** A quoted text, an escape or a sign that the parser makes a node of. */
function readSpecial(script: string, at: number): { text: string; end: number; weight: number } {
  const char = script.charAt(at);
  if (char === '\\') return { text: script.charAt(at + 1).replace('\n', ''), end: at + 2, weight: 0 };
  if (char === "'") {
    const end = indexOrEnd(script, "'", at + 1);
    return { text: script.slice(at + 1, end), end: end + 1, weight: 1 };
  }
  if (script.startsWith("$'", at)) {
    const end = endOfQuote(script, at + 2, "'");
    return { text: DECODED + unescape(script.slice(at + 2, end)).text, end: end + 1, weight: 1 };
  }
  const start = script.startsWith('$"', at) ? at + 2 : at + 1;
  if (script.charAt(start - 1) !== '"') return { text: char, end: start, weight: 1 };
  const end = endOfQuote(script, start, '"');
  const quoted = script.slice(start, end);
  return { text: quoted.replaceAll(ESCAPED_IN_QUOTES, '$1'), end: end + 1, weight: quoted.split('$').length };
}

function endOfQuote(script: string, start: number, quote: string): number {
  let at = start;
  while (at < script.length && script.charAt(at) !== quote) at += script.charAt(at) === '\\' ? 2 : 1;
  return at;
}

function endOfHereDocument(script: string, { text, takesTabs }: Delimiter, start: number): number {
  for (let at = start; at < script.length;) {
    const end = indexOrEnd(script, '\n', at);
    const line = script.slice(at, end).replace(/\r$/, '');
    if ((takesTabs ? line.replace(/^\t+/, '') : line) === text) return end;
    at = end + 1;
  }
  return script.length;
}

function indexOrEnd(script: string, text: string, from: number): number {
  const index = script.indexOf(text, from);
  return index === -1 ? script.length : index;
}

export const weigh = (script: string): number => lex(script).reduce((sum, { weight }) => sum + weight, 0);

/** Words between operators, each a command of its own. */
export function plainCommands(script: string): string[][] {
  const commands: string[][] = [[]];
  for (const { kind, text } of lex(script)) {
    if (kind === 'word') commands.at(-1)?.push(...expandBraces(text));
    else commands.push([]);
  }
  return commands.filter((words) => words.length > 0);
}

const CLOSERS = new Map([
  ['if', 'fi'],
  ['case', 'esac'],
  ['for', 'done'],
  ['select', 'done'],
  ['while', 'done'],
  ['until', 'done'],
  ['{', '}'],
  ['(', ')'],
]);
const BEFORE_COMMANDS = new Set('if then elif else while until do { !'.split(' '));

/** Cut where nothing is open, into pieces of at least `size` tokens; a piece that is never closed stays whole. */
export function cut(script: string, size: number): string[] {
  const pieces: string[] = [];
  const open: string[] = [];
  let start = 0;
  let count = 0;
  let startsCommand = true;
  for (const { kind, text, end, weight } of lex(script)) {
    count += weight;
    const isOperator = kind === 'operator';
    const closer = CLOSERS.get(text);
    if (isOperator || startsCommand) {
      if (closer !== undefined) open.push(closer);
      else if (open.at(-1) === text) open.pop();
    }
    startsCommand = isOperator || BEFORE_COMMANDS.has(text);
    if (count >= size && open.length === 0 && isOperator && /[\n;]/.test(text)) {
      pieces.push(script.slice(start, end));
      start = end;
      count = 0;
    }
  }
  return [...pieces, script.slice(start)].filter((piece) => piece.trim() !== '');
}

/** What the grammar misreads: `$IFS` before a slash, and words that go on in the next line (after a `#` that is not sure). */
export function prepared(script: string, facts: Facts): string {
  const joined = script.replaceAll(/^([^#\n]*\w)\\\n(?=\w)/gm, '$1');
  if (/\w\\\n\w/.test(joined)) facts.opaque();
  return joined.replaceAll(/\$IFS\b/g, '${IFS}');
}
