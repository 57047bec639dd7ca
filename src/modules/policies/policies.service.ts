import { Injectable } from '@nestjs/common';
import type { Caller } from '../../kernel/caller.ts';
import { decide } from '../../kernel/policy/decide.ts';
import type { Facts } from '../../kernel/policy/facts.ts';
import type { CompiledPolicy, Decision, Policy, Rule } from '../../kernel/policy/model.ts';
import type { AgentDefinition, PolicyRef } from '../../kernel/run/model.ts';
import { CEL_LIMITS } from '../../platform/cel/limits.ts';
import { Config } from '../../platform/config/index.ts';
import { Database, type Tx } from '../../platform/db/index.ts';
import { AppError, hint } from '../../platform/errors/index.ts';
import { AgentsService } from '../agents/index.ts';
import { BUILT_IN, isEnforceable, MANDATORY, TEMPLATES } from './built-in.ts';
import { findConflicts, type Conflict } from './conflicts.ts';
import { instantiate } from './instantiate.ts';
import type { PolicyTemplate } from './policy-template.ts';
import { compilePolicy, toBody, toHash } from './policy-version.ts';
import { recommend, type Recommendation } from './recommend.ts';
import { parseRules } from './rules.ts';
import { toFacts, type FactInput } from './to-facts.ts';

const MAX_COMPILED = 500;
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

/** Policies and their stored versions; the facts of an action; and the decision about it. */
@Injectable()
export class PoliciesService {
  readonly #config: Config;
  readonly #db: Database;
  readonly #agents: AgentsService;
  /** By hash, the least recently used first. */
  readonly #compiled = new Map<string, CompiledPolicy>();
  #mandatory: Promise<CompiledPolicy> | undefined;

  constructor(config: Config, db: Database, agents: AgentsService) {
    this.#config = config;
    this.#db = db;
    this.#agents = agents;
  }

  /** The policies to choose from; one without rules is announced and cannot be attached. */
  builtIn(): readonly PolicyTemplate[] {
    return TEMPLATES;
  }

  /** Throws `not_found`, with the ids that are near. */
  get(id: string): PolicyTemplate {
    const found = BUILT_IN.get(id);
    if (found !== undefined) return found;
    throw new AppError(
      'not_found',
      `No policy has the id \`${id.slice(0, 80)}\`. ${hint(
        id,
        TEMPLATES.map((each) => each.id),
      )}`,
    );
  }

  /** Like `get`, but refuses with `incomplete` a policy that has no rules yet: it would protect nobody. */
  requireEnforceable(id: string): PolicyTemplate {
    const policy = this.get(id);
    if (isEnforceable(policy)) return policy;
    const valid = TEMPLATES.filter(isEnforceable).map((each) => `\`${each.id}\``);
    throw new AppError(
      'incomplete',
      `\`${id}\` cannot be attached yet: it would protect nothing without ${policy.waiting.map(({ fact }) => fact).join('; ')}. Can be attached: ${valid.join(', ')}.`,
      { policyId: id, requires: policy.waiting.map(({ fact }) => fact) },
    );
  }

  /** Throws `invalid_input` with the path, the position and the valid values. */
  parseRules(value: unknown): Rule[] {
    return parseRules(value);
  }

  recommend(types: readonly string[], grants: readonly string[]): Recommendation[] {
    return recommend(types, grants);
  }

  /** Stores this content of a policy, once for all who use it, and returns its hash (64 hex digits). */
  async snapshot(tx: Pick<Tx, 'query'>, policy: Policy): Promise<string> {
    const body = toBody(policy);
    const hash = toHash(body);
    await tx.query(
      'INSERT INTO policy_version (hash, policy_id, body) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING',
      [hash, policy.id, body],
    );
    return hash;
  }

  /** Stored versions ready to decide with, the mandatory one first. Throws `internal` when one is missing or was changed. */
  async load(hashes: readonly string[]): Promise<CompiledPolicy[]> {
    this.#mandatory ??= this.#loadMandatory().catch((error: unknown) => {
      this.#mandatory = undefined;
      throw error;
    });
    const mandatory = await this.#mandatory;
    const wanted = [...new Set(hashes)];
    const unknown = wanted.filter((hash) => !this.#compiled.has(hash));
    const read = unknown.length === 0 ? new Map<string, CompiledPolicy>() : await this.#read(unknown);
    const policies = wanted.map((hash) => this.#recall(hash) ?? requireRead(read, hash));
    for (const [hash, policy] of read) this.#keep(hash, policy);
    return [mandatory, ...policies.filter(({ id }) => id !== mandatory.id)];
  }

  toFacts(input: FactInput): Promise<Facts> {
    return toFacts(input, this.#config);
  }

  decide(policies: readonly CompiledPolicy[], facts: Facts): Decision {
    return decide({ policies, facts, mode: this.#config.policyMode });
  }

  /** Makes a new version of the agent with the policy and, as one more policy, the custom rules. What is deployed stays in force. */
  async attach(caller: Caller, request: AttachRequest): Promise<Attached> {
    const { agentId, policyId } = request;
    const added = this.#toAdded(request);
    const { agent, version, definition } = await this.#agents.getVersion(caller, agentId);
    const hashes = added.map((policy) => toHash(toBody(policy)));
    const isOld = (hash: string): boolean => hashes.includes(hash);
    const present = await this.load(definition.policies.map(({ hash }) => hash).filter((hash) => !isOld(hash)));
    const compiled = added.map((policy, index) => compilePolicy(policy, hashes[index] ?? ''));
    const replaced = new Set(added.map(({ id }) => id));
    const conflicts = findConflicts(
      compiled,
      present.filter(({ id }) => !replaced.has(id)),
      BUILT_IN_IDS,
    );
    const isAttached = hashes.every((hash) => definition.policies.some((ref) => ref.hash === hash));
    const result = isAttached
      ? { agent, version, definition }
      : await this.#agents.addVersion(caller, agent.id, (latest, tx) => this.#addTo(latest, tx, added), {
          kind: 'policy.attached',
          data: { policyId, policies: hashes.map((hash, index) => `${added[index]?.id ?? ''}@${hash.slice(0, 12)}`) },
        });
    const policies = result.definition.policies.map(({ id, name, reason }) => ({ id, name, reason }));
    return { agent: { id: agent.id, version: result.version, policies }, conflicts };
  }

  #toAdded({ policyId, customRules, parameters }: AttachRequest): Policy[] {
    if (policyId === MANDATORY.id) {
      throw new AppError(
        'conflict',
        `\`${policyId}\` is in force for every agent already: there is nothing to attach.`,
      );
    }
    const policy = this.requireEnforceable(policyId);
    if (parameters !== undefined && Object.keys(parameters ?? {}).length > 0) {
      throw new AppError(
        'invalid_input',
        `\`${policyId}\` leaves nothing open: leave \`parameters\` out, and use \`customRules\` for rules of your own.`,
      );
    }
    const rules =
      customRules === undefined || (Array.isArray(customRules) && customRules.length === 0)
        ? []
        : parseRules(customRules, 'customRules');
    return [instantiate(policy), ...(rules.length === 0 ? [] : [toCustomPolicy(rules)])];
  }

  async #addTo(definition: AgentDefinition, tx: Tx, added: readonly Policy[]): Promise<AgentDefinition> {
    const refs: PolicyRef[] = [];
    for (const policy of added) {
      const reason = BUILT_IN_IDS.has(policy.id) ? 'Attached on request' : 'Rules given for this agent';
      refs.push({ id: policy.id, name: policy.name, reason, hash: await this.snapshot(tx, policy) });
    }
    const kept = definition.policies.filter(({ id }) => !refs.some((ref) => ref.id === id));
    if (kept.length + refs.length > CEL_LIMITS.policiesPerAgent) {
      throw new AppError(
        'invalid_input',
        `An agent has at most ${CEL_LIMITS.policiesPerAgent} policies, and this one has ${definition.policies.length}. Give the rules of several together.`,
      );
    }
    return { ...definition, policies: [...kept, ...refs] };
  }

  /** Stored like any other, so that a decision that quotes its version can be checked later. */
  async #loadMandatory(): Promise<CompiledPolicy> {
    const policy = instantiate(MANDATORY);
    return compilePolicy(policy, await this.snapshot(this.#db, policy));
  }

  async #read(hashes: readonly string[]): Promise<Map<string, CompiledPolicy>> {
    const rows = await this.#db.query<{ hash: string; body: Policy }>(
      'SELECT hash, body FROM policy_version WHERE hash = ANY($1)',
      [hashes],
    );
    const read = new Map<string, CompiledPolicy>();
    for (const { hash, body } of rows) {
      if (toHash(toBody(body)) !== hash) {
        throw new AppError(
          'internal',
          `The stored policy \`${body.id}@${hash.slice(0, 12)}\` is not what was stored: its content was changed. Nothing is decided with it.`,
        );
      }
      read.set(hash, compilePolicy(body, hash));
    }
    return read;
  }

  #recall(hash: string): CompiledPolicy | undefined {
    const known = this.#compiled.get(hash);
    if (known !== undefined) this.#keep(hash, known);
    return known;
  }

  #keep(hash: string, policy: CompiledPolicy): void {
    this.#compiled.delete(hash);
    this.#compiled.set(hash, policy);
    for (const oldest of this.#compiled.keys()) {
      if (this.#compiled.size <= MAX_COMPILED) return;
      this.#compiled.delete(oldest);
    }
  }
}

/** The rules of one agent, as a policy named by their content. */
function toCustomPolicy(rules: readonly Rule[]): Policy {
  const policy = {
    name: 'Custom Rules',
    description: 'Rules given for this agent',
    category: 'custom',
    rules,
  } as const;
  return { id: `custom-${toHash(toBody({ id: '', ...policy })).slice(0, 8)}`, ...policy };
}

function requireRead(read: ReadonlyMap<string, CompiledPolicy>, hash: string): CompiledPolicy {
  const policy = read.get(hash);
  if (policy !== undefined) return policy;
  throw new AppError(
    'internal',
    `The policy version \`${hash.slice(0, 12)}\` is not stored, so nothing can be decided with it.`,
  );
}
