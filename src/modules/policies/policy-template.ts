import type { Policy } from '../../kernel/policy/model.ts';

/** A policy that comes with the product. Without rules it is only announced and cannot be attached. */
export interface PolicyTemplate extends Policy {
  /** What is promised by its name and not there yet, in plain words. */
  readonly requires: readonly string[];
}
