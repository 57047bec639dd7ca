import { Module } from '@nestjs/common';
import { Database } from '../../platform/db/index.ts';
import { JobHandlers, Schedulers, Sweeper } from '../../platform/queue/index.ts';
import { ActionsModule } from '../actions/index.ts';
import { AgentsModule } from '../agents/index.ts';
import { approvalResolvedJob, ApprovalsModule } from '../approvals/index.ts';
import { AuditModule } from '../audit/index.ts';
import { IdentityModule } from '../identity/index.ts';
import { executeRunJob, scheduleDueJob, scheduleSyncJob } from './run.ts';
import { RunsService } from './runs.service.ts';
import { syncSchedule } from './schedules.ts';

@Module({
  imports: [AuditModule, IdentityModule, AgentsModule, ApprovalsModule, ActionsModule],
  providers: [RunsService],
  exports: [RunsService],
})
export class RunsModule {
  constructor(runs: RunsService, db: Database, handlers: JobHandlers, schedulers: Schedulers, sweeper: Sweeper) {
    handlers.add(executeRunJob, ({ runId }, stopping) => runs.execute(runId, stopping));
    handlers.add(approvalResolvedJob, ({ approvalId }) => runs.resolve(approvalId));
    handlers.add(scheduleDueJob, async ({ agentId }) => void (await runs.fireSchedule(agentId)));
    handlers.add(scheduleSyncJob, ({ agentId }) => syncSchedule({ db }, schedulers, agentId));
    sweeper.add('runs', () => runs.sweep());
  }
}
