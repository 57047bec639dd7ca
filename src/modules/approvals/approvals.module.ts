import { Module } from '@nestjs/common';
import { JobHandlers, Sweeper } from '../../platform/queue/index.ts';
import { AuditModule } from '../audit/index.ts';
import { IdentityModule } from '../identity/index.ts';
import { deliveryDueJob, NotificationsModule, slackInteractionJob } from '../notifications/index.ts';
import { ApprovalsController } from './approvals.controller.ts';
import { ApprovalsService } from './approvals.service.ts';
import { approvalTimerJob } from './jobs.ts';

@Module({
  imports: [AuditModule, IdentityModule, NotificationsModule],
  controllers: [ApprovalsController],
  providers: [ApprovalsService],
  exports: [ApprovalsService],
})
export class ApprovalsModule {
  constructor(approvals: ApprovalsService, handlers: JobHandlers, sweeper: Sweeper) {
    handlers.add(approvalTimerJob, ({ approvalId }) => approvals.fireDue(approvalId));
    handlers.add(deliveryDueJob, ({ deliveryId }) => approvals.deliver(deliveryId));
    handlers.add(slackInteractionJob, ({ eventId }) => approvals.handleInteraction(eventId));
    sweeper.add('approvals', () => approvals.sweep());
    sweeper.add('notices', () => approvals.sweepNotices());
  }
}
