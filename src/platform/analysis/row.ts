import type { Json, JsonObject } from '../../kernel/json.ts';

export function isRow(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
