import type { ParameterValues } from '../../kernel/policy/model.ts';
import type { Tx } from '../../platform/db/index.ts';
import { AppError } from '../../platform/errors/index.ts';

/** What the settings and the members of a workspace say about it. */
export interface Workspace {
  /** IANA. */
  readonly timezone: string;
  /** Lower case; mail to them is internal. */
  readonly mailDomains: readonly string[];
  readonly slackTeam?: string;
  /** Values for parameters of policies, by the id of the policy. */
  readonly parameters: Readonly<Record<string, ParameterValues>>;
}

/** Where anybody has a mailbox: such a domain says nothing about who belongs to a workspace. */
const PUBLIC_PROVIDERS = new Set(
  `126.com 163.com aol.com att.net bluewin.ch btinternet.com comcast.net duck.com fastmail.com free.fr freenet.de gmail.com gmx.at gmx.ch gmx.com
  gmx.de gmx.net googlemail.com hanmail.net hey.com hotmail.co.uk hotmail.com hotmail.de hotmail.fr hotmail.it icloud.com laposte.net libero.it
  live.com live.de live.fr live.nl mac.com mail.com mail.ru mailbox.org me.com msn.com naver.com o2.pl orange.fr outlook.com outlook.de outlook.fr
  pm.me posteo.de proton.me protonmail.com qq.com rediffmail.com seznam.cz sina.com t-online.de tuta.io tutanota.com verizon.net virgilio.it
  wanadoo.fr web.de wp.pl yahoo.ca yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.br yahoo.de yahoo.es yahoo.fr yahoo.it yandex.com
  yandex.ru ymail.com zoho.com zohomail.com`.split(/\s+/),
);

export function isPublicProvider(domain: string): boolean {
  return PUBLIC_PROVIDERS.has(domain);
}

interface Row {
  readonly timezone: string;
  readonly mail_domains: readonly string[];
  readonly slack_team: string | null;
  readonly parameters: Workspace['parameters'];
  readonly member_domains: readonly string[];
}

/** Own mail domains are those of the settings and those of active members, but for providers where anybody has a mailbox. */
export async function readWorkspace(db: Pick<Tx, 'query'>, workspaceId: string): Promise<Workspace> {
  const [row] = await db.query<Row>(
    `SELECT w.timezone, coalesce(s.mail_domains, '{}') AS mail_domains, s.slack_team, coalesce(s.parameters, '{}') AS parameters,
       array(SELECT DISTINCT lower(split_part(email, '@', -1)) FROM person WHERE workspace_id = w.id AND active) AS member_domains
     FROM workspace w LEFT JOIN workspace_setting s ON s.workspace_id = w.id WHERE w.id = $1`,
    [workspaceId],
  );
  if (row === undefined)
    throw new AppError('not_found', 'This workspace does not exist any more. Sign in to another one.');
  const members = row.member_domains.filter((domain) => domain.includes('.') && !isPublicProvider(domain));
  return {
    timezone: row.timezone,
    mailDomains: [...new Set([...row.mail_domains, ...members])].sort(),
    ...(row.slack_team === null ? {} : { slackTeam: row.slack_team }),
    parameters: row.parameters,
  };
}
