import { isMark } from './clauses.ts';
import type { Item } from './item.ts';
import { joinParts, type Draft, type Facet, type Parts, type Value } from './parts.ts';
import type { Reader } from './segments.ts';
import type { Segment } from './segments.ts';
import { pick } from './allow-list.ts';
import { withFamily, withoutIdle } from './simplify.ts';

/** What the clause before was about: "them", "everything else" and "above that" speak of it. */
export interface Context {
  readonly segments: readonly Segment[];
  readonly drafts: readonly Draft[];
}

const EMPTY: Parts = new Map();

const INHERITED: readonly Facet[] = ['kind', 'data', 'word', 'table', 'database', 'path', 'filetype', 'environment'];

/** Completes a clause by what the one before was about. */
export function inherit({ segments: own }: Reader, items: readonly Item[], { segments }: Context): void {
  const has = (...marks: readonly string[]): boolean => items.some((item) => isMark(item, ...marks));
  const hasTarget = own.some(({ parts }) => ['kind', 'data', 'word', 'sql'].some((facet) => parts.has(facet as Facet)));
  if (segments.length === 0) return;
  if (has('such') && hasTarget) return takeAll(own, segments);
  if (has('rest')) return takeRest(own, segments);
  const usesFamily = own.some(({ order }) => order.some(({ family }) => family !== undefined));
  if (hasTarget || (usesFamily && !has('they', 'such'))) return;
  takeTopic(own, segments);
}

/** "Such mail": all that was said of it. */
function takeAll(own: readonly Segment[], segments: readonly Segment[]): void {
  for (const segment of own)
    for (const { parts } of segments) {
      const more = pick(parts, ({ facet }) => !segment.parts.has(facet));
      segment.parts = joinParts(more, segment.parts);
    }
}

/** "Everything else": the same family, without what was named. */
function takeRest([first]: readonly Segment[], segments: readonly Segment[]): void {
  if (first === undefined) return;
  const frames = segments.map(({ parts }) => pick(withFamily(withoutIdle(parts)), ({ facet }) => facet === 'kind'));
  const named = segments.map(({ parts }) => pick(withoutIdle(parts), ({ facet }) => facet !== 'kind'));
  first.parts = joinParts(frames.reduce(joinParts, EMPTY), first.parts);
  first.except.push(...named.filter(({ size }) => size > 0));
}

function takeTopic(own: Segment[], segments: readonly Segment[]): void {
  const [base] = own;
  if (base === undefined) return;
  const isEmpty = own.every(({ parts, except }) => parts.size === 0 && except.length === 0);
  const isWanted = ({ facet }: Value): boolean => INHERITED.includes(facet) && !base.parts.has(facet);
  const inherited = segments.map(({ parts, except }) => ({
    ...base,
    parts: joinParts(isEmpty ? parts : pick(parts, isWanted), base.parts),
    except: [...(isEmpty ? except : []), ...base.except],
  }));
  own.splice(0, 1, ...inherited);
}
