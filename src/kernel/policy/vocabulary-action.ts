import { flag, text, texts, whole } from './attributes.ts';

export const OPERATIONS = [
  'read',
  'list',
  'create',
  'update',
  'delete',
  'execute',
  'send',
  'pay',
  'export',
  'grant',
  'deploy',
  'unknown',
] as const;
export type Operation = (typeof OPERATIONS)[number];

export const PHASES = ['before', 'after'] as const;
export type Phase = (typeof PHASES)[number];

export const ENVIRONMENTS = ['development', 'test', 'staging', 'production', 'unknown'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

export const TARGET_KINDS = [
  'none',
  'file',
  'log',
  'database',
  'ticket',
  'mail',
  'chat',
  'web',
  'model',
  'storage',
  'code',
  'server',
] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

export const ORIGINS = ['user', 'trusted', 'untrusted', 'unknown'] as const;
export type Origin = (typeof ORIGINS)[number];

const TERNARY = ['yes', 'no', 'unknown'] as const;

/** Who acts, and what is asked. */
export const ACTION_VOCABULARY = {
  action: {
    type: text('Catalogue name of the action.', 'file.delete', { neutral: 'file.read' }),
    kind: text('Family of the action: the part of the type before the dot.', 'file', { neutral: 'file' }),
    operation: text('What the action does to its target.', 'delete', { neutral: 'read', values: OPERATIONS }),
    phase: text('`before` it runs, or `after`, when its result is judged.', 'before', {
      neutral: 'before',
      values: PHASES,
    }),
    declared: flag('Whether the type is one of the steps of the agent version or matches one of its grants.', {
      neutral: true,
    }),
    known: flag('Whether the type is in the catalogue.', { neutral: true }),
    sideEffect: text(
      'Where the action changes something: nowhere, inside the allowed folders, or outside.',
      'outside',
      {
        neutral: 'none',
        values: ['none', 'local', 'outside'],
      },
    ),
    reversible: text('Whether it can be undone.', 'no', { neutral: 'yes', values: TERNARY }),
    external: flag("Whether content goes beyond the workspace's own folders, connections, mail domains and chat team."),
    production: flag('Whether it acts on production; an unknown environment counts as production.'),
    personDecision: flag('Whether it decides about a person: hiring, credit, insurance, treatment, legal standing.'),
    credentialChange: flag('Whether passwords, keys, roles, memberships or multi-factor settings change.'),
    ownControls: flag("Whether it touches the agent's own policies, limits, approvers or records."),
  },
  environment: text(
    'Where it acts: of the connection, else of the deployment; `unknown` counts as production.',
    'production',
    {
      neutral: 'development',
      values: ENVIRONMENTS,
    },
  ),
  trigger: text('What started it; `assistant` when an assistant acts as the agent.', 'schedule', {
    neutral: 'manual',
    values: ['manual', 'schedule', 'webhook', 'test', 'assistant'],
  }),
  agent: {
    id: text('Id of the agent that acts.', '4f8d9c1e-0d6f-4c7a-9b55-0a2f3f1f7a10', {
      neutral: '00000000-0000-4000-8000-000000000000',
    }),
    name: text('Name of the agent that acts.', 'customer-feedback-processor', { neutral: 'agent' }),
    version: whole('Version of the agent that acts.', 3, { neutral: 1 }),
  },
  principal: {
    kind: text('On whose behalf the agent acts.', 'person', {
      neutral: 'person',
      values: ['person', 'service', 'unknown'],
    }),
    identified: flag('Whether that one is a known, active member of the workspace.', { neutral: true }),
  },
  connection: {
    name: text('Name of the connection that the action uses; empty when it uses none.', 'orders-db'),
    kind: text('What the connection leads to; `unknown` when the connection is not known.', 'postgres', {
      neutral: '',
      values: [
        '',
        'postgres',
        'mysql',
        'sqlite',
        'imap',
        'smtp',
        'slack',
        'anthropic',
        'openai',
        's3',
        'http',
        'unknown',
      ],
    }),
  },
  target: {
    kind: text('What kind of place the action reads or changes.', 'ticket', { neutral: 'file', values: TARGET_KINDS }),
    name: text(
      'Host, connection, bucket, channel or server that it goes to, lower case; empty for files.',
      'api.example.com',
    ),
    encrypted: text('Whether the way there is encrypted.', 'no', { neutral: 'yes', values: TERNARY }),
  },
  tool: {
    server: text('Downstream server of an `mcp.call`.', 'github'),
    name: text('Tool of an `mcp.call`.', 'create_issue'),
  },
  model: {
    name: text('Model that a `model.generate` names; empty when it leaves the choice open.', 'claude-sonnet-4'),
    maxTokens: whole('Most tokens that a `model.generate` may produce; -1 when it does not say.', 4_096, {
      neutral: -1,
    }),
  },
  storage: {
    bucket: text('Bucket of a storage action.', 'backups'),
    key: text('Key, or prefix of keys, of a storage action.', 'daily/2026-01-30.tar'),
  },
  time: {
    hour: whole("Hour of the day in the workspace's time zone, 0 to 23.", 14, { neutral: 12 }),
    minute: whole('Minute of that hour, 0 to 59.', 30),
    weekday: whole('Day of the week there, 1 (Monday) to 7 (Sunday).', 5, { neutral: 3 }),
    weekend: flag('Whether it is Saturday or Sunday there.'),
  },
  declared: {
    purpose: text('Purpose that the author declares; empty when not declared.', 'support'),
    legalBasis: text('Declared legal basis; empty when not declared.', 'contract'),
    consent: text('Declared consent of the person concerned.', 'verified', {
      neutral: 'unknown',
      values: ['verified', 'absent', 'unknown'],
    }),
    ticket: text('Declared ticket; empty when not declared.', 'OPS-1234'),
    backupConfirmed: flag('Whether the author confirms that there is a backup.'),
    rollbackPlan: text('Declared way back; empty when not declared.', 'restore the snapshot of 02:00'),
    recordCount: whole('Declared number of records; -1 when not declared.', 250, { neutral: -1 }),
    costMicros: whole('Declared cost in US dollars times 1,000,000; -1 when not declared.', 2_500_000, { neutral: -1 }),
  },
  provenance: {
    keyArgument: text('Where the argument that decides where it goes or whom it hits comes from.', 'untrusted', {
      neutral: 'trusted',
      values: ORIGINS,
    }),
    source: text('Step whose output that argument comes from; empty when it comes from none.', 'read_mail'),
    sessionTainted: flag('Whether content from outside was read earlier in the same run or session.'),
  },
  recipients: {
    count: whole('Recipients of a message, all kinds together.', 3),
    externalCount: whole("Recipients beyond the workspace's own mail domains and chat team.", 1),
    addresses: texts('Addresses of the recipients, lower case, at most 100.', ['ada@example.com']),
    externalDomains: texts('Domains of the external recipients, lower case.', ['example.com']),
    dataSubjectOnly: flag('Whether every contact detail in the message belongs to its only recipient.'),
  },
  message: {
    channel: text('Channel of a chat message, without `#`, lower case.', 'general'),
    subject: text('Subject of a message, at most 1,000 characters.', 'Your order'),
    attachments: whole('Attachments of a message.', 2),
  },
} as const;
