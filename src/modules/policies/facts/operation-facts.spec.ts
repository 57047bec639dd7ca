import { describe, expect, test } from '@jest/globals';
import { makeFacts, type FactChanges } from '../../../../test/support/facts.ts';
import { toGravity, toOperation } from './operation-facts.ts';

describe('what a tool does, by its name', () => {
  test.each([
    ['get_user', 'read'],
    ['listIssues', 'list'],
    ['search_and_delete', 'delete'],
    ['delete_repository', 'delete'],
    ['send_email', 'send'],
    ['reply', 'send'],
    ['share_file', 'grant'],
    ['add_member', 'grant'],
    ['transfer_funds', 'pay'],
    ['deploy-service', 'deploy'],
    ['run_command', 'execute'],
    ['export_contacts', 'export'],
    ['update_row', 'update'],
    ['create_issue', 'create'],
    ['frobnicate', 'unknown'],
    ['getter', 'unknown'],
    ['list_members', 'list'],
    ['get_message', 'read'],
    ['get_role', 'read'],
    ['send_money', 'pay'],
    ['place_order', 'pay'],
    ['read_or_send', 'send'],
    ['', 'unknown'],
  ])('%s: %s', (tool, operation) => {
    const subject = { type: 'mcp.call', operation: 'unknown', params: { server: 's', tool, arguments: {} } };
    expect(toOperation(subject, makeFacts().sql, false)).toBe(operation);
  });
});

describe('what SQL does', () => {
  const operate = (sql: FactChanges['sql'], operation = 'execute', type = 'sql.execute') =>
    toOperation(
      { type, operation, params: {} },
      makeFacts({ sql: { present: true, mutating: true, ...sql } }).sql,
      false,
    );

  test('the gravest verb counts', () => {
    expect(operate({ operations: ['insert', 'update', 'delete'] })).toBe('delete');
    expect(operate({ operations: ['truncate'] })).toBe('delete');
    expect(operate({ operations: ['insert', 'alter'] })).toBe('update');
    expect(operate({ operations: ['insert'] })).toBe('create');
    expect(operate({ operations: ['select', 'grant'], privileges: true })).toBe('grant');
    expect(operate({ operations: ['select'], mutating: false })).toBe('read');
  });

  test('what cannot be read is no read', () => {
    expect(operate({ operations: ['other'], parsed: false }, 'read', 'sql.query')).toBe('unknown');
    expect(operate({ operations: ['other'], parsed: false })).toBe('execute');
    expect(operate({ operations: ['call'], opaque: true }, 'read', 'sql.query')).toBe('unknown');
  });

  test('other types are what the catalogue says, and money is money', () => {
    const subject = { type: 'http.request', operation: 'create', params: {} };
    expect(toOperation(subject, makeFacts().sql, false)).toBe('create');
    expect(toOperation(subject, makeFacts().sql, true)).toBe('pay');
  });
});

describe('gravity', () => {
  const judge = (
    changes: FactChanges & { credentialChange?: boolean },
    params = {},
    type = 'http.request',
    operation = 'create',
  ) => {
    const facts = makeFacts(changes);
    return toGravity({ type, params }, operation, facts);
  };
  const post = (path: string, method = 'POST') => judge({ url: { host: 'x.example', method, path } });
  const tool = (name: string, operation: string) => judge({}, { tool: name }, 'mcp.call', operation);

  test.each<[string, ReturnType<typeof judge>, object]>([
    ['a password that is set', post('/users/7/password', 'PUT'), { credentialChange: true }],
    ['a role', post('/v1/roles'), { credentialChange: true }],
    ['reading roles', post('/v1/roles', 'GET'), { credentialChange: false }],
    ['a loan decision', post('/loans/7'), { personDecision: true }],
    ['a tool that hires', tool('hire_candidate', 'update'), { personDecision: true }],
    ['a tool that reads candidates', tool('list_candidates', 'list'), { personDecision: false }],
    [
      'a table of claims that is changed',
      judge({ sql: { mutating: true, tables: ['claims'] } }),
      { personDecision: true },
    ],
    [
      'a table of claims that is read',
      judge({ sql: { mutating: false, tables: ['claims'] } }),
      { personDecision: false },
    ],
    ['SQL rights', judge({ sql: { privileges: true } }), { credentialChange: true }],
    ['a shell that adds a user', judge({ shell: { credentialChange: true } }), { credentialChange: true }],
    ['a grant', judge({}, {}, 'mcp.call', 'grant'), { credentialChange: true }],
    ['its own policy', tool('attach_policy', 'unknown'), { ownControls: true }],
    ['its own approval page', post('/api/v1/approvals/7/reviews'), { ownControls: true }],
    ['its own tables', judge({ sql: { mutating: true, tables: ['audit_entry'] } }), { ownControls: true }],
    ['a note', post('/notes'), { personDecision: false, credentialChange: false, ownControls: false }],
  ])('%s', (_title, found, expected) => {
    expect(found).toMatchObject(expected);
  });
});
