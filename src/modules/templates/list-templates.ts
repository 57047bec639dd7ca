import { cutText } from '../../kernel/json.ts';
import { AppError, hint } from '../../platform/errors/index.ts';
import type { PolicySummary, PolicyTemplate } from '../policies/index.ts';
import { AGENT_TEMPLATES, toRequires } from './agent-templates.ts';

export const TEMPLATE_TYPES = ['agent', 'policy'] as const;

export interface TemplatesQuery {
  readonly type?: (typeof TEMPLATE_TYPES)[number] | 'all';
  readonly category?: string;
  /** Words that all occur in id, name or description. */
  readonly search?: string;
  readonly framework?: string;
  readonly industry?: string;
  /** 1 to 200; 100 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
}

export interface TemplateView {
  readonly id: string;
  readonly type: (typeof TEMPLATE_TYPES)[number];
  readonly name: string;
  readonly description: string;
  readonly category: string;
  readonly framework?: string;
  readonly defaultPolicies?: readonly string[];
  /** What is not there yet; empty when everything it promises works. */
  readonly requires: readonly string[];
}

export interface TemplatePage {
  readonly templates: readonly TemplateView[];
  /** All that match, on this page and others. */
  readonly total: number;
  readonly nextCursor?: string;
}

interface Entry extends TemplateView {
  readonly industries: readonly string[];
}

const POLICY_INDUSTRIES: Readonly<Record<string, readonly string[]>> = {
  'hipaa-healthcare': ['healthcare'],
  'pci-dss-payments': ['finance', 'retail'],
  'soc2-security': ['finance', 'technology'],
  'gdpr-compliance': ['finance', 'healthcare', 'retail', 'technology'],
};
const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 200;

/** One page of the agent and policy templates, agents first, in the order of the catalogue; policies that people made come last. */
export function listTemplates(
  policies: readonly (PolicySummary | PolicyTemplate)[],
  query: TemplatesQuery,
): TemplatePage {
  const all: readonly Entry[] = [...AGENT_TEMPLATES.map(toAgentEntry), ...policies.map(toPolicyEntry)];
  const matching = all.filter(toFilter(all, query));
  const start = query.cursor === undefined ? 0 : parseCursor(query.cursor, matching.length);
  const limit = checkLimit(query.limit);
  const end = start + limit;
  return {
    templates: matching.slice(start, end).map(toView),
    total: matching.length,
    ...(end < matching.length ? { nextCursor: Buffer.from(`templates|${end}`).toString('base64url') } : {}),
  };
}

function toAgentEntry(template: (typeof AGENT_TEMPLATES)[number]): Entry {
  const { id, name, description, category, defaultPolicies, industries } = template;
  return {
    id,
    type: 'agent',
    name,
    description,
    category,
    defaultPolicies,
    requires: toRequires(template),
    industries,
  };
}

function toPolicyEntry(policy: PolicySummary | PolicyTemplate): Entry {
  const { id, name, description, category, framework } = policy;
  const waiting = 'waiting' in policy ? policy.waiting : [];
  return {
    id,
    type: 'policy',
    name,
    description,
    category,
    ...(framework === undefined ? {} : { framework }),
    requires: waiting.map(({ rule, fact }) => `${fact} (rule \`${rule}\`)`),
    industries: POLICY_INDUSTRIES[id] ?? [],
  };
}

function toView({ industries: _, ...view }: Entry): TemplateView {
  return view;
}

function toFilter(all: readonly Entry[], query: TemplatesQuery): (entry: Entry) => boolean {
  const type = query.type ?? 'all';
  if (type !== 'all') requireOneOf('type', type, [...TEMPLATE_TYPES, 'all']);
  const choose = (name: 'category' | 'framework' | 'industry', values: readonly string[]): string | undefined => {
    const wanted = query[name];
    return wanted === undefined ? undefined : requireOneOf(name, wanted, [...new Set(values)]);
  };
  const category = choose(
    'category',
    all.map((entry) => entry.category),
  );
  const framework = choose(
    'framework',
    all.flatMap((entry) => entry.framework ?? []),
  );
  const industry = choose(
    'industry',
    all.flatMap((entry) => entry.industries),
  );
  const words = (query.search ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return (entry) =>
    (type === 'all' || entry.type === type) &&
    (category === undefined || entry.category === category) &&
    (framework === undefined || entry.framework === framework) &&
    (industry === undefined || entry.industries.includes(industry)) &&
    words.every((word) => `${entry.id} ${entry.name} ${entry.description}`.toLowerCase().includes(word));
}

/** "SOC2", "soc 2" and "SOC_2" are one name. */
function requireOneOf(name: string, wanted: string, values: readonly string[]): string {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const found = values.find((value) => plain(value) === plain(wanted));
  if (found !== undefined) return found;
  const near = hint(wanted, values);
  const valid = `Valid: ${values.join(', ')}.`;
  throw new AppError(
    'invalid_input',
    `\`${cutText(wanted, 80)}\` is no ${name} of a template. ${near === valid ? valid : `${near} ${valid}`}`,
  );
}

function checkLimit(limit = DEFAULT_LIMIT): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new AppError('invalid_input', `\`limit\` must be a whole number from 1 to ${MAX_LIMIT}, not ${limit}.`);
}

function parseCursor(cursor: string, total: number): number {
  const at = /^templates\|(\d{1,6})$/.exec(Buffer.from(cursor, 'base64url').toString('utf8'))?.[1];
  if (at !== undefined && Number(at) <= total) return Number(at);
  throw new AppError(
    'invalid_input',
    'The `cursor` was not made by this list. Pass the `nextCursor` of the page before, or none for the first page.',
  );
}
