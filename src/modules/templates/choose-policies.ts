import type { Caller } from '../../kernel/caller.ts';
import {
  describeWith,
  type GivenParameters,
  type PoliciesService,
  type Recommendation,
  type ResolvedPolicy,
} from '../policies/index.ts';
import type { AgentTemplate } from './agent-templates.ts';

interface Chosen {
  readonly attached: readonly ResolvedPolicy[];
  readonly recommended: readonly Recommendation[];
}

interface Fitting {
  /** Of the steps. */
  readonly types: readonly string[];
  readonly grants: readonly string[];
  readonly template: AgentTemplate | undefined;
}

/**
 * The policies of a new agent, with their parameters. Asked for: exactly these and what they include, each known, else it throws; the
 * others that fit come back as recommended. Not asked for: all that fit.
 */
export async function choosePolicies(
  policies: PoliciesService,
  caller: Caller,
  request: {
    readonly asked: readonly string[] | undefined;
    readonly fitting: Fitting;
    readonly parameters: GivenParameters;
  },
): Promise<Chosen> {
  const { asked, fitting, parameters } = request;
  const fit = findFitting(policies, fitting);
  const wanted = asked?.map((id) => ({ id, reason: 'Asked for' })) ?? fit;
  const attached = await policies.resolve(caller, wanted, parameters);
  const isAttached = ({ id }: Recommendation): boolean => attached.some(({ policy }) => policy.id === id);
  return { attached, recommended: fit.filter((one) => !isAttached(one)).map((one) => toRecommended(policies, one)) };
}

function findFitting(policies: PoliciesService, { types, grants, template }: Fitting): Recommendation[] {
  const recommended = policies.recommend(types, grants);
  const defaults = (template?.defaultPolicies ?? []).map((id) => ({
    id,
    reason: `Default of the template ${template?.name ?? ''}`,
  }));
  return [...recommended, ...defaults.filter(({ id }) => !recommended.some((one) => one.id === id))];
}

function toRecommended(policies: PoliciesService, { id, reason }: Recommendation): Recommendation {
  const template = policies.builtIn().find((one) => one.id === id);
  return { id, reason: template === undefined ? reason : describeWith(template, reason) };
}
