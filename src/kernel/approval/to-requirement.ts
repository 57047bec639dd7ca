import type { Risk } from '../policy/model.ts';
import type { ApprovalPurpose, GroupShare, Requirement, RiskRequirements } from './model.ts';

const ONE_OWNER: readonly GroupShare[] = [{ group: 'owner', count: 1 }];

/** What a risk asks for where a workspace says nothing else. */
export const RISK_REQUIREMENTS: RiskRequirements = {
  low: { quorum: 1, groups: [] },
  medium: { quorum: 1, groups: [] },
  high: { quorum: 2, groups: ONE_OWNER },
  critical: { quorum: 2, groups: ONE_OWNER },
};

/** What a rule or an agent asks for beyond the risk: it can only add. */
export interface Raise {
  readonly quorum?: number;
  readonly groups?: readonly string[];
}

/** Who must agree. Whether something happened is a question about a fact: one person who knows answers it. */
export function toRequirement(
  {
    risk,
    purpose,
    raises,
  }: { readonly risk: Risk; readonly purpose: ApprovalPurpose; readonly raises: readonly Raise[] },
  workspace: Partial<RiskRequirements> = {},
): Requirement {
  const base = purpose === 'effect_unknown' ? RISK_REQUIREMENTS.low : (workspace[risk] ?? RISK_REQUIREMENTS[risk]);
  const shares = new Map<string, number>();
  for (const { group, count } of base.groups) shares.set(group, Math.max(count, shares.get(group) ?? 0));
  for (const group of raises.flatMap(({ groups = [] }) => groups)) shares.set(group, shares.get(group) ?? 1);
  const quorum = Math.max(1, base.quorum, ...raises.map((raise) => raise.quorum ?? 0), ...shares.values());
  return { quorum, groups: [...shares].map(([group, count]) => ({ group, count })), denials: 1 };
}
