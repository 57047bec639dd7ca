import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/index.ts';
import { PoliciesService } from './policies.service.ts';

@Module({ imports: [AgentsModule], providers: [PoliciesService], exports: [PoliciesService] })
export class PoliciesModule {}
