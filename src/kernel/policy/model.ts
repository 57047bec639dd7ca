import type { Facts } from './facts.ts';

export const EFFECTS = ['deny', 'require_approval', 'transform', 'allow'] as const;
export type Effect = (typeof EFFECTS)[number];

export const RULE_ACTIONS = [...EFFECTS, 'log'] as const;
export type RuleAction = (typeof RULE_ACTIONS)[number];

export const SEVERITIES = ['info', 'warning', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const POLICY_MODES = ['strict', 'permissive'] as const;
export type PolicyMode = (typeof POLICY_MODES)[number];

export const POLICY_CATEGORIES = ['security', 'privacy', 'compliance', 'operational', 'governance', 'custom'] as const;
export type PolicyCategory = (typeof POLICY_CATEGORIES)[number];

export const RISKS = ['low', 'medium', 'high', 'critical'] as const;
export type Risk = (typeof RISKS)[number];

export interface Transform {
  readonly kind: 'redact' | 'mask' | 'strip' | 'truncate' | 'drop';
  readonly classes?: readonly string[];
  readonly fields?: readonly string[];
}

/** One condition with its effect, as people write it and as it is stored. */
export interface Rule {
  /** The slug: a rule is known everywhere as `<policy>.<name>`. */
  readonly name: string;
  readonly description?: string;
  /** CEL in the restricted profile over `Facts`. */
  readonly condition: string;
  readonly action: RuleAction;
  readonly severity: Severity;
  readonly message?: string;
  readonly alternative?: string;
  readonly transform?: Transform;
  readonly approval?: { readonly quorum?: number; readonly groups?: readonly string[] };
}

/** A named list of rules; `hash` is the content address of this version. */
export interface Policy {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly category: PolicyCategory;
  readonly framework?: string;
  readonly rules: readonly Rule[];
}

/** A rule whose condition is a function: what the decision point takes. It throws when it cannot be evaluated. */
export interface CompiledRule extends Rule {
  readonly matches: (facts: Facts) => boolean;
}

export interface CompiledPolicy {
  readonly id: string;
  /** `<id>@<first 12 hex of the content hash>`: what a decision quotes. */
  readonly version: string;
  readonly rules: readonly CompiledRule[];
}

export interface Violation {
  readonly policy: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly alternative?: string;
  readonly classes?: readonly string[];
}

/** What the decision point answers; `Decision` of the wire contract. */
export interface Decision {
  readonly effect: Effect;
  /** Rules that deny or hold, strongest first. */
  readonly violations: readonly Violation[];
  /** Rules that only log. */
  readonly warnings: readonly Violation[];
  readonly redactions: readonly { readonly path: string; readonly class: string; readonly count: number }[];
  readonly mode: PolicyMode;
  /** What `strict` would have said. */
  readonly strictEffect: Effect;
  readonly policyVersions: readonly string[];
}
