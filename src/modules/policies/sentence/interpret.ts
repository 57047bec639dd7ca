import { isLink, isMark, resolveNames, toDestinations } from './clauses.ts';
import { resolveQuantities } from './counting.ts';
import type { Item } from './item.ts';
import {
  addValue,
  isTransform,
  valuesOf,
  type Draft,
  type Effect,
  type Facet,
  type Parts,
  type Value,
} from './parts.ts';
import { distribute, kindsIn, Reader, type Segment } from './segments.ts';
import { toAllowList, toForbidden, type Mode } from './allow-list.ts';
import { inherit, type Context } from './inherit.ts';
import { isContradictory, simplify, splitShapes, withFamily } from './simplify.ts';
import { KIND, OP } from './words-actions.ts';
import { toSentence } from './render.ts';

export interface Interpretation {
  readonly drafts: readonly Draft[];
  readonly notUnderstood: readonly string[];
  /** What was only said to be allowed: nothing has to be decided for that. */
  readonly isPermission: boolean;
}

/** "At most 5 per hour, then ask": what is asked about is what goes beyond. */
const BOUNDED: readonly Facet[] = ['rate', 'tokens', 'cost'];
const STRENGTH: readonly Effect['kind'][] = [
  'require_approval',
  'redact',
  'mask',
  'strip',
  'drop',
  'truncate',
  'deny',
  'log',
  'allow',
];

function findEffect(items: readonly Item[]): Effect | undefined {
  const effects = items.flatMap((item) => (item.kind === 'effect' ? [item.effect] : []));
  const strongest = STRENGTH.flatMap((kind) => effects.filter((each) => each.kind === kind));
  const [first] = strongest;
  if (first === undefined) return undefined;
  const same = effects.filter(({ kind }) => kind === first.kind);
  const approvers = items.flatMap((item) => (item.kind === 'approver' ? [item] : []));
  const quorum = [...same.map((each) => each.quorum), ...approvers.map((each) => each.quorum)].find(
    (each) => each !== undefined,
  );
  const groups = [
    ...same.flatMap((each) => each.groups ?? []),
    ...approvers.flatMap(({ group }) => (group === undefined ? [] : [group])),
  ];
  const isCritical = same.some((each) => each.isCritical === true) || items.some((item) => isMark(item, 'critical'));
  return {
    kind: first.kind,
    ...(isCritical ? { isCritical } : {}),
    ...(first.isWarning === true ? { isWarning: true } : {}),
    ...(quorum === undefined || first.kind !== 'require_approval' ? {} : { quorum }),
    ...(groups.length === 0 || first.kind !== 'require_approval' ? {} : { groups: [...new Set(groups)] }),
  };
}

function isMaximum(item: Item): boolean {
  return item.kind === 'value' && item.value.isMaximum === true;
}

function findMode(items: readonly Item[], effect: Effect | undefined): Mode {
  const has = (name: string) => items.some((item) => isMark(item, name));
  if (effect !== undefined && effect.kind !== 'allow' && effect.kind !== 'deny') return 'plain';
  const except = items.findIndex((item) => isMark(item, 'except'));
  const only = items.findIndex((item) => isMark(item, 'only'));
  if (only >= 0 && (except < 0 || only < except)) return 'only';
  if (effect?.kind === 'deny') return 'plain';
  if (has('limit') || items.some(isMaximum)) return 'limit';
  if (has('requires')) return 'requires';
  if (has('must')) return 'must';
  return effect?.kind === 'allow' || has('may') ? 'allow' : 'plain';
}

/** "Never log names": what is refused is the writing of a log. */
function withoutDeniedLog(items: readonly Item[]): Item[] {
  const deny = items.findIndex((item) => item.kind === 'effect' && item.effect.kind === 'deny');
  return items.map((item, index) =>
    deny >= 0 &&
    index > deny &&
    item.kind === 'effect' &&
    item.effect.kind === 'log' &&
    !items.slice(deny, index).some(isLink)
      ? { kind: 'value', value: KIND.log, source: item.source }
      : item,
  );
}

/** Without another effect "remove card numbers from e-mails" takes them out, and "email it" sends it. */
function withImperative(items: readonly Item[], effect: Effect | undefined): Effect | undefined {
  if (effect !== undefined) return effect;
  const first = items.find((item) => item.kind === 'value');
  const hasData = items.some((item) => item.kind === 'value' && item.value.facet === 'data');
  return first?.kind === 'value' && first.value.op === 'delete' && hasData ? { kind: 'redact' } : undefined;
}

function readSegments(items: readonly Item[], mode: Mode): Reader {
  const reader = new Reader();
  const found = items.findIndex((item) => isMark(item, mode));
  // "The only channel it may post in is `#ops`": what is allowed may stand anywhere.
  const marker = /^the only/i.test(items[found]?.source ?? '') ? -1 : found;
  const subjectEnd = mode === 'only' && marker >= 0 ? findSubjectEnd(items, marker) : -1;
  const hasAfter = items.slice(marker + 1).some(({ kind }) => kind === 'value');
  for (const [index, item] of items.entries()) {
    const isFocused =
      !['only', 'must', 'requires', 'limit'].includes(mode) ||
      !hasAfter ||
      (index > marker && (subjectEnd < 0 || index < subjectEnd));
    reader.focus(isFocused);
    reader.read(item);
  }
  distribute(reader.segments);
  return reader;
}

/** "Only the billing-agent may issue refunds": the subject is what is restricted. */
function findSubjectEnd(items: readonly Item[], marker: number): number {
  if (items.slice(0, marker).some(({ kind }) => kind === 'value')) return -1;
  const end = items.findIndex(
    (item, index) =>
      index > marker && (isMark(item, 'may', 'must') || (item.kind === 'effect' && item.effect.kind === 'allow')),
  );
  const isSubject = end > 0 && items.slice(marker, end).some(({ kind }) => kind === 'value');
  return isSubject && items.slice(end).some(({ kind }) => kind === 'value') ? end : -1;
}

const EMPTY: Parts = new Map();

function toPlain(reader: Reader, effect: Effect): Draft[] {
  return reader.segments
    .filter(({ parts, except }) => parts.size > 0 || except.length > 0)
    .map(({ parts, except }) => ({ effect, parts: toBeyond(parts), except: [...except, ...reader.except] }));
}

function toBeyond(parts: Parts): Parts {
  const isBound = (value: Value): boolean => value.isMaximum === true && BOUNDED.includes(value.facet);
  return valuesOf(parts)
    .map((value) => (isBound(value) ? (value.opposite?.() ?? value) : value))
    .reduce(addValue, EMPTY);
}

function applyMarks(items: readonly Item[], drafts: readonly Draft[]): Draft[] {
  if (!items.some((item) => isMark(item, 'readonly', 'protect'))) return [...drafts];
  const isProtected = items.some((item) => isMark(item, 'protect'));
  return drafts.map((draft) => {
    if (draft.parts.has('op') || (isProtected && draft.parts.has('destination'))) return draft;
    const isData = isProtected && draft.parts.has('data') && !draft.parts.has('kind');
    return { ...draft, parts: addValue(draft.parts, isData ? OP.send : OP.write) };
  });
}

function collectUnknown(items: readonly Item[]): string[] {
  return items.flatMap((item) => (item.kind === 'unknown' ? [item.source] : []));
}

function toDrafts(reader: Reader, mode: Mode, effect: Effect, deny: Effect): Draft[] {
  if (mode === 'allow') return toForbidden(reader, deny);
  return mode === 'plain' ? toPlain(reader, effect) : toAllowList(reader, mode, deny);
}

/** What one clause comes to. */
export function interpret(
  clause: readonly Item[],
  context: Context,
): Interpretation & { segments: readonly Segment[] } {
  const { items: said, problems } = resolveQuantities(
    resolveNames(
      withoutDeniedLog(clause),
      context.segments.flatMap(({ parts }) => kindsIn(withFamily(parts))),
    ),
  );
  const isMarked = said.some((item) => isMark(item, 'readonly', 'protect'));
  const found = withImperative(said, findEffect(said)) ?? (isMarked ? { kind: 'deny' as const } : undefined);
  const mode = findMode(said, found);
  const items = toDestinations(said, mode === 'plain');
  const reader = readSegments(items, mode);
  inherit(reader, items, context);
  const unknown = collectUnknown(items);
  const notUnderstood = [...problems, ...unknown];
  const done = (drafts: readonly Draft[], isPermission = false) => ({
    drafts,
    notUnderstood,
    isPermission,
    segments: reader.segments,
  });
  if (problems.length > 0) return done([]);
  if (items.some((item) => isMark(item, 'beyond')) && found !== undefined && context.drafts.length > 0)
    return done(context.drafts.map((draft) => ({ ...draft, effect: found })));
  const deny: Effect = { kind: 'deny', ...(found?.isCritical === true ? { isCritical: true } : {}) };
  if (isEllipsis(items)) return done([], true);
  const drafts = toDrafts(reader, mode, found ?? deny, deny);
  if (mode === 'allow' && drafts.length === 0) return done([], true);
  if (found === undefined && mode === 'plain')
    return { ...done([]), notUnderstood: [...notUnderstood, ...items.map(({ source }) => source).slice(0, 3)] };
  const usable = applyMarks(items, drafts)
    .map(simplify)
    .flatMap(splitShapes)
    .filter(({ parts, except }) => parts.size > 0 || except.length > 0);
  for (const draft of usable.filter(({ parts }) => isContradictory(parts))) notUnderstood.push(toSentence(draft));
  // An allow-list that lost a word would allow more than was said.
  const isVague = negatesUnknown(items) || (mode === 'plain' && isPredicateUnknown(items));
  const isLoose = isVague || (mode !== 'plain' && unknown.length > 0);
  return done(
    isLoose
      ? []
      : usable.filter((draft) => !isContradictory(draft.parts) && (!isTransform(draft.effect) || canTransform(draft))),
  );
}

const NAMES: readonly Facet[] = ['recipient', 'host', 'agent', 'channel', 'tool', 'storage', 'table'];

/** A word that nobody knows, right behind "not" or "except", could turn the rule round; before a name it only describes it. */
function negatesUnknown(items: readonly Item[]): boolean {
  return items.some((item, index) => {
    if (!isMark(item, 'not', 'except')) return false;
    const [first, second] = items.slice(index + 1).filter((each) => !isMark(each, 'filler'));
    return first?.kind === 'unknown' && !(second?.kind === 'value' && NAMES.includes(second.value.facet));
  });
}

/** "Staging doesn't." says only that what was said before does not hold there. */
function isEllipsis(items: readonly Item[]): boolean {
  const last = items.at(-1);
  const effects = items.filter(({ kind }) => kind === 'effect');
  return effects.length === 1 && last === effects[0] && /^(?:do|does|is|are)(?:n't| not)$/i.test(last?.source ?? '');
}

/** "Messages must not zorble": what is forbidden is not known, so that not all messages are. */
function isPredicateUnknown(items: readonly Item[]): boolean {
  const effect = items.findIndex((item) => item.kind === 'effect' && item.effect.kind === 'deny');
  const before = items.slice(0, effect).some(({ kind }) => kind === 'value');
  const after = items.slice(effect + 1);
  return (
    effect >= 0 && before && after.some(({ kind }) => kind === 'unknown') && !after.some(({ kind }) => kind === 'value')
  );
}

function canTransform({ effect, parts }: Draft): boolean {
  if (effect.kind === 'strip') return parts.has('host') || parts.has('data');
  return effect.kind === 'truncate' || parts.has('data') || parts.has('column') || parts.has('word');
}
