import { isKnown } from './marks.ts';

const MAX_FIELDS = 64;
const MAX_LENGTH = 1000;
const INNERMOST = /\{[^{},]*,[^{}]*\}/;

/** `{a,b}` multiplied out, innermost first. */
export function expandBraces(word: string): string[] {
  if (word.length > MAX_LENGTH || !isKnown(word)) return [word];
  let words = [word];
  for (;;) {
    const next = words.flatMap((one) => {
      const match = INNERMOST.exec(one);
      if (!match) return [one];
      const [group] = match;
      const after = one.slice(match.index + group.length);
      const choices = group.slice(1, -1).split(',');
      return choices.map((choice) => one.slice(0, match.index) + choice + after);
    });
    // Each group at least doubles them, so that this ends.
    if (next.length === words.length || next.length > MAX_FIELDS) return words;
    words = next;
  }
}
