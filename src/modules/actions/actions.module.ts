import { Module } from '@nestjs/common';
import { Sweeper } from '../../platform/queue/index.ts';
import { AgentsModule } from '../agents/index.ts';
import { ApprovalsModule } from '../approvals/index.ts';
import { AuditModule } from '../audit/index.ts';
import { IdentityModule } from '../identity/index.ts';
import { PoliciesModule } from '../policies/index.ts';
import { ActionsService } from './actions.service.ts';
import { ExecutorRegistry } from './executor-registry.ts';
import type { Executor } from './executor.ts';
import { DataExecutor } from './executors/data.executor.ts';
import { FilesExecutor } from './executors/files.executor.ts';
import { HttpExecutor } from './executors/http.executor.ts';

/** Every way to have an effect. */
const EXECUTORS = [FilesExecutor, DataExecutor, HttpExecutor];

@Module({
  imports: [AuditModule, IdentityModule, AgentsModule, ApprovalsModule, PoliciesModule],
  providers: [
    ...EXECUTORS,
    {
      provide: ExecutorRegistry,
      inject: EXECUTORS,
      useFactory: (...executors: Executor[]) => new ExecutorRegistry(executors),
    },
    ActionsService,
  ],
  exports: [ActionsService],
})
export class ActionsModule {
  constructor(actions: ActionsService, sweeper: Sweeper) {
    sweeper.add('approved actions', () => actions.resume());
    sweeper.add('actions', () => actions.endAbandoned());
    sweeper.add('counts of actions', () => actions.forgetOld());
  }
}
