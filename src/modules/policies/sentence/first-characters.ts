/** Characters, in small letters, with which what a pattern matches can begin; `any` where that cannot be told. */
export type FirstCharacters = ReadonlySet<string> | 'any';

interface Part {
  readonly first: FirstCharacters;
  /** Whether it can match nothing, so that what comes after may be first. */
  readonly isOptional: boolean;
}

const DIGITS = new Set('0123456789');
const NOTHING: Part = { first: new Set(), isOptional: true };
const ANYTHING: Part = { first: 'any', isOptional: false };

function union(left: FirstCharacters, right: FirstCharacters): FirstCharacters {
  return left === 'any' || right === 'any' ? 'any' : new Set([...left, ...right]);
}

/** Reads a pattern once. INVARIANT: what it does not know counts as `any`, so that no match is ever ruled out. */
class PatternReader {
  #at = 0;
  readonly #pattern: string;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  readAlternatives(): Part {
    let all = this.#readSequence();
    while (this.#pattern[this.#at] === '|') {
      this.#at++;
      const next = this.#readSequence();
      all = { first: union(all.first, next.first), isOptional: all.isOptional || next.isOptional };
    }
    return all;
  }

  #readSequence(): Part {
    let first: FirstCharacters = new Set();
    let isOptional = true;
    while (this.#at < this.#pattern.length && !'|)'.includes(this.#pattern[this.#at] ?? '')) {
      const part = this.#readAtom();
      const isLeftOut = this.#readQuantifier();
      if (!isOptional) continue;
      first = union(first, part.first);
      isOptional = part.isOptional || isLeftOut;
    }
    return { first, isOptional };
  }

  #readAtom(): Part {
    const char = this.#pattern[this.#at++] ?? '';
    if (char === '(') return this.#readGroup();
    if (char === '[') return this.#readClass();
    if (char === '\\') return this.#readEscape();
    if (char === '^' || char === '$') return NOTHING;
    return char === '.' || char > '\x7f' ? ANYTHING : { first: new Set(char.toLowerCase()), isOptional: false };
  }

  #readGroup(): Part {
    const head = /^\?(?:[:=!]|<[=!]|<\w+>)/.exec(this.#pattern.slice(this.#at, this.#at + 40))?.[0] ?? '';
    const isKnown = head !== '' || this.#pattern[this.#at] !== '?';
    this.#at += head.length;
    const inside = this.readAlternatives();
    this.#at++;
    if (!isKnown) return { first: 'any', isOptional: true };
    // What only looks around takes no character.
    return /[=!]$/.test(head) ? NOTHING : inside;
  }

  #readClass(): Part {
    for (; this.#at < this.#pattern.length && this.#pattern[this.#at] !== ']'; this.#at++) {
      if (this.#pattern[this.#at] === '\\') this.#at++;
    }
    this.#at++;
    return ANYTHING;
  }

  #readEscape(): Part {
    const char = this.#pattern[this.#at++] ?? '';
    if (char === 'd') return { first: DIGITS, isOptional: false };
    if (char === 'b' || char === 'B') return NOTHING;
    if (!/[A-Za-z0-9]/.test(char)) return { first: new Set(char), isOptional: false };
    const argument = /^\{[^}]*\}/.exec(this.#pattern.slice(this.#at, this.#at + 80))?.[0] ?? '';
    if ('pPu'.includes(char)) this.#at += argument.length;
    return { first: 'any', isOptional: true };
  }

  /** Whether what is before it may be left out. */
  #readQuantifier(): boolean {
    const found = /^(?:[?*+]|\{(\d+)(?:,\d*)?\})\??/.exec(this.#pattern.slice(this.#at, this.#at + 20));
    if (found === null) return false;
    this.#at += found[0].length;
    return '?*'.includes(found[0].charAt(0)) || Number(found[1]) === 0;
  }
}

export function toFirstCharacters(pattern: string): FirstCharacters {
  const { first, isOptional } = new PatternReader(pattern).readAlternatives();
  return isOptional ? 'any' : first;
}
