import type { Facts } from './facts.ts';

export const ATTRIBUTE_TYPES = ['string', 'bool', 'int', 'list<string>'] as const;
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number];

/** What a condition may say about one fact. `values` lists every value that can occur, when the set is closed. */
interface Entry<Type extends AttributeType> {
  readonly type: Type;
  readonly description: string;
  readonly values?: readonly string[];
}
type EntryOf<Value> = Entry<
  Value extends string ? 'string' : Value extends boolean ? 'bool' : Value extends number ? 'int' : 'list<string>'
>;
type Vocabulary = {
  readonly [Group in keyof Facts]: Facts[Group] extends string
    ? EntryOf<Facts[Group]>
    : { readonly [Name in keyof Facts[Group]]: EntryOf<Facts[Group][Name]> };
};

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

/** Every fact, described once: the condition language, `agentos://facts` and error suggestions are made from it. */
export const VOCABULARY: Vocabulary = {
  action: {
    type: { type: 'string', description: 'Catalogue name of the action, such as `file.delete`.' },
    kind: { type: 'string', description: 'Family of the action: the part of the type before the dot, such as `file`.' },
    operation: { type: 'string', description: 'What the action does to its target.', values: OPERATIONS },
    declared: {
      type: 'bool',
      description: 'Whether the type is one of the steps of the agent version or matches one of its grants.',
    },
    known: { type: 'bool', description: 'Whether the type is in the catalogue.' },
    sideEffect: {
      type: 'string',
      description: 'Where the action changes something: nowhere, inside the allowed folders, or outside.',
      values: ['none', 'local', 'outside'],
    },
    reversible: { type: 'string', description: 'Whether it can be undone.', values: ['yes', 'no', 'unknown'] },
  },
  environment: {
    type: 'string',
    description: 'Where the agent is deployed; `unknown` counts as production.',
    values: ['development', 'test', 'staging', 'production', 'unknown'],
  },
  agent: {
    id: { type: 'string', description: 'Id of the agent that acts.' },
    name: { type: 'string', description: 'Name of the agent that acts.' },
    version: { type: 'int', description: 'Version of the agent that acts.' },
  },
  trigger: {
    type: 'string',
    description: 'What started it; `assistant` when an assistant acts as the agent.',
    values: ['manual', 'schedule', 'webhook', 'test', 'assistant'],
  },
  file: {
    path: { type: 'string', description: 'First path, absolute and resolved; empty when the action has none.' },
    paths: { type: 'list<string>', description: 'Every path of the action, source and destination, resolved.' },
    outsideRoots: { type: 'bool', description: 'Whether a path leads outside the allowed folders.' },
    recursive: { type: 'bool', description: 'Whether it acts on a whole folder.' },
    wildcard: { type: 'bool', description: 'Whether a path holds glob characters.' },
    credentialPlace: {
      type: 'bool',
      description: 'Whether a path is a place where credentials live, such as `.ssh`, `.aws` or `.env`.',
    },
    bytes: { type: 'int', description: 'Size of the content to be written, in bytes; 0 when there is none.' },
  },
  url: {
    scheme: { type: 'string', description: 'Scheme of the URL without the colon; empty when the action has none.' },
    host: { type: 'string', description: 'Host of the URL in lower case, without port.' },
    port: { type: 'int', description: 'Port of the URL, also when it is the default one; 0 when the action has none.' },
    method: { type: 'string', description: 'HTTP method in capitals; empty when the action has none.' },
    privateNetwork: {
      type: 'bool',
      description: 'Whether the host is a loopback, private or link-local address, or a name that can only be one.',
    },
    metadataService: { type: 'bool', description: 'Whether the host is the metadata service of a cloud.' },
    hasCredentials: { type: 'bool', description: 'Whether the URL holds a user name or a password.' },
    allowlisted: { type: 'bool', description: 'Whether `host:port` is on the list that the operator allows.' },
    unparsed: { type: 'bool', description: 'Whether a URL was given that cannot be read as one.' },
  },
  rate: {
    http1m: { type: 'int', description: 'HTTP requests of this agent in the last 60 seconds, this one not counted.' },
    writes1m: { type: 'int', description: 'Side effects of this agent in the last 60 seconds, this one not counted.' },
  },
  declared: {
    purpose: { type: 'string', description: 'Purpose that the author of the step declares; empty when not declared.' },
    legalBasis: { type: 'string', description: 'Declared legal basis; empty when not declared.' },
    consent: { type: 'string', description: 'Declared consent.', values: ['verified', 'absent', 'unknown'] },
    ticket: { type: 'string', description: 'Declared ticket; empty when not declared.' },
    backupConfirmed: { type: 'bool', description: 'Whether the author confirms that there is a backup.' },
    rollbackPlan: { type: 'string', description: 'Declared way back; empty when not declared.' },
    recordCount: { type: 'int', description: 'Declared number of records; -1 when not declared.' },
    costMicros: { type: 'int', description: 'Declared cost in US dollars times 1,000,000; -1 when not declared.' },
  },
};

export interface Attribute extends Entry<AttributeType> {
  /** As conditions name it, such as `file.path`. */
  readonly name: string;
}

function isEntry(value: object): value is Entry<AttributeType> {
  return 'description' in value && typeof value.description === 'string';
}

/** The vocabulary as a flat list, in its order. */
export const ATTRIBUTES: readonly Attribute[] = Object.entries(VOCABULARY).flatMap(
  ([group, value]: [string, object]) =>
    isEntry(value)
      ? [{ name: group, ...value }]
      : Object.entries(value).map(([name, entry]: [string, Entry<AttributeType>]) => ({
          name: `${group}.${name}`,
          ...entry,
        })),
);
