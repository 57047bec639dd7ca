import { createHash, randomInt, randomUUID, timingSafeEqual } from 'node:crypto';
import type { SlackUser } from '../../platform/chat/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import { AppError, SendFailure } from '../../platform/errors/index.ts';
import type { NotificationServices } from './services.ts';

export interface SlackAccount {
  readonly teamId: string;
  readonly userId: string;
}

export interface LinkedPerson {
  readonly personId: string;
  readonly workspaceId: string;
}

const CODE_LIFE = '10 minutes';
const MAX_TRIES = 5;
const MAX_CODES = 5;

/** The person whose account this is. */
export async function findLinked(
  { db }: Pick<NotificationServices, 'db'>,
  { teamId, userId }: SlackAccount,
): Promise<LinkedPerson | undefined> {
  const [row] = await db.query<{ person_id: string; workspace_id: string }>(
    'SELECT person_id, workspace_id FROM slack_identity WHERE team_id = $1 AND user_id = $2 AND ended_at IS NULL',
    [teamId, userId],
  );
  return row === undefined ? undefined : { personId: row.person_id, workspaceId: row.workspace_id };
}

/** How a person stands with Slack, for the page where they link their account. */
export interface SlackStanding {
  readonly isConfigured: boolean;
  /** Where AgentOS is installed; absent while Slack does not say. */
  readonly teamId?: string;
  readonly linked?: SlackAccount;
}

export async function findStanding(
  { db, slack }: Pick<NotificationServices, 'db' | 'slack'>,
  { personId }: LinkedPerson,
): Promise<SlackStanding> {
  const [row] = await db.query<{ team_id: string; user_id: string }>(
    'SELECT team_id, user_id FROM slack_identity WHERE person_id = $1 AND ended_at IS NULL',
    [personId],
  );
  const linked = row === undefined ? {} : { linked: { teamId: row.team_id, userId: row.user_id } };
  if (!slack.isConfigured) return { isConfigured: false, ...linked };
  const teamId = await slack.team().catch(() => '');
  return { isConfigured: true, ...linked, ...(teamId === '' ? {} : { teamId }) };
}

/** Why this account answers nothing, by what Slack says about it now; throws when Slack cannot be asked. */
export async function findProblem(
  { slack }: Pick<NotificationServices, 'slack'>,
  { teamId, userId }: SlackAccount,
): Promise<string | undefined> {
  let user: SlackUser;
  try {
    user = await slack.findUser(userId);
  } catch (error) {
    if (error instanceof SendFailure && error.kind === 'refused') return 'unknown';
    throw error;
  }
  return user.problem ?? (user.teamId === teamId ? undefined : 'foreign_team');
}

/** Sends a code to the account: whoever reads it there and types it here has both. */
export async function offerLink(
  services: NotificationServices,
  person: LinkedPerson,
  account: SlackAccount,
): Promise<void> {
  await requireUsable(services, account);
  const code = String(randomInt(1_000_000)).padStart(6, '0');
  const id = randomUUID();
  const made = await services.db.query(
    `INSERT INTO slack_link_code (id, person_id, team_id, user_id, code_hash, expires_at)
     SELECT $1, $2, $3, $4, $5, app_now() + interval '${CODE_LIFE}'
     WHERE (SELECT count(*) FROM slack_link_code WHERE person_id = $2 AND created_at > app_now() - interval '1 hour') < ${MAX_CODES} RETURNING 1`,
    [id, person.personId, account.teamId, account.userId, hashCode(id, code)],
  );
  if (made.length === 0)
    throw new AppError('rate_limited', 'Too many codes were sent to Slack for you. Try again in an hour.');
  const words = `Your AgentOS code: ${code}. Type it in the console, signed in, to link this account. If you did not ask for it, ignore it.`;
  const blocks = [{ type: 'section', text: { type: 'plain_text', text: words, emoji: false } }];
  await asking(async () => services.slack.post({ channel: account.userId, text: words, blocks }, id));
}

/** Whoever links an account waits for Slack: they hear why it came to nothing. */
async function asking<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof SendFailure)) throw error;
    const way =
      error.kind === 'refused'
        ? 'Check SLACK_BOT_TOKEN and what the app may do there.'
        : 'Nothing was linked. Try again in a minute.';
    throw new AppError('unavailable', `Slack did not do it (\`${error.message}\`). ${way}`);
  }
}

export async function confirmLink(services: NotificationServices, person: LinkedPerson, code: string): Promise<void> {
  const isRight = await services.db.transaction(async (tx) => {
    const [row] = await tx.query<{ id: string; team_id: string; user_id: string; code_hash: Buffer }>(
      `UPDATE slack_link_code SET tries = tries + 1 WHERE id = (SELECT id FROM slack_link_code WHERE person_id = $1
         ORDER BY created_at DESC LIMIT 1) AND used_at IS NULL AND expires_at > app_now() AND tries < ${MAX_TRIES} RETURNING *`,
      [person.personId],
    );
    if (row === undefined || !timingSafeEqual(hashCode(row.id, code), row.code_hash)) return false;
    await tx.query('UPDATE slack_link_code SET used_at = app_now() WHERE id = $1', [row.id]);
    await link(tx, services, person, { teamId: row.team_id, userId: row.user_id }, 'code');
    return true;
  });
  if (!isRight)
    throw new AppError(
      'invalid_input',
      'The code is wrong, used or too old. Ask for a new one and type it within 10 minutes.',
    );
}

/** The operator of the machine vouches for it. */
export async function linkByOperator(
  services: Pick<NotificationServices, 'db' | 'audit' | 'slack'>,
  person: LinkedPerson,
  account: SlackAccount,
): Promise<void> {
  await requireUsable(services, account);
  await services.db.transaction((tx) => link(tx, services, person, account, 'operator'));
}

async function requireUsable(services: Pick<NotificationServices, 'slack'>, account: SlackAccount): Promise<void> {
  if (!/^[A-Z0-9]{2,32}$/.test(account.teamId) || !/^[A-Z0-9]{2,32}$/.test(account.userId))
    throw new AppError('invalid_input', 'A Slack team looks like `T0123456789`, a user like `U0123456789`.');
  const problem = await asking(async () =>
    (await isForeign(services, account)) ? 'foreign_team' : findProblem(services, account),
  );
  if (problem === undefined) return;
  throw new AppError(
    'not_eligible',
    `The Slack account \`${account.userId}\` cannot be linked: ${WORDS[problem] ?? problem}. Link an active full member of the team that AgentOS is installed in.`,
  );
}

export const WORDS: Readonly<Record<string, string>> = {
  deleted: 'it is deactivated',
  bot: 'it is a bot',
  guest: 'it is a guest',
  stranger: 'it is from outside',
  unknown: 'Slack does not know it',
  foreign_team: 'it belongs to another team',
};

/** Whether the account is of another team than the one AgentOS is installed in. */
export async function isForeign(
  { slack }: Pick<NotificationServices, 'slack'>,
  { teamId }: SlackAccount,
): Promise<boolean> {
  try {
    const team = await slack.team();
    return team !== '' && team !== teamId;
  } catch (error) {
    if (error instanceof SendFailure && error.kind === 'refused') return false;
    throw error;
  }
}

async function link(
  tx: Tx,
  { audit }: Pick<NotificationServices, 'audit'>,
  { personId, workspaceId }: LinkedPerson,
  { teamId, userId }: SlackAccount,
  by: 'code' | 'operator',
): Promise<void> {
  await tx.query(
    `UPDATE slack_identity SET ended_at = app_now() WHERE ended_at IS NULL AND (person_id = $1 OR (team_id = $2 AND user_id = $3))`,
    [personId, teamId, userId],
  );
  await tx.query(
    'INSERT INTO slack_identity (id, workspace_id, team_id, user_id, person_id, verified_by) VALUES ($1, $2, $3, $4, $5, $6)',
    [randomUUID(), workspaceId, teamId, userId, personId, by],
  );
  await audit.append(tx, {
    ...{ workspaceId, kind: 'slack.linked', outcome: 'succeeded' },
    actor: by === 'operator' ? 'operator' : `person:${personId}`,
    data: { personId, teamId, userId, verifiedBy: by },
  });
}

function hashCode(id: string, code: string): Buffer {
  return createHash('sha256').update(`${id} ${code.trim()}`).digest();
}
