import { IdentityService, toEmail } from '../modules/identity/index.ts';
import { linkSlackAccount } from '../modules/notifications/index.ts';
import { AppError } from '../platform/errors/index.ts';
import { atDesk } from './desk.ts';

export interface LinkSlackOptions {
  readonly workspace: string;
  readonly email: string;
  readonly team: string;
  readonly user: string;
}

/** The operator vouches that this Slack account is this person. */
export const linkSlack = ({ workspace, email, team, user }: LinkSlackOptions): Promise<number> =>
  atDesk(async (desk) => {
    const address = toEmail(email);
    const [found] = await desk.db.query<{ id: string }>('SELECT id FROM workspace WHERE name = $1', [workspace]);
    const people =
      found === undefined ? [] : await new IdentityService(desk.db).findByEmails(desk.db, found.id, [address]);
    const [person] = people.filter(({ active }) => active);
    if (found === undefined || person === undefined)
      throw new AppError(
        'not_found',
        `Nobody active in the workspace \`${workspace}\` has the address \`${address}\`. \`agentos user list\` shows who is there.`,
      );
    await linkSlackAccount(desk, { personId: person.personId, workspaceId: found.id }, { teamId: team, userId: user });
    return `The Slack account ${user} of ${team} answers for ${address} from now on.`;
  });
