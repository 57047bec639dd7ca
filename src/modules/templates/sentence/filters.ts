import { all, any, parseCondition, type Condition } from './condition.ts';
import { parseNames } from './names.ts';
import type { Text } from './text.ts';
import { ROWS, THE, verbs } from './words.ts';

const DROP = `(?:${verbs('drop|remove|delete|exclude|skip|ignore|discard|omit|reject|eliminate')}|(?:leav(?:e|es|ing)|filter(?:s|ed|ing)?|throw(?:s|ing)?|tak(?:e|es|ing))\\s+(?:out|away)|except(?:\\s+for)?|excluding|get(?:ting)?\\s+rid\\s+of|but\\s+not)`;
const KEEP = `(?:${verbs('keep|retain|select|include|filter|take|leave|want|show|use|pick|choose|consider|count')}|only|just|for|of)`;
/** Verbs that need nothing but the condition. */
const VERBS = `(?:${verbs('keep|retain|select|include|filter|take|leave|pick|choose')}(?:\\s+only)?|only)`;
const WHERE = '(?:where|whose|for\\s+which|in\\s+which|having|with|that\\s+have|which\\s+have|if|when|wherever)';
const EMPTY =
  '(?:without(?:\\s+any)?|with\\s+no|lacking|missing|that\\s+have\\s+no|which\\s+have\\s+no|having\\s+no|that\\s+lack|(?:with|having|that\\s+have|whose|where)\\s+(?:an?\\s+|the\\s+)?(?:empty|missing|blank|null)(?:\\s+values?\\s+(?:in|for))?)';
const FILLED = '(?:with|that\\s+have|which\\s+have|having)\\s+(?:an?|some|a\\s+value\\s+(?:in|for)|a\\s+non-?empty)';

interface Found {
  readonly condition: Condition;
  readonly from: number;
  readonly end: number;
}

/** Takes every "rows where ..." out of the sentence, as conditions that a row must fulfil to stay. */
export function readFilters(text: Text): Condition[] {
  const filters: Condition[] = [];
  if (
    text.take(
      `\\b${DROP}\\s+${THE}(?:(?:completely|fully|entirely)\\s+)?(?:empty|blank)\\s+(?:rows?|lines?|records?|entries)(?![\\w-])`,
    )
  ) {
    filters.push({ kind: 'not', part: { kind: 'blank' } });
  }
  let last: { isDrop: boolean; end: number } | undefined;
  for (;;) {
    const found = findEmpty(text) ?? findWhere(text) ?? findFilled(text) ?? findFilter(text);
    if (found === undefined) return filters;
    const { isDrop, from } = readPolarity(text, found.from, last);
    const { condition } = found;
    filters.push(isDrop ? { kind: 'not', part: condition } : condition);
    text.cut(from, found.end);
    last = { isDrop, end: found.end };
  }
}

function findEmpty(text: Text): Found | undefined {
  return findNames(text, `(?<=\\b(?:${ROWS}|anything|everything|those|all)\\s+)${EMPTY}\\s+`, 'empty');
}

function findFilled(text: Text): Found | undefined {
  return findNames(text, `(?<=\\b${ROWS}\\s+)${FILLED}\\s+`, 'filled');
}

function findNames(text: Text, phrase: string, comparison: 'empty' | 'filled'): Found | undefined {
  for (const intro of text.rest.matchAll(new RegExp(phrase, 'giu'))) {
    const list = parseNames(text, intro.index + intro[0].length);
    if (list === undefined || /^(?:duplicates?|empty|valid|invalid|header|headers)$/i.test(list.names[0] ?? ''))
      continue;
    const conditions = list.names.map((column): Condition => ({ kind: 'compare', column, comparison, value: '' }));
    const tail = text.matchAt(
      list.end,
      '(?:\\s+(?:columns?|fields?|values?|address))?(?=\\s*(?:[,.;:¦)]|$|and\\b|or\\b|then\\b|sort|from\\b|in\\b|by\\b|to\\b|per\\b|as\\b|with\\b|before\\b))',
    );
    if (tail === undefined) continue;
    return {
      condition: list.connector === 'or' ? any(conditions) : all(conditions),
      from: intro.index,
      end: list.end + tail[0].length,
    };
  }
  return undefined;
}

function findWhere(text: Text): Found | undefined {
  return findCondition(text, `(?<![\\w-])${WHERE}\\s+(?:¦\\s*)?(?:the\\s+(?:value\\s+(?:of|in)\\s+)?)?`);
}

function findFilter(text: Text): Found | undefined {
  return findCondition(text, `\\b(?:${verbs('filter')}|keep\\s+only|only\\s+keep)\\s+(?:it\\s+)?(?:by|on|for|to)?\\s*`);
}

function findCondition(text: Text, phrase: string): Found | undefined {
  for (const intro of text.rest.matchAll(new RegExp(phrase, 'giu'))) {
    const parsed = parseCondition(text, intro.index + intro[0].length);
    if (parsed !== undefined) return { condition: parsed.condition, from: intro.index, end: parsed.end };
  }
  return undefined;
}

/** Whether rows that match stay or go, by the nearest verb before; "and rows without x" goes on as before. */
function readPolarity(
  text: Text,
  at: number,
  last: { isDrop: boolean; end: number } | undefined,
): { isDrop: boolean; from: number } {
  const before = text.rest.slice(0, at);
  if (
    last !== undefined &&
    at >= last.end &&
    new RegExp(`^[\\s¦,]*(?:and|or|also|as well as)?\\s*(?:also\\s+)?${THE}(?:${ROWS})?\\s*$`, 'iu').test(
      before.slice(last.end),
    )
  ) {
    return { isDrop: last.isDrop, from: last.end };
  }
  const near = new RegExp(
    `(?<![\\w-])(?:only\\s+)?(?:(${DROP})|${VERBS})(?:[\\s¦,]+(?:to|from|of|in|out|on|it|file|data|the|all|any|every|each|only|those|these|just|my|our|other|remaining|${ROWS}))*[\\s¦]*$`,
    'iu',
  ).exec(before);
  if (near !== null) return { isDrop: near[1] !== undefined, from: near.index };
  const clause = before.split(/[¦;]|\.\s/).at(-1) ?? '';
  const [drop, keep] = [DROP, KEEP].map((source) =>
    [...clause.matchAll(new RegExp(`\\b${source}(?![\\w-])`, 'giu'))].at(-1),
  );
  return { isDrop: drop !== undefined && drop.index >= (keep?.index ?? -1), from: at };
}
