import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './client.ts';
import { toEarlier, type Counted, type Kind, type Point, type Target } from './plan.ts';
import { hold, isOver, readHash, readStanding, review, untilStruck, type Held } from './round.ts';
import { readFacts, toVerdict, type Verdict } from './verdict.ts';
import type { Scene, World } from './world.ts';

/** How long after the last restart everything has to be over. */
export const END_MS = 60_000;
const LOOK_MS = 200;
/** What a process that holds an action still does after the request is there. */
const SETTLE_MS = 400;
/** How often a seam is tried that was not struck. */
const TRIES = 4;

/** One round with what it met and what became of it. */
export interface Ended extends Verdict {
  readonly point: Point;
  /** Where it died; undefined when it passed by its plan. */
  readonly seam: string | undefined;
  /** From the restart to the end; 0 when it was over before. */
  readonly endMs: number;
}

interface Struck {
  readonly point: Point;
  readonly held: Held;
  readonly seam: string | undefined;
}

/** Crashes one process again and again, each time at the next point, then gives it time to finish everything. */
export async function runBatch(world: World, points: readonly Point[]): Promise<Ended[]> {
  const [first] = points;
  if (first === undefined) return [];
  const scene = await world.open(first.target);
  const restarts: number[] = [];
  const watch = new Watch(scene);
  try {
    await startAll(scene, toCrashAt(first));
    const struck: Struck[] = [];
    const left = points.map((point) => ({ point, triesLeft: TRIES }));
    for (let now = left.shift(); now !== undefined; now = left.shift()) {
      const { point, triesLeft } = now;
      // What earlier rounds left to finish must not be struck in place of this one.
      if (point.seam !== undefined) await watch.untilQuiet((restarts.at(-1) ?? 0) + END_MS);
      const held = await hold(scene, world, point);
      watch.add(held);
      if (point.seam !== undefined) await sleep(SETTLE_MS);
      const heard = await strike(scene, world, held);
      const isMissed = point.seam !== undefined && heard.seam === undefined && triesLeft > 1;
      if (isMissed) left.unshift({ point: toEarlier(point), triesLeft: triesLeft - 1 });
      await restart(scene, left[0]?.point);
      restarts.push(performance.now());
      await reviewAgain(scene, world, heard);
      struck.push({ point, held, seam: heard.seam });
    }
    await watch.untilAllOver((restarts.at(-1) ?? 0) + END_MS);
    const facts = await readFacts(scene);
    return struck.map(({ point, held, seam }, index) => ({
      ...toVerdict(facts, world.sink, held),
      ...{ point, seam, endMs: toEndMs(watch.endOf(held), restarts.slice(index)) },
    }));
  } finally {
    await watch.stop();
    await scene.close();
  }
}

function toCrashAt({ seam, at }: Point): string {
  return seam === undefined ? String(at) : `${seam}:${at}`;
}

/** Counts the passes of one target between a review and its effect, for each kind; nothing dies. */
export async function countPasses(world: World, target: Target, kinds: readonly Kind[]): Promise<Counted[]> {
  const scene = await world.open(target);
  const { victim } = scene;
  try {
    await startAll(scene, '0');
    victim.arm();
    const counted: Counted[] = [];
    for (const kind of kinds) {
      const held = await hold(scene, world, kind);
      const hash = await readHash(scene, world, held);
      victim.clearPasses();
      const answer = await review(scene, world, held, hash);
      if (answer?.body['counted'] !== true) throw new Error(`a review did not count: ${JSON.stringify(answer)}`);
      await untilStruck(scene, held);
      const [standing] = await readStanding(scene.pool, [held.approvalId]);
      if (standing === undefined || !isOver(standing))
        throw new Error(`without a crash it did not end: ${JSON.stringify({ kind, standing })} ${scene.victim.log}`);
      counted.push({ target, ...kind, passes: victim.passes() });
    }
    return counted;
  } finally {
    await scene.close();
  }
}

async function startAll({ processes, victim }: Scene, crashAt: string): Promise<void> {
  await Promise.all(processes.map((each) => each.start(each === victim ? crashAt : undefined)));
}

interface Strike {
  readonly held: Held;
  readonly hash: string;
  readonly answer: Answer | undefined;
  readonly seam: string | undefined;
}

/** Answers, and waits until the victim has died of its plan or has plainly passed by it. */
async function strike(scene: Scene, world: World, held: Held): Promise<Strike> {
  const { victim } = scene;
  const hash = await readHash(scene, world, held);
  victim.arm();
  const answer = await review(scene, world, held, hash);
  await untilStruck(scene, held);
  return { held, hash, answer, seam: victim.isAlive ? undefined : victim.passes().at(-1) };
}

/** The restarted process dies at the next point, or nowhere. */
async function restart({ victim }: Scene, next: Point | undefined): Promise<void> {
  await victim.kill();
  await victim.start(next === undefined ? undefined : toCrashAt(next));
}

/** Who heard nothing tries again; the review may count already. */
async function reviewAgain(scene: Scene, world: World, { held, hash, answer }: Strike): Promise<void> {
  const heard = answer ?? (await review(scene, world, held, hash));
  const isCounted = heard?.status === 200 || heard?.body['code'] === 'already_decided';
  if (!isCounted) throw new Error(`a review was refused: ${JSON.stringify(heard)}`);
}

/** Time after the restart that was needed: later crashes of the same batch begin it anew. */
function toEndMs(endedAt: number | undefined, restarts: readonly number[]): number {
  if (endedAt === undefined) return Number.POSITIVE_INFINITY;
  return endedAt - (restarts.findLast((at) => at <= endedAt) ?? endedAt);
}

/** Looks at the record all the time, and notes when each request is over. */
class Watch {
  readonly #scene: Scene;
  readonly #open = new Set<string>();
  readonly #ended = new Map<string, number>();
  readonly #looking: Promise<void>;
  #isStopped = false;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#looking = this.#look();
  }

  add({ approvalId }: Held): void {
    this.#open.add(approvalId);
  }

  endOf({ approvalId }: Held): number | undefined {
    return this.#ended.get(approvalId);
  }

  async untilAllOver(deadline: number): Promise<void> {
    while (this.#open.size > 0 && performance.now() < deadline) await sleep(LOOK_MS);
  }

  /** Nothing of earlier rounds is under way: it is over, or waits for the lease of a dead process to end. */
  async untilQuiet(deadline: number): Promise<void> {
    while (performance.now() < deadline) {
      const standings = await readStanding(this.#scene.pool, [...this.#open]);
      if (standings.every((each) => isOver(each) || each.is_parked)) return;
      await sleep(LOOK_MS);
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#looking;
  }

  async #look(): Promise<void> {
    while (!this.#isStopped) {
      const standings = this.#open.size === 0 ? [] : await readStanding(this.#scene.pool, [...this.#open]);
      for (const standing of standings.filter(isOver)) {
        this.#ended.set(standing.approval_id, performance.now());
        this.#open.delete(standing.approval_id);
      }
      await sleep(LOOK_MS);
    }
  }
}
