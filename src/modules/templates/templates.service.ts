import { Injectable } from '@nestjs/common';
import type { Caller } from '../../kernel/caller.ts';
import { Database } from '../../platform/db/index.ts';
import { AgentsService } from '../agents/index.ts';
import { IdentityService } from '../identity/index.ts';
import { compilePolicy, DecisionService, PoliciesService, type CreatedPolicy } from '../policies/index.ts';
import { createAgent, type CreatedAgent } from './create-agent.ts';
import { listTemplates, type TemplatePage, type TemplatesQuery } from './list-templates.ts';
import { PolicyExamples, type PolicyExample } from './policy-examples.ts';
import { parseCreateAgent } from './templates.dto.ts';

/** What `create_policy` answers. */
export interface ShownPolicy extends CreatedPolicy {
  readonly examples: readonly PolicyExample[];
  readonly nextSteps: readonly string[];
}

/** Ready-made agents and policies, and agents and policies made of sentences. */
@Injectable()
export class TemplatesService {
  readonly #services: {
    readonly db: Database;
    readonly identity: IdentityService;
    readonly agents: AgentsService;
    readonly policies: PoliciesService;
  };

  readonly #examples: PolicyExamples;

  constructor(
    db: Database,
    identity: IdentityService,
    agents: AgentsService,
    policies: PoliciesService,
    decisions: DecisionService,
  ) {
    this.#services = { db, identity, agents, policies };
    this.#examples = new PolicyExamples(decisions);
  }

  /** The ten agent templates and the policies to choose from, those that people made among them. Throws `invalid_input` with the valid values of a filter. */
  async list(caller: Caller, query: TemplatesQuery): Promise<TemplatePage> {
    return listTemplates(query.type === 'agent' ? [] : await this.#services.policies.list(caller), query);
  }

  /**
   * Makes a draft of a description, or of `steps` when they are given. What is not understood or not there yet is in `missing`.
   * Throws `invalid_input` or `not_found` (a policy); then nothing is written.
   */
  async createAgent(caller: Caller, input: unknown): Promise<CreatedAgent> {
    return createAgent(this.#services, caller, parseCreateAgent(input));
  }

  /**
   * Makes a policy of rules or of a sentence, and shows it by actions. Throws `invalid_input`, with the nearest words when nothing of the
   * sentence is understood, or `not_found` (the policy it is based on); then nothing is stored.
   */
  async createPolicy(caller: Caller, input: unknown): Promise<ShownPolicy> {
    const created = await this.#services.policies.create(caller, input);
    const { id } = created.policy;
    const empty = await this.#findEmptyGroups(caller, created);
    return {
      ...created,
      examples: await this.#examples.show(compilePolicy(created.policy, created.policy.version.slice(id.length + 1))),
      nextSteps: [
        ...(created.notUnderstood.length === 0
          ? []
          : ['Say what was not understood in other words, or give it as `rules`: call `create_policy` again']),
        ...empty.map(
          (group) =>
            `Nobody is in the group \`${group}\` yet, so nobody could answer what waits for it: an owner adds people with \`agentos user add --email <address> --group ${group}\``,
        ),
        `Attach to agent: \`attach_policy\` with policyId "${id}"`,
        'Test enforcement: `test_agent` with policy scenarios',
        'View active policies: `get_agent_status`',
      ],
    };
  }
  /** Groups and roles that its rules ask for, and that no active person has. */
  async #findEmptyGroups(caller: Caller, { policy }: CreatedPolicy): Promise<string[]> {
    const groups = [...new Set(policy.rules.flatMap(({ approval }) => approval?.groups ?? []))];
    if (groups.length === 0) return [];
    const people = await this.#services.identity.listReviewers(this.#services.db, caller.workspaceId);
    return groups.filter(
      (group) => !people.some((each) => [...each.roles, ...each.groups].some((own) => own === group)),
    );
  }
}
