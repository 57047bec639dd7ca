import { Module, type DynamicModule } from '@nestjs/common';
import { ActionsModule } from './modules/actions/index.ts';
import { AgentsModule } from './modules/agents/index.ts';
import { ApprovalsModule } from './modules/approvals/index.ts';
import { AuditModule } from './modules/audit/index.ts';
import { IdentityModule } from './modules/identity/index.ts';
import { McpModule } from './modules/mcp/index.ts';
import { NotificationsModule } from './modules/notifications/index.ts';
import { PoliciesModule } from './modules/policies/index.ts';
import { RunsModule } from './modules/runs/index.ts';
import { TemplatesModule } from './modules/templates/index.ts';
import { PlatformModule, type Opened } from './platform/platform.module.ts';
import { QueueModule } from './platform/queue/index.ts';

/** Every module, in the order of the import table. */
@Module({})
export class AppModule {
  static with(opened: Opened, { works = true }: { readonly works?: boolean } = {}): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.with(opened),
        QueueModule.with({ works }),
        AuditModule,
        IdentityModule,
        AgentsModule,
        NotificationsModule,
        ApprovalsModule,
        PoliciesModule,
        ActionsModule,
        RunsModule,
        TemplatesModule,
        McpModule,
      ],
    };
  }
}
