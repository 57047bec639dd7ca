import { toActor, type Caller, type Role } from '../../kernel/caller.ts';
import { mayReview } from '../../kernel/approval/may-review.ts';
import type { Tx } from '../../platform/db/index.ts';
import { AppError } from '../../platform/errors/index.ts';
import { end, lock } from './lock.ts';
import { toEligibility } from './eligibility.ts';
import type { SignedIn } from '../identity/index.ts';
import { recordRefusal, type Refusal } from './refusals.ts';
import type { ApprovalRow } from './row.ts';
import type { ApprovalServices } from './services.ts';
import { readStanding } from './standing.ts';

export function isSignedIn(who: Caller | SignedIn): who is SignedIn {
  return 'sessionId' in who;
}

function actorOf(who: Caller | SignedIn): string {
  return isSignedIn(who) ? `person:${who.personId}` : toActor(who);
}

/** May take a request back: who asked, for whom it is, and who runs the workspace. */
export function mayCancel(row: ApprovalRow, actor: string, personId: string, roles: readonly Role[]): boolean {
  if (row.requestedBy === actor || row.onBehalfOf === personId) return true;
  return roles.includes('owner') || roles.includes('admin');
}

export type Refused = { readonly kind: 'refused'; readonly error: AppError };
export type Ended = { readonly kind: 'ended' } | Refused;

type Refusing = (code: 'already_decided' | 'not_eligible', message: string) => Promise<Refused>;

/** A refused attempt is recorded like a refused answer. */
function refusing(tx: Tx, services: ApprovalServices, row: ApprovalRow, by: Omit<Refusal, 'data'>): Refusing {
  return async (code, message) => {
    await recordRefusal(tx, services, row, { ...by, data: { code } });
    return { kind: 'refused', error: new AppError(code, message) };
  };
}

/** Takes back a request that waits. */
export async function cancelRequest(
  tx: Tx,
  services: ApprovalServices,
  who: Caller | SignedIn,
  approvalId: string,
  reason?: string,
): Promise<Ended | undefined> {
  const row = await lock(tx, services, approvalId);
  if (row === undefined || row.workspaceId !== who.workspaceId) return undefined;
  const refuse = refusing(tx, services, row, { kind: 'cancel_refused', actor: actorOf(who) });
  const roles = isSignedIn(who) ? await readRoles(tx, services, who.personId) : who.roles;
  if (!mayCancel(row, actorOf(who), who.personId, roles))
    return refuse(
      'not_eligible',
      'Only who asked, the person for whom it was asked, an owner or an admin can take a request back.',
    );
  if (row.status !== 'pending')
    return refuse(
      'already_decided',
      `The request is ${row.status}, so it cannot be cancelled.${row.status === 'approved' ? ' An approval that was not used yet can be revoked.' : ''}`,
    );
  await end(tx, services, row, { status: 'cancelled', by: actorOf(who), ...(reason === undefined ? {} : { reason }) });
  return { kind: 'ended' };
}

/** Takes back an approval that was not used yet. */
export async function revokeApproval(
  tx: Tx,
  services: ApprovalServices,
  person: SignedIn,
  approvalId: string,
  reason?: string,
): Promise<Ended | undefined> {
  const row = await lock(tx, services, approvalId);
  if (row === undefined || row.workspaceId !== person.workspaceId) return undefined;
  const by = `person:${person.personId}`;
  const refuse = refusing(tx, services, row, { kind: 'revoke_refused', actor: by });
  const standing = await readStanding(tx, services, row.workspaceId, [person.personId]);
  const reviewer = standing.people.get(person.personId);
  const rules =
    reviewer?.active === true && ['owner' as const, 'admin' as const].some((r) => reviewer.roles.includes(r));
  if (reviewer === undefined || (!rules && mayReview(reviewer, toEligibility(row, standing)) !== undefined))
    return refuse('not_eligible', 'Only who may answer the request, an owner or an admin can revoke an approval.');
  if (row.status !== 'approved')
    return refuse(
      'already_decided',
      row.status === 'pending'
        ? 'The request is not approved yet. Deny it, or cancel it.'
        : `The request is ${row.status}: there is no approval left to revoke.`,
    );
  await end(tx, services, row, { status: 'revoked', by, ...(reason === undefined ? {} : { reason }) });
  return { kind: 'ended' };
}

async function readRoles(tx: Tx, { identity }: ApprovalServices, personId: string): Promise<readonly Role[]> {
  const reviewer = await identity.findReviewer(tx, personId);
  return reviewer?.active === true ? reviewer.roles : [];
}

/** Ends what an agent waits for and what it has leave for, because it was stopped or paused. */
export async function endForAgent(tx: Tx, services: ApprovalServices, caller: Caller, agentId: string): Promise<void> {
  const rows = await tx.query<{ id: string }>(
    `SELECT id FROM approval_request WHERE agent_id = $1 AND status IN ('pending', 'approved') ORDER BY id`,
    [agentId],
  );
  for (const { id } of rows) {
    const row = await lock(tx, services, id);
    if (row?.status !== 'pending' && row?.status !== 'approved') continue;
    const status = row.status === 'pending' ? 'cancelled' : 'revoked';
    await end(tx, services, row, { status, by: toActor(caller), reason: 'The agent was stopped.' });
  }
}
