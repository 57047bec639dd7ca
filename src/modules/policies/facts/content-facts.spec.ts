import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../kernel/json.ts';
import type { Subject } from '../subject.ts';
import { toContent, toFixed, toPrograms, toToolPlaces } from './content-facts.ts';

const programs = (type: string, params: JsonObject, connection?: Subject['connection']) =>
  toPrograms({ type, params, ...(connection === undefined ? {} : { connection }) } as Subject);
const call = (tool: string, given: JsonObject) => programs('mcp.call', { server: 's', tool, arguments: given });

describe('the programs of an action', () => {
  test('SQL is read in the dialect of its connection', () => {
    expect(programs('sql.query', { sql: 'SELECT 1' }, { name: 'c', kind: 'mysql' })).toEqual({
      sql: { text: 'SELECT 1', dialect: 'mysql' },
    });
    expect(programs('sql.execute', { sql: 'SELECT 1' })).toEqual({ sql: { text: 'SELECT 1', dialect: 'unknown' } });
    expect(programs('sql.query', { sql: 7 })).toEqual({ sql: { text: '', dialect: 'unknown' } });
  });

  test('statements inside a program are read too', () => {
    expect(programs('code.run', { source: 'db.execute("DROP TABLE users")', language: 'python' })).toEqual({
      code: { source: 'db.execute("DROP TABLE users")', language: 'python' },
      sql: { text: 'DROP TABLE users', dialect: 'unknown' },
    });
    expect(programs('code.run', { source: 'print("drop it")' })).not.toHaveProperty('sql');
  });

  test.each<[string, ReturnType<typeof call>, object]>([
    ['a query tool', call('query', { sql: 'delete from t' }), { sql: { text: 'delete from t' } }],
    [
      'a comment before the verb',
      call('query', { query: '/* x */ -- y\n DROP TABLE t' }),
      { sql: { text: '/* x */ -- y\n DROP TABLE t' } },
    ],
    ['a search that is no SQL', call('search', { query: 'blue shoes' }), {}],
    ['a command', call('run', { command: 'rm -rf /' }), { code: { source: 'rm -rf /', language: 'shell' } }],
    [
      'a command in parts',
      call('bash', { command: 'rm', args: ['-rf', '/'] }),
      { code: { source: 'rm -rf /', language: 'shell' } },
    ],
    ['a command below others', call('x', { job: { steps: [{ script: 'ls' }] } }), { code: { source: 'ls' } }],
    ['a program', call('x', { code: 'print(1)' }), { code: { source: 'print(1)', language: 'unknown' } }],
    ['neither', call('x', { text: 'rm -rf /' }), {}],
  ])('of a tool: %s', (_title, found, expected) => {
    expect(found).toMatchObject(expected);
    if (Object.keys(expected).length === 0) expect(found).toEqual({});
  });

  test('other actions have none', () => {
    expect(programs('file.write', { path: 'a.sh', content: 'rm -rf /' })).toEqual({});
  });
});

describe('the places of a tool', () => {
  const places = (given: JsonObject) => toToolPlaces({ type: 'mcp.call', params: { arguments: given } });

  test('paths and addresses in its arguments are found by their names', () => {
    expect(places({ path: '/root/.ssh/id_rsa', url: 'http://169.254.169.254/' })).toEqual({
      paths: ['/root/.ssh/id_rsa'],
      url: 'http://169.254.169.254/',
    });
    expect(places({ a: { filePath: '~/.aws/credentials' } }).paths).toEqual(['~/.aws/credentials']);
  });

  test('texts are none, and other actions have their own', () => {
    expect(places({ text: '/root/.ssh/id_rsa', title: 'http://x' })).toEqual({ paths: [] });
    expect(toToolPlaces({ type: 'file.read', params: { arguments: { path: '/x' } } })).toEqual({ paths: [] });
  });
});

test('whom a message goes to is no content of it', () => {
  expect(toContent({ type: 'email.send', params: { to: ['a@b.example'], cc: [], subject: 's', text: 't' } })).toEqual({
    subject: 's',
    text: 't',
  });
  expect(toContent({ type: 'slack.post', params: { channel: 'x' } })).toEqual({ channel: 'x' });
});

test('what says what is done is never rewritten', () => {
  expect(toFixed('sql.execute')).toContain('sql');
  expect(toFixed('code.run')).toContain('source');
  expect(toFixed('http.request')).toContain('url');
  expect(toFixed('file.write')).toContain('path');
});
