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
    const found = find(this.value, path);
    if (typeof found?.value !== 'string') return false;
    const changed = next(found.value);
    if (changed === found.value) return false;
    found.holder[found.key] = changed;
    return true;
  }
}

interface Found {
  readonly holder: Record<string | number, Json>;
  readonly key: string | number;
  readonly value: Json | undefined;
}

/** What a path leads to, and the list or object that holds it. */
function find(top: JsonObject, path: Located['path']): Found | undefined {
  let found: Found | undefined;
  let at: Json | undefined = top;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    const holder = at as Found['holder'];
    at = holder[key];
    found = { holder, key, value: at };
  }
  return found;
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
  const ids = new Map<Located['path'], string>();
  for (const each of findings) {
    const id = ids.get(each.path) ?? JSON.stringify(each.path);
    ids.set(each.path, id);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [each]);
    else group.push(each);
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
    const [{ path } = { path: [] }] = group;
    const spans = toSpans(group);
    const changed: string[] = [];
    // In one go: each change alone would copy the whole text.
    draft.changeText(path, (text) => {
      const pieces: string[] = [];
      let end = text.length;
      for (const span of spans) {
        const piece = text.slice(span.start, span.end);
        const replaced = replace(piece, span.class);
        if (replaced !== piece) changed.push(span.class);
        pieces.push(text.slice(span.end, end), replaced);
        end = span.start;
      }
      pieces.push(text.slice(0, end));
      return pieces.reverse().join('');
    });
    for (const name of changed) draft.count(path, name);
  }
}

/** The fields in which something was found, by the innermost name. */
function dropHolders(draft: Draft, findings: readonly Located[]): void {
  for (const { path, class: name } of findings) {
    if (path.length < 2) continue;
    const field = path.slice(0, path.findLastIndex((part) => typeof part === 'string') + 1);
    const found = find(draft.value, field);
    if (found === undefined) continue;
    delete found.holder[found.key];
    draft.count(field, name);
  }
}

function carryOut(draft: Draft, { kind, classes, fields }: Transform, request: TransformRequest): void {
  const { fixed, findings } = request;
  if (fields !== undefined) changeFields(draft, fields, kind, fixed);
  else if (kind === 'truncate') draft.value = truncateAll(draft, fixed);
  else if (kind === 'strip' && classes === undefined) stripUrls(draft, fixed);
  if (kind === 'truncate') return;
  // Fields that were named are the whole wish, unless classes are named too.
  if (classes === undefined && (fields !== undefined || kind === 'strip')) return;
  const wanted = findings.filter(
    (each) => !fixed.some((key) => key === each.path[0]) && (classes === undefined || classes.includes(each.class)),
  );
  if (kind === 'drop') dropHolders(draft, wanted);
  else changeSpans(draft, wanted, REPLACEMENTS[kind]);
}

function stripUrls(draft: Draft, fixed: readonly string[]): void {
  for (const key of Object.keys(draft.value)) {
    if (fixed.includes(key) && key !== 'url') continue;
    if (draft.changeText([key], stripUrl)) draft.count([key], 'credential');
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
  for (const transform of ordered) {
    // Offsets hold for the text they were found in only: what one transform has changed, the next one leaves.
    const findings = request.findings.filter(({ path }) => isUntouched(path, request.value, draft.value));
    carryOut(draft, transform, { ...request, findings });
  }
  const { redactions } = draft;
  return { value: draft.value, redactions, isChanged: redactions.length > 0 };
}

function isUntouched(path: Located['path'], before: JsonObject, after: JsonObject): boolean {
  return find(before, path)?.value === find(after, path)?.value;
}
