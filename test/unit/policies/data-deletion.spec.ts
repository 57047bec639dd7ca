import { act, bash, code, execute, query, request, tellStories, tool } from '../../support/policy-stories.ts';

const REMOVE = (path: string, recursive = false) => act('file.delete', { path, ...(recursive ? { recursive } : {}) });
const BACKED_UP = { facts: { backupConfirmed: true } };
const STAGING = { environment: 'staging' };

tellStories('data-deletion', {
  'no-where': {
    match: {
      'a DELETE of everybody': execute('DELETE FROM users'),
      'an UPDATE of every row': execute("UPDATE orders SET status = 'paid'"),
    },
    miss: {
      'one row by its key': execute('DELETE FROM users WHERE id = 7'),
      'a new row': execute('INSERT INTO users (id) VALUES (7)'),
    },
    bypass: {
      'a WHERE in a comment': execute('DELETE FROM users -- WHERE id = 1'),
      'a comment between the words': execute('DELETE/**/FROM/**/users/* WHERE id = 1 */'),
      'a DELETE inside WITH': execute('WITH gone AS (DELETE FROM users RETURNING id) SELECT id FROM gone WHERE id = 1'),
      'EXPLAIN ANALYZE, which carries it out': execute('EXPLAIN ANALYZE DELETE FROM users'),
      'a version comment of MySQL': execute('/*!50000 DELETE FROM users */', { on: 'shop' }),
      'a tool of another server': tool('postgres.query', { sql: 'DELETE FROM users' }),
    },
  },
  'where-always-true': {
    match: {
      'one equals one': execute('DELETE FROM users WHERE 1 = 1'),
      'a column that equals itself': execute('UPDATE users SET plan = 1 WHERE id = id'),
    },
    miss: {
      'a condition on a key': execute('DELETE FROM users WHERE id = 1'),
      'a read of all rows': query('SELECT id FROM users WHERE 1 = 1 LIMIT 10'),
    },
    bypass: {
      'OR true behind a condition': execute('DELETE FROM users WHERE id = 1 OR true'),
      'a double negation': execute('DELETE FROM users WHERE NOT false'),
      'a pattern that everything fits': execute("DELETE FROM users WHERE name LIKE '%' OR name IS NULL"),
      'a comment inside the comparison': execute("DELETE FROM users WHERE 'a'/**/=/**/'a'"),
    },
  },
  'drop-table': {
    match: {
      'a dropped table': execute('DROP TABLE users'),
      'a truncated table': execute('TRUNCATE orders'),
      'a dropped database': execute('DROP DATABASE shop', { on: 'shop' }),
    },
    miss: {
      'a new table': execute('CREATE TABLE notes (id int)'),
      'the words in a value': execute("INSERT INTO notes (text) VALUES ('DROP TABLE users')"),
    },
    bypass: {
      'mixed case and comments': execute('dRoP/*x*/TaBLe--\nusers'),
      'a version comment of MySQL': execute('/*!50000 DROP TABLE users */', { on: 'shop' }),
      'a DO block': execute("DO $$ BEGIN EXECUTE 'DROP TABLE users'; END $$"),
      'a second statement': execute('SELECT 1; DROP TABLE users'),
      'the action for reads': query('DROP TABLE users'),
      'a program that sends it': code("cursor.execute('DROP TABLE users')"),
    },
  },
  'structure-loss': {
    match: {
      'a dropped column': execute('ALTER TABLE users DROP COLUMN email'),
      'a dropped index': execute('DROP INDEX users_email'),
      'a dropped view': execute('DROP VIEW active_users'),
    },
    miss: {
      'a new column': execute('ALTER TABLE users ADD COLUMN city text'),
      'a new index': execute('CREATE INDEX users_city ON users (city)'),
    },
    bypass: {
      'IF EXISTS and a quoted name': execute('ALTER TABLE "users" DROP COLUMN IF EXISTS "email" CASCADE'),
      'DROP without the word COLUMN': execute('alter table users drop email'),
      'one DROP among other changes': execute('ALTER TABLE users ADD COLUMN a int, DROP COLUMN email'),
      'a materialised view': execute('DROP MATERIALIZED VIEW totals'),
    },
  },
  'structure-loss-in-production': {
    match: {
      'a dropped column': execute('ALTER TABLE users DROP COLUMN email', { on: 'live', ...BACKED_UP }),
      'a place that nobody knows': execute('DROP INDEX users_email', {
        environment: 'unknown',
        ...BACKED_UP,
        connections: { db: { kind: 'postgres' } },
      }),
    },
    miss: { 'a new column': execute('ALTER TABLE users ADD COLUMN city text', { on: 'live' }) },
    bypass: {
      'a comment in front': execute('/* cleanup */ DROP INDEX users_email', { on: 'live', ...BACKED_UP }),
      'a deployment that calls itself development': execute('DROP VIEW totals', {
        on: 'live',
        environment: 'development',
        ...BACKED_UP,
      }),
      'one DROP among other changes': execute('ALTER TABLE users ADD a int, DROP email', { on: 'live', ...BACKED_UP }),
    },
  },
  'bulk-change': {
    match: {
      'rows by a condition whose number nobody knows': execute("DELETE FROM users WHERE city = 'Bern'"),
      'more rows than may go without asking': execute("UPDATE users SET plan = 1 WHERE city = 'Bern'", {
        facts: { recordCount: 500 },
      }),
    },
    miss: {
      'three rows by their keys': execute('DELETE FROM users WHERE id IN (1, 2, 3)'),
      'a hundred rows that are declared': execute("UPDATE users SET plan = 1 WHERE city = 'Bern'", {
        facts: { recordCount: 100 },
      }),
      'a query for many rows': query('SELECT id FROM users', { facts: { recordCount: 5000 } }),
    },
    bypass: {
      'a number that is declared too low': execute(
        `DELETE FROM users WHERE id IN (${Array.from({ length: 150 }, (_, at) => at + 1).join(', ')})`,
        { facts: { recordCount: 1 } },
      ),
      'a MERGE': execute('MERGE INTO users u USING old o ON u.id = o.id WHEN MATCHED THEN DELETE'),
      'a list from another table': execute('DELETE FROM users WHERE id IN (SELECT id FROM old)'),
      'a tool of another server': tool('postgres.execute_sql', { sql: "DELETE FROM users WHERE city = 'Bern'" }),
    },
  },
  'huge-change': {
    match: {
      'more rows than ever at once': execute("DELETE FROM logs WHERE day < '2020-01-01'", {
        facts: { recordCount: 50_000, backupConfirmed: true },
      }),
    },
    miss: {
      'the most rows that may go with an approval': execute("DELETE FROM logs WHERE day < '2020-01-01'", {
        facts: { recordCount: 10_000 },
        effect: 'require_approval',
      }),
    },
    bypass: {
      'an UPDATE that empties instead': execute("UPDATE logs SET text = NULL WHERE day < '2020-01-01'", {
        facts: { recordCount: 50_000 },
      }),
      'a DELETE inside WITH': execute(
        "WITH d AS (DELETE FROM logs WHERE day < '2020-01-01' RETURNING 1) SELECT count(*) FROM d",
        { facts: { recordCount: 50_000 } },
      ),
      'a tool of another server': tool(
        'postgres.execute_sql',
        { sql: "DELETE FROM logs WHERE day < '2020-01-01'" },
        { facts: { recordCount: 50_000 } },
      ),
    },
  },
  'unread-statement': {
    match: {
      'what is no SQL': execute('FROBNICATE ALL users'),
      'a procedure': execute('CALL archive_everything()'),
    },
    miss: { 'a plain statement': execute("INSERT INTO notes (text) VALUES ('CALL me')") },
    bypass: {
      'a prepared statement': execute('PREPARE p AS DELETE FROM users; EXECUTE p'),
      'a program of the server': execute("COPY users TO PROGRAM 'cat > /tmp/x'"),
      'a function that ends sessions': query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity'),
      'a DO block': execute('DO $$ BEGIN PERFORM archive(); END $$'),
      'half a statement': execute("DELETE FROM users WHERE id = 'x"),
    },
  },
  'several-statements': {
    match: { 'a read with a change behind it': execute('SELECT 1; DELETE FROM users WHERE id = 1') },
    miss: {
      'one statement that ends in a semicolon': execute('DELETE FROM users WHERE id = 1;'),
      'a semicolon in a value': execute("INSERT INTO notes (text) VALUES ('a; DELETE FROM users')"),
    },
    bypass: {
      'a comment between them': execute('SELECT 1;/* */INSERT INTO t (id) VALUES (1)'),
      'line ends and tabs': execute('SELECT 1\n;\t\nUPDATE t SET a = 1 WHERE id = 2'),
      'a version comment of MySQL': execute('SELECT 1; /*!50000 DELETE FROM users WHERE id = 1 */', { on: 'shop' }),
      'two fields of a tool': tool('postgres.run', { sql: 'SELECT 1', query: 'DELETE FROM users WHERE id = 1' }),
    },
  },
  'recursive-delete-inside': {
    match: { 'a folder': REMOVE('old', true), 'a wildcard': REMOVE('old/*.tmp') },
    miss: { 'one file': REMOVE('old/a.tmp'), 'a list of a folder': act('file.list', { path: 'old', recursive: true }) },
    bypass: {
      'a choice of names': REMOVE('{a,b,c}.txt'),
      'a character class': REMOVE('report-[0-9].csv'),
      'a path that turns around': REMOVE('old/../new', true),
      'a tool of another server': tool('files.delete_directory', { path: 'old' }),
      'an argument of a tool': tool('files.remove', { path: 'old', recursive: true }),
      'a question mark': REMOVE('report-?.csv'),
    },
  },
  'recursive-delete-outside': {
    match: { 'a folder of the system': REMOVE('/var/log', true) },
    miss: { 'a folder inside': { ...REMOVE('old', true), effect: 'require_approval' } },
    bypass: {
      'a path that climbs out': REMOVE('old/../../../../etc', true),
      'a wildcard instead': REMOVE('/etc/*'),
      'dots inside a choice': REMOVE('{a,../../..}/*'),
    },
  },
  'destructive-program': {
    match: {
      'a folder that goes with all that is in it': bash('rm -rf /srv/data', STAGING),
      'a disk that is overwritten': bash('dd if=/dev/zero of=/dev/sda', STAGING),
      'history that is rewritten': bash('git push --force origin main', STAGING),
    },
    miss: {
      'a list of files': bash('ls -la /srv/data', STAGING),
      'one file': bash('rm notes.txt', STAGING),
    },
    bypass: {
      'split options and a full path': bash('/bin/rm -r -f -- /srv/data', STAGING),
      'a variable for the command': bash('c=rm; $c -rf /srv/data', STAGING),
      base64: bash('echo cm0gLXJmIC9zcnYvZGF0YQ== | base64 -d | sh', STAGING),
      'find instead of rm': bash('find /srv/data -type f -delete', STAGING),
      'a program in Python': code("import shutil\nshutil.rmtree('/srv/data')", 'python', STAGING),
      'quotes inside the word': bash('r\'m\' -"rf" /srv/data', STAGING),
    },
  },
  'destructive-program-in-development': {
    match: { 'a folder that goes with all that is in it': bash('rm -rf build') },
    miss: { 'a folder that is made': bash('mkdir -p build') },
    bypass: {
      'a wrapper around it': bash("env -i nohup bash -c 'rm -rf build'"),
      xargs: bash('ls | xargs rm -rf'),
      'a program in JavaScript': code("require('fs').rmSync('build', { recursive: true })", 'javascript'),
      'git clean': bash('git clean -fdx'),
    },
  },
  'unread-program': {
    match: { 'a script that does not parse': bash("if [ -f x ; then rm 'x") },
    miss: { 'a plain script': bash('wc -l report.csv') },
    bypass: {
      'eval of text that is put together': bash('a=r; b=m; eval "$a$b -rf x"'),
      'characters by their numbers': bash("$(printf '\\x72\\x6d') -rf x"),
      'code in code': code("exec(__import__('base64').b64decode('aW1wb3J0IG9z'))"),
    },
  },
  'whole-store-deletion': {
    match: {
      'a bucket': tool('aws.delete_bucket', { name: 'photos' }),
      'a repository by its address': request('https://api.github.com/repos/acme/shop', { method: 'DELETE' }),
      'a backup': act(
        'storage.delete',
        { connection: 's3', bucket: 'backups', key: 'daily/2026-01-30.tar' },
        { connections: { s3: { kind: 's3', environment: 'development' } } },
      ),
      'an account of the database': execute('DROP ROLE reporting'),
    },
    miss: {
      'a label of a repository': request('https://api.github.com/repos/acme/shop/labels/old', { method: 'DELETE' }),
      'one object': act(
        'storage.delete',
        { connection: 's3', bucket: 'photos', key: 'cat.jpg' },
        { connections: { s3: { kind: 's3', environment: 'development' } } },
      ),
      'a look at a bucket': tool('aws.get_bucket', { name: 'photos' }),
    },
    bypass: {
      'another spelling of the tool': tool('aws.DeleteBucket', { name: 'photos' }),
      'another word for it': tool('github.destroy-repository', { name: 'shop' }),
      'a command': bash('gh repo delete acme/shop --yes'),
      'capitals and a slash at the end': request('https://api.example.com/v1/BUCKETS/photos/', { method: 'DELETE' }),
    },
  },
  'whole-store-deletion-in-production': {
    match: {
      'a bucket': tool('aws.delete_bucket', { name: 'photos' }, { environment: 'production', ...BACKED_UP }),
      'a mailbox': request(
        'https://mail.example.com/mailboxes/ada',
        { method: 'DELETE' },
        { environment: 'production', ...BACKED_UP },
      ),
    },
    miss: {
      'a bucket of development': { ...tool('aws.delete_bucket', { name: 'photos' }), effect: 'require_approval' },
    },
    bypass: {
      'another spelling of the tool': tool(
        'aws.emptyS3Bucket',
        { name: 'photos' },
        { environment: 'production', ...BACKED_UP },
      ),
      'a place that nobody knows': tool(
        'aws.delete_bucket',
        { name: 'photos' },
        { environment: 'unknown', ...BACKED_UP },
      ),
      'a command': bash('aws s3 rb s3://photos --force', { environment: 'production' }),
    },
  },
  'delete-without-backup': {
    match: {
      'a row of production': execute('DELETE FROM users WHERE id = 7', { on: 'live' }),
      'an object of production': act(
        'storage.delete',
        { connection: 's3', bucket: 'photos', key: 'cat.jpg' },
        { connections: { s3: { kind: 's3', environment: 'production' } } },
      ),
    },
    miss: {
      'a row with a backup': execute('DELETE FROM users WHERE id = 7', { on: 'live', ...BACKED_UP }),
      'a file that goes to the trash': { ...REMOVE('old.csv'), environment: 'production' },
      'a row of development': execute('DELETE FROM users WHERE id = 7'),
    },
    bypass: {
      'a deployment that calls itself development': execute('DELETE FROM users WHERE id = 7', {
        on: 'live',
        environment: 'development',
      }),
      'a place that nobody knows': execute('DELETE FROM users WHERE id = 7', {
        connections: { db: { kind: 'postgres', environment: 'unknown' } },
      }),
      'a DELETE inside WITH': execute('WITH d AS (DELETE FROM users WHERE id = 7 RETURNING id) SELECT id FROM d', {
        on: 'live',
      }),
      'a request instead of SQL': request(
        'https://api.example.com/customers/7',
        { method: 'DELETE' },
        { environment: 'production' },
      ),
    },
  },
});
