import type { Span } from './model.ts';
import type { Leaf } from './walk.ts';

/** Where a leaf lies in a sheet. */
export interface Part {
  readonly leaf: Leaf;
  readonly start: number;
  readonly end: number;
}

/** Several short texts written into one, or one long text, so that detectors run over few texts. */
export interface Sheet {
  readonly text: string;
  readonly parts: readonly Part[];
}

const LONG = 2_048;
const LONG_NAME = 64;
const SHEET = 32_768;
/** Neither a blank between digits nor part of a word: nothing is found across it. */
const BETWEEN = '\n|\n';

class Writer {
  readonly sheets: Sheet[] = [];
  private chunks: string[] = [];
  private parts: Part[] = [];
  private length = 0;

  write(ahead: string, leaf: Leaf, behind: string): void {
    const start = this.length + ahead.length;
    this.chunks.push(ahead, leaf.text, behind);
    this.parts.push({ leaf, start, end: start + leaf.text.length });
    this.length = start + leaf.text.length + behind.length;
    if (this.length >= SHEET) this.close();
  }

  separate(): void {
    this.chunks.push(BETWEEN);
    this.length += BETWEEN.length;
  }

  close(): void {
    if (this.parts.length > 0) this.sheets.push({ text: this.chunks.join(''), parts: this.parts });
    this.chunks = [];
    this.parts = [];
    this.length = 0;
  }
}

/** Every leaf with its name ahead, so that the name counts among the words around. */
export function writeSheets(leaves: readonly Leaf[]): Sheet[] {
  const writer = new Writer();
  const long: Sheet[] = [];
  for (const leaf of leaves) {
    if (leaf.text.length > LONG) long.push({ text: leaf.text, parts: [{ leaf, start: 0, end: leaf.text.length }] });
    else if (leaf.name === '' || leaf.name.length > LONG_NAME) writer.write('', leaf, BETWEEN);
    else writer.write(`${leaf.name}="`, leaf, `"${BETWEEN}`);
  }
  writer.close();
  return [...writer.sheets, ...long];
}

const SHORT = 64;
/** In a value of more texts than this, texts belong together only where they stand in one list or object. */
const FEW = 40;
const MAX_GROUP = 64;
const MAX_GROUPS = 20;
/** A blank first: it keeps the groups of a number apart, as people write them. */
const JOINERS = [' ', '', '-'];

/** Short texts that follow each other: a value may have been split over them. Rows of tables are left out, where cards arise by chance. */
function groupsOf(leaves: readonly Leaf[]): Leaf[][] {
  const groups: Leaf[][] = [];
  const isSmall = leaves.length <= FEW;
  let group: Leaf[] = [];
  for (const leaf of leaves) {
    if (leaf.text.length > SHORT || leaf.node.isInRow) {
      group = [];
      continue;
    }
    const isNext =
      group.length > 0 && group.length < MAX_GROUP && (isSmall || group[0]?.node.parent === leaf.node.parent);
    if (isNext) group.push(leaf);
    else groups.push((group = [leaf]));
  }
  return groups.filter((each) => each.length > 1).slice(0, MAX_GROUPS);
}

export function joinNeighbours(leaves: readonly Leaf[]): Sheet[] {
  const groups = groupsOf(leaves);
  return JOINERS.flatMap((joiner) => {
    const writer = new Writer();
    for (const group of groups) {
      for (const [index, leaf] of group.entries()) writer.write(index === 0 ? '' : joiner, leaf, '');
      writer.separate();
    }
    writer.close();
    return writer.sheets;
  });
}

/** The parts that a span touches, each with the share of the span that lies in it. */
export function sharesOf(sheet: Sheet, span: Span): { part: Part; start: number; end: number }[] {
  const { parts } = sheet;
  let low = 0;
  let high = parts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((parts[middle]?.end ?? 0) <= span.start) low = middle + 1;
    else high = middle;
  }
  const shares: { part: Part; start: number; end: number }[] = [];
  for (let at = low; at < parts.length; at++) {
    const part = parts[at];
    if (part === undefined || part.start >= span.end) break;
    const start = Math.max(span.start, part.start) - part.start;
    const end = Math.min(span.end, part.end) - part.start;
    if (end > start) shares.push({ part, start, end });
  }
  return shares;
}
