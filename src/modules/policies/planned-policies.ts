import type { PolicyTemplate, WaitingRule } from './policy-template.ts';

const PERSONAL_DATA = 'detectors for personal data';
const REVIEW = 'answering approval requests';

function waitFor(...facts: readonly string[]): WaitingRule[] {
  return facts.map((fact) => ({ rule: 'all', fact }));
}

/** Announced by name so that people can plan with them; without rules, so that nobody takes them for protection. */
export const PLANNED_POLICIES: readonly PolicyTemplate[] = [
  {
    id: 'pii-protection',
    name: 'PII Protection',
    description: 'Protects personally identifiable information (GDPR)',
    category: 'privacy',
    rules: [],
    parameters: {},
    includes: [],
    waiting: waitFor(PERSONAL_DATA, 'redaction of what they find'),
  },
  {
    id: 'cost-control',
    name: 'Cost Control',
    description: 'Prevents runaway costs from automation',
    category: 'operational',
    rules: [],
    parameters: {},
    includes: [],
    waiting: waitFor(
      'budgets for agents, reserved before an action and settled after it',
      'price tables for model calls',
    ),
  },
  {
    id: 'human-review',
    name: 'Human Review Required',
    description: 'Requires approval for sensitive actions',
    category: 'governance',
    rules: [],
    parameters: {},
    includes: [],
    waiting: waitFor(REVIEW, 'facts about recipients, payments and where an argument came from'),
  },
  {
    id: 'gdpr-compliance',
    name: 'GDPR Compliance',
    description: 'EU General Data Protection Regulation',
    category: 'compliance',
    framework: 'GDPR',
    rules: [],
    parameters: {},
    includes: [],
    waiting: waitFor(PERSONAL_DATA, REVIEW, 'a register of purposes, processors and regions'),
  },
  {
    id: 'soc2-security',
    name: 'SOC 2 Security',
    description: 'SOC 2 Type II security controls',
    category: 'compliance',
    framework: 'SOC 2',
    rules: [],
    parameters: {},
    includes: [],
    waiting: waitFor(REVIEW, 'classes of data', 'change tickets and a second reviewer'),
  },
  {
    id: 'hipaa-healthcare',
    name: 'HIPAA Healthcare',
    description: 'Healthcare data privacy (PHI protection)',
    category: 'compliance',
    framework: 'HIPAA',
    rules: [],
    parameters: {},
    includes: [],
    waiting: waitFor('detectors for health data', REVIEW, 'a register of recipients with an agreement'),
  },
  {
    id: 'pci-dss-payments',
    name: 'PCI DSS Payments',
    description: 'Payment card data security',
    category: 'compliance',
    framework: 'PCI DSS',
    rules: [],
    parameters: {},
    includes: [],
    waiting: waitFor('detectors for card data', 'redaction of what they find', REVIEW),
  },
  {
    id: 'read-only-access',
    name: 'Read-Only Access',
    description: 'Restricts database to read-only',
    category: 'security',
    framework: 'Security',
    rules: [],
    parameters: {},
    includes: [],
    waiting: waitFor('SQL connections and a SQL parser'),
  },
  {
    id: 'production-safety',
    name: 'Production Safety',
    description: 'Extra safeguards for production',
    category: 'operational',
    framework: 'Operations',
    rules: [],
    parameters: {},
    includes: [],
    waiting: waitFor(REVIEW, 'deployment to a team server', 'change windows and rollback plans'),
  },
];
