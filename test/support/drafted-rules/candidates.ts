import type { JsonObject } from '../../../src/kernel/json.ts';
import { DATA_CLASSES, type DataClass } from '../../../src/kernel/policy/data-classes.ts';
import type { StateFacts } from '../../../src/kernel/policy/facts.ts';
import {
  ask,
  code,
  COMMON,
  file,
  http,
  mail,
  OUTSIDE,
  pay,
  SAMPLES,
  SECRET,
  sql,
  storage,
  tool,
} from './sample-actions.ts';

/** An action with what surrounds it, on which a policy can be tried. */
export interface Candidate {
  readonly action: { readonly type: string; readonly params: JsonObject; readonly facts?: JsonObject };
  readonly environment?: 'production' | 'development' | 'staging' | 'test';
  readonly at?: Date;
  readonly trigger?: string;
  /** Name of the agent that acts. */
  readonly agent?: string;
  /** What comes out of it, where that is judged as well. */
  readonly output?: JsonObject;
  readonly state?: { readonly [Group in keyof StateFacts]?: Partial<StateFacts[Group]> };
}

type Action = Candidate['action'];
/** An action, and what comes out of it. */
export type Tried = Pick<Candidate, 'action' | 'output'>;

function textsOf(condition: string, attribute: string): string[] {
  if (!condition.includes(attribute)) return [];
  return [...condition.matchAll(/"((?:[^"\\]|\\.){1,200})"/g)].map(([, text = '']) => text);
}

export function numbersOf(condition: string, attribute: string): number[] {
  return condition
    .split(attribute)
    .slice(1)
    .flatMap((rest) => /^ ?(?:[<>]=?|==) (\d{1,15})/.exec(rest)?.[1] ?? [])
    .map(Number);
}

function around(numbers: readonly number[]): number[] {
  return numbers.flatMap((count) => [
    count + 1,
    count * 2 + 1,
    count * 5 + 1,
    count,
    Math.max(count - 1, 0),
    Math.floor(count / 2),
  ]);
}

function ofData(condition: string): Action[] {
  const named = DATA_CLASSES.filter((name) => condition.includes(`"${name}"`));
  const isAny = /data\.(?:personal|level|contact|restricted|contentClasses)/.test(condition);
  const classes = named.length > 0 ? named : isAny ? (['email', 'payment_card', 'health'] as const) : [];
  const secret = condition.includes('secrets.') ? [SECRET] : [];
  const texts = [...classes.flatMap((name) => SAMPLES[name]?.text ?? []), ...secret];
  return [
    ...classes.flatMap((name) =>
      SAMPLES[name] === undefined ? [] : [sql(`SELECT ${SAMPLES[name].field} FROM customers`)],
    ),
    ...texts.flatMap((text) => [
      mail([OUTSIDE], `Please note ${text}`),
      file('write', 'customers.txt', text),
      { type: 'slack.post', params: { channel: '#ops', text } },
      http('https://api.example.com/customers', 'POST', { note: text }),
      ask({ prompt: `Summarise: ${text}` }),
      tool('tracker', 'create_issue', { text }),
      {
        ...storage('put', 'exports', 'a.txt'),
        params: { ...storage('put', 'exports', 'a.txt').params, content: text },
      },
    ]),
    ...classes.flatMap((name) => {
      const sample = SAMPLES[name];
      return sample === undefined
        ? []
        : [http('https://api.example.com/customers', 'POST', { [sample.field]: sample.text })];
    }),
  ];
}

function ofPlaces(condition: string): Action[] {
  const paths = textsOf(condition, 'file.').filter((text) => !/^(?:file|action)\./.test(text));
  const names = paths.flatMap((text) => {
    const plain = text.replace(/^\/(?=[^/]+\/?$)/, '').replace(/\/$/, '');
    return text.includes('/') || !condition.includes('extensions') ? [`${plain}/a.csv`, plain] : [`a.${plain}`];
  });
  return [
    ...[...new Set(names)]
      .slice(0, 12)
      .flatMap((path) => [
        file('read', path),
        file('write', path),
        file('delete', path),
        { type: 'file.move', params: { from: path, to: 'elsewhere/a.csv' } },
      ]),
    ...textsOf(condition, 'sql.').flatMap((name) =>
      /^[a-z_][a-z0-9_]*$/i.test(name)
        ? [
            sql(`SELECT id FROM ${name} LIMIT 5`),
            sql(`SELECT ${name} FROM items LIMIT 5`),
            sql(`DELETE FROM ${name} WHERE id = 1`),
            sql(`UPDATE ${name} SET state = 1 WHERE id = 1`),
          ]
        : [],
    ),
    ...textsOf(condition, 'storage.').flatMap((name) => [
      storage('put', name, 'a.txt'),
      storage('get', name, 'a.txt'),
      storage('delete', 'exports', `${name}a.txt`),
    ]),
  ];
}

function ofOutside(condition: string): Action[] {
  const mails = textsOf(condition, 'recipients.addresses').map((text) => (text.startsWith('@') ? `ada${text}` : text));
  return [
    ...mails.filter((text) => /^[^@]+@[^@]+$/.test(text)).map((to) => mail([to], 'Hello')),
    ...textsOf(condition, 'message.subject').map((text) =>
      mail([OUTSIDE], 'Hello', { subject: text.replace('(?i)', '').replaceAll('\\', '') }),
    ),
    ...textsOf(condition, 'message.channel').map((channel) => ({
      type: 'slack.post',
      params: { channel: `#${channel}`, text: 'Done' },
    })),
    ...textsOf(condition, 'url.host')
      .filter((host) => /^[a-z0-9.-]+$/.test(host))
      .flatMap((host) => [
        http(`https://${host.replace(/^\./, 'api.')}/items`),
        http(`https://${host.replace(/^\./, 'api.')}/items`, 'POST', { state: 2 }),
      ]),
    ...textsOf(condition, 'tool.').flatMap((name) => [tool(name, 'list_items'), tool('tracker', name)]),
    ...textsOf(condition, 'model.name').map((model) => ask({ model: model.replace(/-$/, '') })),
    ...textsOf(condition, 'shell.').flatMap((command) => [
      code(`${command} --version`),
      { type: 'code.run', params: { source: 'console.log(1)', language: 'javascript' } },
    ]),
  ];
}

function ofNumbers(condition: string): Action[] {
  const of = (attribute: string) => around(numbersOf(condition, attribute));
  return [
    ...of('payment.amountMinor').flatMap((minor) => [pay(minor), pay(minor, 'refunds')]),
    ...of('file.bytes')
      .filter((bytes) => bytes <= 50_000_000)
      .flatMap((bytes) => [file('write', 'big.txt', 'x'.repeat(bytes))]),
    ...of('records.count').flatMap((recordCount) => [
      { ...sql('DELETE FROM items WHERE state = 2'), facts: { recordCount } },
      { ...sql('SELECT id FROM items'), facts: { recordCount } },
      { ...file('write', 'all.csv'), facts: { recordCount } },
    ]),
    ...of('recipients.count')
      .filter((count) => count < 200)
      .map((count) =>
        mail(
          Array.from({ length: count }, (_, index) => `person${index}@example.com`),
          'Hello',
        ),
      ),
    ...of('message.attachments')
      .filter((count) => count < 50)
      .map((count) =>
        mail([OUTSIDE], 'Hello', {
          attachments: Array.from({ length: count }, () => ({ filename: 'a.csv', content: 'YQ==' })),
        }),
      ),
    ...[...of('model.maxTokens'), ...of('cost.tokens')].map((maxTokens) => ask({ maxTokens: Math.max(maxTokens, 1) })),
    ...of('sql.limit').map((limit) => sql(`SELECT id FROM items LIMIT ${limit}`)),
    ...of('sql.statements').map((count) =>
      sql(Array.from({ length: Math.min(count, 20) }, (_, index) => `SELECT ${index}`).join('; ')),
    ),
    ...of('cost.micros').map((micros) => ({ ...ask(), facts: { cost: micros / 1_000_000 } })),
  ];
}

/** What is read only when the action has run. */
function toReads(condition: string): Tried[] {
  const named = DATA_CLASSES.filter((name) => condition.includes(`"${name}"`) && name !== 'credential');
  const isAny = /data\.(?:personal|level|contact|restricted|contentClasses)/.test(condition);
  const classes: readonly DataClass[] = named.length > 0 ? named : isAny ? ['email', 'payment_card'] : [];
  const samples = classes.flatMap((name) => SAMPLES[name] ?? []);
  const secret = condition.includes('secrets.') ? [{ field: 'note', text: SECRET }] : [];
  return [...samples, ...secret].flatMap(({ field, text }) => [
    { action: file('read', 'customers.txt'), output: { text, size: text.length } },
    {
      action: sql(`SELECT ${field} FROM customers LIMIT 1`),
      output: { rows: [{ [field]: text }], rowCount: 1, truncated: false },
    },
  ]);
}

/** Facts that only actions of a family have. */
const OF_FAMILY: Readonly<Record<string, readonly string[]>> = {
  file: ['file.'],
  sql: ['sql.', 'connection.', 'records.'],
  email: ['recipients.', 'message.'],
  slack: ['message.channel', 'action.operation == "send"'],
  http: ['url.', 'payment.'],
  storage: ['storage.'],
  model: ['model.', 'tokens', 'cost.', '"model"'],
  code: ['shell.'],
  mcp: ['tool.'],
};

function isAbout(condition: string, type: string): boolean {
  const kind = type.slice(0, type.indexOf('.'));
  const hints = [`"${type}"`, `action.kind == "${kind}"`, ...(OF_FAMILY[kind] ?? [])];
  return hints.some((hint) => condition.includes(hint));
}

/** Actions on which a condition is worth trying, those that its own words suggest first. */
export function toActions(condition: string): Tried[] {
  const suggested = [...ofData(condition), ...ofPlaces(condition), ...ofOutside(condition), ...ofNumbers(condition)];
  const tried = [...toReads(condition), ...[...suggested, ...COMMON].map((action) => ({ action }))];
  const distinct = [...new Map(tried.map((each) => [JSON.stringify(each), each])).values()];
  const isNear = ({ action }: Tried): boolean => isAbout(condition, action.type);
  return [...distinct.filter(isNear), ...distinct.filter((each) => !isNear(each))];
}
