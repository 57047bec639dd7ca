import { describe, expect, it } from '@jest/globals';
import type { PolicyTemplate } from '../policies/index.ts';
import { CATALOGUE } from '../actions/index.ts';
import { AGENT_TEMPLATES } from './agent-templates.ts';
import { listTemplates, type TemplatesQuery } from './list-templates.ts';

const NOTHING = { parameters: {}, includes: [] };
const POLICIES: readonly PolicyTemplate[] = [
  {
    id: 'rate-limiting',
    name: 'Rate Limiting',
    description: 'Prevents resource abuse',
    category: 'operational',
    rules: [],
    ...NOTHING,
    waiting: [],
  },
  {
    id: 'soc2-security',
    name: 'SOC 2 Security',
    description: 'Controls',
    category: 'compliance',
    framework: 'SOC 2',
    rules: [],
    ...NOTHING,
    waiting: [{ rule: 'all', fact: 'x' }],
  },
  {
    id: 'hipaa-healthcare',
    name: 'HIPAA',
    description: 'PHI',
    category: 'compliance',
    framework: 'HIPAA',
    rules: [],
    ...NOTHING,
    waiting: [{ rule: 'all', fact: 'y' }],
  },
];
const ids = (query: TemplatesQuery): string[] => listTemplates(POLICIES, query).templates.map(({ id }) => id);

describe('list_templates', () => {
  it('lists the ten agent templates of the seed and every policy', () => {
    expect(ids({ type: 'agent' })).toEqual([
      'data-processor',
      'web-scraper',
      'report-generator',
      'email-assistant',
      'slack-bot',
      'backup-agent',
      'api-monitor',
      'file-organizer',
      'database-analyst',
      'content-moderator',
    ]);
    expect(listTemplates(POLICIES, {}).total).toBe(10 + POLICIES.length);
  });

  it('says what is not there yet as the catalogue of actions says it', () => {
    const { templates } = listTemplates(POLICIES, { type: 'agent' });
    for (const { id, requires } of templates) {
      const actions = AGENT_TEMPLATES.find((template) => template.id === id)?.actions ?? [];
      const lacking = actions.filter((type) => CATALOGUE.get(type)?.requires !== undefined);
      expect({ id, lacking: lacking.filter((type) => !requires.some((text) => text.includes(type))) }).toEqual({
        id,
        lacking: [],
      });
    }
  });

  it.each<[TemplatesQuery, string[]]>([
    [{ category: 'Data Processing' }, ['data-processor', 'web-scraper', 'report-generator']],
    [{ framework: 'soc2' }, ['soc2-security']],
    [{ framework: 'SOC_2', type: 'agent' }, []],
    [{ search: 'back storage' }, ['backup-agent']],
    [{ search: 'emails', category: 'communication' }, ['email-assistant']],
    [{ industry: 'Healthcare', type: 'policy' }, ['hipaa-healthcare']],
  ])('filters by %j', (query, expected) => {
    expect(ids(query)).toEqual(expected);
  });

  it('pages through everything exactly once', () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = listTemplates(POLICIES, { limit: 4, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.templates.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(ids({}));
  });

  it.each<[TemplatesQuery, RegExp]>([
    [{ category: 'data' }, /no category.*data-processing/],
    [{ framework: 'HIPPA' }, /Did you mean `HIPAA`/],
    [{ industry: 'farming' }, /template\. Valid: finance, healthcare, retail, technology\.$/],
    [{ limit: 0 }, /from 1 to 200/],
    [{ cursor: 'nonsense' }, /nextCursor/],
  ])('refuses %j with the valid values', (query, message) => {
    expect(() => listTemplates(POLICIES, query)).toThrow(message);
  });
});
