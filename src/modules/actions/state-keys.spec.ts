import { describe, expect, it } from '@jest/globals';
import { toLeastCpuMs, toLeastRatio } from '../../../test/support/cpu-time.ts';
import { makeFacts, type FactChanges } from '../../../test/support/facts.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { ATTRIBUTES } from '../../kernel/policy/vocabulary.ts';
import { toCounts, toKnown, toPlaces } from './state-keys.ts';

type Judged = Parameters<typeof toPlaces>[1];
const RUN = { runId: '5d0c1c3e-1b52-4c43-8f4d-1f0a5c5b7a10', stepPosition: 0, itemIndex: -1, attempt: 1 };

function given(type: string, facts: FactChanges = {}, more: Partial<Judged> & { params?: JsonObject } = {}): Judged {
  const { params = {}, ...rest } = more;
  const kind = type.split('.')[0] ?? '';
  return {
    request: { agentId: 'a', type, params, trigger: 'manual', run: RUN },
    kind,
    isWrite: false,
    agentTask: 'Look after things',
    ...rest,
    judged: { params, facts: makeFacts({ action: { type, kind }, ...facts }), carriedOut: [], redactions: [] },
  };
}
const mail = (addresses: string[], externalDomains: string[], more: Partial<Judged> = {}): Judged =>
  given(
    'email.send',
    {
      recipients: { count: addresses.length, externalCount: externalDomains.length, addresses, externalDomains },
      target: { kind: 'mail', name: '' },
      action: { operation: 'send' },
    },
    more,
  );
const web = (host: string, more: Partial<Judged> = {}): Judged =>
  given('http.request', { target: { kind: 'web', name: host }, action: { external: true } }, more);

describe('every counted attribute', () => {
  const counted = ATTRIBUTES.filter(({ isState }) => isState === true).map(({ name }) => name);

  it.each(counted)('%s has its place in the database', (name) => {
    const message = mail(['ada@example.com'], ['example.com']);
    const all = [...toPlaces(name, message), ...toPlaces(name, web('api.example.com'))];
    expect(all.length).toBeGreaterThan(0);
  });

  it('and no other one has', () => {
    expect(counted.length).toBeGreaterThan(25);
    expect(() => toPlaces('file.bytes', web('x'))).toThrow(/no place keeps/);
    expect(() => toPlaces('rate.constructor1m', web('x'))).toThrow(/no place keeps/);
  });
});

describe('what is counted', () => {
  it('is what windows are read from: each count has the key of its attribute', () => {
    const prepared = given('file.delete', { action: { operation: 'delete' } }, { isWrite: true });
    const asked = ['rate.identical1m'];
    const counts = toCounts(prepared, asked);
    for (const name of ['calls1m', 'kind1h', 'type1d', 'writes1m', 'deletes1d', 'identical1m']) {
      expect(counts).toContain(toPlaces(`rate.${name}`, prepared)[0]?.key);
    }
    expect(counts).toHaveLength(6);
  });

  it.each([
    ['SQL', { sql: { present: true, operations: ['select', 'truncate'] } }],
    ['a shell', { shell: { present: true, deletes: true } }],
  ])('as a deletion is also what deletes by %s', (_, facts) => {
    expect(toCounts(given('code.run', facts), [])).toContain('deletes');
    expect(toCounts(given('code.run'), [])).not.toContain('deletes');
  });

  it('by a value that names somebody is kept where a rule asks, and never in the clear', () => {
    const message = mail(['ada@example.com'], ['example.com']);
    expect(toCounts(message, [])).toEqual(['all', 'kind:email', 'type:email.send', 'messages']);
    expect(toCounts(message, ['rate.recipient1h']).at(-1)).toMatch(/^to:[0-9a-f]{32}$/);
    expect(JSON.stringify([toCounts(message, ['rate.recipient1h']), toKnown(message)])).not.toContain('ada');
  });

  it('as identical does not depend on the run or the order of the params, and does on every value', () => {
    const key = (params: JsonObject, more: Partial<Judged> = {}): string | undefined =>
      toPlaces('rate.identical1m', given('http.request', {}, { params, ...more }))[0]?.key;
    expect(key({ a: 1, b: 2 })).toBe(key({ b: 2, a: 1 }));
    expect(key({ a: 1 })).not.toBe(key({ a: 2 }));
  });
});

describe('recipients', () => {
  const many = (count: number): string[] => Array.from({ length: count }, (_, i) => `p${i}@example.com`);

  it('are looked up one by one up to 50, and count as the worst beyond', () => {
    expect(toPlaces('rate.recipient1h', mail(many(50), ['example.com']))).toHaveLength(50);
    for (const name of ['rate.recipient1h', 'rate.recipient1d', 'first.recipient'])
      expect(toPlaces(name, mail(many(51), ['example.com']))).toEqual([{ source: 'most', key: '' }]);
  });

  it('count as the worst also where the list of addresses was cut', () => {
    const cut = mail(many(3), ['example.com']);
    const facts = { ...cut.judged.facts, recipients: { ...cut.judged.facts.recipients, count: 5_000 } };
    expect(toPlaces('rate.recipient1h', { ...cut, judged: { ...cut.judged, facts } })[0]?.source).toBe('most');
  });

  it('are used for the first time only when they are external and nobody named them', () => {
    const all = ['ada@example.com', 'ben@example.net', 'own@company.example'];
    const asked = (task: string): number =>
      toPlaces('first.recipient', mail(all, ['example.com', 'example.net'], { agentTask: task })).length;
    expect(asked('Write to everybody')).toBe(2);
    expect(asked('Write to Ada@Example.com every day')).toBe(1);
    expect(toPlaces('first.recipient', mail(all, []))).toEqual([]);
  });
});

describe('a host that the task names', () => {
  const isFirst = (task: string): boolean =>
    toPlaces('first.target', web('api.example.com', { agentTask: task })).length > 0;

  it.each([
    'Fetch https://API.example.com/v1',
    'Ask api.example.com.',
    'api.example.com',
    'from (api.example.com), daily',
  ])('is not used for the first time: %s', (task) => expect(isFirst(task)).toBe(false));

  it.each([
    'Fetch api.example.com.evil.example',
    'Fetch my-api.example.com',
    'Fetch v2.api.example.com',
    'Write to ada@api.example.com',
    'Fetch api.example.community',
    'Fetch the orders',
  ])('is another one: %s', (task) => expect(isFirst(task)).toBe(true));

  it('is found in linear time', () => {
    const time = (n: number): number => {
      const prepared = web('aa', { agentTask: 'a'.repeat(n) });
      return toLeastCpuMs(() => toPlaces('first.target', prepared), 15);
    };
    time(40_000);
    expect(toLeastRatio(() => time(640_000) / Math.max(time(160_000), 0.2))).toBeLessThan(6);
  });

  it('is none where there is no host, or one of the own', () => {
    expect(toPlaces('first.target', given('file.read'))).toEqual([]);
    const own = given('http.request', { target: { kind: 'web', name: 'x' }, action: { external: false } });
    expect(toPlaces('first.target', own)).toEqual([]);
  });
});
