import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/index.ts';
import { IdentityModule } from '../identity/index.ts';
import { PoliciesModule } from '../policies/index.ts';
import { TemplatesService } from './templates.service.ts';

@Module({
  imports: [IdentityModule, AgentsModule, PoliciesModule],
  providers: [TemplatesService],
  exports: [TemplatesService],
})
export class TemplatesModule {}
