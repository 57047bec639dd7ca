import { Injectable } from '@nestjs/common';
import type { Caller } from '../../kernel/caller.ts';
import type { AgentStatus } from '../../kernel/run/model.ts';
import { Config } from '../../platform/config/index.ts';
import { Database } from '../../platform/db/index.ts';
import { Outbox } from '../../platform/queue/index.ts';
import { Log } from '../../platform/telemetry/log.ts';
import { ActionsService } from '../actions/index.ts';
import { AgentsService } from '../agents/index.ts';
import { ApprovalsService } from '../approvals/index.ts';
import { AuditService } from '../audit/index.ts';
import { IdentityService } from '../identity/index.ts';
import { getAgentStatus, type AgentStatusView } from './agent-status.ts';
import { deployAgent, type DeployRequest, type DeployResult } from './deploy-agent.ts';
import { executeRun } from './execute-run.ts';
import { getRun, type RunView } from './get-run.ts';
import { resolve } from './resolve.ts';
import type { RunServices } from './run.ts';
import { fireDueSchedules, fireSchedule } from './schedules.ts';
import { startRun, type StartRequest } from './start-run.ts';
import { stopAgent, type StopMode } from './stop-agent.ts';
import { resolveLost, resumeRuns } from './sweep-runs.ts';
import { testAgent, type TestReport, type TestRequest } from './test-agent.ts';

/** Testing, deploying, running, scheduling and stopping of agents. */
@Injectable()
export class RunsService {
  readonly #services: RunServices;

  constructor(
    db: Database,
    log: Log,
    config: Config,
    outbox: Outbox,
    audit: AuditService,
    identity: IdentityService,
    agents: AgentsService,
    approvals: ApprovalsService,
    actions: ActionsService,
  ) {
    this.#services = { db, log, config, outbox, audit, identity, agents, approvals, actions };
  }

  start(caller: Caller, request: StartRequest): Promise<{ runId: string; status: 'queued' }> {
    return startRun(this.#services, caller, request);
  }

  get(caller: Caller, runId: string): Promise<{ run: RunView }> {
    return getRun(this.#services, caller, runId);
  }

  test(caller: Caller, request: TestRequest): Promise<TestReport> {
    return testAgent(this.#services, caller, request);
  }

  deploy(caller: Caller, request: DeployRequest): Promise<DeployResult> {
    return deployAgent(this.#services, caller, request);
  }

  stopAgent(
    caller: Caller,
    agentId: string,
    mode: StopMode,
  ): Promise<{ status: AgentStatus; cancelledRuns: string[] }> {
    return stopAgent(this.#services, caller, agentId, mode);
  }

  status(
    caller: Caller,
    agentId: string,
    include: { readonly includeMetrics?: boolean; readonly includeLogs?: boolean } = {},
  ): Promise<AgentStatusView> {
    return getAgentStatus(this.#services, caller, agentId, include);
  }

  /** For the worker: works on a run until it ends, waits, or `stopping` aborts. */
  execute(runId: string, stopping: AbortSignal): Promise<void> {
    return executeRun(this.#services, runId, stopping);
  }

  /** For the worker: starts the run of a schedule if it is due. */
  fireSchedule(agentId: string): Promise<string | undefined> {
    return fireSchedule(this.#services, agentId);
  }

  /** For the worker: a request was approved or has ended; what waited for it goes on or ends. */
  resolve(approvalId: string): Promise<void> {
    return resolve(this.#services, approvalId);
  }

  /** What must happen even if every job was lost; safe to do at the same time in several processes. */
  async sweep(): Promise<void> {
    await resolveLost(this.#services);
    await fireDueSchedules(this.#services);
    await resumeRuns(this.#services);
  }
}
