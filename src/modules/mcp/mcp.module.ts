import { Module } from '@nestjs/common';
import { ActionsModule } from '../actions/index.ts';
import { AgentsModule } from '../agents/index.ts';
import { ApprovalsModule } from '../approvals/index.ts';
import { AuditModule } from '../audit/index.ts';
import { IdentityModule } from '../identity/index.ts';
import { PoliciesModule } from '../policies/index.ts';
import { RunsModule } from '../runs/index.ts';
import { TemplatesModule } from '../templates/index.ts';
import { McpService } from './mcp.service.ts';

@Module({
  imports: [
    ActionsModule,
    AgentsModule,
    ApprovalsModule,
    AuditModule,
    IdentityModule,
    PoliciesModule,
    RunsModule,
    TemplatesModule,
  ],
  providers: [McpService],
  exports: [McpService],
})
export class McpModule {}
