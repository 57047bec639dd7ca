import { canonicalize } from '../../kernel/audit/canonical.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Decision } from '../../kernel/policy/model.ts';
import type { ErrorCode } from '../../platform/errors/index.ts';
import { sha256 } from '../audit/index.ts';
import type { Subject } from '../policies/index.ts';

export const ACTION_TRIGGERS = ['manual', 'schedule', 'webhook', 'test', 'assistant'] as const;
export type ActionTrigger = (typeof ACTION_TRIGGERS)[number];

/** Where in a run an action belongs; the same place answers with the same outcome. `itemIndex` is -1 without items. */
export interface RunPlace {
  readonly runId: string;
  readonly stepPosition: number;
  readonly itemIndex: number;
  readonly attempt: number;
}

/** What is asked at the enforcement point. */
export interface ActionRequest {
  readonly agentId: string;
  /** Default: the deployed version, else the latest. */
  readonly version?: number;
  readonly type: string;
  readonly params: JsonObject;
  /** What the author of the step declares, such as `purpose`. */
  readonly facts?: JsonObject;
  readonly trigger: ActionTrigger;
  readonly run?: RunPlace;
  readonly idempotencyKey?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Where the argument that decides whom it hits comes from; default: its author, so trusted. */
  readonly provenance?: Subject['provenance'];
}

export interface ActionFailure {
  readonly code: ErrorCode;
  readonly message: string;
}

export type ActionResult =
  | { readonly kind: 'succeeded'; readonly actionId: string; readonly output: JsonObject; readonly decision: Decision }
  | { readonly kind: 'denied'; readonly actionId: string; readonly decision: Decision; readonly reason?: string }
  | {
      readonly kind: 'held';
      readonly actionId: string;
      readonly approvalId: string;
      readonly expiresAt: Date;
      readonly decision: Decision;
    }
  | { readonly kind: 'failed'; readonly actionId: string; readonly error: ActionFailure; readonly decision: Decision }
  /** Whether it happened is not known: it must not be repeated. */
  | { readonly kind: 'unknown'; readonly actionId: string; readonly approvalId?: string; readonly decision: Decision };

/** Hash of exactly this action: what is recorded, held and later approved. Hex, 64 digits. */
export function hashAction(workspaceId: string, request: ActionRequest): string {
  const { agentId, type, params, facts = {}, run } = request;
  const place =
    run === undefined ? null : { runId: run.runId, stepPosition: run.stepPosition, itemIndex: run.itemIndex };
  const bytes = Buffer.from(`action/v1\0${canonicalize({ workspaceId, agentId, type, params, facts, place })}`, 'utf8');
  return Buffer.from(sha256(bytes)).toString('hex');
}

/** Whether a type is one of the declared ones: a step's type, or covered by a grant such as `file.*`. */
export function isDeclared(type: string, stepTypes: readonly string[], grants: readonly string[]): boolean {
  return (
    stepTypes.includes(type) ||
    grants.some((grant) => grant === type || (grant.endsWith('.*') && type.startsWith(grant.slice(0, -1))))
  );
}
