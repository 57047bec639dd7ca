import type { Reviewer } from '../../kernel/approval/model.ts';
import { tally } from '../../kernel/approval/tally.ts';
import type { Tx } from '../../platform/db/index.ts';
import { end, readReviews } from './lock.ts';
import { toEligibility } from './eligibility.ts';
import { toCounted, type ApprovalRow } from './row.ts';
import { readPanel, type ApprovalServices } from './services.ts';

/** People as they stand now. */
export interface Standing {
  readonly people: ReadonlyMap<string, Reviewer>;
  readonly singleOperator: boolean;
}

export async function readStanding(
  tx: Pick<Tx, 'query'>,
  services: ApprovalServices,
  workspaceId: string,
  personIds: readonly string[],
): Promise<Standing> {
  const people = new Map<string, Reviewer>();
  for (const id of new Set(personIds)) {
    const found = await services.identity.findReviewer(tx, id);
    if (found !== undefined) people.set(id, found);
  }
  const isOn = await services.identity.isSingleOperator(tx, workspaceId);
  return { people, singleOperator: isOn && (await readPanel(services, tx, workspaceId)).singleOperator };
}

export type StandingResult = { readonly kind: 'valid' } | { readonly kind: 'refused'; readonly reason: string };

/** Whether those who approved may still approve, and are still enough. If not, the approval is over. */
export async function checkStanding(tx: Tx, services: ApprovalServices, row: ApprovalRow): Promise<StandingResult> {
  if (row.status !== 'approved') return { kind: 'refused', reason: `The approval is ${row.status}.` };
  const stored = (await readReviews(tx, [row.id])).get(row.id) ?? [];
  const standing = await readStanding(
    tx,
    services,
    row.workspaceId,
    stored.map(({ personId }) => personId),
  );
  const { approvals, resolution } = tally(
    row.requirement,
    toEligibility(row, standing),
    toCounted(stored, standing.people),
  );
  if (resolution === 'approved') return { kind: 'valid' };
  const reason = `Of those who approved, ${approvals} may still do so, and that is not enough any more: ${row.requirement.quorum} needed.`;
  await end(tx, services, row, { status: 'invalidated', by: 'system', reason });
  return { kind: 'refused', reason };
}
