/** A literal text to be found, and what is done where it stands. */
export interface Anchor<T> {
  readonly text: string;
  readonly anyCase: boolean;
  readonly targets: T[];
}

const NONE: readonly never[] = [];

/** Anchors by their first two characters, so that one pass over a text finds all of them. */
export class AnchorIndex<T> {
  private readonly lists: Anchor<T>[][] = [[]];
  /** For every pair of ASCII characters the number of its list; most pairs have the empty one. */
  private readonly listOf = new Uint16Array(128 * 128);

  add(text: string, anyCase: boolean, target: T): void {
    const [first = '', second = ''] = text;
    for (const one of spellings(first, anyCase)) {
      for (const two of spellings(second, anyCase)) this.addTo(this.listFor(one, two), text, anyCase, target);
    }
  }

  /** Anchors that may begin with these two characters. */
  at(first: number, second: number): readonly Anchor<T>[] {
    if (first > 127 || second > 127) return NONE;
    const list = this.listOf[first * 128 + second] ?? 0;
    return list === 0 ? NONE : (this.lists[list] ?? NONE);
  }

  private listFor(one: string, two: string): Anchor<T>[] {
    const pair = one.charCodeAt(0) * 128 + two.charCodeAt(0);
    if (this.listOf[pair] === 0) this.listOf[pair] = this.lists.push([]) - 1;
    return this.lists[this.listOf[pair] ?? 0] ?? [];
  }

  private addTo(list: Anchor<T>[], text: string, anyCase: boolean, target: T): void {
    const known = list.find((anchor) => anchor.text === text && anchor.anyCase === anyCase);
    if (known === undefined) list.push({ text, anyCase, targets: [target] });
    else known.targets.push(target);
  }
}

function spellings(char: string, anyCase: boolean): readonly string[] {
  const [lower, upper] = [char.toLowerCase(), char.toUpperCase()];
  return anyCase && lower !== upper ? [lower, upper] : [char];
}

/** Whether it stands there; anchors in any case are given in small letters. */
export function standsAt({ text: anchor, anyCase }: Anchor<unknown>, text: string, at: number): boolean {
  for (let i = 2; i < anchor.length; i += 1) {
    const code = text.charCodeAt(at + i);
    if ((anyCase && code >= 65 && code <= 90 ? code | 32 : code) !== anchor.charCodeAt(i)) return false;
  }
  return true;
}
