import { NEUTRAL_FACTS, type Facts } from '../../../kernel/policy/facts.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import type { InspectAnswer } from '../../../platform/inspect/index.ts';
import type { Subject } from '../subject.ts';

const MICROS = 1_000_000;
/** Upper list prices in US dollars for a million tokens, by family, for estimates before the bill is known; as of January 2026. */
const PRICES: readonly { readonly family: RegExp; readonly input: number; readonly output: number }[] = [
  { family: /haiku|(?<!ge)mini|nano|flash|small|lite/i, input: 1, output: 5 },
  { family: /sonnet|gpt-4|gpt-5|gemini|mistral|command/i, input: 5, output: 20 },
];
/** For a model that is not named. */
const HIGHEST = { input: 15, output: 75 };
const DEFAULT_OUTPUT_TOKENS = 1_024;
const CHARACTERS_PER_TOKEN = 4;

/** How many records the action touches. What is counted outweighs what is declared. */
export function toRecordFacts(
  subject: Pick<Subject, 'kind' | 'recursive' | 'type'>,
  facts: Pick<Facts, 'sql' | 'declared' | 'file' | 'recipients' | 'shell'>,
  answer: Pick<InspectAnswer, 'records'>,
): Facts['records'] {
  const declared = facts.declared.recordCount;
  const counted = toCounted(subject, facts, answer);
  if (counted === undefined) return declared >= 0 ? { count: declared, known: true } : { count: -1, known: false };
  return { count: Math.max(counted, declared), known: true };
}

/** Undefined: it depends on what is there. */
function toCounted(
  { kind, recursive, type }: Pick<Subject, 'kind' | 'recursive' | 'type'>,
  { sql, file, recipients, shell }: Pick<Facts, 'sql' | 'file' | 'recipients' | 'shell'>,
  answer: Pick<InspectAnswer, 'records'>,
): number | undefined {
  if (sql.present) return toSqlRows(sql, answer);
  if (shell.present) return shell.destructive || shell.deletes ? undefined : answer.records;
  if (kind === 'file' && (recursive || file.wildcard) && type !== 'file.list') return undefined;
  if (type === 'email.send') return Math.max(recipients.count, answer.records);
  return answer.records;
}

function toSqlRows(sql: Facts['sql'], { records }: Pick<InspectAnswer, 'records'>): number | undefined {
  if (!sql.parsed || sql.opaque) return undefined;
  if (sql.operations.some((verb) => ['delete', 'update', 'merge', 'truncate', 'drop'].includes(verb))) {
    return sql.keyedRows >= 0 ? sql.keyedRows : undefined;
  }
  if (sql.mutating) return records;
  return sql.limit >= 0 ? sql.limit : undefined;
}

/** What the action costs, before it runs. */
export function toCostFacts(subject: Subject, target: Facts['target'], declared: Facts['declared']): Facts['cost'] {
  const { params, costUsd, kind } = subject;
  const tokens = kind === 'model' ? countTokens(params) : 0;
  const paid = kind === 'model' || target.kind === 'model' || costUsd > 0;
  const micros = Math.max(
    declared.costMicros,
    kind === 'model' ? priceOf(params, tokens) : Math.round(costUsd * MICROS),
  );
  const known = !paid || kind === 'model' || declared.costMicros >= 0 || costUsd > 0;
  return { ...NEUTRAL_FACTS.cost, micros: known ? Math.max(0, micros) : 0, known, paid, tokens };
}

function toOutputTokens({ maxTokens }: JsonObject): number {
  return typeof maxTokens === 'number' ? maxTokens : DEFAULT_OUTPUT_TOKENS;
}

function countInput(params: JsonObject): number {
  const text = JSON.stringify([params['prompt'], params['messages'], params['system']]);
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

function countTokens(params: JsonObject): number {
  return countInput(params) + toOutputTokens(params);
}

function priceOf(params: JsonObject, tokens: number): number {
  const { model } = params;
  const price = (typeof model === 'string' ? PRICES.find(({ family }) => family.test(model)) : undefined) ?? HIGHEST;
  const output = toOutputTokens(params);
  return Math.ceil((tokens - output) * price.input + output * price.output);
}
