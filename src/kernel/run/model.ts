import type { Json, JsonObject } from '../json.ts';

export const AGENT_STATUSES = ['draft', 'pending_approval', 'deployed', 'paused', 'stopped'] as const;
export type AgentStatus = (typeof AGENT_STATUSES)[number];

export const RUN_STATUSES = [
  'queued',
  'running',
  'waiting_approval',
  'succeeded',
  'failed',
  'blocked',
  'cancelled',
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export const RUN_TRIGGERS = ['manual', 'schedule', 'webhook', 'test'] as const;
export type RunTrigger = (typeof RUN_TRIGGERS)[number];

export const STEP_STATUSES = [
  'pending',
  'running',
  'waiting_approval',
  'succeeded',
  'failed',
  'denied',
  'skipped',
] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

/** One step as its author writes it. Values of `params`, `when` and `forEach` may hold `${{ expression }}`. */
export interface Step {
  readonly name: string;
  readonly action: string;
  readonly params: JsonObject;
  readonly facts?: JsonObject;
  readonly when?: string;
  readonly forEach?: Json;
  readonly retry?: { readonly attempts: number; readonly backoffMs: number };
  readonly onError?: 'fail' | 'continue';
  readonly timeoutMs?: number;
}

/** Something the agent needs and does not have. */
export interface Missing {
  readonly step?: string;
  readonly what: string;
  readonly hint: string;
}

export interface PolicyRef {
  readonly id: string;
  readonly name: string;
  readonly reason: string;
  /** Content hash of the stored policy version. */
  readonly hash: string;
}

/** The immutable content of one agent version. */
export interface AgentDefinition {
  readonly name: string;
  readonly task: string;
  readonly language: 'python' | 'typescript' | 'javascript' | 'go';
  readonly summary: { readonly source: string; readonly processing: string; readonly output: string };
  readonly schedule?: { readonly cron: string; readonly timezone: string };
  readonly approvalRequired: boolean;
  /** What its held actions ask for beyond their risk. */
  readonly approval?: { readonly quorum?: number; readonly groups?: readonly string[] };
  readonly policies: readonly PolicyRef[];
  readonly grants: readonly string[];
  readonly steps: readonly Step[];
  readonly template?: string;
  readonly parameters?: JsonObject;
  readonly missing: readonly Missing[];
}
