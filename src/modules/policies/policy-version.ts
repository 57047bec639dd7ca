import { canonicalize } from '../../kernel/audit/canonical.ts';
import type { Json } from '../../kernel/json.ts';
import type { CompiledPolicy, CompiledRule, Policy, Rule } from '../../kernel/policy/model.ts';
import { compileCondition } from '../../platform/cel/condition.ts';
import { AppError } from '../../platform/errors/index.ts';
import { sha256 } from '../audit/index.ts';

/** The canonical text of a policy: what is stored and what its hash covers. */
export function toBody({ id, name, description, category, framework, basedOn, parameters, rules }: Policy): string {
  const policy = { id, name, description, category, framework, basedOn, parameters, rules };
  return canonicalize(JSON.parse(JSON.stringify(policy)) as Json);
}

/** Lower-case hex of the SHA-256 of a text in UTF-8. */
export function toHash(text: string): string {
  return Buffer.from(sha256(Buffer.from(text))).toString('hex');
}

function compileRule(policyId: string, rule: Rule): CompiledRule {
  const condition = compileCondition(rule.condition);
  if (condition.kind === 'condition') return { ...rule, matches: condition.matches, attributes: condition.attributes };
  // Stored rules were accepted once: one that no longer compiles must stop the action, not drop out.
  const message = `the stored condition is not accepted at character ${condition.position + 1}: ${condition.message}`;
  return {
    ...rule,
    attributes: [],
    matches: () => {
      throw new AppError('internal', `${message} (\`${policyId}.${rule.name}\`)`);
    },
  };
}

/** How decisions and entries name what was in force. */
export function toVersion({ id }: Pick<Policy, 'id'>, hash: string): string {
  return `${id}@${hash.slice(0, 12)}`;
}

export function compilePolicy(policy: Policy, hash: string): CompiledPolicy {
  return {
    id: policy.id,
    version: toVersion(policy, hash),
    rules: policy.rules.map((rule) => compileRule(policy.id, rule)),
  };
}
