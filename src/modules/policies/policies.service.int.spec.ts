import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { makeFacts } from '../../../test/support/facts.ts';
import { startServices, type TestServices } from '../../../test/support/services.ts';
import { decide } from '../../kernel/policy/decide.ts';
import type { Facts } from '../../kernel/policy/facts.ts';
import type { CompiledPolicy, Effect, Policy } from '../../kernel/policy/model.ts';
import { MANDATORY } from './built-in.ts';
import { PoliciesService } from './policies.service.ts';

let s: TestServices;
beforeAll(async () => {
  s = await startServices();
});
afterAll(() => s.close());

let policies: PoliciesService;
beforeEach(() => {
  policies = makeService();
});

function makeService(): PoliciesService {
  return new PoliciesService(s.db, s.audit, s.identity, s.agents);
}

function effectOf(loaded: readonly CompiledPolicy[], facts: Facts): Effect {
  return decide({ policies: loaded, facts, mode: 'strict' }).effect;
}

function makePolicy(name: string): Policy {
  return {
    id: 'mine',
    name,
    description: 'Ünïcode, "quotes" and 😀',
    category: 'custom',
    rules: [{ name: 'big', condition: 'file.bytes > 10', action: 'deny', severity: 'critical' }],
  };
}

const big = makeFacts({ file: { bytes: 11 } });

describe('stored policy versions', () => {
  test('the same content has the same hash, other content another, and a stored one decides as it did', async () => {
    const hashes = await s.db.transaction(async (tx) => [
      await policies.snapshot(tx, makePolicy('A')),
      await policies.snapshot(tx, makePolicy('A')),
      await policies.snapshot(tx, makePolicy('B')),
    ]);
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(hashes[0]).toBe(hashes[1]);
    expect(hashes[0]).not.toBe(hashes[2]);
    const loaded = await makeService().load([hashes[0]!]);
    expect(loaded.map(({ version }) => version)).toEqual([
      expect.stringMatching(/^baseline@/),
      `mine@${hashes[0]!.slice(0, 12)}`,
    ]);
    expect(effectOf(loaded, big)).toBe('deny');
    expect(effectOf(loaded, makeFacts({ file: { bytes: 10 } }))).toBe('allow');
  });

  test('the mandatory policy is in force without being named, and its version is stored', async () => {
    const [baseline, ...others] = await policies.load([]);
    expect(others).toEqual([]);
    expect(effectOf([baseline!], makeFacts({ file: { outsideRoots: true } }))).toBe('deny');
    const rows = await s.db.query<{ hash: string }>('SELECT hash FROM policy_version WHERE policy_id = $1', [
      MANDATORY.id,
    ]);
    expect(rows.map(({ hash }) => `baseline@${hash.slice(0, 12)}`)).toEqual([baseline!.version]);
    expect(await policies.load(rows.map(({ hash }) => hash))).toEqual([baseline]);
  });

  test('nothing is decided with a version that is not stored', async () => {
    await expect(policies.load(['ab'.repeat(32)])).rejects.toMatchObject({ code: 'internal' });
  });

  test('nothing is decided with a version whose stored content was changed', async () => {
    const hash = 'cd'.repeat(32);
    await s.db.query('INSERT INTO policy_version (hash, policy_id, body) VALUES ($1, $2, $3)', [
      hash,
      'mine',
      JSON.stringify(makePolicy('C')),
    ]);
    await expect(policies.load([hash])).rejects.toThrow(/its content was changed/);
  });
});
