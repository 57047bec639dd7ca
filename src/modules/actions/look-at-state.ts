import type { StateFacts } from '../../kernel/policy/facts.ts';
import type { Database } from '../../platform/db/index.ts';
import { toQuestions } from './assumed-state.ts';
import type { Prepared } from './prepared.ts';
import { reserve } from './reserve.ts';
import { toAsked, toStateFacts } from './state-guard.ts';

/** What is counted for the agent now, as far as a rule in force asks; nothing is written or reserved. An agent at rest has counted nothing. */
export async function lookAtState(db: Database, workspaceId: string, prepared: Prepared): Promise<StateFacts> {
  const questions = toQuestions(toAsked(prepared.policies), prepared);
  if (questions.length === 0) return toStateFacts(new Map());
  // By no hash: what waits to be told to somebody else is not looked at.
  const answer = await reserve(db, workspaceId, { ...prepared, hash: '' }, questions);
  return toStateFacts(answer.outcome === 'looked' ? answer.state : new Map());
}
