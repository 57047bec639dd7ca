import type { JsonObject } from '../../kernel/json.ts';
import { AppError } from '../../platform/errors/index.ts';

/** What a permit allows: exactly this type with exactly these params. `hash` is the action hash that was decided and recorded. */
export interface PermittedAction {
  readonly type: string;
  readonly params: JsonObject;
  readonly hash: string;
}

/**
 * Leave to act once. Executors take nothing else, so nothing acts without a decision.
 * INVARIANT: only the enforcement point issues permits, after the decision is recorded.
 */
export class Permit {
  readonly hash: string;
  #action: { readonly type: string; readonly params: JsonObject } | undefined;

  private constructor(action: PermittedAction) {
    this.hash = action.hash;
    // A copy: whoever still holds the request cannot change what was decided.
    this.#action = { type: action.type, params: structuredClone(action.params) };
  }

  static issue(action: PermittedAction): Permit {
    return new Permit(action);
  }

  /** The action to carry out. A second call throws: a permit is for one attempt. */
  take(): { readonly type: string; readonly params: JsonObject } {
    const action = this.#action;
    if (action === undefined) {
      throw new AppError('internal', 'A permit was used twice; each attempt at an action needs its own.', {
        hash: this.hash,
      });
    }
    this.#action = undefined;
    return action;
  }
}
