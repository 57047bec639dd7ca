import type { Entry } from './attributes.ts';
import { VOCABULARY } from './vocabulary.ts';

type ValuesOf<Group> = { readonly [Name in keyof Group]: Group[Name] extends Entry<infer Value> ? Value : never };

/**
 * Everything a condition may look at: one total record, always complete; the attributes are described in the vocabulary. Unknown is a
 * value, never an absent key. The caller cannot set derived facts; what the author declares is under `declared`.
 */
export type Facts = {
  readonly [Group in keyof typeof VOCABULARY]: (typeof VOCABULARY)[Group] extends Entry<infer Value>
    ? Value
    : ValuesOf<(typeof VOCABULARY)[Group]>;
};

/** The facts that are counted in the database. */
export type StateFacts = Pick<Facts, 'rate' | 'budget' | 'first'>;

function toNeutral(value: object): unknown {
  if ('neutral' in value) return value.neutral;
  return Object.fromEntries(Object.entries(value).map(([name, entry]: [string, object]) => [name, toNeutral(entry)]));
}

/** The facts of a harmless declared read: what an action does not have, has the value that stands here. */
export const NEUTRAL_FACTS = toNeutral(VOCABULARY) as Facts;
