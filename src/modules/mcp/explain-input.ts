import { cutText } from '../../kernel/json.ts';
import type { z } from 'zod';
import { hint, suggest } from '../../platform/errors/index.ts';
import { bullets, code, page } from './markdown.ts';

type Issue = z.core.$ZodIssue;
/** A node of a JSON Schema, as far as names are looked up in it. */
type SchemaNode = Readonly<Record<string, unknown>>;

const MAX_PROBLEMS = 10;

/** Why arguments were refused: each problem with its path, what is valid, and the nearest name. */
export function explainInput(tool: string, issues: readonly Issue[], args: unknown, schema: SchemaNode): string {
  const lines = issues.flatMap((issue) => explain(issue, args, schema));
  const more = lines.length > MAX_PROBLEMS ? `${lines.length - MAX_PROBLEMS} more problems follow these.` : undefined;
  return page(
    `The arguments of ${code(tool)} are not valid; nothing was done.`,
    bullets(lines.slice(0, MAX_PROBLEMS)),
    more,
  );
}

function explain(issue: Issue, args: unknown, schema: SchemaNode): string[] {
  const path = toPath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const valid = Object.keys(childOf(nodeAt(schema, issue.path), ['properties']) ?? {});
    return issue.keys.map((key) => `${code(toPath([...issue.path, key]))} is not a parameter. ${hint(key, valid)}`);
  }
  const value = valueAt(args, issue.path);
  return [`${path === '' ? 'The arguments' : code(path)} ${problem(issue, value)}`];
}

function problem(issue: Issue, value: unknown): string {
  if (value === undefined && issue.code !== 'custom') return `is required: ${expected(issue)}.`;
  const got = shown(value);
  switch (issue.code) {
    case 'invalid_value': {
      const valid = issue.values.map(String);
      const near = typeof value === 'string' && suggest(value, valid).length > 0 ? ` ${hint(value, valid)}` : '';
      return `is ${got}, which is not one of ${valid.map(code).join(', ')}.${near}`;
    }
    case 'too_big':
      return `is too large: ${size(value, issue.origin)}, at most ${issue.maximum}${unit(issue.origin)} ${issue.origin === 'string' ? 'are' : 'is'} allowed.`;
    case 'too_small':
      return `is ${got}: ${lowest(issue)}.`;
    default:
      return `is ${got}; it must be ${expected(issue)}.`;
  }
}

function lowest(issue: Issue & { code: 'too_small' }): string {
  if (!issue.message.startsWith('Too small')) return `it must be ${issue.message}`;
  return `the least is ${issue.minimum}${unit(issue.origin)}`;
}

const NAMES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  record: 'an object',
  object: 'an object',
  array: 'a list',
};

function expected(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return NAMES[issue.expected] ?? `a ${issue.expected}`;
    case 'invalid_value':
      return `one of ${issue.values.map((value) => code(String(value))).join(', ')}`;
    case 'invalid_format':
      return issue.format === 'datetime' ? 'an ISO 8601 time with zone, such as `2026-11-22T09:00:00Z`' : issue.message;
    case 'invalid_union':
      return 'a JSON value';
    default:
      return issue.message;
  }
}

function unit(origin: string): string {
  return origin === 'string' ? ' characters' : origin === 'array' ? ' entries' : '';
}

function size(value: unknown, origin: string): string {
  const count = typeof value === 'string' || Array.isArray(value) ? value.length : Number(value);
  return `${count}${unit(origin)}`;
}

function shown(value: unknown): string {
  if (typeof value === 'string' && value.trim() === '') return 'empty';
  if (typeof value === 'string') return code(value.length > 60 ? `${cutText(value, 60)}…` : value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : code(String(value));
}

function toPath(path: readonly PropertyKey[]): string {
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i === 0 ? '' : '.'}${String(key)}`)).join('');
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  );
}

function nodeAt(schema: SchemaNode, path: readonly PropertyKey[]): SchemaNode | undefined {
  return path.reduce<SchemaNode | undefined>(
    (node, key) => childOf(node, typeof key === 'number' ? ['items'] : ['properties', String(key)]),
    schema,
  );
}

function childOf(node: SchemaNode | undefined, keys: readonly string[]): SchemaNode | undefined {
  return keys.reduce<SchemaNode | undefined>((at, key) => at?.[key] as SchemaNode | undefined, node);
}
