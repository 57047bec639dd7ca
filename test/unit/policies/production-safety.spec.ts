import {
  act,
  bash,
  code,
  execute,
  mail,
  post,
  query,
  request,
  tellStories,
  tool,
  write,
  type Case,
} from '../../support/policy-stories.ts';

const LIVE = { environment: 'production' };
const READY = { ticket: 'OPS-1234', rollbackPlan: 'restore the snapshot of 02:00', backupConfirmed: true };
const READY_FOR = (count: number) => ({ ...READY, recordCount: count });
const without = (name: keyof typeof READY) => ({ ...READY, [name]: undefined });
const given = (facts: Record<string, unknown>): Pick<Case, 'facts'> => ({
  facts: JSON.parse(JSON.stringify(facts)) as NonNullable<Case['facts']>,
});
const ON_LIVE = { on: 'live', ...given(READY) } as const;
const IN_LIVE = { ...LIVE, ...given(READY) };
const FRIDAY = { at: new Date('2026-01-30T12:00:00Z') };
const ONE = "UPDATE orders SET state = 'sent' WHERE id = 7";
const MANY = "UPDATE orders SET state = 'sent' WHERE city = 'Bern'";
const HELD = { effect: 'require_approval' } as const;
const BOOK = 'https://api.example.com/v1/notes';

tellStories('production-safety', {
  'production-change': {
    match: {
      'a row of a production database': execute(ONE, ON_LIVE),
      'a deployment': tool('ci.deploy', { service: 'shop' }, IN_LIVE),
      'a change of a service': post(BOOK, { title: 'x' }, IN_LIVE),
    },
    miss: {
      'a row of a development database': execute(ONE),
      'a query': query('SELECT id FROM orders LIMIT 5', { on: 'live' }),
      'a query sent as a statement that may change': execute('SELECT id FROM orders LIMIT 5', { on: 'live' }),
      'a question to a model': act('model.generate', { prompt: 'Summarise: all is well.' }, LIVE),
      'a message': mail('All is well.', {}, LIVE),
      'a report in the own folder': write('reports/a.md', '# January', LIVE),
      'a computation': code('print(sum([1, 2, 3]))', 'python', LIVE),
      'a look at a repository': bash('git status && git log --oneline -5', LIVE),
      'a tool that reads': tool('github.search_issues', { query: 'label:bug' }, LIVE),
      'a tool that sends a message': tool('slack.post_message', { text: 'Done' }, LIVE),
    },
    bypass: {
      'the action for reads': query(ONE, ON_LIVE),
      'a deployment that calls itself development': execute(ONE, { ...ON_LIVE, environment: 'development' }),
      'a place that nobody knows': execute(ONE, {
        environment: 'unknown',
        ...given(READY),
        connections: { db: { kind: 'postgres' } },
      }),
      'a tool that claims to query': tool('postgres.query', { sql: ONE }, IN_LIVE),
      'a command': bash('kubectl apply -f shop.yaml', IN_LIVE),
      'a program': code("import requests\nrequests.post('https://shop.example.com/x')", 'python', IN_LIVE),
      'a tool of no telling name': tool('ops.do_it', { what: 'restart' }, IN_LIVE),
      'a tool whose name begins with a read': tool('ops.get_and_delete', { id: 7 }, IN_LIVE),
    },
  },
  'no-rollback-plan': {
    match: {
      'a change without a way back': execute(ONE, { on: 'live', ...given(without('rollbackPlan')) }),
      'a deployment without one': tool('ci.deploy', {}, { ...LIVE, ...given(without('rollbackPlan')) }),
    },
    miss: {
      'a change with one': execute(ONE, { ...ON_LIVE, ...HELD }),
      'a new entry, which has none': post(
        BOOK,
        { title: 'x' },
        { ...LIVE, ...given(without('rollbackPlan')), ...HELD },
      ),
    },
    bypass: {
      blanks: execute(ONE, { on: 'live', ...given({ ...READY, rollbackPlan: '  ' }) }),
      'invisible characters': execute(ONE, { on: 'live', ...given({ ...READY, rollbackPlan: '\u200b\u3164' }) }),
      'a word that says nothing': execute(ONE, { on: 'live', ...given({ ...READY, rollbackPlan: 'N/A' }) }),
      'a tool that claims to query': tool('pg.query', { sql: ONE }, { ...LIVE, ...given(without('rollbackPlan')) }),
      'a command': bash('systemctl restart shop', { ...LIVE, ...given(without('rollbackPlan')) }),
      'another method': request(BOOK, { method: 'PATCH' }, { ...LIVE, ...given(without('rollbackPlan')) }),
    },
  },
  'no-ticket': {
    match: {
      'a change without a ticket': execute(ONE, { on: 'live', ...given(without('ticket')) }),
      'a new entry without one': post(BOOK, { title: 'x' }, LIVE),
    },
    miss: {
      'a change with one': execute(ONE, { ...ON_LIVE, ...HELD }),
      'a change outside production': execute(ONE),
      'a question to a model': act('model.generate', { prompt: 'Hello' }, LIVE),
    },
    bypass: {
      blanks: execute(ONE, { on: 'live', ...given({ ...READY, ticket: '\t ' }) }),
      'a word that says nothing': execute(ONE, { on: 'live', ...given({ ...READY, ticket: 'none' }) }),
      'a ticket in a comment': execute(`${ONE} -- OPS-1234`, { on: 'live', ...given(without('ticket')) }),
      'the action for reads': query(ONE, { on: 'live', ...given(without('ticket')) }),
      'a command': bash('npm publish', { ...LIVE, ...given(without('ticket')) }),
    },
  },
  'outside-change-window': {
    match: {
      'a change on a Friday': execute(ONE, { ...ON_LIVE, ...FRIDAY }),
      'a change at night': execute(ONE, { ...ON_LIVE, at: new Date('2026-01-28T02:00:00Z') }),
      'a change when the window has closed': execute(ONE, { ...ON_LIVE, at: new Date('2026-01-28T17:00:00Z') }),
    },
    miss: {
      'a change in the window': execute(ONE, { ...ON_LIVE, ...HELD }),
      'the last minute of the window': execute(ONE, { ...ON_LIVE, ...HELD, at: new Date('2026-01-28T16:59:59Z') }),
      'a change elsewhere at night': execute(ONE, { at: new Date('2026-01-28T02:00:00Z') }),
      'a query on a Friday': query('SELECT id FROM orders LIMIT 5', { on: 'live', ...FRIDAY }),
    },
    bypass: {
      'the action for reads': query(ONE, { ...ON_LIVE, ...FRIDAY }),
      'a tool that claims to query': tool('pg.query', { sql: ONE }, { ...IN_LIVE, ...FRIDAY }),
      'a command': bash('kubectl rollout restart deploy/shop', { ...IN_LIVE, ...FRIDAY }),
      'a request': post(BOOK, { title: 'x' }, { ...IN_LIVE, ...FRIDAY }),
    },
  },
  'destructive-structure': {
    match: {
      'a dropped table': execute('DROP TABLE orders', ON_LIVE),
      'an emptied table': execute('TRUNCATE orders', ON_LIVE),
      'a block that nobody can see into': execute("DO $$ BEGIN EXECUTE 'x'; END $$", ON_LIVE),
    },
    miss: {
      'a new table': execute('CREATE TABLE notes (id int)', { ...ON_LIVE, ...given(READY_FOR(0)), ...HELD }),
      'the words in a value': execute("INSERT INTO notes (text) VALUES ('DROP TABLE orders')", { ...ON_LIVE, ...HELD }),
      'the same elsewhere': execute('DROP TABLE orders'),
    },
    bypass: {
      'mixed case and comments': execute('dRoP/*x*/TaBLe--\norders', ON_LIVE),
      'a version comment of MySQL': tool('mysql.query', { sql: '/*!50000 DROP TABLE orders */' }, IN_LIVE),
      'a second statement': query('SELECT 1; DROP TABLE orders', ON_LIVE),
      'a column': execute('ALTER TABLE orders DROP COLUMN state', ON_LIVE),
      'a program that sends it': code("cursor.execute('DROP TABLE orders')", 'python', IN_LIVE),
      'a client in a command': bash("psql -c 'DROP TABLE orders'", IN_LIVE),
    },
  },
  'destructive-program': {
    match: {
      'a folder that is deleted': bash('rm -rf /srv/shop', IN_LIVE),
      'a cluster that is torn down': bash('terraform destroy -auto-approve', IN_LIVE),
    },
    miss: {
      'a single command': bash('kubectl get pods', IN_LIVE),
      'the words in a text': bash("echo 'never use rm -rf /'", { ...IN_LIVE }),
      'the same elsewhere': bash('rm -rf build'),
    },
    bypass: {
      'quotes within the word': bash('r""m -r"f" /srv/shop', IN_LIVE),
      base64: bash(`echo ${Buffer.from('rm -rf /srv/shop').toString('base64')} | base64 -d | sh`, IN_LIVE),
      variables: bash('a=rm; b=-rf; $a $b /srv/shop', IN_LIVE),
      'another tool': bash('find /srv/shop -delete', IN_LIVE),
      'a call of a program': code("import shutil\nshutil.rmtree('/srv/shop')", 'python', IN_LIVE),
      'split arguments': tool('terminal.exec', { command: 'rm', args: ['-rf', '/srv/shop'] }, IN_LIVE),
    },
  },
  'no-backup': {
    match: {
      'a row that is deleted': execute('DELETE FROM orders WHERE id = 7', {
        on: 'live',
        ...given(without('backupConfirmed')),
      }),
      'rows whose number nobody knows': execute(MANY, { on: 'live', ...given(without('backupConfirmed')) }),
    },
    miss: {
      'a deletion with a backup': execute('DELETE FROM orders WHERE id = 7', { ...ON_LIVE, ...HELD }),
      'one row that is changed': execute(ONE, { on: 'live', ...given(without('backupConfirmed')), ...HELD }),
      'a file that goes into the trash': act('file.delete', { path: 'done/old.csv' }, LIVE),
    },
    bypass: {
      'the action for reads': query('DELETE FROM orders WHERE id = 7', {
        on: 'live',
        ...given(without('backupConfirmed')),
      }),
      'a method': request(`${BOOK}/7`, { method: 'DELETE' }, { ...LIVE, ...given(without('backupConfirmed')) }),
      'a tool': tool('drive.trashDocument', { id: 'x' }, { ...LIVE, ...given(without('backupConfirmed')) }),
      'a command': bash('aws s3 rm s3://backups/a.tar', { ...LIVE, ...given(without('backupConfirmed')) }),
      'a comment': execute(`${MANY} -- backup confirmed`, { on: 'live', ...given(without('backupConfirmed')) }),
      'a number that is declared too low': execute(
        `UPDATE orders SET a = 1 WHERE id IN (${Array.from({ length: 150 }, (_, at) => at + 1).join(', ')})`,
        { on: 'live', ...given({ ...without('backupConfirmed'), recordCount: 1 }) },
      ),
    },
  },
  'bulk-change': {
    match: {
      'rows whose number nobody knows': execute(MANY, ON_LIVE),
      'more rows than one batch': execute(MANY, { on: 'live', ...given(READY_FOR(101)) }),
    },
    miss: {
      'one batch': execute(MANY, { on: 'live', ...given(READY_FOR(100)), ...HELD }),
      'a row by its key': execute(ONE, { ...ON_LIVE, ...HELD }),
      'a query of many rows': query('SELECT id FROM orders', { on: 'live' }),
    },
    bypass: {
      'a number that is declared too low': execute(
        `UPDATE orders SET a = 1 WHERE id IN (${Array.from({ length: 150 }, (_, at) => at + 1).join(', ')})`,
        { on: 'live', ...given(READY_FOR(1)) },
      ),
      'a list in a request': post(BOOK, { notes: Array.from({ length: 150 }, (_, id) => ({ id })) }, IN_LIVE),
      'a tool that claims to query': tool('pg.query', { sql: MANY }, IN_LIVE),
      'a condition that always holds': execute("UPDATE orders SET state = 'x' WHERE id = id", ON_LIVE),
      'another verb': execute('MERGE INTO orders o USING old x ON o.id = x.id WHEN MATCHED THEN DELETE', ON_LIVE),
    },
  },
});
