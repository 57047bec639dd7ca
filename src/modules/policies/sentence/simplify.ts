import { addValue, fits, valuesOf, type Draft, type Effect, type Facet, type Parts, type Value } from './parts.ts';
import { kindsIn, withoutAny } from './segments.ts';
import { KIND } from './words-actions.ts';
import { FIRST_TIME } from './words-actors.ts';
import { CREDENTIALS } from './words-data.ts';

/** A comparison excluded is the comparison turned round. */
export function simplify(draft: Draft): Draft {
  let { parts } = draft;
  const except: Parts[] = [];
  for (const group of draft.except.map((group) => withoutAny(group)).filter(({ size }) => size > 0)) {
    const [value, ...more] = valuesOf(group);
    const opposite = more.length === 0 ? value?.opposite?.() : undefined;
    if (opposite !== undefined && !parts.has(opposite.facet)) parts = addValue(parts, opposite);
    else except.push(group);
  }
  parts = withFamily(withoutGeneral(withoutIdle(parts)));
  parts = withMail(parts);
  const fields = toContentEffect(draft.effect, parts);
  return { effect: fields, parts: withoutAny(parts, except.length > 0), except };
}

/** A verb is about the family that the place belongs to; a bare path is about files. */
export function withFamily(parts: Parts): Parts {
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
export function withoutIdle(parts: Parts): Parts {
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
export function splitShapes(draft: Draft): Draft[] {
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

/** "Files to a mail address": no action is both, so that the rule would never match. */
export function isContradictory(parts: Parts): boolean {
  const kinds = kindsIn(parts);
  const sends = (parts.get('op') ?? []).some(({ op }) => op === 'send' || op === 'upload');
  return [...parts.keys()].some((facet) => !fits(facet, kinds) && !sends && !['destination', 'column'].includes(facet));
}
