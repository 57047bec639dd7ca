import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { shiftClock, startServices, type TestServices } from '../../../test/support/services.ts';
import type { CreatedAgent } from './create-agent.ts';
import { TemplatesService } from './templates.service.ts';

const SENTENCE =
  'Every day at 7:30 in Europe/Berlin, remove duplicates by email from data/orders.csv and save it as json';
const STEP = { name: 'look', action: 'file.list', params: { path: '.' } };

let s: TestServices;
let templates: TemplatesService;
beforeAll(async () => {
  s = await startServices();
  templates = new TemplatesService(s.db, s.identity, s.agents, s.policies, s.decisions);
});
afterAll(() => s.close());

const create = (more: object = {}, description = SENTENCE): Promise<CreatedAgent> =>
  templates.createAgent(s.caller, { description, ...more });
const countAgents = async (): Promise<number> =>
  (await s.db.query<{ n: number }>('SELECT count(*)::int AS n FROM agent'))[0]?.n ?? -1;

describe('create_agent from a sentence', () => {
  it('stores what it answers: steps, schedule, policies and the template', async () => {
    const { agent, missing } = await create();
    expect(agent).toMatchObject({
      name: 'orders-processor',
      version: 1,
      status: 'draft',
      task: SENTENCE,
      language: 'python',
      template: 'data-processor',
      approvalRequired: false,
      schedule: { cron: '30 7 * * *', timezone: 'Europe/Berlin', text: 'Every day at 07:30' },
    });
    expect(missing).toEqual([]);
    const { definition } = await s.agents.getVersion(s.caller, agent.id);
    expect(definition.steps).toEqual(agent.steps);
    expect(definition.schedule).toEqual({ cron: '30 7 * * *', timezone: 'Europe/Berlin' });
    expect(definition.policies.map(({ id }) => id)).toEqual(agent.policies.map(({ id }) => id));
    expect(definition.policies.every(({ hash }) => /^[0-9a-f]{64}$/.test(hash))).toBe(true);
  });

  it('says the next three runs, counted from the time of the database', async () => {
    await shiftClock(s.db, '10 days');
    const { agent } = await create({ schedule: '0 9 * * 1', timezone: 'UTC' });
    const [row] = await s.db.query<{ now: Date }>('SELECT app_now() AS now');
    const runs = (agent.schedule?.nextRuns ?? []).map((run) => new Date(run));
    expect(runs.map((run) => [run.getUTCDay(), run.getUTCHours()])).toEqual([
      [1, 9],
      [1, 9],
      [1, 9],
    ]);
    expect((runs[0]?.getTime() ?? 0) - (row?.now.getTime() ?? 0)).toBeLessThanOrEqual(7 * 86_400_000);
    expect(runs[0]?.getTime()).toBeGreaterThan(row?.now.getTime() ?? Infinity);
  });

  it('attaches what fits and what the template brings, with reasons that hold the values in force', async () => {
    const { agent, recommended } = await create({ parameters: { 'rate-limiting': { writesPerMinute: 7 } } });
    expect(agent.policies.map(({ id, reason }) => [id, reason]).sort()).toEqual([
      ['cost-control', 'Default of the template Data Processor'],
      ['rate-limiting', 'Max 7 changes a minute'],
      ['secrets-protection', expect.stringContaining('Places where credentials live')],
    ]);
    expect(recommended).toEqual([]);
  });

  it('keeps the values it was given for policies that are attached later', async () => {
    const parameters = { messagesPerHour: 3, httpPerMinute: 5 };
    const { agent } = await create({ policies: ['rate-limiting'], parameters });
    const { definition } = await s.agents.getVersion(s.caller, agent.id);
    expect(definition.parameters).toEqual(parameters);
    const [row] = await s.db.query<{ body: object }>('SELECT body FROM policy_version WHERE hash = $1', [
      definition.policies[0]?.hash,
    ]);
    expect(row?.body).toMatchObject({ parameters });
  });

  it('attaches exactly the policies that are asked for', async () => {
    const { agent, recommended } = await create({ policies: ['data-deletion'] });
    expect(agent.policies.map(({ id }) => id)).toEqual(['data-deletion']);
    expect(recommended.map(({ id }) => id)).toContain('rate-limiting');
    expect((await create({ policies: [] })).agent.policies).toEqual([]);
  });

  it('lets parameters win over the words, and steps over the plan', async () => {
    const { agent, missing } = await create(
      { schedule: '0 9 * * 1-5', steps: [STEP], name: 'mine', language: 'go', grants: ['file.*'] },
      'Every 7 minutes do something',
    );
    expect(agent).toMatchObject({
      name: 'mine',
      language: 'go',
      grants: ['file.*'],
      steps: [STEP],
      schedule: { cron: '0 9 * * 1-5', text: 'Every weekday at 09:00' },
    });
    expect(missing).toEqual([]);
  });

  it('takes what a template leaves open from its parameters', async () => {
    const { agent, missing } = await create(
      { template: 'data-processor', parameters: { input: 'in/my orders.csv', output: 'out/x.json' } },
      'Remove duplicates by email',
    );
    expect(missing).toEqual([]);
    expect(agent.steps.at(0)?.params).toEqual({ path: 'in/my orders.csv' });
    expect(agent.steps.at(-1)?.params['path']).toBe('out/x.json');
  });

  it('keeps what the approvals of the agent ask for, and refuses what nobody could mean', async () => {
    const approval = { quorum: 3, groups: ['owner'] };
    const { agent } = await create({ parameters: { approval } });
    const { definition } = await s.agents.getVersion(s.caller, agent.id);
    expect(definition.approval).toEqual(approval);
    for (const wrong of [{ quorum: 0 }, { quorum: 11 }, { groups: [] }, { people: 2 }, 2])
      await expect(create({ parameters: { approval: wrong } })).rejects.toThrow('such as `{"quorum": 3');
  });

  it('names the connection that the seed sentence needs, and keeps the draft', async () => {
    const { agent, missing, nextSteps } = await create(
      {},
      'Create an agent that processes customer feedback from support emails daily',
    );
    expect(agent).toMatchObject({
      name: 'customer-feedback-processor',
      status: 'draft',
      schedule: { cron: '0 9 * * *' },
    });
    expect(missing.map(({ what }) => what).join()).toContain('mailbox');
    expect(nextSteps[0]).toContain('missing');
  });

  it('says of steps that are given which cannot run yet', async () => {
    const { missing } = await create({ steps: [{ name: 'judge', action: 'text.analyze', params: { texts: ['a'] } }] });
    expect(missing).toEqual([
      { step: 'judge', what: expect.any(String), hint: expect.stringContaining('text.analyze') },
    ]);
  });
});

describe('create_agent refuses, and writes nothing', () => {
  const step = (change: object): object => ({ steps: [{ ...STEP, ...change }] });

  it.each([
    ['an empty description', {}, '  ', /description.*empty/],
    ['one of 3 MB', {}, 'x'.repeat(3_000_000), /at most 10000 characters/],
    ['an unknown key', { polices: [] }, 'do', /`polices` is not known.*`policies`/],
    ['an unknown policy', { policies: ['rate-limit'] }, 'do', /rate-limiting/],
    ['a cron of four fields', { schedule: '9 * * *' }, 'do', /has 4 fields.*`0 9 \* \* 1-5`/],
    ['a cron out of range', { schedule: '61 9 * * *' }, 'do', /61/],
    ['an unknown time zone', { timezone: 'Europe/Berln' }, 'do', /Europe\/Berlin/],
    ['a grant of everything', { grants: ['*'] }, 'do', /grants? `\*` would grant everything.*file\.\*/],
    ['an unknown grant', { grants: ['file.raed'] }, 'do', /file\.read/],
    ['an unknown template', { template: 'data-procesor' }, 'do', /data-processor/],
    [
      'a parameter that the template does not have',
      { template: 'data-processor', parameters: { inputt: 'a' } },
      'do',
      /parameters\.inputt.*`input`/,
    ],
    [
      'a parameter that is no text',
      { template: 'data-processor', parameters: { input: 5 } },
      'do',
      /`parameters\.input` must be a text, of at most 500/,
    ],
    [
      'a value out of range',
      { policies: ['rate-limiting'], parameters: { httpPerMinute: 0 } },
      'do',
      /`parameters\.httpPerMinute` must be a whole number from 1 to 100000/,
    ],
    [
      'a parameter of a policy that is not attached',
      { policies: ['rate-limiting'], parameters: { dailyBudget: 5 } },
      'do',
      /`parameters\.dailyBudget` is not known/,
    ],
    ['parameters without a template', { parameters: { input: 'a.csv' } }, 'do', /Give a `template`/],
    ['a language that is none', { language: 'cobol' }, 'do', /language/],
    ['an unknown action', step({ action: 'file.lst' }), 'do', /steps\[0\]\.action.*file\.list/],
    [
      'an action and params that do not fit',
      step({ params: { pth: 5 } }),
      'do',
      /\n- `steps\[0\]\.params\.pth`: `pth` is not a parameter of `file\.list`\. Did you mean `path`\?$/,
    ],
    ['params that do not fit', step({ params: { path: 5 } }), 'do', /steps\[0\].params/],
    ['an expression that does not parse', step({ params: { path: '${{ steps. }}' } }), 'do', /steps\[0\]\.params/],
    ['an unknown key of a step', step({ foreach: [] }), 'do', /foreach.*`forEach`/],
  ])('%s', async (_title, more, description, message) => {
    const before = await countAgents();
    await expect(create(more, description)).rejects.toThrow(message);
    expect(await countAgents()).toBe(before);
  });
});

describe('create_policy that asks a group', () => {
  const say = async (description: string) =>
    (await templates.createPolicy(s.caller, { description, category: 'governance' })).nextSteps.join('\n');

  it('says that nobody is in the group, until somebody is', async () => {
    expect(await say('Ask the sales director before deleting files')).toContain(
      'Nobody is in the group `sales-director` yet',
    );
    await s.db.query(`UPDATE person SET groups = '{sales-director}' WHERE id = $1`, [s.caller.personId]);
    expect(await say('Ask the sales director before deleting files')).not.toContain('Nobody is in');
    expect(await say('Ask a colleague before deleting files')).not.toContain('Nobody is in');
    expect(await say('Deletes need approval by an owner')).not.toContain('Nobody is in');
  });
});
