import type { Decision } from '../../kernel/policy/model.ts';

/** A denial as people read it: the rule, why, and the way out. */
export function toDenial({ violations }: Decision): string {
  const [first] = violations;
  if (first === undefined) return 'denied';
  const wayOut = first.alternative === undefined ? '' : ` ${first.alternative}`;
  return `Denied by: ${first.policy}/${first.rule}. ${first.message}${wayOut}`;
}
