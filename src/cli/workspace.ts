import { AuditService } from '../modules/audit/index.ts';
import { changeSettings, IdentityService, readSettings, type SettingsChange } from '../modules/identity/index.ts';
import { parseSetting } from '../modules/policies/index.ts';
import { openPlatform } from '../open-app.ts';
import { readConfig } from '../platform/config/index.ts';
import { AppError } from '../platform/errors/index.ts';

export interface SetOptions {
  readonly mailDomain?: readonly string[];
  readonly slackTeam?: string;
  readonly parameter?: readonly string[];
}

/** Changes what is given and prints what is in force then; resolves to the exit code. */
export async function setWorkspace(options: SetOptions): Promise<number> {
  const { mailDomain, slackTeam, parameter } = options;
  if (mailDomain === undefined && slackTeam === undefined && parameter === undefined) {
    return complain(
      'Nothing to change. Give --mail-domain, --slack-team or --parameter; `agentos workspace show` shows what is set.',
    );
  }
  try {
    return await withServices(async (services, caller) => {
      const change: SettingsChange = {
        // An empty value takes the setting away.
        ...(mailDomain === undefined ? {} : { mailDomains: mailDomain.filter((domain) => domain !== '') }),
        ...(slackTeam === undefined ? {} : { slackTeam }),
        ...(parameter === undefined ? {} : { parameters: parameter.map((text) => parseSetting(text)) }),
      };
      await changeSettings(services, caller, change);
      await print(services, caller);
      return 0;
    });
  } catch (error) {
    if (error instanceof AppError) return complain(error.message);
    throw error;
  }
}

export async function showWorkspace(): Promise<number> {
  return withServices(async (services, caller) => {
    await print(services, caller);
    return 0;
  });
}

interface Services {
  readonly db: Awaited<ReturnType<typeof openPlatform>>['database'];
  readonly audit: AuditService;
  readonly identity: IdentityService;
}
type Owner = Awaited<ReturnType<IdentityService['localCaller']>>;

/** The owner of the default workspace acts: whoever can open the database from this machine. */
async function withServices(use: (services: Services, caller: Owner) => Promise<number>): Promise<number> {
  const { database: db, log } = await openPlatform(readConfig());
  const audit = new AuditService(db, log);
  try {
    const identity = new IdentityService(db);
    return await use({ db, audit, identity }, await identity.localCaller('cli'));
  } finally {
    await audit.close();
    await db.close();
  }
}

async function print({ db, identity }: Services, caller: Owner): Promise<void> {
  const { timezone, mailDomains } = await identity.workspace(caller);
  const settings = await readSettings(db, caller);
  const values = Object.entries(settings.parameters).flatMap(([policy, parameters]) =>
    Object.entries(parameters).map(([name, value]) => `  ${policy}.${name} = ${JSON.stringify(value)}`),
  );
  const none = '(none)';
  const members = mailDomains.filter((domain) => !settings.mailDomains.includes(domain));
  const lines = [
    `Time zone:     ${timezone}`,
    `Mail domains:  ${settings.mailDomains.join(', ') || none}`,
    ...(members.length === 0 ? [] : [`Of members:    ${members.join(', ')}`]),
    `Slack team:    ${settings.slackTeam ?? none}`,
    `Parameters:${values.length === 0 ? `    ${none}` : ''}`,
    ...values,
    ...(values.length === 0 ? [] : ['They are in force for policies that are attached from now on.']),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function complain(message: string): number {
  process.stderr.write(`${message}\n`);
  return 1;
}
