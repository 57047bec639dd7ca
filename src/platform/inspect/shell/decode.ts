const SIMPLE: ReadonlyMap<string | undefined, string> = new Map(
  Object.entries({
    n: '\n',
    t: '\t',
    r: '\r',
    a: '\u0007',
    b: '\b',
    e: '\u001b',
    f: '\f',
    v: '\v',
    '\\': '\\',
    "'": "'",
    '"': '"',
    '?': '?',
  }),
);
const ESCAPE =
  /\\(?:[xu]\{([0-9a-fA-F]{1,6})\}|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|(0?[0-7]{1,3})|(.))/sy;

export interface Unescaped {
  readonly text: string;
  /** Whether characters were given by their numbers. */
  readonly isEncoded: boolean;
}

/** Escapes of `$'…'`, `echo -e`, `printf` and of strings in programs. */
export function unescape(text: string): Unescaped {
  const parts: string[] = [];
  let isEncoded = false;
  let done = 0;
  for (let at = text.indexOf('\\'); at !== -1; at = text.indexOf('\\', done)) {
    ESCAPE.lastIndex = at;
    const [all = '\\', braced, byte, short, long, octal, char] = ESCAPE.exec(text) ?? [];
    const digits = braced ?? byte ?? short ?? long ?? octal;
    if (digits !== undefined) isEncoded = true;
    const decoded =
      digits === undefined ? SIMPLE.get(char) : fromPoint(Number.parseInt(digits, octal === undefined ? 16 : 8));
    parts.push(text.slice(done, at), decoded ?? all);
    done = at + all.length;
  }
  return { text: parts.join('') + text.slice(done), isEncoded };
}

export const fromPoint = (point: number): string =>
  Number.isInteger(point) && point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : '';

export function fromBase64(text: string): string {
  const bytes = Buffer.from(text, 'base64');
  // PowerShell encodes its commands as UTF-16.
  return bytes[1] === 0 && bytes[3] === 0 ? bytes.toString('utf16le') : bytes.toString('utf8');
}

export const fromHex = (text: string): string =>
  Buffer.from(text.replaceAll(/0x|[^0-9a-f]/gi, ''), 'hex').toString('utf8');

export const reversed = (text: string): string => [...text].reverse().join('');

/** As `tr FROM TO` does. */
export function translated(text: string, from: string, to: string): string {
  const target = expandRanges(to);
  const last = target.at(-1) ?? '';
  const table = new Map(expandRanges(from).map((char, index) => [char, target[index] ?? last]));
  return [...text].map((char) => table.get(char) ?? char).join('');
}

const MAX_SET = 512;

function expandRanges(set: string): string[] {
  return [
    ...set.slice(0, MAX_SET).replaceAll(/([a-z0-9])-([a-z0-9])/gi, (_all, first: string, last: string) => {
      const start = first.charCodeAt(0);
      const length = Math.max(0, last.charCodeAt(0) - start + 1);
      return Array.from({ length }, (_, index) => String.fromCharCode(start + index)).join('');
    }),
  ];
}
