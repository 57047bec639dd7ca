import { addValue, joinParts, valuesOf, type Draft, type Effect, type Facet, type Parts, type Value } from './parts.ts';
import type { Reader } from './segments.ts';
import { kindsIn, type Segment } from './segments.ts';
import { KIND } from './words-actions.ts';

/** How a clause speaks: of what is forbidden, or of what alone is allowed. */
export type Mode = 'plain' | 'only' | 'must' | 'requires' | 'limit' | 'allow';

const EMPTY: Parts = new Map();
const NO_FRAME: readonly Facet[] = ['op', 'kind'];
/** What is kept somewhere, or limited to something, is no limit itself. */
const LIMITED: readonly Facet[] = ['data', 'word', 'sql'];

export function pick(parts: Parts, test: (value: Value) => boolean): Parts {
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
export function toAllowList(reader: Reader, mode: Mode, effect: Effect): Draft[] {
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

/** "Allow reading files except those under `hr/`" forbids only the exceptions. */
export function toForbidden(reader: Reader, effect: Effect): Draft[] {
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
