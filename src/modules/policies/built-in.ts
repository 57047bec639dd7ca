import { POLICY_FILES } from './policies.generated.ts';
import type { PolicyTemplate } from './policy-template.ts';

/** In the order in which they are listed. */
const TEMPLATE_IDS = [
  'pii-protection',
  'rate-limiting',
  'cost-control',
  'data-deletion',
  'secrets-protection',
  'human-review',
  'gdpr-compliance',
  'soc2-security',
  'hipaa-healthcare',
  'pci-dss-payments',
  'read-only-access',
  'production-safety',
];

function require(id: string): PolicyTemplate {
  const found = POLICY_FILES.find((policy) => policy.id === id);
  if (found === undefined) throw new Error(`policies/${id}.yaml is missing.`);
  return found;
}

/** The policies that people choose from. */
export const TEMPLATES: readonly PolicyTemplate[] = TEMPLATE_IDS.map(require);

/** In force for every agent. */
export const MANDATORY: PolicyTemplate = require('baseline');

export const BUILT_IN: ReadonlyMap<string, PolicyTemplate> = new Map(
  [MANDATORY, ...TEMPLATES].map((template) => [template.id, template]),
);
