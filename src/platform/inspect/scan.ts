import { DATA_CLASSES, type DataClass } from '../../kernel/policy/data-classes.ts';
import { isBinaryText } from './blocks.ts';
import { decodeLayers, extentIn } from './decode.ts';
import { valueConfidence } from './field-values.ts';
import type { Finding, InspectAnswer, Path, Span } from './model.ts';
import { findPairs } from './pairs.ts';
import { findPersonal, settle } from './personal/find-personal.ts';
import { findSecrets } from './secrets/find-secrets.ts';
import { joinNeighbours, type Sheet, sharesOf, writeSheets } from './sheet.ts';
import { readStructure } from './structure.ts';
import { type Leaf, type Node, pathOf, type Walk, walkValue } from './walk.ts';

type Detector = (text: string) => readonly Span[];
const DETECTORS: readonly Detector[] = [findPersonal, findPairs, findSecrets];

const WINDOW = 65_536;
/** What a detector sees ahead of the first place whose findings count, and behind the last one. */
const AHEAD = 1_024;
const BEHIND = 7_168;
const MAX_FIELDS = 200;

/** How much is looked at and reported; more of it is `truncated`. */
export interface ScanLimits {
  readonly characters: number;
  readonly findings: number;
}
export const SCAN_LIMITS: ScanLimits = { characters: 8 * 1024 * 1024, findings: 50_000 };

/** Everything found in a text, read in windows that overlap. */
function detect(text: string): Span[] {
  if (text.length <= WINDOW) return settle(DETECTORS.flatMap((find) => find(text)));
  const spans: Span[] = [];
  const step = WINDOW - AHEAD - BEHIND;
  for (let from = 0; from < text.length; from += step) {
    const isLast = from + WINDOW >= text.length;
    const window = text.slice(from, from + WINDOW);
    for (const span of DETECTORS.flatMap((find) => find(window))) {
      const isOwn = (from === 0 || span.start >= AHEAD) && (isLast || span.start < AHEAD + step);
      if (isOwn) spans.push({ ...span, start: span.start + from, end: span.end + from });
    }
    if (isLast) break;
  }
  return settle(spans);
}

interface SheetReading {
  readonly spans: readonly Span[];
  readonly decoded: readonly Span[];
  readonly unreadable: boolean;
  readonly truncated: boolean;
}

/** Answers whether one of these findings says the same of the same place. */
class Known {
  readonly #byClass = new Map<DataClass, Span[]>();

  constructor(spans: readonly Span[]) {
    for (const span of spans) {
      const list = this.#byClass.get(span.class);
      if (list === undefined) this.#byClass.set(span.class, [span]);
      else list.push(span);
    }
  }

  has(span: Span): boolean {
    const list = this.#byClass.get(span.class) ?? [];
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((list[middle]?.end ?? 0) <= span.start) low = middle + 1;
      else high = middle;
    }
    const found = list[low];
    return found !== undefined && found.start < span.end && (found.confidence === 'high' || span.confidence === 'low');
  }
}

const none = (): readonly Span[] => [];

/** Plain findings, and those that are there only once an encoding is undone. */
function readSheet(
  text: string,
  fixed: readonly Span[],
  readForm: (text: string) => readonly Span[] = none,
): SheetReading {
  const spans = settle([...detect(text), ...fixed]);
  const { pieces, unreadable, truncated } = decodeLayers(text);
  const known = new Known(spans);
  const decoded = new Map<string, Span>();
  for (const piece of pieces) {
    // A block of base64 or hex is often a whole file.
    const form = piece.offsets === undefined ? readForm(piece.text) : [];
    for (const span of settle([...detect(piece.text), ...form])) {
      const found = { ...span, ...extentIn(piece, span.start, span.end) };
      if (!known.has(found)) decoded.set(`${found.class} ${found.start}`, found);
    }
  }
  return { spans, decoded: [...decoded.values()], unreadable, truncated };
}

interface Found {
  readonly node: Node;
  readonly span: Span;
  readonly isDecoded: boolean;
}

function toFindings(found: readonly Found[]): Finding[] {
  const paths = new Map<Node, Path>();
  return found.map(({ node, span, isDecoded }) => {
    const path = paths.get(node) ?? pathOf(node);
    paths.set(node, path);
    const { start, end, class: dataClass, kind, confidence } = span;
    return { start, end, class: dataClass, kind, confidence, path, isDecoded };
  });
}

class Scan {
  readonly #found: Found[] = [];
  readonly fields: Set<string>;
  readonly classes: Set<DataClass>;
  records: number;
  truncated: boolean;
  unreadable: boolean;
  readonly #walk: Walk;
  readonly #limits: ScanLimits;

  constructor(value: unknown, limits: ScanLimits) {
    const walk = walkValue(value);
    this.#walk = walk;
    this.#limits = limits;
    this.fields = new Set(walk.fields);
    this.classes = new Set(walk.classes);
    this.records = walk.records;
    this.truncated = walk.truncated;
    this.unreadable = walk.unreadable;
  }

  run(): InspectAnswer {
    const leaves = this.#withinLimit();
    for (const sheet of writeSheets(leaves)) this.#scanSheet(sheet);
    if (leaves.length > 1) this.#scanNeighbours(leaves);
    const found = this.#found.slice(0, this.#limits.findings);
    if (found.length < this.#found.length) this.truncated = true;
    return {
      findings: toFindings(found),
      fieldClasses: DATA_CLASSES.filter((each) => this.classes.has(each)),
      fields: [...this.fields].slice(0, MAX_FIELDS),
      records: this.records,
      truncated: this.truncated,
      unreadable: this.unreadable,
      obfuscated: found.some((each) => each.isDecoded),
      errors: [],
    };
  }

  #withinLimit(): readonly Leaf[] {
    let left = this.#limits.characters;
    const leaves: Leaf[] = [];
    for (const leaf of this.#walk.leaves) {
      if (leaf.text.length > left) this.truncated = true;
      if (left <= 0) break;
      leaves.push(leaf.text.length > left ? { ...leaf, text: leaf.text.slice(0, left) } : leaf);
      left -= leaf.text.length + leaf.name.length;
    }
    return leaves;
  }

  #scanSheet(sheet: Sheet): void {
    const fixed = sheet.parts.flatMap(({ leaf, start }) =>
      this.#readLeaf(leaf).map((span) => ({ ...span, start: span.start + start, end: span.end + start })),
    );
    const { spans, decoded, unreadable, truncated } = readSheet(sheet.text, fixed, (text) => this.#readForm(text));
    this.unreadable ||= unreadable;
    this.truncated ||= truncated;
    for (const span of spans) this.#add(sheet, span, false);
    for (const span of decoded) this.#add(sheet, span, true);
  }

  /** What the columns of a table and the keys of JSON in a text say. */
  #readForm(text: string): readonly Span[] {
    if (isBinaryText(text)) this.unreadable = true;
    const { fields, classes, records, spans } = readStructure(text);
    for (const field of fields) this.fields.add(field.toLowerCase());
    for (const each of classes) this.classes.add(each);
    this.records = Math.max(this.records, records);
    return spans;
  }

  #readLeaf(leaf: Leaf): readonly Span[] {
    const spans = this.#readForm(leaf.text);
    const confidence = leaf.class && valueConfidence(leaf.class, leaf.text, true);
    if (!leaf.class || !confidence) return spans;
    return [...spans, { start: 0, end: leaf.text.length, class: leaf.class, kind: 'field', confidence }];
  }

  #add(sheet: Sheet, span: Span, isDecoded: boolean): void {
    for (const { part, start, end } of sharesOf(sheet, span)) {
      this.#found.push({ node: part.leaf.node, span: { ...span, start, end }, isDecoded });
    }
  }

  /** A finding counts here only when it takes two texts to make it. */
  #scanNeighbours(leaves: readonly Leaf[]): void {
    const sheets = joinNeighbours(leaves);
    if (sheets.length === 0) return;
    const known = new Map<Node, Set<string>>();
    const isKnown = (node: Node, span: Span): boolean =>
      known.get(node)?.has(`${span.class} ${span.confidence}`) === true;
    const learn = (node: Node, span: Span): void => {
      const set = known.get(node) ?? new Set<string>();
      known.set(node, set.add(`${span.class} low`).add(`${span.class} ${span.confidence}`));
    };
    for (const { node, span } of this.#found) learn(node, span);
    for (const sheet of sheets) {
      const { spans, decoded } = readSheet(sheet.text, []);
      for (const span of [...spans, ...decoded]) {
        const parts = sharesOf(sheet, span).map(({ part }) => part);
        const isChance = parts.some(({ leaf }) => leaf.isNumber);
        const found: Span = isChance ? { ...span, confidence: 'low' } : span;
        if (parts.length < 2 || parts.some(({ leaf }) => isKnown(leaf.node, found))) continue;
        this.#add(sheet, found, false);
        for (const { leaf } of parts) learn(leaf.node, found);
      }
    }
  }
}

/** What a value holds: personal data, secrets, names of fields, records. Total: it answers for every value, and says what it left out. */
export function scanValue(value: unknown, limits: ScanLimits = SCAN_LIMITS): InspectAnswer {
  return new Scan(value, limits).run();
}
