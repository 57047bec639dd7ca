import type { Entry } from './attributes.ts';
import { ACTION_VOCABULARY } from './vocabulary-action.ts';
import { CONTENT_VOCABULARY } from './vocabulary-content.ts';
import { STATE_VOCABULARY } from './vocabulary-state.ts';

/** Every fact, described once: facts, the condition language, `agentos://facts` and error suggestions are made from it. */
export const VOCABULARY = { ...ACTION_VOCABULARY, ...CONTENT_VOCABULARY, ...STATE_VOCABULARY } as const;

type AnyEntry = Entry<string> | Entry<boolean> | Entry<number> | Entry<readonly string[]>;

export type Attribute = AnyEntry & {
  /** As conditions name it, such as `file.path`. */
  readonly name: string;
};

function isEntry(value: object): value is AnyEntry {
  return 'description' in value && typeof value.description === 'string';
}

/** The vocabulary as a flat list, in its order. */
export const ATTRIBUTES: readonly Attribute[] = Object.entries(VOCABULARY).flatMap(
  ([group, value]: [string, object]): Attribute[] =>
    isEntry(value)
      ? [{ name: group, ...value }]
      : Object.entries(value as Record<string, AnyEntry>).map(([name, entry]) => ({
          name: `${group}.${name}`,
          ...entry,
        })),
);
