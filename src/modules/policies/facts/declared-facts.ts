import { z } from 'zod';
import type { JsonObject } from '../../../kernel/json.ts';
import type { Facts } from '../../../kernel/policy/facts.ts';
import { AppError, hint } from '../../../platform/errors/index.ts';

const MICROS = 1_000_000;
/** What fills a field and says nothing. */
const PLACEHOLDER = /^(?:none|null|undefined|unknown|n\/?a|tbd|todo|[\s\p{C}\p{Z}\u115f\u1160\u3164\uffa0.?_*x-]*)$/iu;
const Words = z
  .string()
  .max(4_096)
  .transform((words) => (PLACEHOLDER.test(words.trim()) ? '' : words.trim()));
const Declared = z.strictObject({
  purpose: Words.default(''),
  legalBasis: Words.default(''),
  consent: z.enum(['verified', 'absent', 'unknown']).default('unknown'),
  ticket: Words.default(''),
  backupConfirmed: z.boolean().default(false),
  rollbackPlan: z.union([Words, z.boolean().transform((has) => (has ? 'yes' : ''))]).default(''),
  recordCount: z.int().min(0).optional(),
  cost: z.number().min(0).max(1_000_000_000).optional(),
});

/** Throws `invalid_input` when what the author declares has a wrong name, type or value. */
export function toDeclaredFacts(facts: JsonObject | undefined): Facts['declared'] {
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
