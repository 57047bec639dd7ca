import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAgent } from '../../support/agents.ts';
import { connectStdio, makePlace, type Json, type Place, type Session } from '../../support/mcp-client.ts';

let place: Place;
let session: Session;

beforeAll(async () => {
  place = await makePlace({});
  session = await connectStdio(place);
});

afterAll(async () => {
  await session?.close();
  await place?.remove();
});

/** Decides one step, made and attached by tool calls, with one rule of its own; says whether the rule was met. */
async function isMet(condition: string, step: Json, more: { agent?: Json; mockData?: Json } = {}): Promise<boolean> {
  const agentId = await createAgent(session, { ...more.agent, policies: [], steps: [{ name: 'act', ...step }] });
  const rule = { name: 'met', condition, action: 'deny', severity: 'critical' };
  const attached = await session.call('attach_policy', { agentId, policyId: 'cost-control', customRules: [rule] });
  expect(attached).toMatchObject({ isError: false });
  const tested = await session.call('test_agent', {
    agentId,
    scenario: 'Only the step',
    ...(more.mockData === undefined ? {} : { mockData: more.mockData }),
  });
  const { steps } = tested.structured as { steps: { decision: { violations: { rule: string }[] } }[] };
  return steps[0]?.decision.violations.some((violation) => violation.rule === 'met') ?? false;
}

const read = { action: 'file.list', params: { path: '.' } };
const query = { action: 'sql.query', params: { connection: 'orders', sql: 'SELECT id FROM orders LIMIT 5' } };

describe('every fact that somebody gives arrives at the decision', () => {
  it.each<[string, Json, string, string]>([
    ['purpose', { purpose: 'billing' }, 'declared.purpose == "billing"', 'declared.purpose == ""'],
    ['legalBasis', { legalBasis: 'contract' }, 'declared.legalBasis == "contract"', 'declared.legalBasis == ""'],
    ['consent', { consent: 'verified' }, 'declared.consent == "verified"', 'declared.consent == "unknown"'],
    ['ticket', { ticket: 'OPS-1' }, 'declared.ticket == "OPS-1"', 'declared.ticket == ""'],
    ['backupConfirmed', { backupConfirmed: true }, 'declared.backupConfirmed', '!declared.backupConfirmed'],
    ['rollbackPlan', { rollbackPlan: 'undo' }, 'declared.rollbackPlan == "undo"', 'declared.rollbackPlan == ""'],
    [
      'recordCount',
      { recordCount: 250 },
      'declared.recordCount == 250 && records.count == 250',
      'declared.recordCount == -1',
    ],
    ['cost', { cost: 2.5 }, 'declared.costMicros == 2500000 && cost.micros == 2500000', 'declared.costMicros == -1'],
  ])('Step.facts.%s', async (_name, facts, given, absent) => {
    expect(await isMet(given, { ...read, facts })).toBe(true);
    expect(await isMet(given, read)).toBe(false);
    expect(await isMet(absent, read)).toBe(true);
  });

  it('the environment and kind of a connection', async () => {
    const mockData = { connections: { orders: { kind: 'mysql', environment: 'production' } } };
    expect(await isMet('environment == "production" && action.production', query, { mockData })).toBe(true);
    expect(await isMet('connection.kind == "mysql" && sql.dialect == "mysql"', query, { mockData })).toBe(true);
    expect(await isMet('action.production', query)).toBe(false);
  });

  it('the words of the user, and what was read before', async () => {
    const send = {
      action: 'mcp.call',
      params: { server: 'bank', tool: 'get_balance', arguments: { account: 'CH-77' } },
    };
    const untrusted = 'provenance.keyArgument != "user"';
    expect(
      await isMet(untrusted, send, { mockData: { userRequest: 'What is on account CH-77 of bank? use get_balance' } }),
    ).toBe(false);
    expect(await isMet(untrusted, send, { mockData: { userRequest: 'What is new?' } })).toBe(true);
  });

  it('the schedule’s clock, the agent and its version', async () => {
    expect(await isMet('agent.version == 2 && agent.name == "clock"', read, { agent: { name: 'clock' } })).toBe(true);
    expect(await isMet('time.hour >= 0 && time.hour <= 23 && time.weekday >= 1 && trigger == "test"', read)).toBe(true);
  });
});
