import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { ask, builtIn, denying, startGoverned, type Governed } from '../../../test/support/governed.ts';
import { shiftClock } from '../../../test/support/services.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { AppError } from '../../platform/errors/index.ts';
import type { ActionRequest, ActionResult } from './action.ts';
import type { ActionsService } from './actions.service.ts';

const AT_ONCE = 50;
const LIMIT = 7;

let g: Governed;
/** Two enforcement points with memories and connections of their own, as two processes have them. */
let both: readonly [ActionsService, ActionsService];

beforeAll(async () => {
  g = await startGoverned();
  both = [g.open('strict', g.connect()), g.open('strict', g.connect())];
});
afterAll(() => g.close());
beforeEach(async () => {
  g.executor.answer = () => Promise.resolve({ done: true });
  await shiftClock(g.s.db, '0');
});

const read = (i: number): [string, JsonObject] => ['file.read', { path: `r/${i}` }];
const write = (i: number): [string, JsonObject] => ['file.write', { path: `w/${i}`, content: 'x' }];
const remove = (i: number): [string, JsonObject] => ['file.delete', { path: `d/${i}` }];
const fetch = (i: number): [string, JsonObject] => ['http.request', { url: `https://api.example.com/${i}` }];
const send = (i: number): [string, JsonObject] => [
  'email.send',
  { to: ['ada@example.com', `p${i}@example.net`], subject: `s${i}`, text: 'Hello' },
];
const generate = (i: number): [string, JsonObject] => ['model.generate', { prompt: `p${i}`, maxTokens: 100 }];

const givenRun = async (agentId: string): Promise<string> => {
  const id = randomUUID();
  await g.s.db.query(
    `INSERT INTO run (id, workspace_id, agent_id, version, trigger, status, input, requested_by) VALUES ($1, $2, $3, 1, 'manual', 'running', '{}', 'test')`,
    [id, g.s.caller.workspaceId, agentId],
  );
  return id;
};
const count = (results: readonly ActionResult[], kind: ActionResult['kind']): number =>
  results.filter((result) => result.kind === kind).length;
const perform = (request: ActionRequest, i = 0): Promise<ActionResult> => both[i % 2]!.perform(g.s.caller, request);
const budgetOf = async (agentId: string): Promise<[period: string, micros: number, tokens: number][]> => {
  const rows = await g.s.db.query<{ period: string; micros: string; tokens: string }>(
    'SELECT period, micros, tokens FROM agent_budget WHERE agent_id = $1 ORDER BY period',
    [agentId],
  );
  return rows.map(({ period, micros, tokens }) => [period.split(' ')[0] ?? '', Number(micros), Number(tokens)]);
};

describe('a limit is never exceeded by calls that come at once', () => {
  const RATES: readonly (readonly [attribute: string, make: (i: number) => [string, JsonObject]])[] = [
    ...['calls1m', 'calls1h', 'calls1d', 'kind1m', 'kind10m', 'kind1h', 'kind1d'].map((name) => [name, read] as const),
    ...['type1m', 'type10m', 'type1h', 'type1d'].map((name) => [name, read] as const),
    ...['writes1m', 'writes1h'].map((name) => [name, write] as const),
    ...['deletes1h', 'deletes1d'].map((name) => [name, remove] as const),
    ...['http1m', 'target1m', 'target1h'].map((name) => [name, fetch] as const),
    ...['messages1h', 'messages1d', 'recipient1h', 'recipient1d'].map((name) => [name, send] as const),
    ['identical1m', () => read(0)],
  ];

  it.each(RATES)('rate.%s', async (name, make) => {
    const agentId = await g.given([denying(`rate.${name} >= ${LIMIT}`, { message: `There were {rate.${name}}.` })]);
    const results = await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => perform(ask(agentId, ...make(i)), i)));
    expect([count(results, 'succeeded'), count(results, 'denied')]).toEqual([LIMIT, AT_ONCE - LIMIT]);
    // What a denial says is what was counted, also where it was decided on an older state first.
    const messages = results.flatMap((result) =>
      result.kind === 'denied' ? result.decision.violations[0]?.message : [],
    );
    expect(new Set(messages)).toEqual(new Set([`There were ${LIMIT}.`]));
  });

  it('rate.running: what is under way', async () => {
    const agentId = await g.given([denying(`rate.running >= ${LIMIT}`)]);
    let release = (_: JsonObject): void => {};
    const gate = new Promise<JsonObject>((resolve) => (release = resolve));
    g.executor.answer = () => gate;
    const open = Array.from({ length: AT_ONCE }, (_, i) => perform(ask(agentId, ...read(i)), i));
    // The denied ones answer while the others are still at it.
    const denied: ActionResult[] = [];
    await new Promise<void>((resolve) => {
      for (const each of open)
        void each.then((result) => {
          denied.push(result);
          if (denied.length === AT_ONCE - LIMIT) resolve();
        });
    });
    expect(count(denied, 'denied')).toBe(AT_ONCE - LIMIT);
    release({ done: true });
    expect(count(await Promise.all(open), 'succeeded')).toBe(LIMIT);
    expect(await perform(ask(agentId, ...read(99)))).toMatchObject({ kind: 'succeeded' });
  });

  it.each([
    ['budget.spentTodayMicros', 'a day'],
    ['budget.spentMonthMicros', 'a month'],
  ])('%s: money of %s, whole or not at all', async (name) => {
    const agentId = await g.given([denying(`${name} + cost.micros > ${LIMIT}500000`)]);
    const results = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, i) => perform(ask(agentId, ...read(i), { facts: { cost: 1 } }), i)),
    );
    expect([count(results, 'succeeded'), count(results, 'denied')]).toEqual([LIMIT, AT_ONCE - LIMIT]);
    expect(await budgetOf(agentId)).toEqual([
      ['day', LIMIT * 1_000_000, 0],
      ['month', LIMIT * 1_000_000, 0],
    ]);
  });

  it.each(['tokensToday', 'tokensRun'])('budget.%s', async (name) => {
    const agentId = await g.given([denying(`budget.${name} + cost.tokens > 900`)]);
    const runId = await givenRun(agentId);
    const results = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, i) =>
        perform(ask(agentId, ...generate(i), { run: { runId, stepPosition: 0, itemIndex: i, attempt: 1 } }), i),
      ),
    );
    const allowed = count(results, 'succeeded');
    const [[, , tokens] = ['', 0, 0]] = await budgetOf(agentId);
    expect(allowed).toBeGreaterThan(2);
    expect(tokens).toBeLessThanOrEqual(900);
    expect(tokens + tokens / allowed).toBeGreaterThan(900);
  });

  it('attempts of a step count each; a repeat of the same attempt does not', async () => {
    const agentId = await g.given([denying(`rate.calls1m >= ${LIMIT}`)]);
    const runId = await givenRun(agentId);
    const attempts = Array.from({ length: 20 }, (_, i) => ({
      runId,
      stepPosition: 0,
      itemIndex: -1,
      attempt: 1 + (i % 10),
    }));
    const results = await Promise.all(
      attempts.map((run, i) => perform(ask(agentId, ...read(0), { run }), i).catch(toKind)),
    );
    const answered = results.filter((result): result is ActionResult => typeof result === 'object');
    expect(new Set(answered.map(({ actionId }) => actionId)).size).toBe(10);
    expect(new Set(answered.filter(({ kind }) => kind === 'succeeded').map(({ actionId }) => actionId)).size).toBe(
      LIMIT,
    );
  });

  it('the limits of the built-in policy hold together', async () => {
    const agentId = await g.given([
      builtIn('rate-limiting', { writesPerMinute: 20, maxRunning: 1_000, identicalPerMinute: 3 }),
    ]);
    const results = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, i) => perform(ask(agentId, ...write(i % 10)), i)),
    );
    expect(count(results, 'succeeded')).toBe(20);
    const same = await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => perform(ask(agentId, ...read(0)), i)));
    expect(count(same, 'succeeded')).toBe(3);
  });
});

describe('a budget', () => {
  const anyAction = fc.record({
    cents: fc.integer({ min: 1, max: 90 }),
    end: fc.constantFrom('as estimated', 'cheaper', 'refused', 'broke off'),
  });

  it('holds for any actions that come at once, however they end, and in the end holds what they did cost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyAction, { minLength: 5, maxLength: 30 }), async (all) => {
        const agentId = await g.given([denying('budget.spentTodayMicros + cost.micros > 2000000')]);
        const spent = all.map(({ cents, end }) => {
          if (end === 'refused') return 0;
          return (end === 'cheaper' ? Math.floor(cents / 2) : cents) * 10_000;
        });
        let most = 0;
        g.executor.answer = async () => {
          const i = Number(/\d+/.exec(JSON.stringify(g.executor.acted.at(-1)?.params))?.[0]);
          const { end } = all[i]!;
          const [[, micros] = ['', 0]] = await budgetOf(agentId);
          most = Math.max(most, micros);
          if (end === 'refused') throw new AppError('file_not_found', 'It is not there.');
          if (end === 'broke off') throw new AppError('upstream_failed', 'It broke off.');
          return end === 'cheaper' ? { costUsd: spent[i]! / 1_000_000 } : {};
        };
        const results = await Promise.all(
          all.map(({ cents }, i) =>
            perform(ask(agentId, 'file.read', { path: `b/${i}` }, { facts: { cost: cents / 100 } }), i),
          ),
        );
        const due = results.reduce((sum, { kind }, i) => sum + (kind === 'denied' ? 0 : spent[i]!), 0);
        const [[, micros] = ['', 0]] = await budgetOf(agentId);
        expect(micros).toBe(due);
        expect(Math.max(most, micros)).toBeLessThanOrEqual(2_000_000);
      }),
      { numRuns: 15 },
    );
  });
});

const toKind = (error: unknown): string => (error instanceof AppError ? error.code : 'unknown');
