import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAgent } from '../../support/agents.ts';
import { connectStdio, type Json, makePlace, type Place, type Session } from '../../support/mcp-client.ts';

let place: Place;
let session: Session;
let agentId: string;

beforeAll(async () => {
  place = await makePlace();
  session = await connectStdio(place);
  agentId = await createAgent(session, { name: 'invoice-sorter', grants: ['file.*'] });
});

afterAll(async () => {
  await session?.close();
  await place?.remove();
});

const NOBODY = '00000000-0000-4000-8000-000000000000';
const step = (more: Json): Json => ({
  description: 'x',
  steps: [{ name: 'a', action: 'file.read', params: { path: 'a' }, ...more }],
});

const CASES: readonly (readonly [what: string, tool: string, args: () => Json, ...parts: RegExp[]])[] = [
  [
    'an unknown agent by name',
    'get_agent_status',
    () => ({ agentId: 'invoice-sorter' }),
    /No agent has the id `invoice-sorter`/,
    /Did you mean `[0-9a-f-]{36}` \(invoice-sorter\)/,
  ],
  ['an unknown agent by id', 'run_agent', () => ({ agentId: NOBODY }), /No agent has the id/, /invoice-sorter/],
  [
    'an agent id that is no id',
    'perform_action',
    () => ({ agentId: "'; DROP TABLE agent; --", action: 'file.list', params: { path: '.' } }),
    /No agent has the id/,
  ],
  ['an agent of another tool', 'audit_log', () => ({ agentId: NOBODY }), /No agent has the id/],
  ['an unknown run', 'get_run', () => ({ runId: NOBODY }), /run/i, /run_agent|list|audit_log|get_agent_status/],
  [
    'an unknown policy',
    'attach_policy',
    () => ({ agentId, policyId: 'rate-limitng' }),
    /`rate-limitng`/,
    /Did you mean `rate-limiting`/,
  ],
  [
    'an unknown policy in a list',
    'create_agent',
    () => ({ description: 'Tidy up', policies: ['pii-protecton'] }),
    /`pii-protecton`/,
    /`pii-protection`/,
  ],
  [
    'an unknown template',
    'create_agent',
    () => ({ description: 'Tidy up', template: 'file-organiser' }),
    /`file-organiser`/,
    /`file-organizer`/,
  ],
  [
    'an unknown action',
    'perform_action',
    () => ({ agentId, action: 'file.raed', params: {} }),
    /^Denied by: baseline\//m,
    /There is no action `file.raed`. Did you mean `file.read`\?/,
  ],
  [
    'params that do not fit the action',
    'perform_action',
    () => ({ agentId, action: 'file.read', params: { pth: 'a' } }),
    /`?pth`?/,
    /path/,
  ],
  [
    'an invalid cron',
    'create_agent',
    () => ({ description: 'Tidy up', schedule: '61 * * * *' }),
    /61/,
    /minute|0.*59|five|cron/i,
  ],
  ['a cron with six fields', 'create_agent', () => ({ description: 'Tidy up', schedule: '0 0 9 * * 1' }), /five|5/],
  [
    'an unknown time zone',
    'create_agent',
    () => ({ description: 'Tidy up', schedule: '0 9 * * *', timezone: 'Europe/Berln' }),
    /`Europe\/Berln`/,
    /Europe\/Berlin/,
  ],
  [
    'a step with an unknown action',
    'create_agent',
    () => step({ action: 'file.reed' }),
    /steps\[0\]/,
    /`file.reed`/,
    /`file.read`/,
  ],
  ['a step with wrong params', 'create_agent', () => step({ params: { path: 7 } }), /steps\[0\]\.params/, /path/],
  [
    'a broken expression',
    'create_agent',
    () => step({ params: { path: '${{ steps. }}' } }),
    /steps\[0\]/,
    /expression|expected|position/i,
  ],
  [
    'an expression over an unknown step',
    'create_agent',
    () => step({ params: { path: '${{ steps.b.output.text }}' } }),
    /steps\[0\]/,
    /`?b`?/,
  ],
  ['an unknown key of a step', 'create_agent', () => step({ retrys: {} }), /`steps\[0\]\.retrys`/, /`retry`/],
  [
    'a broken rule',
    'attach_policy',
    () => ({
      agentId,
      policyId: 'data-deletion',
      customRules: [{ name: 'r', condition: 'action.type = "x"', action: 'deny', severity: 'high' }],
    }),
    /\[0\]/,
    /condition/,
  ],
  [
    'a rule over an unknown fact',
    'attach_policy',
    () => ({
      agentId,
      policyId: 'data-deletion',
      customRules: [{ name: 'r', condition: 'action.typ == "x"', action: 'deny', severity: 'high' }],
    }),
    /action\.typ/,
    /action\.type|type/,
  ],
  [
    'a description of 3 MB',
    'create_agent',
    () => ({ description: 'Ordne die Dateien. '.repeat(160_000) }),
    /too large/,
    /10000/,
  ],
  ['an empty description', 'create_agent', () => ({ description: '' }), /`description` is empty/],
  [
    'an unknown parameter',
    'create_agent',
    () => ({ description: 'Tidy up', schedul: '0 9 * * *' }),
    /`schedul` is not a parameter. Did you mean `schedule`\?/,
  ],
  [
    'an unknown language',
    'create_agent',
    () => ({ description: 'Tidy up', language: 'ruby' }),
    /`python`, `typescript`, `javascript`, `go`/,
  ],
  [
    'arguments nested without end',
    'create_agent',
    () => step({ forEach: JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`) as unknown }),
    /nested more than 100 levels deep/,
  ],
  ['a time that is no time', 'audit_log', () => ({ startTime: 'yesterday' }), /ISO 8601/],
  ['a made-up cursor', 'list_agents', () => ({ cursor: 'abc' }), /`?cursor`?/, /nextCursor/],
  [
    'the same key for another action',
    'perform_action',
    () => ({ agentId, action: 'file.write', params: { path: 'b.txt', content: 'b' }, idempotencyKey: 'taken' }),
    /idempotencyKey|key/i,
  ],
];

describe('a refusal as a client sees it', () => {
  beforeAll(async () => {
    const taken = await session.call('perform_action', {
      agentId,
      action: 'file.write',
      params: { path: 'a.txt', content: 'a' },
      idempotencyKey: 'taken',
    });
    expect(taken.isError).toBe(false);
  });

  it.each(CASES)('%s', async (_, tool, args, ...parts) => {
    const answer = await session.call(tool, args());
    expect(answer).toMatchObject({ isError: true, structured: {} });
    for (const part of parts) expect(answer.text).toMatch(part);
    expect(answer.text.length).toBeLessThan(2_500);
    expect(answer.text).not.toMatch(/\bat .*\.(ts|js):\d+|Something went wrong/);
  });

  it('names an unknown tool and the nearest one', async () => {
    await expect(session.call('create_agnt', {})).rejects.toThrow(
      /no tool `create_agnt`. Did you mean `create_agent`\?/,
    );
  });

  it.each([
    ['German', 'Räume jede Nacht den Ordner „Rechnungen“ auf'],
    ['Japanese', '毎日、請求書フォルダーを整理してください'],
    ['Arabic', 'رتب ملفات الفواتير كل يوم'],
    ['emoji only', '🗂️🧹'],
  ])('understands what it can of a sentence in %s and says what is missing', async (_, description) => {
    const { structured, isError, text } = await session.call('create_agent', { description });
    expect(isError).toBe(false);
    expect((structured['missing'] as unknown[]).length).toBeGreaterThan(0);
    expect(text).toContain('## Still Missing');
    const { id, task } = structured['agent'] as { id: string; task: string };
    expect(task).toContain(description.slice(0, 4));
    const refused = await session.call('deploy_agent', { agentId: id });
    expect(refused.isError || refused.structured['status'] === 'blocked').toBe(true);
  });

  it('leaves nothing behind of what was refused', async () => {
    const { structured } = await session.call('list_agents', { search: 'Tidy' });
    expect(structured['agents']).toEqual([]);
  });
});
