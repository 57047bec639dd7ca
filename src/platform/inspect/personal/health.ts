import type { DataClass } from '../../../kernel/policy/data-classes.ts';
import type { Confidence, Span } from '../model.ts';
import type { Topic } from './lexicon.ts';
import { PATTERNS } from './patterns.ts';
import { findNear, isNear, type Range, type Reading } from './reading.ts';
import { after, matchesIn, spanOf } from './span.ts';

const NEAR = 90;

/** The word of a topic in the same sentence. */
function inSentence(reading: Reading, topics: readonly Topic[], range: Range): Range | undefined {
  const word = findNear(reading, topics, range, NEAR, NEAR);
  if (word === undefined) return undefined;
  const between = reading.text.slice(Math.min(word.end, range.end), Math.max(word.start, range.start));
  return /[.!?]\s|\n\n/.test(between) ? undefined : word;
}

/** Numbers of records and plans, and codes of diagnoses. */
function findHealthNumbers(reading: Reading): Span[] {
  const records = (reading.words.get('mrn') ?? []).flatMap((word) => {
    const range = after(reading, word, PATTERNS.recordNumber);
    return range === undefined ? [] : [spanOf(range, 'health', 'medical_record', 'high')];
  });
  const codes = (reading.words.get('icd') ?? []).flatMap((word) => {
    const range = after(reading, word, PATTERNS.icdCode);
    return range === undefined ? [] : [spanOf(range, 'health', 'icd_10', 'high')];
  });
  return [...records, ...codes];
}

/** A condition or medicine of a person: certain when the sentence also treats somebody, nothing when it speaks of many. */
function conditionConfidence(reading: Reading, word: Range): Confidence | undefined {
  if (inSentence(reading, ['population'], word) !== undefined) return undefined;
  const person = inSentence(reading, ['patient'], word) ?? inSentence(reading, ['person'], word);
  if (person === undefined) return undefined;
  return inSentence(reading, ['clinical'], word) === undefined ? 'low' : 'high';
}

function findConditions(reading: Reading): Span[] {
  const words = [...(reading.words.get('condition') ?? []), ...(reading.words.get('medication') ?? [])];
  return words.flatMap((word) => {
    const confidence = conditionConfidence(reading, word);
    return confidence === undefined ? [] : [spanOf(word, 'health', 'condition', confidence)];
  });
}

export function findHealth(reading: Reading): Span[] {
  return [...findHealthNumbers(reading), ...findConditions(reading)];
}

/** Data goes on until a blank, or what closes a list. */
function endOfData(text: string, from: number): number {
  let end = from;
  while (end < text.length && /[\w+/=.,-]/.test(text.charAt(end))) end++;
  return end;
}

export function findBiometric(reading: Reading): Span[] {
  return (reading.words.get('biometric') ?? []).flatMap((word) => {
    const data = after(reading, word, PATTERNS.vector);
    if (data !== undefined)
      return [spanOf({ start: word.start, end: endOfData(reading.text, data.end) }, 'biometric', 'biometric', 'high')];
    return inSentence(reading, ['person', 'you'], word) === undefined
      ? []
      : [spanOf(word, 'biometric', 'biometric', 'low')];
  });
}

export function findGenetic(reading: Reading): Span[] {
  const { text } = reading;
  const whole = { start: 0, end: text.length };
  const spans: Span[] = [];
  if (reading.tokens.length > 0 && text.includes('rs')) {
    for (const match of matchesIn(reading, whole, PATTERNS.variant))
      spans.push(spanOf(match, 'genetic', 'genotype', 'high'));
  }
  for (const word of reading.words.get('gene_mark') ?? []) {
    const isPersonal =
      inSentence(reading, ['person', 'patient'], word) !== undefined &&
      inSentence(reading, ['population'], word) === undefined;
    if (isPersonal)
      spans.push(
        spanOf(word, 'genetic', 'gene', inSentence(reading, ['clinical'], word) === undefined ? 'low' : 'high'),
      );
  }
  if (reading.words.has('genetic') && isNear(reading, ['person', 'patient'], whole, 0)) {
    for (const match of matchesIn(reading, whole, PATTERNS.sequence))
      spans.push(spanOf(match, 'genetic', 'sequence', 'low'));
  }
  return spans;
}

const BELIEFS: readonly Topic[] = ['belief', 'union', 'orientation', 'politics', 'ethnicity'];

/** What somebody believes, belongs to or is: free text never makes it certain. */
export function findSpecial(reading: Reading): Span[] {
  const dataClass: DataClass = 'special_category';
  return BELIEFS.flatMap((topic) =>
    (reading.words.get(topic) ?? []).flatMap((word) => {
      const isPersonal =
        inSentence(reading, ['person'], word) !== undefined && inSentence(reading, ['population'], word) === undefined;
      return isPersonal ? [spanOf(word, dataClass, topic, 'low')] : [];
    }),
  );
}
