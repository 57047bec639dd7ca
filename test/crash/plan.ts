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

/** One crash: this kind of action, at so many passes after the review was sent. */
export interface Point extends Kind {
  readonly target: Target;
  readonly at: number;
}

/** The seams that were passed between a review and its effect, in order. */
export interface Counted extends Kind {
  readonly target: Target;
  readonly passes: readonly string[];
}

export const KINDS: readonly Kind[] = EFFECTS.flatMap((effect) => WAYS.map((way) => ({ way, effect })));

/** Every point twice, with another kind of action each time where another one gets as far. */
export function planTwice(counted: readonly Counted[]): Point[] {
  return TARGETS.flatMap((target) => {
    const kinds = counted.filter((each) => each.target === target);
    const most = Math.max(0, ...kinds.map(({ passes }) => passes.length));
    return Array.from({ length: most }, (_, index) => index + 1).flatMap((at) => {
      const reaching = kinds.filter(({ passes }) => passes.length >= at);
      return [0, 1].flatMap((turn) => toPoint(reaching[(at * 2 + turn) % reaching.length], at));
    });
  });
}

/** Every point of every kind of action in turn, until there are so many. */
export function planMany(counted: readonly Counted[], rounds: number): Point[] {
  const all = counted.flatMap((each) => each.passes.flatMap((_, index) => toPoint(each, index + 1)));
  return Array.from({ length: rounds }, (_, index) => all[index % all.length]).filter((point) => point !== undefined);
}

/** Each name of a seam at its first and its last pass. */
export function planNames(counted: readonly Counted[]): Point[] {
  return TARGETS.flatMap((target) => {
    const kinds = counted.filter((each) => each.target === target);
    const names = [...new Set(kinds.flatMap(({ passes }) => passes))];
    return names.flatMap((name, index) => {
      const passing = kinds.filter(({ passes }) => passes.includes(name));
      const one = passing[index % passing.length];
      const other = passing[(index + 1) % passing.length];
      return [
        ...toPoint(one, (one?.passes.indexOf(name) ?? 0) + 1),
        ...toPoint(other, (other?.passes.lastIndexOf(name) ?? 0) + 1),
      ];
    });
  });
}

function toPoint(counted: Counted | undefined, at: number): Point[] {
  if (counted === undefined) return [];
  const { target, way, effect } = counted;
  return [{ target, way, effect, at }];
}

/** Batches of one target each, of about the same length, so that a batch needs its processes once. */
export function toBatches(points: readonly Point[], size: number): Point[][] {
  return TARGETS.flatMap((target) => {
    const own = points.filter((point) => point.target === target);
    const count = Math.ceil(own.length / size);
    return Array.from({ length: count }, (_, i) =>
      own.slice(Math.floor((i * own.length) / count), Math.floor(((i + 1) * own.length) / count)),
    );
  });
}
