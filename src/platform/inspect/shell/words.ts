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
      return [text.replaceAll(/\\(.)/g, (_all, char: string) => protect(char))];
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
      return [/^(?:0|[1-9]\d*)$/.test(text.slice(3, -2)) ? text.slice(3, -2) : DECODED + unknown(text)];
    // `$"…"` is translated.
    case '$':
      return [script.charAt(node.end) === '"' ? '' : text];
    case 'string':
      return combine(withPlainEnd(node), script, around, (value, part) => (ITEMS.test(part) ? value : protect(value)));
    default:
      return combine(node, script, around);
  }
}

/** A dollar at the end of a text is just that. */
const withPlainEnd = (node: Node): Node => ({
  ...node,
  children: node.children.map((child) => (child.type === '$' ? { ...child, type: 'word' } : child)),
});

/** Of these, each item is a word of its own even in quotes; where just one is meant, it is not known which. */
const ITEMS = /^\$(?:@|\{(?:@|\w+\[))/;

/** All children after one another, with the text between them; at most a few combinations. */
function combine(
  { start, end, children }: Pick<Node, 'start' | 'end' | 'children'>,
  script: string,
  around: Surroundings,
  quoted = (value: string, _part: string): string => value,
): string[] {
  let values = [''];
  let at = start;
  const append = (endings: readonly string[], part: string) => {
    const all = values.flatMap((value) => endings.map((ending) => value + quoted(ending, part)));
    const few = all.length > MAX_VALUES && endings.length > 1 ? [...all.slice(0, MAX_VALUES), unknown(part)] : all;
    values = few.map((value) => (value.length > MAX_LENGTH ? unknown('') : value));
  };
  for (const child of children) {
    append([unquoted(script.slice(at, child.start))], '');
    if (child.type !== '"') append(valuesOfWord(child, script, around), script.slice(child.start, child.end));
    at = child.end;
  }
  append([unquoted(script.slice(at, end))], '');
  return values;
}

const unquoted = (text: string): string => text.replaceAll(/\\(["$`\\])|\\\n/g, '$1');

function decodedText(text: string): string {
  const { text: decoded, isEncoded } = unescape(text);
  return isEncoded ? DECODED + decoded : decoded;
}

function valueOrUnknown(name: string, written: string, around: Surroundings): string[] {
  return [...(valuesAndFirst(name, around) ?? [unknown(written)])];
}

/** Without an index, a list stands for its first item. */
const valuesAndFirst = (name: string, around: Surroundings): readonly string[] | undefined =>
  around.valuesOf(name)?.concat(around.valuesOf(`${name}[0]`) ?? []);

export const firstItem = (list: string): string => list.split(' ', 1).join('');

const EXPANSION = /^\$\{([!#]?)(\w+|[@*?$-])(\[[^\]]*\])?(.*)\}/s;

function expanded(node: Node, script: string, around: Surroundings): string[] {
  const text = script.slice(node.start, node.end);
  const [, prefix = '', name = '', index = '', rest = ''] = EXPANSION.exec(text) ?? [];
  const operator = /^:?[-=+?]/.exec(rest)?.[0] ?? '';
  // What is substituted inside runs in any case.
  for (const child of node.children) if (child.type === 'subscript') combine(child, script, around);
  const start = node.end - 1 - rest.length + operator.length;
  const children = node.children.filter((child) => child.start >= start && /\w\w/.test(child.type));
  const inner = combine({ start, end: node.end - 1, children }, script, around);
  const kind = operator.slice(-1);
  const plain = index === '' ? valuesAndFirst(name, around) : around.valuesOf(name);
  const values = plain?.flatMap((value) => (prefix === '!' ? pointedAt(value, around) : [value]));
  if (kind === '=') around.assign(name, inner);
  return (values ?? [undefined]).flatMap((value) => {
    // Whether it is set cannot be seen.
    if (kind === '+') return [...inner, ''];
    if (kind === '-' || kind === '=') return value === undefined ? inner : [value, ...inner];
    if (value === undefined || prefix === '#') return [unknown(text)];
    if (/^\[[^@*]/.test(index) || (/[@*]/.test(name + index) && rest.startsWith(':'))) return endsOf(value);
    return rest === '' || kind === '?' ? [value] : [transformed(value, rest)];
  });
}

const pointedAt = (name: string, around: Surroundings): (string | undefined)[] =>
  around.valuesOf(name)?.map((value) => DECODED + value) ?? [undefined];

/** From each item of a list on: which of them is meant is not known. */
function endsOf(value: string): string[] {
  const items = value.split(' ');
  return items.map((_, at) => items.slice(at).join(' '));
}

const SLICE = /^:\s*(-?\d+)(?::\s*(-?\d+))?$/;
const REPLACE = /^(\/\/?)([^/#%*?[\\$`'"][^/*?[\\$`'"]*)(?:\/([^$`'"\\&]*))?$/s;

function transformed(value: string, rest: string): string {
  const changed = isKnown(value) ? changedBy(rest, value) : undefined;
  return DECODED + (changed ?? unknown(value));
}

function changedBy(rest: string, value: string): string | undefined {
  if (rest === '^^') return value.toUpperCase();
  if (rest === ',,') return value.toLowerCase();
  const slice = SLICE.exec(rest);
  if (slice) {
    const start = Number(slice[1]);
    const tail = start < -value.length ? '' : value.slice(start);
    return slice[2] === undefined ? tail : tail.slice(0, Number(slice[2]));
  }
  const [, operator, from, to = ''] = REPLACE.exec(rest) ?? [];
  if (from === undefined) return undefined;
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
