import { NEUTRAL_FACTS, type Facts } from '../../kernel/policy/facts.ts';
import { OPERATIONS } from '../../kernel/policy/vocabulary-action.ts';
import type { Attribute } from '../../kernel/policy/vocabulary.ts';

export type FactValue = string | number | boolean | readonly string[];
/** Some facts of an action, by attribute name; all others are those of a harmless read. */
export type Witness = Readonly<Record<string, FactValue>>;

/** Texts of a condition, by how they are compared with an attribute. */
export interface Constants {
  readonly equal: Set<string>;
  readonly prefix: Set<string>;
  readonly suffix: Set<string>;
  readonly part: Set<string>;
  readonly numbers: Set<number>;
}

export interface Domain {
  readonly name: string;
  readonly values: readonly FactValue[];
  /** Whether the values were cut: then a search without a find proves nothing. */
  readonly isCut: boolean;
}

const MAX_VALUES = 24;
const FRESH = 'something-else';

function toTexts({ equal, prefix, suffix, part }: Constants): string[] {
  const texts = new Set<string>(['', FRESH, ...equal]);
  for (const start of ['', ...prefix]) {
    for (const middle of ['', ...part]) {
      for (const end of ['', ...suffix]) texts.add(start + middle + end);
    }
  }
  for (const text of [...prefix, ...part, ...suffix]) texts.add(`x${text}x`);
  return [...texts];
}

function toNumbers({ numbers }: Constants, least: number): number[] {
  const values = new Set([least, 0]);
  for (const number of numbers) for (const near of [number - 1, number, number + 1]) values.add(near);
  return [...values].filter((value) => value >= least && Number.isSafeInteger(value));
}

function toLists(constants: Constants): (readonly string[])[] {
  const texts = toTexts(constants).filter((text) => text !== '');
  const pairs = texts.flatMap((first, index) => texts.slice(index + 1).map((second) => [first, second]));
  return [[], ...texts.map((text) => [text]), texts, ...pairs];
}

/** Values at which a condition over this attribute can change its answer. */
export function toDomain({ name, type, values }: Attribute, constants: Constants): Domain {
  const all: readonly FactValue[] =
    type === 'bool'
      ? [false, true]
      : type === 'int'
        ? toNumbers(constants, name.startsWith('declared.') ? -1 : 0)
        : type === 'string'
          ? (values ?? toTexts(constants))
          : toLists(constants);
  return { name, values: all.slice(0, MAX_VALUES), isCut: all.length > MAX_VALUES };
}

/** Every combination of values, the last attribute turning fastest. */
export function* toWitnesses(domains: readonly Domain[]): Generator<Witness> {
  const [first, ...rest] = domains;
  if (first === undefined) {
    yield {};
    return;
  }
  for (const value of first.values) for (const others of toWitnesses(rest)) yield { [first.name]: value, ...others };
}

const FILE_FLAGS = ['file.outsideRoots', 'file.recursive', 'file.wildcard', 'file.credentialPlace'];
const URL_FLAGS = [
  'url.privateNetwork',
  'url.metadataService',
  'url.hasCredentials',
  'url.allowlisted',
  'url.unparsed',
];

/** Verbs of types that change nothing. */
const READING = ['read', 'list', 'parse', 'search', 'query', 'get'];

/** Whether no action can have these facts together: such a find would be a false alarm. */
export function isImpossible(witness: Witness): boolean {
  const type = witness['action.type'];
  const [family, verb] = typeof type === 'string' ? type.split('.') : [];
  const kind = witness['action.kind'] ?? family;
  const operation = witness['action.operation'];
  if (family !== undefined && kind !== family) return true;
  if (operation !== undefined && OPERATIONS.some((known) => known === verb) && operation !== verb) return true;
  if (verb !== undefined && READING.includes(verb) && (witness['action.sideEffect'] ?? 'none') !== 'none') return true;
  if (witness['url.metadataService'] === true && witness['url.privateNetwork'] === false) return true;
  if (kind === 'http' && FILE_FLAGS.some((flag) => witness[flag] === true)) return true;
  return kind === 'file' && URL_FLAGS.some((flag) => witness[flag] === true);
}

/** The complete facts of a witness. */
export function toWitnessFacts(witness: Witness): Facts {
  const facts: Record<string, unknown> = { ...NEUTRAL_FACTS };
  for (const [name, value] of Object.entries(witness)) {
    const [group = '', field] = name.split('.');
    facts[group] = field === undefined ? value : Object.assign({}, facts[group], { [field]: value });
  }
  return facts as unknown as Facts;
}
