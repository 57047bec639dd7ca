import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAgent, finishRun, perform } from '../../support/agents.ts';
import {
  CLIENTS,
  connectHttp,
  connectStdio,
  type HttpServer,
  type Json,
  makePlace,
  type Place,
  type Session,
  startHttpServer,
} from '../../support/mcp-client.ts';

const TOOLS = [
  'create_agent',
  'attach_policy',
  'create_policy',
  'test_agent',
  'deploy_agent',
  'run_agent',
  'get_run',
  'stop_agent',
  'list_agents',
  'get_agent_status',
  'perform_action',
  'request_approval',
  'get_approval',
  'list_approvals',
  'cancel_approval',
  'list_templates',
  'audit_log',
];
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;

let place: Place;
let http: HttpServer;

beforeAll(async () => {
  place = await makePlace();
  writeFileSync(join(place.files, 'orders.csv'), 'id,amount\n1,10\n2,20\n');
  http = await startHttpServer(place);
});

afterAll(async () => {
  await http?.stop();
  await place?.remove();
});

const DOORS = [
  ['stdio', (kind) => connectStdio(place, kind)],
  ['http', (kind) => connectHttp(http.url, kind)],
] as const satisfies readonly (readonly [string, (kind: (typeof CLIENTS)[number]) => Promise<Session>])[];

const COMBINATIONS = DOORS.flatMap(([door, connect]) => CLIENTS.map((kind) => [kind, door, connect] as const));

describe.each(COMBINATIONS)('a client of the %s over %s', (kind, _, connect) => {
  let session: Session;
  beforeAll(async () => {
    session = await connect(kind);
  });
  afterAll(async () => session?.close());

  it('lists every tool with title, annotations and schemas', async () => {
    const tools = await session.tools();
    expect(tools.map(({ name }) => name)).toEqual(TOOLS);
    for (const tool of tools) {
      expect(tool).toMatchObject({
        title: expect.any(String),
        inputSchema: { type: 'object' },
        outputSchema: { type: 'object' },
      });
      expect(Object.keys(tool['annotations'] as Json)).toEqual(
        expect.arrayContaining(['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint']),
      );
    }
  });

  it('takes an agent from its steps to a finished run and finds it in the trail', async () => {
    const created = await session.call('create_agent', {
      description: 'Add up the orders',
      name: 'order-adder',
      steps: [
        { name: 'read', action: 'file.read', params: { path: 'orders.csv' } },
        { name: 'parse', action: 'data.parse', params: { format: 'csv', text: '${{ steps.read.output.text }}' } },
        {
          name: 'write',
          action: 'file.write',
          params: { path: `out/${kind.replace(/ /g, '-')}.json`, content: '${{ steps.read.output.text }}' },
        },
      ],
    });
    expect(created.text).toMatch(/^# ✅ Agent Created Successfully\n/);
    expect(created.text).toMatch(new RegExp(`^\\*\\*ID:\\*\\* ${UUID.source}`, 'm'));
    for (const title of ['Task', 'Workflow Steps', 'Safety Policies Applied', 'Next Steps'])
      expect(created.text).toContain(`## ${title}\n`);
    const agent = created.structured['agent'] as { id: string; version: number; status: string };
    expect(agent).toMatchObject({ name: 'order-adder', version: 1, status: 'draft' });

    const draft = await session.call('run_agent', { agentId: agent.id });
    expect(draft).toMatchObject({ isError: true, structured: {} });
    const untested = await session.call('deploy_agent', { agentId: agent.id });
    expect(untested.text).toMatch(/^# 🚫 Deployment Blocked by Policy\n/);
    expect(untested.text).toContain('test_agent');
    expect(untested.structured).toMatchObject({ status: 'blocked', missing: [{ what: 'a test of version 1' }] });

    const tested = await session.call('test_agent', { agentId: agent.id, scenario: 'Add up all orders' });
    expect(tested.text).toMatch(/^# ✅ Test PASSED\n/);
    expect(tested.text).toContain('**⚠️ Not tested:** the scenario');
    for (const title of ['Configuration Check', 'Policy Evaluation', 'Resource Estimates'])
      expect(tested.text).toContain(`## ${title}\n`);
    expect(tested.structured).toMatchObject({ verdict: 'passed', passed: true });

    const deployed = await session.call('deploy_agent', { agentId: agent.id });
    expect(deployed.text).toMatch(/^# ✅ Agent Deployed Successfully\n/);
    expect(deployed.structured).toMatchObject({ status: 'deployed', version: 1, environment: 'local' });

    const started = await session.call('run_agent', { agentId: agent.id });
    const run = await finishRun(session, String(started.structured['runId']));
    expect(run).toMatchObject({ status: 'succeeded', agentId: agent.id, trigger: 'manual' });
    expect(run['steps']).toMatchObject([
      { status: 'succeeded' },
      {
        output: {
          rows: [
            { id: '1', amount: '10' },
            { id: '2', amount: '20' },
          ],
        },
      },
      { decision: { effect: 'allow' } },
    ]);

    const status = await session.call('get_agent_status', { agentId: agent.id, includeLogs: true });
    expect(status.structured).toMatchObject({
      status: 'deployed',
      lastRun: { status: 'succeeded' },
      metrics: { runs: 1, succeeded: 1, actions: 3 },
    });
    const trail = await session.call('audit_log', { agentId: agent.id });
    expect(trail.structured).toMatchObject({ chain: { verified: true }, counts: { denied: 1 } });
    const kinds = (trail.structured['entries'] as { kind: string }[]).map((entry) => entry.kind);
    expect(kinds).toEqual(
      expect.arrayContaining([
        'agent.created',
        'agent.tested',
        'agent.deployed',
        'run.started',
        'action.decided',
        'action.executed',
        'run.ended',
      ]),
    );

    const stopped = await session.call('stop_agent', { agentId: agent.id, mode: 'stop' });
    expect(stopped.structured).toMatchObject({ status: 'stopped', cancelledRuns: [] });
    const paused = await session.call('stop_agent', { agentId: agent.id, mode: 'pause' });
    expect(paused.text).toMatch(/^# ⏹️ Agent Stopped\n\n\*\*Agent:\*\* \S+/);
    expect((await perform(session, agent.id, 'file.read', { path: 'orders.csv' })).text).toMatch(/stopped/);
  });

  it('gets the outcome of a repeated call with the same key, once', async () => {
    const agentId = await createAgent(session, { grants: ['file.*'] });
    const params = { path: `${kind}-${agentId}.txt`, content: 'once\n', mode: 'append' };
    const first = await perform(session, agentId, 'file.write', params, { idempotencyKey: 'k' });
    const second = await perform(session, agentId, 'file.write', params, { idempotencyKey: 'k' });
    expect(first).toMatchObject({
      isError: false,
      structured: { outcome: 'succeeded', decision: { effect: 'allow' } },
    });
    expect(second.structured['actionId']).toBe(first.structured['actionId']);
    expect((await perform(session, agentId, 'file.read', { path: params.path })).structured).toMatchObject({
      output: { text: 'once\n' },
    });
  });

  it('attaches a policy as a new version, with rules of its own', async () => {
    const agentId = await createAgent(session, { grants: ['file.*'] });
    const rule = {
      name: 'no-drafts',
      condition: "file.path.endsWith('.draft')",
      action: 'deny',
      severity: 'high',
      message: 'Drafts stay',
    };
    const attached = await session.call('attach_policy', { agentId, policyId: 'data-deletion', customRules: [rule] });
    expect(attached.text).toMatch(/^# ✅ Policy Attached\n\n\*\*Agent:\*\* \S+/);
    expect(attached.structured).toMatchObject({ agent: { id: agentId, version: 2 }, conflicts: [] });
    const denied = await perform(session, agentId, 'file.read', { path: 'a.draft' });
    expect(denied.text).toMatch(/^Denied by: custom-[0-9a-f]{8}\/no-drafts$/m);
    expect(denied.text).toContain('Reason: Drafts stay');
  });

  it('reads every resource and prompt that is listed', async () => {
    const agentId = await createAgent(session);
    for (const { uri } of await session.resources())
      expect(Object.keys(await session.read(uri)).length).toBeGreaterThan(0);
    expect(await session.read(`agentos://agents/${agentId}`)).toMatchObject({
      id: agentId,
      versions: [{ version: 1, definition: { steps: [{ action: 'file.list' }] } }],
    });
    expect(await session.read('agentos://policies/rate-limiting')).toMatchObject({
      id: 'rate-limiting',
      rules: expect.any(Array),
    });
    const actions = (await session.read('agentos://actions'))['actions'] as { type: string; params: Json }[];
    expect(actions).toHaveLength(24);
    expect(actions.find(({ type }) => type === 'file.read')?.params).toMatchObject({
      type: 'object',
      required: ['path'],
    });
    for (const { name } of await session.prompts()) {
      expect(await session.prompt(name, { task: 'Tidy up', agent_id: agentId })).toMatch(/agent/);
    }
    await expect(session.read('agentos://agents/nobody')).rejects.toThrow(/No agent has the id `nobody`/);
    await expect(session.read('agentos://nothing')).rejects.toThrow(/resource/);
    await expect(session.prompt('review_policies', {})).rejects.toThrow(/agent_id/);
  });

  it('finds templates and agents by words', async () => {
    const templates = await session.call('list_templates', { type: 'policy', framework: 'GDPR' });
    expect(templates.structured).toMatchObject({ templates: [{ id: expect.stringContaining('gdpr') }] });
    expect((await session.call('list_templates')).structured).toMatchObject({ total: 22 });
    const agentId = await createAgent(session, { name: `finder-${kind.replace(/ /g, '')}` });
    const found = await session.call('list_agents', { search: 'finder', limit: 100 });
    expect((found.structured['agents'] as { id: string }[]).map(({ id }) => id)).toContain(agentId);
  });
});
