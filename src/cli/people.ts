import {
  addMember,
  createKey,
  deactivateMember,
  listKeys,
  listMembers,
  type Member,
  offerLink,
  revokeKey,
  setMember,
  toEmail,
} from '../modules/identity/index.ts';
import { linkBase } from '../platform/config/index.ts';
import { atDesk, table } from './desk.ts';

interface InWorkspace {
  readonly workspace: string;
}
export interface UserOptions extends InWorkspace {
  readonly email: string;
  readonly role?: readonly string[];
  readonly group?: readonly string[];
}
export interface KeyOptions extends InWorkspace {
  readonly name: string;
  readonly role: string;
  readonly owner: string;
}

const change = ({ email, role, group }: UserOptions) => ({
  email,
  ...(role === undefined ? {} : { roles: role }),
  // An empty value takes all away.
  ...(group === undefined ? {} : { groups: group.filter((name) => name !== '') }),
});

export const addUser = (options: UserOptions): Promise<number> =>
  atDesk(async (desk) => toText(await addMember(desk, options.workspace, change(options))));

export const setUser = (options: UserOptions): Promise<number> =>
  atDesk(async (desk) => toText(await setMember(desk, options.workspace, change(options))));

export const deactivateUser = ({ workspace, email }: UserOptions): Promise<number> =>
  atDesk(async (desk) => toText(await deactivateMember(desk, workspace, email)));

export const listUsers = ({ workspace }: InWorkspace): Promise<number> =>
  atDesk(async (desk) => {
    const rows = (await listMembers(desk, workspace)).map((member) => [
      member.email,
      member.roles.join(',') || '-',
      member.groups.join(',') || '-',
      member.active ? 'active' : 'deactivated',
    ]);
    return table([['E-MAIL', 'ROLES', 'GROUPS', 'STATUS'], ...rows]);
  });

export const addKey = ({ workspace, ...key }: KeyOptions): Promise<number> =>
  atDesk(async (desk) => createKey(desk, workspace, key));

export const showKeys = ({ workspace }: InWorkspace): Promise<number> =>
  atDesk(async (desk) => {
    const rows = (await listKeys(desk, workspace)).map(({ name, role, owner, createdAt, lastUsedAt }) => [
      name,
      role,
      owner,
      createdAt.toISOString(),
      lastUsedAt?.toISOString() ?? 'never',
    ]);
    return table([['NAME', 'ROLE', 'OWNER', 'CREATED', 'LAST USED'], ...rows]);
  });

export const endKey = ({ workspace, name }: InWorkspace & { readonly name: string }): Promise<number> =>
  atDesk(async (desk) => {
    await revokeKey(desk, workspace, name);
    return `The key ${name} is revoked.`;
  });

export const printLink = ({ workspace, email }: UserOptions): Promise<number> =>
  atDesk(async (desk) => `${linkBase(desk.config)}/sign-in#${await offerLink(desk, workspace, toEmail(email))}`);

function toText({ email, roles, groups, active }: Member): string {
  if (!active) return `${email} is deactivated.`;
  return `${email}: ${roles.join(', ')}${groups.length === 0 ? '' : `; groups ${groups.join(', ')}`}`;
}
