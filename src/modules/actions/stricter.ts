import type { Requirement } from '../../kernel/approval/model.ts';
import { toRequirement } from '../../kernel/approval/to-requirement.ts';
import type { StateFacts } from '../../kernel/policy/facts.ts';
import type { Decision } from '../../kernel/policy/model.ts';
import { toRisk } from '../../kernel/policy/risk.ts';
import type { Tx } from '../../platform/db/index.ts';
import type { ApprovalRow } from '../approvals/index.ts';
import type { IdentityService } from '../identity/index.ts';
import { toRaises } from './hold.ts';
import type { Prepared } from './prepared.ts';

/** What is asked of approvals now beyond what people were asked for when they gave this one; undefined: it is enough. */
export async function findStricter(
  tx: Tx,
  identity: IdentityService,
  { workspaceId, requirement }: ApprovalRow,
  prepared: Prepared,
  decision: Decision,
  state: StateFacts,
): Promise<string | undefined> {
  if (decision.effect !== 'require_approval') return undefined;
  const risk = toRisk({ ...prepared.judged.facts, ...state });
  const raises = toRaises(prepared, decision);
  const quorums = await identity.quorums(tx, workspaceId);
  return compare(toRequirement({ risk, purpose: 'action', raises }, quorums), requirement);
}

function compare(needed: Requirement, frozen: Requirement): string | undefined {
  if (needed.quorum > frozen.quorum)
    return `Meanwhile ${needed.quorum} people have to approve such an action; ${frozen.quorum} were asked for.`;
  const share = needed.groups.find(
    ({ group, count }) => (frozen.groups.find((each) => each.group === group)?.count ?? 0) < count,
  );
  return (
    share && `Meanwhile ${share.count} of those who approve such an action must be of the group \`${share.group}\`.`
  );
}
