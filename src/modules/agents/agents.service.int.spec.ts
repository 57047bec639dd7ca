import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { makeDefinition, startServices, type TestServices } from '../../../test/support/services.ts';

let s: TestServices;
beforeAll(async () => {
  s = await startServices();
});
afterAll(() => s.close());

const create = (name: string, task = 'Clean the orders') =>
  s.db.transaction((tx) => s.agents.create(tx, s.caller, makeDefinition({ name, task })));

describe('AgentsService', () => {
  it('keeps every version as it was made', async () => {
    const agent = await create('versioned');
    const audit = { kind: 'agent.versioned', data: {} } as const;
    const next = await s.agents.addVersion(
      s.caller,
      agent.id,
      (d) => Promise.resolve({ ...d, grants: ['file.*'] }),
      audit,
    );
    expect(next).toMatchObject({ version: 2, agent: { latestVersion: 2, status: 'draft' } });
    expect((await s.agents.getVersion(s.caller, agent.id, 1)).definition.grants).toEqual([]);
    expect((await s.agents.getVersion(s.caller, agent.id)).definition.grants).toEqual(['file.*']);
    await expect(s.db.query('UPDATE agent_version SET definition = definition')).rejects.toThrow(/append-only/);
  });

  it('gives two changes at once two versions', async () => {
    const agent = await create('raced');
    const audit = { kind: 'agent.versioned', data: {} } as const;
    const add = (grant: string) =>
      s.agents.addVersion(s.caller, agent.id, (d) => Promise.resolve({ ...d, grants: [...d.grants, grant] }), audit);
    await Promise.all([add('file.read'), add('file.write')]);
    const { version, definition } = await s.agents.getVersion(s.caller, agent.id);
    expect(version).toBe(3);
    expect([...definition.grants].sort()).toEqual(['file.read', 'file.write']);
  });

  it('shows an agent with its versions, their tests and deployments', async () => {
    const agent = await create('with-history');
    const audit = { kind: 'agent.versioned', data: {} } as const;
    await s.agents.addVersion(s.caller, agent.id, (d) => Promise.resolve({ ...d, grants: ['file.*'] }), audit);
    await s.agents.recordTest(s.caller, agent.id, 2, 'passed', 'a scenario', {});
    const history = await s.agents.getHistory(s.caller, agent.id);
    expect(history.versions.map(({ version, tests }) => [version, tests.map((test) => test.verdict)])).toEqual([
      [2, ['passed']],
      [1, []],
    ]);
    expect(history.versions[0]?.definition.grants).toEqual(['file.*']);
  });

  it('suggests agents for an unknown id', async () => {
    const agent = await create('invoice-mailer');
    await expect(s.agents.get(s.caller, 'invoice-mailer')).rejects.toThrow(
      `Did you mean \`${agent.id}\` (invoice-mailer)?`,
    );
    await expect(s.agents.get(s.caller, 'invoice')).rejects.toThrow(/Did you mean .*invoice-mailer/);
    await expect(s.agents.get(s.caller, randomUUID())).rejects.toThrow(/The newest are .*list_agents/);
  });

  it('does not show the agents of another workspace', async () => {
    const agent = await create('private');
    const stranger = { ...s.caller, workspaceId: randomUUID() as typeof s.caller.workspaceId };
    await expect(s.agents.get(stranger, agent.id)).rejects.toMatchObject({ code: 'not_found' });
    expect((await s.agents.list(stranger, {})).agents).toEqual([]);
  });

  it('lists newest first, page by page, each agent once', async () => {
    for (let i = 0; i < 7; i++) await create(`paged-${i}`, 'zebra counting');
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await s.agents.list(s.caller, {
        search: 'zebra',
        limit: 3,
        ...(cursor === undefined ? {} : { cursor }),
      });
      seen.push(...page.agents.map((a) => a.name));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((i) => `paged-${i}`));
  });

  it('finds an agent by the beginning of any word of its name or task', async () => {
    await create('quarterly-report', 'Summarise the warehouse');
    const names = async (search: string) => (await s.agents.list(s.caller, { search })).agents.map((a) => a.name);
    expect(await names('quart')).toContain('quarterly-report');
    expect(await names('wareh sum')).toContain('quarterly-report');
    expect(await names("'); DROP TABLE agent; --")).toEqual([]);
  });

  it('refuses a foreign cursor and an unknown status with what is valid', async () => {
    await expect(s.agents.list(s.caller, { cursor: 'nonsense' })).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(s.agents.list(s.caller, { status: 'runing' as 'draft' })).rejects.toThrow(/no agent status/);
  });
});
