import { cutText } from '../../kernel/json.ts';
import { z } from 'zod';
import { hint } from '../../platform/errors/index.ts';
import type { CatalogueEntry } from './catalogue-entry.ts';

export interface ParamsProblem {
  /** Dotted path below `params`; empty for the params as a whole. */
  readonly path: string;
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

const WHOLE_EXPRESSION = /^\s*\$\{\{(?:(?!\$\{\{).)*\}\}\s*$/s;

/**
 * What is wrong with the params of an action, none when they fit. With `allowExpressions`, a value that is only `${{ }}` stands for
 * any value, and a string that contains one for any string.
 */
export function checkParams(
  entry: CatalogueEntry,
  params: unknown,
  options: { allowExpressions: boolean },
): ParamsProblem[] {
  const { error } = entry.params.safeParse(params);
  if (error === undefined) return [];
  return error.issues
    .filter((issue) => !options.allowExpressions || !isUndecided(issue, valueAt(params, issue.path)))
    .map((issue) => toProblem(entry, params, issue));
}

/** Whether only the run can tell: the value the issue complains about is still an expression. */
function isUndecided(issue: Issue, value: unknown): boolean {
  if (issue.code === 'invalid_union') {
    const branches = issue.errors as readonly (readonly Issue[])[];
    return branches.some(
      (branch) => branch.length > 0 && branch.every((inner) => isUndecided(inner, valueAt(value, inner.path))),
    );
  }
  if (typeof value !== 'string' || !value.includes('${{')) return false;
  return WHOLE_EXPRESSION.test(value) || issue.code !== 'invalid_type';
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (isRecord(at) ? at[String(key)] : undefined), value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object';
}

function toProblem(entry: CatalogueEntry, params: unknown, issue: Issue): ParamsProblem {
  const value = valueAt(params, issue.path);
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const valid = keysOf(schemaAt(entry.params, issue.path));
    const name = issue.keys[0] ?? '';
    return {
      path: [path, name].filter((part) => part !== '').join('.'),
      message: `is not a parameter of \`${entry.type}\`. ${hint(name, valid)}`,
    };
  }
  return { path, message: toMessage(issue, value) };
}

function toMessage(issue: Issue, value: unknown): string {
  if (issue.code === 'invalid_type') {
    return value === undefined
      ? `is required (${issue.expected})`
      : `must be ${article(issue.expected)}, not ${describe(value)}`;
  }
  if (issue.code === 'invalid_value')
    return `must be one of ${issue.values.map((valid) => `\`${String(valid)}\``).join(', ')}, not ${describe(value)}`;
  if (issue.code === 'too_big') return `is too large: at most ${issue.maximum}${unit(issue.origin)}`;
  if (issue.code === 'too_small')
    return issue.minimum === 1 && unit(issue.origin) !== ''
      ? 'must not be empty'
      : `is too small: at least ${issue.minimum}${unit(issue.origin)}`;
  return issue.message.replace(/^Invalid /, 'is not a valid ');
}

function unit(origin: string): string {
  return origin === 'string' ? ' characters' : origin === 'array' ? ' entries' : '';
}

function article(expected: string): string {
  const name = expected === 'record' ? 'object' : expected === 'int' ? 'whole number' : expected;
  return `${/^[aeio]/.test(name) ? 'an' : 'a'} ${name}`;
}

function describe(value: unknown): string {
  if (typeof value === 'string') return `\`${value.length > 60 ? `${cutText(value, 60)}…` : value}\``;
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return `\`${value}\``;
  return Array.isArray(value) ? 'a list' : article(typeof value);
}

function schemaAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): z.core.$ZodType | undefined {
  return path.reduce<z.core.$ZodType | undefined>((at, key) => {
    const inner = at instanceof z.ZodOptional ? at.unwrap() : at;
    if (inner instanceof z.ZodArray) return inner.element;
    if (inner instanceof z.ZodObject) return (inner.shape as Record<string, z.core.$ZodType>)[String(key)];
    return undefined;
  }, schema);
}

function keysOf(schema: z.core.$ZodType | undefined): string[] {
  const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}
