import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../kernel/json.ts';
import { makeFacts } from '../../../../test/support/facts.ts';
import { toPaymentFacts, toSnake } from './payment-facts.ts';

function pay(host: string, path: string, params: JsonObject, method = 'POST') {
  return toPaymentFacts({ type: 'http.request', params }, makeFacts({ url: { host, path, method } }).url);
}
function call(tool: string, given: JsonObject) {
  return toPaymentFacts({ type: 'mcp.call', params: { server: 's', tool, arguments: given } }, makeFacts().url);
}

describe('money', () => {
  test.each<[string, ReturnType<typeof pay>, object]>([
    [
      'a charge counts in cents',
      pay('api.stripe.com', '/v1/charges', { json: { amount: 4_200, currency: 'eur' } }),
      { amountMinor: 4_200, currency: 'EUR', authorization: true },
    ],
    [
      'a form is read too',
      pay('api.stripe.com', '/v1/refunds', { body: 'charge=ch_1&amount=500' }),
      { amountMinor: 500, refund: true },
    ],
    [
      'other hosts count in whole units',
      pay('bank.example', '/transfers', { json: { amount: '12.34', currency: 'USD' } }),
      { amountMinor: 1_234 },
    ],
    [
      'a nested amount',
      pay('api.paypal.com', '/v2/payments', { json: { a: { amount: { value: '7.00', currency_code: 'CHF' } } } }),
      { amountMinor: 700, currency: 'CHF' },
    ],
    ['an unknown amount', pay('bank.example', '/payouts', { json: {} }), { amountMinor: -1 }],
    [
      'a negative amount is no way round',
      pay('bank.example', '/pay', { json: { amount: -50 } }),
      { amountMinor: 5_000 },
    ],
    ['a new payee', pay('api.wise.com', '/v1/recipients', { json: { iban: 'x' } }), { newPayee: true, amountMinor: 0 }],
    ['a tool that sends money', call('sendMoneyTransfer', { amount: 10 }), { amountMinor: 1_000 }],
    ['a tool that counts in cents', call('create_payment', { amount_cents: 10 }), { amountMinor: 10 }],
  ])('%s', (_title, found, expected) => {
    expect(found).toMatchObject(expected);
  });

  test.each<[string, unknown]>([
    ['a list of charges', pay('api.stripe.com', '/v1/charges', {}, 'GET')],
    ['a payload somewhere', pay('api.example.com', '/v1/payloads', { json: { amount: 1 } })],
    ['a tool that lists payments', call('list_payments', { amount: 1 })],
    ['a file', toPaymentFacts({ type: 'file.write', params: { amount: 1 } }, makeFacts().url)],
  ])('%s moves none', (_title, found) => {
    expect(found).toBeUndefined();
  });
});

test('names are compared in one form', () => {
  expect(['sendMoney', 'send-money', 'Send Money', 'send.money'].map(toSnake)).toEqual(Array(4).fill('send_money'));
});
