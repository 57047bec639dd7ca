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
    base64: (text, args) => (has(args, /^(?:-[a-z]*[dD]|--dec)/) ? fromBase64(text) : undefined),
    base32: () => undefined,
    openssl: (text, args) => (has(args, /^-d$/) && has(args, /^(?:-?base64|-a)$/) ? fromBase64(text) : undefined),
    xxd: (text, args) => (has(args, /^-[a-z]*r/) ? fromHex(text) : undefined),
    rev: (text) => text.split('\n').map(reversed).join('\n'),
    tr: (text, args) => {
      const [from = '', to] = words(args);
      if (to !== undefined) return translated(text, from, to);
      return has(args, /^-[a-z]*d/) ? translated(text, from, '\0').replaceAll('\0', '') : undefined;
    },
    uudecode: () => undefined,
    gunzip: () => undefined,
    zcat: () => undefined,
    gzip: () => undefined,
    bunzip2: () => undefined,
    bzcat: () => undefined,
    xz: () => undefined,
    xzcat: () => undefined,
    zstd: () => undefined,
    gpg: () => undefined,
    iconv: () => undefined,
  }),
);
const UNCHANGED = new Set('cat tee sort uniq head tail grep stdbuf pv buffer less more nl'.split(' '));
const NAMES_A_COMMAND = new Set('which type whence whereis'.split(' '));

/** What a command prints, as far as that can be known. */
export function outputOf(
  runner: Runner,
  name: string,
  args: readonly string[],
  stdin: string | undefined,
  fetches: boolean,
): string {
  if (fetches) return fetched(runner, name, args);
  if (name === 'echo') return echoed(args);
  if (name === 'printf') return formatted(args);
  if (NAMES_A_COMMAND.has(name)) return words(args)[0] ?? '';
  const input = stdin ?? fileContent(runner, args);
  const decoder = DECODERS.get(name);
  if (decoder) return decoded(decoder, input, args, name);
  if (UNCHANGED.has(name)) return input ?? unknown(`${name} ${args.join(' ')}`);
  // A known text that something else works on may become anything.
  const changed = name === 'cut' || name === 'paste' || name === 'fold';
  const marks = marksOf(input ?? '') + (changed && input !== undefined && isKnown(input) ? DECODED : '');
  return marks + unknown(`${name} ${args.join(' ')}`);
}

function fileContent(runner: Runner, args: readonly string[]): string | undefined {
  const contents = words(args).flatMap((arg) => runner.files.get(stripMarks(arg)) ?? []);
  return contents.length > 0 ? contents.join('') : undefined;
}

function decoded(decoder: Filter, input: string | undefined, args: readonly string[], name: string): string {
  const marks = marksOf(input ?? '') + DECODED;
  const text = input !== undefined && isKnown(input) ? decoder(stripMarks(input), args) : undefined;
  const reverses = text !== undefined || decoder('', args) !== undefined || !/^(?:base64|xxd|openssl|tr)$/.test(name);
  if (!reverses) return marksOf(input ?? '') + unknown(name);
  return marks + (text === undefined ? unknown(name) : text.slice(0, MAX_LENGTH));
}

/** What is fetched may lie in a file by then. */
function fetched(runner: Runner, name: string, args: readonly string[]): string {
  const content = FETCHED + unknown(`${name} ${args.join(' ')}`);
  args.forEach((arg, index) => {
    const attached = /^(?:-[oO]|--output=|--output-document=)(.+)$/.exec(arg)?.[1];
    const target =
      attached ?? (/^(?:-[a-zA-Z]*[oO]|--output|--output-document|-outfile)$/i.test(arg) ? args[index + 1] : undefined);
    if (target !== undefined && target !== '-') runner.files.set(stripMarks(target), content);
    const last = /:\/\/[^?#]*\/([^/?#]+)/.exec(arg)?.[1];
    if (last !== undefined) runner.files.set(last, content);
  });
  return content;
}

function echoed(args: readonly string[]): string {
  const options = args.findIndex((arg) => !/^-[neE]+$/.test(arg));
  const flags = args.slice(0, options === -1 ? args.length : options).join('');
  const text = (options === -1 ? [] : args.slice(options)).join(' ');
  return `${flags.includes('e') ? escaped(text) : text}\n`;
}

function escaped(text: string): string {
  const { text: plain, isEncoded } = unescape(text);
  return isEncoded ? DECODED + plain : plain;
}

/** `printf FORMAT ARGUMENT…`; the format is used again until no argument is left. */
function formatted(args: readonly string[]): string {
  const [format = '', ...values] = args[0] === '--' ? args.slice(1) : args;
  const plain = escaped(format);
  const directives = plain.match(/%[-+ #0]*[\d.*]*[a-zA-Z]/g)?.length ?? 0;
  if (directives === 0) return plain;
  let printed = '';
  const rest = [...values];
  do {
    printed += plain.replaceAll(/%%|%[-+ #0]*[\d.*]*([a-zA-Z])/g, (_all, kind?: string) => {
      if (kind === undefined) return '%';
      const value = rest.shift() ?? '';
      return kind === 'b' ? escaped(value) : value;
    });
  } while (rest.length > 0 && printed.length < MAX_LENGTH);
  return printed;
}
