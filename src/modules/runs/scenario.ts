import { cutText } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { PreviewRequest } from '../actions/index.ts';
import { readFileClause } from './scenario-files.ts';
import { readOutsideClause } from './scenario-outside.ts';
import { findStatements, readDatabaseClause } from './scenario-sql.ts';

/** One thing that a scenario says an agent would do, as an action that can be judged. */
export interface ScenarioAction {
  readonly type: string;
  readonly params: JsonObject;
  readonly facts?: JsonObject;
  /** As if that much had been before: of 5,000 mails the last one is judged. */
  readonly counts?: PreviewRequest['counts'] & object;
}

export interface Scenario {
  /** The parts of the text that became actions. */
  readonly understood: readonly string[];
  /** The parts that did not: nothing is concluded from them. */
  readonly notUnderstood: readonly string[];
  readonly actions: readonly ScenarioAction[];
}

/** Beyond this nothing is read: patterns are tried on short texts only, so that no text takes long. */
const MAX_CHARACTERS = 4_000;

type Reader = (clause: string) => ScenarioAction | undefined;
const READERS: readonly Reader[] = [readDatabaseClause, readOutsideClause, readFileClause];

/** Reads the few things that can be read with certainty. All else is named as not understood. */
export function readScenario(text: string): Scenario {
  const { statements, rest } = findStatements(cutText(text, MAX_CHARACTERS));
  const clauses = rest.split(/[;\n]/).flatMap(toClauses);
  const read = [
    ...statements.map(({ text: clause, action }) => ({ clause, action })),
    ...clauses.map((clause) => ({ clause, action: readClause(clause) })),
  ];
  const cut = text.length > MAX_CHARACTERS ? [`what comes after the first ${MAX_CHARACTERS} characters`] : [];
  return {
    understood: read.filter(({ action }) => action !== undefined).map(({ clause }) => clause),
    notUnderstood: [...read.filter(({ action }) => action === undefined).map(({ clause }) => clause), ...cut],
    actions: read.flatMap(({ action }) => (action === undefined ? [] : [action])),
  };
}

/** Words that only lead up to a statement that was taken out. */
const LEFTOVER =
  /^(?:please )?(?:(?:it|the agent|then|and|now|tries to|try to|wants to|would|will|should|runs?|executes?|does|do|sends?|issues?|the|sql|query|statement|command|on|against|in|database|db|production|prod|with|a|an)\b[ :,]*)+$/i;

function toClauses(line: string): string[] {
  return line
    .replace(/\s+/g, ' ')
    .split(/[.!?](?= |$)|,? (?:and )?then |, | and (?=(?:recursively )?[a-z]+ )/i)
    .map((clause) => clause.trim())
    .filter((clause) => /\w/.test(clause) && !LEFTOVER.test(clause));
}

function readClause(clause: string): ScenarioAction | undefined {
  for (const reader of READERS) {
    const action = reader(clause);
    if (action !== undefined) return action;
  }
  return undefined;
}
