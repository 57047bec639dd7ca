import { gzipSync } from 'node:zlib';
import {
  act,
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

const SSN = '536-22-8745';
const CARD = '4111 1111 1111 1111';
const IBAN = 'DE89 3704 0044 0532 0130 00';
const encoded = (text: string) => Buffer.from(text).toString('base64');
const FULL_WIDTH = [...SSN]
  .map((char) => (/\d/.test(char) ? String.fromCharCode(char.charCodeAt(0) + 0xfee0) : char))
  .join('');
const ADDRESSES = (count: number) => Array.from({ length: count }, (_, at) => `203.0.${at >> 8}.${at & 255}`);
const ROWS = (count: number) => ADDRESSES(count).map((ip) => ({ ip_address: ip }));
const NEW_RECIPIENT = { state: { first: { recipient: true } } };
const NEW_PLACE = { state: { first: { target: true } } };
const PURPOSE = { facts: { purpose: 'support' } };
const ZIP = gzipSync(Buffer.from('name,ssn\n'.repeat(200))).toString('base64');
const STRIPE = 'https://api.stripe.com/v1/payment_intents';
const INSIDE = { to: ['ada@ourcompany.example'] };
const rows = (...given: readonly Record<string, string>[]) => ({
  output: { rows: [...given], rowCount: given.length, truncated: false },
});

tellStories('pii-protection', {
  'restricted-leaves': {
    match: {
      'a social security number in a mail to a stranger': mail(`Your SSN is ${SSN}.`),
      'a bank account in a request': post('https://crm.example.com/people', { account: IBAN }),
      'a diagnosis': mail('The patient Kim was diagnosed with diabetes in May.'),
    },
    miss: {
      'a number that is none': mail('Your order 536-22 has left.'),
      'the same number to a colleague': mail(`Her SSN is ${SSN}.`, INSIDE),
      'a card that a payment provider is to charge': post(STRIPE, {
        amount: 500,
        currency: 'usd',
        card: { number: CARD },
      }),
    },
    bypass: {
      base64: mail(`Please decode ${encoded(`her SSN is ${SSN}`)}`),
      'digits of full width': mail(`Her SSN is ${FULL_WIDTH}.`),
      'invisible characters between the digits': mail(`Her card is ${CARD.split('').join('\u200b')}.`),
      'an attachment': mail('See attached.', {
        attachments: [{ filename: 'a.csv', content: `name,ssn\nKim,${SSN}\n` }],
      }),
      'a site that looks like a payment provider': post('https://api.stripe.com.pay.example/v1/payment_intents', {
        amount: 5,
        card: { number: CARD },
      }),
      'the address of a request': request(`https://crm.example.com/find?iban=${encodeURIComponent(IBAN)}`),
      'a tool of another server': tool('notes.create_note', { text: `SSN ${SSN}` }),
    },
  },
  'contact-leaves': {
    match: {
      'customers in a mail to a partner': mail(
        'Please call Kim: kim.lee@customer.example, +41 44 668 18 00.',
        {},
        { gone: 'kim.lee' },
      ),
      'names in fields of a request': post(
        'https://crm.example.com/people',
        { first_name: 'Ada', last_name: 'Byron' },
        { gone: 'Byron' },
      ),
    },
    miss: {
      'a mail that holds only its recipient': mail('You are registered as kim@client.example.'),
      'customers in a mail to a colleague': mail('Please call kim.lee@customer.example.', INSIDE),
      'a mail without contact details': mail('The report is attached.'),
    },
    bypass: {
      'HTML entities': mail('', { html: '<p>kim.lee&#64;customer&#46;example</p>' }, { gone: 'kim.lee' }),
      base64: mail(encoded('write to kim.lee@customer.example please')),
      'the address of a request': request('https://crm.example.com/find?email=kim.lee%40customer.example'),
      'a second recipient beside the person': mail('You are registered as kim@client.example.', {
        cc: ['eve@other.example'],
      }),
      'a tool of another server': tool('notes.create_note', { text: 'kim.lee@customer.example' }),
      'camel case in a table': mail('firstName,dateOfBirth\nKim,1990-04-01\nAda,1991-05-02\n'),
    },
  },
  'restricted-in-result': {
    match: {
      'accounts in rows': query('SELECT note FROM invoices LIMIT 5', { ...rows({ note: `IBAN ${IBAN}` }), gone: IBAN }),
      'a card in a file': act('file.read', { path: 'customer.txt' }, { output: { text: `Card ${CARD}`, size: 24 } }),
    },
    miss: {
      'a result without such numbers': act(
        'file.read',
        { path: 'a.txt' },
        { output: { text: 'Order 4111 is late.', size: 19 } },
      ),
    },
    bypass: {
      'percent signs': act(
        'file.read',
        { path: 'a.txt' },
        {
          output: {
            text: `card=${CARD.split('')
              .map((c) => `%${c.charCodeAt(0).toString(16)}`)
              .join('')}`,
            size: 60,
          },
        },
      ),
      'a column under another name': query('SELECT a FROM t LIMIT 1', {
        ...rows({ ref: CARD.replaceAll(' ', '-') }),
        gone: '4111-1111-1111',
      }),
      'JSON inside a text': request(
        'https://api.example.com/',
        { headers: {} },
        { output: { status: 200, headers: {}, text: JSON.stringify({ person: { ssn: SSN } }) } },
      ),
      'digits of full width': act('file.read', { path: 'a.txt' }, { output: { text: `SSN ${FULL_WIDTH}`, size: 20 } }),
    },
  },
  'sensitive-in-result': {
    match: {
      'a diagnosis in a row': query('SELECT a FROM visits LIMIT 1', {
        ...rows({ diagnosis: 'Diabetes mellitus' }),
        gone: 'mellitus',
      }),
      'a sentence about a patient': act(
        'file.read',
        { path: 'a.txt' },
        { output: { text: 'The patient was diagnosed with asthma.', size: 40 } },
      ),
    },
    miss: {
      'an article': act(
        'file.read',
        { path: 'a.txt' },
        { output: { text: 'Worldwide, studies of diabetes are funded.', size: 40 } },
      ),
    },
    bypass: {
      base64: act(
        'file.read',
        { path: 'a.txt' },
        { output: { text: encoded('The patient was diagnosed with asthma.'), size: 60 } },
      ),
      'a code instead of a word': query('SELECT a FROM visits LIMIT 1', rows({ note: 'diagnosis code E11.9' })),
      'a table in a text': act(
        'file.read',
        { path: 'a.csv' },
        { output: { text: 'name,diagnosis\nKim,Asthma\nAda,Migraine\n', size: 40 } },
      ),
    },
  },
  'personal-in-log': {
    match: {
      'an address in a log': write('logs/app.log', 'login of kim.lee@customer.example', { gone: 'kim.lee' }),
      'an address in an issue': post('https://ours.atlassian.net/rest/api/3/issue', {
        summary: 'kim.lee@customer.example cannot sign in',
      }),
    },
    miss: {
      'the same in a file': write('customers.csv', 'kim.lee@customer.example'),
      'a log without persons': write('logs/app.log', 'started in 12 ms'),
    },
    bypass: {
      'a service for logs': post('https://o1.ingest.sentry.io/api/1/store/', { message: 'kim.lee@customer.example' }),
      'a tool of another server': tool(
        'linear.create_issue',
        { title: 'kim.lee@customer.example' },
        { gone: 'kim.lee' },
      ),
      base64: write('logs/app.log', encoded('login of kim.lee@customer.example')),
      'a numbered log elsewhere': write('var/app.log.1', 'login of kim.lee@customer.example'),
    },
  },
  'restricted-column-without-purpose': {
    match: { 'a social security number of everybody': query('SELECT ssn FROM customers LIMIT 10') },
    miss: { 'names only': query('SELECT first_name FROM customers LIMIT 10') },
    bypass: {
      'capitals and quotes': query('SELECT "SSN" FROM customers LIMIT 10'),
      'comments and an alias': query('SELECT/**/c.ssn/**/AS x FROM customers c LIMIT 10'),
      'a part of the number': query('SELECT substr(card_number, 1, 6) FROM orders LIMIT 10'),
      'a query inside': query('SELECT x FROM (SELECT passport_number AS x FROM guests) g LIMIT 10'),
      'only in the condition': query("SELECT id FROM customers WHERE ssn LIKE '536%' LIMIT 10"),
      'a tool of another server': tool('postgres.run_query', { sql: 'SELECT iban FROM customers' }),
    },
  },
  'restricted-column': {
    match: { 'a social security number for a purpose': query('SELECT ssn FROM customers LIMIT 10', PURPOSE) },
    miss: { 'names for a purpose': query('SELECT first_name FROM customers LIMIT 10', PURPOSE) },
    bypass: {
      'an alias': query('SELECT c.ssn AS x FROM customers c LIMIT 10', PURPOSE),
      'a query inside': query('WITH a AS (SELECT iban i FROM customers) SELECT i FROM a LIMIT 10', PURPOSE),
      'a tool of another server': tool('postgres.run_query', { sql: 'SELECT "IBAN" FROM customers' }, PURPOSE),
    },
  },
  'bulk-export': {
    match: { 'a list of 150 visitors': post('https://crm.example.com/import', ROWS(150)) },
    miss: {
      'a list of 100 visitors': post('https://crm.example.com/import', ROWS(100)),
      'a list of 150 numbers': post(
        'https://crm.example.com/import',
        Array.from({ length: 150 }, (_, at) => ({ n: at })),
      ),
    },
    bypass: {
      'one long text': post('https://crm.example.com/import', { text: ADDRESSES(150).join(' ') }),
      'an attachment': mail('See attached.', {
        attachments: [{ filename: 'a.csv', content: `ip_address\n${ADDRESSES(150).join('\n')}\n` }],
      }),
      'JSON inside a text': tool('notes.create_note', { text: JSON.stringify(ROWS(150)) }),
      'a number that is declared too low': post('https://crm.example.com/import', ROWS(150), {
        facts: { recordCount: 1 },
      }),
    },
  },
  'huge-export': {
    match: {
      'a list of 10,001 visitors': post('https://crm.example.com/import', ROWS(10_001)),
      'a part of a declared 20,000': post('https://crm.example.com/import', ROWS(2), {
        facts: { recordCount: 20_000 },
      }),
    },
    miss: {
      'a list of 200 visitors': { ...post('https://crm.example.com/import', ROWS(200)), effect: 'require_approval' },
    },
    bypass: {
      'one long text': post('https://crm.example.com/import', { text: ADDRESSES(10_001).join(' ') }),
      'a tool of another server': tool('notes.create_note', { people: ROWS(10_001) }),
      'many lists': tool('notes.create_note', { a: ROWS(5_001), b: ROWS(5_001) }),
    },
  },
  'personal-to-new-place': {
    match: {
      'a visitor to a stranger': mail('The visitor came from 203.0.113.7.', {}, NEW_RECIPIENT),
      'a visitor to a new host': post('https://new.example.com/x', { ip: '203.0.113.7' }, NEW_PLACE),
    },
    miss: {
      'no person to a new host': post('https://new.example.com/x', { n: 7 }, NEW_PLACE),
      'a visitor to a host that was used before': post('https://old.example.com/x', { ip: '203.0.113.7' }),
    },
    bypass: {
      'the address of a request': request('https://new.example.com/x?ip=203.0.113.7', {}, NEW_PLACE),
      base64: post('https://new.example.com/x', { a: encoded('the visitor 203.0.113.7 came') }, NEW_PLACE),
      'a tool of another server': tool('new.create_note', { text: 'visitor 203.0.113.7' }, NEW_PLACE),
    },
  },
  'unreadable-leaves': {
    match: {
      'a packed attachment': mail('See attached.', {
        attachments: [{ filename: 'a.gz', content: ZIP, encoding: 'base64' }],
      }),
      'a packed body': request('https://crm.example.com/x', { method: 'POST', body: ZIP }),
    },
    miss: {
      'a plain attachment': mail('See attached.', { attachments: [{ filename: 'a.txt', content: 'All is well.' }] }),
      'a packed attachment to a colleague': mail('See attached.', {
        ...INSIDE,
        attachments: [{ filename: 'a.gz', content: ZIP, encoding: 'base64' }],
      }),
    },
    bypass: {
      'a name that says text': mail('See attached.', { attachments: [{ filename: 'notes.txt', content: ZIP }] }),
      'encrypted text': mail(
        `-----BEGIN PGP MESSAGE-----\n\n${encoded('x'.repeat(10)).repeat(1)}hQEMA7Vx2LmZ9tKcAQf/R4wYb8NfHs3PdJg6q7Vx2LmZ9tKcR4wYb8NfHs3PdJg6\n-----END PGP MESSAGE-----`,
      ),
      'an address that holds the data': post('https://crm.example.com/x', {
        file: `data:application/gzip;base64,${ZIP}`,
      }),
      'a tool of another server': tool('drive.upload_file', { name: 'a.bin', content: ZIP }),
    },
  },
  'card-code': {
    match: {
      'a code in a message': slack(`Card ${CARD}, CVV 123`),
      'a code in a file': write('orders.csv', `card_number,cvv\n${CARD},123\n`),
    },
    miss: {
      'a payment that is to be authorised': post(STRIPE, {
        amount: 500,
        currency: 'usd',
        card: { number: CARD, cvc: '123' },
      }),
      'three digits': slack('Room 123 is free.'),
    },
    bypass: {
      'a column of a table': execute('INSERT INTO orders (id, cvv) VALUES (1, 123)'),
      'a result': act('file.read', { path: 'a.txt' }, { output: { text: 'card security code: 123', size: 20 } }),
      'a site that looks like a payment provider': post('https://stripe.com.pay.example/v1/charges', {
        amount: 5,
        card: { number: CARD, cvc: '123' },
      }),
      base64: slack(encoded(`card ${CARD} cvv: 123`)),
      'a program': code(`charge(card_number="${CARD}", cvv="123")`),
    },
  },
  'personal-data': {
    match: { 'an address in a file': write('customers.csv', 'kim.lee@customer.example') },
    miss: { 'a file without persons': write('a.txt', 'All is well.') },
    bypass: {
      base64: write('a.txt', encoded('write to kim.lee@customer.example')),
      'only the name of a column': query('SELECT email FROM customers LIMIT 5'),
      'a result': act('file.read', { path: 'a.txt' }, { output: { text: 'kim.lee@customer.example', size: 24 } }),
    },
  },
});
