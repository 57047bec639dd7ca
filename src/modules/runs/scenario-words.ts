const MAX_WORD = 300;

export const URL_WORD = /^https?:\/\/\S+$/i;
export const EMAIL_WORD = /^[^\s@]+@[^\s@]+\.[a-z]{2,}$/i;

/** Words without the punctuation around them; what is in quotes is one word, marked by them. */
export function toWords(clause: string): string[] {
  const words = clause.match(/"[^"]+"|'[^']+'|`[^`]+`|\S+/g) ?? [];
  return words
    .map((word) => (/^["'`].+["'`]$/.test(word) ? word : word.replace(/^[("']+|[)"',:.!?]+$/g, '')))
    .filter((word) => word.length <= MAX_WORD);
}

export function findWord(clause: string, pattern: RegExp): string | undefined {
  return toWords(clause).find((word) => pattern.test(word));
}

/** `5000`, `5,000`, `5k`; undefined without a number. */
export function findCount(clause: string, unit: RegExp): number | undefined {
  const words = toWords(clause);
  for (const [index, word] of words.entries()) {
    const [, digits, kilo] = /^(\d{1,3}(?:[,.']\d{3})+|\d{1,9})(k)?$/i.exec(word) ?? [];
    const isCounted = words.slice(index + 1, index + 4).some((next) => unit.test(next));
    if (digits !== undefined && isCounted) return Number(digits.replace(/\D/g, '')) * (kilo === undefined ? 1 : 1_000);
  }
  return undefined;
}
