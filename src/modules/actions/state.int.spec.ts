import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ask, denying, startGoverned, type Governed } from '../../../test/support/governed.ts';
import { shiftClock } from '../../../test/support/services.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { AppError } from '../../platform/errors/index.ts';
import type { ActionResult } from './action.ts';

let g: Governed;
beforeAll(async () => {
  g = await startGoverned();
});
afterAll(() => g.close());
beforeEach(async () => {
  g.executor.answer = () => Promise.resolve({ done: true });
  await shiftClock(g.s.db, '0');
});

const act = (agentId: string, type: string, params: JsonObject): Promise<ActionResult> =>
  g.actions.perform(g.s.caller, ask(agentId, type, params));
const read = async (agentId: string): Promise<string> => (await act(agentId, 'file.read', { path: 'a' })).kind;

describe('a window', () => {
  // Never too short: it may reach back by one slot more, which is a second, five minutes or an hour.
  it.each([
    ['1m', '58 seconds', '62 seconds'],
    ['10m', '598 seconds', '901 seconds'],
    ['1h', '3598 seconds', '3901 seconds'],
    ['1d', '86398 seconds', '90001 seconds'],
  ])('of %s still counts after %s and no longer after %s', async (window, inside, outside) => {
    const name = window === '10m' ? 'kind10m' : `calls${window}`;
    const agentId = await g.given([denying(`rate.${name} >= 2`)]);
    expect([await read(agentId), await read(agentId), await read(agentId)]).toEqual([
      'succeeded',
      'succeeded',
      'denied',
    ]);
    await shiftClock(g.s.db, inside);
    expect(await read(agentId)).toBe('denied');
    await shiftClock(g.s.db, outside);
    expect([await read(agentId), await read(agentId), await read(agentId)]).toEqual([
      'succeeded',
      'succeeded',
      'denied',
    ]);
  });

  it('slides: what came later counts longer', async () => {
    const agentId = await g.given([denying('rate.calls1m >= 2')]);
    expect(await read(agentId)).toBe('succeeded');
    await shiftClock(g.s.db, '40 seconds');
    expect([await read(agentId), await read(agentId)]).toEqual(['succeeded', 'denied']);
    await shiftClock(g.s.db, '63 seconds');
    expect([await read(agentId), await read(agentId)]).toEqual(['succeeded', 'denied']);
  });

  it('holds also when the clock goes back', async () => {
    const agentId = await g.given([denying('rate.calls1m >= 2')]);
    await shiftClock(g.s.db, '10 minutes');
    expect([await read(agentId), await read(agentId)]).toEqual(['succeeded', 'succeeded']);
    await shiftClock(g.s.db, '0');
    expect(await read(agentId)).toBe('denied');
  });

  it('is one row, however much was counted', async () => {
    const agentId = await g.given([denying('rate.identical1m >= 100')]);
    for (let i = 0; i < 30; i++) await read(agentId);
    const rows = await g.s.db.query<{ key: string; seconds: number[]; fives: number[]; hours: number[] }>(
      'SELECT key, seconds, fives, hours FROM agent_window WHERE agent_id = $1 ORDER BY key',
      [agentId],
    );
    expect(rows.map(({ key }) => key.split(':')[0])).toEqual(['all', 'kind', 'same', 'type']);
    for (const { seconds, fives, hours } of rows) {
      expect([seconds.length, fives.length, hours.length]).toEqual([61, 13, 25]);
      expect(hours.reduce((a, b) => a + b)).toBe(30);
    }
  });

  it('counts one agent and no other', async () => {
    const policy = denying('rate.calls1m >= 1');
    const [one, other] = [await g.given([policy]), await g.given([policy])];
    expect([await read(one), await read(one), await read(other)]).toEqual(['succeeded', 'denied', 'succeeded']);
  });

  it('counts what was let through, not what was denied or held', async () => {
    const agentId = await g.given([
      denying('rate.calls1m >= 1'),
      denying('file.path.endsWith("held")', { action: 'require_approval' }),
    ]);
    expect((await act(agentId, 'file.read', { path: '/etc/passwd' })).kind).toBe('denied');
    expect((await act(agentId, 'file.read', { path: 'held' })).kind).toBe('held');
    expect([await read(agentId), await read(agentId)]).toEqual(['succeeded', 'denied']);
  });
});

describe('failures and denials', () => {
  it('are counted apart', async () => {
    const agentId = await g.given([
      denying('rate.failures10m >= 2', { message: 'failing' }),
      denying('rate.denials1h >= 3', { message: 'denied often' }),
    ]);
    g.executor.answer = () => Promise.reject(new AppError('file_not_found', 'It is not there.'));
    expect([await read(agentId), await read(agentId), await read(agentId)]).toEqual(['failed', 'failed', 'denied']);
    await shiftClock(g.s.db, '16 minutes');
    g.executor.answer = () => Promise.resolve({ done: true });
    expect(await read(agentId)).toBe('succeeded');
    for (let i = 0; i < 2; i++) await act(agentId, 'file.read', { path: '/etc/passwd' });
    const last = await act(agentId, 'file.read', { path: 'b' });
    expect(last).toMatchObject({ kind: 'denied', decision: { violations: [{ message: 'denied often' }] } });
  });
});

describe('the first use', () => {
  const fetch = (agentId: string, host: string): Promise<ActionResult> =>
    act(agentId, 'http.request', { url: `https://${host}/` });

  it('of a host is the first until an action to it was let through', async () => {
    const agentId = await g.given([
      denying('first.target && url.path == "/new"'),
      denying('first.target && url.path == "/ask"', { action: 'require_approval' }),
    ]);
    const at = (path: string): Promise<ActionResult> =>
      act(agentId, 'http.request', { url: `https://api.example.com${path}` });
    expect([(await at('/new')).kind, (await at('/ask')).kind, (await at('/new')).kind]).toEqual([
      'denied',
      'held',
      'denied',
    ]);
    expect((await at('/')).kind).toBe('succeeded');
    expect((await at('/new')).kind).toBe('succeeded');
  });

  it('of a host that the task names is none', async () => {
    const change = { task: 'Fetch the orders from https://orders.example.com/v1 every day' };
    const agentId = await g.given([denying('first.target')], change);
    expect((await fetch(agentId, 'orders.example.com')).kind).toBe('succeeded');
    expect((await fetch(agentId, 'other.example.com')).kind).toBe('denied');
  });

  it('of a recipient is one as long as one of the external ones is new', async () => {
    const agentId = await g.given([denying('first.recipient && message.subject != "open"')]);
    const send = (to: string[], subject = 'x'): Promise<ActionResult> =>
      act(agentId, 'email.send', { to, subject, text: 'Hello' });
    expect((await send(['ada@example.com'])).kind).toBe('denied');
    expect((await send(['ada@example.com', 'ben@example.com'], 'open')).kind).toBe('succeeded');
    expect((await send(['ADA@Example.com'])).kind).toBe('succeeded');
    expect((await send(['ben@example.com', 'cy@example.com'])).kind).toBe('denied');
  });

  it('of a tool is decided once by calls that come at once', async () => {
    const agentId = await g.given([denying('!first.tool')]);
    const results = await Promise.all(Array.from({ length: 20 }, () => read(agentId)));
    expect(results.filter((kind) => kind === 'succeeded')).toHaveLength(1);
  });
});
