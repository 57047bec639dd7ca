/** A literal text to be found, and what is done where it stands. */
export interface Anchor<T> {
  readonly text: string;
  readonly anyCase: boolean;
  readonly targets: readonly T[];
}

/** Anchors by their first two characters, so that one pass over a text finds all of them. */
export class AnchorIndex<T> {
  private readonly byPair: (Anchor<T>[] | undefined)[] = [];

  add(text: string, anyCase: boolean, target: T): void {
    const [first = '', second = ''] = text;
    for (const one of spellings(first, anyCase)) {
      for (const two of spellings(second, anyCase)) {
        const pair = one.charCodeAt(0) * 128 + two.charCodeAt(0);
        const known = (this.byPair[pair] ??= []);
        const at = known.findIndex((anchor) => anchor.text === text && anchor.anyCase === anyCase);
        const targets = [...(known[at]?.targets ?? []), target];
        known.splice(at < 0 ? known.length : at, at < 0 ? 0 : 1, { text, anyCase, targets });
      }
    }
  }

  /** Anchors that may begin with these two characters. */
  at(first: number, second: number): readonly Anchor<T>[] | undefined {
    return first < 128 && second < 128 ? this.byPair[first * 128 + second] : undefined;
  }
}

function spellings(char: string, anyCase: boolean): readonly string[] {
  return anyCase && char.toLowerCase() !== char.toUpperCase() ? [char.toLowerCase(), char.toUpperCase()] : [char];
}

/** Anchors in any case are given in small letters. */
export function standsAt({ text: anchor, anyCase }: Anchor<unknown>, text: string, at: number): boolean {
  if (!anyCase) return text.startsWith(anchor, at);
  for (let i = 0; i < anchor.length; i += 1) {
    const code = text.charCodeAt(at + i);
    if ((code >= 65 && code <= 90 ? code | 32 : code) !== anchor.charCodeAt(i)) return false;
  }
  return true;
}
