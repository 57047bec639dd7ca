import { QUOTED, WORD, type Text } from './text.ts';

// Words that begin a new clause; the second group may also be columns, so what follows them decides.
const STRONG =
  'drop|remove|delete|keep|rename|trim|strip|lowercase|uppercase|save|write|store|export|convert|summari[sz]e|deduplicate|dedupe|merge|combine|translate|calculate|compute|then|send|finally|drops|removes|keeps|renames|trims|saves|writes|sorts|converts|counts|sorting|saving|writing|removing|dropping|keeping|renaming|sorted|sort\\s+by|order\\s+by|group\\s+by|count\\s+by|limit\\s+to|report\\s+(?:to|on)|output\\s+to|put\\s+in|turn\\s+into|show\\s+only';
const WEAK =
  'sort|order|count|sum|total|average|avg|mean|minimum|maximum|lowest|highest|smallest|largest|report|limit|take|show|only|move|copy|make|put|turn|format|create|group|email|mail|post|output|add|draw|upload|list|change|replace|split|fill|round|give|get|mask|hash|number\\s+of|how\\s+many|produce|generate|top|upper|lower|validate|publish|print|notify|return';

/** Whether a new clause begins here, rather than one more name of a list. */
export function startsClause(text: Text, from: number): boolean {
  const follows = '\\s+(?!(?:and|or|then|to|as|in|into|from|by|is|are|for|per|with|columns?|fields?)\\b)[^\\s,.;:¦]';
  return text.matchAt(from, `\\s*(?:also\\s+|the\\s+)?(?:(?:${STRONG})(?![\\w-])|(?:${WEAK})${follows})`) !== undefined;
}

const NOT_A_NAME =
  '(?!(?:the|a|an|and|or|then|to|as|into|in|from|by|with|for|of|it|them|its|their|is|are|that|which|where|whose|also|only|all|each|every|per|this|these|columns?|fields?|rows?|first|so|before|after|but|on|at|using|if|when|without|not)(?![\\w-]))';
export const NAME = `(?:${QUOTED}|${NOT_A_NAME}${WORD})`;

export interface Names {
  readonly names: readonly string[];
  readonly connector: 'and' | 'or';
  readonly end: number;
}

/** Reads `a, b and c` from a place in the sentence; undefined when no name stands there. */
export function parseNames(text: Text, from: number): Names | undefined {
  const names: string[] = [];
  let end = from;
  let connector: Names['connector'] = 'and';
  let next: number | undefined = from;
  while (next !== undefined && (names.length === 0 || !startsClause(text, next))) {
    const item = parseName(text, next);
    if (item === undefined) break;
    names.push(item.name);
    end = item.end;
    const separator = text.matchAt(end, '\\s*,\\s*(?:(and|or)\\s+)?|\\s+(and|or)\\s+|\\s*&\\s*');
    if ((separator?.[1] ?? separator?.[2])?.toLowerCase() === 'or') connector = 'or';
    next = separator === undefined ? undefined : end + separator[0].length;
  }
  return names.length === 0 ? undefined : { names, connector, end };
}

/** What may stand behind a name; anything else means that the name was not read to its end. */
export const ENDS_NAME =
  '\\s*(?:[,.;:¦)&]|$)|\\s+(?:and|or|from|in|of|to|as|by|columns?|fields?|values?|then|with|for|on|into|per|where|so|before|after|at|but|is|are|using|if|that|which|when|lower|upper|all|only|keeping|grouped|sorted|split)(?![\\w-])';

/** One name; several words only up to where a name must end. */
export function parseName(text: Text, from: number): { name: string; end: number } | undefined {
  const lead = text.matchAt(
    from,
    `\\s*(?:(?:the|an?|its|both)\\s+)?(?:(?:empty|missing|blank)\\s+(?=${NAME}))?(?:(?:columns?|fields?)\\s+)?`,
  );
  let end = from + (lead?.[0].length ?? 0);
  const words: string[] = [];
  while (words.length < 3) {
    const word = text.matchAt(end, `${words.length === 0 ? '' : '\\s+'}(${NAME})`);
    if (word?.[1] === undefined || (words.length > 0 && startsClause(text, end))) break;
    words.push(text.value(word[1]));
    end += word[0].length;
    if (text.matchAt(end, ENDS_NAME) !== undefined || startsClause(text, end)) {
      const noun = text.matchAt(end, '\\s+(?:column|field)(?![\\w-])');
      return { name: words.join(' '), end: end + (noun?.[0].length ?? 0) };
    }
  }
  return undefined;
}
