import type { DataClass } from '../../../kernel/policy/data-classes.ts';
import type { Confidence, Span } from '../model.ts';
import type { Range, Reading } from './reading.ts';

const AROUND = 4;

export function spanOf(range: Range, dataClass: DataClass, kind: string, confidence: Confidence): Span {
  return { start: range.start, end: range.end, class: dataClass, kind, confidence };
}

/** Where the first group of a pattern lies in the text behind a word, looking at no more than 80 characters. */
export function after(reading: Reading, word: Range, pattern: RegExp): Range | undefined {
  return groupIn(reading.text.slice(word.end, word.end + 80), pattern, word.end);
}

export function before(reading: Reading, word: Range, pattern: RegExp, length = 80): Range | undefined {
  const from = Math.max(0, word.start - length);
  return groupIn(reading.text.slice(from, word.start), pattern, from);
}

function groupIn(slice: string, pattern: RegExp, offset: number): Range | undefined {
  const match = pattern.exec(slice);
  if (match === null) return undefined;
  const group = match[1] ?? match[0];
  const start = offset + match.index + match[0].indexOf(group);
  return { start, end: start + group.length };
}

/** Every match of a global pattern between two offsets; look-arounds see four characters more. */
export function matchesIn(reading: Reading, range: Range, pattern: RegExp): (Range & { readonly text: string })[] {
  const from = Math.max(0, range.start - AROUND);
  const slice = reading.text.slice(from, range.end + AROUND);
  const found: (Range & { readonly text: string })[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(slice); match !== null; match = pattern.exec(slice)) {
    const start = from + match.index;
    found.push({ start, end: start + match[0].length, text: match[0] });
  }
  return found;
}
