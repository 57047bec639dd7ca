import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeFacts } from '../../../test/support/facts.ts';
import { makeDefinition, startServices, type TestServices } from '../../../test/support/services.ts';
import { decide } from '../../kernel/policy/decide.ts';
import type { Facts } from '../../kernel/policy/facts.ts';
import type { Decision } from '../../kernel/policy/model.ts';
import type { AgentDefinition } from '../../kernel/run/model.ts';
import { changeSettings } from '../identity/index.ts';
import type { Attached, AttachRequest } from './attach-policy.ts';
import { BUILT_IN } from './built-in.ts';
import { PoliciesService } from './policies.service.ts';

let s: TestServices;
beforeAll(async () => {
  s = await startServices();
});
afterAll(() => s.close());

const makeService = (): PoliciesService => new PoliciesService(s.db, s.audit, s.identity, s.agents);
const createAgent = async (change: Partial<AgentDefinition> = {}): Promise<string> =>
  (await s.db.transaction((tx) => s.agents.create(tx, s.caller, makeDefinition(change)))).id;
const attach = (agentId: string, policyId: string, more: Partial<AttachRequest> = {}): Promise<Attached> =>
  s.policies.attach(s.caller, { agentId, policyId, ...more });
const idsOf = ({ agent }: Attached): string[] => agent.policies.map(({ id }) => id);

async function decideFor(agentId: string, facts: Facts): Promise<Decision> {
  const { definition } = await s.agents.getVersion(s.caller, agentId);
  const policies = await makeService().load(definition.policies.map(({ hash }) => hash));
  return decide({ policies, facts, mode: 'strict' });
}

const requests = (http1m: number): Facts =>
  makeFacts({ action: { type: 'http.request', kind: 'http' }, rate: { http1m } });
const isLimited = async (agentId: string, http1m: number): Promise<boolean> =>
  (await decideFor(agentId, requests(http1m))).violations.some(({ rule }) => rule === 'http-per-minute');

describe('attaching a policy', () => {
  test('makes a new version that holds it; attaching it again changes nothing', async () => {
    const id = await createAgent();
    expect(await attach(id, 'data-deletion')).toMatchObject({
      agent: { id, version: 2, policies: [{ id: 'data-deletion', name: 'Data Deletion Safety' }] },
      conflicts: [],
    });
    const deletion = makeFacts({ action: { type: 'file.delete', operation: 'delete' }, file: { recursive: true } });
    expect(await decideFor(id, deletion)).toMatchObject({
      effect: 'require_approval',
      violations: [{ policy: 'data-deletion', rule: 'recursive-delete-inside' }],
    });
    expect((await attach(id, 'data-deletion')).agent.version).toBe(2);
    expect((await s.agents.getVersion(s.caller, id, 1)).definition.policies).toEqual([]);
  });

  test('two attachments at once are both there in the end', async () => {
    const id = await createAgent();
    const wanted = ['data-deletion', 'rate-limiting', 'secrets-protection'];
    await Promise.all(wanted.map((policyId) => attach(id, policyId)));
    const { version, definition } = await s.agents.getVersion(s.caller, id);
    expect(version).toBe(4);
    expect(definition.policies.map((ref) => ref.id).sort()).toEqual(wanted);
  });

  test('an agent has at most 20 policies', async () => {
    const id = await createAgent();
    const customRules = (i: number) => [
      { name: 'r', condition: `file.bytes == ${i}`, action: 'deny', severity: 'high' },
    ];
    for (let i = 0; i < 19; i++) await attach(id, 'rate-limiting', { customRules: customRules(i) });
    await expect(attach(id, 'rate-limiting', { customRules: customRules(19) })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    expect((await s.agents.getVersion(s.caller, id)).definition.policies).toHaveLength(20);
  });

  test.each<[object, string, RegExp]>([
    [{ policyId: 'data-deletoin' }, 'not_found', /Did you mean `data-deletion`/],
    [{ policyId: 'Data Deletion Saftey' }, 'not_found', /Did you mean `data-deletion`/],
    [{ policyId: 'zzzzzz' }, 'not_found', /Valid: pii-protection, .*`list_templates`/],
    [{ policyId: 'baseline' }, 'conflict', /in force for every agent/],
    [{ parameters: { limit: 3 } }, 'invalid_input', /`parameters\.limit`/],
    [{ parameters: [] }, 'invalid_input', /`parameters` must be an object/],
    [{ policyId: 'rate-limiting', parameters: { httpPerMinute: 0 } }, 'invalid_input', /from 1 to 100000, not `0`/],
    [
      { customRules: [{ name: 'x', condition: 'file.byte > 1', action: 'deny', severity: 'high' }] },
      'invalid_input',
      /file.bytes/,
    ],
    [{ customRules: 'none' }, 'invalid_input', /`customRules`/],
    [{ agentId: 'nobody' }, 'not_found', /No agent/],
  ])('%j is refused with the way out, and makes no version', async (change, code, message) => {
    const agentId = await createAgent();
    const failure = await s.policies.attach(s.caller, { agentId, policyId: 'data-deletion', ...change }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code, message: expect.stringMatching(message) as unknown });
    expect((await s.agents.get(s.caller, agentId)).latestVersion).toBe(1);
  });
});

describe('what a policy leaves open', () => {
  test('is the default, else of the workspace, else of the agent, else of the attachment', async () => {
    const plain = await createAgent();
    await attach(plain, 'rate-limiting');
    expect([await isLimited(plain, 99), await isLimited(plain, 100)]).toEqual([false, true]);

    await changeSettings(s, s.caller, { parameters: [{ policy: 'rate-limiting', name: 'httpPerMinute', value: 50 }] });
    await new Promise((resolve) => setTimeout(resolve, 3_050));
    const inWorkspace = await createAgent();
    await attach(inWorkspace, 'rate-limiting');
    expect([await isLimited(inWorkspace, 49), await isLimited(inWorkspace, 50)]).toEqual([false, true]);
    expect(await isLimited(plain, 50)).toBe(false);

    const ofAgent = await createAgent({ parameters: { httpPerMinute: 30, folder: 'in' } });
    await attach(ofAgent, 'rate-limiting');
    expect([await isLimited(ofAgent, 29), await isLimited(ofAgent, 30)]).toEqual([false, true]);
    const named = await createAgent({ parameters: { 'rate-limiting': { httpPerMinute: 20 } } });
    await attach(named, 'rate-limiting');
    expect([await isLimited(named, 19), await isLimited(named, 20)]).toEqual([false, true]);

    await attach(ofAgent, 'rate-limiting', { parameters: { httpPerMinute: 10 } });
    expect([await isLimited(ofAgent, 9), await isLimited(ofAgent, 10)]).toEqual([false, true]);
  });

  test('is stored with the version that it made', async () => {
    const id = await createAgent();
    await attach(id, 'rate-limiting', { parameters: { httpPerMinute: 7 } });
    const { definition } = await s.agents.getVersion(s.caller, id);
    const [row] = await s.db.query<{ body: { parameters: object } }>(
      'SELECT body FROM policy_version WHERE hash = $1',
      [definition.policies[0]?.hash],
    );
    expect(row?.body.parameters).toMatchObject({ httpPerMinute: 7 });
  });
});

describe('rules of an agent alone', () => {
  const customRules = [
    { name: 'tidy', condition: 'action.kind == "file" && file.wildcard', action: 'allow', severity: 'info' },
    { name: 'no-large', condition: 'file.bytes > 1000', action: 'deny', severity: 'critical', message: 'Too large.' },
  ];

  test('become a policy of their own, named by their content, and conflicts are shown', async () => {
    const id = await createAgent();
    const attached = await attach(id, 'data-deletion', { customRules });
    const custom = idsOf(attached).find((each) => each.startsWith('custom-')) ?? '';
    expect(custom).toMatch(/^custom-[0-9a-f]{8}$/);
    expect(attached.conflicts.map(({ kind, rules }) => [kind, ...rules])).toContainEqual([
      'contradiction',
      `${custom}.tidy`,
      'data-deletion.recursive-delete-inside',
    ]);
    expect((await decideFor(id, makeFacts({ file: { bytes: 1001 } }))).violations).toMatchObject([
      { rule: 'no-large', message: 'Too large.' },
    ]);
    const [entry] = await s.db.query<{ body: Buffer }>(
      `SELECT body FROM audit_entry WHERE convert_from(body, 'UTF8') LIKE '%policy.attached%' AND convert_from(body, 'UTF8') LIKE $1`,
      [`%${id}%`],
    );
    expect(entry?.body.toString('utf8')).toContain(`"${custom}@`);
  });

  test('are found by their id afterwards, and only in their workspace', async () => {
    const custom = idsOf(await attach(await createAgent(), 'data-deletion', { customRules })).at(-1) ?? '';
    const other = await createAgent();
    expect(idsOf(await attach(other, custom))).toEqual([custom]);
    expect((await s.policies.get(s.caller, custom)).stored?.rules).toEqual(customRules);
    expect((await s.policies.list(s.caller)).map((policy) => policy.id)).not.toContain(custom);
    const stranger = { ...s.caller, workspaceId: '6f1b3d2e-98aa-4a52-9d3b-08f1f0b2c9aa' as never };
    await expect(s.policies.get(stranger, custom)).rejects.toMatchObject({ code: 'not_found' });
    await expect(s.policies.get(s.caller, `${custom.slice(0, -1)}`)).rejects.toThrow(custom);
  });
});

describe('a policy that includes others', () => {
  const including = [...BUILT_IN.values()].find(({ includes, rules }) => includes.length > 0 && rules.length > 0);

  test('brings them with it, says so, and doubles nothing', async () => {
    const { id: policyId, name, includes } = including!;
    const id = await createAgent();
    const first = includes[0]!;
    await attach(id, first);
    const attached = await attach(id, policyId);
    expect(idsOf(attached)).toEqual([...new Set(idsOf(attached))]);
    expect(idsOf(attached)).toEqual(expect.arrayContaining([policyId, ...includes]));
    const reasons = new Map(attached.agent.policies.map((ref) => [ref.id, ref.reason]));
    expect(reasons.get(first)).toBe('Attached on request');
    for (const each of includes.slice(1)) expect(reasons.get(each)).toMatch(/^Included by /);
    if (includes[1] !== undefined) expect(reasons.get(includes[1])).toBe(`Included by ${name}`);
    expect((await attach(id, policyId)).agent.version).toBe(attached.agent.version);
  });

  test('takes values for those it includes', async () => {
    const { id: policyId, includes } = including!;
    const open = includes
      .map((each) => BUILT_IN.get(each)!)
      .find(({ parameters }) => Object.values(parameters).some(({ type }) => type === 'int'))!;
    const [parameter = ''] = Object.entries(open.parameters).find(([, { type }]) => type === 'int') ?? [];
    const id = await createAgent();
    await attach(id, policyId, { parameters: { [open.id]: { [parameter]: 3 } } });
    const { definition } = await s.agents.getVersion(s.caller, id);
    const hash = definition.policies.find((ref) => ref.id === open.id)?.hash;
    const [row] = await s.db.query<{ body: { parameters: object } }>(
      'SELECT body FROM policy_version WHERE hash = $1',
      [hash],
    );
    expect(row?.body.parameters).toMatchObject({ [parameter]: 3 });
  });
});
