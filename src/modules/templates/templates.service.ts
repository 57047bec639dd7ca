import { Injectable } from '@nestjs/common';
import type { Caller } from '../../kernel/caller.ts';
import { Database } from '../../platform/db/index.ts';
import { AgentsService } from '../agents/index.ts';
import { IdentityService } from '../identity/index.ts';
import { PoliciesService } from '../policies/index.ts';
import { createAgent, type CreatedAgent } from './create-agent.ts';
import { listTemplates, type TemplatePage, type TemplatesQuery } from './list-templates.ts';
import { parseCreateAgent } from './templates.dto.ts';

/** Ready-made agents and policies, and agents made of sentences. */
@Injectable()
export class TemplatesService {
  readonly #services: {
    readonly db: Database;
    readonly identity: IdentityService;
    readonly agents: AgentsService;
    readonly policies: PoliciesService;
  };

  constructor(db: Database, identity: IdentityService, agents: AgentsService, policies: PoliciesService) {
    this.#services = { db, identity, agents, policies };
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
}
