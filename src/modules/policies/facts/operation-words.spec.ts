import { describe, expect, test } from '@jest/globals';
import { makeFacts, type FactChanges } from '../../../../test/support/facts.ts';
import { toGravity, toOperation } from './operation-facts.ts';

const ofTool = (tool: unknown) =>
  toOperation(
    { type: 'mcp.call', operation: 'unknown', params: { tool: tool as string, arguments: {} } },
    makeFacts().sql,
    false,
  );

/** Words that mean the operation wherever they stand in the name of a tool. */
const VERBS: Readonly<Record<string, string>> = {
  pay: 'pay payment payout transfer refund charge purchase buy withdraw wire remit disburse checkout',
  delete:
    'delete remove drop destroy erase purge wipe trash unlink truncate terminate revoke cancel close delete_payments_log',
  grant: 'grant invite share permission permissions role roles member members collaborator acl',
  deploy: 'deploy release rollback rollout promote publish_version migrate',
  send: 'send post email mail reply message notify publish tweet comment dm sms call',
  execute: 'run exec execute eval bash shell terminal command script sql invoke trigger',
  export: 'export dump download backup',
  update:
    'update set edit modify change rename move replace patch put write save assign reset rotate enable disable merge',
  create: 'create add insert new upload append register import book schedule reserve make open',
};

describe.each(Object.entries(VERBS))('%s is told', (operation, words) => {
  test.each(words.split(' '))('by %s alone, first, last and between', (word) => {
    expect([word, `${word}_x`, `x_${word}`, `x_${word}_y`].map(ofTool)).toEqual(Array(4).fill(operation));
    expect([`q${word}q`, `q${word}`].map(ofTool)).toEqual(['unknown', 'unknown']);
  });
});

describe('reading is told by the first word', () => {
  test.each('list search find'.split(' '))('%s lists', (word) => {
    expect([word, `${word}_payments`, `x_${word}`, `x_${word}_y`].map(ofTool)).toEqual(Array(4).fill('list'));
    expect(ofTool(`q${word}`)).toBe('unknown');
  });

  test.each('get read fetch show view describe query lookup check count status info'.split(' '))('%s reads', (word) => {
    expect([word, `${word}_payments`, `x_${word}`, `x_${word}_y`].map(ofTool)).toEqual(Array(4).fill('read'));
    expect(ofTool(`q${word}`)).toBe('unknown');
  });

  test.each([
    ['get_and_delete', 'delete'],
    ['list_then_share', 'grant'],
    ['read_or_update', 'update'],
    ['get_or_list', 'list'],
    ['x_and_y', 'unknown'],
    ['get_brand_send', 'read'],
  ])('%s: %s', (tool, operation) => {
    expect(ofTool(tool)).toBe(operation);
  });

  test('what has no name does what is unknown', () => {
    expect([undefined, 7, null, ['delete']].map(ofTool)).toEqual(Array(4).fill('unknown'));
  });
});

describe('sending money is paying', () => {
  const verbs = 'send move transmit schedule create make place submit book'.split(' ');
  const things = 'money funds cash transaction order payment bid deposit'.split(' ');

  test.each(verbs)('%s_…', (verb) => {
    for (const thing of things) {
      expect([`${verb}_${thing}`, `${verb}_${thing}s`, `${verb}_${thing}_now`].map(ofTool)).toEqual(
        Array(3).fill('pay'),
      );
      if (thing !== 'payment') expect(ofTool(`x_${verb}_${thing}`)).not.toBe('pay');
    }
    expect(ofTool(`${verb}_moneybox`)).not.toBe('pay');
  });
});

test.each([
  ['delete', 'delete truncate drop'],
  ['update', 'update merge replace alter set'],
  ['create', 'insert create copy'],
])('SQL that does a %s: %s', (operation, verbs) => {
  for (const verb of verbs.split(' ')) {
    const { sql } = makeFacts({ sql: { present: true, parsed: true, mutating: true, operations: ['select', verb] } });
    expect(toOperation({ type: 'sql.execute', operation: 'execute', params: {} }, sql, false)).toBe(operation);
    expect(toOperation({ type: 'code.run', operation: 'execute', params: {} }, sql, false)).toBe('execute');
  }
});

test('SQL that is not there says nothing', () => {
  const { sql } = makeFacts({ sql: { present: false, privileges: true, operations: ['drop'] } });
  expect(toOperation({ type: 'sql.query', operation: 'read', params: {} }, sql, false)).toBe('read');
});

describe('gravity by the words of a place', () => {
  const judge = (
    path: string,
    more: FactChanges['url'] = {},
    params = {},
    type = 'http.request',
    operation = 'create',
  ) => toGravity({ type, params }, operation, makeFacts({ url: { host: 'x.example', method: 'POST', path, ...more } }));
  const none = { personDecision: false, credentialChange: false, ownControls: false };

  const decisions =
    'hire hiring reject rejection reject_candidate reject_applicant shortlist fire dismiss terminate_employee termination ' +
    'terminations promote promotes promotion promotions credit_decision credit-limit creditscore credit_scores loan loans ' +
    'mortgage mortgages underwrite underwriting claim claims deny denial eligibility diagnose diagnosis diagnoses prescribe ' +
    'prescribes prescription prescriptions triage treatment treatments visa visas evict evicts eviction evictions bail parole ' +
    'sentence sentencing admission admissions grade grading candidate candidates applicant applicants';
  test.each(decisions.split(' '))('%s is a decision about a person', (word) => {
    for (const path of [`/${word}`, `/v1/${word}/7`, `/a_${word}.b`, `/a-${word}-b`])
      expect(judge(path)).toEqual({ ...none, personDecision: true });
    for (const path of [`/q${word}`, `/${word}q`].filter(() => /^[a-z]+$/.test(word)))
      expect(judge(path).personDecision).toBe(false);
    const table = makeFacts({ sql: { mutating: true, tables: ['x', word] } });
    expect(toGravity({ type: 'sql.execute', params: {} }, 'update', table).personDecision).toBe(true);
  });

  const secrets =
    'password passwords passwd api_key api-keys apikey apikeys access_key access-keys accesskey secret secrets token tokens ' +
    'credential credentials mfa 2fa totp role roles permission permissions member members membership memberships collaborator ' +
    'collaborators iam acl grant grants service_account service-accounts serviceaccount ssh_key ssh-keys sshkey sshkeys invite ' +
    'invites invitation invitations admin admins user users group groups';
  test.each(secrets.split(' '))('%s is a change of who may do what', (word) => {
    for (const path of [`/${word}`, `/v1/${word}/7`, `/a_${word}.b`, `/a-${word}-b`])
      expect(judge(path)).toEqual({ ...none, credentialChange: true });
    for (const path of [`/q${word}`, `/${word}q`]) expect(judge(path).credentialChange).toBe(false);
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s changes', (method) => {
    expect(judge('/Users/LOANS', { method })).toEqual({ ...none, credentialChange: true, personDecision: true });
  });

  test('what only reads, or goes nowhere, is none', () => {
    for (const method of ['GET', 'HEAD', '']) expect(judge('/users/loans', { method })).toEqual(none);
    expect(judge('/users/loans', { host: '' })).toEqual(none);
    expect(judge('/api/v1/keys', { host: '' })).toEqual(none);
  });

  test.each(['approvals', 'policies', 'agents', 'audit', 'me', 'people', 'keys'])('/api/v1/%s is its own', (name) => {
    for (const path of [`/api/v1/${name}`, `/api/v1/${name}/7`]) expect(judge(path).ownControls).toBe(true);
    for (const path of [`/x/api/v1/${name}`, `/api/v1/${name}x`]) expect(judge(path).ownControls).toBe(false);
    expect(judge(`/api/v1/${name}`, { method: 'GET' }).ownControls).toBe(false);
  });

  test('so is its own door for tools', () => {
    expect(['/mcp', '/mcp/x', '/mcpx', '/a/mcp'].map((path) => judge(path).ownControls)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('gravity of tools', () => {
  const tool = (name: unknown, operation = 'unknown', type = 'mcp.call') =>
    toGravity({ type, params: { tool: name as string } }, operation, makeFacts());
  const own =
    'attach_policy create_policy deploy_agent stop_agent create_agent request_approval cancel_approval approve deny ' +
    'review_approval update_policy delete_policy set_limit set_limits';

  test('the first word of a tool counts', () => {
    expect(tool('password', 'update').credentialChange).toBe(true);
    expect(tool('password', 'read').credentialChange).toBe(false);
  });

  test.each(own.split(' '))('%s is its own', (name) => {
    expect(tool(name).ownControls).toBe(true);
    for (const other of [`x_${name}`, `${name}_x`]) expect(tool(other).ownControls).toBe(false);
    for (const reading of ['read', 'list']) expect(tool(name, reading).ownControls).toBe(false);
    expect(tool(name, 'unknown', 'http.request').ownControls).toBe(false);
  });

  test('a tool is judged by its name, unless it only reads', () => {
    expect(tool('setPassword', 'update')).toMatchObject({ credentialChange: true });
    expect(tool('get_user', 'read')).toMatchObject({ credentialChange: false });
    expect(tool('list_users', 'list')).toMatchObject({ credentialChange: false });
    expect(tool('user', 'update', 'http.request')).toMatchObject({ credentialChange: false });
    expect(tool('frobnicate', 'update')).toEqual({
      personDecision: false,
      credentialChange: false,
      ownControls: false,
    });
    for (const none of [undefined, 7, null]) expect(tool(none).ownControls).toBe(false);
  });
});

describe('its own tables and words', () => {
  const tables =
    'policy policy_version agent agent_version approval_request audit_entry audit_link audit_head audit_rollup workspace_setting';
  test.each(tables.split(' '))('%s', (table) => {
    const judge = (mutating: boolean, name = table) =>
      toGravity({ type: 'sql.execute', params: {} }, 'update', makeFacts({ sql: { mutating, tables: ['x', name] } }));
    expect([judge(true), judge(false), judge(true, `${table}x`)].map((each) => each.ownControls)).toEqual([
      true,
      false,
      false,
    ]);
  });

  const program = (source: string, shell: FactChanges['shell'] = {}) =>
    toGravity(
      { type: 'code.run', params: { source } },
      'execute',
      makeFacts({ shell: { present: true, writes: true, ...shell } }),
    ).ownControls;

  test.each([
    ...['approvals', 'policies', 'agents', 'audit', 'keys'].map((name) => `curl -X POST host/api/v1/${name}`),
    ...['approval_request', 'policy_version', 'audit_entry', 'audit_link', 'AGENT_VERSION'].map(
      (name) => `update ${name} set`,
    ),
  ])('a program that writes and says %s', (source) => {
    expect(program(source)).toBe(true);
    expect(program(source, { writes: false })).toBe(false);
    expect(program(source, { present: false })).toBe(false);
  });

  test.each(['echo hi', 'host/api/v1/agentsx', 'xaudit_entry', 'audit_entryx'])('%s is another', (source) => {
    expect(program(source)).toBe(false);
  });
});
