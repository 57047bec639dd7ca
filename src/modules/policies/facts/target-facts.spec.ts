import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../kernel/json.ts';
import { makeFacts, type FactChanges } from '../../../../test/support/facts.ts';
import type { Subject } from '../subject.ts';
import { isExternal, toTargetFacts } from './target-facts.ts';

function subject(kind: string, params: JsonObject = {}, more: Partial<Subject> = {}): Subject {
  return {
    type: `${kind}.x`,
    kind,
    operation: 'update',
    known: true,
    declared: true,
    sideEffect: 'outside',
    reversible: 'yes',
    environment: 'development',
    agent: { id: 'a', name: 'a', version: 1, task: '' },
    trigger: 'manual',
    params,
    paths: [],
    recursive: false,
    bytes: 0,
    costUsd: 0,
    principal: { kind: 'person', identified: true },
    timezone: 'UTC',
    own: { mailDomains: [] },
    ...more,
  };
}
const target = (one: Subject, changes: FactChanges = {}) => toTargetFacts(one, makeFacts(changes));
const url = (host: string, more: FactChanges['url'] = {}): FactChanges => ({ url: { host, scheme: 'https', ...more } });

test.each<[string, object, object]>([
  ['a web page', target(subject('http'), url('example.com')), { kind: 'web', name: 'example.com', encrypted: 'yes' }],
  ['plain http', target(subject('http'), url('example.com', { scheme: 'http' })), { encrypted: 'no' }],
  ['a ticket system', target(subject('http'), url('acme.atlassian.net')), { kind: 'ticket' }],
  [
    'issues of a repository',
    target(subject('http'), url('api.github.com', { path: '/repos/a/b/issues' })),
    { kind: 'ticket' },
  ],
  ['a log service', target(subject('http'), url('o1.ingest.sentry.io')), { kind: 'log' }],
  ['a host that only sounds like one', target(subject('http'), url('notsentry.io.example')), { kind: 'web' }],
  ['a model', target(subject('http'), url('api.openai.com')), { kind: 'model' }],
  ['a log file', target(subject('file'), { file: { paths: ['/r/app.log'] } }), { kind: 'log' }],
  [
    'a log file that is read',
    target(subject('file', {}, { operation: 'read' }), { file: { paths: ['/r/app.log'] } }),
    { kind: 'file' },
  ],
  ['a catalog', target(subject('file'), { file: { paths: ['/r/catalog.csv'] } }), { kind: 'file', name: '' }],
  ['a bucket', target(subject('storage', { bucket: 'Backups' })), { kind: 'storage', name: 'backups' }],
  ['a channel', target(subject('slack', { channel: '#Ops' })), { kind: 'chat', name: 'ops' }],
  ['a server', target(subject('mcp', { server: 'GitHub', tool: 'create_issue' })), { kind: 'ticket', name: 'github' }],
  ['another server', target(subject('mcp', { server: 'fs', tool: 'write' })), { kind: 'server', encrypted: 'unknown' }],
  [
    'a database',
    target(subject('sql', {}, { connection: { name: 'Orders', kind: 'postgres' } })),
    { kind: 'database', name: 'orders' },
  ],
])('%s', (_title, found, expected) => {
  expect(found).toMatchObject(expected);
});

describe('whether content leaves', () => {
  const leaves = (one: Subject, changes: FactChanges = {}) => isExternal(one, one.operation, makeFacts(changes));

  test.each<[string, boolean, boolean]>([
    ['a foreign host', leaves(subject('http'), url('example.com')), true],
    ['an allowed host', leaves(subject('http'), url('intra', { allowlisted: true })), false],
    [
      'the host of a connection',
      leaves(subject('http', {}, { connection: { name: 'c', kind: 'http', host: 'crm.example' } }), url('crm.example')),
      false,
    ],
    [
      'another host than the connection has',
      leaves(
        subject('http', {}, { connection: { name: 'c', kind: 'http', host: 'crm.example' } }),
        url('evil.example'),
      ),
      true,
    ],
    ['a mail to outside', leaves(subject('email'), { recipients: { externalCount: 1 } }), true],
    ['a mail inside', leaves(subject('email'), { recipients: { count: 1 } }), false],
    ['a model of somebody', leaves(subject('model')), true],
    [
      'a model on this machine',
      leaves(subject('model', {}, { connection: { name: 'm', kind: 'openai', host: 'localhost' } })),
      false,
    ],
    ['a tool that writes', leaves(subject('mcp')), true],
    ['a tool that reads', leaves(subject('mcp', {}, { operation: 'read' })), false],
    ['a program with network', leaves(subject('code'), { shell: { present: true, network: true } }), true],
    ['a program without', leaves(subject('code')), false],
    ['a file', leaves(subject('file')), false],
    ['the own bucket', leaves(subject('storage')), false],
    ['an unknown type', leaves(subject('x', {}, { known: false })), true],
  ])('%s: %s', (_title, found, expected) => {
    expect(found).toBe(expected);
  });
});
