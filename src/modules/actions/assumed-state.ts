import type { Database } from '../../platform/db/index.ts';
import type { Prepared } from './prepared.ts';
import type { State } from './state-guard.ts';
import { toPlaces, type Place } from './state-keys.ts';

const MAX_AGENTS = 500;
const MAX_PLACES = 500;

/** What a decision asks of the database: counted attributes and where their values stand. */
export interface Question {
  readonly attribute: string;
  readonly places: readonly Place[];
}

export function toQuestions(asked: readonly string[], prepared: Prepared): Question[] {
  return asked.map((attribute) => ({ attribute, places: toPlaces(attribute, prepared) }));
}

/** By database: the values last seen, by agent and place. A wrong one costs a second round trip and nothing else. */
const seen = new WeakMap<Database, Map<string, Map<string, number>>>();

function toName({ attribute, places }: Question): string {
  return `${attribute} ${places.map(({ source, key }) => `${source} ${key}`).join(' ')}`;
}

/** What the state probably is; 0 where nothing was seen yet. */
export function assumeState(db: Database, agentId: string, questions: readonly Question[]): State {
  const values = seen.get(db)?.get(agentId);
  return new Map(questions.map((question) => [question.attribute, values?.get(toName(question)) ?? 0]));
}

/** Remembers a state for the next decision about this agent. */
export function keepState(db: Database, agentId: string, questions: readonly Question[], state: State): void {
  if (questions.length === 0) return;
  const agents = seen.get(db) ?? new Map<string, Map<string, number>>();
  seen.set(db, agents);
  const values = agents.get(agentId) ?? new Map<string, number>();
  if (values.size > MAX_PLACES) values.clear();
  for (const question of questions) values.set(toName(question), state.get(question.attribute) ?? 0);
  agents.delete(agentId);
  agents.set(agentId, values);
  for (const oldest of agents.keys()) {
    if (agents.size <= MAX_AGENTS) return;
    agents.delete(oldest);
  }
}
