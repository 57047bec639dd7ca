import { describe, expect, test } from '@jest/globals';
import type { Json, JsonObject } from '../../../kernel/json.ts';
import { makeFacts } from '../../../../test/support/facts.ts';
import { toPaymentFacts, toSnake } from './payment-facts.ts';

const request = (path: string, params: JsonObject = {}, host = 'bank.example', method = 'POST') =>
  toPaymentFacts({ type: 'http.request', params }, makeFacts({ url: { host, path, method } }).url);
const amountOf = (body: Json, host?: string) => request('/pay', { json: body }, host)?.amountMinor;
const call = (tool: unknown, given: Json = {}) =>
  toPaymentFacts({ type: 'mcp.call', params: { tool: tool as string, arguments: given } }, makeFacts().url);

describe('places that move money', () => {
  const words =
    'charge charges payment payments payment_intent payment_intents payment-intents paymentintent payout payouts transfer ' +
    'transfers refund refunds orders/7x/capture capture withdrawal withdrawals wire wires pay purchase purchases disbursement ' +
    'disbursements remittance remittances';
  test.each(words.split(' '))('%s', (word) => {
    for (const path of [word, `/${word}`, `/v1/${word}/7`, `/a_${word}.b`, `/a-${word.toUpperCase()}-b`])
      expect(request(path)).toMatchObject({ amountMinor: -1, newPayee: false });
    for (const path of [`/q${word}`, `/${word}q`].filter(() => /^[a-z]+$/.test(word)))
      expect(request(path)).toBeUndefined();
  });

  test.each(['GET', 'HEAD', 'OPTIONS'])('%s moves none', (method) => {
    expect(request('/pay', {}, 'bank.example', method)).toBeUndefined();
  });

  test('nor does a request to nowhere, nor another action', () => {
    expect(request('/pay', {}, '')).toBeUndefined();
    expect(
      toPaymentFacts({ type: 'x', params: {} }, makeFacts({ url: { host: 'a', path: '/pay', method: 'POST' } }).url),
    ).toBe(undefined);
  });
});

describe('providers', () => {
  const names =
    'stripe paypal adyen braintreegateway squareup checkout mollie wise transferwise razorpay klarna gocardless plaid payoneer ' +
    'worldpay authorize coinbase revolut sumup paddle chargebee';
  test.each(names.split(' '))('%s takes payees', (name) => {
    for (const host of [`${name}.com`, `api.${name}.net`, `${name}.io`])
      expect(request('/payees', {}, host)).toMatchObject({ newPayee: true, amountMinor: 0 });
    for (const host of [`q${name}.com`, `${name}.com.example`, `${name}.example`])
      expect(request('/payees', {}, host)).toBeUndefined();
    expect(request('/other', {}, `${name}.com`)).toBeUndefined();
  });

  test.each('stripe adyen checkout razorpay squareup klarna gocardless revolut'.split(' '))(
    '%s counts in cents',
    (name) => {
      expect([amountOf({ amount: 5 }, `${name}.com`), amountOf({ amount: 5 }, `api.${name}.com`)]).toEqual([5, 5]);
      expect(amountOf({ amount: 5 }, `q${name}.com`)).toBe(500);
      expect(amountOf({ amount: 5 }, `${name}q.com`)).toBe(500);
    },
  );

  const payees =
    'payee payees beneficiary beneficiaries recipient recipients external_account external-accounts externalaccount ' +
    'bank_account bank-accounts bankaccounts';
  test.each(payees.split(' '))('%s are payees', (word) => {
    for (const path of [word, `/v1/${word}`, `/${word}/7`, `/a_${word}.b`, `/a-${word}-b`])
      expect(request(path, {}, 'wise.com')).toMatchObject({ newPayee: true });
    for (const path of [`/q${word}`, `/${word}q`]) expect(request(path, {}, 'wise.com')).toBeUndefined();
    expect(call(`add_${word.replaceAll('-', '_')}`)).toMatchObject({ newPayee: true, amountMinor: 0 });
    expect(call(`list_${word}`)).toBeUndefined();
  });
});

describe('tools that move money', () => {
  const words = 'pay payment payments payout transfer refund charge purchase buy withdraw wire remit disburse checkout';
  test.each(words.split(' '))('%s', (word) => {
    for (const tool of [word, `x_${word}`, `${word}_x`])
      expect(call(tool)).toMatchObject({ amountMinor: -1, newPayee: false });
    for (const tool of [`q${word}`, `${word}q`]) expect(call(tool)).toBeUndefined();
  });

  test('a verb and what it moves', () => {
    for (const verb of 'send move transmit schedule create make place submit book'.split(' '))
      for (const thing of 'money funds cash transaction order payment bid deposit'.split(' '))
        for (const tool of [`${verb}_${thing}`, `${verb}_${thing}s`, `${verb}_${thing}_x`])
          expect(call(tool)).toMatchObject({ amountMinor: -1 });
    for (const tool of ['xsend_money', 'send_moneyx', 'x_send_money']) expect(call(tool)).toBeUndefined();
  });

  test.each('get list read search find show view fetch describe count check'.split(' '))('%s only looks', (verb) => {
    expect([call(`${verb}_payment`), call(`${verb}_payees`), call(verb)]).toEqual([undefined, undefined, undefined]);
    expect(call(`${verb}q_payment`)).toBeDefined();
    expect(call(`pay_${verb}`)).toBeDefined();
  });

  test('a tool without a name moves none', () => {
    for (const tool of [undefined, 7, null, '']) expect(call(tool, { amount: 1 })).toBeUndefined();
  });

  test('a tool counts in whole units', () => {
    expect(call('pay', { amount: 5 })).toMatchObject({ amountMinor: 500 });
  });
});

describe('the amount', () => {
  test.each(['amount', 'value', 'total', 'sum', 'price', 'Amount'])('%s is in whole units', (key) => {
    expect(amountOf({ [key]: 5 })).toBe(500);
  });

  test.each(['amount_minor', 'amountMinor', 'amountminor', 'amount_cents', 'amountCents', 'amountcents'])(
    '%s is in cents',
    (key) => {
      expect(amountOf({ [key]: 5, amount: 9 })).toBe(5);
    },
  );

  test.each<[string, Json, number]>([
    ['the outer one', { a: { amount: 7 }, total: 3 }, 300],
    ['one in a list', [{ x: null }, { amount: 2 }], 200],
    ['signs of currencies and thousands', { amount: '$ 1,234.50' }, 123_450],
    ['euros', { amount: '€5' }, 500],
    ['pounds', { amount: '£5' }, 500],
    ['a text that is empty is none', { amount: '  ', total: 4 }, 400],
    ['a text without a number is none', { amount: 'five', total: 4 }, 400],
    ['a value of another kind is none', { amount: true, value: null, total: 4 }, 400],
    ['beside nothing', { a: null, b: { amount: 1 } }, 100],
    ['beside a text', { a: 'amount', b: { amount: 1 } }, 100],
    ['nothing at all', null, -1],
    ['a text', 'amount', -1],
    ['a number', 5, -1],
  ])('%s', (_title, body, amount) => {
    expect(amountOf(body)).toBe(amount);
  });

  test('is looked for in the first thousand values', () => {
    const at = (place: number) => amountOf([...Array<Json>(place).fill(0), { amount: 1 }]);
    expect([at(998), at(999)]).toEqual([100, -1]);
  });
});

describe('the body', () => {
  test('is JSON, or a text of JSON or of a form', () => {
    expect(request('/pay', { json: { amount: 1 }, body: 'amount=2' })?.amountMinor).toBe(100);
    expect(request('/pay', { body: '{"amount":2}' })?.amountMinor).toBe(200);
    expect(request('/pay', { body: 'amount=3' })?.amountMinor).toBe(300);
    expect(request('/pay', {})?.amountMinor).toBe(-1);
    expect(request('/pay', { body: 7 })?.amountMinor).toBe(-1);
    expect(request('/pay', { body: { amount: 4 } })?.amountMinor).toBe(-1);
    expect(request('/pay', { body: `amount=5&x=${'y'.repeat(99_989)}` })?.amountMinor).toBe(500);
    expect(request('/pay', { body: `amount=5&x=${'y'.repeat(99_990)}` })?.amountMinor).toBe(-1);
  });

  test.each<[JsonObject, string]>([
    [{ currency: 'eur' }, 'EUR'],
    [{ currencyCode: 'usd' }, 'USD'],
    [{ currency_code: 'CHF' }, 'CHF'],
    [{ a: { currency: 'gbp' } }, 'GBP'],
    [{ currency: 'euro' }, ''],
    [{ xcurrency: 'eur' }, ''],
    [{ currency: 'e' }, ''],
    [{ currency: 7, kind: 'eur' }, ''],
    [{}, ''],
  ])('%j is in %s', (json, currency) => {
    expect(request('/pay', { json })?.currency).toBe(currency);
  });

  test('an amount is found behind a long text', () => {
    expect(amountOf({ note: 'y'.repeat(2_000), a: { b: { amount: 5 } } })).toBe(500);
  });

  test('a currency behind ten thousand characters is not looked for', () => {
    expect(request('/pay', { json: { x: 'y'.repeat(10_000), currency: 'eur' } })?.currency).toBe('');
    expect(request('/pay')?.currency).toBe('');
  });
});

describe('what kind of payment', () => {
  test.each<[string, boolean, boolean]>([
    ['/refunds', true, false],
    ['/payouts', false, false],
    ['/payment_intents', false, true],
    ['/payment-intent', false, true],
    ['/paymentintent', false, true],
    ['/charge', false, true],
    ['/charges/7', false, true],
    ['/authorizations/pay', false, true],
    ['/authorisation/pay', false, true],
    ['/payment', false, true],
    ['/payments/7', false, true],
    ['/payment_x', false, true],
    ['/paymentsx/pay', false, false],
    ['/pay', false, false],
  ])('%s', (path, refund, authorization) => {
    expect(request(path)).toMatchObject({ refund, authorization });
  });
});

test('several separators are one', () => {
  expect(['a  b', 'a.-b', 'aB1C', 'A'].map(toSnake)).toEqual(['a_b', 'a_b', 'a_b1_c', 'a']);
});
