import type { Flag } from './facts.ts';
import { READERS, RULES } from './rule-table.ts';
import { isGlob } from './words.ts';

const EFFECTS: Record<string, Flag> = {
  D: 'destructive',
  d: 'deletes',
  w: 'writes',
  n: 'network',
  p: 'privilege',
  P: 'pipeToInterpreter',
  r: 'credentialRead',
  e: 'environmentDump',
  C: 'credentialChange',
  o: 'obfuscated',
};

interface Rule {
  readonly letters: string;
  readonly items: readonly string[];
}

const MAX_ARGUMENT = 4096;

const byCommand = new Map<string, Rule[]>();
for (const line of RULES.split('\n')) {
  const [letters = '', commands = '', ...items] = line.split(' ');
  for (const command of commands.split('|'))
    byCommand.set(command, [...(byCommand.get(command) ?? []), { letters, items }]);
}
const families = [...byCommand.keys()].filter((name) => name.endsWith('*'));
const readers = new Set(READERS.match(/\S+/g));

export interface Effects {
  readonly flags: readonly Flag[];
  /** Whether what it prints comes from elsewhere. */
  readonly fetches: boolean;
}

/** What a command does by name and arguments. */
export function effectsOf(command: string, args: readonly string[]): Effects {
  const cut = args.map((arg) => arg.slice(0, MAX_ARGUMENT));
  const names = [command, ...families.filter((name) => command.startsWith(name.slice(0, -1)))];
  const rules = names.flatMap((name) => byCommand.get(name) ?? []);
  const letters = rules.filter(({ items }) => items.every(among(cut))).map((rule) => rule.letters);
  const flags = [...letters.join('')].flatMap((letter) => EFFECTS[letter] ?? []);
  const firstWord = args.find((arg) => !arg.startsWith('-') || arg === '--version');
  if (!readers.has(command) && !readers.has([command, firstWord].join(':'))) flags.push('writes');
  return { flags, fetches: letters.includes('f') };
}

/** Items are asked one after the other: a word must come after the word before it. */
function among(args: readonly string[]): (item: string) => boolean {
  let next = 0;
  return (item) => {
    if (item === '@empty') return args.length === 0;
    if (item.startsWith('!')) return !args.some((arg) => fitsAny(item.slice(1), arg));
    const isWord = !/(?:^|\|)[-@=]/.test(item);
    const index = args.findIndex((arg, at) => at >= (isWord ? next : 0) && fitsAny(item, arg));
    if (isWord) next = index + 1;
    return index !== -1;
  };
}

const fitsAny = (item: string, arg: string): boolean => item.split('|').some((wanted) => fits(wanted, arg));

function fits(wanted: string, arg: string): boolean {
  if (wanted === '@glob') return !arg.startsWith('-') && isGlob(arg);
  if (wanted === '@root') return isRoot(arg);
  if (wanted.startsWith('=')) return arg === wanted.slice(1);
  if (wanted.length === 2 && wanted.startsWith('-')) return /^-\w+/.exec(arg)?.[0].includes(wanted.slice(1)) ?? false;
  const text = arg.toLowerCase();
  if (/[*?]/.test(wanted)) return fitsPattern(wanted, text);
  const name = text.replace(/=.*/s, '');
  return text === wanted || (wanted.startsWith('-') && name.length > 2 && wanted.startsWith(name));
}

/** `*` stands at one end or at both, `???` for three digits. */
function fitsPattern(pattern: string, text: string): boolean {
  if (/\s/.test(text)) return false;
  const fixed = pattern.replaceAll(/[*?]/g, '');
  if (pattern.endsWith('?')) return text.startsWith(fixed) && /^\d{4}$/.test(text);
  if (!pattern.startsWith('*')) return text.startsWith(fixed);
  return pattern.endsWith('*') ? text.includes(fixed) : text.endsWith(fixed);
}

const ROOTS =
  /^(?:[/~]|\.\.?|[a-z]:\\?|\/(?:bin|boot|dev|etc|home|lib|lib64|mnt|opt|proc|root|sbin|srv|sys|usr|var|users|system|library|applications|windows))\/*$/i;
const isRoot = (path: string): boolean => ROOTS.test(path);
