import type { Text } from './text.ts';
import { EXTENSION_OF, FOREIGN, READABLE, WRITABLE, verbs } from './words.ts';

/** A format that the sentence asks for or says that something has. */
export interface FormatWord {
  /** As `data.format` or `data.parse` calls it, or the word itself when neither knows it. */
  readonly format: string;
  readonly role: 'input' | 'output';
  readonly at: number;
}

const WORDS = [
  ...new Set([
    ...Object.keys(READABLE),
    ...Object.keys(WRITABLE),
    ...FOREIGN,
    'json lines',
    'comma separated',
    'google sheets?',
    'plain text',
    'txt',
  ]),
]
  .sort((a, b) => b.length - a.length)
  .map((word) => word.replace(' ', '[\\s-]+'))
  .join('|');
const KIND =
  '(?:\\s+(?:file|format|table|page|report|summary|document|array|list|data|output|version|lines|string|spreadsheet|workbook)(?![\\w-]))?';

/** Takes "as json", "an html report", "from csv to json" out of the sentence. */
export function takeFormats(text: Text): FormatWord[] {
  const formats: FormatWord[] = [];
  const add = (found: RegExpExecArray, word: string | undefined, role: FormatWord['role']): void => {
    if (word !== undefined) formats.push({ format: toFormat(word), role, at: found.index });
  };
  for (const found of text.takeAll(
    `(?:\\bfrom\\s+)?(?<![\\w.])\\b(${WORDS})(?:\\s+files?)?\\s+(?:in)?to\\s+(?:an?\\s+)?(${WORDS})(?![\\w-])${KIND}`,
  )) {
    add(found, found[1], 'input');
    add(found, found[2], 'output');
  }
  const made = `${verbs('write|create|make|produce|generate|build|prepare|save|give|want|output|return|export|send')}(?:\\s+(?:me|us|out|it|them|the\\s+\\w+))?`;
  const forms = [
    `\\b(?:as|to|into|in|using)\\s+(?:an?\\s+|one\\s+|the\\s+|some\\s+|valid\\s+|pretty\\s+|a\\s+single\\s+)*(${WORDS})(?![\\w-])(?!\\s+files\\b)${KIND}`,
    `\\b(?:${made}\\s+)?(?:an?|one)\\s+(?:[\\p{L}-]+\\s+){0,2}?(${WORDS})\\s+(?:file|report|summary|table|page|document|list|output|version|overview|chart)(?![\\w-])`,
    `\\b(${WORDS})\\s+(?:report|summary|output|page|overview)(?![\\w-])`,
    `\\b(?:output\\s+format|format)\\s*(?::|=|is|should\\s+be)?\\s+(${WORDS})(?![\\w-])`,
  ];
  for (const form of forms) for (const found of text.takeAll(form)) add(found, found[1], 'output');
  return formats;
}

function toFormat(word: string): string {
  const lower = word.toLowerCase().replace(/[\s-]+/g, ' ');
  if (lower === 'json lines') return 'jsonl';
  if (lower === 'comma separated') return 'csv';
  return WRITABLE[lower] ?? READABLE[lower] ?? lower;
}

export function isWritable(format: string): boolean {
  return format in EXTENSION_OF;
}
