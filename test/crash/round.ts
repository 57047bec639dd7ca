import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { callApi, callTool, type Answer } from './client.ts';
import type { Kind } from './plan.ts';
import { toAction, type Scene, type World } from './world.ts';

const HELD_MS = 60_000;
const REACH_MS = 20_000;
/** What a process still does after the end, such as to say that a job is done. */
const AFTER_MS = 400;

/** A held action that people can answer. */
export interface Held extends Kind {
  readonly token: string;
  readonly approvalId: string;
}

/** Holds one action: by a run of a deployed agent, or by a call that waits. */
export async function hold({ front, pool }: Scene, { agents, sink }: World, { way, effect }: Kind): Promise<Held> {
  const token = `token-${randomUUID()}`;
  const agentId = agents[effect];
  if (way === 'run') await callTool(front.url, 'run_agent', { agentId, input: { token } });
  // It waits for people, and may lose its server meanwhile: what becomes of it is seen in the record.
  else void callTool(front.url, 'perform_action', { agentId, ...toAction(effect, sink, token) }, true).catch(() => {});
  const deadline = performance.now() + HELD_MS;
  while (performance.now() < deadline) {
    const { rows } = await pool.query<{ id: string }>(
      `SELECT id FROM approval_request WHERE purpose = 'action' AND status = 'pending' AND position($1 IN convert_from(params, 'UTF8')) > 0`,
      [token],
    );
    if (rows[0] !== undefined) return { way, effect, token, approvalId: rows[0].id };
    await sleep(25);
  }
  throw new Error(`nothing was held for ${way} ${effect}: ${front.log}`);
}

/** What the second person sees before they answer. */
export async function readHash({ front }: Scene, { session }: World, { approvalId }: Held): Promise<string> {
  const { status, body } = await callApi(front.url, session, `/approvals/${approvalId}`);
  const { actionHash } = body;
  if (status !== 200 || typeof actionHash !== 'string') throw new Error(`the page: ${status} ${JSON.stringify(body)}`);
  return actionHash;
}

/** Answers yes as the second person; undefined when the server dies before it has answered. */
export async function review(
  { front }: Scene,
  { session }: World,
  { approvalId }: Held,
  actionHash: string,
): Promise<Answer | undefined> {
  const body = { verdict: 'approve', actionHash };
  return callApi(front.url, session, `/approvals/${approvalId}/reviews`, body).catch(() => undefined);
}

/** Where a round stands, straight from the record. */
export interface Standing {
  readonly approval_id: string;
  readonly action_id: string | null;
  readonly status: string;
  readonly execution: string | null;
  readonly run_status: string | null;
  /** A dead process holds it for a while yet: nobody goes on with it in the next seconds. */
  readonly is_parked: boolean;
}

export async function readStanding(pool: pg.Pool, approvalIds: readonly string[]): Promise<readonly Standing[]> {
  const { rows } = await pool.query<Standing>(
    `SELECT q.id AS approval_id, a.id AS action_id, q.status, a.execution, r.status AS run_status,
       coalesce(greatest(a.lease_until, r.lease_until) > app_now() + interval '8 seconds', false) AS is_parked FROM approval_request q
     LEFT JOIN action a ON a.id = q.action_id LEFT JOIN run r ON r.id = q.run_id WHERE q.id = ANY($1::uuid[])`,
    [approvalIds],
  );
  return rows;
}

/** An end, or an honest wait: a person is asked whether it happened. */
export function isOver({ status, execution, run_status: runStatus }: Standing): boolean {
  if (status === 'pending' || status === 'approved') return false;
  if (!['succeeded', 'failed', 'unknown'].includes(execution ?? '')) return false;
  if (runStatus === null || ['succeeded', 'failed', 'blocked', 'cancelled'].includes(runStatus)) return true;
  return runStatus === 'waiting_approval' && execution === 'unknown';
}

/** Resolves when the victim has died of its plan, or has plainly passed by it. */
export async function untilStruck({ victim, pool }: Scene, { approvalId }: Held): Promise<void> {
  const deadline = performance.now() + REACH_MS;
  let endedAt: number | undefined;
  while (victim.isAlive && performance.now() < deadline) {
    const [standing] = await readStanding(pool, [approvalId]);
    if (standing !== undefined && isOver(standing)) endedAt ??= performance.now();
    if (endedAt !== undefined && performance.now() > endedAt + AFTER_MS) return;
    await sleep(20);
  }
}
