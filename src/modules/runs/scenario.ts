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

const URL_PATTERN = /\bhttps?:\/\/[^\s"'`<>]+[^\s"'`<>.,;:!?)]/i;
const EMAIL_PATTERN = /[^\s"'`<>(),;:]+@[^\s"'`<>(),;:]+\.[a-z]{2,}/i;
const QUOTED_PATTERN = /"([^"]+)"|'([^']+)'|`([^`]+)`/;
/** `/etc/passwd`, `~/x`, `./x`, `in/orders.csv`, `notes.txt`, `*.csv`, or the word after "folder" and the like. */
const PATH_PATTERN =
  /(?:^|\s)((?:~|\.{1,2})?\/[^\s"'`,;]*[^\s"'`,;.!?]|[\w.*-]+(?:\/[\w.*-]+)+|[\w*-]+\.[a-z]\w{0,7})(?=$|[\s"'`,;.!?])/i;
const NAMED_PATTERN = /\b(?:folder|directory|file)\s+(?:called\s+|named\s+)?([\w./*-]+\w)/i;

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
  const clauses = text
    .split(/[;\n]+|[.!?]+(?=\s|$)|,?\s+(?:and\s+)?then\s+|,\s+|\s+and\s+(?=(?:then\s+)?(?:recursively\s+)?[a-z]+\s)/i)
    .map((clause) => clause.trim())
    .filter((clause) => clause !== '');
  const read = clauses.map((clause) => ({ clause, action: readClause(clause) }));
  return {
    understood: read.filter(({ action }) => action !== undefined).map(({ clause }) => clause),
    notUnderstood: read.filter(({ action }) => action === undefined).map(({ clause }) => clause),
    actions: read.flatMap(({ action }) => (action === undefined ? [] : [action])),
  };
}

function readClause(clause: string): ScenarioAction | undefined {
  for (const { pattern, toAction } of VERBS) {
    const action = pattern.test(clause) ? toAction(clause) : undefined;
    if (action !== undefined) return action;
  }
  return undefined;
}

function findPath(clause: string): string | undefined {
  const withoutUrl = clause.replace(URL_PATTERN, ' ');
  const quoted = QUOTED_PATTERN.exec(withoutUrl);
  return quoted?.slice(1).find(Boolean) ?? PATH_PATTERN.exec(withoutUrl)?.[1] ?? NAMED_PATTERN.exec(withoutUrl)?.[1];
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
  const [left = '', right] = clause.split(/\s+(?:to|into|as)\s+/i);
  const [from, to] = [findPath(left), right === undefined ? undefined : findPath(right)];
  return from === undefined || to === undefined ? undefined : { type: 'file.move', params: { from, to } };
}

function toSend(clause: string): ScenarioAction | undefined {
  const url = URL_PATTERN.exec(clause)?.[0];
  if (url !== undefined) return { type: 'http.request', params: { url, method: 'POST' } };
  const to = EMAIL_PATTERN.exec(clause)?.[0];
  return to === undefined ? undefined : { type: 'email.send', params: { to: [to], subject: 'Scenario', text: clause } };
}

function toRequest(clause: string): ScenarioAction | undefined {
  const url = URL_PATTERN.exec(clause)?.[0];
  if (url === undefined) return undefined;
  const method = /\b(?:post|upload)\b/i.test(clause) ? 'POST' : /\bput\b/i.test(clause) ? 'PUT' : 'GET';
  return { type: 'http.request', params: { url, method } };
}
