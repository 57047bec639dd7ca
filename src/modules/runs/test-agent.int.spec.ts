import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { makeAgent, openRuns, type Runs } from '../../../test/support/runs.ts';
import type { Step } from '../../kernel/run/model.ts';
import type { TestReport, TestRequest } from './test-agent.ts';

let database: TestDatabase;
let all: Runs;

beforeAll(async () => {
  database = await createTestDatabase();
  all = await openRuns(database.url, { isWorker: true });
  writeFileSync(join(all.root, 'orders.csv'), 'id\n1\n');
});
afterAll(async () => {
  await all.close();
  await database.drop();
});

const read: Step = { name: 'read', action: 'file.read', params: { path: 'orders.csv' } };
const write: Step = {
  name: 'write',
  action: 'file.write',
  params: { path: 'out.txt', content: '${{ steps.read.output.text }}' },
};
const ask: Step = { name: 'ask', action: 'http.request', params: { url: 'https://example.com/' } };
const test = async (
  steps: readonly Step[],
  more: Partial<TestRequest> = {},
  policies: string[] = [],
): Promise<TestReport> => {
  const agentId = await makeAgent(all, steps, { policies, grants: ['file.*'] });
  return all.runs.test(all.caller, { agentId, scenario: 'Process the orders', dryRun: true, ...more });
};
const effects = ({ steps }: TestReport): string[] => steps.map(({ name, decision }) => `${name} ${decision.effect}`);

describe('a dry run', () => {
  it('decides every step and changes nothing', async () => {
    const report = await test([read, write]);
    expect(report).toMatchObject({
      verdict: 'passed',
      passed: true,
      mode: 'dry_run',
      configuration: { valid: true },
      workflow: { valid: true, steps: 2 },
    });
    expect(effects(report)).toEqual(['read allow', 'write allow']);
    expect(report.sideEffects).toEqual([{ step: 'write', action: 'file.write', where: 'local' }]);
    expect(report.warnings).toEqual([expect.stringContaining('only the steps of the agent were tested')]);
    expect(existsSync(join(all.root, 'out.txt'))).toBe(false);
    expect(await all.db.query('SELECT id FROM action')).toEqual([]);
  });

  it('fails for a denied step and goes on past it', async () => {
    const report = await test([{ ...read, params: { path: '/etc/passwd' } }, write]);
    expect(report.verdict).toBe('failed');
    expect(effects(report)).toEqual(['read deny', 'write allow']);
    expect(report.sideEffects).toEqual([{ step: 'write', action: 'file.write', where: 'local' }]);
    expect(report.violations[0]).toMatchObject({ policy: 'baseline' });
    expect(report.warnings.join()).toContain('`steps.read.output.text` is known only when it runs');
  });

  it('passes with approval required when a step would be held', async () => {
    const clear: Step = { name: 'clear', action: 'file.delete', params: { path: 'box', recursive: true } };
    expect((await test([clear], {}, ['data-deletion'])).verdict).toBe('approval_required');
  });

  it('takes mockData for what it does not carry out, and decides again later what stays unknown', async () => {
    const after: Step = {
      name: 'save',
      action: 'file.write',
      params: { path: '${{ steps.ask.output.json.path }}', content: 'x' },
    };
    const unknown = await test([ask, after]);
    expect(unknown.verdict).toBe('passed');
    expect(unknown.warnings).toEqual([
      expect.stringContaining('only the steps of the agent were tested'),
      expect.stringContaining('`steps.ask.output.json.path` is known only when it runs'),
    ]);
    const bad = await test([ask, after], { mockData: { steps: { ask: { json: { path: '/etc/x' } } } } });
    expect(bad.verdict).toBe('failed');
    const typo = await test([ask], { mockData: { steps: { aks: {} } } });
    expect(typo.warnings.slice(1)).toEqual([expect.stringContaining('no such step')]);
  });

  it('finds an expression that cannot work with the data there is', async () => {
    const report = await test([read, { ...write, params: { path: 'x', content: '${{ steps.read.output.txt }}' } }]);
    expect(report.verdict).toBe('failed');
    expect(report.configuration.problems).toEqual([expect.stringContaining('there is no field `txt`; it has `')]);
  });

  it('decides a step that its data leaves out, without holding its parameters against the agent', async () => {
    const left: Step = { ...read, name: 'left', when: 'input.isLate', params: { path: '${{ input.gone }}' } };
    const report = await test([left], { mockData: { input: { isLate: false } } });
    expect(report).toMatchObject({ verdict: 'passed', steps: [{ name: 'left' }], sideEffects: [] });
    expect(report.warnings.slice(1)).toEqual([expect.stringContaining('`left` is skipped with this data')]);
  });

  it('judges each item of a forEach, and the strongest decision counts', async () => {
    const each: Step = {
      ...read,
      forEach: ['orders.csv', '/etc/passwd', 'orders.csv'],
      params: { path: '${{ item }}' },
    };
    expect(effects(await test([each]))).toEqual(['read deny']);
  });

  it('names what a step would change once, and not what is denied', async () => {
    const each: Step = { ...write, forEach: ['a', 'b'], params: { path: '${{ item }}', content: 'x' } };
    const out: Step = { ...write, name: 'out', params: { path: '/etc/x', content: 'x' } };
    expect((await test([each, out])).sideEffects).toEqual([{ step: 'write', action: 'file.write', where: 'local' }]);
  });

  it('says once what a step lacks', async () => {
    const report = await test([{ ...read, params: {} }]);
    expect(report.configuration.problems).toEqual(['steps[0].params.path: `path` is required (string)']);
  });

  it('judges what the scenario says, and names what it did not understand', async () => {
    const report = await test([read], { scenario: 'Read orders.csv. Delete /etc/passwd. Pay the bill.' });
    expect(report.verdict).toBe('failed');
    expect(report.scenario.actions.map(({ action, decision }) => `${action} ${decision.effect}`)).toEqual([
      'file.read allow',
      'file.delete deny',
    ]);
    expect(report.scenario.notUnderstood).toEqual(['Pay the bill']);
  });

  it.each<[string, readonly Step[], RegExp]>([
    ['no step', [], /has no step/],
    [
      'a step that refers to nothing',
      [{ ...write, params: { path: 'x', content: '${{ steps.gone.output }}' } }],
      /steps\[0\]\.params.*no step before/,
    ],
    ['an unknown action', [{ ...read, action: 'file.raed' }], /`file.raed` is no action/],
  ])('fails for an agent with %s', async (_, steps, problem) => {
    const report = await test(steps);
    expect(report).toMatchObject({ verdict: 'failed', configuration: { valid: false } });
    expect(report.configuration.problems.join('\n')).toMatch(problem);
  });
});

describe('a real test', () => {
  it('runs the latest version, also of a draft, and reports how it went', async () => {
    const seen: string[] = [];
    const report = await test([read, write], {
      dryRun: false,
      onProgress: (done, total) => void seen.push(`${done}/${total}`),
    });
    expect(report).toMatchObject({ verdict: 'passed', mode: 'real_run', sideEffects: [{ step: 'write' }] });
    expect(existsSync(join(all.root, 'out.txt'))).toBe(true);
    expect((await all.runs.get(all.caller, report.runId ?? '')).run).toMatchObject({
      trigger: 'test',
      status: 'succeeded',
    });
    expect(seen.at(-1)).toBe('2/2');
  });

  it('names what a request changed outside', async () => {
    const post: Step = { ...ask, params: { url: 'https://example.com/', method: 'POST' } };
    const report = await test([ask, { ...post, name: 'post' }], { dryRun: false });
    expect(report.sideEffects).toEqual([{ step: 'post', action: 'http.request', where: 'outside' }]);
  });

  it('fails when the run fails', async () => {
    const report = await test([{ ...read, params: { path: 'not-there' } }], { dryRun: false });
    expect(report.verdict).toBe('failed');
    expect(report.configuration.problems).toEqual([expect.stringContaining('file_not_found')]);
  });
});

describe('deploying', () => {
  const deploy = (agentId: string, autoStart = false) =>
    all.runs.deploy(all.caller, { agentId, environment: 'local', autoStart });
  const untested = async (change: object = {}): Promise<string> => {
    const agentId = await makeAgent(all, [read], change);
    await all.db.query('DELETE FROM agent_test WHERE agent_id = $1', [agentId]);
    return agentId;
  };

  it('is blocked while the version is untested, and says what to do', async () => {
    const blocked = await deploy(await untested());
    expect(blocked).toMatchObject({
      status: 'blocked',
      missing: [{ what: 'a test of version 1', hint: expect.stringContaining('test_agent') }],
    });
    const { entries } = await all.audit.list(all.caller, {
      actionFilter: 'agent.deployed',
      outcome: 'denied',
      limit: 1,
    });
    expect(entries[0]?.data).toMatchObject({ deploymentId: blocked.deploymentId, missing: ['a test of version 1'] });
  });

  it('is blocked after a failed test, with its violations', async () => {
    const agentId = await untested();
    await all.runs.test(all.caller, { agentId, scenario: 'delete /etc/passwd', dryRun: true });
    const blocked = await deploy(agentId);
    expect(blocked.status).toBe('blocked');
    expect(blocked.violations[0]).toMatchObject({ policy: 'baseline' });
  });

  it('is blocked while something is missing', async () => {
    const missing = [{ what: 'where to write', hint: 'Name a file.' }];
    expect(await deploy(await makeAgent(all, [read], { missing }))).toMatchObject({ status: 'blocked', missing });
  });

  it('waits for an approval when the agent asks for one, and does not run meanwhile', async () => {
    const agentId = await makeAgent(all, [read], { approvalRequired: true });
    const held = await deploy(agentId, true);
    expect(held).toMatchObject({ status: 'pending_approval', approvalId: expect.any(String) });
    expect(held.runId).toBeUndefined();
    const status = await all.runs.status(all.caller, agentId);
    expect(status).toMatchObject({
      status: 'pending_approval',
      pendingApprovals: [{ id: held.approvalId, action: 'agent.deploy' }],
      metrics: { runs: 0, p50Ms: null, p95Ms: null },
    });
    await expect(all.runs.start(all.caller, { agentId, trigger: 'manual' })).rejects.toThrow(/waits for an approval/);
  });

  it('to the cloud is refused honestly', async () => {
    const agentId = await makeAgent(all, [read]);
    const refused = all.runs.deploy(all.caller, { agentId, environment: 'cloud', autoStart: false });
    await expect(refused).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('`local`') });
  });

  it('puts the version in force and starts one run when asked', async () => {
    const agentId = await makeAgent(all, [read]);
    const deployed = await deploy(agentId, true);
    expect(deployed).toMatchObject({
      status: 'deployed',
      version: 1,
      url: `http://localhost:3000/agents/${agentId}`,
      runId: expect.any(String),
    });
    const startedAt = performance.now();
    let run = (await all.runs.get(all.caller, deployed.runId ?? '')).run;
    while (run.status !== 'succeeded') run = (await all.runs.get(all.caller, deployed.runId ?? '')).run;
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    const status = await all.runs.status(all.caller, agentId, { includeLogs: true });
    expect(status).toMatchObject({
      status: 'deployed',
      lastRun: { id: run.id, status: 'succeeded' },
      metrics: { runs: 1, succeeded: 1, waiting: 0 },
    });
    expect(status.logs?.map(({ kind }) => kind)).toContain('run.ended');
  });
});
