import { withSamples } from './scenario-samples.ts';
import type { ScenarioAction } from './scenario.ts';
import { EMAIL_WORD, findCount, findWord, URL_WORD } from './scenario-words.ts';

const AUDIENCE =
  /\b(?:customers?|clients?|users|subscribers?|patients?|leads?|prospects?|partners?|suppliers?|everyone|people|public|applicants?|candidates?|guests?|members)\b/i;
const OWN_PEOPLE = /\b(?:team|colleagues?|staff|me|us|myself|boss|manager|employees?|owner|internal(?:ly)?)\b/i;
const OUTSIDER = 'somebody@customer.example';
const OWN_PERSON = 'team@localhost';

const MAIL = /\b(?:e-?mails?|mails?|newsletters?|messages?)\b/i;
const SEND = /\b(?:e-?mail|mail|send|forward|write)\b/i;
const SLACK = /\bslack\b|(?:^|\s)#[a-z][\w-]{1,40}\b/i;
const SHELL =
  /(?:^|[\s"'`:])((?:sudo\s+)?(?:rm\s+-{1,2}\w[\w-]*|dd\s+if=|mkfs\S*\s|shred\s|chmod\s+-?\w*\d{3}|chown\s+-R|git\s+(?:push|reset|clean|commit|status|log|diff|pull)\b|curl\s+-?\S+|wget\s+\S+|kubectl\s+\w+|terraform\s+\w+|docker\s+\w+|cat\s+[~/.]\S+|printenv\b|find\s+\S+\s+-\w+|ls\s+-\w+|npm\s+\w+|bash\s+-c|python3?\s+-c|aws\s+\w+\s+\w+)[^"'`\n]{0,500})/i;
const MONEY =
  /\b(pay|transfer|refund|charge|wire|send)\b.{0,60}?(?:([$€£])\s?(\d[\d,]*(?:\.\d{1,2})?)|(\d[\d,]*(?:\.\d{1,2})?)\s?(usd|eur|gbp|chf|dollars?|euros?|pounds?|francs?)\b)/i;
const CURRENCIES: Readonly<Record<string, string>> = {
  $: 'USD',
  '€': 'EUR',
  '£': 'GBP',
  dol: 'USD',
  eur: 'EUR',
  pou: 'GBP',
  fra: 'CHF',
};
const BUCKET = /\b(?:delete|remove|drop|empty)\b.*\bbucket\b(?:\s+["'`]?([\w.-]+))?/i;
const FETCH = /\b(?:post|upload|put|fetch|get|download|call|request|open|visit|delete|send|scrape|crawl|read|check)\b/i;
const MODEL = /\b(?:ask|prompt|call|use)\b.*\b(?:model|llm|gpt\S*|claude|ai)\b/i;

/** What a clause says would leave this machine. */
export function readOutsideClause(clause: string): ScenarioAction | undefined {
  for (const read of [toShell, toMoney, toRequest, toChat, toMail, toBucket, toModel]) {
    const action = read(clause);
    if (action !== undefined) return action;
  }
  return undefined;
}

function toShell(clause: string): ScenarioAction | undefined {
  const source = SHELL.exec(clause)?.[1]?.trim();
  return source === undefined ? undefined : { type: 'code.run', params: { source } };
}

function toMoney(clause: string): ScenarioAction | undefined {
  const [, verb = '', sign, first, second, name] = MONEY.exec(clause) ?? [];
  const amount = first ?? second;
  if (amount === undefined) return undefined;
  const currency =
    CURRENCIES[sign ?? ''] ?? CURRENCIES[(name ?? '').slice(0, 3).toLowerCase()] ?? (name ?? 'usd').toUpperCase();
  const path = /refund/i.test(verb) ? 'refunds' : /charge/i.test(verb) ? 'charges' : 'transfers';
  const json = { amount: Number(amount.replaceAll(',', '')), currency, description: clause };
  return { type: 'http.request', params: { url: `https://api.payments.example/v1/${path}`, method: 'POST', json } };
}

function toRequest(clause: string): ScenarioAction | undefined {
  const url = findWord(clause, URL_WORD);
  if (url === undefined || !FETCH.test(clause)) return undefined;
  const method = /\b(?:post|upload|send)\b/i.test(clause)
    ? 'POST'
    : /\bput\b/i.test(clause)
      ? 'PUT'
      : /\bdelete\b/i.test(clause)
        ? 'DELETE'
        : 'GET';
  const hasBody = method === 'POST' || method === 'PUT';
  return { type: 'http.request', params: { url, method, ...(hasBody ? { body: withSamples(clause) } : {}) } };
}

function toChat(clause: string): ScenarioAction | undefined {
  if (!SLACK.test(clause) || !/\b(?:post|send|write|message|notify|tell|share)\b/i.test(clause)) return undefined;
  const channel = /#([a-z][\w-]{1,40})/i.exec(clause)?.[1] ?? 'general';
  return { type: 'slack.post', params: { channel: `#${channel}`, text: withSamples(clause) } };
}

/** Mail with a known recipient: an address, or a group of people that is inside or outside. */
function toMail(clause: string): ScenarioAction | undefined {
  if (!SEND.test(clause)) return undefined;
  const address = findWord(clause, EMAIL_WORD);
  const count = findCount(clause, MAIL);
  const isMail = MAIL.test(clause) || address !== undefined;
  if (!isMail) return undefined;
  const to =
    address ??
    (OWN_PEOPLE.test(clause) ? OWN_PERSON : AUDIENCE.test(clause) || count !== undefined ? OUTSIDER : undefined);
  if (to === undefined) return undefined;
  const params = { to: [to], subject: 'Scenario', text: withSamples(clause) };
  if (count === undefined || count < 2) return { type: 'email.send', params };
  const before = count - 1;
  const counts = {
    calls1h: before,
    calls1d: before,
    kind1h: before,
    kind1d: before,
    type1h: before,
    type1d: before,
    writes1h: before,
    ...(to === OWN_PERSON ? {} : { messages1h: before, messages1d: before }),
  };
  return { type: 'email.send', params, facts: { recordCount: count }, counts };
}

function toBucket(clause: string): ScenarioAction | undefined {
  const found = BUCKET.exec(clause);
  if (found === null) return undefined;
  return { type: 'storage.delete', params: { connection: 'storage', bucket: found[1] ?? 'bucket', key: '*' } };
}

function toModel(clause: string): ScenarioAction | undefined {
  if (!MODEL.test(clause)) return undefined;
  return { type: 'model.generate', params: { prompt: withSamples(clause) } };
}
