import type { JsonObject } from '../../kernel/json.ts';
import type { Permit } from './permit.ts';

export interface ExecutionContext {
  /** The action's id: a repeat after a crash carries the same one, so an executor can tell what it has already done. */
  readonly actionId: string;
  /** Aborted at the deadline (reason: a `timeout` AppError) or when the agent is stopped. */
  readonly signal: AbortSignal;
}

/** Port: carries out actions of the types it names. Failures are `AppError`s; the result is the output of the catalogue. */
export abstract class Executor {
  abstract readonly types: readonly string[];
  abstract execute(permit: Permit, context: ExecutionContext): Promise<JsonObject>;
}
