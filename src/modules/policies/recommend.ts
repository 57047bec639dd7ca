/** Whether a grant (`file.read`, or `file.*` for a family) covers a type. */
function covers(grant: string, type: string): boolean {
  return grant === type || (grant.endsWith('.*') && type.startsWith(grant.slice(0, -1)));
}

export interface Recommendation {
  readonly id: string;
  /** What the policy does for this agent; may hold `{{parameter}}` of the policy. */
  readonly reason: string;
}

/** A policy, and what it is for: the first line whose types the agent may use is said. */
interface Fit {
  readonly id: string;
  readonly lines: readonly (readonly [types: readonly string[], reason: string])[];
}

const MESSAGES = ['email.send', 'slack.post'];
const OUTSIDE = [...MESSAGES, 'http.request', 'storage.put', 'model.generate', 'mcp.call'];
const CHANGES = [
  'file.write',
  'file.move',
  'file.delete',
  'sql.execute',
  'storage.put',
  'storage.delete',
  'code.run',
  'mcp.call',
];
const READS_PEOPLE = ['email.search', 'email.read', 'sql.query', 'sql.execute', 'storage.get'];

/**
 * In the order in which they are shown. They are attached unless others are asked for, so none of them holds or refuses ordinary work on
 * files: what is stricter is there to be chosen.
 */
const FITS: readonly Fit[] = [
  {
    id: 'pii-protection',
    lines: [
      [
        OUTSIDE,
        'Customer e-mails, names and phone numbers are anonymized before they leave; cards, accounts and health data never leave',
      ],
      [READS_PEOPLE, 'Card numbers, accounts and health data are masked in results; restricted columns need a purpose'],
    ],
  },
  {
    id: 'rate-limiting',
    lines: [
      [['email.send'], 'Max {{maxItemsPerRun}} emails per run, {{messagesPerHour}} external ones an hour'],
      [['slack.post'], 'Max {{writesPerMinute}} posts a minute, {{messagesPerHour}} external ones an hour'],
      [['http.request'], 'Max {{httpPerMinute}} HTTP requests and {{writesPerMinute}} changes a minute'],
      [['sql.query', 'sql.execute'], 'Max {{sqlPerHour}} SQL statements an hour'],
      [[...CHANGES, 'model.generate'], 'Max {{writesPerMinute}} changes a minute'],
    ],
  },
  {
    id: 'cost-control',
    lines: [
      [
        ['model.generate'],
        'Max {{dailyBudget}} US dollars a day; what costs more than {{approvalAbove}} at once waits for an approval',
      ],
    ],
  },
  {
    id: 'data-deletion',
    lines: [
      [
        ['sql.execute'],
        'DELETE and UPDATE need a WHERE; dropping a table is refused, large deletions wait for an approval',
      ],
      [['file.delete', 'storage.delete'], 'Deleting whole folders or by wildcard waits for an approval'],
      [['code.run', 'mcp.call'], 'Programs and tools that delete on a large scale are refused or wait for an approval'],
    ],
  },
  {
    id: 'secrets-protection',
    lines: [
      [[...OUTSIDE, 'code.run'], 'Keys and passwords never leave, and are taken out of results'],
      [
        ['file.list', 'file.read', ...CHANGES],
        'Places where credentials live are refused; keys and passwords are not written down',
      ],
    ],
  },
  {
    id: 'human-review',
    lines: [
      [MESSAGES, 'Messages to people outside the workspace wait for an approval'],
      [['mcp.call'], 'Payments, rights and changes that cannot be undone wait for an approval'],
    ],
  },
];

/** The policies that fit what an agent may do, by the types of its steps and its grants. */
export function recommend(types: readonly string[], grants: readonly string[]): Recommendation[] {
  const may = (type: string): boolean => types.includes(type) || grants.some((grant) => covers(grant, type));
  return FITS.flatMap(({ id, lines }) => {
    const line = lines.find(([wanted]) => wanted.some(may));
    return line === undefined ? [] : [{ id, reason: line[1] }];
  });
}
