import type { AgentId, PersonId, WorkspaceId } from './ids.ts';

export const ROLES = ['owner', 'admin', 'operator', 'approver', 'auditor', 'requester'] as const;
export type Role = (typeof ROLES)[number];

/** Who asks. Every use case takes one; nothing is trusted because of the route it came by. */
export interface Caller {
  readonly workspaceId: WorkspaceId;
  /** The person on whose behalf this happens: also when a schedule or a worker acts, the one who deployed. */
  readonly personId: PersonId;
  readonly roles: readonly Role[];
  /** Through which door the request came; recorded, never a source of authority. */
  readonly channel: 'stdio' | 'http' | 'console' | 'worker' | 'cli';
  /** Set when an agent acts (a step of a run, or the assistant acting as the agent). */
  readonly agentId?: AgentId;
  /** Set when a program asks with a key: then `personId` is the key's owner, and `roles` the key's one role. */
  readonly keyId?: string;
  /** Who made the key; absent when the operator of the machine did. */
  readonly keyCreatorId?: PersonId;
}

/** How the audit trail names a caller: `agent:<id>`, else `person:<id>`. */
export function toActor(caller: Caller): string {
  return caller.agentId === undefined ? `person:${caller.personId}` : `agent:${caller.agentId}`;
}
