import { describe, expect, test } from '@jest/globals';
import { makeFacts, type FactChanges } from '../../../test/support/facts.ts';
import type { Risk } from './model.ts';
import { toQuorum, toRisk, toRiskReasons } from './risk.ts';

const append: FactChanges = {
  action: { type: 'file.write', kind: 'file', operation: 'create', sideEffect: 'local', reversible: 'yes' },
};
const post: FactChanges = {
  action: { type: 'http.request', kind: 'http', operation: 'unknown', sideEffect: 'outside', reversible: 'unknown' },
  file: { path: '', paths: [] },
  url: { scheme: 'https', host: 'example.com', port: 443, method: 'POST' },
};
const remove: FactChanges = {
  action: { type: 'file.delete', kind: 'file', operation: 'delete', sideEffect: 'local', reversible: 'yes' },
};
const mail: FactChanges = {
  action: { type: 'email.send', kind: 'email', operation: 'send', sideEffect: 'outside', reversible: 'no' },
};

describe('risk', () => {
  test.each<[string, FactChanges, Risk]>([
    ['a read', {}, 'low'],
    ['appending inside the roots', append, 'low'],
    ['deleting one file into the trash', remove, 'low'],
    ['a POST to a public host', post, 'medium'],
    ['a POST to an allowed private host', { ...post, url: { privateNetwork: true, allowlisted: true } }, 'medium'],
    ['a POST to a private host', { ...post, url: { privateNetwork: true } }, 'high'],
    ['an external message', { ...mail, action: { ...mail.action, external: true } }, 'medium'],
    ['a message to the own team', mail, 'low'],
    ['a reversible outside write', { action: { kind: 'storage', sideEffect: 'outside', reversible: 'yes' } }, 'medium'],
    ['an irreversible write', { action: { kind: 'sql', sideEffect: 'outside', reversible: 'no' } }, 'high'],
    [
      'a write of unknown reversibility',
      { action: { kind: 'sql', sideEffect: 'outside', reversible: 'unknown' } },
      'high',
    ],
    ['a write in production', { ...append, action: { ...append.action, production: true } }, 'high'],
    [
      'a write in an unknown environment',
      { ...append, environment: 'unknown', action: { ...append.action, production: true } },
      'high',
    ],
    ['a write in staging', { ...append, environment: 'staging' }, 'low'],
    ['100 records', { ...append, declared: { recordCount: 100 } }, 'low'],
    ['101 records', { ...append, declared: { recordCount: 101 } }, 'high'],
    ['deleting a folder', { ...remove, file: { recursive: true } }, 'high'],
    ['deleting by wildcard', { ...remove, file: { wildcard: true } }, 'high'],
    ['listing a folder', { file: { recursive: true } }, 'low'],
    ['an unknown type', { action: { known: false } }, 'critical'],
    ['money', { action: { operation: 'pay' } }, 'critical'],
    ['a grant', { action: { operation: 'grant' } }, 'critical'],
    ['a changed password', { action: { credentialChange: true } }, 'critical'],
    ['a change of its own rules', { action: { ownControls: true } }, 'critical'],
    ['a dropped database', { sql: { operations: ['drop'], objects: ['database'] } }, 'critical'],
    [
      'a dropped table',
      { sql: { operations: ['drop'], objects: ['table'] }, action: { sideEffect: 'outside', reversible: 'unknown' } },
      'high',
    ],
    ['a deleted backup', { action: { operation: 'delete' }, storage: { bucket: 'db-backups' } }, 'critical'],
    ['a backup that is read', { storage: { bucket: 'db-backups' } }, 'low'],
    ['a dropped schema', { sql: { operations: ['drop'], objects: ['schema'] } }, 'critical'],
    ['a deleted snapshot', { ...remove, storage: { bucket: 'a', key: 'snapshot' } }, 'critical'],
    ['deleted snapshots', { ...remove, storage: { bucket: 'Snapshots' } }, 'critical'],
    ['a deleted archive', { ...remove, storage: { bucket: 'archive-2024' } }, 'critical'],
    ['one deleted backup', { ...remove, storage: { key: 'a/backup/1' } }, 'critical'],
    ['a name with more behind backup', { ...remove, storage: { bucket: 'backupx' } }, 'low'],
    ['a name with more before backup', { ...remove, storage: { bucket: 'xbackup' } }, 'low'],
    ['a wiped disk', { shell: { present: true, destructive: true } }, 'critical'],
    ['a program that cannot be read', { shell: { present: true, parsed: false } }, 'high'],
    ['SQL that cannot be read', { sql: { present: true, parsed: false } }, 'high'],
    ['a deletion of unknown extent', { action: { operation: 'delete' }, records: { count: -1, known: false } }, 'high'],
    ['101 counted records', { records: { count: 101 } }, 'high'],
    ['100 counted records', { records: { count: 100 } }, 'low'],
    ['a read that no one could take back', { action: { sideEffect: 'none', reversible: 'unknown' } }, 'low'],
    ['SQL that reads', { sql: { present: true, parsed: true } }, 'low'],
    ['an action without SQL', { sql: { present: false, parsed: false } }, 'low'],
    ['a program that only computes', { shell: { present: true, parsed: true } }, 'low'],
    ['an action without a program', { shell: { present: false, parsed: false } }, 'low'],
    ['a call that reads outside', { action: { external: true } }, 'low'],
    ['a call that lists outside', { action: { external: true, operation: 'list' } }, 'low'],
    ['a call that creates outside', { action: { external: true, operation: 'create' } }, 'medium'],
  ])('%s', (_title, changes, risk) => {
    expect(toRisk(makeFacts(changes))).toBe(risk);
  });

  test('one person approves up to medium risk, two from high on', () => {
    expect((['low', 'medium', 'high', 'critical'] as const).map(toQuorum)).toEqual([1, 1, 2, 2]);
  });
});

describe('the reasons of a risk', () => {
  test.each<[string, FactChanges, RegExp]>([
    ['an unknown type', { action: { known: false } }, /nobody knows what/],
    ['deleting a folder', { ...remove, file: { recursive: true } }, /a folder with all that is in it/],
    ['a POST', post, /another system may change/],
    [
      'a GET',
      { ...append, action: { ...append.action, operation: 'read', sideEffect: 'none', external: true } },
      /^it asks a place outside/,
    ],
    ['101 records', { ...append, declared: { recordCount: 101 } }, /concerns 101 records/],
    ['a write in production', { ...append, action: { ...append.action, production: true } }, /acts in production/],
    ['an external message', { ...mail, action: { ...mail.action, external: true } }, /somebody outside is told/],
  ])('name %s', (_, changes, reason) => {
    expect(toRiskReasons(makeFacts(changes)).join('; ')).toMatch(reason);
  });

  test('say of a harmless action that it is one', () => {
    expect(toRiskReasons(makeFacts(append))).toEqual(['it can be undone and stays inside']);
  });
});
