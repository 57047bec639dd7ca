import { EXTENSIONS, READABLE, WRITABLE } from './words.ts';

export interface Mark {
  readonly kind: 'quoted' | 'path' | 'url' | 'email' | 'zone';
  readonly value: string;
  /** Called a folder in the sentence, whatever it looks like. */
  readonly isFolder?: boolean;
}

const LETTER = { quoted: 'q', path: 'p', url: 'u', email: 'e', zone: 'z' } as const;
export const QUOTED = '‹q\\d+›';
export const PATH = '‹p\\d+›';
export const URL_MARK = '‹u\\d+›';
export const EMAIL = '‹e\\d+›';
export const ZONE = '‹z\\d+›';
/** One word that may be a column or a value. */
export const WORD = '[\\p{L}\\p{N}_$#%](?:[\\p{L}\\p{N}_.$#%&/-]*[\\p{L}\\p{N}_$#%])?';

const NOT_PATHS =
  /^(?:and\/or|n\/a|w\/o|w\/|24\/7|he\/she|his\/her|yes\/no|true\/false|in\/out|input\/output|read\/write|\d+\/\d+(?:\/\d+)?|\/)$/i;
const VALUE_BEFORE =
  /\b(?:is|are|equals?|contains?|containing|includes?|not|with|than|starts?|ends?|columns?|rename|values?|by|or)\s*$/i;
const NO_FOLDER_NAME =
  '(?:the|a|an|my|our|your|its|this|that|these|those|same|another|other|each|every|one|single|whole|entire|source|destination|target|new|separate|all|any|of|in|into|to|from|on|at|by|for|with|and|or|as|than|folder|directory|which|where|is|are|be|per|up|files?|monthly|daily|weekly|yearly|dated|organi[sz]e|tidy|clean|sort|move|copy|back|backup|merge|combine|archive|delete|empty|current|working)';
const NO_FOLDER_AFTER =
  '(?:and|or|to|into|in|from|on|at|by|for|with|where|that|which|is|are|every|each|daily|weekly|monthly|hourly|nightly|older|newer|larger|smaller|bigger|including|recursively|as|than|then|of|if|when|once|per|called|named|so|structure|files?|the|a|an|it|contents?|whose|using|based|except|without|not|empty|merge|move|delete|copy|organi[sz]e|sort|report|summari[sz]e|count|one|also|but|must|should|will|has|have)';

/** A sentence in which quoted parts, paths, addresses and time zones are marks, so that patterns see only words. */
export class Text {
  readonly #marks: Mark[] = [];
  rest: string;

  constructor(sentence: string) {
    const plain = sentence
      .normalize('NFC')
      .replace(/[‹›¦]/g, ' ')
      .replace(/[“”„«»]/g, '"')
      .replace(/[‘’]/g, "'")
      .replace(/[–—]/g, ' - ');
    this.rest = this.#markFolders(this.#markTokens(this.#markQuotes(plain))).replace(/[ \t]+/g, ' ');
  }

  /** Takes the first match out of the sentence and leaves a gap. */
  take(source: string): RegExpExecArray | undefined {
    const found = this.find(source);
    if (found !== undefined) this.cut(found.index, found.index + found[0].length);
    return found;
  }

  /** Like `find`, from a place in the sentence on. */
  findFrom(from: number, source: string): RegExpExecArray | undefined {
    const pattern = new RegExp(source, 'giu');
    pattern.lastIndex = Math.max(from, 0);
    return pattern.exec(this.rest) ?? undefined;
  }

  takeFrom(from: number, source: string): RegExpExecArray | undefined {
    const found = this.findFrom(from, source);
    if (found !== undefined) this.cut(found.index, found.index + found[0].length);
    return found;
  }

  takeAll(source: string): RegExpExecArray[] {
    const all: RegExpExecArray[] = [];
    for (let found = this.take(source); found !== undefined; found = this.take(source)) all.push(found);
    return all;
  }

  find(source: string): RegExpExecArray | undefined {
    return new RegExp(source, 'iu').exec(this.rest) ?? undefined;
  }

  /** A match that begins exactly at `from`. */
  matchAt(from: number, source: string): RegExpExecArray | undefined {
    const pattern = new RegExp(source, 'iuy');
    pattern.lastIndex = from;
    return pattern.exec(this.rest) ?? undefined;
  }

  has(source: string): boolean {
    return this.find(source) !== undefined;
  }

  cut(from: number, to: number): void {
    // Same length, so that places in the sentence stay comparable.
    this.rest = `${this.rest.slice(0, from)}${'¦'.padEnd(to - from)}${this.rest.slice(to)}`;
  }

  mark(token: string): Mark | undefined {
    const id = /^‹[qpuez](\d+)›$/.exec(token.trim())?.[1];
    return id === undefined ? undefined : this.#marks[Number(id)];
  }

  /** What the user wrote for a token: the inside of quotes, the path, or the word itself. */
  value(token: string): string {
    return this.mark(token)?.value ?? token.trim();
  }

  /** A stretch of the sentence as the user wrote it. */
  plain(stretch: string): string {
    return stretch
      .replace(/‹[qpuez]\d+›/g, (token) => (token.startsWith('‹q') ? `"${this.value(token)}"` : this.value(token)))
      .replace(/[\s¦]+/g, ' ')
      .trim();
  }

  #add(mark: Mark): string {
    this.#marks.push(mark);
    return `‹${LETTER[mark.kind]}${this.#marks.length - 1}›`;
  }

  #markQuotes(text: string): string {
    return text.replace(
      /"([^"\n]*)"|`([^`\n]*)`|(?<![\p{L}\p{N}])'([^'\n]+)'(?![\p{L}\p{N}])/gu,
      (whole, ...groups) => {
        const [double, back, single, index] = groups as [string?, string?, string?, number?];
        const value = double ?? back ?? single ?? '';
        const isPath = isPathLike(value) && !VALUE_BEFORE.test(text.slice(0, index));
        return whole === '""' || value === '' ? ' ' : this.#add({ kind: isPath ? 'path' : 'quoted', value });
      },
    );
  }

  #markTokens(text: string): string {
    const grouped = text.replace(/(?<=\d),(?=\d{3}(?!\d))/g, '').replace(/["`]/g, ' ');
    return grouped.replace(/[^\s‹›]+/g, (token) => {
      const core = token.replace(/^[([{]+/, '').replace(/[\])},;:!?.]+$/, '');
      const kind = core === '' ? undefined : kindOf(core);
      if (kind === undefined) return token;
      const at = token.indexOf(core);
      return `${token.slice(0, at)}${this.#add({ kind, value: core })}${token.slice(at + core.length)}`;
    });
  }

  #markFolders(text: string): string {
    const word = '[\\p{L}\\p{N}_][\\p{L}\\p{N}_.-]*';
    const name = `(?<![\\p{L}\\p{N}_.-])(‹[qp]\\d+›|(?!${NO_FOLDER_NAME}\\b)${word})`;
    const after = `(‹[qp]\\d+›|(?!${NO_FOLDER_AFTER}\\b)${word})`;
    const toFolder = (_: string, token: string): string =>
      this.#add({ kind: 'path', value: this.value(token), isFolder: true });
    return text
      .replace(new RegExp(`(?<=\\b(?:the|my|our|your)\\s+)${name}\\s+(?:sub)?(?:folder|directory)\\b`, 'giu'), toFolder)
      .replace(
        new RegExp(`(?<!‹p\\d+›\\s)\\b(?:folder|directory)\\s+(?:(?:called|named)\\s+)?${after}(?!\\w)`, 'giu'),
        toFolder,
      )
      .replace(new RegExp(`${name}\\s+(?:folder|directory)\\b`, 'giu'), toFolder);
  }
}

function kindOf(token: string): Mark['kind'] | undefined {
  if (/^https?:\/\/\S+$/i.test(token) || /^s3:\/\/\S+$/i.test(token)) return 'url';
  if (/^[^@\s/]+@[^@\s/]+\.[^@\s/]+$/.test(token)) return 'email';
  if (isTimeZone(token)) return 'zone';
  return isPathLike(token) ? 'path' : undefined;
}

export function isTimeZone(name: string): boolean {
  if (!/^[A-Z][A-Za-z]+(?:\/[A-Z][A-Za-z0-9_+-]*)+$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function isPathLike(token: string): boolean {
  if (NOT_PATHS.test(token) || /^[<>=!]+$/.test(token)) return false;
  if (/[/\\]/.test(token)) return !token.split('/').every((part) => isFormat(part));
  if (token.includes('*')) return token.length > 1;
  const extension = /^.+\.([A-Za-z0-9]+)$/.exec(token)?.[1];
  return extension !== undefined && EXTENSIONS.has(extension.toLowerCase());
}

function isFormat(word: string): boolean {
  const lower = word.toLowerCase();
  return lower in READABLE || lower in WRITABLE;
}
