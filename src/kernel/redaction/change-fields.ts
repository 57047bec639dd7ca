import type { Json, JsonObject } from '../json.ts';
import type { TransformKind } from '../policy/model.ts';
import type { Draft } from './apply-transforms.ts';
import { maskText, REDACTED, TRUNCATED_LIST, truncateText } from './texts.ts';

type Key = string | number;

function matches(path: readonly Key[], fields: readonly string[]): boolean {
  const dotted = path.filter((key) => typeof key === 'string').join('.');
  return fields.some((field) => `.${dotted}`.toLowerCase().endsWith(`.${field}`.toLowerCase()));
}

function truncate(value: Json): Json {
  if (typeof value === 'string') return truncateText(value);
  return Array.isArray(value) && value.length > TRUNCATED_LIST
    ? (value as readonly Json[]).slice(0, TRUNCATED_LIST)
    : value;
}

/** The new value; undefined where the field goes. */
function changeValue(value: Json, kind: TransformKind): Json | undefined {
  if (kind === 'redact') return REDACTED;
  if (kind === 'mask')
    return typeof value === 'string' || typeof value === 'number' ? maskText(String(value)) : REDACTED;
  return kind === 'truncate' ? truncate(value) : undefined;
}

/** Changes every field of these names, at any depth; `customer.email` names one below another. */
export function changeFields(
  draft: Draft,
  fields: readonly string[],
  kind: TransformKind,
  fixed: readonly string[],
): void {
  const walk = (value: Json, path: readonly Key[]): Json => {
    if (Array.isArray(value)) return (value as readonly Json[]).map((each, index) => walk(each, [...path, index]));
    if (value === null || typeof value !== 'object') return value;
    return walkObject(value, path);
  };
  const walkObject = (value: JsonObject, path: readonly Key[]): JsonObject => {
    const entries: [string, Json][] = [];
    for (const [key, each] of Object.entries(value)) {
      const at = [...path, key];
      if (path.length === 0 && fixed.includes(key)) entries.push([key, each]);
      else if (!matches(at, fields)) entries.push([key, walk(each, at)]);
      else {
        const next = changeValue(each, kind);
        if (next !== each) draft.count(at, 'field');
        if (next !== undefined) entries.push([key, next]);
      }
    }
    return Object.fromEntries(entries);
  };
  draft.value = walkObject(draft.value, []);
}
