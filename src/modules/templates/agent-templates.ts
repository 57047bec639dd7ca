import { CATALOGUE } from '../actions/index.ts';

export const AGENT_CATEGORIES = ['data-processing', 'communication', 'infrastructure', 'analytics'] as const;

/** A kind of agent that is ready to be asked for. */
export interface AgentTemplate {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly category: (typeof AGENT_CATEGORIES)[number];
  /** Ids of policies. */
  readonly defaultPolicies: readonly string[];
  /** Types of actions its agents are made of. */
  readonly actions: readonly string[];
  /** What may be given beside the sentence, each with the words that stand for it there. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Lines of work it is usual in. */
  readonly industries: readonly string[];
}

const ROWS = { input: 'from the file', output: 'write it to the file' };
const FOLDERS = { folder: 'from the folder', destination: 'to the folder' };
const DATA_ACTIONS = ['file.list', 'file.read', 'data.parse', 'data.transform', 'data.format', 'file.write'];

export const AGENT_TEMPLATES: readonly AgentTemplate[] = [
  {
    id: 'data-processor',
    name: 'Data Processor',
    description: 'Processes and transforms data files',
    category: 'data-processing',
    defaultPolicies: ['rate-limiting', 'cost-control'],
    actions: DATA_ACTIONS,
    parameters: ROWS,
    industries: ['finance', 'healthcare', 'retail', 'technology'],
  },
  {
    id: 'web-scraper',
    name: 'Web Scraper',
    description: 'Scrapes websites for data collection',
    category: 'data-processing',
    defaultPolicies: ['rate-limiting', 'cost-control'],
    actions: ['http.request', 'data.transform', 'file.write'],
    parameters: { url: 'from' },
    industries: ['retail', 'technology'],
  },
  {
    id: 'report-generator',
    name: 'Report Generator',
    description: 'Generates periodic reports',
    category: 'data-processing',
    defaultPolicies: ['pii-protection', 'rate-limiting'],
    actions: DATA_ACTIONS,
    parameters: ROWS,
    industries: ['finance', 'healthcare', 'retail', 'technology'],
  },
  {
    id: 'email-assistant',
    name: 'Email Assistant',
    description: 'Monitors and processes emails',
    category: 'communication',
    defaultPolicies: ['pii-protection', 'human-review'],
    actions: ['email.search', 'email.read', 'text.analyze', 'email.send'],
    parameters: {},
    industries: ['retail', 'technology'],
  },
  {
    id: 'slack-bot',
    name: 'Slack Bot',
    description: 'Automated Slack notifications',
    category: 'communication',
    defaultPolicies: ['human-review', 'rate-limiting'],
    actions: ['slack.post'],
    parameters: {},
    industries: ['technology'],
  },
  {
    id: 'backup-agent',
    name: 'Backup Agent',
    description: 'Backs up files to cloud storage or to another folder',
    category: 'infrastructure',
    defaultPolicies: ['cost-control'],
    actions: ['file.list', 'data.transform', 'file.read', 'file.write', 'storage.put'],
    parameters: FOLDERS,
    industries: ['finance', 'healthcare', 'technology'],
  },
  {
    id: 'api-monitor',
    name: 'API Monitor',
    description: 'Monitors API health and performance',
    category: 'infrastructure',
    defaultPolicies: ['rate-limiting'],
    actions: ['http.request', 'slack.post'],
    parameters: { url: 'at' },
    industries: ['technology'],
  },
  {
    id: 'file-organizer',
    name: 'File Organizer',
    description: 'Organizes files based on rules',
    category: 'infrastructure',
    defaultPolicies: ['data-deletion'],
    actions: ['file.list', 'data.transform', 'file.move', 'file.delete'],
    parameters: FOLDERS,
    industries: ['finance', 'healthcare', 'retail', 'technology'],
  },
  {
    id: 'database-analyst',
    name: 'Database Analyst',
    description: 'Queries databases and generates reports',
    category: 'analytics',
    defaultPolicies: ['data-deletion', 'pii-protection'],
    actions: ['sql.query', 'data.transform', 'data.format', 'file.write'],
    parameters: {},
    industries: ['finance', 'healthcare', 'retail', 'technology'],
  },
  {
    id: 'content-moderator',
    name: 'Content Moderator',
    description: 'Moderates user-generated content',
    category: 'analytics',
    defaultPolicies: ['human-review', 'pii-protection'],
    actions: ['text.analyze', 'approval.wait'],
    parameters: {},
    industries: ['retail', 'technology'],
  },
];

/** What agents of a template need that is not there yet, as the catalogue of actions says it. */
export function toRequires({ actions }: AgentTemplate): string[] {
  const needs = actions.flatMap((type) => {
    const requires = CATALOGUE.get(type)?.requires;
    return requires === undefined ? [] : [`${requires} (\`${type}\`)`];
  });
  return [...new Set(needs)];
}
