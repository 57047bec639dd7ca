import { toActor } from '../../kernel/caller.ts';
import { toStorableJson } from '../../kernel/json.ts';
import type { Decision } from '../../kernel/policy/model.ts';
import type { Tx } from '../../platform/db/index.ts';
import type { ApprovalRow } from '../approvals/index.ts';
import type { ActionResult } from './action.ts';
import { toDenial } from './denial.ts';
import type { CarryOutServices } from './carry-out.ts';
import { lockAction, toReason } from './earlier.ts';
import type { HeldAction, Today } from './held-action.ts';
import { lookAtAgent } from './look-at-agent.ts';
import { toQuestions } from './assumed-state.ts';
import { toAsked, toStateFacts, type State } from './state-guard.ts';
import { toCounts, toKnown } from './state-keys.ts';
import { findStricter } from './stricter.ts';

export type Claim =
  | { readonly kind: 'claimed'; readonly decision: Decision }
  | { readonly kind: 'answer'; readonly result: ActionResult }
  /** Somebody else is at it, or it still waits for people. */
  | { readonly kind: 'none' }
  /** Another version of the agent came in force since it was looked at. */
  | { readonly kind: 'again' };

/**
 * Takes an approved action to be carried out, once. Everything is looked at again under the locks of the agent, the action and the request, in this
 * order; what does not hold any more ends the approval. Nothing has happened yet when this commits.
 */
export async function claim(
  tx: Tx,
  services: CarryOutServices,
  held: HeldAction,
  today: Today,
  leaseMs: number,
): Promise<Claim> {
  const { approvals } = services;
  const look = await lookAtAgent(tx, held, today);
  if (look.kind === 'may' && today.kind === 'ready' && look.inForce !== today.inForce) return { kind: 'again' };
  const action = await lockAction(tx, held.id);
  if (action?.execution !== null) return { kind: 'none' };
  const row = await approvals.lock(tx, held.approval_id);
  if (row?.status === 'pending') return { kind: 'none' };
  const refuse = (reason: string, decision: Decision = held.decision): Claim => ({
    kind: 'answer',
    result: { kind: 'denied', actionId: held.id, decision, reason },
  });
  if (row?.status !== 'approved') return refuse(toReason(row?.status, row?.endReason));
  const judged =
    look.kind === 'may' ? await judge(tx, services, row, today, look.state) : { ...look, decision: held.decision };
  if (judged.kind === 'refused') {
    await approvals.invalidate(tx, row, judged.reason);
    return refuse(toReason('invalidated', judged.reason), judged.decision);
  }
  const standing = await approvals.checkStanding(tx, row);
  if (standing.kind === 'refused') return refuse(toReason('invalidated', standing.reason));
  await approvals.consume(tx, row, { actionId: held.id });
  await reserve(tx, services, held, judged, leaseMs);
  return { kind: 'claimed', decision: judged.decision };
}

interface Judged {
  readonly kind: 'holds';
  readonly decision: Decision;
  readonly today: Extract<Today, { kind: 'ready' }>;
}

/** What the policies, the limits and the rules about who must agree say today. */
async function judge(
  tx: Tx,
  { decisions, identity }: CarryOutServices,
  row: ApprovalRow,
  today: Today,
  state: State,
): Promise<Judged | { readonly kind: 'refused'; readonly reason: string; readonly decision?: Decision }> {
  if (today.kind === 'refused') return today;
  const { prepared } = today;
  const stateFacts = toStateFacts(state);
  const decision = decisions.decide(prepared.policies, prepared.judged, stateFacts);
  if (decision.effect === 'deny') return { kind: 'refused', reason: toDenial(decision), decision };
  const more = await findStricter(tx, identity, row, prepared, decision, stateFacts);
  if (more !== undefined) return { kind: 'refused', reason: more, decision };
  return { kind: 'holds', decision, today };
}

/** Reserves as a decision that allows does, and records the decision by which it goes on. */
async function reserve(
  tx: Tx,
  { audit }: CarryOutServices,
  held: HeldAction,
  { decision, today: { caller, prepared } }: Judged,
  leaseMs: number,
): Promise<void> {
  const { micros, tokens } = prepared.judged.facts.cost;
  const entry = audit.draft({
    workspaceId: held.workspace_id,
    kind: 'action.claimed',
    actor: toActor(caller),
    outcome: 'allowed',
    agentId: held.agent_id,
    ...(held.run_id === null ? {} : { runId: held.run_id }),
    action: { id: held.id, type: held.type, hash: held.action_hash },
    decision,
    data: { approvalId: held.approval_id, executedHash: held.approved_hash, onBehalfOf: caller.personId },
  });
  const asked = toQuestions(toAsked(prepared.policies), prepared).map(({ attribute }) => attribute);
  await tx.query('SELECT claim_action($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)', [
    held.id,
    toStorableJson(decision),
    leaseMs,
    entry.id,
    entry.before,
    entry.after,
    toCounts(prepared, asked),
    toKnown(prepared),
    micros,
    tokens,
  ]);
  tx.afterCommit(() => audit.nudge());
}
