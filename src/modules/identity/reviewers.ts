import type { Reviewer, RiskRequirements } from '../../kernel/approval/model.ts';
import type { Role } from '../../kernel/caller.ts';
import type { Tx } from '../../platform/db/index.ts';

/** A pool or an open transaction. */
export type Reader = Pick<Tx, 'query'>;

export type ListedReviewer = Reviewer & { readonly email: string };

const MAX_LISTED = 500;
const COLUMNS = 'id, email, active, roles, groups';

interface Row {
  readonly id: string;
  readonly email: string;
  readonly active: boolean;
  readonly roles: Role[];
  readonly groups: string[];
}

function toReviewer({ id, email, active, roles, groups }: Row): ListedReviewer {
  return { personId: id, email, active, roles, groups };
}

export async function findReviewer(reader: Reader, personId: string): Promise<Reviewer | undefined> {
  const [row] = await reader.query<Row>(`SELECT ${COLUMNS} FROM person WHERE id = $1`, [personId]);
  return row === undefined ? undefined : toReviewer(row);
}

/** Active members with a role that reviews, or in a group. */
export async function listReviewers(reader: Reader, workspaceId: string): Promise<ListedReviewer[]> {
  const rows = await reader.query<Row>(
    `SELECT ${COLUMNS} FROM person
     WHERE workspace_id = $1 AND active AND (roles && '{owner,admin,approver}' OR groups <> '{}')
     ORDER BY roles && '{owner,admin,approver}' DESC, email LIMIT ${MAX_LISTED}`,
    [workspaceId],
  );
  return rows.map(toReviewer);
}

/** Addresses by the ids of persons. */
export async function emails(reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await reader.query<{ id: string; email: string }>(
    'SELECT id, email FROM person WHERE id = ANY($1::uuid[])',
    [[...new Set(ids)]],
  );
  return new Map(rows.map(({ id, email }) => [id, email]));
}

/** The persons that have these addresses, active or not; who is unknown is absent. */
export async function findByEmails(
  reader: Reader,
  workspaceId: string,
  addresses: readonly string[],
): Promise<ListedReviewer[]> {
  const rows = await reader.query<Row>(
    `SELECT ${COLUMNS} FROM person WHERE workspace_id = $1 AND email = ANY($2) ORDER BY email`,
    [workspaceId, [...new Set(addresses.map((address) => address.trim().toLowerCase()))]],
  );
  return rows.map(toReviewer);
}

export async function isSingleOperator(reader: Reader, workspaceId: string): Promise<boolean> {
  const [row] = await reader.query<{ on: boolean }>(
    'SELECT single_operator AS on FROM workspace_setting WHERE workspace_id = $1',
    [workspaceId],
  );
  return row?.on ?? false;
}

/** Where the workspace asks for more or less than the default of a risk. */
export async function quorums(reader: Reader, workspaceId: string): Promise<Partial<RiskRequirements>> {
  const [row] = await reader.query<{ quorums: Partial<RiskRequirements> }>(
    'SELECT quorums FROM workspace_setting WHERE workspace_id = $1',
    [workspaceId],
  );
  return row?.quorums ?? {};
}
