import type { Facts } from './facts.ts';

/** Strongest first. */
export const EFFECTS = ['deny', 'require_approval', 'transform', 'allow'] as const;
export type Effect = (typeof EFFECTS)[number];

/** Strongest first: what a rule asks for, `log` for nothing. */
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

/** In the order in which they are carried out. */
export const TRANSFORM_KINDS = ['strip', 'drop', 'redact', 'mask', 'truncate'] as const;
export type TransformKind = (typeof TRANSFORM_KINDS)[number];

/** What is done to the content: `classes` (default: all that were found) or named `fields`. */
export interface Transform {
  readonly kind: TransformKind;
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
  /** Controls of frameworks that the rule serves, such as `Art. 5(1)(b)` or `CC6.1`. */
  readonly controls?: readonly string[];
}

export type ParameterValue = number | boolean | string | readonly string[];
export type ParameterValues = Readonly<Record<string, ParameterValue>>;

/** A named list of rules; `hash` is the content address of this version. */
export interface Policy {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly category: PolicyCategory;
  readonly framework?: string;
  /** The policy whose rules it took over. */
  readonly basedOn?: string;
  /** Values with which its rules were made. */
  readonly parameters?: ParameterValues;
  readonly rules: readonly Rule[];
}

/** A rule whose condition is a function: what the decision point takes. It throws when it cannot be evaluated. */
export interface CompiledRule extends Rule {
  readonly matches: (facts: Facts) => boolean;
  /** Attributes that the condition looks at. */
  readonly attributes: readonly string[];
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
  /** What the rule came to in this mode; absent in warnings. */
  readonly effect?: Effect;
  readonly message: string;
  readonly alternative?: string;
  /** Classes of data that the rule matched on. */
  readonly classes?: readonly string[];
  /** Version of the policy, as in `policyVersions`. */
  readonly version?: string;
  readonly controls?: readonly string[];
}

/** What a transform has changed: how many values of a class below a path such as `params.text`. */
export interface Redaction {
  readonly path: string;
  readonly class: string;
  readonly count: number;
}

/** A transform that was carried out because of a rule. */
export interface CarriedOut {
  readonly policy: string;
  readonly rule: string;
}

/** What the decision point answers; `Decision` of the wire contract. */
export interface Decision {
  readonly effect: Effect;
  /** Rules that deny, hold or transform, strongest first. */
  readonly violations: readonly Violation[];
  /** Rules that only log. */
  readonly warnings: readonly Violation[];
  readonly redactions: readonly Redaction[];
  readonly mode: PolicyMode;
  /** What `strict` would have said. */
  readonly strictEffect: Effect;
  readonly policyVersions: readonly string[];
}
