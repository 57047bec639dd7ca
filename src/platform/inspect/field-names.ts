import type { DataClass } from '../../kernel/policy/data-classes.ts';
import { ENDINGS, FIELD_NAMES, OWNERS, PERSONS } from './field-words.ts';

const CORES = new Map(
  (Object.entries(FIELD_NAMES) as [DataClass, string][]).flatMap(([dataClass, names]) =>
    names.split(' ').map((name): [string, DataClass] => [name, dataClass]),
  ),
);
const OWNER_WORDS = new Set(OWNERS.split(' '));
const ENDING_WORDS = new Set(ENDINGS.split(' '));
const PERSON_WORDS = new Set(PERSONS.split(' '));
/** Mean somebody's only behind a word for a person, or beside fields that are certain. */
const BESIDE: ReadonlyMap<string, DataClass> = new Map([
  ['name', 'name'],
  ['age', 'child'],
  ['zip', 'address'],
  ['city', 'address'],
]);
/** Would be read as two words of which one is left out, and are something else. */
const OTHER = new Set('username clientid cardid userid customerid accountid tokens'.split(' '));
/** Several of these are counts or lists of something else, one is not. */
const SINGULAR_ONLY = new Set(['token', 'race', 'secret', 'ip', 'pan', 'lat']);
const MAX_NAME = 64;
const MAX_KNOWN = 5_000;
const known = new Map<string, DataClass | ''>();

/** Words of a snake, kebab, dotted, spaced or camel name, lower case, numbers of their own left out. */
export function wordsOf(name: string): string[] {
  return name
    .normalize('NFKC')
    .replace(/([A-Z])s(?![a-z])/g, '$1')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .split(/[^\p{L}\d]+/u)
    .filter(Boolean);
}

function singular(word: string): string {
  if (word.length < 4 || /(?:ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(?:sses|xes)$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}

function coreOf(words: readonly string[]): DataClass | undefined {
  const plain = words.join('');
  if (OTHER.has(plain)) return undefined;
  const single = words.map(singular).join('');
  const found = CORES.get(plain) ?? (SINGULAR_ONLY.has(single) ? undefined : CORES.get(single));
  if (found !== undefined) return found;
  // `phone2`, `email1`; `track2` and `cvv2` are names of their own.
  const unnumbered = single.replace(/\d{1,2}$/, '');
  return unnumbered !== single ? CORES.get(unnumbered) : undefined;
}

/** Tries the name with words for owners left out at its start and endings left out at its end. */
function classify(words: readonly string[]): DataClass | undefined {
  if (words.length === 0 || words.length > 8) return undefined;
  let last = words.length;
  while (last > 0) {
    for (let first = 0; first < last; first++) {
      if (first > 0 && !OWNER_WORDS.has(singular(words[first - 1] ?? ''))) break;
      const rest = words.slice(first, last);
      const found = coreOf(rest);
      if (found !== undefined) return found;
      const isOfPerson = first > 0 && PERSON_WORDS.has(singular(words[first - 1] ?? ''));
      const beside = isOfPerson && rest.length === 1 ? BESIDE.get(rest[0] ?? '') : undefined;
      if (beside !== undefined && beside !== 'child') return beside;
    }
    const ending = words[last - 1] ?? '';
    if (!ENDING_WORDS.has(singular(ending)) && !/^\d{1,2}$/.test(ending)) return undefined;
    last--;
  }
  return undefined;
}

/** What a column, key, header or table of this name holds, if its name says so. */
export function classifyName(name: string): DataClass | undefined {
  if (name.length < 2 || name.length > MAX_NAME) return undefined;
  const before = known.get(name);
  if (before !== undefined) return before === '' ? undefined : before;
  const found = classify(wordsOf(name));
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(name, found ?? '');
  return found;
}

/** What a name means beside fields of a person: `name`, `age`, `zip`, `city`. */
export function classifyBeside(name: string): DataClass | undefined {
  return BESIDE.get(name.toLowerCase());
}
