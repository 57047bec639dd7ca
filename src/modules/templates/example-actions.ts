import type { FactChoice } from '../policies/index.ts';
import type { ExampleAction } from './example-pool.ts';

/** A field of each class with a value of it, both made up. */
const SAMPLES: Readonly<Record<string, readonly [field: string, value: string]>> = {
  email: ['email', 'ada@example.com'],
  phone: ['phone', '+1 202 555 0143'],
  name: ['full_name', 'Ada Example'],
  address: ['street_address', '12 Example Street, 12345 Town'],
  birth_date: ['date_of_birth', '1990-04-12'],
  national_id: ['ssn', '536-90-4399'],
  passport: ['passport_number', 'C01X00T47'],
  payment_card: ['card_number', '4111 1111 1111 1111'],
  card_code: ['cvv', '123'],
  bank_account: ['iban', 'DE89 3704 0044 0532 0130 00'],
  ip_address: ['ip_address', '203.0.113.7'],
  health: ['diagnosis', 'asthma'],
  biometric: ['fingerprint', 'a1b2c3d4'],
  genetic: ['dna_sequence', 'ACGTACGT'],
  special_category: ['religion', 'none'],
  child: ['child_name', 'Bo Example'],
  location: ['gps_location', '46.9480, 7.4474'],
  credential: ['password', `s3cret${'-example-9'}`],
};
const MAX_RECIPIENTS = 60;
const PLAIN = /^[\w./@+-]{1,100}$/;

function textsOf(choice: FactChoice, ...names: string[]): string[] {
  const values = names.flatMap((name) => choice[name] ?? []);
  return values.filter((each) => typeof each === 'string').filter((each) => PLAIN.test(each));
}

function toFiles(choice: FactChoice): ExampleAction[] {
  const named = textsOf(choice, 'file.path', 'file.paths', 'file.relativePaths');
  const paths = [...named, ...textsOf(choice, 'file.extensions').map((extension) => `reports/january.${extension}`)];
  return paths.slice(0, 3).flatMap((path) => [
    { type: 'file.read', params: { path } },
    { type: 'file.write', params: { path, content: 'The report is ready.' } },
    { type: 'file.delete', params: { path } },
  ]);
}

function toStatements(choice: FactChoice): ExampleAction[] {
  const [tables, columns] = [textsOf(choice, 'sql.tables', 'sql.qualifiedTables'), textsOf(choice, 'sql.columns')];
  const names = textsOf(choice, 'connection.name');
  if (tables.length + columns.length + names.length === 0) return [];
  const [table = 'orders', column = 'id', connection = 'orders-db'] = [tables[0], columns[0], names[0]];
  return [
    { type: 'sql.query', params: { connection, sql: `SELECT ${column} FROM ${table}` } },
    { type: 'sql.execute', params: { connection, sql: `UPDATE ${table} SET ${column} = 1 WHERE id = 42` } },
    { type: 'sql.execute', params: { connection, sql: `DELETE FROM ${table} WHERE id = 42` } },
  ];
}

function toRequests(choice: FactChoice): ExampleAction[] {
  const hosts = textsOf(choice, 'url.host', 'url.site', 'target.name');
  const [path = '/data'] = textsOf(choice, 'url.path').filter((text) => text.startsWith('/'));
  const [method = 'GET'] = textsOf(choice, 'url.method');
  const scheme = choice['url.scheme'] === 'http' ? 'http' : 'https';
  if (hosts.length === 0 && method === 'GET' && path === '/data') return [];
  return [{ type: 'http.request', params: { url: `${scheme}://${hosts[0] ?? 'api.example.com'}${path}`, method } }];
}

function toMessages(choice: FactChoice): ExampleAction[] {
  const addresses = [
    ...textsOf(choice, 'recipients.addresses').filter((address) => address.includes('@')),
    ...textsOf(choice, 'recipients.externalDomains').map((domain) => `ada@${domain}`),
  ];
  const counts = ['recipients.count', 'recipients.externalCount'].map((name) => Number(choice[name] ?? 0));
  const count = Math.min(Math.max(...counts), MAX_RECIPIENTS);
  const many = Array.from({ length: count }, (_, index) => `person${index + 1}@example.com`);
  const lists = [addresses, many].filter((to) => to.length > 0);
  const channels = textsOf(choice, 'message.channel');
  return [
    ...lists.map((to) => ({ type: 'email.send', params: { to, subject: 'Your order', text: 'It is on its way.' } })),
    ...channels.map((channel) => ({ type: 'slack.post', params: { channel: `#${channel}`, text: 'It is ready.' } })),
  ];
}

function toContents(choice: FactChoice): ExampleAction[] {
  const classes = textsOf(choice, 'data.classes', 'data.contentClasses', 'data.fieldClasses', 'data.suspectedClasses');
  return [...new Set(classes)].slice(0, 2).flatMap((name) => {
    const [field, value] = SAMPLES[name] ?? ['note', name];
    const line = `${field}: ${value}`;
    return [
      { type: 'email.send', params: { to: ['partner@example.org'], subject: 'Customer', text: line } },
      { type: 'file.write', params: { path: 'customers.json', content: JSON.stringify({ [field]: value }) } },
      {
        type: 'sql.query',
        params: { connection: 'orders-db', sql: `SELECT ${field} FROM customers` },
        output: { rows: [{ [field]: value }], rowCount: 1 },
      },
    ];
  });
}

function toServices(choice: FactChoice): ExampleAction[] {
  const [server] = textsOf(choice, 'tool.server');
  const [tool] = textsOf(choice, 'tool.name');
  const [bucket] = textsOf(choice, 'storage.bucket');
  const [model] = textsOf(choice, 'model.name');
  const minor = Number(choice['payment.amountMinor'] ?? 0);
  const tokens = Number(choice['model.maxTokens'] ?? choice['cost.tokens'] ?? 0);
  const actions: (ExampleAction | false)[] = [
    (server !== undefined || tool !== undefined) && {
      type: 'mcp.call',
      params: { server: server ?? 'github', tool: tool ?? 'create_issue', arguments: {} },
    },
    bucket !== undefined && {
      type: 'storage.put',
      params: { connection: 'backups', bucket, key: 'a.csv', content: 'a' },
    },
    (model !== undefined || tokens > 0) && {
      type: 'model.generate',
      params: {
        prompt: 'Summarise it.',
        ...(model === undefined ? {} : { model }),
        ...(tokens > 0 ? { maxTokens: tokens } : {}),
      },
    },
    minor > 0 && {
      type: 'mcp.call',
      params: { server: 'bank', tool: 'create_payment', arguments: { amount: minor / 100, currency: 'USD' } },
    },
  ];
  return actions.filter((each) => each !== false);
}

/** Actions that may have these facts: made of the names and values that the facts hold. */
export function toActions(choice: FactChoice): ExampleAction[] {
  return [toFiles, toStatements, toRequests, toMessages, toContents, toServices].flatMap((make) => make(choice));
}
