import { cutText } from '../../kernel/json.ts';
import { randomUUID } from 'node:crypto';
import type { Caller, Role } from '../../kernel/caller.ts';
import type { PersonId, WorkspaceId } from '../../kernel/ids.ts';
import { AppError } from '../../platform/errors/index.ts';
import { toEmail } from './email.ts';
import { toRole } from './people.ts';
import type { Reader } from './reviewers.ts';
import { hashToken, isKey, makeKey } from './secrets.ts';
import type { Desk } from './sign-in.ts';

export interface KeyView {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly owner: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

export interface NewKey {
  readonly name: string;
  readonly role: string;
  /** E-mail address. */
  readonly owner: string;
}

const MAX_LISTED = 1_000;
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,59}$/u;

/** What a person with a role may let a program do. Who only reviews or reads lets no program ask for anything. */
const COVERS: Readonly<Record<Role, readonly Role[]>> = {
  owner: ['owner', 'admin', 'operator', 'approver', 'auditor', 'requester'],
  admin: ['admin', 'operator', 'approver', 'auditor', 'requester'],
  operator: ['operator', 'requester'],
  approver: ['approver'],
  auditor: ['auditor'],
  requester: ['requester'],
};

/** Whether persons with `roles` have at least what `role` gives. */
export function covers(roles: readonly Role[], role: Role): boolean {
  return roles.some((each) => COVERS[each].includes(role));
}

/** Makes a key and returns it: only its hash is kept, so it is shown once. */
export async function createKey({ db, audit }: Desk, workspace: string, key: NewKey): Promise<string> {
  const role = toRole(key.role);
  const email = toEmail(key.owner);
  const name = key.name.trim();
  if (!NAME.test(name)) {
    throw new AppError(
      'invalid_input',
      'The name of a key has 1 to 60 letters, digits, spaces, dots or dashes. Give one such as `ci`.',
    );
  }
  return db.transaction(async (tx) => {
    const [owner] = await tx.query<{ id: string; workspace_id: string; roles: Role[]; active: boolean }>(
      'SELECT p.id, p.workspace_id, p.roles, p.active FROM person p JOIN workspace w ON w.id = p.workspace_id WHERE w.name = $1 AND p.email = $2',
      [workspace, email],
    );
    if (owner?.active !== true) {
      throw new AppError(
        'not_found',
        `Nobody active in the workspace \`${workspace}\` has the address \`${email}\`. Add them with \`agentos user add\`.`,
      );
    }
    if (!covers(owner.roles, role)) {
      throw new AppError(
        'forbidden',
        `A key cannot do more than its owner: \`${email}\` has ${owner.roles.join(', ') || 'no role'}, not \`${role}\`. Choose another role, or give the owner this one with \`agentos user add\`.`,
      );
    }
    const secret = makeKey();
    const id = randomUUID();
    const made = await tx.query(
      'INSERT INTO api_key (id, workspace_id, name, secret_hash, role, owner_id) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING id',
      [id, owner.workspace_id, name, hashToken(secret), role, owner.id],
    );
    if (made.length === 0) {
      throw new AppError(
        'conflict',
        `There is a key \`${name}\` already. Choose another name, or revoke it first: \`agentos key revoke --name\`.`,
      );
    }
    await audit.append(tx, {
      workspaceId: owner.workspace_id,
      kind: 'key.created',
      actor: 'operator',
      outcome: 'succeeded',
      data: { keyId: id, name, role, ownerId: owner.id },
    });
    return secret;
  });
}

/** Who is not revoked. */
export async function listKeys({ db }: Desk, workspace: string): Promise<KeyView[]> {
  return db.query<KeyView>(
    `SELECT k.id, k.name, k.role, p.email AS owner, k.created_at AS "createdAt", k.last_used_at AS "lastUsedAt"
     FROM workspace w JOIN api_key k ON k.workspace_id = w.id AND k.revoked_at IS NULL JOIN person p ON p.id = k.owner_id
     WHERE w.name = $1 ORDER BY k.name LIMIT ${MAX_LISTED}`,
    [workspace],
  );
}

/** From now on the key is refused. */
export async function revokeKey({ db, audit }: Desk, workspace: string, name: string): Promise<void> {
  await db.transaction(async (tx) => {
    const [key] = await tx.query<{ id: string; workspace_id: string }>(
      `UPDATE api_key k SET revoked_at = app_now() FROM workspace w
       WHERE w.name = $1 AND k.workspace_id = w.id AND k.name = $2 AND k.revoked_at IS NULL RETURNING k.id, k.workspace_id`,
      [workspace, name.trim()],
    );
    if (key === undefined) {
      throw new AppError(
        'not_found',
        `There is no key \`${cutText(name, 60)}\`. \`agentos key list\` shows those that work.`,
      );
    }
    await audit.append(tx, {
      workspaceId: key.workspace_id,
      kind: 'key.revoked',
      actor: 'operator',
      outcome: 'succeeded',
      data: { keyId: key.id, name: name.trim() },
    });
  });
}

interface KeyRow {
  readonly id: string;
  readonly workspace_id: WorkspaceId;
  readonly owner_id: PersonId;
  readonly created_by: PersonId | null;
  readonly role: Role;
  readonly roles: Role[];
  readonly is_stale: boolean;
}

/** Who asks with this key: its owner, with the key's role and no more; undefined when key, owner or the owner's standing is gone. */
export async function findKeyCaller(reader: Reader, secret: string): Promise<Caller | undefined> {
  if (!isKey(secret)) return undefined;
  const [key] = await reader.query<KeyRow>(
    `SELECT k.id, k.workspace_id, k.owner_id, k.created_by, k.role, p.roles,
       coalesce(k.last_used_at < app_now() - interval '1 minute', true) AS is_stale
     FROM api_key k JOIN person p ON p.id = k.owner_id AND p.active WHERE k.secret_hash = $1 AND k.revoked_at IS NULL`,
    [hashToken(secret)],
  );
  if (key === undefined || !covers(key.roles, key.role)) return undefined;
  if (key.is_stale) await reader.query('UPDATE api_key SET last_used_at = app_now() WHERE id = $1', [key.id]);
  return {
    workspaceId: key.workspace_id,
    personId: key.owner_id,
    roles: [key.role],
    channel: 'http',
    keyId: key.id,
    ...(key.created_by === null ? {} : { keyCreatorId: key.created_by }),
  };
}
