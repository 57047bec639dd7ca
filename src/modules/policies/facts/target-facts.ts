import type { Facts } from '../../../kernel/policy/facts.ts';
import type { TargetKind } from '../../../kernel/policy/vocabulary-action.ts';
import type { Subject } from '../subject.ts';
import { toSnake } from './payment-facts.ts';

const TICKET_HOSTS =
  /(?:^|\.)(?:atlassian\.net|zendesk\.com|freshdesk\.com|linear\.app|service-now\.com|intercom\.io|helpscout\.net|asana\.com|trello\.com|monday\.com|clickup\.com|youtrack\.cloud)$/;
const LOG_HOSTS =
  /(?:^|\.)(?:sentry\.io|datadoghq\.(?:com|eu)|newrelic\.com|logz\.io|splunkcloud\.com|loggly\.com|papertrailapp\.com|honeycomb\.io|grafana\.net|logtail\.com|rollbar\.com|bugsnag\.com)$/;
const MODEL_HOSTS =
  /(?:^|\.)(?:api\.openai\.com|openai\.azure\.com|api\.anthropic\.com|generativelanguage\.googleapis\.com|aiplatform\.googleapis\.com|api\.mistral\.ai|api\.cohere\.(?:ai|com)|api\.groq\.com|api\.together\.xyz|openrouter\.ai|api\.deepseek\.com|api\.x\.ai|api\.perplexity\.ai)$/;
const LOG_PATH = /\.log(?:\.\d+)?$|(?:^|\/)logs?\//;
const ISSUE_PATH = /\/(?:issues|tickets|incidents|cases)(?:\/|$)/;
const KINDS = new Map<string, TargetKind>(
  Object.entries<TargetKind>({
    file: 'file',
    sql: 'database',
    email: 'mail',
    slack: 'chat',
    http: 'web',
    model: 'model',
    storage: 'storage',
    code: 'code',
    mcp: 'server',
  }),
);

type Looked = Pick<Facts, 'url' | 'file'>;

/** Where an action goes to. */
export function toTargetFacts(subject: Subject, { url, file }: Looked): Facts['target'] {
  return { kind: toKind(subject, { url, file }), name: toName(subject, url), encrypted: toEncrypted(subject, url) };
}

function toKind({ kind, params, operation }: Subject, { url, file }: Looked): TargetKind {
  if (kind === 'file') {
    const isWritten = operation !== 'read' && operation !== 'list';
    return isWritten && file.paths.some((path) => LOG_PATH.test(path)) ? 'log' : 'file';
  }
  if (kind === 'http') return toWebKind(url);
  if (kind === 'mcp') {
    const name = [params['server'], params['tool']]
      .map((part) => toSnake(typeof part === 'string' ? part : ''))
      .join('_');
    if (/(?:^|_)(?:issue|issues|ticket|tickets|jira|incident|zendesk|linear)(?:_|$)/.test(name)) return 'ticket';
    return /(?:^|_)(?:log|logs|logger|trace)(?:_|$)/.test(name) ? 'log' : 'server';
  }
  return KINDS.get(kind) ?? 'none';
}

function toWebKind({ host, path }: Facts['url']): TargetKind {
  if (LOG_HOSTS.test(host)) return 'log';
  if (MODEL_HOSTS.test(host)) return 'model';
  return TICKET_HOSTS.test(host) || ISSUE_PATH.test(path) ? 'ticket' : 'web';
}

function toName({ kind, params, connection, type }: Subject, url: Facts['url']): string {
  const text = (name: string): string => {
    const value = params[name];
    return typeof value === 'string' ? value.toLowerCase() : '';
  };
  switch (kind) {
    case 'http':
      return url.host;
    case 'storage':
      return text('bucket');
    case 'slack':
      return text('channel').replace(/^#/, '');
    case 'mcp':
      return text('server');
    case 'model':
      return connection?.host ?? connection?.kind ?? 'model';
    default:
      return type === 'email.send' ? '' : (connection?.name.toLowerCase() ?? '');
  }
}

function toEncrypted({ kind }: Subject, { scheme }: Facts['url']): string {
  switch (kind) {
    case 'http':
      return scheme === 'https' ? 'yes' : 'no';
    case 'email':
    case 'sql':
    case 'mcp':
      return 'unknown';
    default:
      return 'yes';
  }
}

const READING = ['read', 'list'];
const LOCAL_HOST = /^(?:localhost|127\.|\[?::1|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/;

/** Whether content goes beyond the workspace's own folders, connections, mail domains and chat team. */
export function isExternal(
  { kind, connection, known }: Subject,
  operation: string,
  facts: Pick<Facts, 'url' | 'recipients' | 'shell'>,
): boolean {
  switch (kind) {
    case 'http':
      return !facts.url.allowlisted && (connection?.host === undefined || connection.host !== facts.url.host);
    case 'email':
    case 'slack':
      return facts.recipients.externalCount > 0;
    case 'model':
      return connection?.host === undefined || !LOCAL_HOST.test(connection.host);
    case 'mcp':
      return !READING.includes(operation);
    case 'code':
      return facts.shell.network;
    default:
      return !known;
  }
}
