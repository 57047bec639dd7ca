import type { Json } from '../json.ts';

/**
 * The canonical text of a JSON value (RFC 8785): keys sorted by UTF-16 code units, no spaces, numbers as ECMAScript writes them.
 * Throws on what JSON cannot carry: NaN, Infinity, lone surrogates, functions, cycles. Equal values give equal text.
 */
export function canonicalize(value: Json): string {
  return write(value, 0);
}

const MAX_DEPTH = 200;
const LONE_SURROGATE = /\p{Surrogate}/u;

function write(value: Json, depth: number): string {
  if (depth > MAX_DEPTH) throw new TypeError(`deeper than ${MAX_DEPTH} levels: it has no canonical form`);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return writeNumber(value);
  if (typeof value === 'string') return writeString(value);
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(',')}]`;
  if (typeof value !== 'object') throw new TypeError(`a ${typeof value} has no canonical form`);
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  const members = keys.sort().map((key) => `${writeString(key)}:${write(value[key] as Json, depth + 1)}`);
  return `{${members.join(',')}}`;
}

function writeNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`${value} has no canonical form`);
  return JSON.stringify(value);
}

function writeString(value: string): string {
  if (LONE_SURROGATE.test(value)) throw new TypeError('text with a lone surrogate has no canonical form');
  return JSON.stringify(value);
}
