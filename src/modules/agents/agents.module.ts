import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.ts';
import { AgentsService } from './agents.service.ts';

@Module({ imports: [AuditModule], providers: [AgentsService], exports: [AgentsService] })
export class AgentsModule {}
