import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../kernel/json.ts';
import { makeFacts, type FactChanges } from '../../../../test/support/facts.ts';
import type { Subject } from '../subject.ts';
import { isExternal, toTargetFacts } from './target-facts.ts';

const target = (kind: string, changes: FactChanges = {}, more: Partial<Subject> = {}) =>
  toTargetFacts({ kind, type: `${kind}.x`, operation: 'update', params: {}, ...more } as Subject, makeFacts(changes));
const web = (host: string, path = '/') => target('http', { url: { host, path, scheme: 'https' } }).kind;
const connection = (more: Partial<NonNullable<Subject['connection']>> = {}) => ({
  connection: { name: 'Main', kind: 'openai', ...more },
});

describe('hosts', () => {
  const HOSTS = {
    ticket:
      'atlassian.net zendesk.com freshdesk.com linear.app service-now.com intercom.io helpscout.net asana.com trello.com ' +
      'monday.com clickup.com youtrack.cloud',
    log:
      'sentry.io datadoghq.com datadoghq.eu newrelic.com logz.io splunkcloud.com loggly.com papertrailapp.com honeycomb.io ' +
      'grafana.net logtail.com rollbar.com bugsnag.com',
    model:
      'api.openai.com openai.azure.com api.anthropic.com generativelanguage.googleapis.com aiplatform.googleapis.com ' +
      'api.mistral.ai api.cohere.ai api.cohere.com api.groq.com api.together.xyz openrouter.ai api.deepseek.com api.x.ai ' +
      'api.perplexity.ai',
  };
  const rows = Object.entries(HOSTS).flatMap(([kind, hosts]) => hosts.split(' ').map((host) => [host, kind] as const));
  test.each(rows)('%s is a %s', (host, kind) => {
    expect([web(host), web(`x.${host}`)]).toEqual([kind, kind]);
    expect([web(`x${host}`), web(`${host}.example`), web(host.replace('.', 'x'))]).toEqual(['web', 'web', 'web']);
  });

  test.each(['issues', 'tickets', 'incidents', 'cases'])('/%s are tickets', (name) => {
    expect([web('a.example', `/${name}`), web('a.example', `/x/${name}/7`)]).toEqual(['ticket', 'ticket']);
    expect([web('a.example', `/x${name}`), web('a.example', `/${name}x`)]).toEqual(['web', 'web']);
  });
});

describe('other kinds', () => {
  test.each([
    ['file', 'file', 'yes'],
    ['sql', 'database', 'unknown'],
    ['email', 'mail', 'unknown'],
    ['slack', 'chat', 'yes'],
    ['model', 'model', 'yes'],
    ['storage', 'storage', 'yes'],
    ['code', 'code', 'yes'],
    ['mcp', 'server', 'unknown'],
    ['data', 'none', 'yes'],
  ])('%s goes to a %s', (kind, expected, encrypted) => {
    expect(target(kind)).toMatchObject({ kind: expected, encrypted });
  });

  const file = (path: string, operation = 'update') =>
    target('file', { file: { paths: ['/r/x', path] } }, { operation }).kind;
  test.each(['/r/a.log', '/r/a.log.1', '/r/a.log.12', 'log/x', 'logs/x', '/var/logs/x', '/var/log/x'])(
    '%s is a log',
    (path) => {
      expect([file(path), file(path, 'read'), file(path, 'list')]).toEqual(['log', 'file', 'file']);
    },
  );
  test.each(['/r/a.logx', '/r/a.log.gz', '/r/blog/x', '/r/logx/x', '/r/alog', '/r/a.log.1x'])('%s is none', (path) => {
    expect(file(path)).toBe('file');
  });

  const server = (params: JsonObject) => target('mcp', {}, { params }).kind;
  test.each(['issue', 'issues', 'ticket', 'tickets', 'jira', 'incident', 'zendesk', 'linear'])(
    '%s names tickets',
    (word) => {
      expect([
        server({ server: word, tool: 'x' }),
        server({ server: 'x', tool: word }),
        server({ tool: `a_${word}_b` }),
      ]).toEqual(['ticket', 'ticket', 'ticket']);
      expect([server({ server: `q${word}q`, tool: 'x' }), server({ tool: `${word}q` })]).toEqual(['server', 'server']);
      expect(server({ server: word })).toBe('ticket');
    },
  );
  test.each(['log', 'logs', 'logger', 'trace'])('%s names a log', (word) => {
    expect([
      server({ server: word, tool: 'x' }),
      server({ server: 'x', tool: word }),
      server({ server: word }),
    ]).toEqual(['log', 'log', 'log']);
    expect([server({ server: `q${word}q`, tool: 'x' }), server({ tool: `${word}q` })]).toEqual(['server', 'server']);
  });
  test('names that are no texts name nothing', () => {
    expect([server({}), server({ server: 7, tool: null })]).toEqual(['server', 'server']);
  });
});

describe('the name of a target', () => {
  test.each<[string, string, string]>([
    ['a bucket', target('storage', {}, { params: { bucket: 'Main' } }).name, 'main'],
    ['no bucket', target('storage', {}, { params: { bucket: 7 } }).name, ''],
    ['a channel', target('slack', {}, { params: { channel: '#a#B' } }).name, 'a#b'],
    ['a channel without a sign', target('slack', {}, { params: { channel: 'a#b' } }).name, 'a#b'],
    ['a server', target('mcp', {}, { params: { server: 'GitHub' } }).name, 'github'],
    ['a model by its host', target('model', {}, connection({ host: 'api.example' })).name, 'api.example'],
    ['a model by its kind', target('model', {}, connection()).name, 'openai'],
    ['a model', target('model').name, 'model'],
    ['a host', target('http', { url: { host: 'a.example' } }, connection()).name, 'a.example'],
    ['a database', target('sql', {}, connection()).name, 'main'],
    ['a mailbox that is read', target('email', {}, { type: 'email.search', ...connection() }).name, 'main'],
    ['a mail', target('email', {}, { type: 'email.send', ...connection() }).name, ''],
    ['none', target('file').name, ''],
  ])('%s', (_title, found, expected) => {
    expect(found).toBe(expected);
  });
});

describe('whether content leaves', () => {
  const leaves = (kind: string, changes: FactChanges = {}, more: Partial<Subject> = {}, operation = 'update') =>
    isExternal({ kind, known: true, params: {}, ...more } as Subject, operation, makeFacts(changes));

  test.each([
    'localhost',
    'localhost:11434',
    '127.0.0.1',
    '::1',
    '[::1]',
    '10.0.0.1',
    '192.168.1.1',
    '172.16.0.1',
    '172.19.0.1',
    '172.20.0.1',
    '172.29.0.1',
    '172.30.0.1',
    '172.31.0.1',
  ])('a model at %s stays inside', (host) => {
    expect(leaves('model', {}, connection({ host }))).toBe(false);
  });

  test.each([
    'a.localhost',
    'x127.0.0.1',
    '1.10.0.1',
    '172.15.0.1',
    '172.32.0.1',
    '172.2.0.1',
    '172.3.1',
    '192.169.0.1',
    '172.1.0.1',
  ])('a model at %s does not', (host) => {
    expect(leaves('model', {}, connection({ host }))).toBe(true);
  });

  test('by chat, by mail, by a tool, by a connection without host', () => {
    expect(leaves('slack', { recipients: { externalCount: 1 } })).toBe(true);
    expect(leaves('slack')).toBe(false);
    expect(leaves('email', { recipients: { externalCount: 1 } })).toBe(true);
    expect([leaves('mcp', {}, {}, 'list'), leaves('mcp', {}, {}, 'read'), leaves('mcp')]).toEqual([false, false, true]);
    expect(leaves('model', {}, connection())).toBe(true);
    expect(leaves('http', { url: { host: 'a.example' } }, connection())).toBe(true);
  });
});
