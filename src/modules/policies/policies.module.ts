import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/index.ts';
import { AuditModule } from '../audit/index.ts';
import { IdentityModule } from '../identity/index.ts';
import { DecisionService } from './decision.service.ts';
import { PoliciesService } from './policies.service.ts';

@Module({
  imports: [AuditModule, IdentityModule, AgentsModule],
  providers: [PoliciesService, DecisionService],
  exports: [PoliciesService, DecisionService],
})
export class PoliciesModule {}
