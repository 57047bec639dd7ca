import { isLink, isMark, resolveNames, resolveQuantities } from './clauses.ts';
import type { Item } from './item.ts';
import {
  addValue,
  fits,
  isTransform,
  joinParts,
  valuesOf,
  type Draft,
  type Effect,
  type Facet,
  type Parts,
  type Value,
} from './parts.ts';
import { distribute, kindsIn, Reader, withoutAny, type Segment } from './segments.ts';
import { KIND, OP } from './words-actions.ts';
import { FIRST_TIME } from './words-circumstances.ts';
import { CREDENTIALS } from './words-data.ts';

export interface Interpretation {
  readonly drafts: readonly Draft[];
  readonly notUnderstood: readonly string[];
  /** What was only said to be allowed: nothing has to be decided for that. */
  readonly isPermission: boolean;
}

/** What the clause before was about: "them", "everything else" and "above that" speak of it. */
export interface Context {
  readonly segments: readonly Segment[];
  readonly drafts: readonly Draft[];
}

type Mode = 'plain' | 'only' | 'must' | 'requires' | 'limit' | 'allow';

const EMPTY: Parts = new Map();
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
const NO_FRAME: readonly Facet[] = ['op', 'kind'];
/** What is kept somewhere, or limited to something, is no limit itself. */
const LIMITED: readonly Facet[] = ['data', 'word', 'sql'];

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

function pick(parts: Parts, test: (value: Value) => boolean): Parts {
  return valuesOf(parts).filter(test).reduce(addValue, EMPTY);
}

/** What is restricted, apart from what it is restricted for. */
function splitFocus(segment: Segment, mode: Mode): { frame: Parts; restricted: Parts } {
  const values = valuesOf(segment.parts);
  const inFocus = (value: Value) =>
    segment.focus.some(({ text, facet }) => text === value.text && facet === value.facet);
  const maximum = (value: Value) => value.isMaximum === true;
  const first = segment.focus[0]?.facet;
  const isRestricted = (value: Value): boolean => {
    if (values.some(maximum) && mode !== 'must') return maximum(value);
    if (!inFocus(value) || NO_FRAME.includes(value.facet)) return false;
    if (mode === 'limit' && LIMITED.includes(value.facet)) return false;
    return (
      mode !== 'requires' ||
      value.facet === (segment.focus.some(({ facet }) => facet === 'declared') ? 'declared' : first)
    );
  };
  const restricted = pick(segment.parts, isRestricted);
  const frame = pick(segment.parts, (value) => !isRestricted(value));
  return addVerbs(segment, frame, restricted, { mode, isCounting: values.some(maximum) });
}

/** "Only read" restricts to reading; "only write under `out/`" restricts the writing. */
function addVerbs(
  segment: Segment,
  frame: Parts,
  restricted: Parts,
  { mode, isCounting }: { mode: Mode; isCounting: boolean },
): { frame: Parts; restricted: Parts } {
  const ops = frame.get('op') ?? [];
  const isReading = ops.length > 0 && ops.every(({ op }) => op === 'read' || op === 'list');
  const isFocused = ops.some((each) => segment.focus.includes(each));
  const families = valuesOf(restricted).flatMap(({ family }) => (family === undefined ? [] : [KIND[family]]));
  const withKind = kindsIn(frame).length > 0 ? frame : families.slice(0, 1).reduce(addValue, frame);
  if (mode === 'only' && ops.length > 0 && isFocused && !isCounting && (restricted.size === 0 || isReading)) {
    return {
      frame: pick(withKind, ({ facet }) => facet !== 'op'),
      restricted: joinParts(
        pick(frame, ({ facet }) => facet === 'op'),
        restricted,
      ),
    };
  }
  if (restricted.size > 0 || mode !== 'only') return { frame: withKind, restricted };
  const focused = pick(frame, (value) => segment.focus.includes(value));
  return { frame: pick(frame, (value) => !segment.focus.includes(value)), restricted: focused };
}

/** An allow-list is the denial of everything else of its family. */
function toAllowList(reader: Reader, mode: Mode, effect: Effect): Draft[] {
  const segments = reader.segments.filter(({ parts, except }) => parts.size > 0 || except.length > 0);
  const [first] = segments;
  if (first === undefined) return [];
  if (segments.length === 1 || mode === 'limit' || mode === 'requires') {
    return segments.flatMap((segment) => {
      const { frame, restricted } = splitFocus(segment, mode);
      if (restricted.size === 0 && segment.except.length === 0) return [];
      const excluded = [...reader.except, ...(restricted.size === 0 ? [] : [restricted])];
      // "Only outside business hours": what is allowed is what is not excluded.
      const inner = segment.except.reduce(joinParts, EMPTY);
      if (restricted.size === 0) return [{ effect, parts: joinParts(frame, inner), except: reader.except }];
      return [
        { effect, parts: joinParts(frame, EMPTY), except: excluded },
        ...(inner.size === 0 ? [] : [{ effect, parts: joinParts(frame, inner), except: reader.except }]),
      ];
    });
  }
  return [toUnion(segments, effect, reader.except)];
}

/** "Only read files or write under `out/`": one family is left, else everything is refused but these. */
function toUnion(segments: readonly Segment[], effect: Effect, except: readonly Parts[]): Draft {
  const kinds = segments.map(({ parts }) => kindsIn(parts).join(' '));
  const isOneFamily = kinds.every((kind) => kind !== '' && kind === kinds[0]);
  const [first] = segments;
  const frame = isOneFamily && first !== undefined ? pick(first.parts, ({ facet }) => facet === 'kind') : EMPTY;
  const topic = pick(first?.parts ?? EMPTY, (value) => first?.focus.includes(value) === false);
  const allowed = segments.map(({ parts }) =>
    pick(parts, (value) => !(isOneFamily && value.facet === 'kind') && !valuesOf(topic).includes(value)),
  );
  return { effect, parts: joinParts(frame, topic), except: [...except, ...allowed.filter(({ size }) => size > 0)] };
}

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

/** A comparison excluded is the comparison turned round. */
function simplify(draft: Draft): Draft {
  let { parts } = draft;
  const except: Parts[] = [];
  for (const group of draft.except.map(withoutAny).filter(({ size }) => size > 0)) {
    const [value, ...more] = valuesOf(group);
    const opposite = more.length === 0 ? value?.opposite?.() : undefined;
    if (opposite !== undefined && !parts.has(opposite.facet)) parts = addValue(parts, opposite);
    else except.push(group);
  }
  parts = withFamily(withoutGeneral(withoutIdle(parts)));
  parts = withMail(parts);
  const fields = toContentEffect(draft.effect, parts);
  return { effect: fields, parts: withoutAny(parts), except };
}

/** A verb is about the family that the place belongs to; a bare path is about files. */
function withFamily(parts: Parts): Parts {
  if (parts.has('kind')) return parts;
  const families = valuesOf(parts).flatMap(({ family, facet }) =>
    family !== undefined && (parts.has('op') || ['path', 'filetype'].includes(facet)) ? [family] : [],
  );
  return parts.has('op') || !isAboutCredentials(parts)
    ? families.slice(0, 1).reduce((sum, family) => addValue(sum, KIND[family]), parts)
    : parts;
}

function isAboutCredentials(parts: Parts): boolean {
  return (parts.get('path') ?? []).some(({ text }) => text === CREDENTIALS);
}

/** A file that is attached is sent by mail. */
function withMail(parts: Parts): Parts {
  const isFile = kindsIn(parts).every((kind) => kind === 'file') && kindsIn(parts).length > 0;
  if (!isFile || !parts.has('message')) return parts;
  return new Map([...parts, ['kind', [KIND.email]]]);
}

/** Stripped are URLs; columns are dropped, and values taken out. */
function toContentEffect(effect: Effect, parts: Parts): Effect {
  if (effect.kind !== 'strip' || parts.has('host')) return effect;
  return { ...effect, kind: parts.has('column') ? 'drop' : 'redact' };
}

/** "Call a host", "run an action" and "send to outside" say no more than the host, the action and the outside do. */
function withoutIdle(parts: Parts): Parts {
  const ops = parts.get('op') ?? [];
  const isIdle = ({ op }: Value): boolean =>
    (op === 'run' && ['host', 'rate', 'trait', 'tool', 'model', 'first'].some((facet) => parts.has(facet as Facet))) ||
    (op === 'send' && parts.has('destination'));
  if (parts.has('kind') || ops.length === 0 || !ops.every(isIdle)) return parts;
  return new Map([...parts].filter(([facet]) => facet !== 'op'));
}

/** "The first time it contacts a new host" is about the host. */
function withoutGeneral(parts: Parts): Parts {
  const first = parts.get('first') ?? [];
  return first.length < 2 ? parts : new Map([...parts, ['first', first.filter(({ text }) => text !== FIRST_TIME)]]);
}

/** A clause of a DELETE does not narrow the DROP beside it. */
function splitShapes(draft: Draft): Draft[] {
  const verbs = draft.parts.get('sql') ?? [];
  const shapes = draft.parts.get('shape') ?? [];
  const isWhere = shapes.some(({ text }) => text.includes('WHERE'));
  const narrowed = verbs.filter(({ text }) => /DELETE|UPDATE/.test(text));
  if (!isWhere || narrowed.length === 0 || narrowed.length === verbs.length) return [draft];
  const others = verbs.filter((value) => !narrowed.includes(value));
  const plain = new Map([...draft.parts].filter(([facet]) => facet !== 'shape'));
  return [
    { ...draft, parts: plain.set('sql', others) },
    { ...draft, parts: new Map([...draft.parts, ['sql', narrowed]]) },
  ];
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

/** What one clause comes to. */
export function interpret(
  clause: readonly Item[],
  context: Context,
): Interpretation & { segments: readonly Segment[] } {
  const { items, problems } = resolveQuantities(
    resolveNames(
      withoutDeniedLog(clause),
      context.segments.flatMap(({ parts }) => kindsIn(withFamily(parts))),
    ),
  );
  const isMarked = items.some((item) => isMark(item, 'readonly', 'protect'));
  const found = withImperative(items, findEffect(items)) ?? (isMarked ? { kind: 'deny' as const } : undefined);
  const mode = findMode(items, found);
  const reader = readSegments(items, mode);
  inherit(reader, items, context);
  const notUnderstood = [...problems, ...collectUnknown(items)];
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
  const drafts =
    mode === 'allow'
      ? toForbidden(reader, deny)
      : mode === 'plain'
        ? toPlain(reader, found ?? deny)
        : toAllowList(reader, mode, deny);
  if (mode === 'allow' && drafts.length === 0) return done([], true);
  if (found === undefined && mode === 'plain')
    return { ...done([]), notUnderstood: [...notUnderstood, ...items.map(({ source }) => source).slice(0, 3)] };
  const usable = applyMarks(items, drafts)
    .map(simplify)
    .flatMap(splitShapes)
    .filter(({ parts, except }) => (parts.size > 0 || except.length > 0) && !isContradictory(parts));
  // An allow-list that lost a word would allow more than was said.
  const isVague = negatesUnknown(items) || (mode === 'plain' && isPredicateUnknown(items));
  const isLoose = isVague || (mode !== 'plain' && collectUnknown(items).length > 0);
  return done(isLoose ? [] : usable.filter((draft) => !isTransform(draft.effect) || canTransform(draft)));
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

/** "Files to a mail address": no action is both, so that the rule would never match. */
function isContradictory(parts: Parts): boolean {
  const kinds = kindsIn(parts);
  const sends = (parts.get('op') ?? []).some(({ op }) => op === 'send' || op === 'upload');
  return [...parts.keys()].some((facet) => !fits(facet, kinds) && !sends && !['destination', 'column'].includes(facet));
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

/** "Allow reading files except those under `hr/`" forbids only the exceptions. */
function toForbidden(reader: Reader, effect: Effect): Draft[] {
  const forbidden = [...reader.except, ...reader.segments.flatMap(({ except }) => except)].filter(
    ({ size }) => size > 0,
  );
  return reader.segments.flatMap(({ parts }) =>
    forbidden.map((group) => ({
      effect,
      parts: joinParts(
        pick(parts, ({ facet }) => !group.has(facet)),
        group,
      ),
      except: [],
    })),
  );
}

function inherit(reader: Reader, items: readonly Item[], { segments }: Context): void {
  const isRest = items.some((item) => isMark(item, 'rest'));
  const own = reader.segments;
  const hasTarget = own.some(
    ({ parts }) => parts.has('kind') || parts.has('data') || parts.has('word') || parts.has('sql'),
  );
  if (segments.length === 0) return;
  if (items.some((item) => isMark(item, 'such')) && hasTarget) {
    for (const segment of own)
      for (const { parts } of segments)
        segment.parts = joinParts(
          pick(parts, ({ facet }) => !segment.parts.has(facet)),
          segment.parts,
        );
    return;
  }
  if (isRest) {
    const frames = segments.map(({ parts }) => pick(withFamily(withoutIdle(parts)), ({ facet }) => facet === 'kind'));
    const [first] = own;
    if (first === undefined) return;
    first.parts = joinParts(frames.reduce(joinParts, EMPTY), first.parts);
    first.except.push(
      ...segments
        .map(({ parts }) => pick(withoutIdle(parts), ({ facet }) => facet !== 'kind'))
        .filter(({ size }) => size > 0),
    );
    return;
  }
  if (hasTarget) return;
  const isEmpty = own.every(({ parts, except }) => parts.size === 0 && except.length === 0);
  const mentions = items.some((item) => isMark(item, 'they', 'such'));
  const usesFamily = own.some(({ order }) => order.some(({ family }) => family !== undefined));
  if (usesFamily && !mentions) return;
  const [base] = own;
  if (base === undefined) return;
  const inherited = segments.map((segment) => {
    const from = isEmpty
      ? segment.parts
      : pick(
          segment.parts,
          ({ facet }) =>
            ['kind', 'data', 'word', 'table', 'database', 'path', 'filetype', 'environment'].includes(facet) &&
            !base.parts.has(facet),
        );
    return {
      ...base,
      parts: joinParts(from, base.parts),
      except: [...(isEmpty ? segment.except : []), ...base.except],
    };
  });
  own.splice(0, 1, ...inherited);
}
