import { cutText } from '../../kernel/json.ts';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { toActor, type Caller } from '../../kernel/caller.ts';
import { POLICY_CATEGORIES, type Policy, type Rule } from '../../kernel/policy/model.ts';
import { CEL_LIMITS } from '../../platform/cel/limits.ts';
import type { Database } from '../../platform/db/index.ts';
import { AppError, hint } from '../../platform/errors/index.ts';
import type { AuditService } from '../audit/index.ts';
import type { IdentityService } from '../identity/index.ts';
import { MANDATORY } from './built-in.ts';
import { findConflicts } from './conflicts.ts';
import { insertPolicy } from './custom-policies.ts';
import { compilePolicy, toBody, toHash, toVersion } from './policy-version.ts';
import { resolvePolicies } from './resolve-policies.ts';
import { parseRules } from './rules.ts';
import { draftPolicy, toPolicyName } from './sentence/draft-policy.ts';

const MAX_ATTEMPTS = 5;

/** Text that every store and every canonical form can carry. */
const Text = z
  .string()
  .trim()
  .min(1, 'is empty')
  .regex(/^[^\0\p{Surrogate}]*$/u, 'holds NUL or half of a character');
const CreatePolicyBody = z.strictObject({
  description: Text.max(10_000, 'is longer than 10000 characters'),
  category: z.enum(POLICY_CATEGORIES),
  framework: Text.max(100, 'is longer than 100 characters').exactOptional(),
  basedOn: Text.max(100, 'is no id of a policy').exactOptional(),
  rules: z.unknown().optional(),
});

export interface CreatedPolicy {
  readonly policy: Policy & { readonly version: string };
  readonly understood: readonly string[];
  readonly notUnderstood: readonly string[];
}

export interface CreatePolicyServices {
  readonly db: Database;
  readonly audit: AuditService;
  readonly identity: IdentityService;
}

interface OwnRules {
  readonly rules: readonly Rule[];
  readonly understood: readonly string[];
  readonly notUnderstood: readonly string[];
}

function parseBody(input: unknown): z.output<typeof CreatePolicyBody> {
  const parsed = CreatePolicyBody.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.map(String).join('.') ?? '';
  if (issue?.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const message = `No policy was made. \`${cutText(key, 80)}\` is not known. ${hint(key, Object.keys(CreatePolicyBody.shape))}`;
    throw new AppError('invalid_input', message, { path: key });
  }
  const what =
    issue?.code === 'invalid_value' ? `must be one of ${issue.values.map(String).join(', ')}` : issue?.message;
  throw new AppError('invalid_input', `No policy was made. \`${path}\` ${what ?? 'is wrong'}.`, { path });
}

/** The rules that are given, else those that the description says. */
function toOwnRules(description: string, given: unknown): OwnRules {
  if (given !== undefined && !(Array.isArray(given) && given.length === 0)) {
    const rules = parseRules(given);
    const understood = rules.map(({ name, action, condition }) => `\`${name}\`: ${action} when \`${condition}\``);
    return { rules, understood, notUnderstood: [] };
  }
  const draft = draftPolicy(description);
  if (draft.kind === 'draft') return draft;
  const words = draft.nearest.map((word) => `\`${word}\``).join(', ');
  throw new AppError(
    'invalid_input',
    `No policy was made: nothing in the description could be understood as a rule. Words that are understood: ${words}. Say what happens to which action, such as "Block access to customer credit card data", or give \`rules\`; \`agentos://facts\` lists what they may look at.`,
    { notUnderstood: [...draft.notUnderstood], nearest: [...draft.nearest] },
  );
}

/** The rules of the policy it is based on, with the values of the workspace; own ones of the same name replace them. */
async function toInherited(
  services: CreatePolicyServices,
  caller: Caller,
  basedOn: string | undefined,
): Promise<Pick<Policy, 'rules' | 'parameters'>> {
  if (basedOn === undefined) return { rules: [] };
  if (basedOn === MANDATORY.id) {
    throw new AppError(
      'invalid_input',
      `No policy was made. \`${basedOn}\` is in force for every agent already: leave \`basedOn\` out.`,
    );
  }
  const [base] = await resolvePolicies(services, caller, [{ id: basedOn, reason: 'Based on' }]);
  return base?.policy ?? { rules: [] };
}

function join(inherited: readonly Rule[], own: readonly Rule[]): readonly Rule[] {
  const rules = [...inherited.filter(({ name }) => !own.some((rule) => rule.name === name)), ...own];
  if (rules.length <= CEL_LIMITS.rulesPerPolicy) return rules;
  throw new AppError(
    'invalid_input',
    `No policy was made. A policy has at most ${CEL_LIMITS.rulesPerPolicy} rules, and with the inherited ones this would have ${rules.length}. Make two policies.`,
  );
}

/** Rules that no action can match: kept, as their author wrote them, and said. */
function findDead(policy: Policy): string[] {
  return findConflicts([compilePolicy(policy, '')], [], new Set())
    .filter(({ kind }) => kind === 'unreachable')
    .map(({ message }) => message);
}

/** Makes a policy of rules or of a sentence, stored and found by its id from then on. Throws `invalid_input` or `not_found`; then nothing is stored. */
export async function createPolicy(
  services: CreatePolicyServices,
  caller: Caller,
  input: unknown,
): Promise<CreatedPolicy> {
  const { description, category, framework, basedOn, rules: given } = parseBody(input);
  const inherited = await toInherited(services, caller, basedOn);
  const own = toOwnRules(description, given);
  const content = {
    name: toPolicyName(description) || 'Custom Policy',
    description,
    category,
    ...(framework === undefined ? {} : { framework }),
    ...(basedOn === undefined ? {} : { basedOn }),
    ...(inherited.parameters === undefined ? {} : { parameters: inherited.parameters }),
    rules: join(inherited.rules, own.rules),
  };
  const policy = await store(services, caller, content);
  return {
    policy: { ...policy, version: toVersion(policy, toHash(toBody(policy))) },
    understood: own.understood,
    notUnderstood: [...own.notUnderstood, ...findDead({ ...policy, rules: own.rules })],
  };
}

async function store(
  { db, audit }: CreatePolicyServices,
  caller: Caller,
  content: Omit<Policy, 'id'>,
): Promise<Policy> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const policy: Policy = { id: `custom-${randomBytes(4).toString('hex')}`, ...content };
    const result = await db.transaction(async (tx) => {
      const stored = await insertPolicy(tx, caller, policy, 'created');
      if (stored !== 'stored') return stored;
      await audit.append(tx, {
        workspaceId: caller.workspaceId,
        kind: 'policy.created',
        actor: toActor(caller),
        outcome: 'succeeded',
        data: {
          policyId: policy.id,
          version: toHash(toBody(policy)).slice(0, 12),
          rules: policy.rules.length,
          ...(policy.basedOn === undefined ? {} : { basedOn: policy.basedOn }),
        },
      });
      return stored;
    });
    if (result === 'stored') return policy;
  }
  throw new AppError('unavailable', 'No free id for the policy was found. Try again.');
}
