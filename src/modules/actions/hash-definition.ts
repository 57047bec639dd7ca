import { z } from 'zod';
import { canonicalize } from '../../kernel/audit/canonical.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { sha256 } from '../audit/index.ts';
import type { CatalogueEntry } from './catalogue-entry.ts';

/** A schema never changes while the process lives. */
const schemas = new WeakMap<CatalogueEntry, Json>();

/** Hash of what an action of this type is: what people approved is void when it changes. Hex, 64 digits. */
export function hashDefinition(entry: CatalogueEntry | undefined, params: JsonObject): string {
  if (entry === undefined) return toHash('unknown');
  const { type, reversible } = entry;
  const definition = {
    type,
    params: toSchema(entry),
    sideEffect: entry.sideEffect(params),
    reversible,
    idempotent: entry.isIdempotent(params),
  };
  return toHash(canonicalize(definition));
}

function toSchema(entry: CatalogueEntry): Json {
  const known = schemas.get(entry);
  if (known !== undefined) return known;
  const text = JSON.stringify(z.toJSONSchema(entry.params, { io: 'input', unrepresentable: 'any' }));
  // By its hash: what is hashed for each action stays small.
  const schema = toHash(canonicalize(JSON.parse(text) as Json));
  schemas.set(entry, schema);
  return schema;
}

function toHash(text: string): string {
  return Buffer.from(sha256(Buffer.from(`definition/v1\0${text}`, 'utf8'))).toString('hex');
}
