import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.ts';
import { ApprovalsService } from './approvals.service.ts';

@Module({ imports: [AuditModule], providers: [ApprovalsService], exports: [ApprovalsService] })
export class ApprovalsModule {}
