import { cutText } from '../../kernel/json.ts';
import { randomUUID } from 'node:crypto';
import { ROLES, type Role } from '../../kernel/caller.ts';
import type { Tx } from '../../platform/db/index.ts';
import { AppError, hint } from '../../platform/errors/index.ts';
import type { AuditKind } from '../audit/index.ts';
import { toEmail } from './email.ts';
import { ensureWorkspace } from './ensure-workspace.ts';
import type { Desk } from './sign-in.ts';

/** A member as `agentos user` shows them. */
export interface Member {
  readonly id: string;
  readonly email: string;
  readonly roles: readonly Role[];
  readonly groups: readonly string[];
  readonly active: boolean;
}

export interface MemberChange {
  readonly email: string;
  readonly roles?: readonly string[];
  readonly groups?: readonly string[];
}

const MAX_LISTED = 1_000;
const GROUP = /^[a-z][a-z0-9-]{0,39}$/;
const COLUMNS = 'id, email, roles, groups, active';

export function toRole(text: string): Role {
  const role = ROLES.find((each) => each === text);
  if (role !== undefined) return role;
  throw new AppError(
    'invalid_input',
    `\`${cutText(text, 40)}\` is no role. ${hint(text, ROLES)} Roles: ${ROLES.join(', ')}.`,
  );
}

function toGroup(text: string): string {
  if (GROUP.test(text) && !ROLES.some((role) => role === text)) return text;
  throw new AppError(
    'invalid_input',
    `\`${cutText(text, 40)}\` is no name of a group. Give a word in lower case such as \`finance\`, not one of the roles.`,
  );
}

/** Adds a member, or gives one that is there these roles and groups too; one that was deactivated is active again. */
export async function addMember(desk: Desk, workspace: string, change: MemberChange): Promise<Member> {
  const email = toEmail(change.email);
  const roles = (change.roles ?? []).map(toRole);
  const groups = (change.groups ?? []).map(toGroup);
  if (roles.length === 0) throw new AppError('invalid_input', `Give at least one role: ${ROLES.join(', ')}.`);
  return desk.db.transaction(async (tx) => {
    const workspaceId = await ensureWorkspace(tx, workspace);
    const [made] = await tx.query<Member>(
      `INSERT INTO person (id, workspace_id, email, roles, groups) VALUES ($1, $2, $3, '{}', '{}') ON CONFLICT DO NOTHING RETURNING ${COLUMNS}`,
      [randomUUID(), workspaceId, email],
    );
    const present = made ?? (await lockMember(tx, workspaceId, email));
    const wanted = {
      roles: inOrder([...(present.active ? present.roles : []), ...roles]),
      groups: [...new Set([...(present.active ? present.groups : []), ...groups])].sort(),
    };
    return store(desk, tx, workspaceId, made === undefined ? 'person.changed' : 'person.added', present, wanted);
  });
}

/** Replaces the roles, and the groups when they are given. */
export async function setMember(desk: Desk, workspace: string, change: MemberChange): Promise<Member> {
  const roles = change.roles?.map(toRole);
  const groups = change.groups?.map(toGroup);
  return changeMember(desk, workspace, change.email, (tx, workspaceId, present) => {
    if (!present.active)
      throw new AppError('conflict', `\`${present.email}\` is deactivated. \`agentos user add\` brings them back.`);
    const wanted = { roles: inOrder(roles ?? present.roles), groups: [...new Set(groups ?? present.groups)].sort() };
    return store(desk, tx, workspaceId, 'person.changed', present, wanted);
  });
}

/** Ends what the person has: sessions die now, keys of theirs are refused, their reviews stop counting. */
export async function deactivateMember(desk: Desk, workspace: string, email: string): Promise<Member> {
  return changeMember(desk, workspace, email, async (tx, workspaceId, present) => {
    if (!present.active) return present;
    await tx.query('UPDATE person SET active = false WHERE id = $1', [present.id]);
    await tx.query('UPDATE session SET ended_at = app_now() WHERE person_id = $1 AND ended_at IS NULL', [present.id]);
    await tx.query('UPDATE sign_in SET used_at = app_now() WHERE person_id = $1 AND used_at IS NULL', [present.id]);
    await append(desk, tx, workspaceId, 'person.deactivated', { personId: present.id });
    return { ...present, active: false };
  });
}

export async function listMembers({ db }: Desk, workspace: string): Promise<Member[]> {
  return db.query<Member>(
    `SELECT p.id, p.email, p.roles, p.groups, p.active FROM person p JOIN workspace w ON w.id = p.workspace_id WHERE w.name = $1
     ORDER BY p.email LIMIT ${MAX_LISTED}`,
    [workspace],
  );
}

async function changeMember(
  { db }: Desk,
  workspace: string,
  address: string,
  work: (tx: Tx, workspaceId: string, present: Member) => Promise<Member>,
): Promise<Member> {
  const email = toEmail(address);
  return db.transaction(async (tx) => {
    const [found] = await tx.query<{ id: string }>('SELECT id FROM workspace WHERE name = $1', [workspace]);
    if (found === undefined) throw new AppError('not_found', `There is no workspace \`${workspace}\`.`);
    return work(tx, found.id, await lockMember(tx, found.id, email));
  });
}

async function lockMember(tx: Tx, workspaceId: string, email: string): Promise<Member> {
  const [found] = await tx.query<Member>(
    `SELECT ${COLUMNS} FROM person WHERE workspace_id = $1 AND email = $2 FOR UPDATE`,
    [workspaceId, email],
  );
  if (found !== undefined) return found;
  throw new AppError(
    'not_found',
    `Nobody here has the address \`${email}\`. \`agentos user list\` shows who there is.`,
  );
}

async function store(
  desk: Desk,
  tx: Tx,
  workspaceId: string,
  kind: 'person.added' | 'person.changed',
  present: Member,
  { roles, groups }: Pick<Member, 'roles' | 'groups'>,
): Promise<Member> {
  const isSame = present.active && String(roles) === String(present.roles) && String(groups) === String(present.groups);
  if (isSame) return present;
  await tx.query('UPDATE person SET roles = $2, groups = $3, active = true WHERE id = $1', [present.id, roles, groups]);
  await append(desk, tx, workspaceId, kind, { personId: present.id, roles: [...roles], groups: [...groups] });
  return { ...present, roles, groups, active: true };
}

async function append(
  { audit }: Desk,
  tx: Tx,
  workspaceId: string,
  kind: Extract<AuditKind, `person.${string}`>,
  data: { readonly personId: string; readonly roles?: string[]; readonly groups?: string[] },
): Promise<void> {
  await audit.append(tx, { workspaceId, kind, actor: 'operator', outcome: 'succeeded', data });
}

function inOrder(roles: readonly Role[]): Role[] {
  return ROLES.filter((role) => roles.includes(role));
}
