import { z } from 'zod';
import { AUDIT_OUTCOMES, type AuditKind, type AuditOutcome } from './entry.ts';
import type { Decision } from '../../kernel/policy/model.ts';

/** Query of the record. Times are ISO 8601 with zone; `actionFilter` is a prefix of the entry's kind; `limit` 1 to 500. */
export const AuditLogQuery = z.strictObject({
  agentId: z.uuid().optional(),
  startTime: z.iso.datetime({ offset: true }).optional(),
  endTime: z.iso.datetime({ offset: true }).optional(),
  actionFilter: z.string().max(100).optional(),
  outcome: z.enum(AUDIT_OUTCOMES).optional(),
  limit: z.int().min(1).max(500).default(100),
  cursor: z.string().max(200).optional(),
});
export type AuditLogQuery = z.infer<typeof AuditLogQuery>;

export interface AuditEntryView {
  readonly seq: number;
  readonly id: string;
  readonly at: string;
  readonly kind: AuditKind;
  readonly actor: string;
  readonly agentId?: string;
  readonly runId?: string;
  readonly action?: { readonly id: string; readonly type: string; readonly hash: string };
  readonly outcome: AuditOutcome;
  readonly decision?: Decision;
  readonly data?: object;
}

export interface ChainView {
  readonly size: number;
  /** Hex of the head hash, which covers every entry. */
  readonly root: string;
  /** Whether every entry after `verifiedFrom` still has the bytes it was linked with. */
  readonly verified: boolean;
  readonly verifiedAt: string;
  readonly verifiedFrom: number;
  /** The first entry that is missing or changed. */
  readonly brokenAt?: number;
}

export interface AuditLogView {
  readonly entries: readonly AuditEntryView[];
  readonly counts: Readonly<Record<AuditOutcome, number>>;
  readonly nextCursor?: string;
  readonly chain: ChainView;
}
