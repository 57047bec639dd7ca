import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { Caller, Role } from '../../kernel/caller.ts';
import type { Reviewer, RiskRequirements } from '../../kernel/approval/model.ts';
import type { PersonId, WorkspaceId } from '../../kernel/ids.ts';
import { Database } from '../../platform/db/index.ts';
import { AppError } from '../../platform/errors/index.ts';
import * as reviewers from './reviewers.ts';
import { ensureWorkspace } from './ensure-workspace.ts';
import { findKeyCaller } from './keys.ts';
import { readWorkspace, type Workspace } from './workspace.ts';

const WORKSPACE = 'default';
const LOCAL_OWNER = 'owner@localhost';
const FRESH_MS = 3_000;

interface OwnerRow {
  readonly person_id: string;
  readonly workspace_id: string;
  readonly roles: Role[];
  readonly timezone: string;
}

/** Who calls, and how the people of a workspace stand now. */
@Injectable()
export class IdentityService {
  readonly #db: Database;
  readonly #workspaces = new Map<string, { readonly readAt: number; readonly workspace: Promise<Workspace> }>();
  #owner: Promise<OwnerRow> | undefined;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The owner of the default workspace, made on first use; only for doors that only this machine can open. */
  async localCaller(channel: Caller['channel']): Promise<Caller> {
    const owner = await this.#localOwner();
    return {
      workspaceId: owner.workspace_id as WorkspaceId,
      personId: owner.person_id as PersonId,
      roles: owner.roles,
      channel,
    };
  }

  /** IANA time zone of the caller's workspace. */
  async timezone(caller: Caller): Promise<string> {
    return (await this.workspace(caller)).timezone;
  }

  /** What is known about the caller's workspace; a change is known after three seconds at the latest. */
  async workspace({ workspaceId }: Pick<Caller, 'workspaceId'>): Promise<Workspace> {
    const now = performance.now();
    const known = this.#workspaces.get(workspaceId);
    if (known !== undefined && now - known.readAt < FRESH_MS) return known.workspace;
    const workspace = readWorkspace(this.#db, workspaceId);
    this.#workspaces.set(workspaceId, { readAt: now, workspace });
    workspace.catch(() => this.#workspaces.delete(workspaceId));
    return workspace;
  }

  /** The person a run acts for: `deployment.created_by`, read fresh, so that a person who left has no standing. */
  async workerCaller(personId: string): Promise<Caller> {
    const [row] = await this.#db.query<OwnerRow>(
      'SELECT id AS person_id, workspace_id, roles FROM person WHERE id = $1 AND active',
      [personId],
    );
    if (row === undefined)
      throw new AppError(
        'not_runnable',
        'The person on whose behalf this runs is no longer active. Let somebody else deploy the agent.',
      );
    return {
      workspaceId: row.workspace_id as WorkspaceId,
      personId: row.person_id as PersonId,
      roles: row.roles,
      channel: 'worker',
    };
  }

  /** Who asks with this key: its owner with the key's role; undefined unless all of them stand now. */
  async keyCaller(secret: string): Promise<Caller | undefined> {
    return findKeyCaller(this.#db, secret);
  }

  async findReviewer(reader: reviewers.Reader, personId: string): Promise<Reviewer | undefined> {
    return reviewers.findReviewer(reader, personId);
  }

  /** Active members with a role that reviews or in a group; at most 500. */
  async listReviewers(reader: reviewers.Reader, workspaceId: string): Promise<reviewers.ListedReviewer[]> {
    return reviewers.listReviewers(reader, workspaceId);
  }

  async emails(reader: reviewers.Reader, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return reviewers.emails(reader, ids);
  }

  /** Active or not; who is unknown is absent. */
  async findByEmails(
    reader: reviewers.Reader,
    workspaceId: string,
    addresses: readonly string[],
  ): Promise<reviewers.ListedReviewer[]> {
    return reviewers.findByEmails(reader, workspaceId, addresses);
  }

  /** The setting only: whether it counts depends on who else could review. */
  async isSingleOperator(reader: reviewers.Reader, workspaceId: string): Promise<boolean> {
    return reviewers.isSingleOperator(reader, workspaceId);
  }

  async quorums(reader: reviewers.Reader, workspaceId: string): Promise<Partial<RiskRequirements>> {
    return reviewers.quorums(reader, workspaceId);
  }

  async #localOwner(): Promise<OwnerRow> {
    this.#owner ??= this.#createLocalOwner();
    try {
      return await this.#owner;
    } catch (error) {
      this.#owner = undefined;
      throw error;
    }
  }

  async #createLocalOwner(): Promise<OwnerRow> {
    const select = `SELECT p.id AS person_id, p.workspace_id, p.roles, w.timezone FROM person p JOIN workspace w ON w.id = p.workspace_id
      WHERE w.name = $1 AND p.email = $2`;
    const [found] = await this.#db.query<OwnerRow>(select, [WORKSPACE, LOCAL_OWNER]);
    if (found !== undefined) return found;
    await this.#db.transaction(async (tx) => {
      await ensureWorkspace(tx, WORKSPACE);
      await tx.query(
        `INSERT INTO person (id, workspace_id, email, roles) SELECT $1, id, $3, '{owner}' FROM workspace WHERE name = $2 ON CONFLICT DO NOTHING`,
        [randomUUID(), WORKSPACE, LOCAL_OWNER],
      );
    });
    const [made] = await this.#db.query<OwnerRow>(select, [WORKSPACE, LOCAL_OWNER]);
    if (made === undefined) throw new AppError('internal', 'The local owner could not be made.');
    return made;
  }
}
