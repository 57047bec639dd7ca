export interface Token {
  /** `word`: bare name or keyword; `name`: quoted name; `text`: literal; `strange`: a character that servers read in different ways. */
  readonly kind: 'word' | 'name' | 'text' | 'number' | 'sign' | 'strange';
  /** Without quotes; words as written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** How a family of servers splits text. */
export interface Flavour {
  readonly hasBackslashes: boolean;
  readonly hasHashComments: boolean;
  readonly hasDollarQuotes: boolean;
  readonly nestsComments: boolean;
  /** `--` opens a comment only before white space, and `/*!` is no comment. */
  readonly isMysql: boolean;
  readonly textQuotes: string;
  readonly nameQuotes: Readonly<Record<string, string>>;
}

const ANSI = { hasBackslashes: false, hasHashComments: false, hasDollarQuotes: false, nestsComments: false };
export const FLAVOURS = {
  postgres: {
    ...ANSI,
    hasDollarQuotes: true,
    nestsComments: true,
    isMysql: false,
    textQuotes: "'",
    nameQuotes: { '"': '"' },
  },
  mysql: {
    ...ANSI,
    hasBackslashes: true,
    hasHashComments: true,
    isMysql: true,
    textQuotes: `'"`,
    nameQuotes: { '`': '`' },
  },
  sqlite: { ...ANSI, isMysql: false, textQuotes: "'", nameQuotes: { '"': '"', '`': '`', '[': ']' } },
} as const satisfies Record<string, Flavour>;

const SPACE = /[ \t\n\r\f]+/y;
const WORD = /[A-Za-z_\u0080-\uffff@][\w$@\u0080-\uffff]*/y;
const NUMBER = /\d[\w.]*|\.\d\w*/y;
const DOLLAR = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
/** White space that is none for some servers, and characters without a glyph. */
const STRANGE = /(?![ \t\n\r\f])[\s\p{Cc}\p{Cf}\p{Zs}\p{Cs}]/u;

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** Where the quoted piece that starts at `start` ends; doubled quotes stand for one. */
function endOfQuote(text: string, start: number, close: string, hasBackslashes: boolean): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (hasBackslashes && text[at] === '\\') at += 1;
    else if (text[at] === close) {
      if (text[at + 1] !== close) return at + 1;
      at += 1;
    }
  }
  return text.length;
}

function endOfComment(text: string, start: number, nests: boolean): number {
  let depth = 1;
  let at = start + 2;
  while (at < text.length && depth > 0) {
    const pair = text.slice(at, at + 2);
    if (pair === '*/') depth -= 1;
    else if (pair === '/*' && nests) depth += 1;
    at += pair === '*/' || (pair === '/*' && nests) ? 2 : 1;
  }
  return at;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** Where the space or comment at `at` ends; `at` itself when there is none. */
export function skip(text: string, at: number, flavour: Flavour): number {
  const space = match(SPACE, text, at);
  if (space !== undefined) return at + space.length;
  const pair = text.slice(at, at + 2);
  if (pair === '--' && (!flavour.isMysql || /^[ \t\n\r\f]?$/.test(text.charAt(at + 2)))) return endOfLine(text, at);
  if (text[at] === '#' && flavour.hasHashComments) return endOfLine(text, at);
  if (pair === '/*') return endOfComment(text, at, flavour.nestsComments);
  return at;
}

export function readToken(text: string, at: number, flavour: Flavour, previous: Token | undefined): Token {
  const make = (kind: Token['kind'], end: number, from = at, to = end): Token => ({
    kind,
    text: text.slice(from, to),
    start: at,
    end,
  });
  const first = text.charAt(at);
  if (STRANGE.test(first)) return make('strange', at + 1);
  const close = flavour.nameQuotes[first] ?? (flavour.textQuotes.includes(first) ? first : undefined);
  if (close !== undefined) {
    const isText = flavour.textQuotes.includes(first);
    const isEscaped = previous?.end === at && /^e$/i.test(previous.text);
    const end = endOfQuote(text, at, close, isText && (flavour.hasBackslashes || isEscaped));
    return make(isText ? 'text' : 'name', end, at + 1, end - 1);
  }
  const tag = flavour.hasDollarQuotes ? match(DOLLAR, text, at) : undefined;
  if (tag !== undefined) {
    const end = text.indexOf(tag, at + tag.length);
    return end < 0 ? make('text', text.length, at + tag.length) : make('text', end + tag.length, at + tag.length, end);
  }
  const word = match(WORD, text, at);
  if (word !== undefined) return make(STRANGE.test(word) ? 'strange' : 'word', at + word.length);
  const number = match(NUMBER, text, at);
  if (number !== undefined) return make('number', at + number.length);
  return make('sign', at + (['||', '&&'].includes(text.slice(at, at + 2)) ? 2 : 1));
}

/** The pieces of SQL text, comments and white space left out. Never fails. */
export function readTokens(text: string, flavour: Flavour): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const next = skip(text, at, flavour);
    if (next > at) at = next;
    else {
      const token = readToken(text, at, flavour, tokens.at(-1));
      tokens.push(token);
      at = token.end;
    }
  }
  return tokens;
}

/** `calls`: how deep functions, CASE and INTERVAL stand in each other; `all`: with plain brackets. */
export function countDepth(tokens: readonly Token[]): { readonly all: number; readonly calls: number } {
  const open: boolean[] = [];
  const most = { all: 0, calls: 0 };
  let calls = 0;
  tokens.forEach(({ kind, text }, at) => {
    const word = kind === 'word' || kind === 'sign' ? text.toLowerCase() : '';
    const isCall = word === 'case' || word === 'interval' || tokens[at - 1]?.kind === 'word';
    if (['(', '[', '{', 'case', 'interval'].includes(word)) {
      open.push(isCall);
      calls += isCall ? 1 : 0;
    } else if ([')', ']', '}', 'end'].includes(word) && open.pop() === true) calls -= 1;
    most.all = Math.max(most.all, open.length);
    most.calls = Math.max(most.calls, calls);
  });
  return most;
}
