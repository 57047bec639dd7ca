/** What a sentence can name. In this order the parts of a rule are written, in its condition and in its sentence. */
export const FACETS = [
  'op',
  'kind',
  'data',
  'word',
  'sql',
  'shape',
  'table',
  'column',
  'database',
  'path',
  'filetype',
  'size',
  'destination',
  'recipient',
  'recipients',
  'message',
  'channel',
  'scheme',
  'method',
  'host',
  'storage',
  'tool',
  'model',
  'payment',
  'amount',
  'cost',
  'tokens',
  'records',
  'rate',
  'shell',
  'trait',
  'phase',
  'declared',
  'environment',
  'time',
  'first',
  'agent',
  'trigger',
] as const;
export type Facet = (typeof FACETS)[number];

export const KINDS = [
  'file',
  'sql',
  'email',
  'chat',
  'message',
  'http',
  'payment',
  'refund',
  'model',
  'code',
  'shell',
  'storage',
  'tool',
  'deploy',
  'permission',
  'log',
] as const;
export type Kind = (typeof KINDS)[number];

export const OPS = [
  'read',
  'list',
  'write',
  'create',
  'update',
  'move',
  'delete',
  'send',
  'upload',
  'download',
  'export',
  'run',
] as const;
export type Op = (typeof OPS)[number];

/** What the rest of a rule says, for parts whose condition depends on it. */
export interface Scene {
  readonly kinds: readonly Kind[];
  readonly ops: readonly Op[];
  readonly isTransform: boolean;
}
export type Cel = string | ((scene: Scene) => string);

/** One thing that a sentence names, with the condition that it becomes. */
export interface Value {
  readonly facet: Facet;
  /** How a rule's sentence says it; read again it gives the same value. */
  readonly text: string;
  /** True when the action touches it. */
  readonly some: Cel;
  /** True when the action touches nothing else of its facet: what allow-lists and exceptions need. */
  readonly all?: Cel;
  /** The same when a program names it. */
  readonly inPrograms?: string;
  /** The complement, for comparisons. */
  readonly opposite?: () => Value;
  /** Family of actions that it speaks of even when the sentence does not name one. */
  readonly family?: Kind;
  readonly op?: Op;
  readonly kind?: Kind;
  /** Classes and fields that a transform of it changes. */
  readonly classes?: readonly string[];
  readonly fields?: readonly string[];
  /** Host that is named, which in a sentence about mail is a mail domain. */
  readonly host?: string;
  /** A comparison that says what is allowed: "at most 5", "up to $20". */
  readonly isMaximum?: boolean;
}

/** Values of one facet: one of them is enough. */
export type Parts = ReadonlyMap<Facet, readonly Value[]>;

export interface Effect {
  readonly kind: 'deny' | 'require_approval' | 'log' | 'allow' | 'redact' | 'mask' | 'strip' | 'drop' | 'truncate';
  readonly isCritical?: boolean;
  readonly isWarning?: boolean;
  readonly quorum?: number;
  readonly groups?: readonly string[];
}

/** A rule before it is written: all of `parts`, and none of `except` (each all of its parts). */
export interface Draft {
  readonly effect: Effect;
  readonly parts: Parts;
  readonly except: readonly Parts[];
}

export function isTransform({ kind }: Effect): boolean {
  return ['redact', 'mask', 'strip', 'drop', 'truncate'].includes(kind);
}

export function valuesOf(parts: Parts): Value[] {
  return FACETS.flatMap((facet) => [...(parts.get(facet) ?? [])]);
}

/** The same parts with a value more; the same value counts once. */
export function addValue(parts: Parts, value: Value): Parts {
  const before = parts.get(value.facet) ?? [];
  if (before.some(({ text }) => text === value.text)) return parts;
  return new Map([...parts, [value.facet, [...before, value]]]);
}

export function joinParts(first: Parts, second: Parts): Parts {
  return valuesOf(second).reduce(addValue, first);
}

/** Facets that make sense only with these families; the others make sense with every action. */
const FAMILIES: Partial<Record<Facet, readonly Kind[]>> = {
  sql: ['sql', 'permission'],
  shape: ['sql'],
  table: ['sql', 'permission'],
  column: ['sql'],
  database: ['sql'],
  path: ['file', 'storage', 'code', 'shell', 'log'],
  filetype: ['file', 'email', 'storage', 'message', 'log'],
  size: ['file', 'email', 'storage', 'http', 'chat', 'message', 'model', 'tool'],
  destination: ['email', 'chat', 'message', 'http', 'storage', 'tool', 'model'],
  recipient: ['email', 'message'],
  recipients: ['email', 'message'],
  message: ['email', 'message'],
  channel: ['chat', 'message'],
  scheme: ['http'],
  method: ['http'],
  host: ['http', 'code', 'shell', 'payment', 'refund', 'deploy', 'model', 'log', 'permission'],
  storage: ['storage'],
  tool: ['tool', 'payment', 'refund', 'deploy', 'permission'],
  model: ['model'],
  payment: ['payment', 'refund'],
  amount: ['payment', 'refund', 'http', 'tool'],
  tokens: ['model'],
  shell: ['code', 'shell', 'deploy', 'tool'],
};

export function fits(facet: Facet, kinds: readonly Kind[]): boolean {
  const families = FAMILIES[facet];
  return families === undefined || kinds.length === 0 || kinds.some((kind) => families.includes(kind));
}
