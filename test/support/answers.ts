// People who answer requests, as the console has them signed in.
import { randomUUID } from 'node:crypto';
import type { Role } from '../../src/kernel/caller.ts';
import type { Verdict } from '../../src/kernel/approval/model.ts';
import type { ApprovalsService } from '../../src/modules/approvals/index.ts';
import type { SignedIn } from '../../src/modules/identity/index.ts';
import type { Database } from '../../src/platform/db/index.ts';

/** A person of the workspace who is nobody's author, signed in. */
export async function addReviewer(
  db: Database,
  workspaceId: SignedIn['workspaceId'],
  roles: readonly Role[] = ['approver'],
): Promise<SignedIn> {
  const personId = randomUUID() as SignedIn['personId'];
  const email = `${personId.slice(0, 8)}@shop.example`;
  await db.query('INSERT INTO person (id, workspace_id, email, roles) VALUES ($1, $2, $3, $4)', [
    personId,
    workspaceId,
    email,
    roles,
  ]);
  const signedInAt = new Date('2026-01-01T00:00:00Z');
  return { workspaceId, personId, email, roles, groups: [], sessionId: randomUUID(), method: 'code', signedInAt };
}

/** Answers with the hash that the page shows. */
export async function answer(
  approvals: ApprovalsService,
  person: SignedIn,
  approvalId: string,
  verdict: Verdict = 'approve',
  reason?: string,
): Promise<void> {
  const { actionHash } = await approvals.page(person, approvalId);
  const said = reason === undefined ? {} : { reason };
  const result = await approvals.review(person, approvalId, { verdict, actionHash, ...said, channel: 'console' });
  if (result.kind === 'refused') throw new Error(`refused: ${result.code}`);
}
