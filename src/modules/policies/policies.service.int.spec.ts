import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { makeFacts } from '../../../test/support/facts.ts';
import { makeDefinition, startServices, type TestServices } from '../../../test/support/services.ts';
import type { Policy } from '../../kernel/policy/model.ts';
import { readConfig } from '../../platform/config/index.ts';
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

function makeService(env: Record<string, string> = {}): PoliciesService {
  return new PoliciesService(readConfig(env), s.db, s.agents);
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

const createAgent = (): Promise<{ id: string }> =>
  s.db.transaction((tx) => s.agents.create(tx, s.caller, makeDefinition()));
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
    expect(policies.decide(loaded, big)).toMatchObject({
      effect: 'deny',
      violations: [{ policy: 'mine', rule: 'big' }],
    });
    expect(policies.decide(loaded, makeFacts({ file: { bytes: 10 } })).effect).toBe('allow');
  });

  test('the mandatory policy is in force without being named, and its version is stored', async () => {
    const [baseline, ...others] = await policies.load([]);
    expect(others).toEqual([]);
    expect(policies.decide([baseline!], makeFacts({ file: { outsideRoots: true } })).effect).toBe('deny');
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

  test('the mode of the configuration decides', async () => {
    const high: Policy = {
      ...makePolicy('high'),
      rules: [{ name: 'big', condition: 'file.bytes > 10', action: 'deny', severity: 'high' }],
    };
    const hash = await s.db.transaction((tx) => policies.snapshot(tx, high));
    const loaded = await policies.load([hash]);
    expect(policies.decide(loaded, big).effect).toBe('deny');
    const permissive = makeService({ AGENTOS_POLICY_MODE: 'permissive' }).decide(loaded, big);
    expect([permissive.effect, permissive.strictEffect]).toEqual(['require_approval', 'deny']);
  });
});

describe('attaching a policy', () => {
  test('makes a new version that holds it; attaching it again changes nothing', async () => {
    const agent = await createAgent();
    const attached = await policies.attach(s.caller, { agentId: agent.id, policyId: 'data-deletion' });
    expect(attached).toMatchObject({
      agent: { id: agent.id, version: 2, policies: [{ id: 'data-deletion', name: 'Data Deletion Safety' }] },
      conflicts: [],
    });
    const { definition } = await s.agents.getVersion(s.caller, agent.id, 2);
    const loaded = await policies.load(definition.policies.map(({ hash }) => hash));
    const deletion = makeFacts({ action: { type: 'file.delete', operation: 'delete' }, file: { recursive: true } });
    expect(policies.decide(loaded, deletion)).toMatchObject({
      effect: 'require_approval',
      violations: [{ policy: 'data-deletion', rule: 'recursive-delete-inside' }],
    });
    expect((await policies.attach(s.caller, { agentId: agent.id, policyId: 'data-deletion' })).agent.version).toBe(2);
    expect((await s.agents.getVersion(s.caller, agent.id, 1)).definition.policies).toEqual([]);
  });

  test('custom rules become a policy of their own, named by their content, and conflicts are shown', async () => {
    const agent = await createAgent();
    const customRules = [
      { name: 'tidy', condition: 'action.kind == "file" && file.wildcard', action: 'allow', severity: 'info' },
      { name: 'no-large', condition: 'file.bytes > 1000', action: 'deny', severity: 'critical', message: 'Too large.' },
    ];
    const { agent: now, conflicts } = await policies.attach(s.caller, {
      agentId: agent.id,
      policyId: 'data-deletion',
      customRules,
    });
    const custom = now.policies.find(({ id }) => id.startsWith('custom-'));
    expect(custom?.id).toMatch(/^custom-[0-9a-f]{8}$/);
    expect(conflicts.map(({ kind, rules }) => [kind, ...rules])).toContainEqual([
      'contradiction',
      `${custom!.id}.tidy`,
      'data-deletion.recursive-delete-inside',
    ]);
    const { definition } = await s.agents.getVersion(s.caller, agent.id);
    const loaded = await makeService().load(definition.policies.map(({ hash }) => hash));
    expect(policies.decide(loaded, makeFacts({ file: { bytes: 1001 } })).violations).toMatchObject([
      { rule: 'no-large', message: 'Too large.' },
    ]);
    const [entry] = await s.db.query<{ body: Buffer }>(
      `SELECT body FROM audit_entry WHERE convert_from(body, 'UTF8') LIKE '%policy.attached%' AND convert_from(body, 'UTF8') LIKE $1`,
      [`%${agent.id}%`],
    );
    expect(entry?.body.toString('utf8')).toContain(`"${custom!.id}@`);
  });

  test.each<[object, string, RegExp]>([
    [{ policyId: 'data-deletoin' }, 'not_found', /Did you mean `data-deletion`/],
    [{ policyId: 'pii-protection' }, 'incomplete', /detectors for personal data.*`secrets-protection`/],
    [{ policyId: 'baseline' }, 'conflict', /in force for every agent/],
    [{ parameters: { limit: 3 } }, 'invalid_input', /`parameters`/],
    [
      { customRules: [{ name: 'x', condition: 'file.byte > 1', action: 'deny', severity: 'high' }] },
      'invalid_input',
      /file.bytes/,
    ],
    [{ customRules: 'none' }, 'invalid_input', /`customRules`/],
    [{ agentId: 'nobody' }, 'not_found', /No agent/],
  ])('%j is refused with the way out, and makes no version', async (change, code, message) => {
    const agent = await createAgent();
    const attempt = policies.attach(s.caller, { agentId: agent.id, policyId: 'data-deletion', ...change });
    const failure = await attempt.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code, message: expect.stringMatching(message) as unknown });
    expect((await s.agents.get(s.caller, agent.id)).latestVersion).toBe(1);
  });

  test('an agent has at most 20 policies', async () => {
    const agent = await createAgent();
    const attach = (i: number): Promise<unknown> =>
      policies.attach(s.caller, {
        agentId: agent.id,
        policyId: 'rate-limiting',
        customRules: [{ name: 'r', condition: `file.bytes == ${i}`, action: 'deny', severity: 'high' }],
      });
    for (let i = 0; i < 19; i++) await attach(i);
    await expect(attach(19)).rejects.toMatchObject({ code: 'invalid_input' });
    expect((await s.agents.getVersion(s.caller, agent.id)).definition.policies).toHaveLength(20);
  });

  test('two attachments at once are both there in the end', async () => {
    const agent = await createAgent();
    await Promise.all(
      ['data-deletion', 'rate-limiting', 'secrets-protection'].map((policyId) =>
        policies.attach(s.caller, { agentId: agent.id, policyId }),
      ),
    );
    const { version, definition } = await s.agents.getVersion(s.caller, agent.id);
    expect(version).toBe(4);
    expect(definition.policies.map(({ id }) => id).sort()).toEqual([
      'data-deletion',
      'rate-limiting',
      'secrets-protection',
    ]);
  });
});
