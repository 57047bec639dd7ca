import { afterAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Json } from '../../kernel/json.ts';
import { AppError } from '../errors/index.ts';
import { Analysis } from './analysis.ts';

const analysis = new Analysis();
afterAll(() => analysis.close());

const transform = (input: Json, expression: string, timeoutMs = 4000) =>
  analysis.run({ kind: 'transform', input, expression }, { timeoutMs });

async function failureOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`expected an AppError, got ${String(error)}`);
  return `${error.code}: ${error.message}`;
}

const rssMb = (pid: number | undefined) =>
  Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid ?? 0}/status`, 'utf8'))?.[1]) / 1024;

describe('the analysis child', () => {
  it('is started by the first job and kept for the next', async () => {
    const own = new Analysis();
    expect(own.pid).toBeUndefined();
    const start = performance.now();
    expect(await own.run({ kind: 'transform', input: { a: 1 }, expression: 'a + 1' })).toEqual({ result: 2 });
    const { pid } = own;
    const startMs = performance.now() - start;
    await own.run({ kind: 'parse', format: 'csv', text: 'a\n1\n' });
    console.log(`child: first answer after ${startMs.toFixed(0)} ms (from sources), ${rssMb(own.pid).toFixed(0)} MB`);
    expect(own.pid).toBe(pid);
    expect(rssMb(pid)).toBeLessThan(120);
    await own.close();
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    expect(await failureOf(own.run({ kind: 'parse', format: 'json', text: '1' }))).toContain('unavailable');
  });

  it('carries eight megabytes both ways', async () => {
    const text = JSON.stringify([{ text: 'ä'.repeat(4 * 1024 * 1024) }]);
    const { rows } = await analysis.run({ kind: 'parse', format: 'json', text });
    expect((rows as { text: string }[])[0]?.text).toHaveLength(4 * 1024 * 1024);
  });

  it('sees nothing of the server', async () => {
    await transform(null, '1');
    const pid = analysis.pid ?? 0;
    // Node itself names the channel.
    expect(
      readFileSync(`/proc/${pid}/environ`, 'utf8')
        .split('\0')
        .filter((one) => one !== '' && !one.startsWith('NODE_CHANNEL') && !one.startsWith('PWD=')),
    ).toEqual([]);
    expect(readFileSync(`/proc/${pid}/limits`, 'utf8')).toMatch(/Max core file size\s+0 /);
  });
});

describe('a hostile expression', () => {
  it.each([
    ['endless tail recursion', '($f := function($x){ $f($x + 1) }; $f(1))'],
    ['endless recursion', '($f := function($x){ 1 + $f($x) }; $f(1))'],
    ['recursion that doubles', '($f := function($x){ $append($f($x), $f($x)) }; $f(1))'],
    ['a text of 500 MB', '$length($pad("x", 500000000))'],
    ['a regular expression that backtracks', '$contains($join([1..40].("a")) & "b", /^(a+)+$/)'],
    ['a list of ten million', '$sum([1..9999999])'],
    [
      'doubling a text',
      '($f := function($s, $n){ $n = 0 ? $s : $f($s & $s, $n - 1) }; $length($f("xxxxxxxxxxxxxxxx", 28)))',
    ],
    ['endless $eval', '($f := function(){ $eval("$f()", {}) & $f() }; $f())'],
  ])('%s is an error answer, and the next job works', async (_what, expression) => {
    expect(await failureOf(transform(null, expression, 800))).toMatch(/^(analysis_failed|expression_error): /);
    expect(await transform([1, 2], '$sum($)')).toEqual({ result: 3 });
  });

  it('does not block ten thousand distinct rows longer than its deadline', async () => {
    const rows = Array.from({ length: 10_000 }, (_, i) => ({ id: i, name: `n${i}` }));
    const start = performance.now();
    const outcome = await transform(rows, '$count($distinct($))', 1000).catch((error: unknown) => error);
    expect(performance.now() - start).toBeLessThan(4000);
    if (outcome instanceof AppError) expect(outcome.message).toMatch(/took longer than 1000 ms|took too long/);
    else expect(outcome).toEqual({ result: 10_000 });
  });

  it.each([
    ['$lookup({}, "constructor")', null],
    ['$lookup({}, "__proto__")', null],
    ['constructor', null],
    ['__proto__.polluted', null],
    ['$keys({"__proto__": {"polluted": 1}})', '__proto__'],
    ['$merge([{"__proto__": {"polluted": 1}}, {"a": 1}]).polluted', null],
    ['({} ~> |$|{"__proto__": {"polluted": 1}}|).polluted', null],
    ['$string.constructor', null],
    ['$eval("$lookup({}, \\"constructor\\")")', null],
  ])('%s reaches nothing but data', async (expression, result) => {
    expect(await transform({}, expression)).toEqual({ result });
    expect(await transform({}, 'polluted')).toEqual({ result: null });
  });

  it('gets no function out', async () => {
    expect(await failureOf(transform(null, 'function($x){ $x }'))).toMatch(/expression_error: .*a function, not data/);
    expect(await failureOf(transform(null, '{"a": [$sum]}'))).toContain('a function, not data');
    expect(await failureOf(transform(null, '/x/'))).toContain('a function, not data');
  });
});

describe('jobs beside a hostile one', () => {
  it('wait their turn and get their answers, from a new child', async () => {
    const before = analysis.pid;
    const answers = await Promise.allSettled([
      transform(1, '$ + 1'),
      transform(null, '$contains($join([1..40].("a")) & "b", /^(a+)+$/)', 300),
      ...Array.from({ length: 20 }, (_, i) => transform(i, '$ * 2')),
    ]);
    expect(answers.map((one) => (one.status === 'fulfilled' ? one.value['result'] : 'failed'))).toEqual([
      2,
      'failed',
      ...Array.from({ length: 20 }, (_, i) => i * 2),
    ]);
    expect(analysis.pid).not.toBe(before);
  });

  it('are refused when a hundred wait already', async () => {
    const slow = transform(null, '$contains($join([1..40].("a")) & "b", /^(a+)+$/)', 300).catch(() => 'slow');
    const waiting = Array.from({ length: 100 }, (_, i) => transform(i, '$'));
    expect(await failureOf(transform(1, '$'))).toMatch(/^unavailable: 100 /);
    expect(await Promise.all([slow, ...waiting])).toHaveLength(101);
  });

  it('can be given up, waiting or running', async () => {
    const stop = new AbortController();
    const job = { kind: 'transform', input: null, expression: '($f := function($x){ $f($x + 1) }; $f(1))' } as const;
    const running = analysis.run(job, { signal: stop.signal });
    const waiting = analysis.run(job, { signal: AbortSignal.abort(new AppError('timeout', 'too late')) });
    await delay(100);
    stop.abort();
    expect(await failureOf(running)).toContain('cancelled');
    expect(await failureOf(waiting)).toBe('timeout: too late');
    expect(await transform(1, '$')).toEqual({ result: 1 });
  });
});

describe('the end of the child', () => {
  it('comes after a while without work', async () => {
    const own = new Analysis({ idleMs: 50 });
    await own.run({ kind: 'parse', format: 'json', text: '1' });
    const { pid } = own;
    while (own.pid !== undefined) await delay(10);
    while (existsSync(`/proc/${pid}`)) await delay(10);
    expect(await own.run({ kind: 'parse', format: 'json', text: '2' })).toEqual({ value: 2 });
    await own.close();
  });

  it('by a signal from elsewhere is an error answer too', async () => {
    const work = transform(null, '($f := function($x){ $f($x + 1) }; $f(1))');
    while (analysis.pid === undefined) await delay(5);
    await delay(50);
    process.kill(analysis.pid, 'SIGKILL');
    expect(await failureOf(work)).toContain('analysis_failed');
    expect(await transform(1, '$')).toEqual({ result: 1 });
  });

  it('comes with the end of the server, even in the middle of a loop', async () => {
    const server = spawn(process.execPath, ['--input-type=module', '-e', SERVER], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [pid] = (await once(server.stdout, 'data')) as [Buffer];
    const isRunning = () => /State:\s*[RSD]/.test(statusOf(Number(pid)));
    expect(isRunning()).toBe(true);
    server.kill('SIGKILL');
    while (isRunning()) await delay(20);
  });
});

/** Starts the child, gives it a job without end, and says the child's process id. */
const SERVER = `
import { spawn } from 'node:child_process';
const child = spawn(process.execPath, [${JSON.stringify(join(import.meta.dirname, '../../../scripts/analysis-child.mjs'))}, String(process.pid)], {
  stdio: ['ignore', 'ignore', 'inherit', 'ipc'], serialization: 'advanced', env: {}, cwd: '/' });
child.once('message', () => {
  const job = { kind: 'transform', input: null, expression: '$contains($join([1..40].("a")) & "b", /^(a+)+$/)' };
  child.send({ id: 1, timeoutMs: 600000, job: JSON.stringify(job) }, () => console.log(child.pid));
});
`;

function statusOf(pid: number): string {
  return existsSync(`/proc/${pid}`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : '';
}
