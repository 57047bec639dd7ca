import type { Facts } from '../../kernel/policy/facts.ts';
import type { CompiledPolicy, CompiledRule } from '../../kernel/policy/model.ts';

/** Facts that only a look into the content gives. */
const OF_CONTENT = ['data.', 'secrets.', 'records.', 'recipients.dataSubjectOnly'];
const OF_ANALYSIS = ['analysis.unreadable', 'analysis.truncated', 'analysis.obfuscated'];
/** Facts that the result of an action can have otherwise than the action itself. */
const OF_OUTPUT = [...OF_CONTENT, 'analysis.', 'action.phase', 'cost.actualMicros'];
/** Families that stay on this machine and may carry megabytes: looked into only for a rule that asks. */
const LOCAL_KINDS = ['file', 'data', 'text'];

function looksAt({ attributes }: CompiledRule, wanted: readonly string[]): boolean {
  return attributes.some((name) => wanted.some((prefix) => name.startsWith(prefix)));
}

/** Whether the content of an action must be looked into to decide by these policies. */
export function looksAtContent(policies: readonly CompiledPolicy[], kind: string): boolean {
  if (!LOCAL_KINDS.includes(kind)) return true;
  return policies.some(({ rules }) => rules.some((rule) => looksAt(rule, [...OF_CONTENT, ...OF_ANALYSIS])));
}

/** The rules by which a result is judged. What a person was asked about, or what asks for no look at the result, is not asked again. */
export function toOutputPolicies(policies: readonly CompiledPolicy[], before: Facts): CompiledPolicy[] {
  const isOpen = (rule: CompiledRule): boolean =>
    looksAt(rule, OF_OUTPUT) && !(rule.action === 'require_approval' && matchesBefore(rule, before));
  const judging = policies
    .map((policy) => ({ ...policy, rules: policy.rules.filter(isOpen) }))
    .filter(({ rules }) => rules.length > 0);
  return judging.some(({ rules }) =>
    rules.some((rule) => looksAt(rule, [...OF_CONTENT, ...OF_ANALYSIS, 'action.phase', 'cost.actualMicros'])),
  )
    ? judging
    : [];
}

function matchesBefore(rule: CompiledRule, before: Facts): boolean {
  try {
    return rule.matches(before);
  } catch {
    return false;
  }
}
