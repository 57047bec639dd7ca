import { z } from 'zod';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { AppError, hint } from '../../platform/errors/index.ts';

const MAX_DESCRIPTION = 10_000;
export const LANGUAGES = ['python', 'typescript', 'javascript', 'go'] as const;

const JsonValue = z.custom<Json>((value) => value !== undefined);
const Params = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
);

export const StepInput = z.strictObject({
  name: z.string(),
  action: z.string(),
  params: Params,
  facts: Params.exactOptional(),
  when: z.string().exactOptional(),
  forEach: JsonValue.exactOptional(),
  retry: z.strictObject({ attempts: z.number(), backoffMs: z.number() }).exactOptional(),
  onError: z.enum(['fail', 'continue']).exactOptional(),
  timeoutMs: z.number().exactOptional(),
});

export const CreateAgentBody = z.strictObject({
  description: z
    .string()
    .trim()
    .min(1, 'is empty; say in a sentence what the agent should do')
    .max(
      MAX_DESCRIPTION,
      `is too long; at most ${MAX_DESCRIPTION} characters. Put data into files and name their paths`,
    ),
  policies: z.array(z.string().min(1)).max(50).exactOptional(),
  approvalRequired: z.boolean().exactOptional(),
  language: z.enum(LANGUAGES).exactOptional(),
  schedule: z.string().exactOptional(),
  name: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .regex(/^[^\p{Cc}]+$/u, 'holds control characters')
    .exactOptional(),
  timezone: z.string().exactOptional(),
  steps: z.array(StepInput).max(50).exactOptional(),
  template: z.string().exactOptional(),
  grants: z.array(z.string()).max(50).exactOptional(),
  parameters: Params.exactOptional(),
});
export type CreateAgentBody = z.output<typeof CreateAgentBody>;

/** `parameters.approval`: what every approval of the agent asks for beyond its risk; it can only ask for more. */
const Approval = z.strictObject({
  quorum: z.int().min(1).max(10).exactOptional(),
  groups: z.array(z.string().min(1).max(100)).min(1).max(10).exactOptional(),
});

/** Throws `invalid_input` when it is there and wrong. */
export function parseApproval(parameters: CreateAgentBody['parameters']): z.output<typeof Approval> | undefined {
  const given = parameters?.['approval'];
  if (given === undefined) return undefined;
  const parsed = Approval.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new AppError(
    'invalid_input',
    'No agent was created. `parameters.approval` says how many people must approve and from which groups, such as `{"quorum": 3, "groups": ["owner"]}`: ' +
      'a quorum of 1 to 10, and roles or groups of people.',
    { path: 'parameters.approval' },
  );
}

/** Throws `invalid_input` that names each field, what is wrong with it and what is valid. */
export function parseCreateAgent(input: unknown): CreateAgentBody {
  const parsed = CreateAgentBody.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.slice(0, 10).map(describe);
  throw new AppError('invalid_input', `No agent was created. ${problems.map(({ message }) => message).join(' ')}`, {
    problems,
  });
}

function describe(issue: z.core.$ZodIssue): { path: string; message: string } {
  const path = issue.path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}${text === '' ? '' : '.'}${String(key)}`),
    '',
  );
  if (issue.code === 'unrecognized_keys') {
    const valid = Object.keys((issue.path.includes('steps') ? StepInput : CreateAgentBody).shape);
    const message = issue.keys
      .map((key) => `\`${`${path}${path === '' ? '' : '.'}${key}`.slice(0, 80)}\` is not known. ${hint(key, valid)}`)
      .join(' ');
    return { path, message };
  }
  return {
    path,
    message: `\`${path === '' ? 'input' : path}\`${issue.message.replace(/^(?=[A-Z])/, ':').replace(/^:?/, '$& ')}.`,
  };
}
