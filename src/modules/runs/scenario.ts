import type { JsonObject } from '../../kernel/json.ts';

/** One thing that a scenario says an agent would do, as an action that can be judged. */
export interface ScenarioAction {
  readonly type: string;
  readonly params: JsonObject;
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
const MAX_WORD = 300;
const URL_WORD = /^https?:\/\/\S+$/i;
const EMAIL_WORD = /^[^\s@]+@[^\s@]+\.[a-z]{2,}$/i;
/** `/etc/passwd`, `~/x`, `./x`, `in/orders.csv`, `notes.txt`, `*.csv`. */
const PATH_WORD = /^(?:(?:~|\.{1,2})?\/\S+|[\w.*-]+\/[\w.*/-]+|[\w*-][\w.*-]*\.[a-z]\w{0,7})$/i;
const PLACE_WORD = /^(?:folder|directory|file)$/i;

const VERBS: readonly {
  readonly pattern: RegExp;
  readonly toAction: (clause: string) => ScenarioAction | undefined;
}[] = [
  { pattern: /\b(?:delete|remove|erase|wipe|rm)\b/i, toAction: toDelete },
  { pattern: /\b(?:move|rename)\b/i, toAction: toMove },
  { pattern: /\b(?:e-?mail|mail|send)\b/i, toAction: toSend },
  { pattern: /\b(?:post|upload|put|fetch|get|download|call|request|open|visit)\b/i, toAction: toRequest },
  { pattern: /\b(?:write|create|save|overwrite|append)\b/i, toAction: toFileAction('file.write', { content: '' }) },
  { pattern: /\b(?:list|find)\b/i, toAction: toFileAction('file.list') },
  { pattern: /\b(?:read|open|get|show|print|cat|load)\b/i, toAction: toFileAction('file.read') },
];

/** Reads the few things that can be read with certainty: a known verb with a path, URL or address. All else is named as not understood. */
export function readScenario(text: string): Scenario {
  const clauses = text.slice(0, MAX_CHARACTERS).split(/[;\n]/).flatMap(toClauses);
  const read = clauses.map((clause) => ({ clause, action: readClause(clause) }));
  const rest = text.length > MAX_CHARACTERS ? [`what comes after the first ${MAX_CHARACTERS} characters`] : [];
  return {
    understood: read.filter(({ action }) => action !== undefined).map(({ clause }) => clause),
    notUnderstood: [...read.filter(({ action }) => action === undefined).map(({ clause }) => clause), ...rest],
    actions: read.flatMap(({ action }) => (action === undefined ? [] : [action])),
  };
}

function toClauses(line: string): string[] {
  return line
    .replace(/\s+/g, ' ')
    .split(/[.!?](?= |$)|,? (?:and )?then |, | and (?=(?:recursively )?[a-z]+ )/i)
    .map((clause) => clause.trim())
    .filter((clause) => /\w/.test(clause));
}

function readClause(clause: string): ScenarioAction | undefined {
  for (const { pattern, toAction } of VERBS) {
    const action = pattern.test(clause) ? toAction(clause) : undefined;
    if (action !== undefined) return action;
  }
  return undefined;
}

/** Words without the punctuation around them; what is in quotes is one word, marked by them. */
function toWords(clause: string): string[] {
  const words = clause.match(/"[^"]+"|'[^']+'|`[^`]+`|\S+/g) ?? [];
  return words.map((word) => (/^["'`].+["'`]$/.test(word) ? word : word.replace(/^[("']+|[)"',:.!?]+$/g, '')));
}

function findWord(clause: string, pattern: RegExp): string | undefined {
  return toWords(clause).find((word) => word.length <= MAX_WORD && pattern.test(word));
}

function findPath(clause: string): string | undefined {
  const words = toWords(clause).filter((word) => word.length <= MAX_WORD && !URL_WORD.test(word));
  const quoted = words.find((word) => /^["'`].+["'`]$/.test(word));
  if (quoted !== undefined) return quoted.slice(1, -1);
  const named = words[words.findIndex((word) => PLACE_WORD.test(word)) + 1];
  return (
    words.find((word) => PATH_WORD.test(word)) ?? (words.some((word) => PLACE_WORD.test(word)) ? named : undefined)
  );
}

function toFileAction(type: string, more: JsonObject = {}): (clause: string) => ScenarioAction | undefined {
  return (clause) => {
    const path = findPath(clause);
    return path === undefined ? undefined : { type, params: { path, ...more } };
  };
}

function toDelete(clause: string): ScenarioAction | undefined {
  const path = findPath(clause);
  if (path === undefined) return undefined;
  const isRecursive = /\b(?:recursive(?:ly)?|everything|folder|directory|tree)\b|-rf?\b/i.test(clause);
  return { type: 'file.delete', params: { path, ...(isRecursive ? { recursive: true } : {}) } };
}

function toMove(clause: string): ScenarioAction | undefined {
  const [left = '', right] = clause.split(/ (?:to|into|as) /i);
  const [from, to] = [findPath(left), right === undefined ? undefined : findPath(right)];
  return from === undefined || to === undefined ? undefined : { type: 'file.move', params: { from, to } };
}

function toSend(clause: string): ScenarioAction | undefined {
  const url = findWord(clause, URL_WORD);
  if (url !== undefined) return { type: 'http.request', params: { url, method: 'POST' } };
  const to = findWord(clause, EMAIL_WORD);
  return to === undefined ? undefined : { type: 'email.send', params: { to: [to], subject: 'Scenario', text: clause } };
}

function toRequest(clause: string): ScenarioAction | undefined {
  const url = findWord(clause, URL_WORD);
  if (url === undefined) return undefined;
  const method = /\b(?:post|upload)\b/i.test(clause) ? 'POST' : /\bput\b/i.test(clause) ? 'PUT' : 'GET';
  return { type: 'http.request', params: { url, method } };
}
