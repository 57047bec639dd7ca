import { cutText } from '../../kernel/json.ts';
import type { Caller } from '../../kernel/caller.ts';
import type { ParameterValues, Policy } from '../../kernel/policy/model.ts';
import { CEL_LIMITS } from '../../platform/cel/limits.ts';
import type { Tx } from '../../platform/db/index.ts';
import { AppError, suggest } from '../../platform/errors/index.ts';
import type { IdentityService } from '../identity/index.ts';
import { BUILT_IN, MANDATORY, TEMPLATES } from './built-in.ts';
import { findPolicy, listPolicies } from './custom-policies.ts';
import { describeWith, instantiate } from './instantiate.ts';
import { assignParameters, pickParameters } from './parameters.ts';
import type { PolicyTemplate } from './policy-template.ts';

/** A policy found by its id; `stored` when people made it: then nothing in it is left open. */
export interface FoundPolicy {
  readonly template: PolicyTemplate;
  readonly stored?: Policy;
}

export interface WantedPolicy {
  readonly id: string;
  /** Why it is attached, as people read it; may hold `{{parameter}}` of the policy. */
  readonly reason: string;
}

export interface ResolvedPolicy {
  readonly policy: Policy;
  readonly reason: string;
  /** Not asked for by itself, and nothing was given for it. */
  readonly isIncluded: boolean;
}

export interface GivenParameters {
  /** Every name must be one of the policies that are resolved, or in `others`. */
  readonly given?: Readonly<Record<string, unknown>>;
  readonly others?: readonly string[];
  /** Given when the agent was made, for all its policies. */
  readonly agent?: Readonly<Record<string, unknown>>;
}

type Db = Pick<Tx, 'query'>;

/** Throws `not_found`, with the policies whose id or name is near. */
export async function requirePolicy(db: Db, caller: Caller, id: string): Promise<FoundPolicy> {
  const template = BUILT_IN.get(id);
  if (template !== undefined) return { template };
  const stored = await findPolicy(db, caller, id);
  if (stored === undefined) throw await toUnknown(db, caller, id);
  const base = stored.basedOn === undefined ? undefined : await requirePolicy(db, caller, stored.basedOn);
  return { template: { ...stored, parameters: {}, includes: base?.template.includes ?? [], waiting: [] }, stored };
}

async function toUnknown(db: Db, caller: Caller, id: string): Promise<AppError> {
  const all = [...TEMPLATES, ...(await listPolicies(db, caller, ['created', 'attached']))];
  const names = suggest(id, new Set(all.flatMap((each) => [each.id, each.name])));
  const near = all.filter((each) => names.includes(each.id) || names.includes(each.name)).slice(0, 3);
  const way =
    near.length > 0
      ? `Did you mean ${near.map((each) => `\`${each.id}\` (${each.name})`).join(' or ')}?`
      : `Valid: ${TEMPLATES.map((each) => each.id).join(', ')}, and those that \`create_policy\` made; \`list_templates\` shows all.`;
  return new AppError('not_found', `No policy has the id \`${cutText(id, 80)}\`. ${way}`);
}

export function requireRoom(count: number): void {
  if (count <= CEL_LIMITS.policiesPerAgent) return;
  throw new AppError(
    'invalid_input',
    `An agent has at most ${CEL_LIMITS.policiesPerAgent} policies, and this would be ${count}. Give the rules of several together, as one policy.`,
  );
}

interface Chosen extends FoundPolicy {
  readonly reason: string;
  readonly isIncluded: boolean;
}

/** The wanted policies in their order, each followed by those that it includes and that are not there already. */
async function withIncluded(db: Db, caller: Caller, wanted: readonly WantedPolicy[]): Promise<Chosen[]> {
  const chosen = new Map<string, Chosen>();
  const asked = new Set(wanted.map(({ id }) => id));
  const add = async (id: string, reason: string, isIncluded: boolean): Promise<void> => {
    if (chosen.has(id) || id === MANDATORY.id) return;
    const found = await requirePolicy(db, caller, id);
    chosen.set(id, { ...found, reason, isIncluded });
    for (const included of found.template.includes) {
      if (!asked.has(included)) await add(included, `Included by ${found.template.name}`, true);
    }
  };
  for (const { id, reason } of wanted) await add(id, reason, false);
  return [...chosen.values()];
}

/**
 * The policies with these ids and those they include, with the values of their parameters: given here, else for the agent, else for the
 * workspace, else the default. Throws `not_found` or `invalid_input`.
 */
export async function resolvePolicies(
  { db, identity }: { readonly db: Db; readonly identity: IdentityService },
  caller: Caller,
  wanted: readonly WantedPolicy[],
  { given = {}, others = [], agent = {} }: GivenParameters = {},
): Promise<ResolvedPolicy[]> {
  const chosen = await withIncluded(db, caller, wanted);
  const templates = chosen.map(({ template }) => template);
  const { parameters } = await identity.workspace(caller);
  const shared = [pickParameters(parameters, templates, 'workspace'), pickParameters(agent, templates)];
  const own = assignParameters(given, templates, { others });
  return chosen.map(({ template, stored, reason, isIncluded }) => {
    const values: ParameterValues = Object.fromEntries(
      [...shared, own].flatMap((level) => Object.entries(level.get(template.id) ?? {})),
    );
    const policy = stored ?? instantiate(template, values);
    const why = stored === undefined ? describeWith(template, reason, values) : reason;
    return { policy, reason: why, isIncluded: isIncluded && !own.has(template.id) };
  });
}
