export { AuditLogQuery, type AuditEntryView, type AuditLogView, type ChainView } from './audit.dto.ts';
export { AuditModule } from './audit.module.ts';
export { AuditService, type AgentMetrics } from './audit.service.ts';
export {
  AUDIT_KINDS,
  AUDIT_OUTCOMES,
  sha256,
  type AuditDraft,
  type AuditEntry,
  type AuditKind,
  type AuditOutcome,
} from './entry.ts';
