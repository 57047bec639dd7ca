import { readdirSync, readFileSync } from 'node:fs';

export const quantile = (values, share) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))];
export const median = (values) => quantile(values, 0.5);

export async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** `count` calls one after the other, in milliseconds each. */
export async function repeat(count, work) {
  const times = [];
  for (let i = 0; i < count; i++) times.push(await timed(() => work(i)));
  return times;
}

const field = (text, name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN) / 1024;

/** Resident memory of a process, MiB. */
export const rssOf = (pid) => field(readFileSync(`/proc/${pid}/status`, 'utf8'), 'VmRSS');

/** Proportional memory of a process and all its descendants, MiB: shared pages are counted once. */
export function pssOfTree(pid) {
  const own = field(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'), 'Pss');
  return childrenOf(pid).reduce((sum, child) => sum + pssOfTree(child), own);
}

function childrenOf(pid) {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
}

/** Collects rows against targets, prints them as a table; `failed` counts the rows past their target. */
export class Report {
  #rows = [];

  add(what, value, unit, target) {
    const shown = value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
    const isMet = target === undefined || value <= target;
    this.#rows.push({
      what,
      measured: `${shown} ${unit}`,
      target: target === undefined ? '' : `<= ${target} ${unit}`,
      ok: target === undefined ? '' : isMet ? 'yes' : 'NO',
    });
    console.log(
      `${what}: ${shown} ${unit}${target === undefined ? '' : ` (target ${target}${isMet ? '' : ', MISSED'})`}`,
    );
  }

  get failed() {
    return this.#rows.filter(({ ok }) => ok === 'NO').length;
  }

  print() {
    console.log('');
    console.table(this.#rows);
  }
}
