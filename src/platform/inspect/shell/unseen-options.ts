import { isKnown, UNKNOWN, withoutOrigin, withoutUnknown } from './marks.ts';

/** Options before the command of git whose value is only data; `-c` sets what git runs. */
const GIT_VALUES = new Set(['-C', '--git-dir', '--work-tree', '--namespace']);
const FIND_PLAIN =
  /^-(?:a|and|o|or|not|print0?|ls|delete|depth|d|xdev|mount|empty|prune|quit|daystart|follow|noleaf|readable|writable|executable|nouser|nogroup|true|false)$/;
const FIND_RUNS = /^-(?:exec|ok)(?:dir)?$/;

/** Whether arguments that nobody can see may make a command run, delete or overwrite something. */
export function hidesAction(name: string, args: readonly string[]): boolean {
  if (name === 'tar') return mayBeAnything(args[0] ?? '');
  if (name === 'mapfile' || name === 'readarray') return args.some((arg) => /^-\w*C/.test(arg));
  if (name === 'git') return hidesGitCommand(args);
  return name === 'find' && hidesFindAction(args);
}

/** What begins with a part that is not known: an option as well, unless it goes on as a path. */
export function mayBeAnything(arg: string): boolean {
  const written = withoutOrigin(arg);
  // What `<(…)` prints is looked up.
  if (isKnown(written) || written.startsWith(`${UNKNOWN}<(`)) return false;
  return written.startsWith('-') || (written.startsWith(UNKNOWN) && !withoutUnknown(written).includes('/'));
}

function hidesGitCommand(args: readonly string[]): boolean {
  for (const [at, arg] of args.entries()) {
    const isValue = GIT_VALUES.has(args[at - 1] ?? '');
    if (!isValue && mayBeAnything(arg) && !/^--?[\w-]+=/.test(arg)) return true;
    if (args[at - 1] === '-c') {
      if (!isKnown(arg)) return true;
    } else if (!isValue && !arg.startsWith('-')) return false;
  }
  return false;
}

/** Places come first; what follows is a test or an action, its value, or the command of `-exec`. */
function hidesFindAction(args: readonly string[]): boolean {
  let isPlace = true;
  let isCommand = false;
  for (const [at, arg] of args.entries()) {
    const before = args[at - 1] ?? '';
    if (mayBeAnything(arg)) {
      const isValue = before.startsWith('-') && isKnown(before) && !FIND_PLAIN.test(before);
      if (!isPlace && !isCommand && !isValue) return true;
      if (isPlace && /\$\{?\w*(?:\[?[@*])/.test(arg)) return true;
    } else isPlace = /^-[HLP]$/.test(arg);
    if (isCommand) isCommand = arg !== ';' && !(arg === '+' && before === '{}');
    else isCommand = FIND_RUNS.test(arg);
  }
  return false;
}
