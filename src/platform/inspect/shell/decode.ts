const SIMPLE: Record<string, string> = {
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
};
const ESCAPE = /\\(?:x\{?([0-9a-f]{1,6})\}?|u\{?([0-9a-f]{1,6})\}?|(0?[0-7]{1,3})|(.))/gis;

export interface Unescaped {
  readonly text: string;
  /** Whether characters were given by their numbers. */
  readonly isEncoded: boolean;
}

/** Escapes of `$'…'`, `echo -e`, `printf` and of strings in programs. */
export function unescape(text: string): Unescaped {
  let isEncoded = false;
  const decoded = text.replaceAll(ESCAPE, (all, hex?: string, point?: string, octal?: string, char?: string) => {
    if (char !== undefined) return SIMPLE[char] ?? all;
    isEncoded = true;
    return fromPoint(octal === undefined ? Number.parseInt(hex ?? point ?? '', 16) : Number.parseInt(octal, 8));
  });
  return { text: decoded, isEncoded };
}

export const fromPoint = (point: number): string =>
  Number.isInteger(point) && point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : '';

export function fromBase64(text: string): string {
  const bytes = Buffer.from(text, 'base64');
  // PowerShell encodes its commands as UTF-16.
  return bytes.length > 3 && bytes[1] === 0 && bytes[3] === 0 ? bytes.toString('utf16le') : bytes.toString('utf8');
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

function expandRanges(set: string): string[] {
  return [
    ...set.replaceAll(/([a-z0-9])-([a-z0-9])/gi, (_all, first: string, last: string) => {
      const start = first.charCodeAt(0);
      const length = Math.max(0, last.charCodeAt(0) - start + 1);
      return Array.from({ length }, (_, index) => String.fromCharCode(start + index)).join('');
    }),
  ];
}
