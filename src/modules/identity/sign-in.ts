import { randomUUID } from 'node:crypto';
import type { Database, Tx } from '../../platform/db/index.ts';
import { AppError } from '../../platform/errors/index.ts';
import type { AuditService } from '../audit/index.ts';
import { hashCode, hashToken, isSame, makeCode, makeToken } from './secrets.ts';
import type { SignedIn } from './signed-in.ts';

const MAX_CODES = 5;
const MAX_TRIES = 5;

/** Who signs in: active, and by e-mail in the default workspace first. */
export interface Person {
  readonly id: string;
  readonly workspaceId: string;
}

export interface Desk {
  readonly db: Database;
  readonly audit: AuditService;
}

export async function findPerson(tx: Pick<Tx, 'query'>, email: string): Promise<Person | undefined> {
  const [person] = await tx.query<Person>(
    `SELECT p.id, p.workspace_id AS "workspaceId" FROM workspace w JOIN person p ON p.workspace_id = w.id AND p.email = $1 AND p.active
     ORDER BY w.name <> 'default', w.created_at LIMIT 1`,
    [email],
  );
  return person;
}

/** A new code for the person with this address; undefined for nobody, and for who has asked too often this hour. */
export async function offerCode({ db, audit }: Desk, email: string): Promise<{ id: string; code: string } | undefined> {
  return db.transaction(async (tx) => {
    const person = await findPerson(tx, email);
    if (person === undefined) return undefined;
    await tx.query('SELECT 1 FROM person WHERE id = $1 FOR UPDATE', [person.id]);
    const recent = await tx.query(
      `SELECT 1 FROM sign_in WHERE person_id = $1 AND used_at IS NULL AND created_at > app_now() - interval '1 hour' AND method = 'code' LIMIT ${MAX_CODES}`,
      [person.id],
    );
    if (recent.length >= MAX_CODES) return undefined;
    const id = randomUUID();
    const code = makeCode();
    await tx.query(
      `INSERT INTO sign_in (id, person_id, method, secret_hash, expires_at) VALUES ($1, $2, 'code', $3, app_now() + interval '10 minutes')`,
      [id, person.id, hashCode(id, code)],
    );
    await record({ audit }, tx, person, 'sign_in.offered', 'system', { method: 'code' });
    return { id, code };
  });
}

/** A link for an active person of the workspace: good once, for 15 minutes. The operator of the machine asks for it. */
export async function offerLink({ db, audit }: Desk, workspace: string, email: string): Promise<string> {
  return db.transaction(async (tx) => {
    const [person] = await tx.query<Person>(
      `SELECT p.id, p.workspace_id AS "workspaceId" FROM person p JOIN workspace w ON w.id = p.workspace_id
       WHERE w.name = $1 AND p.email = $2 AND p.active`,
      [workspace, email],
    );
    if (person === undefined) {
      throw new AppError(
        'not_found',
        `Nobody active in the workspace \`${workspace}\` has the address \`${email}\`. \`agentos user list\` shows who there is; \`agentos user add\` adds somebody.`,
      );
    }
    const token = makeToken();
    await tx.query(
      `INSERT INTO sign_in (id, person_id, method, secret_hash, expires_at) VALUES ($1, $2, 'link', $3, app_now() + interval '15 minutes')`,
      [randomUUID(), person.id, hashToken(token)],
    );
    await record({ audit }, tx, person, 'sign_in.offered', 'operator', { method: 'link' });
    return token;
  });
}

/** Whose code it is. Each call is a try; only the newest code counts. */
export async function redeemCode({ db, audit }: Desk, email: string, code: string): Promise<Person | undefined> {
  return db.transaction(async (tx) => {
    const person = await findPerson(tx, email);
    if (person === undefined) return undefined;
    const [tried] = await tx.query<{ id: string; secret_hash: Buffer; tries: number }>(
      `UPDATE sign_in SET tries = tries + 1 WHERE id = (SELECT id FROM sign_in WHERE person_id = $1 AND used_at IS NULL AND method = 'code'
         ORDER BY created_at DESC LIMIT 1) AND used_at IS NULL AND tries < ${MAX_TRIES} AND expires_at > app_now()
       RETURNING id, secret_hash, tries`,
      [person.id],
    );
    // Without a code to try nothing is recorded: anybody could fill the trail.
    if (tried === undefined) return undefined;
    if (!isSame(tried.secret_hash, hashCode(tried.id, code))) {
      await record({ audit }, tx, person, 'sign_in.failed', 'system', { method: 'code', tries: tried.tries });
      return undefined;
    }
    await tx.query(
      `UPDATE sign_in SET used_at = app_now() WHERE person_id = $1 AND used_at IS NULL AND method = 'code'`,
      [person.id],
    );
    return person;
  });
}

/** Whose link it is; the first who asks has used it up. */
export async function redeemLink({ db }: Desk, token: string): Promise<Person | undefined> {
  const [person] = await db.query<Person>(
    `UPDATE sign_in s SET used_at = app_now() FROM person p
     WHERE s.method = 'link' AND s.secret_hash = $1 AND s.used_at IS NULL AND s.expires_at > app_now() AND p.id = s.person_id AND p.active
     RETURNING p.id, p.workspace_id AS "workspaceId"`,
    [hashToken(token)],
  );
  return person;
}

export async function record(
  { audit }: Pick<Desk, 'audit'>,
  tx: Tx,
  person: Person,
  kind: 'sign_in.offered' | 'sign_in.succeeded' | 'sign_in.failed' | 'sign_in.ended',
  actor: string,
  data: { readonly method: SignedIn['method']; readonly tries?: number },
): Promise<void> {
  await audit.append(tx, {
    workspaceId: person.workspaceId,
    kind,
    actor,
    outcome: kind === 'sign_in.failed' ? 'denied' : 'succeeded',
    data: { personId: person.id, ...data },
  });
}
