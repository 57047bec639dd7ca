import type { z } from 'zod';
import type { JsonObject } from '../../kernel/json.ts';
import type { Operation } from '../../kernel/policy/vocabulary-action.ts';

export type { Operation };

/** none; local: inside the workspace's own roots; outside: another system may change or be told something. */
export const SIDE_EFFECTS = ['none', 'local', 'outside'] as const;
export type SideEffect = (typeof SIDE_EFFECTS)[number];

/**
 * What is known about an action type without running it. The functions are total: they also take params that do not fit the
 * schema (an expression not yet evaluated) and then answer with the more cautious value.
 */
export interface CatalogueEntry {
  readonly type: string;
  /** Family: the part before the dot. */
  readonly kind: string;
  readonly title: string;
  readonly description: string;
  readonly params: z.ZodType;
  readonly output: z.ZodType;
  operation(params: JsonObject): Operation;
  sideEffect(params: JsonObject): SideEffect;
  readonly reversible: 'yes' | 'no' | 'unknown';
  /** Whether a repeat with the same action id has the effect of one. */
  isIdempotent(params: JsonObject): boolean;
  /** Estimate for one action, US dollars. */
  readonly costUsd: number;
  readonly connection?: { readonly kinds: readonly string[]; readonly required: boolean };
  /** What is not there yet; absent when actions of this type can run. */
  readonly requires?: string;
  /** Whether a dry run really executes it. */
  readonly runsInDryRun: boolean;
  paths(params: JsonObject): string[];
  isRecursive(params: JsonObject): boolean;
  /** Bytes that the action writes or sends, as far as the params tell. */
  bytes(params: JsonObject): number;
  url(params: JsonObject): string | undefined;
  method(params: JsonObject): string | undefined;
  readonly timeoutMs: number;
}

type Facets = Pick<CatalogueEntry, 'type' | 'title' | 'description' | 'params' | 'output' | 'timeoutMs'> & {
  readonly operation: Operation | ((params: JsonObject) => Operation);
} & Partial<Omit<CatalogueEntry, 'operation' | 'kind'>>;

/** An entry with the usual values where none are given: no side effect, idempotent, free, no path, no url. */
export function defineAction(facets: Facets): CatalogueEntry {
  const { operation, type } = facets;
  return {
    kind: type.slice(0, type.indexOf('.')),
    sideEffect: () => 'none',
    reversible: 'yes',
    isIdempotent: () => true,
    costUsd: 0,
    runsInDryRun: false,
    paths: () => [],
    isRecursive: () => false,
    bytes: () => 0,
    url: () => undefined,
    method: () => undefined,
    ...facets,
    operation: typeof operation === 'function' ? operation : () => operation,
  };
}

/** The params that are strings under these names. */
export function texts(params: JsonObject, ...names: readonly string[]): string[] {
  return names.map((name) => params[name]).filter((value) => typeof value === 'string');
}

export function byteLength(value: unknown, encoding: BufferEncoding = 'utf8'): number {
  if (value === undefined) return 0;
  return Buffer.byteLength(typeof value === 'string' ? value : JSON.stringify(value), encoding);
}
