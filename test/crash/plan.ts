/** Which process dies: one of two roles, or the only one. */
export const TARGETS = ['api', 'worker', 'all-in-one'] as const;
export type Target = (typeof TARGETS)[number];

/** How the action came to be held. */
export const WAYS = ['run', 'call'] as const;
export type Way = (typeof WAYS)[number];

/** What is done: `plain` may never be repeated, the others can tell whether they were done. */
export const EFFECTS = ['plain', 'keyed', 'append', 'create'] as const;
export type Effect = (typeof EFFECTS)[number];

export interface Kind {
  readonly way: Way;
  readonly effect: Effect;
}

/** One crash: this kind of action, at so many passes of this seam after the review was sent; without a seam at so many of any. */
export interface Point extends Kind {
  readonly target: Target;
  readonly seam?: string;
  readonly at: number;
}

/** The seams that were passed between a review and its effect, in order. */
export interface Counted extends Kind {
  readonly target: Target;
  readonly passes: readonly string[];
}

export const KINDS: readonly Kind[] = EFFECTS.flatMap((effect) => WAYS.map((way) => ({ way, effect })));

/** Each seam of each process at its first and its last pass; then every pass of anything once, wherever it is. */
export function planAll(counted: readonly Counted[]): Point[] {
  return [...planNames(counted), ...planPasses(counted)];
}

/** Every pass of every kind of action in turn, until there are so many. */
export function planMany(counted: readonly Counted[], rounds: number): Point[] {
  const all = counted.flatMap((each) => each.passes.map((_, index) => toPoint(each, index + 1)));
  return Array.from({ length: rounds }, (_, index) => all[index % all.length]).filter((point) => point !== undefined);
}

/**
 * Each seam of each process twice, by the kinds of action that pass it most: at its first pass with the effect that may never be repeated, at
 * its last with one that can tell whether it was done. A seam that only one of these passes is struck with two kinds of it.
 */
export function planNames(counted: readonly Counted[]): Point[] {
  return TARGETS.flatMap((target) => {
    const kinds = counted.filter((each) => each.target === target);
    const seams = [...new Set(kinds.flatMap(({ passes }) => passes))];
    return seams.flatMap((seam) => {
      const passing = kinds
        .filter(({ passes }) => passes.includes(seam))
        .sort((a, b) => countOf(b, seam) - countOf(a, seam));
      const one = passing.find(({ effect }) => effect === 'plain') ?? passing[0];
      const other = passing.find(({ effect }) => effect !== one?.effect) ?? passing.find((each) => each !== one) ?? one;
      if (one === undefined || other === undefined) return [];
      return [toPoint(one, 1, seam), toPoint(other, countOf(other, seam), seam)];
    });
  });
}

function countOf({ passes }: Counted, seam: string): number {
  return passes.filter((each) => each === seam).length;
}

/** What a build that repeats too much must be found out by: the effect that may never be repeated, around its request. */
export function planSabotage(counted: readonly Counted[]): Point[] {
  return counted
    .filter(({ effect, passes }) => effect === 'plain' && passes.includes('http.sent'))
    .flatMap((kind) => ['http.sent', 'http.answered'].map((seam) => toPoint(kind, 1, seam)));
}

/** How a round that did not get as far is tried again: at half as many passes, by the other way. */
export function toEarlier(point: Point): Point {
  return { ...point, at: Math.ceil(point.at / 2), way: point.way === 'run' ? 'call' : 'run' };
}

function planPasses(counted: readonly Counted[]): Point[] {
  return TARGETS.flatMap((target) => {
    const kinds = counted.filter((each) => each.target === target);
    const most = Math.max(0, ...kinds.map(({ passes }) => passes.length));
    return Array.from({ length: most }, (_, index) => index + 1).flatMap((at) => {
      const reaching = kinds.filter(({ passes }) => passes.length >= at);
      const kind = reaching[at % reaching.length];
      return kind === undefined ? [] : toPoint(kind, at);
    });
  });
}

function toPoint({ target, way, effect }: Counted, at: number, seam?: string): Point {
  return { target, way, effect, at, ...(seam === undefined ? {} : { seam }) };
}

/** Batches of one target and one way to count each, of about the same length, so that a batch needs its processes once. */
export function toBatches(
  points: readonly Point[],
  sizes: { readonly named: number; readonly any: number },
): Point[][] {
  return TARGETS.flatMap((target) => {
    const own = points.filter((point) => point.target === target);
    const named = own.filter(({ seam }) => seam !== undefined);
    const any = own.filter(({ seam }) => seam === undefined);
    return [...toEqual(named, sizes.named), ...toEqual(any, sizes.any)];
  });
}

function toEqual(points: readonly Point[], size: number): Point[][] {
  const count = Math.ceil(points.length / size);
  return Array.from({ length: count }, (_, i) =>
    points.slice(Math.floor((i * points.length) / count), Math.floor(((i + 1) * points.length) / count)),
  );
}
