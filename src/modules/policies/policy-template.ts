import type { ParameterValue, Policy } from '../../kernel/policy/model.ts';

export const PARAMETER_TYPES = ['int', 'usd', 'bool', 'text', 'texts'] as const;

/** What a policy leaves open. `usd` is given in US dollars and stands in conditions as dollars times 1,000,000. */
export interface Parameter {
  readonly type: (typeof PARAMETER_TYPES)[number];
  readonly description: string;
  readonly default: ParameterValue;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** A rule that is left out, and the fact that nobody gives yet. */
export interface WaitingRule {
  readonly rule: string;
  readonly fact: string;
}

/**
 * A policy that comes with the product. Conditions, messages and alternatives may hold `{{parameter}}`, which stands for the value as a
 * literal of the condition language; messages may also hold `{attribute}`, which is filled in when a decision quotes them.
 */
export interface PolicyTemplate extends Omit<Policy, 'parameters' | 'basedOn'> {
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** Policies that are attached with it. */
  readonly includes: readonly string[];
  /** What is promised by its name and not there yet. */
  readonly waiting: readonly WaitingRule[];
}
