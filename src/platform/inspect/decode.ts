import { type Block, findBlocks } from './blocks.ts';
import { escapeAt, foldText, isPlain } from './escapes.ts';

/** A part of a text with its encoding undone. `end` is exclusive; both are offsets in the text as it was given. */
export interface Piece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Where each of its characters, and its end, comes from; without it all of it comes from the whole extent. */
  readonly offsets?: readonly number[];
}

export interface Decoded {
  readonly pieces: readonly Piece[];
  /** Part of it is binary, compressed or encrypted. */
  readonly unreadable: boolean;
  /** There was more to decode than is decoded. */
  readonly truncated: boolean;
}

interface Site {
  readonly at: number;
  readonly length: number;
  readonly stands: string;
}

const LAYERS = 2;
const MAX_PIECES = 2_000;
/** How much of the text around an escape is kept, so that words ahead of a number are seen. */
const AROUND = 96;
const HAS_DOT = /\sdot\s/i;
const SPELLED_DOT = /(?<=[\p{L}\d])\sdot\s(?=[\p{L}\d])/giu;
const SPELLED_AT = /(?<=[\p{L}\d])\sat\s(?=[\p{L}\d.-]{1,64}$)/iu;

/** `ada at example dot org`: the dots first, then the `at` within one word ahead of the first of them. */
function spelledSites(text: string): Site[] {
  if (!HAS_DOT.test(text)) return [];
  const sites: Site[] = [];
  let last = -AROUND;
  for (const dot of text.matchAll(SPELLED_DOT)) {
    if (dot.index - last > AROUND) {
      const from = Math.max(0, dot.index - AROUND);
      const at = SPELLED_AT.exec(text.slice(from, dot.index));
      if (at === null) continue;
      sites.push({ at: from + at.index, length: at[0].length, stands: '@' });
    }
    sites.push({ at: dot.index, length: dot[0].length, stands: '.' });
    last = dot.index;
  }
  return sites;
}

function escapeSites(text: string): Site[] {
  const sites: Site[] = [];
  for (let at = 0; at < text.length; at++) {
    if (isPlain(text.charCodeAt(at))) continue;
    const found = escapeAt(text, at);
    if (found === undefined) continue;
    const back = found.takesBlank === true && text.charAt(at - 1) === ' ' ? 1 : 0;
    sites.push({ at: at - back, length: found.length + back, stands: found.stands });
    at += found.length - 1;
  }
  return sites;
}

/** One stretch of text with all escapes in it undone. */
function toPiece(text: string, sites: readonly Site[]): Piece {
  const first = sites[0]?.at ?? 0;
  const last = sites.at(-1);
  const start = Math.max(0, first - AROUND);
  const end = Math.min(text.length, (last === undefined ? first : last.at + last.length) + AROUND);
  const offsets: number[] = [];
  let decoded = '';
  let at = start;
  const copyTo = (until: number): void => {
    decoded += text.slice(at, until);
    for (; at < until; at++) offsets.push(at);
  };
  for (const site of sites) {
    copyTo(site.at);
    const stands = foldText(site.stands);
    decoded += stands;
    for (let each = 0; each < stands.length; each++) offsets.push(site.at);
    at = site.at + site.length;
  }
  copyTo(end);
  offsets.push(end);
  return { text: decoded, start, end, offsets };
}

function escapedPieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  for (const sites of [escapeSites(text), spelledSites(text)]) {
    let group: Site[] = [];
    for (const site of sites) {
      const last = group.at(-1);
      if (last !== undefined && site.at - last.at - last.length > 2 * AROUND) {
        pieces.push(toPiece(text, group));
        group = [];
      }
      group.push(site);
    }
    if (group.length > 0) pieces.push(toPiece(text, group));
  }
  return pieces;
}

/** The extent in the text as given of a part of a piece. */
export function extentIn(piece: Piece, start: number, end: number): { start: number; end: number } {
  if (piece.offsets === undefined || end <= start) return { start: piece.start, end: piece.end };
  const from = piece.offsets[start] ?? piece.start;
  // The end of its last character is where the next one starts, or one further where nothing stood for it.
  return { start: from, end: Math.max(piece.offsets[end] ?? piece.end, from + 1) };
}

function within(outer: Piece, inner: Piece): Piece {
  if (inner.offsets === undefined) return { text: inner.text, ...extentIn(outer, inner.start, inner.end) };
  if (outer.offsets === undefined) return { text: inner.text, start: outer.start, end: outer.end };
  const { offsets } = outer;
  return {
    text: inner.text,
    ...extentIn(outer, inner.start, inner.end),
    offsets: inner.offsets.map((at) => offsets[at] ?? outer.end),
  };
}

function toPieces(block: Block): Piece[] {
  return block.text === undefined ? [] : [{ text: block.text, start: block.start, end: block.end }];
}

/** Undoes encodings up to two layers deep: percent, entities, backslashes, look-alikes, unseen characters, spelled signs, base64, hex. */
export function decodeLayers(text: string): Decoded {
  const pieces: Piece[] = [];
  let layer: readonly Piece[] = [{ text, start: 0, end: text.length }];
  let unreadable = false;
  for (let depth = 0; depth < LAYERS && layer.length > 0; depth++) {
    const next: Piece[] = [];
    for (const piece of layer) {
      const blocks = findBlocks(piece.text);
      unreadable ||= blocks.some((block) => block.text === undefined);
      const inner = [...escapedPieces(piece.text), ...blocks.flatMap(toPieces)];
      next.push(...(depth === 0 ? inner : inner.map((each) => within(piece, each))));
      if (pieces.length + next.length > MAX_PIECES)
        return { pieces: [...pieces, ...next].slice(0, MAX_PIECES), unreadable, truncated: true };
    }
    pieces.push(...next);
    layer = next;
  }
  return { pieces, unreadable, truncated: false };
}
