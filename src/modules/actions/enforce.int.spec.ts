import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ask, denying, startGoverned, type Governed } from '../../../test/support/governed.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Policy } from '../../kernel/policy/model.ts';
import { AuditLogQuery } from '../audit/index.ts';
import { hashAction, type ActionRequest, type ActionResult } from './action.ts';
import { CATALOGUE } from './catalogue.ts';
import { hashDefinition } from './hash-definition.ts';

let g: Governed;
beforeAll(async () => {
  g = await startGoverned();
});
afterAll(() => g.close());
beforeEach(() => {
  g.executor.answer = () => Promise.resolve({ done: true });
});

const perform = (request: ActionRequest): Promise<ActionResult> => g.actions.perform(g.s.caller, request);
const decidedOf = async (agentId: string): Promise<JsonObject> => {
  const { entries } = await g.s.audit.list(
    g.s.caller,
    AuditLogQuery.parse({ agentId, actionFilter: 'action.decided' }),
  );
  return JSON.parse(JSON.stringify(entries[0])) as JsonObject;
};
/** The hash of an action with these params at the API of these tests. */
const hashOf = (request: ActionRequest): string =>
  hashAction(
    {
      workspaceId: g.s.caller.workspaceId,
      principal: g.s.caller.personId,
      tool: hashDefinition(CATALOGUE.get(request.type), request.params),
      target: { paths: [], scheme: 'https', host: 'api.example.com', port: 443 },
    },
    request,
  );
const rowOf = async (actionId: string): Promise<{ params: JsonObject; action_hash: string; effect: string }> => {
  const [row] = await g.s.db.query<{ params: Buffer; action_hash: string; effect: string }>(
    'SELECT params, action_hash, effect FROM action WHERE id = $1',
    [actionId],
  );
  return { ...row!, params: JSON.parse(row!.params.toString('utf8')) as JsonObject };
};

/** Leaves out what a field named `note` holds. */
const DROPPING: Policy = denying('action.kind == "http"', {
  action: 'transform',
  transform: { kind: 'drop', fields: ['note'] },
  message: 'Notes stay here.',
});
const post = (agentId: string, more: Partial<ActionRequest> = {}): ActionRequest =>
  ask(
    agentId,
    'http.request',
    { url: 'https://api.example.com/', method: 'PUT', json: { id: 7, note: 'private' } },
    more,
  );
const CHANGED = { url: 'https://api.example.com/', method: 'PUT', json: { id: 7 } };

describe('a transform', () => {
  it('changes what is executed and stored, and leaves the hash that of what was asked', async () => {
    const agentId = await g.given([DROPPING]);
    const request = post(agentId);
    const result = await perform(request);
    expect(result).toMatchObject({ kind: 'succeeded', decision: { effect: 'transform', redactions: [{ count: 1 }] } });
    expect(g.executor.acted.at(-1)).toMatchObject({ actionId: result.actionId, params: CHANGED });
    const hash = hashOf(request);
    expect(await rowOf(result.actionId)).toEqual({ params: CHANGED, action_hash: hash, effect: 'transform' });
    expect(await decidedOf(agentId)).toMatchObject({
      outcome: 'allowed',
      data: { executedHash: hashOf({ ...request, params: CHANGED }) },
    });
    expect(JSON.stringify(request.params)).toContain('private');
  });

  it('without anything to change leaves one hash', async () => {
    const agentId = await g.given([DROPPING]);
    await perform(ask(agentId, 'http.request', { url: 'https://api.example.com/' }));
    expect((await decidedOf(agentId))['data']).not.toHaveProperty('executedHash');
  });

  it('answers the same key with the same outcome, whose action is the one that was asked', async () => {
    const agentId = await g.given([DROPPING]);
    const request = post(agentId, { idempotencyKey: randomUUID() });
    const first = await perform(request);
    const before = g.executor.acted.length;
    expect(await perform(request)).toEqual(first);
    expect(g.executor.acted).toHaveLength(before);
  });

  it('is repeated after a crash as it was decided then', async () => {
    const agentId = await g.given([DROPPING]);
    const request = post(agentId, { idempotencyKey: randomUUID(), timeoutMs: 1 });
    const { actionId } = await perform(request);
    await g.s.db.query(
      `UPDATE action SET execution = 'dispatched', finished_at = NULL, output = NULL, lease_until = app_now() WHERE id = $1`,
      [actionId],
    );
    expect(await perform(request)).toMatchObject({ kind: 'succeeded', actionId });
    expect(g.executor.acted.at(-1)).toMatchObject({ actionId, params: CHANGED });
  });

  it('goes into what people are asked about', async () => {
    const agentId = await g.given([DROPPING, denying('action.kind == "http"', { action: 'require_approval' })]);
    const held = await perform(post(agentId));
    expect(held.kind).toBe('held');
    const [row] = await g.s.db.query<{ params: Buffer }>('SELECT params FROM approval_request WHERE agent_id = $1', [
      agentId,
    ]);
    expect(JSON.parse(row!.params.toString('utf8'))).toEqual(CHANGED);
  });
});

describe('an idempotent action under a key', () => {
  it('is repeated by one caller at a time when its process died', async () => {
    const agentId = await g.given();
    const request = post(agentId, { idempotencyKey: randomUUID() });
    const { actionId } = await perform(request);
    await g.s.db.query(
      `UPDATE action SET execution = 'dispatched', finished_at = NULL, output = NULL, lease_until = app_now() WHERE id = $1`,
      [actionId],
    );
    const before = g.executor.acted.length;
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => perform(request)));
    expect(g.executor.acted).toHaveLength(before + 1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'conflict' });
      else expect(result.value).toMatchObject({ kind: 'succeeded', actionId });
    }
  });
});

describe('a held action', () => {
  const quorumOf = async (...quorums: (number | undefined)[]): Promise<number | undefined> => {
    const rules = quorums.map((quorum) =>
      denying('action.type == "file.read"', {
        action: 'require_approval',
        ...(quorum === undefined ? {} : { approval: { quorum } }),
      }),
    );
    const unmatched = denying('action.type == "file.write"', { action: 'require_approval', approval: { quorum: 9 } });
    const agentId = await g.given([...rules, unmatched]);
    await perform(ask(agentId, 'file.read', { path: 'a' }));
    return (await g.s.approvals.listPending(agentId))[0]?.requiredApprovals;
  };

  it('needs as many people as its risk asks for, or as the strictest rule that matches', async () => {
    expect(await quorumOf(undefined)).toBe(1);
    expect(await quorumOf(3)).toBe(3);
    expect(await quorumOf(2, 4, undefined)).toBe(4);
  });

  it('is recorded once when it is asked for by many at once', async () => {
    const agentId = await g.given([denying('rate.calls1m >= 0', { action: 'require_approval' })]);
    const results = await Promise.all(
      Array.from({ length: 20 }, () => perform(ask(agentId, 'file.read', { path: 'a' }))),
    );
    expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['held']));
    expect(new Set(results.map(({ actionId }) => actionId)).size).toBe(1);
    expect(await g.s.approvals.listPending(agentId)).toHaveLength(1);
  });

  it('is asked about only by the state as it is, not as it was seen before', async () => {
    const agentId = await g.given([denying('rate.calls1m >= 1', { action: 'require_approval' })]);
    const other = g.open('strict', g.connect());
    const read = ask(agentId, 'file.read', { path: 'a' });
    expect((await other.perform(g.s.caller, read)).kind).toBe('succeeded');
    // This one has seen nothing yet and assumes that nothing was counted.
    expect((await perform(read)).kind).toBe('held');
  });
});

describe('an action that cannot be recorded', () => {
  it('is not carried out', async () => {
    const agentId = await g.given();
    const before = g.executor.acted.length;
    await g.s.db.query('ALTER TABLE audit_entry ADD CONSTRAINT full_disk CHECK (false) NOT VALID');
    try {
      await expect(perform(ask(agentId, 'file.read', { path: 'a' }))).rejects.toThrow(/full_disk/);
    } finally {
      await g.s.db.query('ALTER TABLE audit_entry DROP CONSTRAINT full_disk');
    }
    expect(g.executor.acted).toHaveLength(before);
    const rows = await g.s.db.query('SELECT FROM action WHERE agent_id = $1', [agentId]);
    expect(rows).toEqual([]);
    const counts = await g.s.db.query('SELECT FROM agent_window WHERE agent_id = $1', [agentId]);
    expect(counts).toEqual([]);
  });

  it('is denied with its reason also when that quotes a NUL', async () => {
    const agentId = await g.given([denying('message.subject.size() > 1', { message: 'Not {message.subject}.' })]);
    const params = { to: ['ada@example.com'], subject: 'a\0b', text: 'Hello' };
    expect(await perform(ask(agentId, 'email.send', params))).toMatchObject({
      kind: 'denied',
      decision: { violations: [{ message: 'Not a\0b.' }] },
    });
  });
});

describe('an agent that is halted', () => {
  it('lets no action start once the halt is committed, also of those under way to be decided', async () => {
    const agentId = await g.given();
    const read = (i: number): Promise<ActionResult> => perform(ask(agentId, 'file.read', { path: `p/${i}` }));
    const some = Array.from({ length: 10 }, (_, i) => read(i).catch(() => undefined));
    await g.s.db.transaction((tx) =>
      g.s.agents.setStatus(tx, g.s.caller, agentId, { status: 'stopped' }, { kind: 'agent.stopped', data: {} }),
    );
    const [before] = await g.s.db.query<{ n: number }>('SELECT count(*)::int AS n FROM action WHERE agent_id = $1', [
      agentId,
    ]);
    await Promise.all([...some, ...Array.from({ length: 10 }, (_, i) => read(i).catch(() => undefined))]);
    const [after] = await g.s.db.query<{ n: number }>('SELECT count(*)::int AS n FROM action WHERE agent_id = $1', [
      agentId,
    ]);
    expect(after).toEqual(before);
  });
});
