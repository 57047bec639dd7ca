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
const HERE_DOCUMENT = /<<-?[ \t]*(['"]?)([\w.]+)\1/y;

/** Tells words, operators, quotes, comments and here-documents apart; for what the grammar cannot read or may not cost. */
export function lex(script: string): Token[] {
  const tokens: Token[] = [];
  const delimiters: string[] = [];
  let at = 0;
  while (at < script.length) {
    const char = script.charAt(at);
    if (BLANK.test(char)) at += 1;
    else if (char === '#') at = indexOrEnd(script, '\n', at);
    else if (OPERATOR.test(char)) {
      HERE_DOCUMENT.lastIndex = at;
      const heredoc = HERE_DOCUMENT.exec(script);
      if (heredoc) delimiters.push(heredoc[2] ?? '');
      at += heredoc?.[0].length ?? 1;
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

const PLAIN = /[^ \t\r;|&()<>\n`\\'"${]+/y;

function readWord(script: string, start: number): Token {
  const parts: string[] = [];
  let weight = 1;
  let at = start;
  while (at < script.length && !BLANK.test(script.charAt(at)) && !OPERATOR.test(script.charAt(at))) {
    PLAIN.lastIndex = at;
    const plain = PLAIN.exec(script)?.[0];
    const part = plain === undefined ? readSpecial(script, at) : { text: plain, end: at + plain.length, weight: 0 };
    parts.push(part.text);
    weight += part.weight;
    at = part.end;
  }
  return { kind: 'word', text: parts.join(''), end: Math.min(at, script.length), weight };
}

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
  if (char !== '"') return { text: char, end: at + 1, weight: 1 };
  const end = endOfQuote(script, at + 1, '"');
  const quoted = script.slice(at + 1, end);
  return { text: quoted, end: end + 1, weight: quoted.split('$').length };
}

function endOfQuote(script: string, start: number, quote: string): number {
  let at = start;
  while (at < script.length && script.charAt(at) !== quote) at += script.charAt(at) === '\\' ? 2 : 1;
  return Math.min(at, script.length);
}

function endOfHereDocument(script: string, delimiter: string, start: number): number {
  for (let at = start; at < script.length;) {
    const end = indexOrEnd(script, '\n', at);
    if (script.slice(at, end).trim() === delimiter) return end;
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

const CLOSERS: Record<string, string> = { if: 'fi', case: 'esac', do: 'done', '{': '}', '(': ')' };
const CLOSING = new Set(Object.values(CLOSERS));
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
    const closer = CLOSERS[text];
    if (closer !== undefined && (startsCommand || kind === 'operator')) open.push(closer);
    else if (CLOSING.has(text) && open.at(-1) === text) open.pop();
    startsCommand = kind === 'operator' || BEFORE_COMMANDS.has(text);
    if (count >= size && open.length === 0 && (text === '\n' || text === ';')) {
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
