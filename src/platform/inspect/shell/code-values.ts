import type { Token } from './code-tokens.ts';
import { fromBase64, fromHex, fromPoint, reversed } from './decode.ts';
import { DECODED, FETCHED, isKnown, marksOf, stripMarks, UNKNOWN, unknown } from './marks.ts';

/** Texts that an expression stands for: one, or the items of a list. Undefined where it is neither. */
export interface Value {
  readonly items: readonly string[];
  readonly isList: boolean;
}

export interface Names {
  valueOf(name: string): Value | undefined;
  /** The name as imported: `sp.run` is `subprocess.run`. */
  resolve(chain: string): string;
  isFetching(chain: string): boolean;
}

const MAX_DEPTH = 12;
const MAX_TOKENS = 500;
const MAX_STEPS = 100_000;
const MAX_ITEMS = 100;
const MAX_LENGTH = 10_000;
/** Arguments that count also where they are given by name. */
const MEANT = new Set(['args', 'cmd', 'command', 'mode', 'popenargs']);
const HOLE = new RegExp(`${UNKNOWN}(\\w+)${UNKNOWN}`, 'g');
const OPEN = new Set(['(', '[', '{']);
const CLOSE = new Set([')', ']', '}']);
const text = (value: string): Value => ({
  items: [value.length > MAX_LENGTH ? marksOf(value) + unknown('long text') : value],
  isList: false,
});
const list = (items: readonly string[]): Value => ({ items: items.slice(0, MAX_ITEMS), isList: true });
const joined = (value: Value, separator = ''): string => value.items.join(separator);
export const UNCLEAR = text(unknown('value'));

/** Works out constant expressions: concatenations, lists, decoders. */
export class Values {
  #left = MAX_TOKENS;
  #steps = MAX_STEPS;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly names: Names,
  ) {}

  /** Whether so much had to be worked out that the rest was not. */
  get isExhausted(): boolean {
    return this.#steps <= 0;
  }

  /** The arguments of the call whose bracket is at `open`, and the index after it. */
  arguments(open: number, depth = 0): { args: Value[]; next: number } {
    if (depth === 0) {
      this.#left = Math.min(MAX_TOKENS, this.#steps);
      const result = this.arguments(open, 1);
      this.#steps -= Math.min(MAX_TOKENS, this.#steps) - this.#left;
      return result;
    }
    const args: Value[] = [];
    let at = open + 1;
    while (at < this.tokens.length && !CLOSE.has(this.#sign(at)) && this.#left > 0) {
      const { value, next } = this.expression(at, depth + 1);
      args.push(value);
      at = this.#skip(next);
      if (this.#sign(at) === ',') at += 1;
    }
    return { args, next: at + 1 };
  }

  expression(start: number, depth: number): { value: Value; next: number } {
    let { value, next } = this.#term(start, depth);
    for (;;) {
      const sign = this.#sign(next);
      const isAdjacent = this.tokens[next]?.kind === 'text';
      if (sign === '*' && this.tokens[next + 1]?.kind === 'number') next += 2;
      else if (sign !== '+' && sign !== '.' && sign !== '%' && !isAdjacent) return { value, next };
      else {
        const right = this.#term(isAdjacent ? next : next + 1, depth);
        if (right.next <= next) return { value, next };
        value = sign === '%' ? filled(value, right.value.items) : added(value, right.value);
        next = right.next;
      }
    }
  }

  #term(start: number, depth: number): { value: Value; next: number } {
    this.#left -= 1;
    const token = this.tokens[start];
    if (token === undefined || depth > MAX_DEPTH || this.#left <= 0) return { value: UNCLEAR, next: start + 1 };
    // A name before the value, as in `args=[…]` and `cwd: …`.
    const isNamed = token.kind === 'name' && /^[=:]$/.test(this.#sign(start + 1));
    if (isNamed && MEANT.has(token.text)) return this.#term(start + 2, depth);
    if (isNamed) return { value: list([]), next: this.#skip(start + 2) };
    if (token.kind === 'text') return this.#methods(text(this.#withValues(token.text)), start + 1, depth);
    // `[]string{…}` of Go.
    if (token.text === '[' && this.#sign(start + 1) === ']' && this.#sign(start + 3) === '{')
      return this.#name(start + 2, depth);
    if (token.text === '[' || token.text === '(') {
      const { args, next } = this.arguments(start, depth);
      const items = args.flatMap(({ items: each }) => [...each]);
      const isList = token.text === '[' || args.length > 1;
      return this.#methods(isList ? list(items) : text(items.join('')), next, depth);
    }
    if (token.kind === 'number') return { value: text(token.text), next: start + 1 };
    if (/^(?:await|new|not|void|typeof|byte|string)$/.test(token.text)) return this.#term(start + 1, depth);
    return token.kind === 'name'
      ? this.#name(start, depth)
      : { value: UNCLEAR, next: OPEN.has(token.text) ? this.#skip(start) : start + 1 };
  }

  /** `${name}` and `{name}` in a text. */
  #withValues(written: string): string {
    return written.replaceAll(HOLE, (hole, name: string) => {
      const value = this.names.valueOf(name);
      return value && !value.isList ? joined(value) : hole;
    });
  }

  #name(start: number, depth: number): { value: Value; next: number } {
    const { chain, next } = chainAt(this.tokens, start);
    if (this.#sign(next) === '{') {
      const items = this.arguments(next, depth).args.flatMap(({ items: each }) => [...each]);
      const isBytes = chain === 'byte' || chain === 'rune';
      const points = isBytes && items.map((item) => fromPoint(Number(item))).join('');
      return this.#methods(points === false ? list(items) : text(DECODED + points), this.#skip(next), depth);
    }
    if (this.#sign(next) !== '(') {
      const value = this.names.valueOf(chain);
      return value ? this.#methods(value, next, depth) : { value: text(unknown(chain)), next };
    }
    const { args, next: after } = this.arguments(next, depth);
    const root = chain.includes('.') ? this.names.valueOf(chain.slice(0, chain.indexOf('.'))) : undefined;
    const value = root
      ? called(root, chain.slice(chain.lastIndexOf('.') + 1), args)
      : this.#result(this.names.resolve(chain), args);
    return this.#methods(value, after, depth);
  }

  #result(chain: string, args: readonly Value[]): Value {
    if (this.names.isFetching(chain)) return text(FETCHED + unknown(chain));
    const first = args[0] ?? list([]);
    const known = first.items.every(isKnown);
    const decoder = DECODERS.get(chain.slice(chain.lastIndexOf('.') + 1));
    if (decoder) return text(marksOf(joined(first)) + DECODED + (known ? decoder(first, args) : unknown(chain)));
    return text(args.map((arg) => marksOf(joined(arg))).join('') + unknown(chain));
  }

  /** `.join(…)`, `[::-1]` and the like behind a value. */
  #methods(from: Value, start: number, depth: number): { value: Value; next: number } {
    let value = from;
    let next = start;
    for (;;) {
      const name = this.tokens[next + 1];
      if (this.#sign(next) === '.' && name?.kind === 'name') {
        const isCall = this.#sign(next + 2) === '(';
        const { args, next: after } = isCall ? this.arguments(next + 2, depth) : { args: [], next: next + 2 };
        value = isCall ? called(value, name.text, args) : text(marksOf(joined(value)) + unknown(name.text));
        next = after;
      } else if (this.#sign(next) === '[') {
        const after = this.#skip(next);
        const inside = this.tokens
          .slice(next + 1, after - 1)
          .map((token) => token.text)
          .join('');
        value =
          inside === '::-1' ? text(DECODED + reversed(joined(value))) : text(marksOf(joined(value)) + unknown('item'));
        next = after;
      } else return { value, next };
    }
  }

  #sign(at: number): string {
    const token = this.tokens[at];
    return token && token.kind !== 'text' ? token.text : '';
  }

  /** To the next comma or closing bracket of this level. */
  #skip(start: number): number {
    let depth = 0;
    let at = start;
    for (; at < this.tokens.length && this.#left > 0; at += 1, this.#left -= 1) {
      const sign = this.#sign(at);
      if (OPEN.has(sign)) depth += 1;
      else if (CLOSE.has(sign)) {
        if (depth === 0) break;
        depth -= 1;
        if (depth === 0 && at > start && OPEN.has(this.#sign(start))) return at + 1;
      } else if (depth === 0 && (sign === ',' || sign === ';')) break;
    }
    return at;
  }
}

export function chainAt(tokens: readonly Token[], start: number): { chain: string; next: number } {
  const names = [tokens[start]?.text];
  for (let next = start + 1; ; next += 2) {
    const [dot, name] = [tokens[next], tokens[next + 1]];
    if (dot?.kind !== 'sign' || !/^(?:\.|::)$/.test(dot.text) || name?.kind !== 'name')
      return { chain: names.join('.'), next };
    names.push(name.text);
  }
}

export function added(left: Value, right: Value): Value {
  return left.isList || right.isList ? list([...left.items, ...right.items]) : text(joined(left) + joined(right));
}

/** `%s` and `{}` replaced in their order. */
function filled(value: Value, items: readonly string[]): Value {
  let next = 0;
  return text(joined(value).replaceAll(/%[a-z]|\{\w*\}/g, () => items[next++] ?? unknown('value')));
}

/** Functions that turn one text into another. */
type Decoder = (first: Value, args: readonly Value[]) => string;
const DECODERS = new Map<string, Decoder>(
  Object.entries<Decoder>({
    b64decode: (first) => fromBase64(joined(first)),
    decodebytes: (first) => fromBase64(joined(first)),
    atob: (first) => fromBase64(joined(first)),
    base64_decode: (first) => fromBase64(joined(first)),
    decode64: (first) => fromBase64(joined(first)),
    DecodeString: (first) => fromBase64(joined(first)),
    decode_base64: (first) => fromBase64(joined(first)),
    unhexlify: (first) => fromHex(joined(first)),
    fromhex: (first) => fromHex(joined(first)),
    chr: (first) => fromPoint(Number(joined(first))),
    fromCharCode: (_first, args) => args.map((arg) => fromPoint(Number(joined(arg)))).join(''),
    fromCodePoint: (_first, args) => args.map((arg) => fromPoint(Number(joined(arg)))).join(''),
    bytes: (first) => first.items.map((item) => fromPoint(Number(item))).join(''),
    bytearray: (first) => first.items.map((item) => fromPoint(Number(item))).join(''),
    from: (first, args) =>
      args[1] && joined(args[1]) === 'hex'
        ? fromHex(joined(first))
        : args[1]
          ? fromBase64(joined(first))
          : joined(first),
    unescape: (first) => percent(joined(first)),
    decodeURIComponent: (first) => percent(joined(first)),
    unquote: (first) => percent(joined(first)),
  }),
);

function percent(encoded: string): string {
  return encoded.replaceAll(/%([0-9a-f]{2})/gi, (_all, hex: string) => fromPoint(Number.parseInt(hex, 16)));
}

/** A method of a text or a list. */
function called(value: Value, method: string, args: readonly Value[]): Value {
  const whole = joined(value);
  const [, second] = args;
  const first = args[0] ? joined(args[0]) : '';
  if (!value.items.every(isKnown)) return text(marksOf(whole) + unknown(method));
  switch (method) {
    case 'join':
      return value.isList ? text(joined(value, args[0] ? first : ',')) : text((args[0]?.items ?? []).join(whole));
    case 'reverse':
      return list([...value.items].reverse().map((item) => DECODED + stripMarks(item)));
    case 'split':
      return list(first === '' && args.length > 0 ? [...whole] : whole.split(args.length > 0 ? first : /\s+/));
    case 'concat':
      return args.reduce<Value>((sum, arg) => added(sum, arg), value);
    case 'replace':
    case 'replaceAll':
      return second ? text(DECODED + whole.replaceAll(first, () => joined(second))) : UNCLEAR;
    case 'format':
      return filled(
        value,
        args.flatMap(({ items }) => [...items]),
      );
    case 'decode':
    case 'encode':
    case 'toString':
    case 'trim':
    case 'strip':
    case 'toLowerCase':
    case 'lower':
      return text(
        first === 'hex' ? DECODED + fromHex(whole) : first === 'base64' ? DECODED + fromBase64(whole) : whole,
      );
    default:
      return text(marksOf(whole) + unknown(method));
  }
}
