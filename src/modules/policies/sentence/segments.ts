import { allOf } from './cel.ts';
import { isLink, isMark } from './clauses.ts';
import type { Item } from './item.ts';
import { addValue, fits, valuesOf, type Facet, type Kind, type Parts, type Value } from './parts.ts';
import { ANY_ACTION } from './words-traits.ts';

/** One of the things that a clause is about: all of its parts together. */
export interface Segment {
  parts: Parts;
  /** Values that "only", "must" or "limit" speaks of. */
  focus: Value[];
  except: Parts[];
  order: Value[];
}

type Link = 'and' | 'or' | 'comma';
type Section = 'main' | 'not' | 'except';

const TARGETS: readonly Facet[] = ['op', 'kind', 'data', 'word', 'sql'];
/** Places are things as well: "reading keys, `.env` files and anything under `secrets/`". */
const PLACES: readonly Facet[] = ['table', 'path', 'filetype', 'storage', 'tool'];
const EMPTY: Parts = new Map();

function makeSegment(): Segment {
  return { parts: EMPTY, focus: [], except: [], order: [] };
}

export function kindsIn(parts: Parts): Kind[] {
  return (parts.get('kind') ?? []).flatMap(({ kind }) => (kind === undefined ? [] : [kind]));
}

function both(first: Value, second: Value): Value {
  const text = `${first.text} ${first.facet === 'time' ? '' : 'and '}${second.text}`;
  const [a = '', b = ''] = [first.some, second.some].map((some) => (typeof some === 'string' ? some : ''));
  return { facet: first.facet, text, some: allOf(a, b) };
}

/** Reads items into segments: the same facet in a row means "one of", another facet means "and also". */
export class Reader {
  readonly segments: Segment[] = [makeSegment()];
  /** Exceptions of the whole clause. */
  readonly except: Parts[] = [];
  #section: Section = 'main';
  #link: Link | undefined;
  /** How the value that is being placed is linked. */
  #joins: Link | undefined;
  #last: Value | undefined;
  #isFocused = false;
  /** What stands before the verdict holds for everything behind it. */
  #subject: readonly Value[] = [];

  get #current(): Segment {
    const last = this.segments.at(-1);
    if (last !== undefined) return last;
    const first = makeSegment();
    this.segments.push(first);
    return first;
  }

  focus(isFocused: boolean): void {
    this.#isFocused = isFocused;
  }

  read(item: Item): void {
    if (isLink(item)) this.#link = isMark(item, 'and') ? 'and' : isMark(item, 'or') ? 'or' : 'comma';
    else if (isMark(item, 'not')) this.#section = this.#section === 'except' ? 'except' : 'not';
    else if (isMark(item, 'except')) {
      this.#section = 'except';
      this.except.push(EMPTY);
      this.#link = undefined;
    } else if (isMark(item, 'if') || item.kind === 'effect') {
      this.#link = undefined;
      if (item.kind === 'effect' && this.segments.length === 1) this.#subject = [...this.#current.order];
    } else if (isMark(item, 'may', 'must') && this.#section === 'except' && this.#current.order.length === 0) {
      this.#section = 'main';
      this.#link = undefined;
    } else if (item.kind === 'value') this.#place(item.value);
  }

  #place(value: Value): void {
    const link = this.#link;
    const isSame = this.#last?.facet === value.facet;
    this.#link = undefined;
    this.#joins = link;
    if (this.#section === 'except') this.#placeException(value, link, isSame);
    else if (
      this.#section === 'not' &&
      !(link !== undefined && !isSame) &&
      !(link === undefined && isNegated(this.#current, this.#last) && !isSame)
    )
      this.#placeNegated(value, link);
    else {
      this.#section = 'main';
      this.#placeMain(value, link, isSame);
    }
    this.#last = value;
  }

  #placeException(value: Value, link: Link | undefined, isSame: boolean): void {
    const group = this.except.at(-1) ?? EMPTY;
    const isNarrowing = link === undefined && isSame && value.facet === 'time';
    if (isNarrowing || (link === 'and' && isSame && value.facet === 'declared'))
      this.except.splice(-1, 1, withBoth(group, value));
    else if (link !== undefined && !isSame && group.size > 0) this.except.push(addValue(EMPTY, value));
    else this.except.splice(-1, 1, addValue(group, value));
  }

  #placeNegated(value: Value, link: Link | undefined): void {
    const segment = this.#current;
    const last = segment.except.at(-1);
    if (value.opposite !== undefined && !segment.parts.has(value.facet)) this.#add(segment, value.opposite(), true);
    else if (link !== undefined && last !== undefined && value.facet === 'declared')
      segment.except.splice(-1, 1, withBoth(last, value));
    else if (link !== undefined && last?.has(value.facet) === true) segment.except.splice(-1, 1, addValue(last, value));
    else segment.except.push(addValue(EMPTY, value));
  }

  #placeMain(value: Value, link: Link | undefined, isSame: boolean): void {
    const segment = this.#current;
    const hasThing = segment.order.some(({ facet }) => TARGETS.includes(facet) || PLACES.includes(facet));
    // "At night, deletes are denied": what comes first only says when.
    const isOpening = link === 'comma' && !hasThing && segment.order.length > 0;
    if (link === undefined || isSame || isOpening || segment.order.length === 0)
      return this.#add(segment, value, link === undefined);
    const isTarget = TARGETS.includes(value.facet);
    if (PLACES.includes(value.facet) && this.#last !== undefined && isThing(this.#last))
      return this.#open(value, 'verb');
    const startsWithData = segment.order[0]?.facet === 'data' || segment.order[0]?.facet === 'word';
    if (isTarget && (value.facet !== 'data' || startsWithData)) return this.#open(value, 'subject');
    if (link === 'or') return this.#open(value, 'target');
    return this.#add(segment, value, true);
  }

  #open(value: Value, inherits: 'verb' | 'target' | 'subject'): void {
    const before = this.#current;
    const segment = makeSegment();
    this.segments.push(segment);
    const isInherited = ({ facet }: Value): boolean =>
      inherits === 'verb' ? facet === 'op' : inherits === 'target' && TARGETS.includes(facet);
    const kept = before.order.filter((each) => isInherited(each) || this.#subject.includes(each));
    for (const each of kept.filter(({ facet }) => facet !== value.facet)) {
      segment.parts = addValue(segment.parts, each);
      segment.order.push(each);
      if (before.focus.includes(each)) segment.focus.push(each);
    }
    this.#add(segment, value, false);
  }

  #add(segment: Segment, value: Value, isAlone: boolean): void {
    const last = this.#last;
    const isSame = last?.facet === value.facet && segment.parts.has(value.facet);
    const isDemanded = value.facet === 'declared' && this.#joins === 'and';
    if (isSame && ((isAlone && value.facet === 'time') || isDemanded)) {
      segment.parts = withBoth(segment.parts, value);
      if (this.#isFocused) segment.focus.push(...(segment.parts.get(value.facet) ?? []));
    } else
      segment.parts =
        value.kind !== undefined && isAlone ? addKind(segment.parts, value) : addValue(segment.parts, value);
    segment.order.push(value);
    if (this.#isFocused) segment.focus.push(value);
  }
}

function isThing({ facet }: Value): boolean {
  return PLACES.includes(facet) || ['data', 'word', 'kind'].includes(facet);
}

function isNegated(segment: Segment, last: Value | undefined): boolean {
  return last !== undefined && segment.except.some((group) => group.get(last.facet)?.includes(last) === true);
}

function withBoth(group: Parts, value: Value): Parts {
  const before = group.get(value.facet) ?? [];
  const last = before.at(-1);
  return new Map([...group, [value.facet, last === undefined ? [value] : [...before.slice(0, -1), both(last, value)]]]);
}

const LEADING: readonly (Kind | undefined)[] = ['payment', 'refund', 'deploy', 'permission', 'sql'];
const ATTACHED: Value = {
  facet: 'message',
  text: 'with attachments',
  some: 'message.attachments > 0',
  family: 'email',
};

/** Something is sent one way: of two families without "or" between them one is meant, and a file in an e-mail is an attachment. */
function addKind(parts: Parts, value: Value): Parts {
  const [first, ...more] = parts.get('kind') ?? [];
  if (first === undefined || more.length > 0 || first.kind === value.kind) return addValue(parts, value);
  if (LEADING.includes(first.kind) || value.kind === 'file' || value.kind === 'message') return parts;
  const replaced: Parts = new Map([...parts, ['kind', [value]]]);
  return first.kind === 'file' && value.kind === 'email' ? addValue(replaced, ATTACHED) : replaced;
}

function hasOwnQualifier(segment: Segment): boolean {
  return segment.order.some(({ facet }) => !TARGETS.includes(facet)) || segment.except.length > 0;
}

/** Qualifiers after the last thing, or before the first, hold for all of them, where they make sense. */
export function distribute(segments: readonly Segment[]): void {
  const last = segments.at(-1);
  if (segments.length < 2 || last === undefined) return;
  const trailing = last.order.filter(({ facet }) => !TARGETS.includes(facet));
  for (const segment of segments.slice(0, -1).filter((each) => !hasOwnQualifier(each))) {
    const kinds = impliedKinds(segment);
    for (const value of trailing.filter(({ facet }) => fits(facet, kinds))) {
      segment.parts = addValue(segment.parts, value);
      if (last.focus.includes(value)) segment.focus.push(value);
    }
    for (const group of last.except.filter((each) => [...each.keys()].every((facet) => fits(facet, kinds))))
      segment.except.push(group);
  }
  const first = segments[0];
  if (first === undefined) return;
  const target = first.order.findIndex(({ facet }) => TARGETS.includes(facet));
  const leading = target < 0 ? [] : first.order.slice(0, target);
  for (const segment of segments.slice(1)) {
    const kinds = impliedKinds(segment);
    for (const value of leading.filter(({ facet }) => fits(facet, kinds) && !segment.parts.has(facet)))
      segment.parts = addValue(segment.parts, value);
  }
  inheritKinds(segments);
}

function impliedKinds({ parts }: Segment): Kind[] {
  const own = kindsIn(parts);
  return own.length > 0 ? own : valuesOf(parts).flatMap(({ family }) => (family === undefined ? [] : [family]));
}

/** "Read files or delete them", "reading or deleting files": a verb without an object takes that of its neighbour. */
function inheritKinds(segments: readonly Segment[]): void {
  for (const [index, segment] of segments.entries()) {
    if (!segment.parts.has('op') || impliedKinds(segment).length > 0 || segment.parts.has('data')) continue;
    const neighbour = segments[index + 1] ?? segments[index - 1];
    for (const value of neighbour?.parts.get('kind') ?? []) segment.parts = addValue(segment.parts, value);
  }
}

/** "Any action" says nothing beside something else. */
export function withoutAny(parts: Parts, isExcepting = false): Parts {
  const traits = (parts.get('trait') ?? []).filter(({ text }) => text !== ANY_ACTION);
  if ((valuesOf(parts).length <= 1 && !isExcepting) || traits.length === (parts.get('trait') ?? []).length)
    return parts;
  const others = new Map([...parts].filter(([facet]) => facet !== 'trait'));
  return traits.length === 0 ? others : others.set('trait', traits);
}
