import type { Role } from '../../kernel/caller.ts';
import type { Reviewer, RiskRequirements } from '../../kernel/approval/model.ts';
import type { Tx } from '../../platform/db/index.ts';

type Db = Pick<Tx, 'query'>;

/** A person with a session of their own. */
export interface SignedIn {
  readonly workspaceId: string;
  readonly personId: string;
  readonly email: string;
  readonly roles: readonly Role[];
  readonly groups: readonly string[];
  readonly sessionId: string;
  readonly method: 'code' | 'link';
  readonly signedInAt: Date;
}

interface Row {
  readonly id: string;
  readonly email: string;
  readonly active: boolean;
  readonly roles: Role[];
  readonly groups: string[];
}

const toReviewer = ({ id, active, roles, groups, email }: Row): Reviewer & { email: string } => ({
  personId: id,
  active,
  roles,
  groups,
  email,
});

export class People {
  constructor(_identity: object) {}

  async findReviewer(db: Db, personId: string): Promise<Reviewer | undefined> {
    const rows = await db.query<Row>('SELECT * FROM person WHERE id = $1', [personId]);
    return rows.map(toReviewer)[0];
  }

  async listReviewers(db: Db, workspaceId: string): Promise<(Reviewer & { email: string })[]> {
    const rows = await db.query<Row>(
      `SELECT * FROM person WHERE workspace_id = $1 AND active AND (roles && '{owner,admin,approver}' OR groups <> '{}') ORDER BY email LIMIT 500`,
      [workspaceId],
    );
    return rows.map(toReviewer);
  }

  async emails(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await db.query<Row>('SELECT * FROM person WHERE id = ANY($1::uuid[])', [ids]);
    return new Map(rows.map(({ id, email }) => [id, email]));
  }

  async isSingleOperator(db: Db, workspaceId: string): Promise<boolean> {
    const rows = await db.query<{ on: boolean }>(
      'SELECT single_operator AS on FROM workspace_setting WHERE workspace_id = $1',
      [workspaceId],
    );
    return rows[0]?.on === true;
  }

  async quorums(db: Db, workspaceId: string): Promise<Partial<RiskRequirements>> {
    const rows = await db.query<{ quorums: Partial<RiskRequirements> }>(
      'SELECT quorums FROM workspace_setting WHERE workspace_id = $1',
      [workspaceId],
    );
    return rows[0]?.quorums ?? {};
  }
}
