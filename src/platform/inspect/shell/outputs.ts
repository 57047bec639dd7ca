import { fromBase64, fromHex, reversed, translated, unescape } from './decode.ts';
import { DECODED, FETCHED, isKnown, marksOf, stripMarks, unknown } from './marks.ts';
import type { Runner } from './runner.ts';

const MAX_LENGTH = 200_000;
type Filter = (text: string, args: readonly string[]) => string | undefined;

const has = (args: readonly string[], option: RegExp): boolean => args.some((arg) => option.test(arg));
const words = (args: readonly string[]): string[] => args.filter((arg) => !arg.startsWith('-'));

/** What filters make of a known text; undefined where that is not worked out. */
const DECODERS = new Map<string, Filter>(
  Object.entries<Filter>({
    base64: (text, args) => (has(args, /^-(?:[a-z]*d|-d)/i) ? fromBase64(text) : undefined),
    openssl: (text, args) => (has(args, /^-d$/) && has(args, /^-?(?:base64|a)$/) ? fromBase64(text) : undefined),
    xxd: (text, args) => (has(args, /^-[a-z]*r/) ? fromHex(text) : undefined),
    rev: (text) => text.split('\n').map(reversed).join('\n'),
    tr: (text, args) => {
      const [from, to, ...others] = args;
      if (from === undefined || to === undefined || others.length > 0) return undefined;
      if (from === '-d' && PLAIN_SET.test(to)) return translated(text, to, '\0').replaceAll('\0', '');
      return PLAIN_SET.test(from) && PLAIN_SET.test(to) ? translated(text, from, to) : undefined;
    },
  }),
);
const UNPACKS = new Set('base32 uudecode gunzip zcat gzip bunzip2 bzcat xz xzcat zstd gpg iconv'.split(' '));
/** Without options, classes, escapes and ranges other than of letters and digits. */
const PLAIN_SET = /^(?:[a-z\d]-[a-z\d]|[^-[\\])+$/i;
const UNCHANGED = new Set('cat tee stdbuf pv buffer less more'.split(' '));
const SELECTS = new Set('sort uniq head tail grep'.split(' '));
const READS_FILES = new Set('cat less more sort uniq head tail rev base64 xxd'.split(' '));
const NAMES_A_COMMAND = new Set('which type whence whereis'.split(' '));

/** What a command prints, as far as that can be known. */
export function outputOf(
  runner: Runner,
  name: string,
  args: readonly string[],
  stdin: string | undefined,
  fetches: boolean,
): string {
  const written = unknown([name, ...args].join(' '));
  if (fetches) return fetched(runner, args, FETCHED + written);
  if (name === 'echo') return echoed(args);
  if (name === 'printf') return formatted(args);
  if (NAMES_A_COMMAND.has(name)) return words(args).join('\n');
  const input = inputOf(runner, name, args, stdin) ?? written;
  if (name === 'tee') for (const file of words(args)) runner.files.set(stripMarks(file), input);
  if (UNCHANGED.has(name)) return input;
  const marks = marksOf(input);
  if (SELECTS.has(name) && isKnown(input)) return isWhole(input, args) ? input : `${marks}${written}\n${input}`;
  const decoded = isKnown(input) ? DECODERS.get(name)?.(stripMarks(input), args) : undefined;
  if (decoded !== undefined) return marks + DECODED + decoded.slice(0, MAX_LENGTH);
  return marks + (unpacks(name, args) ? DECODED : '') + written;
}

const unpacks = (name: string, args: readonly string[]): boolean =>
  UNPACKS.has(name) || DECODERS.get(name)?.('', args) !== undefined;

/** Of a single line that is not cut into pieces, nothing is left out. */
const isWhole = (input: string, args: readonly string[]): boolean =>
  !/\n./.test(input) && !has(args, /^-(?:[a-zA-Z]*[co]|-bytes|-only)/);

/** Files before the input; what they hold is unknown unless the script has written them. */
function inputOf(runner: Runner, name: string, args: readonly string[], stdin: string | undefined): string | undefined {
  const contents = words(args).flatMap((arg) => {
    const unread = READS_FILES.has(name) && !/^\d+$/.test(arg) ? unknown(`${name} ${arg}`) : [];
    return runner.files.get(stripMarks(arg)) ?? unread;
  });
  return contents.length > 0 ? contents.join('') + (stdin ?? '') : stdin;
}

const TARGET = /^(?:-[oO]|--output=|--output-document=)(.+)$/;
const TARGET_NEXT = /^(?:-[a-z]*o|--output|--output-document|-outfile)$/i;

/** What is fetched may lie in a file by then. */
function fetched(runner: Runner, args: readonly string[], content: string): string {
  args.forEach((arg, index) => {
    const target = TARGET_NEXT.test(arg) ? args[index + 1] : TARGET.exec(arg)?.[1];
    const last = /:\/\/[^?#]*\/([^/?#]+)/.exec(arg)?.[1];
    for (const file of [target, last]) if (file !== undefined) runner.files.set(stripMarks(file), content);
  });
  return content;
}

function echoed(args: readonly string[]): string {
  const isText = args.map((arg) => !/^-[neE]+$/.test(arg));
  const start = isText.includes(true) ? isText.indexOf(true) : args.length;
  const flags = args.slice(0, start).join('');
  const text = args.slice(start).join(' ');
  return (flags.includes('e') ? escaped(text) : text) + (flags.includes('n') ? '' : '\n');
}

/** `\c` ends all output, there and then. */
function escaped(text: string): string {
  const { text: plain, isEncoded } = unescape(text);
  if (plain.includes('\\c')) return DECODED + unknown(text);
  return isEncoded ? DECODED + plain : plain;
}

/** `printf FORMAT ARGUMENT…`; the format is used again until no argument is left. */
function formatted(args: readonly string[]): string {
  const [format = '', ...values] = args[0] === '--' ? args.slice(1) : args;
  const plain = escaped(format);
  let printed = '';
  let left: number;
  do {
    left = values.length;
    printed += plain.replaceAll(/%(%|[^a-zA-Z%]*[a-zA-Z])/g, (all, kind: string) => {
      if (kind === '%') return '%';
      const value = values.shift() ?? '';
      if (kind === 'b') return escaped(value);
      return kind === 's' || (kind === 'd' && /^\d+$/.test(value)) ? value : DECODED + unknown(`${all} ${value}`);
    });
  } while (values.length > 0 && values.length < left && printed.length < MAX_LENGTH);
  return printed;
}

const PROGRAM_PLACE = /(?:^|\/)s?bin\//;

/** What a copy holds: what the script has put into its source, or the program that it is. */
export function copyFiles(runner: Runner, name: string, args: readonly string[]): void {
  if (!/^(?:cp|mv|ln|install)$/.test(name)) return;
  const [target = '', ...sources] = words(args).map(stripMarks).reverse();
  for (const source of sources) {
    const held = runner.files.get(source) ?? runner.files.get(source.replace(/^\.\//, ''));
    const program = PROGRAM_PLACE.test(source) ? `'${source.replaceAll("'", "'\\''")}' "$@"` : undefined;
    const folder = target.replace(/\/$/, '');
    for (const copy of [target, `${folder}/${source.slice(source.lastIndexOf('/') + 1)}`]) {
      const before = runner.files.has(copy) ? unknown(`${name} ${source}`) : undefined;
      const content = held ?? program ?? before;
      if (content !== undefined) runner.files.set(copy, content);
    }
  }
}
