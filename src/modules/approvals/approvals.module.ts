import { Module } from '@nestjs/common';
import { JobHandlers, Sweeper } from '../../platform/queue/index.ts';
import { AuditModule } from '../audit/index.ts';
import { IdentityModule } from '../identity/index.ts';
import { ApprovalsController } from './approvals.controller.ts';
import { ApprovalsService } from './approvals.service.ts';
import { approvalTimerJob } from './jobs.ts';

@Module({
  imports: [AuditModule, IdentityModule],
  controllers: [ApprovalsController],
  providers: [ApprovalsService],
  exports: [ApprovalsService],
})
export class ApprovalsModule {
  constructor(approvals: ApprovalsService, handlers: JobHandlers, sweeper: Sweeper) {
    handlers.add(approvalTimerJob, ({ approvalId }) => approvals.fireDue(approvalId));
    sweeper.add('approvals', () => approvals.sweep());
  }
}
