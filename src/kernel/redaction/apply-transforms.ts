import type { Json, JsonObject } from '../json.ts';
import { TRANSFORM_KINDS, type Redaction, type Transform } from '../policy/model.ts';
import { changeFields } from './change-fields.ts';
import { maskText, stripUrl, TRUNCATED_LIST, truncateText } from './texts.ts';

/** Something found in a text of the value: keys and indexes from the top, then UTF-16 offsets, `end` exclusive. */
export interface Located {
  readonly path: readonly (string | number)[];
  readonly start: number;
  readonly end: number;
  readonly class: string;
}

export interface Transformed {
  readonly value: JsonObject;
  readonly redactions: readonly Redaction[];
  readonly isChanged: boolean;
}

export interface TransformRequest {
  readonly value: JsonObject;
  readonly transforms: readonly Transform[];
  readonly findings: readonly Located[];
  /** First keys of the value that say what is done, such as `sql`: to change them would be another action. */
  readonly fixed: readonly string[];
  /** How paths of redactions begin: `params` or `output`. */
  readonly root: string;
}

type Change = (text: string) => string;

/** The value while it is changed, and what was changed so far. */
export class Draft {
  value: JsonObject;
  readonly #counts = new Map<string, Redaction>();
  readonly #root: string;

  constructor({ value, root }: TransformRequest) {
    this.value = JSON.parse(JSON.stringify(value)) as JsonObject;
    this.#root = root;
  }

  count(path: Located['path'], name: string, count = 1): void {
    const text = path.reduce<string>(
      (all, key) => (typeof key === 'number' ? `${all}[${key}]` : `${all}.${key}`),
      this.#root,
    );
    const id = `${text}\0${name}`;
    this.#counts.set(id, { path: text, class: name, count: (this.#counts.get(id)?.count ?? 0) + count });
  }

  get redactions(): Redaction[] {
    return [...this.#counts.values()];
  }

  /** Puts `next(text)` where the text is; what is no text stays. */
  changeText(path: Located['path'], next: Change): boolean {
    const parent = path.slice(0, -1).reduce<Json | undefined>((at, key) => child(at, key), this.value);
    const key = path.at(-1);
    const text = key === undefined ? undefined : child(parent, key);
    if (key === undefined || typeof text !== 'string' || parent === null || typeof parent !== 'object') return false;
    const changed = next(text);
    if (changed === text) return false;
    (parent as Record<string | number, Json>)[key] = changed;
    return true;
  }
}

function child(at: Json | undefined, key: string | number): Json | undefined {
  if (Array.isArray(at)) return typeof key === 'number' ? (at as readonly Json[])[key] : undefined;
  return at !== null && typeof at === 'object' && Object.hasOwn(at, key) ? at[key] : undefined;
}

/** Spans of one text as they stand, last first, overlapping ones as one. */
function toSpans(findings: readonly Located[]): Located[] {
  const sorted = [...findings].sort((a, b) => a.start - b.start || b.end - a.end);
  const spans: Located[] = [];
  for (const each of sorted) {
    const last = spans.at(-1);
    if (last !== undefined && each.start < last.end)
      spans[spans.length - 1] = { ...last, end: Math.max(last.end, each.end) };
    else spans.push(each);
  }
  return spans.reverse();
}

function byPath(findings: readonly Located[]): Located[][] {
  const groups = new Map<string, Located[]>();
  for (const each of findings) {
    const id = JSON.stringify(each.path);
    groups.set(id, [...(groups.get(id) ?? []), each]);
  }
  return [...groups.values()];
}

const REPLACEMENTS: Record<Exclude<Transform['kind'], 'drop' | 'truncate'>, (piece: string, name: string) => string> = {
  redact: (_piece, name) => `[redacted ${name}]`,
  mask: maskText,
  strip: () => '',
};

function changeSpans(
  draft: Draft,
  findings: readonly Located[],
  replace: (piece: string, name: string) => string,
): void {
  for (const group of byPath(findings)) {
    for (const { path, start, end, class: name } of toSpans(group)) {
      const isChanged = draft.changeText(
        path,
        (text) => text.slice(0, start) + replace(text.slice(start, end), name) + text.slice(end),
      );
      if (isChanged) draft.count(path, name);
    }
  }
}

/** The fields in which something was found, by the innermost name. */
function dropHolders(draft: Draft, findings: readonly Located[]): void {
  for (const { path, class: name } of findings) {
    const key = path.findLast((part) => typeof part === 'string');
    if (key === undefined || path.length === 1) continue;
    const at = path.lastIndexOf(key);
    const parent = path.slice(0, at).reduce<Json | undefined>((value, part) => child(value, part), draft.value);
    if (parent === null || typeof parent !== 'object' || Array.isArray(parent) || !Object.hasOwn(parent, key)) continue;
    delete (parent as Record<string, Json>)[key];
    draft.count(path.slice(0, at + 1), name);
  }
}

function carryOut(draft: Draft, { kind, classes, fields }: Transform, request: TransformRequest): void {
  const { fixed, findings } = request;
  if (fields !== undefined) changeFields(draft, fields, kind, fixed);
  if (kind === 'truncate' && fields === undefined) draft.value = truncateAll(draft, fixed);
  if (kind === 'strip' && classes === undefined && fields === undefined) stripUrls(draft, fixed);
  // Fields that were named are the whole wish, unless classes are named too.
  if (kind === 'truncate' || (fields !== undefined && classes === undefined)) return;
  if (kind === 'strip' && classes === undefined) return;
  const wanted = findings.filter(
    (each) => !fixed.some((key) => key === each.path[0]) && (classes === undefined || classes.includes(each.class)),
  );
  if (kind === 'drop') dropHolders(draft, wanted);
  else changeSpans(draft, wanted, REPLACEMENTS[kind]);
}

function stripUrls(draft: Draft, fixed: readonly string[]): void {
  for (const [key, value] of Object.entries(draft.value)) {
    if (fixed.includes(key) && key !== 'url') continue;
    if (typeof value === 'string' && draft.changeText([key], stripUrl)) draft.count([key], 'credential');
  }
}

function truncateAll(draft: Draft, fixed: readonly string[]): JsonObject {
  const cut = (value: Json, path: readonly (string | number)[]): Json => {
    if (typeof value === 'string') {
      const text = truncateText(value);
      if (text !== value) draft.count(path, 'text');
      return text;
    }
    if (Array.isArray(value)) {
      const list = value as readonly Json[];
      if (list.length > TRUNCATED_LIST) draft.count(path, 'list');
      return list.slice(0, TRUNCATED_LIST).map((each, index) => cut(each, [...path, index]));
    }
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cut(each, [...path, key])]));
  };
  return Object.fromEntries(
    Object.entries(draft.value).map(([key, each]) => [key, fixed.includes(key) ? each : cut(each, [key])]),
  );
}

/** Carries out transforms in their fixed order (strip, drop, redact, mask, truncate) on a copy; what it could not change stays as it is. */
export function applyTransforms(request: TransformRequest): Transformed {
  const draft = new Draft(request);
  const ordered = [...request.transforms].sort(
    (a, b) => TRANSFORM_KINDS.indexOf(a.kind) - TRANSFORM_KINDS.indexOf(b.kind),
  );
  let findings = request.findings;
  for (const transform of ordered) {
    const before = draft.redactions.length;
    carryOut(draft, transform, { ...request, findings });
    // Offsets hold for the text they were found in only: what one transform has changed, the next one leaves.
    if (draft.redactions.length > before)
      findings = findings.filter((each) => isUntouched(each, request.value, draft.value));
  }
  const { redactions } = draft;
  return { value: draft.value, redactions, isChanged: redactions.length > 0 };
}

function isUntouched({ path }: Located, before: JsonObject, after: JsonObject): boolean {
  const at = (top: JsonObject): Json | undefined =>
    path.reduce<Json | undefined>((value, key) => child(value, key), top);
  return at(before) === at(after);
}
