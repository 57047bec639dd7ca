import { Module, type BeforeApplicationShutdown } from '@nestjs/common';
import { AuditService } from './audit.service.ts';

@Module({ providers: [AuditService], exports: [AuditService] })
export class AuditModule implements BeforeApplicationShutdown {
  readonly #audit: AuditService;

  constructor(audit: AuditService) {
    this.#audit = audit;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#audit.close();
  }
}
