import { createHash } from 'node:crypto';
import { canonicalize } from '../../kernel/audit/canonical.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import type { Decision } from '../../kernel/policy/model.ts';

export const AUDIT_KINDS = [
  'agent.created',
  'agent.versioned',
  'agent.tested',
  'agent.deployed',
  'agent.paused',
  'agent.stopped',
  'policy.created',
  'policy.attached',
  'action.decided',
  'action.claimed',
  'action.executed',
  'result.decided',
  'approval.requested',
  'approval.reviewed',
  'approval.review_refused',
  'approval.cancel_refused',
  'approval.revoke_refused',
  'approval.reminded',
  'approval.escalated',
  'approval.approved',
  'approval.denied',
  'approval.expired',
  'approval.cancelled',
  'approval.superseded',
  'approval.consumed',
  'approval.revoked',
  'approval.lapsed',
  'approval.invalidated',
  'run.started',
  'run.ended',
  'schedule.activated',
  'workspace.changed',
  'person.added',
  'person.changed',
  'person.deactivated',
  'key.created',
  'key.revoked',
  'sign_in.offered',
  'sign_in.succeeded',
  'sign_in.failed',
  'sign_in.ended',
  'delivery.failed',
  'slack.linked',
  'slack.refused',
] as const;
export type AuditKind = (typeof AUDIT_KINDS)[number];

export const AUDIT_OUTCOMES = ['allowed', 'denied', 'held', 'succeeded', 'failed', 'unknown'] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

/** What a use case records. `data` holds ids, names and counts: never content, never a secret. */
export interface AuditEntry {
  readonly workspaceId: string;
  readonly kind: AuditKind;
  readonly actor: string;
  readonly outcome: AuditOutcome;
  readonly agentId?: string;
  readonly runId?: string;
  readonly action?: { readonly id: string; readonly type: string; readonly hash: string };
  readonly decision?: Decision;
  readonly data?: JsonObject;
  /** How long what ended took, in milliseconds. */
  readonly durationMs?: number;
  /** US dollars times 1,000,000. */
  readonly costMicros?: number;
}

/** The stored form: the entry plus its id and the database's time. */
export interface AuditBody extends AuditEntry {
  readonly v: 1;
  readonly id: string;
  /** ISO 8601, UTC, milliseconds. */
  readonly at: string;
}

export function sha256(...parts: Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** A decision as plain JSON for the canonical form. */
export function toJson(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

/** The canonical bytes of an entry before and after its time, which is known only where it is written. */
export interface AuditDraft {
  readonly id: string;
  readonly before: string;
  readonly after: string;
}

export function toDraft(id: string, entry: AuditEntry): AuditDraft {
  const members = Object.entries(toJson({ v: 1, id, ...entry }) as JsonObject);
  // Canonical members stand in the order of their names.
  const before = canonicalize(Object.fromEntries(members.filter(([name]) => name < 'at')));
  const after = canonicalize(Object.fromEntries(members.filter(([name]) => name > 'at')));
  return { id, before: `${before.slice(0, -1)},"at":"`, after: `",${after.slice(1)}` };
}
