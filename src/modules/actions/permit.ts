import type { JsonObject } from '../../kernel/json.ts';
import { AppError } from '../../platform/errors/index.ts';
import { hashAction, type ActionRequest, type Binding } from './action.ts';

/** What a permit is bound to: one action as it was decided, and the row in which that was recorded. */
export interface PermittedAction {
  readonly binding: Binding;
  /** With the params that are executed. */
  readonly request: ActionRequest;
  /** The recorded hash of exactly this action. */
  readonly hash: string;
  /** What the decision was made by. */
  readonly policyVersions: readonly string[];
  /** The recorded action, which holds what is reserved for it. */
  readonly actionId: string;
  readonly validForMs: number;
}

/**
 * Leave to act once. Executors take nothing else, so nothing acts without a decision.
 * INVARIANT: only the enforcement point issues permits, after the decision is committed; lint holds everybody else off.
 */
export class Permit {
  readonly hash: string;
  readonly actionId: string;
  readonly policyVersions: readonly string[];
  readonly #binding: Binding;
  readonly #expiresAt: number;
  #request: ActionRequest | undefined;

  private constructor({ binding, request, hash, policyVersions, actionId, validForMs }: PermittedAction) {
    this.hash = hash;
    this.actionId = actionId;
    this.policyVersions = [...policyVersions];
    this.#binding = structuredClone(binding);
    this.#expiresAt = performance.now() + validForMs;
    // A copy: whoever still holds the request cannot change what was decided.
    const { agentId, type, params, facts, trigger, run } = request;
    this.#request = structuredClone({
      agentId,
      type,
      params,
      trigger,
      ...(facts === undefined ? {} : { facts }),
      ...(run === undefined ? {} : { run }),
    });
  }

  static issue(action: PermittedAction): Permit {
    return new Permit(action);
  }

  /** The action to carry out. Throws when it was taken before, is too old, or is not to the last bit what was decided. */
  take(): { readonly type: string; readonly params: JsonObject } {
    const request = this.#request;
    if (request === undefined) throw this.#refuse('A permit was used twice; each attempt at an action needs its own.');
    this.#request = undefined;
    if (performance.now() >= this.#expiresAt)
      throw this.#refuse('A permit was used after its time; the action has to be decided again.');
    if (hashAction(this.#binding, request) !== this.hash)
      throw this.#refuse('A permit was issued for another action than the one it holds; nothing was carried out.');
    return { type: request.type, params: request.params };
  }

  #refuse(message: string): AppError {
    return new AppError('internal', message, { hash: this.hash, actionId: this.actionId, reached: false });
  }
}
