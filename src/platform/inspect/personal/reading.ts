import { LEXICON, type Topic } from './lexicon.ts';

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Digits with separators of at most three characters between them; `digits` counts them. */
export interface Zone extends Range {
  readonly digits: number;
}

/** What one pass over a text notes for all detectors, so that none of them has to look at every character again. */
export interface Reading {
  readonly text: string;
  readonly ats: readonly number[];
  readonly zones: readonly Zone[];
  /** Runs of ASCII letters and digits that hold both. */
  readonly tokens: readonly Range[];
  readonly colons: readonly number[];
  readonly words: ReadonlyMap<Topic, readonly Range[]>;
}

const LETTER = 1;
const DIGIT = 2;
const GAP = 4;
const AT = 8;
const COLON = 16;
const MIN_ZONE_DIGITS = 4;
const MAX_GAP = 3;
const NONE: readonly Range[] = [];

const KINDS = new Uint8Array(128);
for (let code = 0; code < 26; code++) KINDS[65 + code] = KINDS[97 + code] = LETTER;
for (let code = 48; code < 58; code++) KINDS[code] = DIGIT;
for (const gap of ' -.,/()_\t\n\r') KINDS[gap.charCodeAt(0)] = GAP;
KINDS[64] = AT;
KINDS[58] = COLON;

interface Entry {
  readonly topic: Topic;
  readonly words: readonly string[];
}

/** Of the letters that a word starts with: digits end a word of the text. */
function hashOf(word: string): number {
  let hash = 0;
  for (let at = 0; at < word.length && kindOf(word.charCodeAt(at)) === LETTER; at++)
    hash = (Math.imul(hash, 31) + (word.charCodeAt(at) | 32)) | 0;
  return hash;
}

function entriesByHash(): Map<number, Entry[]> {
  const entries = new Map<number, Entry[]>();
  for (const [topic, phrases] of Object.entries(LEXICON) as [Topic, string][]) {
    for (const phrase of phrases.split('|')) {
      const words = phrase.split(' ');
      const hash = hashOf(words[0] ?? '');
      entries.set(hash, [...(entries.get(hash) ?? []), { topic, words }]);
    }
  }
  return entries;
}
const ENTRIES = entriesByHash();

function kindOf(code: number): number {
  if (code < 128) return KINDS[code] ?? 0;
  if (code === 0xa0 || code === 0x202f || (code >= 0x2000 && code <= 0x200a) || code === 0x2011 || code === 0x2013)
    return GAP;
  return code >= 0xc0 && (code < 0x2000 || code > 0x303f) && code < 0xd800 ? LETTER : 0;
}

/** The end of a phrase that starts at `start`, or -1: its words may be apart by up to three characters that are no letters. */
function phraseEnd(text: string, start: number, words: readonly string[]): number {
  let at = start;
  for (const [index, word] of words.entries()) {
    if (index > 0) {
      const from = at;
      while (at < text.length && at - from < MAX_GAP && (kindOf(text.charCodeAt(at)) & (LETTER | DIGIT)) === 0) at++;
      if (at === from) return -1;
    }
    if (text.slice(at, at + word.length).toLowerCase() !== word) return -1;
    at += word.length;
  }
  return at < text.length && kindOf(text.charCodeAt(at)) === LETTER ? -1 : at;
}

class Reader implements Reading {
  readonly ats: number[] = [];
  readonly zones: Zone[] = [];
  readonly tokens: Range[] = [];
  readonly colons: number[] = [];
  readonly words = new Map<Topic, Range[]>();
  private zoneStart = -1;
  private zoneEnd = -1;
  private zoneDigits = 0;

  constructor(readonly text: string) {}

  read(): Reading {
    const { text } = this;
    let at = 0;
    while (at < text.length) {
      const kind = kindOf(text.charCodeAt(at));
      if (kind === LETTER || kind === DIGIT) at = this.readToken(at);
      else {
        if (kind === AT) this.ats.push(at);
        else if (kind === COLON) this.colons.push(at);
        if (this.zoneStart >= 0 && (kind !== GAP || at - this.zoneEnd >= MAX_GAP)) this.closeZone();
        at++;
      }
    }
    this.closeZone();
    return this;
  }

  private readToken(start: number): number {
    const { text } = this;
    let at = start;
    let seen = 0;
    while (at < text.length) {
      const kind = kindOf(text.charCodeAt(at));
      if (kind === LETTER) {
        this.closeZone();
        at = this.readWord(at);
      } else if (kind === DIGIT) {
        const from = at;
        while (at < text.length && kindOf(text.charCodeAt(at)) === DIGIT) at++;
        if (this.zoneStart < 0) this.zoneStart = from;
        this.zoneDigits += at - from;
        this.zoneEnd = at;
      } else break;
      seen |= kind;
    }
    if (seen === (LETTER | DIGIT)) this.tokens.push({ start, end: at });
    return at;
  }

  private readWord(start: number): number {
    const { text } = this;
    let at = start;
    let hash = 0;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (kindOf(code) !== LETTER) break;
      hash = (Math.imul(hash, 31) + (code | 32)) | 0;
    }
    const entries = ENTRIES.get(hash);
    if (entries !== undefined) this.note(entries, start);
    return at;
  }

  private note(entries: readonly Entry[], start: number): void {
    for (const { topic, words } of entries) {
      const end = phraseEnd(this.text, start, words);
      if (end < 0) continue;
      const found = this.words.get(topic) ?? [];
      const last = found.at(-1);
      // `cvc2` is longer than `cvc`.
      if (last?.start === start && last.end >= end) continue;
      if (last?.start === start) found.pop();
      this.words.set(topic, found);
      found.push({ start, end });
    }
  }

  private closeZone(): void {
    if (this.zoneDigits >= MIN_ZONE_DIGITS) {
      this.zones.push({ start: this.zoneStart, end: this.zoneEnd, digits: this.zoneDigits });
    }
    this.zoneStart = -1;
    this.zoneDigits = 0;
  }
}

export function readText(text: string): Reading {
  return new Reader(text).read();
}

/** The word of these topics that stands closest: it ends at most `before` ahead of `start`, or starts at most `after` behind `end`. */
export function findNear(
  reading: Reading,
  topics: readonly Topic[],
  range: Range,
  before: number,
  after = 0,
): Range | undefined {
  let best: Range | undefined;
  let distance = Infinity;
  for (const topic of topics) {
    const words = reading.words.get(topic) ?? NONE;
    let low = 0;
    let high = words.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((words[middle]?.start ?? 0) < range.start - before - 40) low = middle + 1;
      else high = middle;
    }
    for (let index = low; index < words.length; index++) {
      const word = words[index];
      if (word === undefined || word.start > range.end + after) break;
      const away = word.end <= range.start ? range.start - word.end : Math.max(0, word.start - range.end);
      const allowed = word.start < range.start ? before : after;
      if (away <= allowed && away < distance) [best, distance] = [word, away];
    }
  }
  return best;
}

export function isNear(reading: Reading, topics: readonly Topic[], range: Range, before: number, after = 0): boolean {
  return findNear(reading, topics, range, before, after) !== undefined;
}
