import { Injectable } from '@nestjs/common';
import type { Caller } from '../../kernel/caller.ts';
import type { CompiledPolicy, Policy, Rule } from '../../kernel/policy/model.ts';
import { Database, type Tx } from '../../platform/db/index.ts';
import { AppError } from '../../platform/errors/index.ts';
import { AgentsService } from '../agents/index.ts';
import { AuditService } from '../audit/index.ts';
import { IdentityService } from '../identity/index.ts';
import { attachPolicy, type Attached, type AttachRequest } from './attach-policy.ts';
import { MANDATORY, TEMPLATES } from './built-in.ts';
import { createPolicy, type CreatedPolicy } from './create-policy.ts';
import { listPolicies, storeVersion, type PolicySummary } from './custom-policies.ts';
import { instantiate } from './instantiate.ts';
import type { PolicyTemplate } from './policy-template.ts';
import { compilePolicy, toBody, toHash } from './policy-version.ts';
import { recommend, type Recommendation } from './recommend.ts';
import {
  requirePolicy,
  resolvePolicies,
  type FoundPolicy,
  type GivenParameters,
  type ResolvedPolicy,
  type WantedPolicy,
} from './resolve-policies.ts';
import { parseRules } from './rules.ts';

const MAX_COMPILED = 500;

/** Policies, those that come with the product and those that people made, and their stored versions. */
@Injectable()
export class PoliciesService {
  readonly #db: Database;
  readonly #audit: AuditService;
  readonly #identity: IdentityService;
  readonly #agents: AgentsService;
  /** By hash, the least recently used first. */
  readonly #compiled = new Map<string, CompiledPolicy>();
  #mandatory: Promise<CompiledPolicy> | undefined;

  constructor(db: Database, audit: AuditService, identity: IdentityService, agents: AgentsService) {
    this.#db = db;
    this.#audit = audit;
    this.#identity = identity;
    this.#agents = agents;
  }

  /** The policies to choose from that come with the product. */
  builtIn(): readonly PolicyTemplate[] {
    return TEMPLATES;
  }

  /** The built-in policies and those that people of the workspace made; rules given with an attachment are not among them. */
  async list(caller: Caller): Promise<readonly (PolicyTemplate | PolicySummary)[]> {
    return [...TEMPLATES, ...(await listPolicies(this.#db, caller, ['created']))];
  }

  /** Throws `not_found`, with the policies whose id or name is near. */
  async get(caller: Caller, id: string): Promise<FoundPolicy> {
    return requirePolicy(this.#db, caller, id);
  }

  /** The policies with these ids and those they include, their parameters filled in. Throws `not_found` or `invalid_input`. */
  async resolve(
    caller: Caller,
    wanted: readonly WantedPolicy[],
    parameters: GivenParameters = {},
  ): Promise<ResolvedPolicy[]> {
    return resolvePolicies({ db: this.#db, identity: this.#identity }, caller, wanted, parameters);
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
    return storeVersion(tx, policy);
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

  /**
   * Makes a new version of the agent with the policy, those it includes and, as one more policy, the custom rules. What is deployed stays in
   * force. Throws `not_found`, `conflict` or `invalid_input`.
   */
  async attach(caller: Caller, request: AttachRequest): Promise<Attached> {
    const services = { db: this.#db, identity: this.#identity, agents: this.#agents };
    return attachPolicy({ ...services, load: (hashes) => this.load(hashes) }, caller, request);
  }

  /**
   * Makes a policy of rules or of a sentence, found by its id from then on. Throws `invalid_input`, with the nearest words when nothing of the
   * sentence is understood, or `not_found`; then nothing is stored.
   */
  async create(caller: Caller, input: unknown): Promise<CreatedPolicy> {
    return createPolicy({ db: this.#db, audit: this.#audit, identity: this.#identity }, caller, input);
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

function requireRead(read: ReadonlyMap<string, CompiledPolicy>, hash: string): CompiledPolicy {
  const policy = read.get(hash);
  if (policy !== undefined) return policy;
  throw new AppError(
    'internal',
    `The policy version \`${hash.slice(0, 12)}\` is not stored, so nothing can be decided with it.`,
  );
}
