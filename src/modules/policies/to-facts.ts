import { z } from 'zod';
import type { JsonObject } from '../../kernel/json.ts';
import { NEUTRAL_FACTS, type Facts } from '../../kernel/policy/facts.ts';
import { AppError, hint } from '../../platform/errors/index.ts';
import { isGlob } from '../../platform/files/glob.ts';
import { isCredentialPlace, resolveInRoots } from '../../platform/files/index.ts';
import { classifyHost, isAllowlisted } from '../../platform/net/index.ts';

/** What the enforcement point knows about an action; the facts are derived from it. */
export interface FactInput {
  readonly type: string;
  readonly kind: string;
  readonly operation: string;
  readonly known: boolean;
  readonly declared: boolean;
  readonly sideEffect: string;
  readonly reversible: string;
  readonly environment: string;
  readonly agent: { readonly id: string; readonly name: string; readonly version: number };
  readonly trigger: string;
  /** As given: absolute, or relative to the first root. */
  readonly paths: readonly string[];
  readonly recursive: boolean;
  readonly bytes: number;
  readonly url?: string;
  readonly method?: string;
  /** What the author declares: purpose, legalBasis, consent, ticket, backupConfirmed, rollbackPlan, recordCount, cost (US dollars). */
  readonly facts?: JsonObject;
}

/** What the operator allows. */
export interface Surroundings {
  readonly fileRoots: readonly string[];
  /** `host:port`, lower case. */
  readonly allowedHosts: readonly string[];
}

const PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };
const MICROS = 1_000_000;

const Words = z.string().max(4_096);
const Declared = z.strictObject({
  purpose: Words.default(''),
  legalBasis: Words.default(''),
  consent: z.enum(['verified', 'absent', 'unknown']).default('unknown'),
  ticket: Words.default(''),
  backupConfirmed: z.boolean().default(false),
  rollbackPlan: Words.default(''),
  recordCount: z.int().min(0).optional(),
  cost: z.number().min(0).max(1_000_000_000).optional(),
});

async function toFile({ paths, recursive, bytes }: FactInput, roots: readonly string[]): Promise<Facts['file']> {
  const resolved = await Promise.all(paths.map((path) => resolveInRoots(path, roots)));
  const absolute = resolved.map((path) => path.absolute);
  return {
    ...NEUTRAL_FACTS.file,
    path: absolute[0] ?? '',
    paths: absolute,
    // Where `..` among wildcards leads is known only for each match: such a path counts as outside.
    outsideRoots: resolved.some(({ outside }) => outside) || paths.some((path) => isGlob(path) && path.includes('..')),
    recursive,
    wildcard: paths.some(isGlob),
    // A link named `.env` is one too, wherever it leads.
    credentialPlace: [...paths, ...absolute].some(isCredentialPlace),
    bytes,
  };
}

function toUrl({ url, method = '' }: FactInput, allowedHosts: readonly string[]): Facts['url'] {
  if (url === undefined) return { ...NEUTRAL_FACTS.url, method: method.toUpperCase() };
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const defaultPort = parsed === undefined ? undefined : PORTS[parsed.protocol];
  if (parsed === undefined || defaultPort === undefined || parsed.hostname === '') {
    return { ...NEUTRAL_FACTS.url, method: method.toUpperCase(), unparsed: true };
  }
  const port = parsed.port === '' ? defaultPort : Number(parsed.port);
  return {
    ...NEUTRAL_FACTS.url,
    scheme: parsed.protocol.slice(0, -1),
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port,
    method: method.toUpperCase(),
    ...classifyHost(parsed.hostname),
    hasCredentials: parsed.username !== '' || parsed.password !== '',
    allowlisted: isAllowlisted(parsed, allowedHosts),
    unparsed: false,
  };
}

function toDeclared(facts: JsonObject | undefined): Facts['declared'] {
  const parsed = Declared.safeParse(facts ?? {});
  if (!parsed.success) throw toDeclaredError(parsed.error.issues[0]);
  const { cost, recordCount = -1, ...declared } = parsed.data;
  return { ...declared, recordCount, costMicros: cost === undefined ? -1 : Math.round(cost * MICROS) };
}

function toDeclaredError(issue: z.core.$ZodIssue | undefined): AppError {
  const valid = Object.keys(Declared.shape);
  if (issue?.code === 'unrecognized_keys') {
    const name = issue.keys[0] ?? '';
    return new AppError('invalid_input', `\`facts.${name}\` is not a fact that can be declared. ${hint(name, valid)}`);
  }
  const path = ['facts', ...(issue?.path ?? [])].map(String).join('.');
  return new AppError('invalid_input', `\`${path}\` is wrong: ${issue?.message ?? 'it is not valid'}.`, { path });
}

/** The complete record that conditions see. Throws `invalid_input` when what the author declares has a wrong name, type or value. */
export async function toFacts(input: FactInput, { fileRoots, allowedHosts }: Surroundings): Promise<Facts> {
  const { type, kind, operation, declared, known, sideEffect, reversible, environment, agent, trigger } = input;
  return {
    ...NEUTRAL_FACTS,
    action: { ...NEUTRAL_FACTS.action, type, kind, operation, declared, known, sideEffect, reversible },
    environment,
    agent,
    trigger,
    file: await toFile(input, fileRoots),
    url: toUrl(input, allowedHosts),
    declared: toDeclared(input.facts),
  };
}
