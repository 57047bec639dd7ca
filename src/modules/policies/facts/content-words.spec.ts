import { describe, expect, test } from '@jest/globals';
import type { Json, JsonObject } from '../../../kernel/json.ts';
import type { Subject } from '../subject.ts';
import { toContent, toFixed, toPrograms, toToolPlaces } from './content-facts.ts';

const programs = (type: string, params: JsonObject, kind?: string) =>
  toPrograms({
    type,
    params,
    ...(kind === undefined ? {} : { connection: { name: 'c', kind } }),
  } as unknown as Subject);
const call = (tool: unknown, given: Json) => programs('mcp.call', { tool: tool as string, arguments: given });
const inCode = (text: string) => programs('code.run', { source: `run(${text})` }).sql?.text;
const unknown = (text: string) => ({ sql: { text, dialect: 'unknown' } });
const shell = (source: string) => ({ code: { source, language: 'shell' } });
const code = (source: string) => ({ code: { source, language: 'unknown' } });

test.each([
  ['sql.query', 'connection sql'],
  ['sql.execute', 'connection sql'],
  ['code.run', 'source language'],
  ['http.request', 'url method connection'],
  ['mcp.call', 'server tool'],
  ['email.send', 'to cc bcc connection'],
  ['slack.post', 'channel connection'],
  ['data.transform', 'expression'],
  ['file.write', 'path from to bucket key connection channel'],
])('what a %s does is said by %s', (type, keys) => {
  expect(toFixed(type)).toEqual(keys.split(' '));
});

test('a hidden copy is no content either', () => {
  expect(toContent({ type: 'email.send', params: { to: 'a', cc: 'b', bcc: 'c', text: 't' } })).toEqual({ text: 't' });
});

describe('programs', () => {
  test.each(['postgres', 'mysql', 'sqlite'])('SQL of a %s connection is read in its dialect', (dialect) => {
    expect(programs('sql.query', { sql: 'x' }, dialect)).toEqual({ sql: { text: 'x', dialect } });
  });

  test.each(['python', 'javascript', 'typescript', 'go'])('%s is read as what it is', (language) => {
    expect(programs('code.run', { source: 'x', language })).toEqual({ code: { source: 'x', language } });
  });

  test('what is in no known language is read as any, and what is no text is empty', () => {
    expect(programs('code.run', { source: 'x', language: 'cobol' })).toEqual(code('x'));
    expect(programs('code.run', { source: 7 })).toEqual(code(''));
    expect(programs('code.run', {})).toEqual(code(''));
    expect(programs('sql.query', { sql: 'x' }, 'oracle')).toEqual(unknown('x'));
  });
});

describe('statements in the texts of a program', () => {
  const verbs = ['drop', 'TRUNCATE', 'alter', 'create', 'grant', 'revoke'];
  const things = ['table', 'database', 'schema', 'view', 'index', 'user', 'role', 'all', 'column'];
  test.each(verbs)('%s', (verb) => {
    for (const thing of things) expect(inCode(`" ${verb}  ${thing} x y"`)).toBe(`${verb}  ${thing} x y`);
  });

  test.each([
    'delete from t where id = 1',
    'DELETE \n from t',
    'update t set a = 1',
    'update  public.t  set a = 1',
    'insert into t values (1)',
    'insert  into t',
    'select a, b from t where c',
    'select  *  from t',
  ])('%s', (statement) => {
    for (const quote of ['"', "'", '`']) expect(inCode(`${quote}  ${statement}${quote}`)).toBe(statement);
    expect(inCode(`"xx ${statement}"`)).toBeUndefined();
    expect(inCode(`"${statement}'`)).toBeUndefined();
  });

  test.each([
    'delete fromage',
    'update t, u set',
    'update t settle',
    'insert intox',
    'select 1',
    'drop tables',
    'deletexfrom t',
  ])('%s is none', (text) => {
    expect(inCode(`"${text}"`)).toBeUndefined();
  });

  test('several are read one after another, and only near the beginning', () => {
    expect(inCode(`"drop table a", 'drop table b'`)).toBe('drop table a;\ndrop table b');
    const text = '"drop table a"';
    const at = (length: number) => programs('code.run', { source: `${'x'.repeat(length)}${text}` });
    expect(at(200_000 - text.length)).toHaveProperty('sql');
    expect(at(200_001 - text.length)).not.toHaveProperty('sql');
    expect(programs('code.run', { source: text })).toEqual({ ...code(text), ...unknown('drop table a') });
  });
});

describe('programs in the arguments of a tool', () => {
  test.each(['sql', 'query', 'statement', 'stmt', 'sql_query', 'sqlQuery'])('`%s` is SQL when it begins so', (key) => {
    expect(call('x', { [key]: 'select 1' })).toEqual(unknown('select 1'));
    expect(call('x', { [key]: 'shoes' })).toEqual({});
  });

  test.each([
    ' select',
    '\n\tinsert',
    '-- a\nupdate',
    '-- a\n  delete',
    '-- a\n-- b\ndrop',
    '/* a */truncate',
    '/* a\nb */  alter',
    '/*a*//*b*/create',
    '/*!50000 grant',
    '/*! revoke',
    'merge',
    'replace',
    'with',
    'explain',
    'copy',
    'call',
    'do',
    'execute',
    'exec',
    'prepare',
    'set',
    'vacuum',
    'attach',
    'pragma',
    'load',
    'rename',
    'BEGIN',
  ])('%j begins SQL', (start) => {
    expect(call('x', { sql: `${start} x` })).toEqual(unknown(`${start} x`));
  });

  test.each(['please select x', 'selection', '-- a select x', 'x-- a\nselect x', '50 x select'])(
    '%j does not',
    (text) => {
      expect(call('x', { sql: text })).toEqual({});
    },
  );

  test.each(['command', 'cmd', 'script', 'shell', 'bash', 'commands', 'commandline', 'command_line', 'commandLine'])(
    '`%s` is a command',
    (key) => {
      expect(call('x', { [key]: 'ls' })).toEqual(shell('ls'));
    },
  );

  test.each(['code', 'source', 'program'])('`%s` is a program', (key) => {
    expect(call('x', { [key]: 'a' })).toEqual(code('a'));
  });

  test.each(['bash', 'shell', 'terminal', 'command', 'exec', 'run_command', 'ssh', 'powershell', 'cmd'])(
    'what the tool %s gets is a command',
    (tool) => {
      for (const name of [tool, `x_${tool}`, `${tool}_x`]) {
        expect(call(name, { args: ['a', 'b'] })).toEqual(shell('a b'));
        expect(call(name, { input: 'a' })).toEqual(shell('a'));
        expect(call(name, { other: 'a' })).toEqual({});
      }
      if (tool !== 'run_command')
        expect([call(`q${tool}`, { input: 'b' }), call(`${tool}q`, { args: ['a'] })]).toEqual([{}, {}]);
    },
  );

  test('what a tool for SQL gets is SQL when it begins so', () => {
    for (const tool of ['sql', 'run_sql', 'sql_run', 'x_sql_y'])
      expect(call(tool, { text: 'select 1', other: 'shoes' })).toEqual(unknown('select 1'));
    for (const tool of ['nosql', 'sqlite', undefined, 7]) expect(call(tool, { text: 'select 1' })).toEqual({});
  });

  test('several are read together, commands before programs', () => {
    expect(call('x', { sql: ['select 1', 'select 2'] })).toEqual(unknown('select 1;\nselect 2'));
    expect(call('x', { code: ['a', 'b'] })).toEqual(code('a\nb'));
    expect(call('x', { code: 'a', command: 'b', sql: 'select 1' })).toEqual({ ...shell('b'), ...unknown('select 1') });
  });

  test('at any depth, whatever else is there, among the first two thousand values', () => {
    expect(call('x', { a: null, b: 7, c: [true, { command: 'ls' }] })).toEqual(shell('ls'));
    expect(call('x', null)).toEqual({});
    expect(call('bash', 'ls')).toEqual({});
    expect(programs('mcp.call', { tool: 'bash' })).toEqual({});
    expect(call('x', { sql: '-- a\n  -- b\n  select 1' })).toEqual(unknown('-- a\n  -- b\n  select 1'));
    const at = (place: number) => call('x', { a: Array<Json>(place).fill(0), command: [['ls']] });
    expect([at(1_994), at(1_997)]).toEqual([shell('ls'), {}]);
    expect(call('x', { command: ['a', ['b', 'c'], 'd'] })).toEqual(shell('a b c d'));
  });

  test('other types have none of them', () => {
    expect(programs('x', { arguments: { command: 'ls' } })).toEqual({});
  });
});

describe('places in the arguments of a tool', () => {
  const places = (given: Json) => toToolPlaces({ type: 'mcp.call', params: { arguments: given } });
  const paths =
    'path paths name file filename filepath source src destination dest dst target directory dir folder from to input output ' +
    'file_path filePath file_name filefile';
  test.each(paths.split(' '))('`%s` is a path', (key) => {
    expect(places({ [key]: '/a' })).toEqual({ paths: ['/a'] });
    expect(places({ [`q${key}`]: '/a' }).paths).toEqual([]);
    expect(places({ [`${key}q`]: '/a' }).paths).toEqual([]);
  });

  test.each(['/', 'a\\b', 'a.b', '~'])('%s looks like a path', (path) => {
    expect(places({ path: ['word', path, 'other'] }).paths).toEqual([path]);
  });

  const urls =
    'url urls uri link href endpoint webhook webhook_url callback callback_url base_url source src target address';
  test.each(urls.split(' '))('`%s` is an address', (key) => {
    for (const url of ['https://a.example', ' FTP://x', 'a+b-c.1://x']) expect(places({ [key]: url }).url).toBe(url);
    for (const url of ['see https://a.example', '//x', 'x', '1a://x'])
      expect(places({ [key]: url })).not.toHaveProperty('url');
    expect(places({ [`q${key}`]: 'https://a' })).not.toHaveProperty('url');
    expect(places({ [`${key}q`]: 'https://a' })).not.toHaveProperty('url');
  });

  test('an address is no path, and the first one counts', () => {
    expect(places({ source: 'https://a.example/x', target: 'https://b.example/y' })).toEqual({
      paths: ['https://b.example/y'],
      url: 'https://a.example/x',
    });
  });
});
