import { canonicalize } from '../../kernel/audit/canonical.ts';
import { sha256 } from '../audit/index.ts';
import type { Prepared } from './prepared.ts';

/** Windows of counts, and what else is kept for an agent; each is a branch of the SQL function `read_state`. */
type Source =
  | '1m'
  | '10m'
  | '1h'
  | '1d'
  | 'running'
  | 'new'
  | 'micros today'
  | 'micros month'
  | 'tokens today'
  | 'tokens run'
  | 'most';

/** One place where the database looks; of several for one attribute the largest counts. */
export interface Place {
  readonly source: Source;
  readonly key: string;
}

type Judged = Pick<Prepared, 'request' | 'kind' | 'isWrite' | 'judged' | 'agentTask'>;

/** More recipients than this are not looked up one by one: they count as the worst. */
const MAX_RECIPIENTS = 50;
const MOST: readonly Place[] = [{ source: 'most', key: '' }];

/** Keys of the counts, by what they count; values that name somebody or something are hashed. */
const COUNTED = {
  calls: () => ['all'],
  kind: ({ kind }: Judged) => [`kind:${kind}`],
  type: ({ request }: Judged) => [`type:${request.type}`],
  http: () => ['kind:http'],
  writes: () => ['writes'],
  deletes: () => ['deletes'],
  messages: () => ['messages'],
  recipient: (prepared: Judged) => toRecipients(prepared).map((each) => `to:${toDigest(each)}`),
  target: ({ judged }: Judged) => {
    const { kind, name } = judged.facts.target;
    return name === '' ? [] : [`at:${toDigest(`${kind} ${name}`)}`];
  },
  identical: ({ request }: Judged) => [
    `same:${toDigest(canonicalize({ type: request.type, params: request.params }))}`,
  ],
  failures: () => ['failures'],
  denials: () => ['denials'],
} as const satisfies Record<string, (prepared: Judged) => string[]>;

/** Counts with a key for each value: they are kept for agents of which a rule asks. */
const BY_VALUE = ['recipient', 'target', 'identical'] as const;
const RATE = /^rate\.([a-z]+)(1m|10m|1h|1d)$/;

/** Where the value of a counted attribute stands for this action; nowhere means 0. Throws on an attribute that is not kept. */
export function toPlaces(attribute: string, prepared: Judged): readonly Place[] {
  const [, counted = '', window] = RATE.exec(attribute) ?? [];
  const toKeys = new Map<string, (prepared: Judged) => string[]>(Object.entries(COUNTED)).get(counted);
  if (toKeys !== undefined) {
    if (counted === 'recipient' && hasManyRecipients(prepared)) return MOST;
    return toKeys(prepared).map((key) => ({ source: window as Source, key }));
  }
  switch (attribute) {
    case 'rate.running':
      return [{ source: 'running', key: '' }];
    case 'budget.spentTodayMicros':
      return [{ source: 'micros today', key: '' }];
    case 'budget.spentMonthMicros':
      return [{ source: 'micros month', key: '' }];
    case 'budget.tokensToday':
      return [{ source: 'tokens today', key: '' }];
    case 'budget.tokensRun':
      // The run is in the key for the process's own memory only: SQL knows it.
      return prepared.request.run === undefined ? [] : [{ source: 'tokens run', key: prepared.request.run.runId }];
    case 'first.target':
      return toNew(isNamed(prepared, prepared.judged.facts.target.name) ? [] : toTargetKeys(prepared));
    case 'first.recipient':
      if (hasManyRecipients(prepared)) return MOST;
      return toNew(toRecipientKeys(toExternal(prepared).filter((each) => !isNamed(prepared, each))));
    case 'first.tool':
      return toNew(toToolKeys(prepared));
    default:
      throw new Error(`no place keeps the attribute ${attribute}`);
  }
}

/** What is counted when the action is let through. `asked`: attributes that rules look at. */
export function toCounts(prepared: Judged, asked: readonly string[]): string[] {
  const { action, sql, shell, recipients } = prepared.judged.facts;
  const deletes =
    action.operation === 'delete' ||
    sql.operations.some((verb) => ['delete', 'truncate', 'drop'].includes(verb)) ||
    shell.deletes ||
    shell.destructive;
  const isMessage = recipients.externalCount > 0 || (action.operation === 'send' && action.external);
  const byValue = BY_VALUE.filter((name) => asked.some((attribute) => RATE.exec(attribute)?.[1] === name));
  return [
    ...COUNTED.calls(),
    ...COUNTED.kind(prepared),
    ...COUNTED.type(prepared),
    ...(prepared.isWrite ? COUNTED.writes() : []),
    ...(deletes ? COUNTED.deletes() : []),
    ...(isMessage ? COUNTED.messages() : []),
    ...byValue.flatMap((name) => [...new Set(COUNTED[name](prepared))]),
  ];
}

export const DENIAL_COUNTS: readonly string[] = COUNTED.denials();
export const FAILURE_COUNTS: readonly string[] = COUNTED.failures();

/** What the agent knows once the action was let through. */
export function toKnown(prepared: Judged): string[] {
  const recipients = toRecipientKeys(toExternal(prepared));
  return [...new Set([...toToolKeys(prepared), ...toTargetKeys(prepared), ...recipients])];
}

function toNew(keys: readonly string[]): Place[] {
  return keys.map((key) => ({ source: 'new', key }));
}

function toToolKeys({ request, judged }: Judged): string[] {
  const { server, name } = judged.facts.tool;
  return [`tool:${toDigest(server === '' ? request.type : `${request.type} ${server} ${name}`)}`];
}

/** Hosts, buckets and servers beyond the workspace; connections were chosen by people. */
function toTargetKeys({ kind, judged }: Judged): string[] {
  const { target, action } = judged.facts;
  const isOutside = kind === 'http' ? action.external : kind === 'storage' || kind === 'mcp';
  return isOutside && target.name !== '' ? [`target:${toDigest(`${kind} ${target.name}`)}`] : [];
}

function toRecipientKeys(recipients: readonly string[]): string[] {
  return recipients.map((each) => `recipient:${toDigest(each)}`);
}

function hasManyRecipients({ judged }: Judged): boolean {
  const { count, addresses } = judged.facts.recipients;
  return Math.max(count, addresses.length) > MAX_RECIPIENTS;
}

function toRecipients({ judged }: Judged): string[] {
  const { recipients, message } = judged.facts;
  const all = message.channel === '' ? recipients.addresses : [...recipients.addresses, `#${message.channel}`];
  return all.slice(0, MAX_RECIPIENTS);
}

function toExternal(prepared: Judged): string[] {
  const { externalCount, externalDomains } = prepared.judged.facts.recipients;
  if (externalCount === 0) return [];
  return toRecipients(prepared).filter((each) => {
    const at = each.lastIndexOf('@');
    return at < 0 || externalDomains.includes(each.slice(at + 1));
  });
}

/** Whether the words that the agent was made with hold this name as a whole: `api.example.com` is not in `api.example.com.evil.org`. */
function isNamed({ agentTask }: Judged, name: string): boolean {
  if (name === '') return false;
  const task = agentTask.toLowerCase();
  const wanted = name.toLowerCase();
  for (let at = task.indexOf(wanted); at >= 0; at = task.indexOf(wanted, at + wanted.length)) {
    const end = at + wanted.length;
    const goesOn = task.charAt(end) === '.' ? /\w/.test(task.charAt(end + 1)) : /[\w@-]/.test(task.charAt(end));
    if (!goesOn && !/[\w.@-]/.test(task.charAt(at - 1))) return true;
  }
  return false;
}

function toDigest(value: string): string {
  return Buffer.from(sha256(Buffer.from(value))).toString('hex', 0, 16);
}
