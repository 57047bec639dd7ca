import {
  act,
  bash,
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

const PRODUCTION = { environment: 'production' };
const FOREIGN_TEAM = { connections: { partner: { kind: 'slack', team: 'T0PARTNER' } } };
const S3 = { connections: { s3: { kind: 's3', environment: 'development' } } };
const colleague = (text: string, more: Omit<Case, 'action'> = {}) =>
  mail(text, { to: ['ada@ourcompany.example'] }, more);
const TAINTED = { provenance: { keyArgument: 'trusted', source: 'read_mail', sessionTainted: true } } as const;
const FROM_MAIL = { provenance: { keyArgument: 'untrusted', source: 'read_mail', sessionTainted: true } } as const;
const NEW_PLACE = { state: { first: { target: true } } };
const NEW_RECIPIENT = { state: { first: { recipient: true } } };

tellStories('human-review', {
  'external-message': {
    match: {
      'a mail to a stranger': mail('Hello'),
      'a post in the team of somebody else': act(
        'slack.post',
        { connection: 'partner', channel: '#x', text: 'Hello' },
        FOREIGN_TEAM,
      ),
    },
    miss: {
      'a mail to a colleague': colleague('Hello'),
      'a mail to a department below the own domain': mail('Hello', { to: ['ada@sales.ourcompany.example'] }),
      'a message to the own team': slack('Hello'),
    },
    bypass: {
      'a stranger in blind copy': mail('Hello', { to: ['ada@ourcompany.example'], bcc: ['kim@client.example'] }),
      'a name that looks like a colleague': mail('Hello', {
        to: ['kim@client.example'],
        subject: 'To ada@ourcompany.example',
      }),
      'a domain that begins like the own': mail('Hello', { to: ['ada@ourcompany.example.net'] }),
      'a Greek letter in the own domain': mail('Hello', { to: ['ada@οurcompany.example'] }),
      'a tool of another server': tool('gmail.sendMessage', { to: 'kim@client.example' }),
      'the address of a mail service': post('https://graph.microsoft.com/v1.0/me/sendMail', { message: 'Hello' }),
      'a command': bash('mail -s Hello kim@client.example < hello.txt'),
      'a program that posts': bash('curl -X POST -d Hello https://hooks.slack.com/services/T0/B0/x'),
      'a webhook instead of a post': post('https://hooks.slack.com/services/T0/B0/x', { text: 'Hello' }),
    },
  },
  payment: {
    match: {
      'a transfer': tool('bank.transfer', { amount: 120, currency: 'EUR', to: 'DE00' }),
      'a charge': post('https://api.stripe.com/v1/charges', { amount: 12_000, currency: 'usd' }),
    },
    miss: {
      'a look at payments': tool('bank.list_payments', { since: '2026-01-01' }),
      'a look at transactions': tool('bank.get_recent_transactions', {}),
      'a list of charges': request('https://api.stripe.com/v1/charges'),
    },
    bypass: {
      'another spelling of the tool': tool('bank.wireFunds', { amount: '120.00' }),
      'a refund': post('https://api.stripe.com/v1/refunds', { charge: 'ch_1', amount: 500 }),
      'a form instead of JSON': request('https://api.stripe.com/v1/payment_intents', {
        method: 'POST',
        body: 'amount=12000&currency=usd',
      }),
      'another word for it': tool('bank.schedule_transaction', { amount: 10 }),
      'an amount in words': tool('bank.send_payment', { amount: 'one hundred' }),
      'capitals in the address': request('https://API.PayPal.com/v2/PAYMENTS/captures/1/Capture', {
        method: 'POST',
        json: {},
      }),
    },
  },
  'large-payment': {
    match: {
      'more than a thousand': tool('bank.transfer', { amount: 1_000.01, currency: 'EUR' }),
      'an amount that nobody knows': tool('bank.transfer', { to: 'DE00' }),
    },
    miss: {
      'a thousand': { ...tool('bank.transfer', { amount: 1_000, currency: 'EUR' }), effect: 'require_approval' },
    },
    bypass: {
      'a negative amount': tool('bank.transfer', { amount: -5_000 }),
      'an amount with separators': tool('bank.transfer', { amount: '$5,000.00' }),
      'an amount deeper inside': tool('bank.transfer', { order: { total: 5_000 } }),
      'cents under another name': post('https://pay.example.com/payments', { amount_cents: 500_000 }),
    },
  },
  'new-payee': {
    match: { 'a new payee': tool('bank.create_payee', { name: 'Kim', iban: 'DE00' }) },
    miss: { 'a list of payees': tool('bank.list_payees', {}) },
    bypass: {
      'another word for it': tool('bank.addBeneficiary', { name: 'Kim' }),
      'a request instead of a tool': post('https://api.wise.com/v1/recipients', { name: 'Kim' }),
      'a change of an account': request('https://api.stripe.com/v1/accounts/a/External_Accounts/b', {
        method: 'POST',
        json: {},
      }),
      'a plural': tool('bank.update-payees', { id: 7 }),
    },
  },
  'production-change': {
    match: {
      'a row of production': execute('UPDATE users SET plan = 1 WHERE id = 1', { on: 'live' }),
      'a command in production': bash('systemctl restart web', PRODUCTION),
      'a file in production': write('out.csv', 'a', PRODUCTION),
    },
    miss: {
      'a query in production': query('SELECT id FROM users LIMIT 1', { on: 'live' }),
      'a row of development': execute('UPDATE users SET plan = 1 WHERE id = 1'),
      'a question to a model': act('model.generate', { prompt: 'Summarise.' }, PRODUCTION),
    },
    bypass: {
      'a place that nobody knows': execute('UPDATE users SET plan = 1 WHERE id = 1', {
        connections: { db: { kind: 'postgres', environment: 'unknown' } },
      }),
      'a deployment that calls itself development': execute('UPDATE users SET plan = 1 WHERE id = 1', {
        on: 'live',
        environment: 'development',
      }),
      'a change inside a read': query('WITH u AS (UPDATE users SET plan = 1 RETURNING id) SELECT id FROM u', {
        on: 'live',
      }),
      'a tool with a harmless name': tool('ops.helper', { mode: 'apply' }, PRODUCTION),
      'a request with another method': request(
        'https://api.example.com/config',
        { method: 'PATCH', json: {} },
        PRODUCTION,
      ),
    },
  },
  grant: {
    match: {
      'a right in a database': execute('GRANT SELECT ON users TO intern'),
      'an invitation': tool('github.invite_member', { user: 'kim' }),
    },
    miss: { 'a look at people': tool('github.list_people', {}), 'a query': query('SELECT id FROM members LIMIT 1') },
    bypass: {
      'sharing instead of granting': tool('drive.shareFile', { with: 'kim@client.example' }),
      'a request instead of a tool': request('https://api.github.com/repos/a/b/collaborators/kim', { method: 'PUT' }),
      'a role in another spelling': execute('aLTer RoLE intern SUPERUSER'),
      'a command': bash('usermod -aG sudo kim'),
      'rights that a program takes': bash('sudo chmod 777 /etc/cron.d'),
    },
  },
  irreversible: {
    match: {
      'an object that is deleted for good': act(
        'storage.delete',
        { connection: 's3', bucket: 'photos', key: 'a.jpg' },
        S3,
      ),
    },
    miss: {
      'a file that goes to the trash': act('file.delete', { path: 'old.csv' }),
      'a message to the own team': slack('Hello'),
      'an object that is read': act('storage.get', { connection: 's3', bucket: 'photos', key: 'a.jpg' }, S3),
    },
    bypass: {
      'a confirmed backup': act(
        'storage.delete',
        { connection: 's3', bucket: 'photos', key: 'a.jpg' },
        { ...S3, facts: { backupConfirmed: true } },
      ),
      'a rollback plan': act(
        'storage.delete',
        { connection: 's3', bucket: 'x', key: 'y' },
        { ...S3, facts: { rollbackPlan: 'none needed' } },
      ),
      'the team of somebody else': act(
        'slack.post',
        { connection: 'partner', channel: '#x', text: 'Hello' },
        FOREIGN_TEAM,
      ),
    },
  },
  'first-use': {
    match: {
      'a host that nobody named': request('https://new.example.com/', {}, NEW_PLACE),
      'a recipient that nobody named': mail('Hello', {}, NEW_RECIPIENT),
    },
    miss: { 'a host that was used before': request('https://old.example.com/') },
    bypass: {
      'a method without a body': request('https://new.example.com/', { method: 'HEAD' }, NEW_PLACE),
      'a tool of another server': tool('new.get_note', { id: 1 }, NEW_PLACE),
      'a declared purpose': request(
        'https://new.example.com/',
        {},
        { ...NEW_PLACE, facts: { purpose: 'support', ticket: 'OPS-1' } },
      ),
    },
  },
  'untrusted-origin': {
    match: {
      'an address out of a mail': request('https://pay.example.com/', {}, FROM_MAIL),
      'a request after a mail was read': request('https://api.example.com/', {}, TAINTED),
    },
    miss: {
      'a file that a mail names': act('file.read', { path: 'a.txt' }, FROM_MAIL),
      'a question to a model about the mail': act('model.generate', { prompt: 'Summarise.' }, TAINTED),
      'a message to the own team about the mail': slack('Summary', TAINTED),
    },
    bypass: {
      'a file that is written': write('from-mail.txt', 'x', FROM_MAIL),
      'a method without a body': request('https://api.example.com/?q=all', { method: 'HEAD' }, TAINTED),
      'a tool of another server': tool('calendar.create_event', { title: 'x' }, TAINTED),
      'a declared purpose': request('https://pay.example.com/', {}, { ...FROM_MAIL, facts: { purpose: 'support' } }),
    },
  },
  'person-decision': {
    match: {
      'a rejected applicant': tool('ats.reject_applicant', { id: 7 }),
      'a credit decision': post('https://api.example.com/credit-decisions', { id: 7 }),
    },
    miss: {
      'a look at applicants': tool('ats.list_applicants', {}),
      'a query': query('SELECT id FROM applicants LIMIT 5'),
    },
    bypass: {
      'another spelling of the tool': tool('ats.rejectCandidate', { id: 7 }),
      'a row instead of a tool': execute("UPDATE loans SET state = 'denied' WHERE id = 7"),
      'capitals in the address': request('https://api.example.com/v1/LOANS/7', { method: 'PATCH', json: {} }),
    },
  },
  'own-controls': {
    match: {
      'another policy for itself': tool('agentos.attach_policy', { agentId: 'a', policyId: 'b' }),
      'an approval by itself': post('https://agentos.example.com/api/v1/approvals/1/reviews', { verdict: 'approve' }),
    },
    miss: {
      'a look at agents': tool('agentos.list_agents', {}),
      'a read of approvals': request('https://agentos.example.com/api/v1/approvals'),
    },
    bypass: {
      'another spelling of the tool': tool('agentos.attachPolicy', { agentId: 'a' }),
      'its records instead of its policies': tool('agentos.delete_audit_log', { before: '2026-01-01' }),
      'a row instead of a tool': execute("UPDATE approval_request SET status = 'approved' WHERE id = 1"),
      'a name in quotes with its schema': execute('DELETE FROM "public"."audit_entry" WHERE seq = 1'),
      'another method': request('https://agentos.example.com/api/v1/policies/x', { method: 'DELETE' }),
    },
  },
});
