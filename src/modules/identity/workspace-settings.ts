import { cutText } from '../../kernel/json.ts';
import { domainToASCII } from 'node:url';
import type { Caller } from '../../kernel/caller.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Risk } from '../../kernel/policy/model.ts';
import type { ParameterValue, ParameterValues } from '../../kernel/policy/model.ts';
import type { Database } from '../../platform/db/index.ts';
import { AppError } from '../../platform/errors/index.ts';
import type { AuditService } from '../audit/index.ts';
import { MAX_OPEN_APPROVALS } from './max-open-approvals.ts';
import type { parseQuorum, Quorums } from './quorum.ts';
import { isPublicProvider } from './workspace.ts';

/** What is left out stays as it is. */
export interface SettingsChange {
  /** Replaces the list; empty: none. */
  readonly mailDomains?: readonly string[];
  /** Empty: none. */
  readonly slackTeam?: string;
  /** Checked values; `undefined` takes one away. */
  readonly parameters?: readonly {
    readonly policy: string;
    readonly name: string;
    readonly value: ParameterValue | undefined;
  }[];
  /** What a risk asks for; `undefined`: the default again. */
  readonly quorums?: readonly ReturnType<typeof parseQuorum>[];
  /** How many requests of one agent may wait at once; null: the default again. */
  readonly maxOpenApprovals?: number | null;
}

export interface Settings {
  readonly quorums: Quorums;
  readonly mailDomains: readonly string[];
  readonly slackTeam?: string;
  readonly parameters: Readonly<Record<string, ParameterValues>>;
  readonly maxOpenApprovals: number;
}

interface Row {
  readonly mail_domains: readonly string[];
  readonly slack_team: string | null;
  readonly parameters: Settings['parameters'];
  readonly quorums: Quorums;
  readonly max_open_approvals: number | null;
}

const DOMAIN = /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+$/;

function toDomain(text: string): string {
  const domain = domainToASCII(text.trim().toLowerCase());
  if (domain.length > 253 || !DOMAIN.test(domain)) {
    throw new AppError(
      'invalid_input',
      `\`${cutText(text, 80)}\` is no mail domain. Give one such as \`example.com\`.`,
    );
  }
  if (isPublicProvider(domain)) {
    throw new AppError(
      'invalid_input',
      `\`${domain}\` cannot be a mail domain of the workspace: anybody can have a mailbox there, and all mail to it would count as internal.`,
    );
  }
  return domain;
}

function toTeam(text: string): string | null {
  if (text === '') return null;
  if (/^[TE][A-Z0-9]{2,20}$/.test(text)) return text;
  throw new AppError(
    'invalid_input',
    `\`${cutText(text, 80)}\` is no Slack team. Give its id, such as \`T012AB3CD\`: it is in the address of the web client.`,
  );
}

function changeParameters(
  present: Settings['parameters'],
  changes: SettingsChange['parameters'],
): Settings['parameters'] {
  const policies = new Map(Object.entries(present).map(([id, values]) => [id, new Map(Object.entries(values))]));
  for (const { policy, name, value } of changes ?? []) {
    const values = policies.get(policy) ?? new Map<string, ParameterValue>();
    if (value === undefined) values.delete(name);
    else values.set(name, value);
    policies.set(policy, values);
  }
  const filled = [...policies].filter(([, values]) => values.size > 0);
  return Object.fromEntries(filled.map(([id, values]) => [id, Object.fromEntries(values)]));
}

function changeQuorums(present: Quorums, changes: SettingsChange['quorums']): Quorums {
  const merged = new Map(Object.entries(present) as [Risk, Quorums[Risk]][]);
  for (const [risk, share] of changes ?? []) merged.set(risk, share);
  return Object.fromEntries([...merged].filter(([, share]) => share !== undefined));
}

/** The settings as an operator made them. */
export async function readSettings(
  db: Pick<Database, 'query'>,
  { workspaceId }: Pick<Caller, 'workspaceId'>,
): Promise<Settings> {
  const [row] = await db.query<Row>('SELECT * FROM workspace_setting WHERE workspace_id = $1', [workspaceId]);
  return row === undefined
    ? { mailDomains: [], parameters: {}, quorums: {}, maxOpenApprovals: MAX_OPEN_APPROVALS }
    : toSettings(row);
}

function toSettings({ mail_domains, slack_team, parameters, quorums, max_open_approvals }: Row): Settings {
  return {
    mailDomains: mail_domains,
    ...(slack_team === null ? {} : { slackTeam: slack_team }),
    ...{ parameters, quorums, maxOpenApprovals: max_open_approvals ?? MAX_OPEN_APPROVALS },
  };
}

/** Changes the settings of a workspace, as the operator of the machine does, and records it. Servers that run know it within seconds. */
export async function changeSettings(
  { db, audit }: { readonly db: Database; readonly audit: AuditService },
  caller: Pick<Caller, 'workspaceId'>,
  change: SettingsChange,
): Promise<Settings> {
  const mailDomains = change.mailDomains === undefined ? undefined : [...new Set(change.mailDomains.map(toDomain))];
  const slackTeam = change.slackTeam === undefined ? undefined : toTeam(change.slackTeam);
  return db.transaction(async (tx) => {
    await tx.query('INSERT INTO workspace_setting (workspace_id) VALUES ($1) ON CONFLICT DO NOTHING', [
      caller.workspaceId,
    ]);
    const [present] = await tx.query<Row>('SELECT * FROM workspace_setting WHERE workspace_id = $1 FOR UPDATE', [
      caller.workspaceId,
    ]);
    if (present === undefined) throw new AppError('internal', 'The settings of the workspace could not be read.');
    const row: Row = {
      mail_domains: mailDomains ?? present.mail_domains,
      slack_team: slackTeam === undefined ? present.slack_team : slackTeam,
      parameters: changeParameters(present.parameters, change.parameters),
      quorums: changeQuorums(present.quorums, change.quorums),
      max_open_approvals: change.maxOpenApprovals === undefined ? present.max_open_approvals : change.maxOpenApprovals,
    };
    await tx.query(
      'UPDATE workspace_setting SET mail_domains = $2, slack_team = $3, parameters = $4, quorums = $5, max_open_approvals = $6, updated_at = app_now() WHERE workspace_id = $1',
      [
        ...[caller.workspaceId, row.mail_domains, row.slack_team],
        ...[JSON.stringify(row.parameters), JSON.stringify(row.quorums), row.max_open_approvals],
      ],
    );
    await audit.append(tx, {
      workspaceId: caller.workspaceId,
      kind: 'workspace.changed',
      actor: 'operator',
      outcome: 'succeeded',
      data: {
        ...(mailDomains === undefined ? {} : { mailDomains }),
        ...(slackTeam === undefined ? {} : { slackTeam }),
        ...(change.parameters === undefined
          ? {}
          : { parameters: change.parameters.map(({ policy, name }) => `${policy}.${name}`) }),
        ...(change.quorums === undefined ? {} : { quorums: JSON.parse(JSON.stringify(row.quorums)) as JsonObject }),
        ...(change.maxOpenApprovals === undefined ? {} : { maxOpenApprovals: row.max_open_approvals }),
      },
    });
    return toSettings(row);
  });
}
