import type { Config } from '../../platform/config/index.ts';
import type { Log } from '../../platform/telemetry/log.ts';
import type { ActionsService } from '../actions/index.ts';
import type { AgentsService } from '../agents/index.ts';
import type { ApprovalsService } from '../approvals/index.ts';
import type { AuditService } from '../audit/index.ts';
import type { IdentityService } from '../identity/index.ts';
import type { PoliciesService } from '../policies/index.ts';
import type { RunsService } from '../runs/index.ts';
import type { TemplatesService } from '../templates/index.ts';

/** Everything the tools, resources and prompts work with. */
export interface AppServices {
  readonly actions: ActionsService;
  /** Names in the catalogue. */
  readonly actionTypes: readonly string[];
  readonly agents: AgentsService;
  readonly approvals: ApprovalsService;
  readonly audit: AuditService;
  readonly config: Config;
  readonly identity: IdentityService;
  readonly policies: PoliciesService;
  readonly runs: RunsService;
  readonly templates: TemplatesService;
  readonly log: Log;
}
