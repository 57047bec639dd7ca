import type { Caller } from '../../kernel/caller.ts';
import type { CompiledPolicy, Policy, Rule } from '../../kernel/policy/model.ts';
import type { AgentDefinition, PolicyRef } from '../../kernel/run/model.ts';
import type { Database, Tx } from '../../platform/db/index.ts';
import { AppError } from '../../platform/errors/index.ts';
import type { AgentsService } from '../agents/index.ts';
import type { IdentityService } from '../identity/index.ts';
import { BUILT_IN, MANDATORY } from './built-in.ts';
import { findConflicts, type Conflict } from './conflicts.ts';
import { insertPolicy, storeVersion } from './custom-policies.ts';
import { compilePolicy, toBody, toHash } from './policy-version.ts';
import { requireRoom, resolvePolicies } from './resolve-policies.ts';
import { parseRules } from './rules.ts';

const BUILT_IN_IDS: ReadonlySet<string> = new Set(BUILT_IN.keys());

export interface AttachRequest {
  readonly agentId: string;
  readonly policyId: string;
  /** As `Rule[]`; checked here. */
  readonly customRules?: unknown;
  readonly parameters?: unknown;
}

export interface Attached {
  readonly agent: {
    readonly id: string;
    readonly version: number;
    readonly policies: readonly Pick<PolicyRef, 'id' | 'name' | 'reason'>[];
  };
  readonly conflicts: readonly Conflict[];
}

export interface AttachServices {
  readonly db: Database;
  readonly identity: IdentityService;
  readonly agents: AgentsService;
  readonly load: (hashes: readonly string[]) => Promise<CompiledPolicy[]>;
}

interface Added {
  readonly policy: Policy;
  readonly reason: string;
  readonly hash: string;
  /** Made of the rules given here. */
  readonly isNew: boolean;
}

/** Makes a new version of the agent with the policy, those it includes and, as one more, the custom rules. */
export async function attachPolicy(
  services: AttachServices,
  caller: Caller,
  request: AttachRequest,
): Promise<Attached> {
  const { agents } = services;
  const rules = toRules(request.customRules);
  const { agent, version, definition } = await agents.getVersion(caller, request.agentId);
  const added = [...(await toAdded(services, caller, request, definition)), ...toRulesPolicy(rules)];
  const conflicts = await findNewConflicts(services, added, definition);
  const isAttached = added.every(({ hash }) => definition.policies.some((ref) => ref.hash === hash));
  const result = isAttached
    ? { agent, version, definition }
    : await agents.addVersion(caller, agent.id, (latest, tx) => addTo(latest, tx, caller, added), {
        kind: 'policy.attached',
        data: {
          policyId: request.policyId,
          policies: added.map(({ policy, hash }) => `${policy.id}@${hash.slice(0, 12)}`),
        },
      });
  const policies = result.definition.policies.map(({ id, name, reason }) => ({ id, name, reason }));
  return { agent: { id: agent.id, version: result.version, policies }, conflicts };
}

function toRules(customRules: unknown): Rule[] {
  const isNone = customRules === undefined || (Array.isArray(customRules) && customRules.length === 0);
  return isNone ? [] : parseRules(customRules, 'customRules');
}

function toGiven(parameters: unknown): Readonly<Record<string, unknown>> {
  if (parameters === undefined) return {};
  if (typeof parameters === 'object' && parameters !== null && !Array.isArray(parameters)) return { ...parameters };
  throw new AppError('invalid_input', '`parameters` must be an object of names and values.', { path: 'parameters' });
}

async function toAdded(
  services: AttachServices,
  caller: Caller,
  { policyId, parameters }: AttachRequest,
  definition: AgentDefinition,
): Promise<Added[]> {
  if (policyId === MANDATORY.id) {
    const message = `\`${policyId}\` is in force for every agent already: there is nothing to attach.`;
    throw new AppError('conflict', message);
  }
  const wanted = [{ id: policyId, reason: 'Attached on request' }];
  const levels = { given: toGiven(parameters), agent: definition.parameters ?? {} };
  const resolved = await resolvePolicies(services, caller, wanted, levels);
  const isPresent = (id: string): boolean => definition.policies.some((ref) => ref.id === id);
  return resolved
    .filter(({ policy, isIncluded }) => !isIncluded || !isPresent(policy.id))
    .map(({ policy, reason }) => ({ policy, reason, hash: toHash(toBody(policy)), isNew: false }));
}

/** The rules as a policy of their own, named by their content: the same rules are the same policy. */
function toRulesPolicy(rules: readonly Rule[]): Added[] {
  if (rules.length === 0) return [];
  const about = {
    name: 'Custom Rules',
    description: 'Rules given with an attachment',
    category: 'custom',
    rules,
  } as const;
  const policy = { id: `custom-${toHash(toBody({ id: '', ...about })).slice(0, 8)}`, ...about };
  return [{ policy, reason: 'Rules given for this agent', hash: toHash(toBody(policy)), isNew: true }];
}

/** Conflicts of what is added among itself and with what stays in force beside it. */
async function findNewConflicts(
  { load }: AttachServices,
  added: readonly Added[],
  definition: AgentDefinition,
): Promise<Conflict[]> {
  const isReplaced = (id: string): boolean => added.some(({ policy }) => policy.id === id);
  const kept = definition.policies.filter(({ id }) => !isReplaced(id));
  const compiled = added.map(({ policy, hash }) => compilePolicy(policy, hash));
  return findConflicts(compiled, await load(kept.map(({ hash }) => hash)), BUILT_IN_IDS);
}

async function addTo(
  definition: AgentDefinition,
  tx: Tx,
  caller: Caller,
  added: readonly Added[],
): Promise<AgentDefinition> {
  const kept = definition.policies.filter(({ id }) => !added.some(({ policy }) => policy.id === id));
  requireRoom(kept.length + added.length);
  const refs: PolicyRef[] = [];
  for (const { policy, reason, hash, isNew } of added) {
    await storeVersion(tx, policy);
    if (isNew && (await insertPolicy(tx, caller, policy, 'attached')) === 'taken') {
      const message = `Another policy has the id \`${policy.id}\` that these rules would get. Change the name of a rule, and attach them again.`;
      throw new AppError('conflict', message);
    }
    refs.push({ id: policy.id, name: policy.name, reason, hash });
  }
  return { ...definition, policies: [...kept, ...refs] };
}
