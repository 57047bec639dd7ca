import type { Caller } from '../../kernel/caller.ts';
import type { Policy } from '../../kernel/policy/model.ts';
import type { Tx } from '../../platform/db/index.ts';
import { toBody, toHash } from './policy-version.ts';

type Db = Pick<Tx, 'query'>;

/** Made by itself, or given as rules with an attachment. */
export type Origin = 'created' | 'attached';

/** What a list shows of a policy that people made. */
export type PolicySummary = Pick<Policy, 'id' | 'name' | 'description' | 'category' | 'framework'>;

interface Row extends Omit<PolicySummary, 'framework'> {
  readonly framework: string | null;
}

/** Stores this content of a policy, once for all who use it, and returns its hash (64 hex digits). */
export async function storeVersion(db: Db, policy: Policy): Promise<string> {
  const body = toBody(policy);
  const hash = toHash(body);
  await db.query(
    'INSERT INTO policy_version (hash, policy_id, body) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING',
    [hash, policy.id, body],
  );
  return hash;
}

/** Makes the policy known by its id in the caller's workspace; `taken` when another one there has the id. */
export async function insertPolicy(
  db: Db,
  caller: Caller,
  policy: Policy,
  origin: Origin,
): Promise<'stored' | 'known' | 'taken'> {
  const hash = await storeVersion(db, policy);
  const stored = await db.query(
    `INSERT INTO policy (workspace_id, id, latest_hash, name, description, category, framework, created_by, origin)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING id`,
    [
      caller.workspaceId,
      policy.id,
      hash,
      policy.name,
      policy.description,
      policy.category,
      policy.framework ?? null,
      caller.personId,
      origin,
    ],
  );
  if (stored.length > 0) return 'stored';
  const [present] = await db.query<{ latest_hash: string }>(
    'SELECT latest_hash FROM policy WHERE workspace_id = $1 AND id = $2',
    [caller.workspaceId, policy.id],
  );
  return present?.latest_hash === hash ? 'known' : 'taken';
}

export async function findPolicy(db: Db, { workspaceId }: Caller, id: string): Promise<Policy | undefined> {
  const [row] = await db.query<{ body: Policy }>(
    'SELECT v.body FROM policy p JOIN policy_version v ON v.hash = p.latest_hash WHERE p.workspace_id = $1 AND p.id = $2',
    [workspaceId, id],
  );
  return row?.body;
}

/** The policies that people of the workspace made, newest first. */
export async function listPolicies(
  db: Db,
  { workspaceId }: Caller,
  origins: readonly Origin[],
): Promise<PolicySummary[]> {
  const rows = await db.query<Row>(
    'SELECT id, name, description, category, framework FROM policy WHERE workspace_id = $1 AND origin = ANY($2) ORDER BY created_at DESC, id',
    [workspaceId, origins],
  );
  return rows.map(({ framework, ...row }) => ({ ...row, ...(framework === null ? {} : { framework }) }));
}
