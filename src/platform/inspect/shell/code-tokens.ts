import type { CodeLanguage } from '../model.ts';
import { unescape } from './decode.ts';
import { DECODED, stripMarks, unknown } from './marks.ts';

export interface Token {
  readonly kind: 'name' | 'text' | 'number' | 'sign';
  readonly text: string;
}

const NAME = /[\p{L}_$%@][\p{L}\p{N}_$]*/uy;
const NUMBER = /(?:0x[0-9a-f]+|\d[\d_]*)/iy;
/** A line that goes on in the next one is blank there, too. */
const BLANK = /(?:\s|\\\r?\n)+/y;
const PYTHON_TEXT = /([rbfu]{0,2})("""|'''|"|')/iy;
const QUOTE = /["'`]/y;
const REGEX = /\/(?![/*])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.){0,100}\]){1,300}\/\w*/y;
const SIGN = /=>|\*\*|[-+:!=<>]=|::|\.\.\.|./suy;
const BEFORE_REGEX = /^(?:[(,=:[!&|?{};]|=>|return|)$/;

/** Tells names, texts and signs of a program apart; comments are left out. A text keeps unknown pieces as such. */
export function tokensOf(source: string, language: CodeLanguage): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(source);
  };
  const push = (kind: Token['kind'], text: string, end: number) => {
    tokens.push({ kind, text });
    at = end;
  };
  while (at < source.length) {
    const blank = take(BLANK);
    const comment = blank ? at + blank[0].length : endOfComment(source, at, language);
    if (comment > at) {
      at = comment;
      continue;
    }
    const prefixed = language === 'python' ? take(PYTHON_TEXT) : null;
    const quote = prefixed?.[2] ?? take(QUOTE)?.[0];
    const name = take(NAME)?.[0];
    if (quote !== undefined) {
      const start = at + (prefixed?.[0].length ?? 1);
      const end = endOfText(source, start, quote);
      const written = source.slice(start, end);
      // Perl, Ruby and PHP run what stands in backticks.
      const runs = quote === '`' && language === 'unknown';
      if (runs) tokens.push({ kind: 'name', text: 'system' }, { kind: 'sign', text: '(' });
      push('text', valueOf(written, quote, (prefixed?.[1] ?? '').toLowerCase(), language), end + quote.length);
      if (runs) tokens.push({ kind: 'sign', text: ')' });
    } else if (name !== undefined) push('name', name, at + name.length);
    else {
      const number = take(NUMBER)?.[0];
      const regex = isRegexPlace(language, tokens.at(-1)?.text ?? '') ? take(REGEX)?.[0] : undefined;
      const sign = number ?? regex ?? take(SIGN)?.[0] ?? '';
      push(number === undefined ? 'sign' : 'number', regex === undefined ? sign : '/', at + Math.max(1, sign.length));
    }
  }
  return tokens;
}

const isRegexPlace = (language: CodeLanguage, before: string): boolean =>
  (language === 'javascript' || language === 'typescript') && BEFORE_REGEX.test(before);

/** In a language that is not known nothing counts as a comment. */
function endOfComment(source: string, at: number, language: CodeLanguage): number {
  if (language === 'unknown') return at;
  const isPython = language === 'python';
  const ends = isPython ? source.startsWith('#', at) : source.startsWith('//', at) || source.startsWith('#!', at);
  if (ends) return indexOrEnd(source, '\n', at);
  return !isPython && source.startsWith('/*', at) ? indexOrEnd(source, '*/', at + 2) + 2 : at;
}

/** A quote that is not closed ends with its line. */
function endOfText(source: string, start: number, quote: string): number {
  const isLong = quote.length === 3 || quote === '`';
  let at = start;
  while (at < source.length && !source.startsWith(quote, at) && (isLong || source.charAt(at) !== '\n'))
    at += source.charAt(at) === '\\' ? 2 : 1;
  return Math.min(at, source.length);
}

function indexOrEnd(source: string, text: string, from: number): number {
  const index = source.indexOf(text, from);
  return index === -1 ? source.length : index;
}

const HOLES = {
  python: /\{\{|\{([^{}]*)\}/g,
  brace: /\$\{([^{}]*)\}/g,
  variable: /[#$@]\{?(\w+)\}?/g,
};

function valueOf(written: string, quote: string, prefix: string, language: CodeLanguage): string {
  const isRaw =
    prefix.includes('r') || (language === 'go' && quote === '`') || (language === 'unknown' && quote === "'");
  const { text, isEncoded } = isRaw ? { text: written, isEncoded: false } : unescape(stripMarks(written));
  const marked = isEncoded ? DECODED + text : text;
  if (prefix.includes('f')) return withHoles(marked, HOLES.python);
  if (quote === '`' && language !== 'go') return withHoles(marked, HOLES.brace);
  return language === 'unknown' && quote === '"' ? withHoles(marked, HOLES.variable) : marked;
}

const withHoles = (text: string, holes: RegExp): string =>
  text.replaceAll(holes, (all, name?: string) => (name === undefined ? '{' : unknown(name.trim() || all)));
