import { NEUTRAL_FACTS, type Facts } from '../../../kernel/policy/facts.ts';
import type { Json, JsonObject } from '../../../kernel/json.ts';
import type { Subject } from '../subject.ts';

const PROVIDERS =
  /(?:^|\.)(?:stripe|paypal|adyen|braintreegateway|squareup|checkout|mollie|wise|transferwise|razorpay|klarna|gocardless|plaid|payoneer|worldpay|authorize|coinbase|revolut|sumup|paddle|chargebee)\.(?:com|net|io)$/;
/** Providers that count in the smallest unit of the currency. */
const MINOR_UNITS = /(?:^|\.)(?:stripe|adyen|checkout|razorpay|squareup|klarna|gocardless|revolut)\./;
const PAY_WORD =
  /(?:^|[/_.-])(?:charges?|payments?|payment[_-]?intents?|payouts?|transfers?|refunds?|orders\/[^/]+\/capture|capture|withdrawals?|wires?|pay|purchases?|disbursements?|remittances?)(?:$|[/_.-])/;
const TOOL_PAY =
  /(?:^|_)(?:pay|payment|payments|payout|transfer|refund|charge|purchase|buy|withdraw|wire|remit|disburse|checkout)(?:_|$)|^(?:send|move|transmit|schedule|create|make|place|submit|book)_(?:money|funds|cash|transaction|order|payment|bid|deposit)s?(?:_|$)/;
/** Tools that only look at payments. */
const TOOL_READ = /^(?:get|list|read|search|find|show|view|fetch|describe|count|check)(?:_|$)/;
const PAYEE =
  /(?:^|[/_.-])(?:payees?|beneficiar(?:y|ies)|recipients?|external[_-]?accounts?|bank[_-]?accounts?)(?:$|[/_.-])/;
const AMOUNT_KEYS = [
  'amount_minor',
  'amountminor',
  'amount_cents',
  'amountcents',
  'amount',
  'value',
  'total',
  'sum',
  'price',
];
const MINOR_KEY = /minor|cents/;

const AMOUNT_UNKNOWN = -1;

/** Money that an action moves, by the place it goes to and the names of its arguments; undefined when it moves none. */
export function toPaymentFacts(
  subject: Pick<Subject, 'type' | 'params'>,
  url: Facts['url'],
): Facts['payment'] | undefined {
  if (subject.type === 'mcp.call') return ofTool(subject.params);
  return subject.type === 'http.request' ? ofRequest(subject.params, url) : undefined;
}

function ofTool(params: JsonObject): Facts['payment'] | undefined {
  const tool = toSnake(typeof params['tool'] === 'string' ? params['tool'] : '');
  const isPayee = PAYEE.test(tool) && !TOOL_READ.test(tool);
  if (TOOL_READ.test(tool) || !(TOOL_PAY.test(tool) || isPayee)) return undefined;
  return toFacts(params['arguments'], { isMinor: false, name: tool, newPayee: isPayee });
}

function ofRequest(params: JsonObject, url: Facts['url']): Facts['payment'] | undefined {
  if (['GET', 'HEAD', 'OPTIONS'].includes(url.method) || url.host === '') return undefined;
  const path = url.path.toLowerCase();
  const isPayee = PAYEE.test(path) && PROVIDERS.test(url.host);
  if (!PAY_WORD.test(path) && !isPayee) return undefined;
  const body = params['json'] ?? parseForm(params['body']);
  return toFacts(body, { isMinor: MINOR_UNITS.test(url.host), name: path, newPayee: isPayee });
}

function toFacts(
  body: Json | undefined,
  { isMinor, name, newPayee }: { readonly isMinor: boolean; readonly name: string; readonly newPayee: boolean },
): Facts['payment'] {
  const found = findAmount(body);
  const isPayment = PAY_WORD.test(name) || TOOL_PAY.test(name);
  const scale = found === undefined || isMinor || MINOR_KEY.test(found.key) ? 1 : 100;
  return {
    ...NEUTRAL_FACTS.payment,
    amountMinor: found === undefined ? (isPayment ? AMOUNT_UNKNOWN : 0) : Math.round(found.amount * scale),
    currency: findCurrency(body),
    refund: /refund/.test(name),
    authorization: /payment[_-]?intents?|charges?|authori[sz]ations?|payments?(?:$|[/_.-])/.test(name),
    newPayee,
  };
}

/** The first amount, the outer ones first. */
function findAmount(body: Json | undefined): { readonly key: string; readonly amount: number } | undefined {
  const open: Json[] = body === undefined ? [] : [body];
  for (let visited = 0; open.length > 0 && visited < 1_000; visited++) {
    const value = open.shift();
    if (value === null || typeof value !== 'object') continue;
    const entries = Object.entries(value);
    for (const key of AMOUNT_KEYS) {
      const [, found] = entries.find(([name]) => toSnake(name).toLowerCase() === key) ?? [];
      const amount =
        typeof found === 'number'
          ? found
          : typeof found === 'string' && found.trim() !== ''
            ? Number(found.replace(/[,$€£\s]/g, ''))
            : NaN;
      if (Number.isFinite(amount)) return { key, amount: Math.abs(amount) };
    }
    open.push(...entries.map(([, each]) => each));
  }
  return undefined;
}

function findCurrency(body: Json | undefined): string {
  const text = JSON.stringify(body ?? null).slice(0, 10_000);
  return /"currency(?:_?code)?"\s*:\s*"([A-Za-z]{3})"/i.exec(text)?.[1]?.toUpperCase() ?? '';
}

function parseForm(body: Json | undefined): Json | undefined {
  if (typeof body !== 'string' || body.length > 100_000) return undefined;
  try {
    return JSON.parse(body) as Json;
  } catch {
    return Object.fromEntries(new URLSearchParams(body));
  }
}

/** `sendMoney`, `send-money` -> `send_money`. */
export function toSnake(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[\s.-]+/g, '_')
    .toLowerCase();
}
