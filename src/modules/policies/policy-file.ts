import { z } from 'zod';
import { POLICY_CATEGORIES, type Rule } from '../../kernel/policy/model.ts';
import { compileCondition } from '../../platform/cel/condition.ts';
import { AppError } from '../../platform/errors/index.ts';
import { findPlaceholders, instantiate } from './instantiate.ts';
import { checkParameter } from './parameters.ts';
import { PARAMETER_TYPES, type PolicyTemplate } from './policy-template.ts';
import { parseRules } from './rules.ts';

const Slug = z.string().regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'must be a slug such as `data-deletion`');

const ParameterSchema = z.strictObject({
  type: z.enum(PARAMETER_TYPES),
  description: z.string().min(10),
  default: z.union([z.number(), z.boolean(), z.string(), z.array(z.string())]),
  minimum: z.number().exactOptional(),
  maximum: z.number().exactOptional(),
});

const PolicyFile = z.strictObject({
  id: Slug,
  name: z.string().min(1).max(100),
  description: z.string().min(10).max(1_000),
  category: z.enum(POLICY_CATEGORIES),
  framework: z.string().min(1).max(100).exactOptional(),
  includes: z.array(Slug).default([]),
  parameters: z.record(z.string().regex(/^[a-z][A-Za-z0-9]*$/), ParameterSchema).default({}),
  rules: z.array(z.looseObject({ name: z.string(), condition: z.string() })).min(1),
  waiting: z.array(z.strictObject({ rule: Slug, fact: z.string().min(10) })).default([]),
});

/** One condition of a file, with the default values of the parameters: accepted, or what is wrong with it. */
export interface CheckedRule {
  readonly name: string;
  readonly condition: string;
  readonly problem?: string;
}

function fail(id: string, message: string): never {
  throw new AppError('invalid_input', `policies/${id}.yaml: ${message}`);
}

function requireParametersUsed({ id, parameters, rules }: PolicyTemplate): void {
  const used = new Set(
    rules.flatMap(({ condition, description = '', message = '', alternative = '' }) =>
      findPlaceholders([condition, description, message, alternative].join('\n')),
    ),
  );
  for (const name of used) if (!(name in parameters)) fail(id, `\`{{${name}}}\` is no parameter.`);
  for (const [name, parameter] of Object.entries(parameters)) {
    if (!used.has(name)) fail(id, `no rule uses the parameter \`${name}\`.`);
    checkParameter(parameter.default, parameter, `parameters.${name}.default`);
  }
}

/** The content of a policy file, checked in its form; conditions are checked by `checkRules`. */
export function readPolicyFile(content: unknown, id: string): PolicyTemplate {
  const parsed = PolicyFile.safeParse(content);
  if (!parsed.success)
    fail(id, parsed.error.issues.map(({ path, message }) => `\`${path.map(String).join('.')}\` ${message}`).join('; '));
  if (parsed.data.id !== id) fail(id, `its id is \`${parsed.data.id}\`: name the file after it.`);
  const template: PolicyTemplate = { ...parsed.data, rules: parsed.data.rules as unknown as readonly Rule[] };
  requireParametersUsed(template);
  return template;
}

/** Every condition with the default values. */
export function checkRules(template: PolicyTemplate): CheckedRule[] {
  return instantiate(template).rules.map(({ name, condition }) => {
    const compiled = compileCondition(condition);
    if (compiled.kind === 'condition') return { name, condition };
    return { name, condition, problem: `character ${compiled.position + 1}: ${compiled.message}` };
  });
}

/** A policy file of which every rule is one that people could have written. */
export function parsePolicyFile(content: unknown, id: string): PolicyTemplate {
  const template = readPolicyFile(content, id);
  for (const { message, alternative, name } of template.rules) {
    if ((message?.length ?? 0) < 20 || (alternative?.length ?? 0) < 20)
      fail(id, `\`${name}\` needs a message and an alternative.`);
  }
  parseRules(instantiate(template).rules, `policies/${id}.yaml: rules`);
  return template;
}
