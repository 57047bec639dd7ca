import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ask, denying, startGoverned, type CountingDatabase, type Governed } from '../../../test/support/governed.ts';
import { shiftClock } from '../../../test/support/services.ts';
import { canonicalize } from '../../kernel/audit/canonical.ts';
import { hashLeaf } from '../../kernel/audit/chain.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { AppError } from '../../platform/errors/index.ts';
import { AuditLogQuery, sha256 } from '../audit/index.ts';
import type { ActionRequest, ActionResult } from './action.ts';
import type { ActionsService } from './actions.service.ts';
import { forgetOld } from './forget-old.ts';

let g: Governed;
let db: CountingDatabase;
let actions: ActionsService;

beforeAll(async () => {
  g = await startGoverned();
  db = g.connect();
  actions = g.open('strict', db);
});
afterAll(() => g.close());
beforeEach(async () => {
  g.executor.answer = () => Promise.resolve({ done: true });
  await shiftClock(g.s.db, '0');
});

const perform = (request: ActionRequest): Promise<ActionResult> => actions.perform(g.s.caller, request);
const tripsOf = async (request: ActionRequest): Promise<[ActionResult['kind'], number]> => {
  const before = db.trips;
  const { kind } = await perform(request);
  return [kind, db.trips - before];
};
const budgetOf = async (agentId: string): Promise<[micros: number, tokens: number]> => {
  const [row] = await g.s.db.query<{ micros: string; tokens: string }>(
    `SELECT micros, tokens FROM agent_budget WHERE agent_id = $1 AND period LIKE 'day %' ORDER BY period DESC LIMIT 1`,
    [agentId],
  );
  return [Number(row?.micros ?? 0), Number(row?.tokens ?? 0)];
};
const fails = (error: Error): void => {
  g.executor.answer = () => Promise.reject(error);
};

describe('one round trip', () => {
  it('decides, reserves and records, and one more records the outcome', async () => {
    const agentId = await g.given([denying('rate.calls1m >= 3 || budget.spentTodayMicros > 9000000 || first.target')]);
    const read = (i: number): ActionRequest => ask(agentId, 'file.read', { path: `a/${i}` }, { facts: { cost: 1 } });
    expect(await tripsOf(read(0))).toEqual(['succeeded', 2]);
    expect(await tripsOf(read(1))).toEqual(['succeeded', 2]);
    expect(await tripsOf(read(2))).toEqual(['succeeded', 2]);
    // What was assumed was under the limit, what is there is not: decided once more.
    expect(await tripsOf(read(3))).toEqual(['denied', 2]);
    expect(await tripsOf(read(4))).toEqual(['denied', 1]);
  });

  it('is enough without any state, and the state that nobody asks for is not read', async () => {
    const agentId = await g.given();
    expect(await tripsOf(ask(agentId, 'file.write', { path: 'a', content: 'x' }))).toEqual(['succeeded', 2]);
    expect(await tripsOf(ask(agentId, 'file.read', { path: '/etc/hostname' }))).toEqual(['denied', 1]);
  });

  it('writes nothing when the state is another one than was assumed', async () => {
    const agentId = await g.given([denying('rate.calls1m >= 1')]);
    await g.actions.perform(g.s.caller, ask(agentId, 'file.read', { path: 'a' }));
    expect(await tripsOf(ask(agentId, 'file.read', { path: 'b' }))).toEqual(['denied', 2]);
    const rows = await g.s.db.query<{ effect: string }>(
      'SELECT effect FROM action WHERE agent_id = $1 ORDER BY created_at',
      [agentId],
    );
    expect(rows.map(({ effect }) => effect)).toEqual(['allow', 'deny']);
    expect((await g.kindsOf(agentId)).filter((kind) => kind.startsWith('action.decided'))).toHaveLength(2);
  });
});

describe('the record that SQL writes', () => {
  it('has the very bytes of the canonical form, and the chain over it verifies', async () => {
    const agentId = await g.given();
    const path = 'a "quoted" \\ name\u2028 \u0001 ünï 💥.txt';
    await perform(ask(agentId, 'file.read', { path }));
    await perform(ask(agentId, 'file.read', { path: '/etc/passwd' }));
    const rows = await g.s.db.query<{ body: Buffer; leaf_hash: Buffer; at: Date }>(
      `SELECT body, leaf_hash, created_at AS at FROM audit_entry JOIN action ON action.id::text = convert_from(body, 'UTF8')::jsonb #>> '{action,id}'
       WHERE agent_id = $1 ORDER BY created_at`,
      [agentId],
    );
    expect(rows).toHaveLength(3);
    for (const { body, leaf_hash } of rows) {
      const entry = JSON.parse(body.toString('utf8')) as Json;
      expect(body.toString('utf8')).toBe(canonicalize(entry));
      expect(leaf_hash.equals(hashLeaf(sha256, body))).toBe(true);
    }
    const first = JSON.parse(rows[0]!.body.toString('utf8')) as { at: string; data: { target: string } };
    expect(first.at).toBe(rows[0]!.at.toISOString());
    expect(first.data.target.endsWith(path)).toBe(true);
    const { chain } = await g.s.audit.list(g.s.caller, AuditLogQuery.parse({ agentId }));
    expect(chain).toMatchObject({ verified: true });
  });
});

describe('what was reserved', () => {
  const generate = (agentId: string): Promise<ActionResult> =>
    perform(ask(agentId, 'model.generate', { prompt: 'Hello', maxTokens: 100 }, { facts: { cost: 2 } }));

  it('becomes what it did cost', async () => {
    const agentId = await g.given();
    g.executor.answer = async () => {
      expect(await budgetOf(agentId)).toEqual([2_000_000, expect.any(Number)]);
      expect((await budgetOf(agentId))[1]).toBeGreaterThan(100);
      return { text: 'Hi', usage: { inputTokens: 3, outputTokens: 4 }, costUsd: 0.25 };
    };
    expect((await generate(agentId)).kind).toBe('succeeded');
    expect(await budgetOf(agentId)).toEqual([250_000, 7]);
  });

  it('stays spent when nobody says what it did cost', async () => {
    const agentId = await g.given();
    await generate(agentId);
    expect((await budgetOf(agentId))[0]).toBe(2_000_000);
  });

  it.each([
    ['was refused before anything was reached', new AppError('outbound_blocked', 'No.')],
    ['says that nothing was reached', new AppError('upstream_failed', 'No.', { reached: false })],
  ])('is given back when the action %s', async (_, error) => {
    const agentId = await g.given();
    fails(error);
    expect((await generate(agentId)).kind).toBe('failed');
    expect(await budgetOf(agentId)).toEqual([0, 0]);
  });

  it('is given back when there is nothing that could carry the action out', async () => {
    const agentId = await g.given([], { grants: ['slack.post'] });
    const post = ask(agentId, 'slack.post', { channel: 'general', text: 'Hello' }, { facts: { cost: 2 } });
    expect(await perform(post)).toMatchObject({ kind: 'failed', error: { code: 'unavailable' } });
    expect(await budgetOf(agentId)).toEqual([0, 0]);
  });

  it('stays spent when the other side may have been reached', async () => {
    const agentId = await g.given();
    fails(new AppError('upstream_failed', 'It broke off.'));
    await generate(agentId);
    expect((await budgetOf(agentId))[0]).toBe(2_000_000);
  });

  it('stays spent when the process died, and the sweep that ends the action charges it once', async () => {
    const agentId = await g.given([denying('rate.running >= 1')]);
    const { actionId } = await generate(agentId);
    await g.s.db.query(`UPDATE action SET execution = 'dispatched', finished_at = NULL WHERE id = $1`, [actionId]);
    expect(await perform(ask(agentId, 'file.read', { path: 'a' }))).toMatchObject({ kind: 'denied' });
    // Its lease is over: a dead process is in nobody's way.
    await shiftClock(g.s.db, '4 minutes');
    expect(await perform(ask(agentId, 'file.read', { path: 'a' }))).toMatchObject({ kind: 'succeeded' });
    expect(await actions.endAbandoned()).toBe(0);
    await shiftClock(g.s.db, '14 minutes');
    expect(await actions.endAbandoned()).toBe(1);
    expect((await budgetOf(agentId))[0]).toBe(2_000_000);
  });

  it('is counted on the day and in the month of the workspace, and charged to the day of the decision', async () => {
    await g.s.db.query(`UPDATE workspace SET timezone = 'Pacific/Auckland'`);
    const agentId = await g.given([
      denying('budget.spentTodayMicros >= 1000000 || budget.spentMonthMicros >= 3000000'),
    ]);
    const spend = (): Promise<ActionResult> =>
      perform(ask(agentId, 'file.read', { path: 'a' }, { facts: { cost: 1 } }));
    const toMorningOf = async (day: string): Promise<void> => {
      const [row] = await g.s.db.query<{ shift: string }>(
        `SELECT (($1 || ' 06:00')::timestamp AT TIME ZONE 'Pacific/Auckland' - clock_timestamp())::text AS shift`,
        [day],
      );
      await shiftClock(g.s.db, row?.shift ?? '0');
    };
    const answers: string[] = [];
    for (const day of ['2030-05-29', '2030-05-29', '2030-05-30', '2030-05-31', '2030-06-01']) {
      await toMorningOf(day);
      answers.push(`${day} ${(await spend()).kind}`);
      await spend();
    }
    expect(answers).toEqual([
      '2030-05-29 succeeded',
      '2030-05-29 denied',
      '2030-05-30 succeeded',
      '2030-05-31 succeeded',
      '2030-06-01 succeeded',
    ]);
    // The month of May was full: of three days one each.
    const rows = await g.s.db.query<{ period: string; micros: string }>(
      `SELECT period, micros FROM agent_budget WHERE agent_id = $1 AND period LIKE 'month%' ORDER BY period`,
      [agentId],
    );
    expect(rows).toEqual([
      { period: 'month 2030-05', micros: '3000000' },
      { period: 'month 2030-06', micros: '1000000' },
    ]);
    await shiftClock(g.s.db, '0');
    await g.s.db.query(`UPDATE workspace SET timezone = 'UTC'`);
  });

  it('is forgotten with its period, and nothing of what still counts', async () => {
    const agentId = await g.given();
    await generate(agentId);
    const left = async (): Promise<string[]> => {
      const rows = await g.s.db.query<{ name: string }>(
        `SELECT split_part(key, ':', 1) AS name FROM agent_window WHERE agent_id = $1
         UNION ALL SELECT split_part(period, ' ', 1) FROM agent_budget WHERE agent_id = $1 ORDER BY 1`,
        [agentId],
      );
      return rows.map(({ name }) => name);
    };
    await forgetOld(g.s.db);
    expect(await left()).toEqual(['all', 'day', 'kind', 'month', 'type', 'writes']);
    await shiftClock(g.s.db, '27 hours');
    expect(await forgetOld(g.s.db)).toBeGreaterThan(0);
    expect(await left()).toEqual(['day', 'month']);
    await shiftClock(g.s.db, '73 hours');
    await forgetOld(g.s.db);
    expect(await left()).toEqual(['month']);
    await shiftClock(g.s.db, '34 days');
    await forgetOld(g.s.db);
    expect(await left()).toEqual([]);
  });
});

describe('a result', () => {
  const given = (action: 'deny' | 'require_approval'): Promise<string> =>
    g.given([denying('action.phase == "after" && action.type == "file.read"', { action, message: 'Not to be seen.' })]);

  it.each(['deny', 'require_approval'] as const)(
    'that a policy refuses by %s is withheld and not kept',
    async (action) => {
      const agentId = await given(action);
      g.executor.answer = () => Promise.resolve({ text: 'the result' });
      const request = ask(agentId, 'file.read', { path: 'a' }, { idempotencyKey: 'once' });
      const result = await perform(request);
      expect(result).toMatchObject({
        kind: 'denied',
        reason: 'The action was carried out; its result is withheld.',
        decision: { effect: 'deny', violations: [{ message: 'Not to be seen.' }] },
      });
      expect(await g.kindsOf(agentId)).toEqual([
        'agent.created succeeded',
        'action.decided allowed',
        'action.executed succeeded',
        'result.decided denied',
      ]);
      const [row] = await g.s.db.query<JsonObject>('SELECT execution, output FROM action WHERE agent_id = $1', [
        agentId,
      ]);
      expect(row).toEqual({ execution: 'succeeded', output: null });
      expect(await perform(request)).toEqual(result);
    },
  );

  it('is judged only where the action was carried out', async () => {
    const agentId = await given('deny');
    fails(new AppError('file_not_found', 'It is not there.'));
    expect(await perform(ask(agentId, 'file.read', { path: 'a' }))).toMatchObject({ kind: 'failed' });
    expect(await perform(ask(agentId, 'file.write', { path: 'a', content: '' }))).toMatchObject({ kind: 'failed' });
  });

  it('that cannot be judged is withheld', async () => {
    const agentId = await given('deny');
    const cyclic: { self?: unknown } = {};
    cyclic.self = cyclic;
    g.executor.answer = () => Promise.resolve(cyclic as JsonObject);
    expect(await perform(ask(agentId, 'file.read', { path: 'a' }))).toMatchObject({ kind: 'denied' });
  });
});
