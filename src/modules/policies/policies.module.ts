import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/index.ts';
import { DecisionService } from './decision.service.ts';
import { PoliciesService } from './policies.service.ts';

@Module({ imports: [AgentsModule], providers: [PoliciesService, DecisionService], exports: [PoliciesService, DecisionService] })
export class PoliciesModule {}
