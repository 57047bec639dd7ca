import type { DataClass } from '../../kernel/policy/data-classes.ts';
import type { Span } from './model.ts';
import { classifyNames, readTable } from './tables.ts';
import { walkValue } from './walk.ts';

/** What the form of a text says: JSON, lines of JSON, or separated values. */
export interface Structure {
  readonly fields: Iterable<string>;
  readonly classes: Iterable<DataClass>;
  readonly records: number;
  readonly spans: readonly Span[];
}

const NONE: Structure = { fields: [], classes: [], records: 0, spans: [] };

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function readJson(text: string): Structure | undefined {
  const value = parse(text);
  if (typeof value === 'object' && value !== null) return { ...walkedOf(value), spans: [] };
  const lines = text.split('\n').filter((line) => line.startsWith('{') && line.trimEnd().endsWith('}'));
  const first = lines.length > 1 ? parse(lines[0] ?? '') : undefined;
  return typeof first === 'object' && first !== null
    ? { ...walkedOf(first), records: lines.length, spans: [] }
    : undefined;
}

function walkedOf(value: object): Omit<Structure, 'spans'> {
  const { fields, classes, records } = walkValue(value);
  return { fields, classes, records };
}

export function readStructure(text: string): Structure {
  const start = text.search(/\S/);
  const first = start < 0 ? '' : text.charAt(start);
  const json = first === '{' || first === '[' ? readJson(text) : undefined;
  if (json !== undefined) return json;
  const table = text.includes('\n') ? readTable(text) : undefined;
  if (table === undefined) return NONE;
  const classes = classifyNames(table.headers).filter((each) => each !== undefined);
  return { fields: table.headers, classes, records: table.rows, spans: table.spans };
}
