import type { Decision, Violation } from '../../kernel/policy/model.ts';
import { bullets, code, inline } from './markdown.ts';

const MARKS = { allow: '✅', transform: '✅', require_approval: '⏸️', deny: '🚫' } as const;
const WORDS = {
  allow: 'allowed',
  transform: 'allowed, with changes',
  require_approval: 'needs approval',
  deny: 'denied',
} as const;

export function effectWords(decision: Pick<Decision, 'effect'>): string {
  return `${MARKS[decision.effect]} ${WORDS[decision.effect]}`;
}

/** `policy/rule [severity]: message Alternative: …` of each, as a list. */
export function violationLines(violations: readonly Violation[]): string {
  return bullets(
    violations.map(({ policy, rule, severity, message, alternative }) => {
      const way = alternative === undefined ? '' : ` Alternative: ${inline(alternative)}`;
      return `**${policy}/${rule}** [${severity}]: ${inline(message)}${way}`;
    }),
  );
}

/** One `- name: action` line with its decision and, when it is not a plain allow, the rules behind it. */
export function decidedLine(
  name: string,
  action: string,
  decision: Pick<Decision, 'effect' | 'violations'> | undefined,
): string {
  if (decision === undefined) return `${inline(name)}: ${code(action)}`;
  const rules = decision.effect === 'allow' ? [] : decision.violations.map(({ policy, rule }) => `${policy}/${rule}`);
  return `${inline(name)}: ${code(action)} ${effectWords(decision)}${rules.length > 0 ? ` (${rules.join(', ')})` : ''}`;
}
