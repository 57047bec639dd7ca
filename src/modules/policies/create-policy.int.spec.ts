import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeFacts } from '../../../test/support/facts.ts';
import { makeDefinition, startServices, type TestServices } from '../../../test/support/services.ts';
import { decide } from '../../kernel/policy/decide.ts';
import { BUILT_IN } from './built-in.ts';
import { PoliciesService } from './policies.service.ts';

let s: TestServices;
beforeAll(async () => {
  s = await startServices();
});
afterAll(() => s.close());

const rule = { name: 'no-large', condition: 'file.bytes > 1000', action: 'deny', severity: 'critical' };
const create = (more: object = {}) =>
  s.policies.create(s.caller, { description: 'Keep the files small', category: 'operational', rules: [rule], ...more });
const count = async (): Promise<number> =>
  (await s.db.query<{ n: number }>('SELECT count(*)::int AS n FROM policy'))[0]?.n ?? -1;

describe('a policy of rules', () => {
  test('has an id by which another process attaches it, and decides', async () => {
    const { policy, notUnderstood } = await create({ framework: 'House rules' });
    expect(policy).toMatchObject({
      id: expect.stringMatching(/^custom-[0-9a-f]{8}$/) as unknown,
      name: 'Keep The Files Small',
      description: 'Keep the files small',
      category: 'operational',
      framework: 'House rules',
      version: expect.stringMatching(/^custom-[0-9a-f]{8}@[0-9a-f]{12}$/) as unknown,
      rules: [rule],
    });
    expect(notUnderstood).toEqual([]);
    const other = new PoliciesService(s.db, s.audit, s.identity, s.agents);
    const { id } = await s.db.transaction((tx) => s.agents.create(tx, s.caller, makeDefinition()));
    const attached = await other.attach(s.caller, { agentId: id, policyId: policy.id });
    expect(attached.agent.policies).toEqual([{ id: policy.id, name: policy.name, reason: 'Attached on request' }]);
    const { definition } = await s.agents.getVersion(s.caller, id);
    const loaded = await other.load(definition.policies.map(({ hash }) => hash));
    expect(decide({ policies: loaded, facts: makeFacts({ file: { bytes: 1001 } }), mode: 'strict' })).toMatchObject({
      effect: 'deny',
      violations: [{ policy: policy.id, rule: 'no-large', version: policy.version }],
    });
  });

  test('is listed, suggested by its name and recorded', async () => {
    const { policy } = await create({ description: 'Quarterly freeze of ledgers' });
    expect((await s.policies.list(s.caller)).map(({ id }) => id)).toContain(policy.id);
    await expect(s.policies.get(s.caller, 'Quarterly Freeze Of Legders')).rejects.toThrow(policy.id);
    const { entries } = await s.audit.list(s.caller, { actionFilter: 'policy.created', limit: 1 });
    expect(entries).toMatchObject([{ kind: 'policy.created', outcome: 'succeeded' }]);
  });

  test('two with the same words are two', async () => {
    const [one, two] = [await create(), await create()];
    expect(one.policy.id).not.toBe(two.policy.id);
  });

  test('a rule that nothing can match is said', async () => {
    const never = { ...rule, condition: 'file.bytes > 5 && file.bytes < 3' };
    expect((await create({ rules: [never] })).notUnderstood).toEqual([expect.stringMatching(/No action can match/)]);
  });
});

const HALF = /\p{Surrogate}/u;

describe('a policy of a sentence', () => {
  test.each([59, 60, 119, 120, 1_999, 2_000, 4_000])('with a character of two units at %i is stored', async (at) => {
    const start = 'Block deleting files. ';
    for (const filler of ['x', 'x ', '\u{1f600} ', 'a\u{1f600}']) {
      const description = `${start}${filler.repeat(at).slice(0, at - start.length)}\u{1f600}\u{1f600} and more of it`;
      if (HALF.test(description)) continue;
      const { policy, notUnderstood } = await create({ description, rules: undefined });
      expect(policy.rules).toMatchObject([{ action: 'deny' }]);
      expect(notUnderstood.join('')).not.toMatch(HALF);
    }
  });

  test('says what it understood, and has the rules', async () => {
    const { policy, understood, notUnderstood } = await create({
      description: 'Block deleting files',
      rules: undefined,
    });
    expect(policy.rules).toMatchObject([{ action: 'deny' }]);
    expect(understood.length).toBeGreaterThan(0);
    expect(notUnderstood).toEqual([]);
  });

  test('of which nothing is understood is refused with the nearest words, and nothing is stored', async () => {
    const before = await count();
    await expect(create({ description: 'Be excellent to each other', rules: [] })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(
        /nothing in the description could be understood.*Words that are understood: `/s,
      ) as unknown,
    });
    expect(await count()).toBe(before);
  });
});

describe('a policy based on another', () => {
  test('has its rules; own ones of the same name replace them', async () => {
    const base = BUILT_IN.get('rate-limiting')!;
    const own = { ...rule, name: 'http-per-minute' };
    const { policy } = await create({ basedOn: 'rate-limiting', rules: [own, rule] });
    expect(policy.basedOn).toBe('rate-limiting');
    expect(policy.rules.map(({ name }) => name).sort()).toEqual(
      [...base.rules.map(({ name }) => name), 'no-large'].sort(),
    );
    expect(policy.rules.find(({ name }) => name === 'http-per-minute')).toEqual(own);
    expect(JSON.stringify(policy.rules)).not.toContain('{{');
  });

  test('may be based on one that people made, and brings what the first one includes', async () => {
    const first = await create({ basedOn: 'gdpr-compliance' });
    const second = await create({ basedOn: first.policy.id, rules: [{ ...rule, name: 'other' }] });
    expect(second.policy.rules.map(({ name }) => name)).toEqual(expect.arrayContaining(['no-large', 'other']));
    const { id } = await s.db.transaction((tx) => s.agents.create(tx, s.caller, makeDefinition()));
    const { agent } = await s.policies.attach(s.caller, { agentId: id, policyId: second.policy.id });
    expect(agent.policies.map((ref) => ref.id)).toEqual(
      expect.arrayContaining([second.policy.id, ...BUILT_IN.get('gdpr-compliance')!.includes]),
    );
  });

  test.each<[object, RegExp]>([
    [{ basedOn: 'rate-limting' }, /Did you mean `rate-limiting`/],
    [{ basedOn: 'baseline' }, /in force for every agent/],
    [
      { basedOn: 'rate-limiting', rules: Array.from({ length: 50 }, (_, i) => ({ ...rule, name: `r${i}` })) },
      /at most 50 rules/,
    ],
    [{ category: 'safety' }, /`category` must be one of security, privacy/],
    [{ description: ' ' }, /`description` is empty/],
    [{ description: 'a\0b' }, /`description` holds NUL/],
    [{ rulez: [] }, /`rulez` is not known. Did you mean `rules`/],
    [{ rules: [{ ...rule, condition: 'file.byte > 1' }] }, /file\.bytes/],
    [{ rules: [{ ...rule, action: 'transform', transform: { kind: 'redact', classes: ['cards'] } }] }, /classes/],
  ])('%j is refused, and nothing is stored', async (change, message) => {
    const before = await count();
    await expect(create(change)).rejects.toThrow(message);
    expect(await count()).toBe(before);
  });
});
