import { BASELINE } from './baseline.ts';
import { PLANNED_POLICIES } from './planned-policies.ts';
import type { PolicyTemplate } from './policy-template.ts';
import { DATA_DELETION, RATE_LIMITING, SECRETS_PROTECTION } from './safety-policies.ts';

/** The policies that people choose from, in the order in which they are listed. */
export const TEMPLATES: readonly PolicyTemplate[] = [
  RATE_LIMITING,
  DATA_DELETION,
  SECRETS_PROTECTION,
  ...PLANNED_POLICIES,
];

/** In force for every agent. */
export const MANDATORY: PolicyTemplate = { ...BASELINE, requires: [] };

export const BUILT_IN: ReadonlyMap<string, PolicyTemplate> = new Map(
  [MANDATORY, ...TEMPLATES].map((template) => [template.id, template]),
);

export function isEnforceable(template: PolicyTemplate): boolean {
  return template.rules.length > 0;
}
