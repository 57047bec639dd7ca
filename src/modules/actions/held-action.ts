import type { AgentId } from '../../kernel/ids.ts';
import type { Caller } from '../../kernel/caller.ts';
import type { Database } from '../../platform/db/index.ts';
import { AppError, type ErrorCode } from '../../platform/errors/index.ts';
import type { Decision } from '../../kernel/policy/model.ts';
import type { RunPlace } from './action.ts';
import { describe, requireParams, withInForce, type DescribeServices } from './describe.ts';
import { fromBytes, type HeldContext } from './hold.ts';
import type { Prepared } from './prepared.ts';

/** A held action with the request that people answered. */
export interface HeldAction {
  readonly id: string;
  readonly approval_id: string;
  readonly workspace_id: string;
  readonly agent_id: string;
  readonly version: number;
  readonly run_id: string | null;
  readonly step_position: number;
  readonly item_index: number;
  readonly attempt: number;
  readonly type: string;
  readonly params: Buffer;
  readonly context: Buffer;
  readonly decision: Decision;
  readonly action_hash: string;
  readonly execution: string | null;
  /** Of what people approved. */
  readonly approved_hash: string;
}

export async function readHeld(db: Database, approvalId: string): Promise<HeldAction | undefined> {
  const [row] = await db.query<HeldAction>(
    `SELECT a.id, r.id AS approval_id, a.workspace_id, a.agent_id, a.version, a.run_id, a.step_position, a.item_index, a.attempt, a.type, a.params,
       a.context, a.decision, a.action_hash, a.execution, r.action_hash AS approved_hash
     FROM approval_request r JOIN action a ON a.id = r.action_id WHERE r.id = $1 AND r.purpose = 'action' AND a.context IS NOT NULL`,
    [approvalId],
  );
  return row;
}

/** The stored action as it looks today, or why it cannot be carried out as it was approved. */
export type Today =
  | {
      readonly kind: 'ready';
      readonly caller: Caller;
      readonly prepared: Prepared;
      /** The version of the agent by which it was judged beside its own. */
      readonly inForce: number;
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** Refusals of these codes are final: people have to be asked again for something else. */
const FINAL: readonly ErrorCode[] = ['not_runnable', 'not_found', 'invalid_input', 'analysis_failed'];

/**
 * Describes a held action anew: its stored params, its version's policies and those in force now. What is not to the last bit what people
 * approved is refused: the tool, the target or the stored bytes have changed.
 */
export async function describeHeld(services: DescribeServices, held: HeldAction, signal?: AbortSignal): Promise<Today> {
  try {
    const { personId, keyCreatorId, ...context } = fromBytes(held.context) as unknown as HeldContext;
    const person = await services.identity.workerCaller(personId);
    const key = keyCreatorId === undefined ? {} : { keyCreatorId };
    const caller: Caller = { ...person, ...key, agentId: held.agent_id as AgentId };
    const place = toPlace(held);
    const request = {
      ...context,
      agentId: held.agent_id,
      version: held.version,
      type: held.type,
      params: fromBytes(held.params),
      ...(place === undefined ? {} : { run: place }),
      ...(signal === undefined ? {} : { signal }),
    };
    requireParams(services.executors.catalogue, request);
    const acting = await services.agents.getVersion(caller, held.agent_id, held.version);
    const inForce = acting.agent.deployedVersion ?? acting.agent.latestVersion;
    const agent = await withInForce(services.agents, caller, acting, inForce, held.type);
    const prepared = await describe(services, caller, agent, request);
    if (prepared.executedHash === held.approved_hash) return { kind: 'ready', caller, prepared, inForce };
    return { kind: 'refused', reason: CHANGED };
  } catch (error) {
    if (!(error instanceof AppError) || !FINAL.includes(error.code)) throw error;
    return { kind: 'refused', reason: error.message };
  }
}

const CHANGED =
  'The action is not any more what was approved: its stored bytes, its tool, its target or what policies change in it are others now.';

function toPlace({
  run_id: runId,
  step_position: stepPosition,
  item_index: itemIndex,
  attempt,
}: HeldAction): RunPlace | undefined {
  return runId === null ? undefined : { runId, stepPosition, itemIndex, attempt };
}
