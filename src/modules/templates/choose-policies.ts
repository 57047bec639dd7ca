import type { PoliciesService, PolicyTemplate, Recommendation } from '../policies/index.ts';
import type { AgentTemplate } from './agent-templates.ts';

interface Chosen {
  readonly attached: readonly { readonly policy: PolicyTemplate; readonly reason: string }[];
  readonly recommended: readonly Recommendation[];
}

/**
 * The policies of a new agent. Asked for: exactly these, each known and enforceable, else it throws; the others that fit come back
 * as recommended. Not asked for: all that fit and can be enforced; the others are recommended, with what they wait for.
 */
export function choosePolicies(
  policies: PoliciesService,
  asked: readonly string[] | undefined,
  fitting: {
    readonly types: readonly string[];
    readonly grants: readonly string[];
    readonly template: AgentTemplate | undefined;
  },
): Chosen {
  const fit = findFitting(policies, fitting);
  if (asked !== undefined) {
    const attached = [...new Set(asked)].map((id) => ({
      policy: policies.requireEnforceable(id),
      reason: 'Asked for',
    }));
    return {
      attached,
      recommended: fit.filter(({ id }) => !asked.includes(id)).map((one) => toRecommended(policies, one)),
    };
  }
  const isReady = ({ id }: Recommendation): boolean => policies.get(id).rules.length > 0;
  return {
    attached: fit.filter(isReady).map(({ id, reason }) => ({ policy: policies.get(id), reason })),
    recommended: fit.filter((one) => !isReady(one)).map((one) => toRecommended(policies, one)),
  };
}

function findFitting(
  policies: PoliciesService,
  { types, grants, template }: Parameters<typeof choosePolicies>[2],
): Recommendation[] {
  const recommended = policies.recommend(types, grants);
  const defaults = (template?.defaultPolicies ?? []).map((id) => ({
    id,
    reason: `Default of the template ${template?.name ?? ''}`,
  }));
  return [...recommended, ...defaults.filter(({ id }) => !recommended.some((one) => one.id === id))];
}

function toRecommended(policies: PoliciesService, { id, reason }: Recommendation): Recommendation {
  const { rules, waiting } = policies.get(id);
  return {
    id,
    reason: rules.length > 0 ? reason : `${reason}; cannot be attached yet, it needs ${waiting.map(({ fact }) => fact).join(', ')}`,
  };
}
