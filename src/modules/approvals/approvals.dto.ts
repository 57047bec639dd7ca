import { z } from 'zod';
import { APPROVAL_STATUSES, VERDICTS } from '../../kernel/approval/model.ts';
import { toStorable } from '../../kernel/json.ts';
import { AppError } from '../../platform/errors/index.ts';

const MAX_REASON = 2_000;

/** Blank is as good as none. */
const reason = z
  .string()
  .max(MAX_REASON)
  .optional()
  .transform((text) => (text === undefined ? undefined : toStorable(text.trim()) || undefined));

/** `actionHash` is that of what the person was shown. */
export const ReviewBody = z.object({ verdict: z.enum(VERDICTS), actionHash: z.string().min(1).max(200), reason });

export const EndBody = z.object({ reason }).default({ reason: undefined });

/** `mine`: what waits for an answer of who asks. */
export const ListQuery = z.object({
  status: z.enum(APPROVAL_STATUSES).optional(),
  agentId: z.uuid().optional(),
  mine: z
    .enum(['true', 'false', '1', '0', ''])
    .optional()
    .transform((text) => text === 'true' || text === '1'),
  limit: z.coerce.number().int().min(1).max(200).optional(),
  cursor: z.string().max(200).optional(),
});

/** What was sent, or `invalid_input` with the field and what it may be. */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw new AppError(
    'invalid_input',
    `${field === '' ? 'The body' : `\`${field}\``}: ${issue?.message ?? 'is wrong'}.`,
  );
}

/** Without what is undefined: absent fields are absent. */
export function given<T extends object>(value: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof T]?: Exclude<T[Name], undefined> };
}
