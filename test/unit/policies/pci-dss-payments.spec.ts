import {
  act,
  bash,
  code,
  execute,
  mail,
  post,
  query,
  request,
  slack,
  tellStories,
  tool,
  write,
} from '../../support/policy-stories.ts';

const CARD = '4111 1111 1111 1111';
const PLAIN = CARD.replaceAll(' ', '');
const NEED = { facts: { purpose: 'billing' } };
const STRIPE = 'https://api.stripe.com/v1/payment_intents';
const S3 = { connections: { s3: { kind: 's3', environment: 'development' } } };
const NOBODY = { principal: { kind: 'unknown', identified: false } } as const;
const GONE = { principal: { kind: 'person', identified: false } } as const;
const TEST = { environment: 'test', ...NEED };
const encoded = (text: string) => Buffer.from(text).toString('base64');
const wide = (text: string) => text.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
const INVISIBLE = PLAIN.split('').join('\u200b');
const colleague = { to: ['ada@ourcompany.example'] };
const row = (given: Record<string, string>) => ({ output: { rows: [given], rowCount: 1, truncated: false } });
const text = (given: string) => ({ output: { text: given, size: given.length } });
const read = (given: string, more = {}) => act('file.read', { path: 'a.txt' }, { ...NEED, ...text(given), ...more });

tellStories('pci-dss-payments', {
  'security-code-stored': {
    match: {
      'a code in a file': write('orders/7.json', JSON.stringify({ order: 7, cvv: '123' }), NEED),
      'a code in a table': execute("INSERT INTO payments (order_id, cvv) VALUES (7, '123')", NEED),
      'a code given to a service that is no payment provider': post('https://crm.example.com/x', { cvc: '123' }, NEED),
    },
    miss: {
      'a code sent to authorise a payment': post(STRIPE, { amount: 500, currency: 'usd', card: { cvc: '123' } }, NEED),
      'an order of 123 pieces': write('orders/7.json', JSON.stringify({ order: 7, pieces: '123' })),
    },
    bypass: {
      'another name in camel case': write('a.json', JSON.stringify({ cardVerificationValue: '123' }), NEED),
      'capitals in a table of values': write('a.csv', 'ORDER,CVV2\n7,123\n8,456\n', NEED),
      'the action for reads': query("INSERT INTO payments (cvv) VALUES ('123')", NEED),
      'a site that looks like a payment provider': post(
        'https://api.stripe.com.pay.example/v1/payment_intents',
        { card: { cvc: '123' } },
        NEED,
      ),
      'another place of the payment provider': post('https://files.stripe.com/v1/notes', { cvc: '123' }, NEED),
      'a tool of another server': tool('notes.create_note', { cvv: '123', order: 7 }, NEED),
      'JSON inside a text': slack(JSON.stringify({ payment: { security: { cvc: '123' } } }), NEED),
    },
  },
  'card-number-stored': {
    match: {
      'a number in a file': write('orders/7.txt', `Card ${CARD}`, NEED),
      'a number in a table': execute(`INSERT INTO notes (text) VALUES ('${PLAIN}')`, NEED),
      'a number in a bucket': act(
        'storage.put',
        { connection: 's3', bucket: 'backups', key: 'a.txt', content: `Card ${CARD}` },
        { ...S3, ...NEED },
      ),
      'a number given to a service': post('https://crm.example.com/people', { note: CARD }, NEED),
    },
    miss: {
      'a token of the provider': write('orders/7.txt', 'Card tok_1abc, ends in 1111', NEED),
      'a number that is none': write('orders/7.txt', 'Parcel 4111 1111 1111 1112', NEED),
      'a search by number': query(`SELECT id FROM payments WHERE ref = '${PLAIN}' LIMIT 1`, NEED),
      'a number given to the payment provider for a token': post(
        'https://api.stripe.com/v1/tokens',
        { card: { number: CARD } },
        NEED,
      ),
    },
    bypass: {
      base64: write('a.txt', encoded(`card ${PLAIN} of Kim`), NEED),
      'digits of full width': write('a.txt', `Card ${wide(CARD)}`, NEED),
      'invisible characters': write('a.txt', `Card ${INVISIBLE}`, NEED),
      'the action for reads': query(`INSERT INTO notes (text) VALUES ('${PLAIN}')`, NEED),
      'a site that looks like a payment provider': post('https://stripe.com.pay.example/', { n: CARD }, NEED),
      'the address of a request': request(`https://crm.example.com/find?q=${PLAIN}`, {}, NEED),
      'a command': bash(`echo '${CARD}' >> cards.txt`, NEED),
      'a question to a model': act('model.generate', { prompt: `Whose card is ${CARD}?` }, NEED),
      'a tool of another server': tool('notes.create_note', { text: CARD.replaceAll(' ', '-') }, NEED),
    },
  },
  'card-number-shown': {
    match: {
      'a number in a row': query('SELECT ref FROM payments LIMIT 1', { ...NEED, ...row({ ref: CARD }), gone: CARD }),
      'a number in a file': read(`Card ${CARD}`, { gone: CARD }),
    },
    miss: {
      'the last four digits': read('Card ending in 1111'),
      'a parcel number': read('Parcel 4111 1111 1111 1112'),
    },
    bypass: {
      dashes: read(`card 4111-1111-1111-1111`, { gone: '4111-1111-1111-1111' }),
      base64: read(encoded(`card ${PLAIN} of Kim`), { gone: encoded(`card ${PLAIN} of Kim`) }),
      'digits of full width': read(`Card ${wide(CARD)}`, { gone: wide(CARD) }),
      'invisible characters': read(`Card ${INVISIBLE}`, { gone: INVISIBLE }),
      'another tool': tool(
        'crm.get_customer',
        { id: 7 },
        { ...NEED, output: { content: `card ${PLAIN}` }, gone: PLAIN },
      ),
    },
  },
  'security-code-shown': {
    match: {
      'a code in a row': query('SELECT * FROM payments LIMIT 1', { ...NEED, ...row({ cvv: '987' }), gone: '987' }),
    },
    miss: { 'a number of pieces': query('SELECT * FROM orders LIMIT 1', { ...NEED, ...row({ pieces: '987' }) }) },
    bypass: {
      'another name': query('SELECT * FROM p LIMIT 1', { ...NEED, ...row({ cardSecurityCode: '987' }), gone: '987' }),
      'JSON inside a text': read(JSON.stringify({ card: { CVC2: '987' } }), { gone: '987' }),
      'a table in a text': read('order,cvv\n7,987\n8,654\n', { gone: '987' }),
    },
  },
  'card-number-messaged': {
    match: {
      'a mail to a customer': mail(`Your card ${CARD} was charged.`, {}, NEED),
      'a message to the own team': slack(`Card ${CARD} was declined`, NEED),
      'a mail to a colleague': mail(`Her card is ${CARD}`, colleague, NEED),
    },
    miss: {
      'the last four digits': mail('Your card ending in 1111 was charged.'),
      'a payment link': slack('Pay at https://pay.example.com/l/7'),
    },
    bypass: {
      'digits of full width': slack(`Card ${wide(CARD)}`, NEED),
      base64: mail(encoded(`card ${PLAIN} of Kim`), {}, NEED),
      'the subject': mail('See above.', { subject: `Card ${CARD}` }, NEED),
      'an attachment': mail(
        'See attached.',
        { attachments: [{ filename: 'a.csv', content: `card\n${PLAIN}\n` }] },
        NEED,
      ),
      'HTML entities': mail('', { html: PLAIN.replace(/\d/g, (digit) => `&#${digit.charCodeAt(0)};`) }, NEED),
      'a tool of another server': tool('teams.send_message', { text: `Card ${CARD}` }, NEED),
      'a security code instead': slack('cvv: 123, valid until 12/29', NEED),
    },
  },
  'card-data-unencrypted': {
    match: {
      'a charge without encryption': post(STRIPE.replace('https', 'http'), { amount: 5, card: { number: CARD } }, NEED),
    },
    miss: { 'the same with encryption': post(STRIPE, { amount: 5, currency: 'usd', card: { number: CARD } }, NEED) },
    bypass: {
      capitals: post('HTTP://api.stripe.com/v1/charges', { card: { number: CARD } }, NEED),
      'a port of https': post('http://api.stripe.com:443/v1/charges', { card: { number: CARD } }, NEED),
      'the address instead of the body': request(`http://api.stripe.com/v1/find?card=${PLAIN}`, {}, NEED),
      'a read by column': request('http://api.example.com/v1/find', { json: { card_number: '' } }, NEED),
    },
  },
  'access-without-need': {
    match: {
      'a query of card columns': query('SELECT card_number FROM payments LIMIT 1'),
      'a charge': post(STRIPE, { amount: 5, currency: 'usd', card: { number: CARD } }),
    },
    miss: {
      'the same with a need': query('SELECT card_number FROM payments LIMIT 1', NEED),
      'other columns': query('SELECT id, state FROM payments LIMIT 1'),
    },
    bypass: {
      'a quoted name in capitals': query('SELECT "CARD_NUMBER" AS x FROM payments LIMIT 1'),
      'a comment between': query('SELECT/**/pan/**/FROM payments LIMIT 1'),
      'all columns': query('SELECT * FROM payments LIMIT 1', row({ ref: PLAIN })),
      'a purpose of blanks': query('SELECT pan FROM payments LIMIT 1', { facts: { purpose: ' \u200b' } }),
      'a tool of another server': tool('postgres.query', { sql: 'SELECT cvv FROM payments LIMIT 1' }),
      'a program': code("cursor.execute('SELECT card_number FROM payments')"),
    },
  },
  'shared-account': {
    match: { 'nobody behind the agent': act('file.read', { path: 'a.txt' }, NOBODY) },
    miss: { 'a member behind it': act('file.read', { path: 'a.txt' }) },
    bypass: {
      'a person who has left': query('SELECT id FROM orders LIMIT 1', GONE),
      'a service that nobody knows': request(
        'https://api.example.com/',
        {},
        {
          principal: { kind: 'service', identified: false },
        },
      ),
      'a declared purpose': query('SELECT id FROM orders LIMIT 1', { ...NOBODY, ...NEED }),
      'a tool of another server': tool('github.get_issue', { id: 7 }, NOBODY),
    },
  },
  'card-data-in-test': {
    match: {
      'a number in a test table': execute(`INSERT INTO notes (text) VALUES ('${PLAIN}')`, {
        ...TEST,
        connections: { db: { kind: 'postgres', environment: 'test' } },
      }),
      'a number in a result of staging': read(`Card ${CARD}`, { environment: 'staging' }),
    },
    miss: {
      'a token in a test': write('a.txt', 'tok_1abc', TEST),
      'a charge outside tests': post(STRIPE, { amount: 5, currency: 'usd', card: { number: CARD } }, NEED),
    },
    bypass: {
      'a deployment that calls itself development': query(`SELECT '${PLAIN}'`, {
        ...NEED,
        connections: { db: { kind: 'postgres', environment: 'staging' } },
      }),
      'digits of full width': act('data.transform', { input: [wide(PLAIN)], expression: '$' }, TEST),
      base64: act('data.transform', { input: [encoded(`card ${PLAIN} of Kim`)], expression: '$' }, TEST),
      'a payment provider': post(STRIPE, { amount: 5, currency: 'usd', card: { number: CARD } }, TEST),
    },
  },
  'card-environment-change': {
    match: {
      'a column for card numbers': execute('ALTER TABLE payments ADD COLUMN card_number text', NEED),
      'a table of cards': execute('CREATE TABLE card_data (id int, pan text)', NEED),
    },
    miss: {
      'another column': execute('ALTER TABLE payments ADD COLUMN city text', NEED),
      'a query': query('SELECT card_number FROM payments LIMIT 1', NEED),
    },
    bypass: {
      'a quoted name in capitals': execute('ALTER TABLE payments ADD COLUMN "CARD_NUMBER" text', NEED),
      'a comment between': execute('ALTER/**/TABLE payments/**/ADD pan text', NEED),
      'the action for reads': query('ALTER TABLE payments ADD COLUMN pan text', NEED),
      'a second statement': query('SELECT 1; ALTER TABLE payments DROP COLUMN card_number', NEED),
      'a tool of another server': tool('postgres.query', { sql: 'ALTER TABLE payments ADD pan text' }, NEED),
    },
  },
  'audit-tampering': {
    match: {
      'entries of an audit table': execute("DELETE FROM audit_log WHERE day < '2020-01-01'"),
      'a log file': act('file.delete', { path: 'logs/app.log' }),
      'a log of the machine': bash('rm /var/log/auth.log'),
    },
    miss: {
      'a new entry': execute("INSERT INTO audit_log (text) VALUES ('x')"),
      'a look at the log': bash('tail -n 20 /var/log/app.log'),
      'a row of orders': execute('DELETE FROM orders WHERE id = 7'),
      'a catalogue, which only sounds alike': execute('DELETE FROM catalog WHERE id = 7'),
      'a new entry by a tool': tool('compliance.create_audit_entry', { text: 'x' }),
    },
    bypass: {
      'a quoted name with its schema': execute('DELETE FROM "public"."audit_entries" WHERE id = 7'),
      'names run together': execute('UPDATE auditTrail SET actor = 1 WHERE id = 7'),
      'a comment and another verb': execute('TRUNCATE/**/access_logs'),
      'the action for reads': query('WITH d AS (DELETE FROM audit_log RETURNING 1) SELECT count(*) FROM d'),
      'a file that is emptied': bash(': > /var/log/auth.log'),
      'a path with dots': bash('cd /var && rm -f ./lib/../log/auth.log'),
      'a folder': bash('rm -rf /var/log'),
      'an object of a bucket': act(
        'storage.delete',
        { connection: 's3', bucket: 'backups', key: 'audit/2026-01.json' },
        S3,
      ),
      'a tool that stops the record': tool('aws.stop_logging', { trail: 'main' }),
      'a tool that deletes': tool('splunk.deleteLogs', { index: 'main' }),
    },
  },
  'card-access-record': {
    match: { 'a query of card columns': query('SELECT card_number FROM payments LIMIT 1', NEED) },
    miss: { 'a query of other columns': query('SELECT id, state FROM payments LIMIT 1') },
    bypass: {
      'a quoted name in capitals': query('SELECT "PAN" FROM payments LIMIT 1', NEED),
      'digits of full width in a result': read(`Card ${wide(CARD)}`),
      'a tool of another server': tool('crm.get_customer', { card_number: '' }, NEED),
      'a denied attempt': query('SELECT cvv FROM payments LIMIT 1'),
      'all columns': query('SELECT * FROM payments LIMIT 1', { ...NEED, ...row({ ref: PLAIN }) }),
    },
  },
});
