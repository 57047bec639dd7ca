import { afterAll, describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../kernel/json.ts';
import type { Effect } from '../../../kernel/policy/model.ts';
import { PolicyDesk, type DeskQuestion } from '../../../../test/support/policy-desk.ts';
import { askUntilComplete } from '../../../../test/support/score-policies.ts';
import { compilePolicy } from '../policy-version.ts';
import { draftPolicy } from './draft-policy.ts';

type Case = Omit<DeskQuestion, 'policies'>;

const act = (type: string, params: JsonObject, more: Partial<Case> = {}): Case => ({
  action: { type, params },
  ...more,
});
const read = (path: string, text?: string): Case =>
  act('file.read', { path }, text === undefined ? {} : { output: { text, size: text.length } });
const write = (path: string, content = 'x'): Case => act('file.write', { path, content });
const remove = (path: string): Case => act('file.delete', { path });
const query = (sql: string, more: Partial<Case> = {}): Case => act('sql.query', { connection: 'orders-db', sql }, more);
const execute = (sql: string, more: Partial<Case> = {}): Case =>
  act('sql.execute', { connection: 'orders-db', sql }, more);
const mail = (to: string, text = 'Hello', more: JsonObject = {}): Case =>
  act('email.send', { to: [to], subject: 'Report', text, ...more });
const post = (channel: string, text = 'Hello'): Case => act('slack.post', { channel, text });
const call = (url: string, method = 'GET', json?: JsonObject): Case =>
  act('http.request', { url, method, ...(json === undefined ? {} : { json }) });
const pay = (amount: number, path = 'payments'): Case =>
  call(`https://api.bank.example/v1/${path}`, 'POST', { amount, currency: 'USD' });
const tool = (server: string, name: string): Case => act('mcp.call', { server, tool: name, arguments: {} });
const ask = (model: string, more: JsonObject = {}): Case => act('model.generate', { model, prompt: 'Hi', ...more });
const run = (source: string): Case => act('code.run', { source });
const put = (bucket: string, key = 'a.txt'): Case =>
  act('storage.put', { connection: 's3', bucket, key, content: 'x' });
const at = (time: string, one: Case): Case => ({ ...one, at: new Date(`2026-01-${time}:00Z`) });
const after = (rate: NonNullable<NonNullable<Case['state']>['rate']>, one: Case): Case => ({ ...one, state: { rate } });
const live = (one: Case): Case => ({ ...one, environment: 'production' });
const given = (facts: JsonObject, one: Case): Case => ({ ...one, facts });

const CARD = '4111 1111 1111 1111';
const OUT = 'ada@example.com';
const OWN = 'bob@ourcompany.example';
const [FRIDAY_NOON, SATURDAY, NIGHT] = ['30T12:00', '31T12:00', '28T23:30'];
const KEY = `${'gh'}${'p_'}${'16C7e42F292c6912E7710c838347Ae178B4a'}`;

type Row = readonly [sentence: string, effect: Effect, hit: Case, miss: Case];
const ROWS: readonly Row[] = [
  [
    'Block access to customer credit card data',
    'deny',
    query('SELECT card_number FROM customers'),
    query('SELECT name FROM customers'),
  ],
  [
    'Block access to customer credit card data',
    'deny',
    read('customers.txt', `Ada: ${CARD}`),
    read('customers.txt', 'Ada lives in Bern'),
  ],
  ['Never delete files', 'deny', remove('a.csv'), write('a.csv')],
  ['Never let the agent send anything to rival.example', 'deny', mail('eve@rival.example'), mail(OUT)],
  [
    'Never let the agent send anything to rival.example',
    'deny',
    call('https://api.rival.example/v1', 'POST', { a: 1 }),
    call('https://api.bank.example/v1', 'POST', { a: 1 }),
  ],
  ['Never contact rival.example', 'deny', mail('eve@mail.rival.example'), mail(OUT)],
  ['Only send data to partner.example', 'deny', mail(OUT), mail('ann@partner.example')],
  ['Only send data to partner.example', 'deny', post('#general'), call('https://partner.example/in', 'POST', { a: 1 })],
  ['Ask the sales director before deleting files', 'require_approval', remove('a.csv'), write('a.csv')],
  ['Require approval before sending e-mail to people outside the company', 'require_approval', mail(OUT), mail(OWN)],
  [
    'Mask phone numbers in query results',
    'transform',
    query('SELECT phone FROM customers', {
      output: { rows: [{ phone: '+41 44 668 18 00' }], rowCount: 1, truncated: false },
    }),
    query('SELECT city FROM customers', { output: { rows: [{ city: 'Bern' }], rowCount: 1, truncated: false } }),
  ],
  [
    'Redact social security numbers in every outgoing mail',
    'transform',
    mail(OUT, 'His SSN is 536-22-8726'),
    mail(OUT, 'All good'),
  ],
  [
    'Limit API calls to 60 per minute',
    'deny',
    after({ kind1m: 60, http1m: 60 }, call('https://api.example.com/a')),
    after({ kind1m: 59, http1m: 59 }, call('https://api.example.com/a')),
  ],
  [
    'Allow at most 5 emails per hour',
    'deny',
    after({ type1h: 5, kind1h: 5 }, mail(OUT)),
    after({ type1h: 4, kind1h: 4 }, mail(OUT)),
  ],
  [
    'No more than 3 mails to the same recipient per day',
    'deny',
    after({ recipient1d: 3 }, mail(OUT)),
    after({ recipient1d: 2 }, mail(OUT)),
  ],
  [
    'Only allow reading from the database',
    'deny',
    execute('DELETE FROM orders WHERE id = 1'),
    query('SELECT id FROM orders'),
  ],
  ['Agents may only read files under reports/', 'deny', read('hr/a.csv'), read('reports/a.csv')],
  ['Agents may only read files under reports/', 'deny', write('reports/a.csv'), read('reports/b.csv')],
  [
    "Don't allow DROP TABLE or TRUNCATE",
    'deny',
    execute('TRUNCATE orders'),
    execute('DELETE FROM orders WHERE id = 1'),
  ],
  ['Require approval for payments above $500', 'require_approval', pay(501), pay(499)],
  [
    'Ask two people from finance to approve refunds above 1000 USD',
    'require_approval',
    pay(1500, 'refunds'),
    pay(900, 'refunds'),
  ],
  ['Block writing files larger than 2 KB', 'deny', write('a.txt', 'x'.repeat(3_000)), write('a.txt')],
  [
    'No requests to hosts other than api.example.com',
    'deny',
    call('https://example.org/'),
    call('https://api.example.com/x'),
  ],
  ['Only allow HTTPS', 'deny', call('http://example.com/'), call('https://example.com/')],
  [
    'Block deployments on weekends or after 6pm',
    'deny',
    at(SATURDAY, tool('ci', 'deploy_service')),
    at(FRIDAY_NOON, tool('ci', 'deploy_service')),
  ],
  ['No e-mails outside business hours', 'deny', at(NIGHT, mail(OUT)), at(FRIDAY_NOON, mail(OUT))],
  [
    'Stop when daily spending exceeds $10',
    'deny',
    { ...ask('gpt-4o'), state: { budget: { spentTodayMicros: 10_000_000 } } },
    ask('gpt-4o'),
  ],
  ['Only use claude-haiku models', 'deny', ask('gpt-4o'), ask('claude-haiku-4-5')],
  ['No access to .env files or SSH keys', 'deny', read('.env'), read('notes.txt')],
  ['Block commands that use sudo', 'deny', run('import os\nos.system("sudo ls /root")'), run('print(1)')],
  [
    'Deny updates without a WHERE clause',
    'deny',
    execute('UPDATE users SET active = false'),
    execute('UPDATE users SET active = false WHERE id = 3'),
  ],
  [
    'Require approval the first time the agent contacts a new host',
    'require_approval',
    { ...call('https://new.example.org/'), state: { first: { target: true } } },
    call('https://new.example.org/'),
  ],
  ['Never post to #general', 'deny', post('#general'), post('#ops')],
  [
    'Block more than 5 concurrent actions',
    'deny',
    after({ running: 5 }, read('a.txt')),
    after({ running: 4 }, read('a.txt')),
  ],
  [
    'After 3 failures in 10 minutes, require approval',
    'require_approval',
    after({ failures10m: 3 }, read('a.txt')),
    after({ failures10m: 2 }, read('a.txt')),
  ],
  [
    'Block emails with attachments',
    'deny',
    mail(OUT, 'x', { attachments: [{ filename: 'a.pdf', content: 'eA==' }] }),
    mail(OUT),
  ],
  [
    'Require a ticket for changes in production',
    'deny',
    live(execute('UPDATE users SET a = 1 WHERE id = 1')),
    given({ ticket: 'OPS-1' }, live(execute('UPDATE users SET a = 1 WHERE id = 1'))),
  ],
  [
    'Health data may only be processed with a purpose',
    'deny',
    query('SELECT diagnosis FROM patients'),
    given({ purpose: 'care' }, query('SELECT diagnosis FROM patients')),
  ],
  [
    'Deny deleting more than 100 records',
    'deny',
    given({ recordCount: 500 }, execute('DELETE FROM logs WHERE day < 3')),
    given({ recordCount: 50 }, execute('DELETE FROM logs WHERE day < 3')),
  ],
  ['Emails may only go to ourcompany.example addresses', 'deny', mail(OUT), mail(OWN)],
  ['Slack messages only in #alerts and #ops', 'deny', post('#general'), post('#ops')],
  ['Block SELECT *', 'deny', query('SELECT * FROM orders'), query('SELECT id FROM orders')],
  ['Queries must have a LIMIT', 'deny', query('SELECT id FROM orders'), query('SELECT id FROM orders LIMIT 10')],
  [
    'Personal data must not leave the company',
    'deny',
    mail(OUT, 'The phone of Bo is +41 44 668 18 00'),
    mail(OWN, 'The phone of Bo is +41 44 668 18 00'),
  ],
  ['Irreversible actions need approval', 'require_approval', mail(OUT), read('a.txt')],
  ['Emails are not allowed on weekends', 'deny', at(SATURDAY, mail(OWN)), at(FRIDAY_NOON, mail(OWN))],
  ['File writes are forbidden outside of out/', 'deny', write('in/a.txt'), write('out/a.txt')],
  [
    'Credit card numbers must be masked in outputs',
    'transform',
    read('a.txt', `Card ${CARD}`),
    read('a.txt', 'No card'),
  ],
  [
    'The production database is read-only',
    'deny',
    live(execute('DELETE FROM a WHERE id = 1')),
    live(query('SELECT id FROM a')),
  ],
  [
    'Block deleting or moving files under archive/ except .tmp files',
    'deny',
    remove('archive/a.csv'),
    remove('archive/a.tmp'),
  ],
  ['Block DROP TABLE and DELETE without WHERE', 'deny', execute('DROP TABLE a'), execute('DELETE FROM a WHERE id = 2')],
  ['Block DROP TABLE and DELETE without WHERE', 'deny', execute('DELETE FROM a'), query('SELECT 1')],
  [
    'Allow refunds up to $50, and ask for approval above that',
    'require_approval',
    pay(51, 'refunds'),
    pay(49, 'refunds'),
  ],
  [
    'Deny all tool calls to the github server except the tool list_issues',
    'deny',
    tool('github', 'delete_repo'),
    tool('github', 'list_issues'),
  ],
  [
    'Require consent before processing biometric data',
    'deny',
    query('SELECT fingerprint FROM people'),
    given({ consent: 'verified' }, query('SELECT fingerprint FROM people')),
  ],
  [
    'Do not spend more than $20 per day',
    'deny',
    { ...ask('gpt-4o'), state: { budget: { spentTodayMicros: 20_000_000 } } },
    ask('gpt-4o'),
  ],
  [
    'Use at most 100,000 tokens per day',
    'deny',
    { ...ask('gpt-4o'), state: { budget: { tokensToday: 100_000 } } },
    ask('gpt-4o'),
  ],
  [
    'Block access to the payroll and bonuses tables',
    'deny',
    query('SELECT a FROM bonuses'),
    query('SELECT a FROM orders'),
  ],
  [
    'Delete nothing in production without a confirmed backup',
    'deny',
    live(execute('DELETE FROM a WHERE id = 1')),
    given({ backupConfirmed: true }, live(execute('DELETE FROM a WHERE id = 1'))),
  ],
  ['Writes to the backups bucket need approval', 'require_approval', put('backups'), put('reports')],
  ['Block the falcon files', 'deny', read('falcon/plan.md'), read('eagle/plan.md')],
  ['No personal data in Slack messages', 'deny', post('#ops', 'Call ada@example.com'), post('#ops', 'Done')],
  ['Only GET requests are allowed', 'deny', call('https://example.com', 'POST', {}), call('https://example.com')],
  ['Block e-mails with card numbers to external recipients', 'deny', mail(OUT, CARD), mail(OWN, CARD)],
  [
    'Agents must never store passwords or API keys in files',
    'deny',
    write('a.txt', `token: ${KEY}`),
    write('a.txt', 'hello'),
  ],
  [
    'Prohibit any use of curl or wget',
    'deny',
    run('import os\nos.system("curl https://example.com")'),
    run('print(1)'),
  ],
  ['Payments over 1000 dollars need approval by two people', 'require_approval', pay(2_000), pay(20)],
  ['Payments may only be made on weekdays', 'deny', at(SATURDAY, pay(5)), at(FRIDAY_NOON, pay(5))],
  ['Forbid reading anything in the hr folder', 'deny', read('hr/a.txt'), read('it/a.txt')],
];

const MORE: readonly Row[] = [
  ['Block requests to private networks', 'deny', call('http://10.0.0.8/admin'), call('https://example.com/')],
  ['Never call example.org or its subdomains', 'deny', call('https://a.example.org/'), call('https://example.com/')],
  ['Refuse emails whose subject contains "invoice"', 'deny', mail(OUT, 'x', { subject: 'Your Invoice 3' }), mail(OUT)],
  [
    'Emails to more than 10 recipients require approval',
    'require_approval',
    act('email.send', { to: Array.from({ length: 11 }, (_, i) => `a${i}@example.com`), subject: 'x', text: 'x' }),
    mail(OUT),
  ],
  ['Reads only', 'deny', write('a.txt'), read('a.txt')],
  ['Nothing may be deleted at night', 'deny', at(NIGHT, remove('a.txt')), at(FRIDAY_NOON, remove('a.txt'))],
  ['Every payment has to be approved by a manager', 'require_approval', pay(1), call('https://example.com/')],
  ['Only write files in the out folder', 'deny', write('in/a.txt'), write('out/a.txt')],
  ['If an email contains a national id, deny it', 'deny', mail(OWN, 'SSN 536-22-8726'), mail(OWN)],
  ['Do not let agents read spreadsheets', 'deny', read('a.xlsx'), read('a.txt')],
  [
    'Block all queries against the salaries table unless a ticket is given',
    'deny',
    query('SELECT a FROM salaries'),
    given({ ticket: 'HR-1' }, query('SELECT a FROM salaries')),
  ],
  [
    'Schema changes need sign-off',
    'require_approval',
    execute('ALTER TABLE a ADD COLUMN b int'),
    query('SELECT a FROM b'),
  ],
  [
    'Deny more than 20 identical requests per minute',
    'deny',
    after({ identical1m: 20 }, call('https://example.com/')),
    after({ identical1m: 19 }, call('https://example.com/')),
  ],
  ['A human must approve every action in production', 'require_approval', live(read('a.txt')), read('a.txt')],
  [
    'Hide e-mail addresses in results',
    'transform',
    read('a.txt', 'Write to ada@example.com'),
    read('a.txt', 'Nothing here'),
  ],
  [
    'Block prompts that contain bank account numbers',
    'deny',
    ask('gpt-4o', { prompt: 'IBAN DE89370400440532013000' }),
    ask('gpt-4o'),
  ],
  ['Uploads to the public bucket are prohibited', 'deny', put('public'), put('private')],
  ['Stop any transfer of more than 10,000 EUR', 'deny', pay(10_001, 'transfers'), pay(9_000, 'transfers')],
  [
    'Delete at most 10 files per hour',
    'deny',
    after({ type1h: 10, kind1h: 10, deletes1h: 10 }, remove('a.txt')),
    after({ type1h: 9, kind1h: 9, deletes1h: 9 }, remove('a.txt')),
  ],
  ['Deny calls that cost more than $2', 'deny', given({ cost: 3 }, ask('gpt-4o')), given({ cost: 1 }, ask('gpt-4o'))],
  [
    'Block code that uses the network',
    'deny',
    run('import urllib.request\nurllib.request.urlopen("https://example.com")'),
    run('print(2)'),
  ],
  ['No DELETE requests', 'deny', call('https://example.com/a', 'DELETE'), call('https://example.com/a')],
  [
    'Limit the spending to 50 dollars a month',
    'deny',
    { ...ask('gpt-4o'), state: { budget: { spentMonthMicros: 50_000_000 } } },
    ask('gpt-4o'),
  ],
  ['Emails must not contain secrets', 'deny', mail(OWN, `use ${KEY}`), mail(OWN)],
  [
    'Keep health records inside the company',
    'deny',
    call('https://example.com/x', 'POST', { diagnosis: 'influenza', patient: 'x' }),
    call('https://example.com/x', 'POST', { colour: 'red' }),
  ],
  ['Keep out of the finance folder', 'deny', read('finance/a.txt'), read('it/a.txt')],
  ['Ask me before you send any email', 'require_approval', mail(OWN), post('#ops')],
  [
    'Require a purpose when personal data is read',
    'deny',
    query('SELECT email FROM users'),
    given({ purpose: 'support' }, query('SELECT email FROM users')),
  ],
  ['Block moving files', 'deny', act('file.move', { from: 'a.txt', to: 'b.txt' }), read('a.txt')],
  ['Only people at ourcompany.example may receive e-mails', 'deny', mail(OUT), mail(OWN)],
  ['Only people at ourcompany.example may receive messages', 'deny', post('#ops'), mail(OWN)],
];

describe('what a sentence decides', () => {
  const desk = new PolicyDesk();
  afterAll(() => desk.close());

  test.each([...ROWS, ...MORE])('%s', async (sentence, effect, hit, miss) => {
    const draft = draftPolicy(sentence);
    if (draft.kind === 'nothing') throw new Error(`nothing understood: ${JSON.stringify(draft)}`);
    const policy = compilePolicy(
      { id: 'custom', name: draft.name, description: sentence, category: 'custom', rules: draft.rules },
      '0'.repeat(64),
    );
    const [yes, no] = await Promise.all(
      [hit, miss].map((one) => askUntilComplete(desk, { policies: [policy], ...one })),
    );
    expect([draft.rendered.join(' '), yes?.decision.effect, no?.decision.effect]).toEqual([
      expect.any(String),
      effect,
      'allow',
    ]);
  });
});
