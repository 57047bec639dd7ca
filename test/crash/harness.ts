import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { countPasses, END_MS, runBatch, type Ended } from './batch.ts';
import { KINDS, TARGETS, toBatches, type Counted, type Point, type Target } from './plan.ts';
import { Sink } from './sink.ts';
import { World } from './world.ts';

/** At most so many batches at once: each may take ten of the forty connections that the server of the tests has. */
const LANES = 3;
const SIZES = { named: 10, any: 36 };
/** Both ways to start the harness do so in the folder of the project. */
const ENTRY = join(process.cwd(), 'dist/bundle/main.js');
const KNOWN = join(process.cwd(), 'test/crash/seams.json');

export interface Outcome {
  readonly counted: readonly Counted[];
  readonly ended: readonly Ended[];
  /** Points that are there no more: the harness would no longer look where it used to. */
  readonly missing: readonly string[];
  /** Seams of the plan that were struck less often than planned, by target. */
  readonly notStruck: readonly string[];
}

interface Options {
  readonly targets?: readonly Target[];
  readonly lanes?: number;
  /** The built program. */
  readonly entry?: string;
}

/** Counts the points, plans rounds over them, and crashes at each. */
export async function crash(
  plan: (counted: readonly Counted[]) => readonly Point[],
  say: (line: string) => void,
  { targets = TARGETS, lanes = LANES, entry = ENTRY }: Options = {},
): Promise<Outcome> {
  const sink = await Sink.open();
  try {
    const world = await World.make(sink, entry);
    try {
      const counted = (await inLanes(lanes, targets, (target) => countPasses(world, target, KINDS))).flat();
      const points = plan(counted);
      say(`${points.length} rounds: ${targets.map((target) => toSummary(points, target)).join(', ')}`);
      const ended: Ended[] = [];
      await inLanes(lanes, toBatches(points, SIZES), async (batch) => {
        ended.push(...(await runBatch(world, batch)));
        say(`${ended.length} of ${points.length} rounds, ${ended.filter(isBad).length} bad`);
      });
      return { counted, ended, missing: findMissing(counted), notStruck: findNotStruck(points, ended) };
    } finally {
      await world.close();
    }
  } finally {
    await sink.close();
  }
}

export function isBad({ lost, isTwice, endMs }: Ended): boolean {
  return lost !== undefined || isTwice || endMs > END_MS;
}

/** Of what `seams.json` knows: other seams a process passes only when it is the first of two at the same work. */
function findNotStruck(points: readonly Point[], ended: readonly Ended[]): string[] {
  const named = points.filter(({ seam }) => seam !== undefined);
  const known = readKnown();
  const pairs = [
    ...new Set(
      named
        .filter(({ target, seam = '' }) => known[target]?.[seam] !== undefined)
        .map(({ target, seam }) => `${target} ${seam ?? ''}`),
    ),
  ];
  return pairs.flatMap((pair) => {
    const planned = named.filter(({ target, seam }) => `${target} ${seam ?? ''}` === pair).length;
    const struck = ended.filter(
      ({ point, seam }) => point.seam !== undefined && `${point.target} ${seam ?? ''}` === pair,
    );
    return struck.length < planned ? [`${pair}: ${struck.length} of ${planned}`] : [];
  });
}

function toSummary(points: readonly Point[], target: string): string {
  return `${target} ${points.filter((point) => point.target === target).length}`;
}

/** Fails when everything has come to rest: no process may stay behind. */
async function inLanes<Item, Result>(
  lanes: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const left = [...items.entries()];
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) results[next[0]] = await work(next[1]);
  };
  const ends = await Promise.allSettled(Array.from({ length: lanes }, lane));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw new Error('a batch broke off', { cause: failed.reason });
  return results;
}

/** How often each seam is passed over all kinds, by target. */
type Known = Readonly<Record<string, Readonly<Record<string, number>>>>;

function toKnown(counted: readonly Counted[]): Known {
  const known: Record<string, Record<string, number>> = {};
  for (const { target, passes } of counted) {
    const seams = (known[target] ??= {});
    for (const seam of passes) seams[seam] = (seams[seam] ?? 0) + 1;
  }
  return known;
}

/** Seams that were passed less often than `seams.json` knows. */
export function findMissing(counted: readonly Counted[]): string[] {
  const now = toKnown(counted);
  return Object.entries(now).flatMap(([target]) =>
    Object.entries(readKnown()[target] ?? {})
      .filter(([seam, least]) => (now[target]?.[seam] ?? 0) < least)
      .map(([seam, least]) => `${target} ${seam}: ${now[target]?.[seam] ?? 0} of ${least}`),
  );
}

function readKnown(): Known {
  return existsSync(KNOWN) ? (JSON.parse(readFileSync(KNOWN, 'utf8')) as Known) : {};
}

/** Some passes come by time, such as those of a sweep: a fifth may stay away. */
const SHARE = 0.8;

/** Writes down what there is now, where that is on purpose. */
export function writeKnown(counted: readonly Counted[]): void {
  const known = Object.entries(toKnown(counted)).map(([target, seams]) => [
    target,
    Object.fromEntries(
      Object.entries(seams)
        .map(([seam, count]) => [seam, Math.floor(count * SHARE)] as const)
        .filter(([, least]) => least > 0),
    ),
  ]);
  writeFileSync(KNOWN, `${JSON.stringify(Object.fromEntries(known), null, 2)}\n`);
}

export interface Row {
  readonly target: string;
  readonly seam: string;
  readonly rounds: number;
  /** Those that were to die at this seam; the others died here at a count of any. */
  readonly planned: number;
  readonly lost: number;
  readonly 'executed twice': number;
  readonly unknown: number;
  readonly 'slowest end, ms': number;
}

function toNotStruck({ seam }: Point): string {
  return seam === undefined ? 'not struck' : `not struck: ${seam}`;
}

/** The table: what became of the rounds, by where the process died. */
export function toTable(ended: readonly Ended[]): Row[] {
  const groups = new Map<string, Ended[]>();
  for (const each of ended) {
    const key = `${each.point.target}\0${each.seam ?? toNotStruck(each.point)}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups].sort().map(([key, rounds]) => ({
    target: key.split('\0')[0] ?? '',
    seam: key.split('\0')[1] ?? '',
    rounds: rounds.length,
    planned: rounds.filter(({ point }) => point.seam !== undefined).length,
    lost: rounds.filter(({ lost }) => lost !== undefined).length,
    'executed twice': rounds.filter(({ isTwice }) => isTwice).length,
    unknown: rounds.filter(({ isUnknown }) => isUnknown).length,
    'slowest end, ms': Math.round(Math.max(...rounds.map(({ endMs }) => endMs))),
  }));
}
