import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { z } from 'zod';
import { POLICY_MODES, type PolicyMode } from '../../kernel/policy/model.ts';
import { hint, StartError, suggest } from '../errors/index.ts';
import { LOG_LEVELS, type LogLevel } from '../telemetry/levels.ts';
import { isSigningKey, toDkim, type Dkim } from './dkim.ts';

export const AUTH_MODES = ['required', 'loopback'] as const;

/** Everything the environment may say, read once. */
export abstract class Config {
  abstract readonly policyMode: PolicyMode;
  abstract readonly dataDir: string;
  abstract readonly logLevel: LogLevel;
  abstract readonly host: string;
  abstract readonly publicUrl: string | undefined;
  /** IP addresses, networks, `loopback`, `private`: whose `x-forwarded-...` headers are believed. */
  abstract readonly trustProxy: readonly string[];
  /** Undefined: no mail is sent. */
  abstract readonly smtpUrl: string | undefined;
  abstract readonly mailFrom: string;
  /** Undefined: mail is not signed. */
  abstract readonly dkim: Dkim | undefined;
  /** Undefined: Slack is off. */
  abstract readonly slackBotToken: string | undefined;
  /** Undefined: what comes from Slack over HTTP cannot be checked, so nothing of it counts. */
  abstract readonly slackSigningSecret: string | undefined;
  /** What is pressed in Slack comes over a connection that we open: no public address is needed. */
  abstract readonly slackAppToken: string | undefined;
  /** Where requests are announced; undefined: each person hears of theirs by direct message. */
  abstract readonly slackChannel: string | undefined;
  abstract readonly slackApiUrl: string | undefined;
  abstract readonly databaseUrl: string | undefined;
  abstract readonly migrationUrl: string | undefined;
  abstract readonly redisUrl: string | undefined;
  /** Absolute folders that file actions may touch; the first is where relative paths start. */
  abstract readonly fileRoots: readonly string[];
  /** `host:port` entries that the outbound guard lets through although private. */
  abstract readonly allowedHosts: readonly string[];
  abstract readonly auth: (typeof AUTH_MODES)[number];
}

const oneOf = <T extends string>(values: readonly T[]) => z.enum(values as [T, ...T[]]);
const HOST_PORT = /^(\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+):\d{1,5}$/;
const urlOf = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    message: `a URL that starts with ${protocols.map((p) => `${p}//`).join(' or ')}`,
  });

/** Name -> what it must be and an example for the message. */
const VARIABLES = {
  AGENTOS_POLICY_MODE: { schema: oneOf(POLICY_MODES), example: 'strict' },
  AGENTOS_DATA_DIR: { schema: z.string().min(1), example: '~/.agentos' },
  AGENTOS_LOG_LEVEL: { schema: oneOf(LOG_LEVELS), example: 'info' },
  AGENTOS_HOST: { schema: z.string().min(1), example: '127.0.0.1' },
  AGENTOS_PUBLIC_URL: { schema: urlOf('http:', 'https:'), example: 'https://agentos.example.com' },
  AGENTOS_TRUST_PROXY: {
    schema: z.string().refine((text) => splitList(text).every(isProxy), {
      message: 'a list of IP addresses or networks, `loopback` or `private`, separated by commas',
    }),
    example: '10.0.0.5,192.168.0.0/24',
  },
  SMTP_URL: {
    schema: urlOf('smtp:', 'smtps:').refine(isSafeSmtp, {
      message: 'with a login (smtps://user:password@host): without one only a mail server on this machine is used',
    }),
    example: 'smtps://user:password@mail.example.com:465',
  },
  AGENTOS_MAIL_FROM: {
    schema: z.string().regex(/^(?:[^<>@\p{C}]{1,100}<[^\s@<>]+@[^\s@<>]+>|[^\s@<>]+@[^\s@<>]+)$/u, 'an e-mail address'),
    example: 'AgentOS <agentos@example.com>',
  },
  AGENTOS_DKIM_DOMAIN: {
    schema: z.string().regex(/^(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z\d-]{2,63}$/i, 'a domain'),
    example: 'example.com',
  },
  AGENTOS_DKIM_SELECTOR: {
    schema: z.string().regex(/^[a-z\d](?:[a-z\d.-]{0,61}[a-z\d])?$/i, 'the name before ._domainkey'),
    example: 'agentos',
  },
  AGENTOS_DKIM_KEY: {
    schema: z.string().refine(isSigningKey, {
      message: 'the PEM of an RSA private key of 1024 bits or more, without a passphrase',
    }),
    example: '-----BEGIN PRIVATE KEY----- ... (or AGENTOS_DKIM_KEY_FILE=/etc/agentos/dkim.pem)',
  },
  SLACK_BOT_TOKEN: { schema: z.string().regex(/^[\x21-\x7e]+$/, 'a token of one line'), example: 'xoxb-...' },
  SLACK_SIGNING_SECRET: {
    schema: z.string().regex(/^[\x21-\x7e]+$/, 'a secret of one line'),
    example: '8f742231b10e8888abcd99yyyzzz85a5',
  },
  SLACK_APP_TOKEN: {
    schema: z.string().regex(/^xapp-[\x21-\x7e]+$/, 'an app-level token, xapp-...'),
    example: 'xapp-...',
  },
  SLACK_CHANNEL: { schema: z.string().regex(/^#?[\w.-]{1,80}$/, 'the id or name of a room'), example: 'C0123456789' },
  SLACK_API_URL: {
    schema: urlOf('http:', 'https:').refine((text) => text.endsWith('/'), { message: 'a URL that ends in /' }),
    example: 'https://slack.com/api/',
  },
  AGENTOS_AUTH: { schema: oneOf(AUTH_MODES), example: 'required' },
  DATABASE_URL: {
    schema: urlOf('postgres:', 'postgresql:'),
    example: 'postgres://user:password@localhost:5432/agentos',
  },
  AGENTOS_MIGRATION_URL: {
    schema: urlOf('postgres:', 'postgresql:'),
    example: 'postgres://owner:password@localhost:5432/agentos',
  },
  REDIS_URL: { schema: urlOf('redis:', 'rediss:'), example: 'redis://localhost:6379' },
  AGENTOS_FILE_ROOTS: { schema: z.string().min(1), example: ['/srv/files', '/home/me/data'].join(delimiter) },
  AGENTOS_ALLOWED_HOSTS: {
    schema: z.string().refine((text) => splitList(text).every((entry) => HOST_PORT.test(entry)), {
      message: 'a list of host:port, separated by commas',
    }),
    example: '127.0.0.1:8080,intranet.local:443',
  },
} satisfies Record<string, { schema: z.ZodType<string>; example: string }>;

function isProxy(entry: string): boolean {
  if (entry === 'loopback' || entry === 'private') return true;
  const [address = '', bits, ...rest] = entry.split('/');
  const most = { 4: 32, 6: 128 }[isIP(address)];
  return (
    most !== undefined && rest.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most))
  );
}

/** Without a login only a server on this machine takes mail from us. */
function isSafeSmtp(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { hostname, username } = new URL(text);
  return username !== '' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

/** Values that are not repeated in a message. */
const SECRET = /_(?:URL|TOKEN|SECRET|KEY)$/;

type Name = keyof typeof VARIABLES;
export type Environment = Readonly<Record<string, string | undefined>>;

/** Parses the environment; a bad value stops the start with its name, the problem and an example. */
export function readConfig(env: Environment = process.env): Config {
  const value = (name: Name): string | undefined => readVariable(env, name);
  const mode = (value('AGENTOS_POLICY_MODE') ?? 'strict') as PolicyMode;
  const dataDir = expandHome(value('AGENTOS_DATA_DIR') ?? '~/.agentos');
  const mailFrom = value('AGENTOS_MAIL_FROM') ?? 'AgentOS <agentos@localhost>';
  return Object.freeze<Config>({
    policyMode: mode,
    dataDir,
    logLevel: (value('AGENTOS_LOG_LEVEL') ?? 'info') as LogLevel,
    host: value('AGENTOS_HOST') ?? '127.0.0.1',
    publicUrl: value('AGENTOS_PUBLIC_URL')?.replace(/\/+$/, ''),
    trustProxy: splitList(value('AGENTOS_TRUST_PROXY') ?? ''),
    smtpUrl: value('SMTP_URL'),
    mailFrom,
    dkim: toDkim(value, mailFrom),
    slackBotToken: value('SLACK_BOT_TOKEN'),
    slackSigningSecret: value('SLACK_SIGNING_SECRET'),
    slackAppToken: value('SLACK_APP_TOKEN'),
    slackChannel: value('SLACK_CHANNEL'),
    slackApiUrl: value('SLACK_API_URL'),
    databaseUrl: value('DATABASE_URL'),
    migrationUrl: value('AGENTOS_MIGRATION_URL'),
    redisUrl: value('REDIS_URL'),
    fileRoots: value('AGENTOS_FILE_ROOTS')?.split(delimiter).filter(Boolean).map(expandHome) ?? [
      join(dataDir, 'files'),
    ],
    allowedHosts: splitList(value('AGENTOS_ALLOWED_HOSTS') ?? '').map((entry) => entry.toLowerCase()),
    auth: (value('AGENTOS_AUTH') ?? 'required') as Config['auth'],
  });
}

function readVariable(env: Environment, name: Name): string | undefined {
  const raw = env[name] || fromFile(env, name);
  if (raw === undefined || raw === '') return undefined;
  const { schema, example } = VARIABLES[name];
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const shown = SECRET.test(name) ? 'The value' : `\`${raw}\``;
  const values =
    'options' in schema ? `one of ${schema.options.join(', ')}` : (parsed.error.issues[0]?.message ?? 'valid');
  throw new StartError('bad_config', `${name} is wrong. ${shown} is not ${values}. Example: ${name}=${example}`);
}

function fromFile(env: Environment, name: Name): string | undefined {
  const path = env[`${name}_FILE`];
  if (!path) return undefined;
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(
      'bad_config',
      `${name}_FILE cannot be read: ${reason}. Point it to a file that holds the value.`,
    );
  }
}

/** Names that look like ours and are not: said at the start, so that a misspelt safety setting does not go unnoticed. */
export function misspelt(env: Environment = process.env): string[] {
  const known = [...Object.keys(VARIABLES), ...LATER];
  return Object.keys(env)
    .filter((name) => name.startsWith('AGENTOS_') && !known.includes(name.replace(/_FILE$/, '')))
    .filter((name) => suggest(name, known).length > 0)
    .map((name) => `${name} is not a setting and has no effect. ${hint(name, known)}`);
}

/** Part of the product's contract, without effect until the feature that reads them is there. */
const LATER = [
  'AGENTOS_API_KEY',
  'AGENTOS_CLOUD_URL',
  'AGENTOS_MASTER_KEY',
  'AGENTOS_SIGNING_KEY',
  'AGENTOS_MCP_CONFIG',
];

function expandHome(path: string): string {
  return resolve(path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path);
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
}
