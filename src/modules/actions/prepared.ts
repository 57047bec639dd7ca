import type { Raise } from '../../kernel/approval/to-requirement.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { CompiledPolicy, Decision } from '../../kernel/policy/model.ts';
import type { PreparedSubject, Subject } from '../policies/index.ts';
import type { ActionRequest, Binding } from './action.ts';

/** An action ready to be decided: everything that can be known before the state is read. */
export interface Prepared {
  readonly request: ActionRequest;
  readonly version: number;
  /** What was asked: by it an identical call is recognised. */
  readonly hash: string;
  /** What would be executed, after transforms: what people approve. */
  readonly executedHash: string;
  readonly binding: Binding;
  /** Who wrote the agent and its version: they do not judge what it does. */
  readonly authors: readonly string[];
  /** What the agent asks of approvals beyond the risk. */
  readonly raises: readonly Raise[];
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
