import type { JsonObject } from '../../kernel/json.ts';
import { withSamples } from './scenario-samples.ts';
import type { ScenarioAction } from './scenario.ts';
import { toWords, URL_WORD } from './scenario-words.ts';

/** `/etc/passwd`, `~/x`, `./x`, `in/orders.csv`, `notes.txt`, `*.csv`. */
const PATH_WORD = /^(?:(?:~|\.{1,2})?\/\S+|[\w.*-]+\/[\w.*/-]+|[\w*-][\w.*-]*\.[a-z]\w{0,7}|\.[a-z][\w.-]{1,30})$/i;
const PLACE_WORD = /^(?:folder|directory|file)$/i;
const HARD_CODED =
  /\b(?:hard-?cod\w*|commit\w*|check\w* in|embed\w*|put\w*|stor\w*|writ\w*|sav\w*|add\w*)\b.*\b(?:key|password|passwd|token|secret|credentials?)\b/i;

const VERBS: readonly {
  readonly pattern: RegExp;
  readonly toAction: (clause: string) => ScenarioAction | undefined;
}[] = [
  { pattern: /\b(?:delete|remove|erase|wipe)\b/i, toAction: toDelete },
  { pattern: /\b(?:move|rename)\b/i, toAction: toMove },
  { pattern: HARD_CODED, toAction: toSecretFile },
  { pattern: /\b(?:write|create|save|overwrite|append)\b/i, toAction: toWrite },
  { pattern: /\b(?:list|find)\b/i, toAction: toFileAction('file.list') },
  { pattern: /\b(?:read|open|get|show|print|cat|load)\b/i, toAction: toFileAction('file.read') },
];

export function readFileClause(clause: string): ScenarioAction | undefined {
  for (const { pattern, toAction } of VERBS) {
    const action = pattern.test(clause) ? toAction(clause) : undefined;
    if (action !== undefined) return action;
  }
  return undefined;
}

function findPath(clause: string): string | undefined {
  const words = toWords(clause).filter((word) => !URL_WORD.test(word));
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

/** What a file would hold is what the clause says of it. */
function toWrite(clause: string): ScenarioAction | undefined {
  const path = findPath(clause);
  return path === undefined ? undefined : { type: 'file.write', params: { path, content: withSamples(clause) } };
}

/** A key that is written down, unless it stays where keys belong. */
function toSecretFile(clause: string): ScenarioAction {
  const path = findPath(clause) ?? 'config.py';
  return { type: 'file.write', params: { path, content: withSamples(clause) } };
}

function toDelete(clause: string): ScenarioAction | undefined {
  const path = findPath(clause);
  if (path === undefined) return undefined;
  const isRecursive = /\b(?:recursive(?:ly)?|everything|folder|directory|tree)\b/i.test(clause);
  return { type: 'file.delete', params: { path, ...(isRecursive ? { recursive: true } : {}) } };
}

function toMove(clause: string): ScenarioAction | undefined {
  const [left = '', right] = clause.split(/ (?:to|into|as) /i);
  const [from, to] = [findPath(left), right === undefined ? undefined : findPath(right)];
  return from === undefined || to === undefined ? undefined : { type: 'file.move', params: { from, to } };
}
