import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { AuditService } from './audit.service.ts';

@Module({ providers: [AuditService], exports: [AuditService] })
export class AuditModule implements OnApplicationShutdown {
  readonly #audit: AuditService;

  constructor(audit: AuditService) {
    this.#audit = audit;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#audit.close();
  }
}
