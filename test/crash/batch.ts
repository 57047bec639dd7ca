import { setTimeout as sleep } from 'node:timers/promises';
import type { Counted, Kind, Point, Target } from './plan.ts';
import { hold, isOver, readHash, readStanding, review, untilStruck, type Held } from './round.ts';
import { readFacts, toVerdict, type Verdict } from './verdict.ts';
import type { Scene, World } from './world.ts';

/** How long after the last restart everything has to be over. */
export const END_MS = 60_000;
const LOOK_MS = 200;

/** One round with what it met and what became of it. */
export interface Ended extends Verdict {
  readonly point: Point;
  /** Where it died; undefined when it had nothing left to pass before the planned count. */
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
    await startAll(scene, first.at);
    const struck: Struck[] = [];
    for (const [index, point] of points.entries()) {
      const held = await hold(scene, world, point);
      watch.add(held);
      struck.push(await strike(scene, world, { point, held, next: points[index + 1]?.at, restarts }));
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

/** Counts the passes of one target between a review and its effect, for each kind; nothing dies. */
export async function countPasses(world: World, target: Target, kinds: readonly Kind[]): Promise<Counted[]> {
  const scene = await world.open(target);
  const { victim } = scene;
  try {
    await startAll(scene, 0);
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

async function startAll({ processes, victim }: Scene, crashAt: number): Promise<void> {
  await Promise.all(processes.map((each) => each.start(each === victim ? crashAt : undefined)));
}

interface Strike {
  readonly point: Point;
  readonly held: Held;
  /** Where the restarted process dies next; undefined: nowhere. */
  readonly next: number | undefined;
  readonly restarts: number[];
}

async function strike(scene: Scene, world: World, { point, held, next, restarts }: Strike): Promise<Struck> {
  const { victim } = scene;
  const hash = await readHash(scene, world, held);
  victim.arm();
  const answer = await review(scene, world, held, hash);
  await untilStruck(scene, held);
  const seam = victim.isAlive ? undefined : victim.passes().at(-1);
  await victim.kill();
  await victim.start(next);
  restarts.push(performance.now());
  // Who heard nothing tries again; the review may count already.
  const heard = answer ?? (await review(scene, world, held, hash));
  const isCounted = heard?.status === 200 || heard?.body['code'] === 'already_decided';
  if (!isCounted) throw new Error(`a review was refused: ${JSON.stringify(heard)}`);
  return { point, held, seam };
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
