import { startsClause } from './names.ts';
import { QUOTED, WORD, type Text } from './text.ts';

export const COMPARISONS = [
  '=',
  '!=',
  '>',
  '>=',
  '<',
  '<=',
  'contains',
  'lacks',
  'starts',
  'ends',
  'empty',
  'filled',
] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** What a row must fulfil. A number is compared as a number; a text exactly, or without case by `contains`. */
export type Condition =
  | {
      readonly kind: 'compare';
      readonly column: string;
      readonly comparison: Comparison;
      readonly value: string | number;
    }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | { readonly kind: 'blank' };

const BE = "(?:is|are|was|were|be|has been|have been|'s)";
const NOT_BE = "(?:isn't|aren't|is\\s+not|are\\s+not|was\\s+not|not)";
const MORE = '(?:greater|more|larger|bigger|higher|later|older)';
const LESS = '(?:less|smaller|lower|fewer|earlier|younger)';
// The longer wording stands before the shorter one that begins it.
const OPERATORS: readonly (readonly [Comparison, string])[] = [
  [
    'filled',
    `(?:${NOT_BE}\\s+(?:empty|blank|missing|absent|null)|${BE}\\s+(?:set|present|filled(?:\\s+in)?|given)|exists|(?:has|have)\\s+a\\s+value)`,
  ],
  ['empty', `(?:${BE}\\s+(?:empty|blank|missing|absent|null|not\\s+set)|(?:has|have)\\s+no\\s+value)`],
  [
    '>=',
    `(?:${BE}\\s+)?(?:at\\s+least|no\\s+less\\s+than|not\\s+(?:less|lower|smaller)\\s+than|not\\s+(?:below|under)|${MORE}\\s+than\\s+or\\s+equal\\s+to|on\\s+or\\s+after|since|>=|≥)`,
  ],
  [
    '<=',
    `(?:${BE}\\s+)?(?:at\\s+most|no\\s+more\\s+than|not\\s+(?:more|higher|larger|greater)\\s+than|not\\s+(?:above|over)|${LESS}\\s+than\\s+or\\s+equal\\s+to|on\\s+or\\s+before|up\\s+to|<=|≤)`,
  ],
  [
    '!=',
    `(?:${NOT_BE}\\s+equal\\s+to|(?:does\\s+not|doesn't)\\s+equal|${BE}\\s+(?:different\\s+from|other\\s+than)|differs\\s+from|!=|<>)`,
  ],
  ['>', `(?:${BE}\\s+)?(?:${MORE}\\s+than|over|above|after|exceeds|exceeding|>)`],
  ['<', `(?:${BE}\\s+)?(?:${LESS}\\s+than|below|under|before|<)`],
  ['lacks', "(?:does\\s+not|doesn't|do\\s+not|don't)\\s+(?:contain|include)|not\\s+containing"],
  ['contains', '(?:contains?|containing|includes?|including)'],
  ['starts', '(?:starts?|begins?|starting|beginning)\\s+with'],
  ['ends', '(?:ends?|ending)\\s+(?:with|in)'],
  ['!=', NOT_BE],
  ['=', `(?:${BE}\\s+(?:equal\\s+to|exactly)|equals?|equal\\s+to|==?|${BE})`],
];
const NOT_IN_COLUMN = '(?!(?:and|or|then|where|the|is|are|not|to|of|in)\\b)';
const COLUMN = `(?:(?:the|its|their|an?)\\s+)?(?:(?:column|field)\\s+)?(${QUOTED}|${NOT_IN_COLUMN}${WORD}(?:\\s+${NOT_IN_COLUMN}${WORD}){0,2}?)(?:\\s+(?:column|field|value))?`;
const STOP =
  'and|or|then|but|as|to|into|from|with|sorted|ordered|sort|order|by|for|per|save|write|in|on|using|keep|so|before|after|also|drop|remove|rename|where|having|together|along';
const UNITS =
  '(?:\\s*(?:dollars?|euros?|pounds?|usd|eur|gbp|percent|%|€|£|years?(?:\\s+old)?|points?|units?|pieces?))?';
const NUMERIC = `(?:[$€£]\\s*)?(-?\\d+(?:\\.\\d+)?)(?![\\p{L}\\p{N}_.:-]*[\\p{L}\\p{N}_])${UNITS}`;
const PLAIN = `(?:[#+.@]?${WORD})(?:\\s+(?!(?:${STOP})\\b)[#+.@]?${WORD}){0,3}`;
const OR_MORE = '(?:\\s+or\\s+(more|above|higher|over|less|below|lower|under))?';

export interface Parsed {
  readonly condition: Condition;
  /** Where in the sentence it ends. */
  readonly end: number;
}

interface Step extends Parsed {
  readonly previous: Previous;
  /** A further value for the comparison before it. */
  readonly isShared?: boolean;
}

/** Reads `country is DE and amount is over 100` from a place in the sentence; undefined when no condition stands there. */
export function parseCondition(text: Text, from: number): Parsed | undefined {
  const first = parseComparison(text, from, undefined);
  if (first === undefined) return undefined;
  const alternatives: Condition[][] = [[first.condition]];
  let { end, previous } = first;
  for (;;) {
    const join = match(
      text,
      end,
      '\\s*(?:,\\s*)?(?:\\b(and|or|but)\\b)?(?:\\s+(?:also|if|where|whose|with|that))?\\s*',
    );
    const word = join?.[1]?.toLowerCase();
    if (join === undefined || (word === undefined && !join[0].includes(','))) break;
    const next = parseComparison(text, end + join[0].length, word === undefined ? undefined : previous);
    if (next === undefined || (next.isShared && previous.comparison === '=' && word !== 'or')) break;
    const parts = alternatives.at(-1) ?? [];
    // "is DE or FR" is one thought, and binds closer than "and"; "is not DE or FR" means neither.
    if (next.isShared)
      parts.push((NEGATIVE.includes(next.previous.comparison) ? all : any)([...parts.splice(-1), next.condition]));
    else if (word === 'or') alternatives.push([next.condition]);
    else parts.push(next.condition);
    ({ end, previous } = next);
  }
  return { condition: any(alternatives.map((parts) => all(parts))), end };
}

export function all(parts: readonly Condition[]): Condition {
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'and', parts };
}

export function any(parts: readonly Condition[]): Condition {
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'or', parts };
}

const NEGATIVE: readonly Comparison[] = ['!=', 'lacks'];

interface Previous {
  readonly column: string;
  readonly comparison: Comparison;
}

function parseComparison(text: Text, from: number, previous: Previous | undefined): Step | undefined {
  const start = from + (match(text, from, '[\\s¦]*')?.[0].length ?? 0);
  const bare = previous === undefined ? undefined : parseOperator(text, start, previous.column);
  if (bare !== undefined) return bare;
  const column = findColumn(text, start);
  const whole = column === undefined ? undefined : parseOperator(text, column.end, column.name);
  if (whole !== undefined) return whole;
  // "country is DE or FR": the same comparison with another value.
  if (previous === undefined || !['=', '!=', 'contains', 'starts', 'ends'].includes(previous.comparison))
    return undefined;
  if (startsClause(text, start)) return undefined;
  const shared = parseValue(text, start, previous.column, previous.comparison);
  return shared === undefined ? undefined : { ...shared, isShared: true };
}

function findColumn(text: Text, from: number): { name: string; end: number } | undefined {
  const operators = OPERATORS.map(([, source]) => source).join('|');
  const found = match(text, from, `${COLUMN}(?=\\s*(?:[<>=!≥≤]|\\s(?:${operators})(?!\\w)))`);
  if (found?.[1] === undefined) return undefined;
  return { name: text.value(found[1]), end: from + found[0].length };
}

function parseOperator(text: Text, from: number, column: string): Step | undefined {
  const between = match(text, from, `\\s*(?:${BE}\\s+)?between\\s+(-?[\\d.]+)\\s+and\\s+(-?[\\d.]+)(?![\\w-])`);
  if (between !== undefined) return toRange(column, Number(between[1]), Number(between[2]), from + between[0].length);
  for (const [comparison, source] of OPERATORS) {
    const found =
      match(text, from, `\\s*(?:${source})(?![\\w])\\s*`) ?? match(text, from, `\\s*(?:${source})(?<=[<>=≥≤])\\s*`);
    if (found === undefined) continue;
    const end = from + found[0].length;
    if (comparison === 'empty' || comparison === 'filled') {
      const condition: Condition = { kind: 'compare', column, comparison, value: '' };
      return { condition, end, previous: { column, comparison } };
    }
    return parseValue(text, end, column, comparison);
  }
  return undefined;
}

function toRange(column: string, low: number, high: number, end: number): Step {
  const bound = (comparison: Comparison, value: number): Condition => ({ kind: 'compare', column, comparison, value });
  return { condition: all([bound('>=', low), bound('<=', high)]), end, previous: { column, comparison: '>=' } };
}

function parseValue(text: Text, from: number, column: string, asked: Comparison): Step | undefined {
  const isOrdering = ['>', '>=', '<', '<='].includes(asked);
  const number = match(text, from, `(?:exactly\\s+)?${NUMERIC}${OR_MORE}`);
  if (number?.[1] !== undefined) {
    const comparison = number[2] === undefined ? asked : /more|above|higher|over/i.test(number[2]) ? '>=' : '<=';
    const isText = ['contains', 'lacks', 'starts', 'ends'].includes(asked);
    const value = isText ? number[1] : Number(number[1]);
    return toParsed(column, comparison, value, from + number[0].length);
  }
  const quoted = match(text, from, `(?:the\\s+(?:word|text|value)\\s+)?(${QUOTED})`);
  if (quoted?.[1] !== undefined) {
    const value = text.value(quoted[1]);
    return isOrdering && !isDate(value) ? undefined : toParsed(column, asked, value, from + quoted[0].length);
  }
  const plain = match(
    text,
    from,
    `(?:the\\s+(?:word|text|value)\\s+|either\\s+|one of\\s+)?((?!(?:${STOP})\\b)${PLAIN})`,
  );
  if (plain?.[1] === undefined || (isOrdering && !isDate(plain[1]))) return undefined;
  return toParsed(column, asked, plain[1].trim(), from + plain[0].length);
}

function toParsed(column: string, comparison: Comparison, value: string | number, end: number): Step {
  return { condition: { kind: 'compare', column, comparison, value }, end, previous: { column, comparison } };
}

/** Dates as `2024-01-31` sort as text, so they may be compared. */
function isDate(value: string): boolean {
  return /^\d{4}-\d{2}(?:-\d{2})?$/.test(value);
}

function match(text: Text, from: number, source: string): RegExpExecArray | undefined {
  return text.matchAt(from, source);
}
