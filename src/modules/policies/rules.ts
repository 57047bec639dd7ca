import { z } from 'zod';
import { DATA_CLASSES } from '../../kernel/policy/data-classes.ts';
import { RULE_ACTIONS, SEVERITIES, TRANSFORM_KINDS, type Rule } from '../../kernel/policy/model.ts';
import { compileCondition } from '../../platform/cel/condition.ts';
import { CEL_LIMITS } from '../../platform/cel/limits.ts';
import { AppError, hint } from '../../platform/errors/index.ts';

/** The most people whose approval one rule can ask for. */
export const MAX_QUORUM = 20;

/** Text that every store and every canonical form can carry. */
const Text = z.string().refine((text) => !/[\0\p{Surrogate}]/u.test(text), 'must not hold NUL or half of a character');
const Name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/, 'must be letters, digits, `-` and `_`, such as `no-exports`');

const RuleSchema = z.strictObject({
  name: Name,
  description: Text.max(1_000).optional(),
  condition: Text.min(1),
  action: z.enum(RULE_ACTIONS),
  severity: z.enum(SEVERITIES),
  message: Text.max(1_000).optional(),
  alternative: Text.max(1_000).optional(),
  transform: z
    .strictObject({
      kind: z.enum(TRANSFORM_KINDS),
      classes: z.array(z.enum(DATA_CLASSES)).max(50).optional(),
      fields: z.array(Text.max(200)).max(50).optional(),
    })
    .optional(),
  approval: z
    .strictObject({
      quorum: z.int().min(1).max(MAX_QUORUM).optional(),
      groups: z.array(Text.max(100)).max(20).optional(),
    })
    .optional(),
  controls: z.array(Text.min(1).max(100)).max(20).optional(),
});
const RulesSchema = z.array(RuleSchema).min(1, 'must hold at least one rule').max(CEL_LIMITS.rulesPerPolicy);

type Issue = z.core.$ZodIssue;

function toPath(issue: Issue, root: string): string {
  return issue.path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}.${String(key)}`),
    root,
  );
}

function explain(issue: Issue): string {
  if (issue.code === 'unrecognized_keys') {
    const fields = issue.path.length === 1 ? Object.keys(RuleSchema.shape) : [];
    const name = issue.keys[0] ?? '';
    return `has no field \`${name}\`.${fields.length > 0 ? ` ${hint(name, fields)}` : ''}`;
  }
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}.`;
  if (issue.code === 'invalid_type') return `must be of type ${issue.expected}.`;
  if (issue.code === 'too_big') return `must hold at most ${issue.maximum}.`;
  return `${issue.message}.`;
}

function refuse(path: string, what: string, more: { position?: number } = {}): AppError {
  return new AppError('invalid_input', `\`${path}\` ${what}`, { path, ...more });
}

function requireConsistent(rule: Rule, path: string): void {
  if (rule.action === 'transform' && rule.transform === undefined) {
    throw refuse(
      `${path}.transform`,
      'is needed with the action `transform`: say what is done, such as {"kind": "redact"}.',
    );
  }
  if (rule.action !== 'transform' && rule.transform !== undefined) {
    throw refuse(`${path}.transform`, `belongs to the action \`transform\`, not to \`${rule.action}\`: leave it out.`);
  }
  if (rule.action !== 'require_approval' && rule.approval !== undefined) {
    throw refuse(
      `${path}.approval`,
      `belongs to the action \`require_approval\`, not to \`${rule.action}\`: leave it out.`,
    );
  }
}

/** Rules as people or a store give them, checked to the last condition; `invalid_input` names the path, which begins with `root`, and the position. */
export function parseRules(value: unknown, root = 'rules'): Rule[] {
  const parsed = RulesSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw issue === undefined ? refuse(root, 'is no list of rules.') : refuse(toPath(issue, root), explain(issue));
  }
  const rules = parsed.data as Rule[];
  const names = new Set<string>();
  for (const [index, rule] of rules.entries()) {
    const path = `${root}[${index}]`;
    if (names.has(rule.name))
      throw refuse(`${path}.name`, `is \`${rule.name}\`, which another rule of the list has: names are unique.`);
    names.add(rule.name);
    requireConsistent(rule, path);
    const condition = compileCondition(rule.condition);
    if (condition.kind === 'problem') {
      const { position, message } = condition;
      throw refuse(
        `${path}.condition`,
        `of \`${rule.name}\` is wrong at character ${position + 1}: ${message}${message.endsWith('?') ? '' : '.'}`,
        {
          position,
        },
      );
    }
  }
  return rules;
}
