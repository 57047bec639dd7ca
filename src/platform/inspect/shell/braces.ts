import { isKnown } from './marks.ts';

const MAX_FIELDS = 64;
const MAX_LENGTH = 1000;

/** `{a,b}` multiplied out, innermost first. */
export function expandBraces(word: string): string[] {
  if (word.length > MAX_LENGTH) return [word];
  let words = [word];
  for (let round = 0; round < 6; round += 1) {
    const next = words.flatMap((one) => {
      const match = isKnown(one)
        ? [...one.matchAll(/\{([^{}]+)\}/g)].find(([group]) => group.includes(','))
        : undefined;
      if (!match) return [one];
      const before = one.slice(0, match.index);
      const after = one.slice(match.index + match[0].length);
      return (match[1] ?? '').split(',').map((choice) => before + choice + after);
    });
    if (next.length === words.length || next.length > MAX_FIELDS) return words;
    words = next;
  }
  return words;
}
