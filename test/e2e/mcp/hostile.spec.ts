import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAgent, perform } from '../../support/agents.ts';
import { connectStdio, makePlace, type Answer, type Json, type Place, type Session } from '../../support/mcp-client.ts';

const POLICIES = ['data-deletion', 'secrets-protection', 'pii-protection', 'read-only-access'];
const DEEP = 60_000;

let place: Place;
let session: Session;
let agentId: string;

beforeAll(async () => {
  place = await makePlace({});
  session = await connectStdio(place);
  agentId = await createAgent(session, {
    grants: ['sql.*', 'code.run', 'mcp.call', 'http.request', 'file.*'],
    policies: POLICIES,
  });
});

afterAll(async () => {
  await session?.close();
  await place?.remove();
});

/** Decides one step by a dry run. */
async function decide(action: string, params: Json): Promise<{ readonly effect: string; readonly rules: string[] }> {
  const id = await createAgent(session, { steps: [{ name: 'act', action, params }], policies: POLICIES });
  const { structured } = await session.call('test_agent', { agentId: id, scenario: 'Only the step' });
  const { steps } = structured as { steps: { decision: { effect: string; violations: { rule: string }[] } }[] };
  const decision = steps[0]?.decision;
  return { effect: decision?.effect ?? '', rules: decision?.violations.map(({ rule }) => rule) ?? [] };
}

function expectRefused({ isError, text }: Answer): void {
  expect(isError).toBe(true);
  expect(text).not.toContain('inside AgentOS');
}

describe('hostile content gets an answer, and never an allow', () => {
  it.each<[string, string]>([
    ['nested parentheses', `SELECT ${'('.repeat(DEEP / 2)}1${')'.repeat(DEEP / 2)}`],
    ['half of that, never closed', `DELETE FROM t WHERE ${'('.repeat(DEEP)}`],
    ['a comment without end', 'SELECT 1 /* DROP TABLE users'],
    ['words that are no SQL', 'lorem ipsum dolor'],
    ['a version comment', 'SELECT 1 /*!50000 ; DROP TABLE users */'],
    ['an unknown function of the server', "SELECT pg_read_file('/etc/passwd')"],
  ])('SQL with %s', async (_title, sql) => {
    expect((await decide('sql.query', { connection: 'db', sql })).effect).toBe('deny');
  });

  it.each<[string, string]>([
    ['nested parentheses', `${'('.repeat(DEEP)}rm -rf /`],
    ['quotes that never end', `"`.repeat(30_001)],
    ['a huge line', `echo ${'a '.repeat(90_000)}; rm -rf /`],
    ['expansions in expansions', `${'$('.repeat(5_000)}rm -rf /`],
  ])('a program with %s', async (_title, source) => {
    expect(['deny', 'require_approval']).toContain((await decide('code.run', { source })).effect);
  });

  it('three megabytes with the sting at the end', async () => {
    const body = `${'harmless words and nothing else. '.repeat(94_000)} card 4111 1111 1111 1111`;
    const { effect, rules } = await decide('http.request', { url: 'https://example.com/', method: 'POST', body });
    expect(effect).toBe('deny');
    expect(rules).toContain('restricted-leaves');
  });

  it.each<[string, Json]>([
    [
      'keys that reach for prototypes',
      JSON.parse(
        '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"x": 1}}, "command": "rm -rf /"}',
      ) as Json,
    ],
    [
      'thousands of levels',
      { command: 'rm -rf /', deep: JSON.parse(`${'['.repeat(80)}1${']'.repeat(80)}`) as unknown },
    ],
  ])('arguments with %s', async (_title, given) => {
    const { effect } = await decide('mcp.call', { server: 's', tool: 'run', arguments: given });
    expect(['deny', 'require_approval']).toContain(effect);
    expect(({} as Json)['polluted']).toBeUndefined();
  });

  it.each<[string, string, Json]>([
    ['a NUL in a statement', 'sql.query', { connection: 'db', sql: 'SELECT 1; \u0000 DROP TABLE users' }],
    ['a NUL in a program', 'code.run', { source: 'rm -rf /\u0000' }],
    ['half of a character', 'mcp.call', { server: 's', tool: 'run', arguments: { command: 'rm -rf / \ud800' } }],
  ])('%s is refused, in an action and in a step', async (_title, action, params) => {
    expectRefused(await perform(session, agentId, action, params));
    const steps = [{ name: 'act', action, params }];
    expectRefused(await session.call('create_agent', { description: 'x', steps }));
  });

  it('a pattern that would take for ever is tried in linear time, or not taken at all', async () => {
    const rule = { name: 'evil', condition: 're(declared.purpose, "^(a+)+$")', action: 'deny', severity: 'high' };
    const id = await createAgent(session, {
      steps: [{ name: 'act', action: 'file.list', params: { path: '.' }, facts: { purpose: `${'a'.repeat(31)}!` } }],
    });
    expect(
      await session.call('attach_policy', { agentId: id, policyId: 'cost-control', customRules: [rule] }),
    ).toMatchObject({ isError: false });
    const { structured } = await session.call('test_agent', { agentId: id, scenario: 'Only the step' });
    expect(structured).toMatchObject({ verdict: 'passed' });
    const matches = { ...rule, name: 'other', condition: 'declared.purpose.matches("^(a+)+$")' };
    expectRefused(
      await session.call('attach_policy', { agentId: id, policyId: 'cost-control', customRules: [matches] }),
    );
  });
});

describe('while one call is hard work', () => {
  it('others are answered', async () => {
    const hard = Array.from({ length: 4 }, (_, i) =>
      decide('sql.query', { connection: 'db', sql: `SELECT ${'('.repeat(DEEP / 2)}${i}${')'.repeat(DEEP / 2)}` }),
    );
    const easy = await Promise.all(
      Array.from({ length: 10 }, () => perform(session, agentId, 'file.list', { path: '.' })),
    );
    for (const answer of easy) expect(answer.isError).toBe(false);
    for (const { effect } of await Promise.all(hard)) expect(effect).toBe('deny');
  });
});
