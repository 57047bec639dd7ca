import type { Node } from './bash-tree.ts';
import { expandBraces } from './braces.ts';
import { unescape } from './decode.ts';
import { DECODED, isKnown, marksOf, protect, unknown, unprotect, withoutUnknown } from './marks.ts';

/** What words need to know of the script around them. */
export interface Surroundings {
  /** The values that a variable may have; undefined where nothing is known. */
  valuesOf(name: string): readonly string[] | undefined;
  assign(name: string, values: readonly string[]): void;
  /** Runs the statements in a node and answers what they print. */
  printed(node: Node, script: string): string;
}

const MAX_VALUES = 8;
const MAX_LENGTH = 100_000;

/** Every text that a word may stand for; quoted characters without their meaning are moved out of the way. */
export function valuesOfWord(node: Node, script: string, around: Surroundings): string[] {
  const text = script.slice(node.start, node.end);
  switch (node.type) {
    case 'raw_string':
      return [protect(text.slice(1, -1))];
    case 'ansi_c_string':
      return [protect(decodedText(text.slice(2, -1)))];
    case 'word':
    case 'extglob_pattern':
    case 'regex':
      return [bareWord(text, around)];
    case 'string_content':
    case 'heredoc_content':
      return [protect(unquoted(text))];
    case 'simple_expansion':
      return valueOrUnknown(text.slice(1), text, around);
    case 'expansion':
      return expanded(node, script, around);
    case 'command_substitution':
      return [around.printed(node, script) || unknown(text)];
    case 'process_substitution':
      return [protect(around.printed(node, script))];
    case 'arithmetic_expansion':
      combine(node, script, around);
      return [/^\$\(\(\d+\)\)$/.test(text) ? text.slice(3, -2) : DECODED + unknown(text)];
    case 'string':
    case 'heredoc_body':
      return combine(node, script, around).map((value) => (ALL_ITEMS.test(text) ? value : protect(value)));
    default:
      return node.children.length > 0 ? combine(node, script, around) : [text];
  }
}

/** The grammar leaves some expansions inside of words, as in `$IFS/`. */
function bareWord(text: string, around: Surroundings): string {
  return text.replaceAll(/\\(\n|.)|\$\{?(\w+)\}?/g, (all, char?: string, name?: string) => {
    if (name !== undefined) return valueOrUnknown(name, all, around).join(' ');
    return char === '\n' ? '' : protect(char ?? '');
  });
}

const ALL_ITEMS = /^"\$(?:@|\{(?:@|\w+\[@\])(?::\d+)?\})"$/;

/** All children after one another, with the text between them; at most a few combinations. */
function combine(node: Node, script: string, around: Surroundings): string[] {
  const quote = node.type === 'string' ? '"' : '';
  let values = [''];
  let at = node.start;
  const append = (endings: readonly string[]) => {
    const all = values.flatMap((value) => endings.map((ending) => value + ending));
    values = all.slice(0, MAX_VALUES).map((value) => (value.length > MAX_LENGTH ? unknown('') : value));
  };
  for (const child of node.children) {
    append([unquoted(script.slice(at, child.start))]);
    const isQuote = quote !== '' && script.slice(child.start, child.end).replace('$', '') === quote;
    append(isQuote ? [''] : valuesOfWord(child, script, around));
    at = child.end;
  }
  append([unquoted(script.slice(at, node.end))]);
  return values;
}

const unquoted = (text: string): string => text.replaceAll(/\\(["$`\\])|\\\n/g, '$1');

function decodedText(text: string): string {
  const { text: decoded, isEncoded } = unescape(text);
  return isEncoded ? DECODED + decoded : decoded;
}

function valueOrUnknown(name: string, written: string, around: Surroundings): string[] {
  return [...(around.valuesOf(name) ?? [unknown(written)])];
}

const EXPANSION = /^\$\{([!#]?)([\w@*?$-]+)(?:\[[^\]]*\])?(.*)\}$/s;

function expanded(node: Node, script: string, around: Surroundings): string[] {
  const text = script.slice(node.start, node.end);
  // What is substituted inside runs in any case.
  const inner = node.children.filter(
    ({ type }) => type !== 'variable_name' && type !== 'subscript' && /\w\w/.test(type),
  );
  const values = inner.flatMap((child) => valuesOfWord(child, script, around));
  const [, prefix = '', name = '', rest = ''] = EXPANSION.exec(text) ?? [];
  const known = around.valuesOf(name);
  const result = (known ?? [undefined]).flatMap((value) => applied(prefix, value, rest, values, around));
  if (/^:?=/.test(rest))
    around.assign(
      name,
      result.map((one) => one ?? unknown(text)),
    );
  return result.length > 0 ? result.map((one) => one ?? unknown(text)) : [''];
}

/** What `${name…}` gives for one value of the variable; undefined is unknown. */
function applied(
  prefix: string,
  value: string | undefined,
  rest: string,
  inner: readonly string[],
  around: Surroundings,
): (string | undefined)[] {
  if (prefix === '!') return around.valuesOf(value ?? '')?.map((one) => DECODED + one) ?? [undefined];
  if (prefix === '#') return [undefined];
  if (rest === '') return [value];
  const [, operator] = /^:?([-=+?])/.exec(rest) ?? [];
  if (operator === '?' || (value !== undefined && (operator === '-' || operator === '='))) return [value];
  if (operator !== undefined) return [/[$`'"\\]/.test(rest) ? inner.join(' ') : rest.replace(/^:?[-=+]/, '')];
  if (value === undefined || !isKnown(value)) return [undefined];
  const changed = transformed(value, rest);
  return [changed === undefined ? DECODED + unknown(value) : DECODED + changed];
}

const SLICE = /^:\s*(-?\d+)(?::\s*(-?\d+))?$/;
const REPLACE = /^(\/\/?)([^/*?[\\]+)(?:\/([^$`]*))?$/s;

function transformed(value: string, rest: string): string | undefined {
  if (rest === '^^') return value.toUpperCase();
  if (rest === ',,') return value.toLowerCase();
  const slice = SLICE.exec(rest);
  if (slice) {
    const start = Number(slice[1]);
    const length = slice[2] === undefined ? undefined : Number(slice[2]);
    const tail = value.slice(start);
    return length === undefined ? tail : tail.slice(0, length);
  }
  const replace = REPLACE.exec(rest);
  if (!replace) return undefined;
  const [, operator, from = '', to = ''] = replace;
  return operator === '//' ? value.replaceAll(from, () => to) : value.replace(from, () => to);
}

/** As the shell splits an unquoted word: at blanks, after braces have been multiplied out. */
export function fieldsOf(value: string, separators: string): string[] {
  const marks = marksOf(value);
  const splitAt = (char: string) => (separators.includes(char) ? ' ' : char);
  const blanks = [...value].map(splitAt).join('');
  return expandBraces(blanks)
    .flatMap((word) => splitOutsideUnknown(word))
    .map((field) => unprotect(marksOf(field) === marks ? field : marks + field));
}

/** The source text of an unknown piece is kept in one. */
function splitOutsideUnknown(text: string): string[] {
  return text.match(/(?:[^ \t\n\0]|\0[^\0]*\0)+/g) ?? [];
}

export const isGlob = (field: string): boolean => /[*?]|\[[^[\]]+\]/.test(withoutUnknown(field));

const WORDS = new Set(
  'word string raw_string ansi_c_string translated_string concatenation simple_expansion expansion number'.split(' '),
);
export const isWord = (node: Node): boolean => WORDS.has(node.type);

/** As `$(…)` does. */
export function withoutLastLines(text: string): string {
  let end = text.length;
  while (text.charAt(end - 1) === '\n') end -= 1;
  return text.slice(0, end);
}

/** A name in pieces, such as `r\m` or `r"m"`. */
export function isPatched(name: string): boolean {
  if (/\$\{?IFS/.test(name)) return true;
  const last = name.slice(name.lastIndexOf('/') + 1);
  if (/[$`]/.test(last)) return /\}\w|\w\$|\}\$/.test(last);
  const bare = last.replace(/^(['"])(.*)\1$/s, '$2').slice(1);
  return /['"]/.test(bare) || /\\\w/.test(bare);
}
