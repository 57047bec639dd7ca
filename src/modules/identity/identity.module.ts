import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.ts';
import { AuthController } from './auth.controller.ts';
import { IdentityService } from './identity.service.ts';
import { SessionGuard } from './session.guard.ts';
import { SessionsService } from './sessions.service.ts';

@Module({
  imports: [AuditModule],
  controllers: [AuthController],
  providers: [IdentityService, SessionsService, SessionGuard],
  exports: [IdentityService, SessionsService, SessionGuard],
})
export class IdentityModule {}
