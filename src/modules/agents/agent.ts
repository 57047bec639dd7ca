import type { PersonId } from '../../kernel/ids.ts';
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
  readonly created_by: PersonId;
  readonly key_creator: PersonId | null;
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
  /** Who registered it, and who made the key by which it was registered. */
  readonly authors: readonly PersonId[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface AgentVersion {
  readonly agent: AgentRecord;
  readonly version: number;
  /** Who wrote this version, and who made the key by which it was written. */
  readonly authors: readonly PersonId[];
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
    authors: toAuthors(row.created_by, row.key_creator),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function toAuthors(writer: PersonId, keyCreator: PersonId | null): PersonId[] {
  return keyCreator === null ? [writer] : [writer, keyCreator];
}

/** Who wrote what acts here: they never answer what it asks of people. */
export function listAuthors({ agent, authors }: AgentVersion): PersonId[] {
  return [...new Set([...agent.authors, ...authors])];
}
