import { NEUTRAL_FACTS, type Facts } from '../../kernel/policy/facts.ts';
import type { Attribute } from '../../kernel/policy/vocabulary.ts';
import type { Constants } from './constants.ts';

export type FactValue = string | number | boolean | readonly string[];
/** Some facts of an action, by attribute name; all others are those of a harmless read. */
export type FactChoice = Readonly<Record<string, FactValue>>;

/** An action that shows something: its type, where the facts say it, and the facts that matter. */
export interface Witness {
  readonly action?: string;
  readonly facts: FactChoice;
}

export interface Domain {
  readonly name: string;
  readonly values: readonly FactValue[];
  /** Whether values were left out: then a search without a find proves nothing. */
  readonly isCut: boolean;
}

const MAX_VALUES = 64;
const MAX_SUBSETS_OF = 5;
const FRESH = 'something-else';
const LIMITS: Readonly<Record<string, readonly [number, number]>> = {
  'time.hour': [0, 23],
  'time.minute': [0, 59],
  'agent.version': [1, Number.MAX_SAFE_INTEGER],
};
/** Where -1 stands for unknown. */
const MAY_BE_UNKNOWN = /^(?:declared|records|payment|sql\.limit|model\.maxTokens|cost\.actualMicros)/;

export function joinConstants(all: readonly (Constants | undefined)[]): Constants {
  const sources = all.filter((each) => each !== undefined);
  const union = <T>(of: (constants: Constants) => Iterable<T>): Set<T> =>
    new Set(sources.flatMap((each) => [...of(each)]));
  const equal = new Map<string, Set<number>>();
  sources.forEach((constants, index) => {
    for (const [text, comparisons] of constants.equal) {
      const known = equal.get(text) ?? new Set();
      for (const comparison of comparisons) known.add(comparison * sources.length + index);
      equal.set(text, known);
    }
  });
  return {
    equal,
    prefix: union(({ prefix }) => prefix),
    suffix: union(({ suffix }) => suffix),
    part: union(({ part }) => part),
    numbers: union(({ numbers }) => numbers),
  };
}

/** One text for all that occur in the same comparisons, unless their letters matter. */
function toRepresentatives({ equal, prefix, suffix, part }: Constants): string[] {
  if (prefix.size + suffix.size + part.size > 0) return [...equal.keys()];
  const kinds = new Map<string, string>();
  for (const [text, comparisons] of equal) {
    const kind = [...comparisons].join();
    if (!kinds.has(kind)) kinds.set(kind, text);
  }
  return [...kinds.values()];
}

function toTexts(constants: Constants): string[] {
  const { prefix, suffix, part } = constants;
  const texts = new Set<string>(['', FRESH, ...toRepresentatives(constants)]);
  for (const start of ['', ...prefix]) {
    for (const middle of ['', ...part]) {
      for (const end of ['', ...suffix]) texts.add(start + middle + end);
    }
  }
  for (const text of [...prefix, ...part, ...suffix]) texts.add(`x${text}x`);
  return [...texts];
}

function toNumbers({ numbers }: Constants, name: string, example: unknown): number[] {
  if (name === 'time.weekday') return [1, 2, 3, 4, 5, 6, 7];
  const [least, most] = LIMITS[name] ?? [MAY_BE_UNKNOWN.test(name) ? -1 : 0, Number.MAX_SAFE_INTEGER];
  const values = new Set([Math.max(least, 0), least]);
  for (const number of numbers) for (const near of [number, number - 1, number + 1]) values.add(near);
  if (typeof example === 'number') values.add(example);
  return [...values].filter((value) => value >= least && value <= most && Number.isSafeInteger(value));
}

/** Every set of a few texts; of many, the small ones and the largest. */
function toSets(texts: readonly string[]): string[][] {
  if (texts.length <= MAX_SUBSETS_OF) {
    return Array.from({ length: 2 ** texts.length }, (_, bits) => texts.filter((_text, i) => (bits & (1 << i)) !== 0));
  }
  const pairs = texts.flatMap((first, i) => texts.slice(i + 1).map((second) => [first, second]));
  const without = texts.map((text) => texts.filter((each) => each !== text));
  return [[], ...texts.map((text) => [text]), [...texts], ...without, ...pairs];
}

function toLists(constants: Constants, values: readonly string[] | undefined): { lists: string[][]; isCut: boolean } {
  const texts = toTexts(constants).filter((text) => text !== '' && (values === undefined || values.includes(text)));
  const other = values?.find((value) => !constants.equal.has(value));
  if (other !== undefined && !texts.includes(other)) texts.push(other);
  const sized = [...constants.numbers].flatMap((number) => [number - 1, number, number + 1]);
  const long = sized
    .filter((size) => size > 0 && size <= 5)
    .map((size) => Array.from({ length: size }, (_, i) => texts[i % texts.length] ?? FRESH));
  const isLong = sized.some((size) => size > 5);
  return { lists: [...toSets(texts), ...long], isCut: texts.length > MAX_SUBSETS_OF || isLong };
}

/** What people would name, where the set is open. */
const KNOWN_TEXTS: Readonly<Record<string, () => readonly string[]>> = {
  'action.type': () => [...Object.values(USUAL_TYPES), 'file.write', 'file.delete'],
  'action.kind': () => Object.keys(USUAL_TYPES),
};

/** Values at which a condition over this attribute can change its answer. */
export function toDomain({ name, type, values, example }: Attribute, constants: Constants): Domain {
  if (type === 'bool') return { name, values: [true, false], isCut: false };
  const { lists, isCut } = type === 'list<string>' ? toLists(constants, values) : { lists: [], isCut: false };
  const all: readonly FactValue[] =
    type === 'int'
      ? toNumbers(constants, name, example)
      : type === 'string'
        ? values === undefined
          ? [...toTexts(constants), ...(KNOWN_TEXTS[name]?.() ?? [])]
          : toClosed(constants, values)
        : lists;
  return { name, values: all.slice(0, MAX_VALUES), isCut: isCut || all.length > MAX_VALUES };
}

/** Those that are named come first: they are what people think of. */
function toClosed({ equal }: Constants, values: readonly string[]): string[] {
  return [...values.filter((value) => equal.has(value)), ...values.filter((value) => !equal.has(value))];
}

/** The complete facts. */
export function toWitnessFacts(choice: FactChoice): Facts {
  const facts: Record<string, unknown> = { ...NEUTRAL_FACTS };
  for (const [name, value] of Object.entries(choice)) {
    const [group = '', field] = name.split('.');
    facts[group] = field === undefined ? value : Object.assign({}, facts[group], { [field]: value });
  }
  return facts as unknown as Facts;
}

/** Types of actions by what they do, for facts that name only their family or their operation. */
const TYPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  file: { read: 'file.read', list: 'file.list', create: 'file.write', update: 'file.write', delete: 'file.delete' },
  http: {},
  sql: { read: 'sql.query', list: 'sql.query' },
  email: { read: 'email.read', list: 'email.search', send: 'email.send' },
  slack: {},
  model: {},
  storage: {
    read: 'storage.get',
    list: 'storage.list',
    create: 'storage.put',
    update: 'storage.put',
    delete: 'storage.delete',
  },
  code: {},
  mcp: {},
};
/** Every family with the action that people think of. */
export const USUAL_TYPES: Readonly<Record<string, string>> = {
  file: 'file.read',
  http: 'http.request',
  sql: 'sql.execute',
  email: 'email.send',
  slack: 'slack.post',
  model: 'model.generate',
  storage: 'storage.get',
  code: 'code.run',
  mcp: 'mcp.call',
  data: 'data.transform',
  text: 'text.analyze',
  approval: 'approval.wait',
};
/** Families that facts of these groups belong to. */
const FAMILIES: Readonly<Record<string, string>> = {
  file: 'file',
  url: 'http',
  sql: 'sql',
  shell: 'code',
  storage: 'storage',
  model: 'model',
  tool: 'mcp',
  recipients: 'email',
  message: 'slack',
};

/** The facts with the type of an action that can have them, where that can be said. */
export function toWitness(facts: FactChoice): Witness {
  const type = facts['action.type'];
  if (typeof type === 'string' && /^[a-z]+\.[a-z]+$/.test(type)) return { action: type, facts };
  const groups = Object.entries(facts)
    .filter(([, value]) => value !== false && value !== '' && value !== 0)
    .map(([name]) => FAMILIES[name.split('.', 1).join()]);
  const kind = facts['action.kind'] ?? groups.find((family) => family !== undefined) ?? '';
  const operation = facts['action.operation'] ?? '';
  if (typeof kind !== 'string' || typeof operation !== 'string') return { facts };
  const action = TYPES[kind]?.[operation] ?? (operation === '' || kind !== 'file' ? USUAL_TYPES[kind] : undefined);
  return action === undefined ? { facts } : { action, facts };
}

/** The same for people: `file.delete` with `file.recursive` true. */
export function describeWitness({ action, facts }: Witness): string {
  const said = Object.entries(facts)
    .filter(([name]) => name !== 'action.type')
    .map(
      ([name, value]) =>
        `\`${name}\` ${typeof value === 'object' ? `[${value.join(', ')}]` : String(value) || 'empty'}`,
    );
  const what = action === undefined ? 'an action' : `\`${action}\``;
  return said.length === 0 ? what : `${what} with ${said.slice(0, 6).join(', ')}${said.length > 6 ? ' and more' : ''}`;
}
