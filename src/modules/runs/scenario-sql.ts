import type { ScenarioAction } from './scenario.ts';

const CONNECTION = 'database';
const HEADS = [
  'drop\\s+(?:table|database|schema|view|index|column)',
  'truncate(?:\\s+table)?\\s+(?!the\\b)[\\w."]+',
  'delete\\s+from',
  'update\\s+[\\w."]+\\s+set',
  'insert\\s+into',
  'alter\\s+(?:table|user|role)',
  'create\\s+(?:table|user|role|index|view)',
  'grant\\s+\\w+',
  'select\\s+[^;\\n]{1,300}?\\sfrom\\s',
  'with\\s+\\w+\\s+as\\s*\\(',
];
/** Statements as databases take them: from their first words to the end of the sentence, the line or the quotes. */
const STATEMENT = new RegExp(`\\b(?:${HEADS.join('|')})[^;\\n"\`]{0,1000}`, 'gi');
const SENTENCE_END =
  /(?:[.!?](?=\s|$)|,?\s(?:and\s)?then\s|,?\s(?:and|but|while)\s(?=(?:then\s)?(?:e-?mail|send|post|tell|read|write|report)\b))/i;
/** Prose that only sounds like SQL: `delete from the disk`, `update the report set`. */
const PROSE =
  /^(?:delete\s+from|drop\s+(?:table|database))\s+(?:the|a|an|my|our|all|every)\b|^select\s+(?:a|an|the)\s|^update\s+(?:the|a|my|our)\s/i;

interface Statement {
  readonly text: string;
  readonly action: ScenarioAction;
}

/** Takes SQL out of a text, before the text is cut into clauses. */
export function findStatements(text: string): { readonly statements: readonly Statement[]; readonly rest: string } {
  const statements: Statement[] = [];
  const rest = text.replace(STATEMENT, (found: string) => {
    const end = found.search(SENTENCE_END);
    const statement = (end < 0 ? found : found.slice(0, end)).trim().replace(/['.,]+$/, '');
    if (PROSE.test(statement)) return found;
    statements.push({ text: statement, action: toAction(statement) });
    return end < 0 ? ' ' : ` ${found.slice(end)}`;
  });
  return { statements, rest: statements.length === 0 ? rest : rest.replace(/["'`]\s*["'`]/g, ' ') };
}

function toAction(sql: string): ScenarioAction {
  const isRead = /^(?:select|with|explain)\b/i.test(sql);
  return { type: isRead ? 'sql.query' : 'sql.execute', params: { connection: CONNECTION, sql } };
}

const ROWS =
  '(?:rows?|records?|entries|entry|users?|customers?|orders?|clients?|patients?|accounts?|employees?|invoices?|products?|contacts?)';
const DELETE_ALL = new RegExp(
  `\\b(?:delete|remove|erase|wipe|purge|clear)\\s+(?:all|every|each)(?:\\s+of)?(?:\\s+the)?\\s+(${ROWS})(?:\\s+(?:from|in|of)\\s+(?:the\\s+)?(\\w+)(?:\\s+(?:table|database|db))?)?`,
  'i',
);
const DELETE_ONE = new RegExp(
  `\\b(?:delete|remove)\\s+(?:the\\s+)?(${ROWS})\\s+(?:with\\s+)?(?:id\\s+|number\\s+|no\\.?\\s+|#\\s*)?(\\d{1,12})\\b`,
  'i',
);
const DROP =
  /\b(?:drop|truncate)\s+(?:the\s+)?(?:(?:entire|whole)\s+)?(?:(\w+)\s+(table|database|schema)|(table|database|schema)\s+(\w+)|(database|db))\b/i;
const READ = new RegExp(
  `\\b(?:query|read|select|count|fetch|look up)\\b.*\\b(?:from|in)\\s+(?:the\\s+)?(?:(\\w+)\\s+)?(?:table|database|db)\\b`,
  'i',
);
const PLACES = ['database', 'db', 'table', 'the', 'production', 'customer'];

/** What prose says would happen in a database. */
export function readDatabaseClause(clause: string): ScenarioAction | undefined {
  const one = DELETE_ONE.exec(clause);
  if (one !== null && !/\bfiles?\b/i.test(clause))
    return toAction(`DELETE FROM ${toTable(one[1])} WHERE id = ${one[2] ?? 0}`);
  const all = DELETE_ALL.exec(clause);
  if (all !== null && !/\b(?:where|with|whose|older|that|files?)\b/i.test(clause)) {
    return toAction(
      `DELETE FROM ${toTable(all[2] === undefined || PLACES.includes(all[2].toLowerCase()) ? all[1] : all[2])}`,
    );
  }
  const drop = DROP.exec(clause);
  if (drop !== null) return toDrop(clause, drop);
  const read = READ.exec(clause);
  return read === null ? undefined : toAction(`SELECT id FROM ${read[1] ?? 'records'} LIMIT 10`);
}

function toDrop(clause: string, [, before, kindAfter, kind, after, bare]: RegExpExecArray): ScenarioAction {
  const what = (kindAfter ?? kind ?? bare ?? 'table').toUpperCase().replace('DB', 'DATABASE');
  const name = [before, after].find((each) => each !== undefined && !PLACES.includes(each.toLowerCase())) ?? 'main';
  return toAction(/\btruncate\b/i.test(clause) ? `TRUNCATE TABLE ${name}` : `DROP ${what} ${name}`);
}

function toTable(word = 'records'): string {
  const name = word.toLowerCase();
  return name.endsWith('s') ? name : name === 'entry' ? 'entries' : `${name}s`;
}
