import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addReviewer, answer } from '../../../test/support/answers.ts';
import { ask, denying, startGoverned, type Governed } from '../../../test/support/governed.ts';
import { shiftClock } from '../../../test/support/services.ts';
import type { Policy } from '../../kernel/policy/model.ts';
import type { PolicyRef } from '../../kernel/run/model.ts';
import type { SignedIn } from '../identity/index.ts';
import type { ActionRequest, ActionResult } from './action.ts';
import type { ActionsService } from './actions.service.ts';
import { CATALOGUE } from './catalogue.ts';

let g: Governed;
let grace: SignedIn;
beforeAll(async () => {
  g = await startGoverned();
  grace = await addReviewer(g.s.db, g.s.caller.workspaceId);
});
afterAll(() => g.close());
beforeEach(async () => {
  g.executor.answer = () => Promise.resolve({ done: true });
  g.executor.acted.length = 0;
  await shiftClock(g.s.db, '0');
});

type Held = Extract<ActionResult, { kind: 'held' }>;
const HOLDING = denying('action.type == "file.delete" || action.kind == "http"', { action: 'require_approval' });
const perform = (request: ActionRequest): Promise<ActionResult> => g.actions.perform(g.s.caller, request);
const remove = (agentId: string, path = 'old.txt'): ActionRequest => ask(agentId, 'file.delete', { path });
const hold = async (request: ActionRequest): Promise<Held> => {
  const held = await perform(request);
  if (held.kind !== 'held') throw new Error(`not held but ${held.kind}`);
  return held;
};
/** Held and approved, not yet carried out. */
const approved = async (request: ActionRequest): Promise<Held> => {
  const held = await hold(request);
  await answer(g.s.approvals, grace, held.approvalId);
  return held;
};
const statusOf = async ({ approvalId, actionId }: Held): Promise<string> => {
  const [row] = await g.s.db.query<{ text: string }>(
    `SELECT r.status || ' ' || coalesce(a.execution, '-') AS text FROM approval_request r, action a WHERE r.id = $1 AND a.id = $2`,
    [approvalId, actionId],
  );
  return row?.text ?? '';
};
const reasonOf = async ({ approvalId }: Held): Promise<string> => {
  const { endReason = '' } = await g.s.approvals.get(g.s.caller, approvalId);
  return endReason;
};
/** A newer version of the agent, with other policies; it is in force at once, as the agent is a draft. */
const change = async (agentId: string, policies: readonly Policy[], grants = ['file.*']): Promise<void> => {
  await g.s.agents.addVersion(
    g.s.caller,
    agentId,
    async (definition, tx) => {
      const refs: PolicyRef[] = [];
      for (const policy of policies) {
        const hash = await g.s.policies.snapshot(tx, policy);
        refs.push({ id: policy.id, name: policy.name, reason: 'test', hash });
      }
      return { ...definition, policies: refs, grants };
    },
    { kind: 'agent.versioned', data: {} },
  );
};

describe('an approved action', () => {
  it('is carried out once, however many try in however many processes', async () => {
    const agentId = await g.given([HOLDING]);
    const held = await approved(remove(agentId));
    const servers: ActionsService[] = [g.actions, g.open('strict', g.connect()), g.open('strict', g.connect())];
    await Promise.all(Array.from({ length: 50 }, (_, i) => servers[i % servers.length]!.carryOut(held.approvalId)));
    expect(g.executor.acted).toMatchObject([{ actionId: held.actionId, params: { path: 'old.txt' } }]);
    expect(await statusOf(held)).toBe('consumed succeeded');
    const kinds = await g.kindsOf(agentId);
    expect(kinds.filter((kind) => /consumed|claimed|executed/.test(kind))).toEqual([
      'approval.consumed succeeded',
      'action.claimed allowed',
      'action.executed succeeded',
    ]);
  });

  it('is carried out by the sweep when every job was lost', async () => {
    const held = await approved(remove(await g.given([HOLDING])));
    expect(await g.actions.resume()).toBe(1);
    expect(await g.actions.resume()).toBe(0);
    expect(await statusOf(held)).toBe('consumed succeeded');
  });

  it('is not carried out before it is approved, nor when it is denied', async () => {
    const agentId = await g.given([HOLDING]);
    const held = await hold(remove(agentId));
    await g.actions.carryOut(held.approvalId);
    expect(await statusOf(held)).toBe('pending -');
    await answer(g.s.approvals, grace, held.approvalId, 'deny', 'Keep that file.');
    await g.actions.carryOut(held.approvalId);
    expect(await statusOf(held)).toBe('denied -');
    expect(await perform(remove(agentId))).toMatchObject({
      kind: 'denied',
      reason: expect.stringMatching(/denied.*Keep that file/),
    });
    expect(g.executor.acted).toEqual([]);
  });
});

describe('what is looked at again before an approved action is carried out', () => {
  const refused = async (held: Held, why: RegExp, by: ActionsService = g.actions): Promise<void> => {
    await by.carryOut(held.approvalId);
    expect(await statusOf(held)).toBe('invalidated -');
    expect(await reasonOf(held)).toMatch(why);
    expect(g.executor.acted).toEqual([]);
  };

  it('is the policy in force: one that denies now ends the approval', async () => {
    const agentId = await g.given([HOLDING]);
    const held = await approved(remove(agentId));
    await change(agentId, [denying('action.type == "file.delete"', { message: 'No deletions any more.' })]);
    await refused(held, /No deletions any more/);
    expect(await perform(remove(agentId))).toMatchObject({
      kind: 'denied',
      reason: expect.stringMatching(/^approval_invalidated: .*No deletions/),
    });
  });

  it('is how many have to agree: more than were asked ends the approval', async () => {
    const agentId = await g.given([HOLDING]);
    const held = await approved(remove(agentId));
    const approval = { quorum: 3, groups: ['legal'] };
    await change(agentId, [denying('action.type == "file.delete"', { action: 'require_approval', approval })]);
    await refused(held, /Meanwhile 3 people/);
  });

  it('is whether the agent still declares it', async () => {
    const agentId = await g.given([HOLDING]);
    const held = await approved(remove(agentId));
    await change(agentId, [HOLDING], ['http.request']);
    await refused(held, /undeclared-type/);
  });

  it('leaves an approval alone where policies ask for less', async () => {
    const agentId = await g.given([HOLDING]);
    const held = await approved(remove(agentId));
    await change(agentId, []);
    await g.actions.carryOut(held.approvalId);
    expect(await statusOf(held)).toBe('consumed succeeded');
  });

  it('is the definition of the tool', async () => {
    const held = await approved(remove(await g.given([HOLDING])));
    const entry = CATALOGUE.get('file.delete')!;
    const other = g.open('strict', g.s.db, new Map([...CATALOGUE, ['file.delete', { ...entry, reversible: 'no' }]]));
    await refused(held, /not any more what was approved/, other);
  });

  it('is every byte that is stored', async () => {
    const held = await approved(remove(await g.given([HOLDING])));
    await g.s.db.query(`UPDATE action SET params = '{"path":"new.txt"}' WHERE id = $1`, [held.actionId]);
    await refused(held, /not any more what was approved/);
  });

  it('is for whom it is', async () => {
    const held = await approved(remove(await g.given([HOLDING])));
    const other = await addReviewer(g.s.db, g.s.caller.workspaceId, ['operator']);
    await g.s.db.query(
      `UPDATE action SET context = convert_to((convert_from(context, 'UTF8')::jsonb || jsonb_build_object('personId', $2::text))::text, 'UTF8') WHERE id = $1`,
      [held.actionId, other.personId],
    );
    await refused(held, /not any more what was approved/);
  });

  it('is whether the agent may act at all', async () => {
    const agentId = await g.given([HOLDING]);
    const held = await approved(remove(agentId));
    await g.s.db.query(`UPDATE agent SET status = 'paused' WHERE id = $1`, [agentId]);
    await refused(held, /is paused/);
  });

  it('is whether those who approved still may', async () => {
    const linus = await addReviewer(g.s.db, g.s.caller.workspaceId);
    const held = await hold(remove(await g.given([HOLDING])));
    await answer(g.s.approvals, linus, held.approvalId);
    await g.s.db.query(`UPDATE person SET roles = '{requester}' WHERE id = $1`, [linus.personId]);
    await refused(held, /may still do so/);
  });

  it('is its age', async () => {
    const held = await approved(remove(await g.given([HOLDING])));
    await shiftClock(g.s.db, '25 hours');
    await g.actions.carryOut(held.approvalId);
    expect(await statusOf(held)).toBe('lapsed -');
    expect(g.executor.acted).toEqual([]);
  });

  it('is what is left of a limit', async () => {
    const agentId = await g.given([HOLDING, denying('rate.calls1m >= 1', { message: 'One a minute.' })]);
    const held = await approved(remove(agentId));
    await perform(ask(agentId, 'file.read', { path: 'a' }));
    g.executor.acted.length = 0;
    await refused(held, /One a minute/);
  });
});

describe('a process that dies with an approved action', () => {
  const LATER = '2 minutes';
  /** As kill -9 leaves it. */
  const dies = async (held: Held, execution: 'claimed' | 'dispatched'): Promise<void> => {
    await g.actions.carryOut(held.approvalId);
    await g.s.db.query(
      `UPDATE action SET execution = $2, output = NULL, finished_at = NULL, lease_until = app_now() + interval '30 seconds' WHERE id = $1`,
      [held.actionId, execution],
    );
    g.executor.acted.length = 0;
  };

  it('leaves one that was only claimed to anybody, when its lease is over and not before', async () => {
    const agentId = await g.given([HOLDING]);
    const held = await approved(remove(agentId));
    await dies(held, 'claimed');
    expect(await g.actions.resume()).toBe(0);
    expect(await perform(remove(agentId))).toMatchObject({ kind: 'held', actionId: held.actionId });
    await shiftClock(g.s.db, LATER);
    await Promise.all([g.actions.resume(), g.open('strict').resume()]);
    expect(g.executor.acted).toMatchObject([{ actionId: held.actionId }]);
    expect(await statusOf(held)).toBe('consumed succeeded');
  });

  it('leaves one that may be repeated to be repeated under its id', async () => {
    const held = await approved(remove(await g.given([HOLDING])));
    await dies(held, 'dispatched');
    await shiftClock(g.s.db, LATER);
    await g.actions.resume();
    expect(g.executor.acted).toMatchObject([{ actionId: held.actionId }]);
  });

  it('leaves any other unknown: people are asked whether it happened, and it is never tried again', async () => {
    const agentId = await g.given([HOLDING]);
    const post = ask(agentId, 'http.request', { url: 'https://example.com/', method: 'POST' });
    const held = await approved(post);
    await dies(held, 'dispatched');
    await shiftClock(g.s.db, LATER);
    await g.actions.resume();
    expect(await statusOf(held)).toBe('consumed unknown');
    const [question] = await g.s.approvals.listPending(agentId);
    expect(question?.description).toMatch(/Did it happen\?/);
    expect(await perform(post)).toMatchObject({ kind: 'unknown', approvalId: question?.id });
    await g.actions.resume();
    expect(g.executor.acted).toEqual([]);
  });

  it('leaves nothing to begin for an agent that was halted meanwhile, and gives back what was reserved', async () => {
    const agentId = await g.given([HOLDING]);
    const held = await approved(ask(agentId, 'file.delete', { path: 'old.txt' }, { facts: { cost: 2 } }));
    await dies(held, 'claimed');
    await g.s.db.query(`UPDATE agent SET status = 'stopped' WHERE id = $1`, [agentId]);
    await shiftClock(g.s.db, LATER);
    await g.actions.resume();
    expect(await statusOf(held)).toBe('consumed failed');
    expect(g.executor.acted).toEqual([]);
    const rows = await g.s.db.query<{ micros: string }>(`SELECT micros FROM agent_budget WHERE agent_id = $1`, [
      agentId,
    ]);
    expect(new Set(rows.map(({ micros }) => micros))).toEqual(new Set(['0']));
  });
});
