import { ROWS, verbs } from './words.ts';
import type { Text } from './text.ts';

const GROUP = '(?:by|per|for\\s+each|for\\s+every|in\\s+each|grouped\\s+by)';

/** Whether the sentence asks for numbers about rows: "count rows by country", "average price per category". */
export function takeableMeasures(text: Text): boolean {
  const word = '[\\p{L}\\p{N}_‹›-]+';
  return (
    text.has(
      `\\b(?:totals?|sum|average|mean|avg|minimum|maximum|lowest|highest|counts?|number)\\s+(?:of\\s+)?(?:the\\s+)?(?:${word}\\s+){0,3}?${GROUP}\\s+(?!default)`,
    ) ||
    text.has(`\\b(?:${verbs('count')})\\s+(?:up\\s+)?(?:(?:the|all|how\\s+many|number|of)\\s+)*${ROWS}(?![\\w-])`) ||
    text.has(
      `\\b(?:${verbs('compute|calculate')})\\s+(?:the\\s+)?(?:totals?|sum|average|mean|minimum|maximum|lowest|highest|number)(?![\\w-])`,
    ) ||
    text.has(`\\bhow\\s+many\\s+`) ||
    text.has(`\\b${verbs('sum')}\\s+(?:up\\s+)?(?:the\\s+)?${word}`)
  );
}
