import type { DataClass } from '../../kernel/policy/data-classes.ts';
import { classifyName } from './field-names.ts';
import { valueConfidence } from './field-values.ts';
import type { Span } from './model.ts';

const MAX_NAME = 48;
const MAX_VALUE = 256;
const NAME = /[A-Za-z\d_.\-\u00c0-\u024f]/;

interface Name {
  readonly text: string;
  readonly isQuoted: boolean;
}

/** The name ahead of a `:` or `=`: in quotes, one word, or the words from the start of the line. */
function nameBefore(text: string, sign: number): Name | undefined {
  let end = sign;
  while (end > 0 && text.charAt(end - 1) === ' ' && sign - end < 2) end--;
  const quote = text.charAt(end - 1);
  if (quote === '"' || quote === "'" || quote === '`') {
    end--;
    if (text.charAt(end - 1) === '\\') end--;
    let from = end - 1;
    while (from >= 0 && end - from <= MAX_NAME && text.charAt(from) !== quote && text.charAt(from) !== '\n') from--;
    return text.charAt(from) === quote ? { text: text.slice(from + 1, end), isQuoted: true } : undefined;
  }
  let start = end;
  while (start > 0 && end - start < MAX_NAME && NAME.test(text.charAt(start - 1))) start--;
  return start === end ? undefined : { text: text.slice(start, end), isQuoted: false };
}

/** `Date of birth: …` at the start of a line or behind a comma. */
function phraseBefore(text: string, sign: number): string | undefined {
  let start = sign;
  while (start > 0 && sign - start < MAX_NAME && /[A-Za-z\d_ -]/.test(text.charAt(start - 1))) start--;
  const phrase = text.slice(start, sign).trim();
  return phrase.includes(' ') ? phrase : undefined;
}

function valueAfter(text: string, sign: number): { start: number; end: number } {
  let start = sign + 1;
  while (start < text.length && start - sign < 5 && /[ =>]/.test(text.charAt(start))) start++;
  if (text.charAt(start) === '\\') start++;
  const quote = text.charAt(start);
  const isQuoted = quote === '"' || quote === "'" || quote === '`';
  if (isQuoted) start++;
  let end = start;
  while (end < text.length && end - start < MAX_VALUE) {
    const char = text.charAt(end);
    if (isQuoted ? char === quote || char === '\n' : /[,;&|\n\r\t{}[\]"']/.test(char)) break;
    end++;
  }
  while (end > start && /[\s\\]/.test(text.charAt(end - 1))) end--;
  return { start, end };
}

function classAt(text: string, sign: number): { class: DataClass; isQuoted: boolean } | undefined {
  const name = nameBefore(text, sign);
  if (name === undefined) return undefined;
  const phrase = name.isQuoted ? undefined : phraseBefore(text, sign);
  const dataClass = (phrase === undefined ? undefined : classifyName(phrase)) ?? classifyName(name.text);
  return dataClass === undefined ? undefined : { class: dataClass, isQuoted: name.isQuoted };
}

/** Values behind names that say what they are: JSON, YAML, settings, forms, queries and labels in prose. */
export function findPairs(text: string): Span[] {
  const spans: Span[] = [];
  for (let sign = 1; sign < text.length; sign++) {
    const code = text.charCodeAt(sign);
    if (code !== 58 && code !== 61) continue;
    const found = classAt(text, sign);
    if (found === undefined) continue;
    const { start, end } = valueAfter(text, sign);
    const confidence = valueConfidence(found.class, text.slice(start, end), found.isQuoted);
    if (confidence !== undefined) spans.push({ start, end, class: found.class, kind: 'field', confidence });
  }
  return spans;
}
