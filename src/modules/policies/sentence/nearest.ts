import { suggest } from '../../../platform/errors/index.ts';
import { CLASS_NAMES } from './words-data.ts';
import { KIND, OP } from './words-actions.ts';

const EFFECTS = ['block', 'deny', 'require approval for', 'redact', 'mask', 'log', 'limit', 'only allow'];

/** Words that the grammar knows, nearest to those that were written; without any, one for each place in a sentence. */
export function nearest(text: string): string[] {
  const kinds = Object.values(KIND).map((each) => each.text);
  const ops = Object.values(OP).map((each) => each.text);
  const known = [...EFFECTS, ...ops, ...kinds, ...CLASS_NAMES];
  const words = (text.toLowerCase().match(/\p{L}[\p{L}-]{3,}/gu) ?? []).slice(0, 40);
  const near = [...new Set(words.flatMap((word) => suggest(word, known).slice(0, 1)))];
  return near.length > 0 ? near.slice(0, 8) : [...EFFECTS, ...kinds.slice(0, 6), ...CLASS_NAMES.slice(0, 4)];
}
