import type { Text } from './text.ts';

export const MEASURES = ['count', 'total', 'average', 'min', 'max'] as const;
export type MeasureKind = (typeof MEASURES)[number];

export interface Measure {
  readonly kind: MeasureKind;
  /** Empty for `count`. */
  readonly column: string;
}

/** What a report shows: measures per group, or of all rows when there is no group. */
export interface Summary {
  readonly groups: readonly string[];
  readonly measures: readonly Measure[];
  /** By one of the measures, else by the group as text; without it by the group, ascending. */
  readonly order: { readonly measure: number | undefined; readonly descending: boolean } | undefined;
  readonly limit: number | undefined;
  readonly hasChart: boolean;
  /** Where in the sentence it begins. */
  readonly at: number;
  /** Words of a second grouping, which one table cannot show. */
  readonly unclear: readonly string[];
}

export const FUNCTIONS: readonly (readonly [MeasureKind, string])[] = [
  ['total', '(?:totals?|sums?(?:\\s+up)?|summing(?:\\s+up)?|adds?\\s+up|totall?ing)'],
  ['average', '(?:averages?|means?|avg|averaging)'],
  ['min', '(?:minimums?|min|lowest|smallest)'],
  ['max', '(?:maximums?|max|highest|largest|biggest)'],
];
export const FUNCTION = FUNCTIONS.map(([, source]) => source).join('|');
/** Words that no column of a measure begins or ends with. */
export const STOP =
  '(?:by|per|for|in|of|from|with|as|to|and|or|sorted|grouped|broken|ordered|each|every|into|across|then|on|over|where|whose|using|first|is|are|was|were|it|them|the|a|an|columns?|values?|split|together|along|plus|also|at|out|rows?)';
export const BOUNDARY = '(?=\\s*(?:[,.;:¦)]|$|(?:and|then|with|as|to|in|into|from|for|on)\\b))';

export function toColumn(text: Text, tokens: string): string {
  return tokens
    .split(/\s+/)
    .map((token) => text.value(token))
    .join(' ');
}
