import type { Json, JsonObject } from '../../kernel/json.ts';
import type { Origin } from '../../kernel/policy/vocabulary-action.ts';
import type { Step } from '../../kernel/run/model.ts';
import { compileTemplate, type CompiledTemplate } from '../../platform/cel/template.ts';
import { AppError } from '../../platform/errors/index.ts';
import { CATALOGUE, type ActionRequest } from '../actions/index.ts';

export type Provenance = NonNullable<ActionRequest['provenance']>;

/** Params that decide where an action goes or whom it hits; of a family that is not here, all of them. */
const KEY_PARAMS: Readonly<Record<string, readonly string[]>> = {
  file: ['path', 'from', 'to'],
  http: ['url', 'connection'],
  email: ['to', 'cc', 'bcc', 'connection'],
  slack: ['channel', 'connection'],
  sql: ['sql', 'connection'],
  storage: ['connection', 'bucket', 'key'],
  mcp: ['server', 'tool', 'arguments'],
  code: ['source'],
  model: ['connection'],
  data: [],
  text: [],
};
/** Families whose outputs somebody outside has written. */
const OUTSIDE = ['http', 'email', 'mcp', 'model'];

function toKind(type: string): string {
  return CATALOGUE.get(type)?.kind ?? 'unknown';
}

/** The part of the params that decides where it goes. */
export function toKeyParams(type: string, params: JsonObject): JsonObject {
  const names = KEY_PARAMS[toKind(type)];
  return names === undefined
    ? params
    : Object.fromEntries(Object.entries(params).filter(([name]) => names.includes(name)));
}

function tryCompile(value: Json): CompiledTemplate | undefined {
  try {
    return compileTemplate(value);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/** A step before whose output nobody of the workspace has written, that a value is made of. */
function findSource(value: Json, tainted: ReadonlySet<string>, itemSource?: string): string | undefined {
  const template = tryCompile(value);
  if (template === undefined) return undefined;
  return [...template.steps].find((name) => tainted.has(name)) ?? (template.roots.has('item') ? itemSource : undefined);
}

/**
 * Where the key arguments of each step come from, read from how the steps are written: what their author wrote is trusted, what comes
 * from the output of a step that reads outside, also through other steps, is not; neither is what a webhook brought.
 */
export function toProvenances(steps: readonly Step[], trigger: string): Provenance[] {
  const tainted = new Set<string>();
  let sessionTainted = trigger === 'webhook';
  return steps.map((step) => {
    const fromItems = step.forEach === undefined ? undefined : findSource(step.forEach, tainted);
    const key = toKeyParams(step.action, step.params);
    const bringsInput = trigger === 'webhook' && (tryCompile(key)?.roots.has('input') ?? false);
    const source = findSource(key, tainted, fromItems) ?? (bringsInput ? 'input' : '');
    const provenance: Provenance = { keyArgument: source === '' ? 'trusted' : 'untrusted', source, sessionTainted };
    const isOutside = OUTSIDE.includes(toKind(step.action));
    if (isOutside || findSource(step.params, tainted, fromItems) !== undefined) tainted.add(step.name);
    sessionTainted ||= isOutside;
    return provenance;
  });
}

const SHORTEST = 3;

/** The texts and numbers of a value, each as it would be written. */
function toLeaves(value: Json): string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value.trim()];
  if (typeof value === 'number') return [String(value)];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap((each) => toLeaves(each));
}

/**
 * One session of an assistant that began with a user's words. An argument is the user's where the words hold it; it is untrusted where
 * only an output that was read before holds it; otherwise nobody knows where it comes from.
 */
export class Session {
  readonly #words: string;
  readonly #read: { readonly step: string; readonly text: string }[] = [];

  constructor(userRequest: string) {
    this.#words = userRequest.toLowerCase();
  }

  /** What the step gave counts as read by all that come later. */
  learn(step: string, output: Json): void {
    this.#read.push({ step, text: toLeaves(output).join('\n').toLowerCase() });
  }

  /** Whether the user named this host or address. */
  names(value: string): boolean {
    return value !== '' && this.#words.includes(value.toLowerCase());
  }

  toProvenance(type: string, params: JsonObject): Provenance {
    let worst: { readonly keyArgument: Origin; readonly source: string } = { keyArgument: 'user', source: '' };
    for (const leaf of toLeaves(toKeyParams(type, params))) {
      const origin = this.#toOrigin(leaf);
      if (origin.keyArgument === 'untrusted') return { ...origin, sessionTainted: this.#read.length > 0 };
      if (origin.keyArgument === 'unknown') worst = origin;
    }
    return { ...worst, sessionTainted: this.#read.length > 0 };
  }

  #toOrigin(leaf: string): { readonly keyArgument: Origin; readonly source: string } {
    const text = leaf.toLowerCase();
    if (this.#words.includes(text)) return { keyArgument: 'user', source: '' };
    const step = text.length < SHORTEST ? undefined : this.#read.find((each) => each.text.includes(text))?.step;
    return step === undefined ? { keyArgument: 'unknown', source: '' } : { keyArgument: 'untrusted', source: step };
  }
}
