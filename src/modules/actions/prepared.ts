import type { JsonObject } from '../../kernel/json.ts';
import type { CompiledPolicy, Decision } from '../../kernel/policy/model.ts';
import type { PreparedSubject, Subject } from '../policies/index.ts';
import type { ActionRequest } from './action.ts';

/** An action ready to be decided: everything that can be known before the state is read. */
export interface Prepared {
  readonly request: ActionRequest;
  readonly version: number;
  /** Of what was asked. */
  readonly hash: string;
  readonly kind: string;
  readonly isWrite: boolean;
  readonly isIdempotent: boolean;
  readonly timeoutMs: number;
  readonly subject: Subject;
  /** Facts but for the state, and the params after the transforms that policies ask for. */
  readonly judged: PreparedSubject;
  readonly policies: readonly CompiledPolicy[];
  /** What the action is about, for the record: paths or a URL without query and credentials. */
  readonly target: string;
  /** The words that the agent was made with. */
  readonly agentTask: string;
}

/** What was decided and recorded, with the params that are executed. */
export interface Cleared {
  readonly actionId: string;
  readonly decision: Decision;
  readonly params: JsonObject;
  /** Of the action with these params. */
  readonly hash: string;
}
