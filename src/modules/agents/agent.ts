import type { AgentDefinition, AgentStatus } from '../../kernel/run/model.ts';
import { AppError } from '../../platform/errors/index.ts';

export const TEST_VERDICTS = ['passed', 'approval_required', 'failed'] as const;
export type TestVerdict = (typeof TEST_VERDICTS)[number];

export interface AgentRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly name: string;
  readonly task: string;
  readonly status: AgentStatus;
  readonly latest_version: number;
  readonly deployed_version: number | null;
  readonly environment: 'local' | 'cloud' | null;
  readonly created_by: string;
  readonly created_at: Date;
  readonly updated_at: Date;
}

export interface AgentRecord {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly task: string;
  readonly status: AgentStatus;
  readonly latestVersion: number;
  readonly deployedVersion?: number;
  readonly environment?: 'local' | 'cloud';
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface AgentVersion {
  readonly agent: AgentRecord;
  readonly version: number;
  /** The person who wrote this version. */
  readonly createdBy: string;
  readonly definition: AgentDefinition;
}

export function toAgent(row: AgentRow | undefined): AgentRecord {
  if (row === undefined) throw new AppError('internal', 'The agent was not written.');
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    name: row.name,
    task: row.task,
    status: row.status,
    latestVersion: row.latest_version,
    ...(row.deployed_version === null ? {} : { deployedVersion: row.deployed_version }),
    ...(row.environment === null ? {} : { environment: row.environment }),
    createdBy: row.created_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
