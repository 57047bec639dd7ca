import { isQuoted, show } from './name.ts';
import { isFacet, type Item, type Rename } from './item.ts';
import type { Facet, Kind, Value } from './parts.ts';
import { quote } from './cel.ts';
import { toWordValue } from './words-data.ts';
import { toChannel, toDomain, toMailDomain } from './words-outside.ts';
import { toModel, toTool } from './words-tools.ts';
import { toStore } from './words-stores.ts';

function isMark(item: Item | undefined, ...marks: readonly string[]): boolean {
  return item?.kind === 'mark' && marks.includes(item.mark);
}

export function isLink(item: Item | undefined): boolean {
  return isMark(item, 'and', 'or', 'comma');
}

function decides(item: Item): boolean {
  return item.kind === 'effect' || isMark(item, 'only', 'limit', 'requires', 'readonly', 'protect', 'must');
}

/** The clause that is being read, and where in it the first item of some sorts stands. */
class OpenClause {
  readonly items: Item[] = [];
  decidesAt = -1;
  valueAt = -1;
  hasObject = false;
  mayDecide = false;

  add(item: Item): void {
    const at = this.items.push(item) - 1;
    if (this.decidesAt < 0 && decides(item)) this.decidesAt = at;
    if (this.valueAt < 0 && item.kind === 'value') this.valueAt = at;
    this.hasObject ||= item.kind === 'value' || item.kind === 'quantity';
    this.mayDecide ||= decides(item) || isMark(item, 'may');
  }
}

/** "X must be logged, and Y needs approval": a clause for each thing that is said about something. */
export function splitClauses(items: readonly Item[]): Item[][] {
  const clauses: Item[][] = [];
  const told = items.filter((each) => !isMark(each, 'filler', 'they', 'may', 'if'));
  const lastDecision = items.findLastIndex(decides);
  let current = new OpenClause();
  const close = () => {
    if (current.items.length > 0) clauses.push(current.items);
    current = new OpenClause();
  };
  let next = 0;
  for (const [index, item] of items.entries()) {
    if (told[next] === item) next++;
    const hasDecision = current.decidesAt >= 0;
    if (isMark(item, 'but') || (isMark(item, 'colon') && hasDecision && lastDecision > index)) close();
    else if (isMark(item, 'rest', 'beyond') && hasDecision && current.hasObject) {
      close();
      current.add(item);
    } else if (isLink(item) && current.mayDecide && startsClause(told, next, current)) close();
    else current.add(item);
  }
  close();
  return clauses;
}

function startsClause(told: readonly Item[], from: number, current: OpenClause): boolean {
  const next = told[from];
  if (next === undefined || !current.hasObject) return false;
  if (isMark(next, 'rest', 'beyond')) return true;
  if (decides(next)) return true;
  // "Emails need approval and payments are forbidden": the effect comes after its object.
  if (current.decidesAt <= current.valueAt) return false;
  let hasValue = false;
  for (let at = from; at < told.length; at++) {
    const item = told[at];
    if (item === undefined || isLink(item)) return false;
    if (decides(item)) return hasValue;
    hasValue ||= item.kind === 'value';
  }
  return false;
}

/** What stands in parentheses says more exactly what stands before them; verbs and families there are only examples. */
export function resolveAsides(items: readonly Item[]): Item[] {
  const open = items.findIndex((item) => isMark(item, 'open'));
  const close = items.findIndex((item, index) => index > open && isMark(item, 'close'));
  if (open < 0 || close < 0) return items.filter((item) => !isMark(item, 'open', 'close'));
  const before = items.slice(0, open);
  const last = before.at(-1);
  const inner = items.slice(open + 1, close);
  const facet = last?.kind === 'value' ? last.value.facet : undefined;
  const same = inner.filter((item) => item.kind === 'value' && item.value.facet === facet && facet !== 'sql');
  const or: Item = { kind: 'mark', mark: 'or', source: '' };
  const defined = same.flatMap((item, index) => (index === 0 ? [item] : [or, item]));
  const kept = inner.filter(
    (item) =>
      !(item.kind === 'value' && ['op', 'kind', 'sql', 'shell'].includes(item.value.facet)) &&
      !isLink(item) &&
      item.kind !== 'unknown',
  );
  const middle = same.length > 0 ? [...before.slice(0, -1), ...defined] : [...before, ...kept];
  return resolveAsides([...middle, ...items.slice(close + 1)]);
}

/** "Remove card numbers from e-mails" takes them out; it deletes nothing. */
export function resolveRemovals(items: readonly Item[]): Item[] {
  let before: Item | undefined;
  return items.map((item, index) => {
    const isFirst = before === undefined || isLink(before) || isMark(before, 'must', 'but');
    if (!isMark(item, 'filler')) before = item;
    const takesOut = item.kind === 'value' && item.value.op === 'delete' && /^(?:remov|cut|clear)/i.test(item.source);
    if (!takesOut || !isFirst) return item;
    const next = items.slice(index + 1).find((each) => !isMark(each, 'filler'));
    const isData = next?.kind === 'value' && next.value.facet === 'data';
    return isData ? { kind: 'effect', effect: { kind: 'redact' }, source: item.source } : item;
  });
}

/** In a sentence about mail a domain is that of an address. */
function toMailDomains(items: readonly Item[]): Item[] {
  const kinds = kindsOf(items);
  if (!kinds.some((kind) => kind === 'email' || kind === 'message')) return [...items];
  return items.flatMap((item): Item[] => {
    if (item.kind !== 'value' || item.value.facet !== 'host' || item.value.host === undefined) return [item];
    const mail: Item = {
      kind: 'value',
      value: toMailDomain(item.value.host),
      rename: toMailDomain,
      source: item.source,
    };
    if (!kinds.includes('http')) return [mail];
    const isExcepted = items.slice(0, items.indexOf(item)).some((each) => isMark(each, 'except'));
    return isExcepted ? [item, { kind: 'mark', mark: 'except', source: '' }, mail] : [item];
  });
}

const NAMED_HOST = /\b(?:hosts?|sites?|websites?|apis?|servers?|endpoints?)\b|https?:/i;

/** What goes "to competitor.com" may go by any way, where neither a way nor a host is said. */
export function toDestinations(items: readonly Item[], isPlain: boolean): Item[] {
  const ops = items.flatMap((item) => (item.kind === 'value' && item.value.facet === 'op' ? [item.value.op] : []));
  const families = items.filter((item) => !isFacet(item, 'host')).flatMap((item) => familiesOf([item]));
  const isOpen = [...kindsOf(items), ...families].every((kind) => kind === 'file');
  const isAbout = ops.every((op) => op === 'send') && (isPlain || ops.length > 0);
  if (!isOpen || !isAbout) return [...items];
  return items.map((item) =>
    item.kind !== 'value' || item.value.host === undefined || NAMED_HOST.test(item.source)
      ? item
      : { kind: 'value', value: toDomain(item.value.host), rename: toDomain, source: item.source },
  );
}

const HOLDERS = /^(?:data|information|records?|details|rows|entries|content|contents|numbers?|values?|figures)$/i;

/** Words that no phrase knows are names where a name can stand. */
export function resolveNames(items: readonly Item[], around: readonly Kind[] = []): Item[] {
  const named = items.map((item, index) => (item.kind === 'unknown' ? (toListed(items, index) ?? item) : item));
  const result: Item[] = [];
  for (const [index, item] of named.entries()) {
    const next = named[index + 1];
    const last = result.at(-1);
    if (item.kind === 'unknown' && next?.kind === 'unknown' && !isQuoted(item.source)) {
      named[index + 1] = { kind: 'unknown', source: `${item.source} ${next.source}` };
    } else if (item.kind === 'unknown' && next !== undefined && isHolder(next)) {
      result.push({ kind: 'value', value: toWordValue(item.source), source: item.source });
    } else if (item.kind === 'unknown' && next?.kind === 'value' && next.value.kind === 'file') {
      result.push({ kind: 'value', value: toNamedFiles(item.source), source: item.source });
    } else if (!(last?.kind === 'value' && last.value.facet === 'word' && item.kind === 'unit')) result.push(item);
  }
  return toMailDomains(toIdentifiers(toObjects(result), around));
}

const DETERMINER = /^(?:the|a|an|any|all|our|every|each|to|of|on|at|their|its|my|some)$/i;
const WITHOUT_OBJECT: readonly Facet[] = [
  'kind',
  'data',
  'word',
  'sql',
  'table',
  'path',
  'filetype',
  'storage',
  'tool',
  'model',
  'payment',
  'shell',
  'host',
  'trait',
  'first',
  'environment',
  'column',
];

/** Where nothing else is named, the one word that no phrase knows is what is read, sent or written. */
function toObjects(items: readonly Item[]): Item[] {
  const isVerb = (item: Item): boolean =>
    (item.kind === 'value' && item.value.facet === 'op') || (isMark(item, 'filler') && /^access/i.test(item.source));
  const unknown = items.filter((item) => item.kind === 'unknown');
  const hasObject = items.some((item) => item.kind === 'value' && WITHOUT_OBJECT.includes(item.value.facet));
  if (unknown.length !== 1 || hasObject || !items.some(isVerb)) return [...items];
  const at = items.findIndex((item) => item.kind === 'unknown');
  const before = items
    .slice(0, at)
    .reverse()
    .find((item) => !(isMark(item, 'filler') && DETERMINER.test(item.source)));
  if (before === undefined || !isVerb(before)) return [...items];
  return items.map((item) =>
    item.kind === 'unknown' && /^[a-z][a-z-]{2,40}$/i.test(item.source)
      ? { kind: 'value', value: toWordValue(item.source), source: item.source }
      : item,
  );
}

const IDENTIFIED: Partial<Record<Kind, Rename>> = { tool: toTool, storage: toStore, chat: toChannel, model: toModel };

/** `list_issues` beside tools is a tool, `public-assets` beside buckets a bucket. */
function toIdentifiers(items: readonly Item[], around: readonly Kind[]): Item[] {
  const rename = [...kindsOf(items), ...familiesOf(items), ...around]
    .map((kind) => IDENTIFIED[kind])
    .find((each) => each !== undefined);
  if (rename === undefined) return [...items];
  return items.map((item) => {
    if (item.kind !== 'unknown' || !/^[a-z0-9]+(?:[_-][a-z0-9]+)+$/i.test(item.source)) return item;
    const value = rename(item.source);
    return value === undefined ? item : { kind: 'value', value, rename, source: item.source };
  });
}

function isHolder(item: Item): boolean {
  return (item.kind === 'mark' || item.kind === 'unit') && HOLDERS.test(item.source);
}

function toNamedFiles(word: string): Value {
  const part = word.toLowerCase();
  return {
    facet: 'path',
    text: `whose path contains ${show(part)}`,
    some: `file.relativePaths.exists(x, x.contains(${quote(part)})) || file.path.contains(${quote(part)})`,
    all: `file.relativePaths.size() > 0 && file.relativePaths.all(x, x.contains(${quote(part)}))`,
    family: 'file',
  };
}

/** In "the orders, invoices and refunds tables" and "under `a` or `b`" the names of a list are of one kind. */
function toListed(items: readonly Item[], index: number): Item | undefined {
  const item = items[index];
  if (item === undefined) return undefined;
  const isOther = (each: Item | undefined) =>
    each === undefined || (!isLink(each) && !isMark(each, 'filler') && each.kind !== 'unknown');
  const before = items.slice(0, index).reverse();
  const after = items.slice(index + 1);
  const backward = isLink(before.find((each) => !isMark(each, 'filler'))) ? before.find(isOther) : undefined;
  const forward = isLink(after[0]) ? after.find(isOther) : undefined;
  for (const neighbour of [backward, forward]) {
    if (neighbour?.kind !== 'value' || neighbour.rename === undefined) continue;
    const name = isQuoted(item.source) ? item.source.slice(1, -1) : item.source;
    const value = neighbour.rename(name);
    if (value !== undefined) return { kind: 'value', value, rename: neighbour.rename, source: item.source };
  }
  return undefined;
}

function kindsOf(items: readonly Item[]): Kind[] {
  return items.flatMap((item) => (item.kind === 'value' && item.value.kind !== undefined ? [item.value.kind] : []));
}

function familiesOf(items: readonly Item[]): Kind[] {
  return items.flatMap((item) => (item.kind === 'value' && item.value.family !== undefined ? [item.value.family] : []));
}

export { isMark };
