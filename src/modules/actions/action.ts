import { canonicalize } from '../../kernel/audit/canonical.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Decision } from '../../kernel/policy/model.ts';
import type { ErrorCode } from '../../platform/errors/index.ts';
import type { OpenedApproval } from '../approvals/index.ts';
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
      /** How many people must approve. */
      readonly requiredApprovals: number;
      /** Who can answer now, by e-mail. */
      readonly asked: readonly string[];
      readonly singleOperator: OpenedApproval['singleOperator'];
      readonly alone?: string;
      /** Why those who can answer are not enough, and the way out. */
      readonly obstacle?: string;
      readonly decision: Decision;
    }
  | { readonly kind: 'failed'; readonly actionId: string; readonly error: ActionFailure; readonly decision: Decision }
  /** Whether it happened is not known: it must not be repeated. */
  | {
      readonly kind: 'unknown';
      readonly actionId: string;
      /** The question whether it happened. */
      readonly approvalId?: string;
      /** What people said of it; absent while nobody has. */
      readonly happened?: boolean;
      readonly decision: Decision;
    };

/** What makes an action this one beside what is asked: where, for whom, by which tool, at what. */
export interface Binding {
  readonly workspaceId: string;
  /** The person on whose behalf it happens. */
  readonly principal: string;
  /** Hash of the tool's definition. */
  readonly tool: string;
  /** What it reaches once paths and hosts are resolved. */
  readonly target: JsonObject;
}

/** Hash of exactly this action: what is recorded, held and later approved. Hex, 64 digits. */
export function hashAction({ workspaceId, principal, tool, target }: Binding, request: HashedRequest): string {
  const { agentId, type, params, facts = {}, run } = request;
  const place =
    run === undefined ? null : { runId: run.runId, stepPosition: run.stepPosition, itemIndex: run.itemIndex };
  const action = { workspaceId, agentId, type, params, facts, place, principal, tool, target };
  return Buffer.from(sha256(Buffer.from(`action/v2\0${canonicalize(action)}`, 'utf8'))).toString('hex');
}

export type HashedRequest = Pick<ActionRequest, 'agentId' | 'type' | 'params' | 'facts' | 'run'>;

/** Whether a type is one of the declared ones: a step's type, or covered by a grant such as `file.*`. */
export function isDeclared(type: string, stepTypes: readonly string[], grants: readonly string[]): boolean {
  return (
    stepTypes.includes(type) ||
    grants.some((grant) => grant === type || (grant.endsWith('.*') && type.startsWith(grant.slice(0, -1))))
  );
}
