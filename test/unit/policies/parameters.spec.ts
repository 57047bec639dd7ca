import { afterAll, describe, expect, test } from '@jest/globals';
import type { Effect, ParameterValues } from '../../../src/kernel/policy/model.ts';
import { PolicyDesk } from '../../support/policy-desk.ts';
import { act, mail, post, readPolicy, request, tool, write, type Case } from '../../support/policy-stories.ts';

const strict = new PolicyDesk();
const permissive = new PolicyDesk({ mode: 'permissive' });
afterAll(() => Promise.all([strict.close(), permissive.close()]));

const spent = (micros: number) => ({ state: { budget: { spentTodayMicros: micros, spentMonthMicros: micros } } });
const CARD = '4111 1111 1111 1111';
const PAYMENT = { amount: 500, currency: 'usd', card: { number: CARD } };

describe('values that a workspace or an agent chooses', () => {
  const cases: [string, string, ParameterValues, Case, Effect, Effect][] = [
    [
      'a processor under contract may receive restricted data',
      'pii-protection',
      { trustedPlaces: ['crm.example.com'] },
      post('https://crm.example.com/people', { account: 'DE89 3704 0044 0532 0130 00' }),
      'deny',
      'allow',
    ],
    [
      'a mail domain under contract may receive contact details',
      'pii-protection',
      { trustedPlaces: ['client.example'] },
      mail('Please call kim.lee@customer.example.'),
      'transform',
      'allow',
    ],
    [
      'a model provider under contract may receive restricted data',
      'pii-protection',
      { trustedPlaces: ['anthropic'] },
      act(
        'model.generate',
        { connection: 'llm', prompt: 'Summarise: the patient was diagnosed with diabetes.' },
        { connections: { llm: { kind: 'anthropic' } } },
      ),
      'deny',
      'allow',
    ],
    [
      'a channel that is named like a processor is none',
      'pii-protection',
      { trustedPlaces: ['crm.example.com'] },
      act(
        'slack.post',
        { connection: 'partner', channel: '#crm.example.com', text: 'SSN 536-22-8745' },
        { connections: { partner: { kind: 'slack', team: 'T0PARTNER' } } },
      ),
      'deny',
      'deny',
    ],
    [
      'one recipient who is not under contract is enough',
      'pii-protection',
      { trustedPlaces: ['client.example'] },
      mail('Please call kim.lee@customer.example.', { cc: ['eve@other.example'] }),
      'transform',
      'transform',
    ],
    [
      'another payment provider may authorise cards',
      'pii-protection',
      { paymentPlaces: ['pay.example'] },
      post('https://api.pay.example/v1/payment_intents', PAYMENT),
      'deny',
      'allow',
    ],
    [
      'exports are asked about earlier',
      'pii-protection',
      { exportApproval: 1 },
      post('https://crm.example.com/import', [{ ip_address: '203.0.113.7' }, { ip_address: '203.0.113.8' }]),
      'allow',
      'require_approval',
    ],
    [
      'a smaller budget',
      'cost-control',
      { dailyBudget: 0.5 },
      act('model.generate', { prompt: 'x' }, spent(500_000)),
      'allow',
      'deny',
    ],
    [
      'a larger budget',
      'cost-control',
      { dailyBudget: 50 },
      act('model.generate', { prompt: 'x' }, spent(20_000_000)),
      'deny',
      'allow',
    ],
    [
      'approval for cheaper actions',
      'cost-control',
      { approvalAbove: 0.05 },
      tool('images.render', {}, { facts: { cost: 0.06 } }),
      'allow',
      'require_approval',
    ],
    [
      'more requests a minute',
      'rate-limiting',
      { httpPerMinute: 500 },
      request('https://api.example.com/', {}, { state: { rate: { http1m: 200 } } }),
      'deny',
      'allow',
    ],
    [
      'fewer items in a run',
      'rate-limiting',
      { maxItemsPerRun: 2 },
      mail('Hello', { to: ['a@client.example', 'b@client.example', 'c@client.example'] }),
      'allow',
      'deny',
    ],
    [
      'a partner to whom nobody needs to be asked',
      'human-review',
      { trustedDomains: ['client.example'] },
      mail('Hello'),
      'require_approval',
      'allow',
    ],
    [
      'a site whose requests are no messages',
      'human-review',
      { messageSites: [] },
      post('https://hooks.slack.com/services/T0/B0/x', { text: 'Hello' }),
      'require_approval',
      'allow',
    ],
    [
      'files in production without review',
      'human-review',
      { reviewLocalChanges: false },
      write('out.csv', 'a', { environment: 'production' }),
      'require_approval',
      'allow',
    ],
  ];

  test.each(cases)(
    '%s (%s)',
    async (_title, id, parameters, { effect: _effect, gone: _gone, ...question }, before, after) => {
      const decide = async (policy: ReturnType<typeof readPolicy>): Promise<Effect> =>
        (await strict.decide({ policies: [policy], ...question })).effect;
      expect([await decide(readPolicy(id)), await decide(readPolicy(id, parameters))]).toEqual([before, after]);
    },
  );
});

describe('what permissive mode leaves of a rule, and that strict would have said more', () => {
  const cases: [string, string, Case, Effect, Effect][] = [
    ['a critical denial stays', 'pii-protection', mail('Her SSN is 536-22-8745.'), 'deny', 'deny'],
    [
      'a high denial becomes a question',
      'rate-limiting',
      request('https://api.example.com/', {}, { state: { rate: { http1m: 100 } } }),
      'deny',
      'require_approval',
    ],
    [
      'a suspicion is only noted',
      'secrets-protection',
      mail('Here it is: q7Vx2LmZ9' + 'tKcR4wYb8NfHs3PdJg6'),
      'require_approval',
      'allow',
    ],
    [
      'a redaction is made all the same',
      'pii-protection',
      mail('Please call kim.lee@customer.example.'),
      'transform',
      'transform',
    ],
  ];

  test.each(cases)(
    '%s (%s)',
    async (_title, id, { effect: _effect, gone: _gone, ...question }, inStrict, inPermissive) => {
      const policies = [readPolicy(id)];
      const decision = await permissive.decide({ policies, ...question });
      expect([(await strict.decide({ policies, ...question })).effect, decision.effect]).toEqual([
        inStrict,
        inPermissive,
      ]);
      expect(decision.strictEffect).toBe(inStrict);
    },
  );
});

test('two owners are asked before a store of production is deleted', () => {
  const { rules } = readPolicy('data-deletion');
  const [rule] = rules.filter(({ name }) => name === 'whole-store-deletion-in-production');
  expect(rule?.approval).toEqual({ quorum: 2, groups: ['owner'] });
});
