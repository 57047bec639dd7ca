import { z } from 'zod';
import type { Caller } from '../../kernel/caller.ts';
import type { PersonId } from '../../kernel/ids.ts';
import type { Json } from '../../kernel/json.ts';
import type { Decision } from '../../kernel/policy/model.ts';
import type { RunStatus, RunTrigger, StepStatus } from '../../kernel/run/model.ts';
import type { Config } from '../../platform/config/index.ts';
import type { Database } from '../../platform/db/index.ts';
import { defineJob, type Outbox } from '../../platform/queue/index.ts';
import type { Log } from '../../platform/telemetry/log.ts';
import type { ActionsService } from '../actions/index.ts';
import type { AgentsService } from '../agents/index.ts';
import type { ApprovalsService } from '../approvals/index.ts';
import type { AuditService } from '../audit/index.ts';
import type { IdentityService } from '../identity/index.ts';

/** What the use cases of this module work with. */
export interface RunServices {
  readonly db: Database;
  readonly log: Log;
  readonly config: Config;
  readonly outbox: Outbox;
  readonly audit: AuditService;
  readonly identity: IdentityService;
  readonly agents: AgentsService;
  readonly approvals: ApprovalsService;
  readonly actions: ActionsService;
}

/** Work on a run: from the start, or from where the last worker left it. */
export const executeRunJob = defineJob('run.execute', z.strictObject({ runId: z.uuid() }));
/** Look whether the agent's schedule is due, and start its run if so. */
export const scheduleDueJob = defineJob('schedule.due', z.strictObject({ agentId: z.uuid() }));
/** Make the clock in the queue agree with the agent's schedule in the database. */
export const scheduleSyncJob = defineJob('schedule.sync', z.strictObject({ agentId: z.uuid() }));

/** One job for each claim of a run, however often it is asked for. */
export function toJobKey(runId: string, fence: number): string {
  return `${runId} ${fence}`;
}

export interface RunRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly agent_id: string;
  readonly version: number;
  readonly trigger: RunTrigger;
  readonly status: RunStatus;
  readonly input: Buffer;
  readonly scheduled_for: Date | null;
  /** The person on whose behalf it runs. */
  readonly requested_by: string;
  /** Who made the key that started it. */
  readonly key_creator: PersonId | null;
  readonly fence: number;
  /** The fence with which it last came to wait for people. */
  readonly waited_fence: number;
  readonly lease_until: Date | null;
  readonly error: string | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
}

export interface StepRow {
  readonly position: number;
  readonly name: string;
  readonly action: string;
  readonly status: StepStatus;
  readonly decision: Decision | null;
  readonly output: Buffer | null;
  readonly error: string | null;
  readonly approval_id: string | null;
}

/** Whoever works on it later acts as it was asked: on behalf of the same person, and by a key of the same maker. */
export async function toCaller(
  { identity }: Pick<RunServices, 'identity'>,
  personId: string,
  keyCreatorId: PersonId | null,
): Promise<Caller> {
  const caller = await identity.workerCaller(personId);
  return keyCreatorId === null ? caller : { ...caller, keyCreatorId };
}

export function toBytes(value: Json): Buffer {
  return Buffer.from(JSON.stringify(value), 'utf8');
}

export function fromBytes(bytes: Buffer | null): Json {
  return bytes === null ? null : (JSON.parse(bytes.toString('utf8')) as Json);
}
