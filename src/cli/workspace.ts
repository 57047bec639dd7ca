import {
  changeSettings,
  ensureWorkspace,
  IdentityService,
  parseMaxOpenApprovals,
  parseQuorum,
  readSettings,
  type SettingsChange,
} from '../modules/identity/index.ts';
import { parseSetting } from '../modules/policies/index.ts';
import { atDesk, complain, type Desk } from './desk.ts';

export interface SetOptions {
  readonly workspace: string;
  readonly mailDomain?: readonly string[];
  readonly slackTeam?: string;
  readonly parameter?: readonly string[];
  readonly quorum?: readonly string[];
  readonly maxOpenApprovals?: string;
}

/** Changes what is given and prints what is in force then; resolves to the exit code. */
export async function setWorkspace(options: SetOptions): Promise<number> {
  const { mailDomain, slackTeam, parameter, quorum, maxOpenApprovals } = options;
  if ([mailDomain, slackTeam, parameter, quorum, maxOpenApprovals].every((each) => each === undefined)) {
    return complain(
      'Nothing to change. Give --mail-domain, --slack-team, --parameter, --quorum or --max-open-approvals; `agentos workspace show` shows what is set.',
    );
  }
  return atDesk(async (desk) => {
    const change: SettingsChange = {
      // An empty value takes the setting away.
      ...(mailDomain === undefined ? {} : { mailDomains: mailDomain.filter((domain) => domain !== '') }),
      ...(slackTeam === undefined ? {} : { slackTeam }),
      ...(parameter === undefined ? {} : { parameters: parameter.map((text) => parseSetting(text)) }),
      ...(quorum === undefined ? {} : { quorums: quorum.map(parseQuorum) }),
      ...(maxOpenApprovals === undefined ? {} : { maxOpenApprovals: parseMaxOpenApprovals(maxOpenApprovals) }),
    };
    const workspaceId = await desk.db.transaction((tx) => ensureWorkspace(tx, options.workspace));
    await changeSettings(desk, { workspaceId }, change);
    return show(desk, options.workspace);
  });
}

export async function showWorkspace({ workspace }: Pick<SetOptions, 'workspace'>): Promise<number> {
  return atDesk((desk) => show(desk, workspace));
}

async function show({ db }: Desk, name: string): Promise<string> {
  const workspaceId = await db.transaction((tx) => ensureWorkspace(tx, name));
  const { timezone, mailDomains } = await new IdentityService(db).workspace({ workspaceId });
  const settings = await readSettings(db, { workspaceId });
  const values = Object.entries(settings.parameters).flatMap(([policy, parameters]) =>
    Object.entries(parameters).map(([parameter, value]) => `  ${policy}.${parameter} = ${JSON.stringify(value)}`),
  );
  const quorums = Object.entries(settings.quorums).map(
    ([risk, { quorum, groups }]) =>
      `  ${risk} = ${quorum}${groups.map(({ group, count }) => `, ${count} of group ${group}`).join('')}`,
  );
  const none = '(none)';
  const members = mailDomains.filter((domain) => !settings.mailDomains.includes(domain));
  return [
    `Time zone:     ${timezone}`,
    `Mail domains:  ${settings.mailDomains.join(', ') || none}`,
    ...(members.length === 0 ? [] : [`Of members:    ${members.join(', ')}`]),
    `Slack team:    ${settings.slackTeam ?? none}`,
    ...(quorums.length === 0 ? [] : ['Quorums:', ...quorums]),
    `Open requests: ${settings.maxOpenApprovals} of one agent at once`,
    `Parameters:${values.length === 0 ? `    ${none}` : ''}`,
    ...values,
    ...(values.length === 0 ? [] : ['They are in force for policies that are attached from now on.']),
  ].join('\n');
}
