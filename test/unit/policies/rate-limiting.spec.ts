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

const rate = (counts: Record<string, number>) => ({ state: { rate: counts } });
const STRANGERS = Array.from({ length: 1_001 }, (_, at) => `guest${at}@client.example`);
const FOREIGN_TEAM = { connections: { partner: { kind: 'slack', team: 'T0PARTNER' } } };

tellStories('rate-limiting', {
  'http-per-minute': {
    match: { 'the 101st request of a minute': request('https://api.example.com/', {}, rate({ http1m: 100 })) },
    miss: {
      'the 100th request': request('https://api.example.com/', {}, rate({ http1m: 99 })),
      'a file after many requests': act('file.read', { path: 'a.txt' }, rate({ http1m: 500 })),
    },
    bypass: {
      'another method': request('https://api.example.com/', { method: 'HEAD' }, rate({ http1m: 100 })),
      'another host in capitals': request('HTTPS://Other.Example.COM./x', {}, rate({ http1m: 100 })),
      'a declared purpose and a ticket': request(
        'https://api.example.com/',
        {},
        { ...rate({ http1m: 100 }), facts: { purpose: 'urgent', ticket: 'OPS-1' } },
      ),
      'a connection of its own': request(
        'https://api.example.com/',
        { connection: 'crm' },
        { ...rate({ http1m: 250 }), connections: { crm: { kind: 'http', host: 'api.example.com' } } },
      ),
    },
  },
  'sql-per-hour': {
    match: { 'the 1,001st statement of an hour': query('SELECT 1', rate({ kind1h: 1_000 })) },
    miss: {
      'the 1,000th statement': query('SELECT 1', rate({ kind1h: 999 })),
      'a file after many statements': act('file.read', { path: 'a.txt' }, rate({ kind1h: 5_000 })),
    },
    bypass: {
      'the other action for statements': execute('UPDATE t SET a = 1 WHERE id = 1', rate({ kind1h: 1_000 })),
      'another database': query('SELECT 1', { on: 'lite', ...rate({ kind1h: 1_000 }) }),
      'several statements in one': query('SELECT 1; SELECT 2', rate({ kind1h: 1_000 })),
    },
  },
  'writes-per-minute': {
    match: { 'the 61st change of a minute': write('out/61.txt', 'x', rate({ writes1m: 60 })) },
    miss: {
      'the 60th change': write('out/60.txt', 'x', rate({ writes1m: 59 })),
      'a read after many changes': act('file.read', { path: 'a.txt' }, rate({ writes1m: 500 })),
    },
    bypass: {
      'appending instead of writing': act(
        'file.write',
        { path: 'all.txt', content: 'x', mode: 'append' },
        rate({ writes1m: 60 }),
      ),
      'a move instead of writing': act('file.move', { from: 'a', to: 'b' }, rate({ writes1m: 60 })),
      'a request instead of a file': post('https://api.example.com/notes', { text: 'x' }, rate({ writes1m: 60 })),
      'a tool of another server': tool('notes.add_note', { text: 'x' }, rate({ writes1m: 60 })),
      'a program': code('print(1)', 'python', rate({ writes1m: 60 })),
    },
  },
  'messages-per-hour': {
    match: { 'the 21st message to people outside': mail('Hello', {}, rate({ messages1h: 20 })) },
    miss: {
      'the 20th message': mail('Hello', {}, rate({ messages1h: 19 })),
      'a message to a colleague': mail('Hello', { to: ['ada@ourcompany.example'] }, rate({ messages1h: 20 })),
      'a message to the own team': slack('Hello', rate({ messages1h: 20 })),
    },
    bypass: {
      'a stranger in blind copy': mail(
        'Hello',
        { to: ['ada@ourcompany.example'], bcc: ['kim@client.example'] },
        rate({ messages1h: 20 }),
      ),
      'a domain that only looks like the own': mail(
        'Hello',
        { to: ['ada@ourcompany.example.client.example'] },
        rate({ messages1h: 20 }),
      ),
      'a Cyrillic letter in the own domain': mail(
        'Hello',
        { to: ['ada@оurcompany.example'] },
        rate({ messages1h: 20 }),
      ),
      'the team of somebody else': act(
        'slack.post',
        { connection: 'partner', channel: '#x', text: 'Hello' },
        { ...FOREIGN_TEAM, ...rate({ messages1h: 20 }) },
      ),
      'a tool of another server': tool(
        'gmail.sendEmail',
        { to: 'kim@client.example', body: 'Hello' },
        rate({ messages1h: 20 }),
      ),
    },
  },
  'messages-per-recipient': {
    match: { 'the fourth message to the same stranger': mail('Hello', {}, rate({ recipient1h: 3 })) },
    miss: {
      'the third message': mail('Hello', {}, rate({ recipient1h: 2 })),
      'the fourth message to a colleague': mail('Hello', { to: ['ada@ourcompany.example'] }, rate({ recipient1h: 3 })),
    },
    bypass: {
      'the same stranger in copy': mail(
        'Hello',
        { to: ['ada@ourcompany.example'], cc: ['KIM@Client.Example'] },
        rate({ recipient1h: 3 }),
      ),
      'another subject': mail('Hello again', { subject: 'Another matter' }, rate({ recipient1h: 3 })),
      'the team of somebody else': act(
        'slack.post',
        { connection: 'partner', channel: '#x', text: 'Hello' },
        { ...FOREIGN_TEAM, ...rate({ recipient1h: 3 }) },
      ),
    },
  },
  'identical-action': {
    match: { 'the sixth time in a minute': act('file.read', { path: 'a.txt' }, rate({ identical1m: 5 })) },
    miss: { 'the fifth time': act('file.read', { path: 'a.txt' }, rate({ identical1m: 4 })) },
    bypass: {
      'an action without effect': act('file.list', { path: '.' }, rate({ identical1m: 5 })),
      'a declared ticket': request(
        'https://api.example.com/',
        {},
        { ...rate({ identical1m: 5 }), facts: { ticket: 'OPS-1' } },
      ),
      'a tool of another server': tool('notes.get_note', { id: 1 }, rate({ identical1m: 9 })),
    },
  },
  'too-many-running': {
    match: { 'the eleventh action at once': act('file.read', { path: 'a.txt' }, rate({ running: 10 })) },
    miss: { 'the tenth action': act('file.read', { path: 'a.txt' }, rate({ running: 9 })) },
    bypass: {
      'a program': code('print(1)', 'python', rate({ running: 10 })),
      'a request in production': request(
        'https://api.example.com/',
        {},
        { ...rate({ running: 10 }), environment: 'production' },
      ),
      'a tool of another server': tool('notes.get_note', { id: 1 }, rate({ running: 40 })),
    },
  },
  failures: {
    match: { 'an action after six failures': request('https://api.example.com/', {}, rate({ failures10m: 6 })) },
    miss: { 'an action after five failures': request('https://api.example.com/', {}, rate({ failures10m: 5 })) },
    bypass: {
      'an action without effect': act('file.read', { path: 'a.txt' }, rate({ failures10m: 6 })),
      'another host': request('https://other.example.com/', { method: 'HEAD' }, rate({ failures10m: 6 })),
      'a tool of another server': tool('notes.get_note', { id: 1 }, rate({ failures10m: 60 })),
    },
  },
  'items-per-run': {
    match: {
      'a message to 1,001 people': mail('Hello', { to: STRANGERS }),
      'five thousand messages that are declared': mail('Hello', {}, { facts: { recordCount: 5_000 } }),
    },
    miss: {
      'a message to 1,000 people': mail('Hello', { to: STRANGERS.slice(1) }),
      'five thousand rows of a table': query('SELECT id FROM users LIMIT 5000', { facts: { recordCount: 5_000 } }),
    },
    bypass: {
      'people in three fields': mail('Hello', {
        to: STRANGERS.slice(0, 400),
        cc: STRANGERS.slice(400, 800),
        bcc: STRANGERS.slice(800),
      }),
      'a number that is declared too low': mail('Hello', { to: STRANGERS }, { facts: { recordCount: 1 } }),
      'colleagues only': mail('Hello', { to: STRANGERS.map((address) => address.replace('client', 'ourcompany')) }),
    },
  },
});
