import {
  CONTACT_CLASSES,
  DATA_CLASSES,
  PERSONAL_CLASSES,
  RESTRICTED_CLASSES,
  type DataClass,
  type DataLevel,
} from '../../../kernel/policy/data-classes.ts';
import { NEUTRAL_FACTS, type Facts } from '../../../kernel/policy/facts.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import type {
  CodeLanguage,
  InspectAnswer,
  InspectRequest,
  ShellReading,
  SqlDialect,
} from '../../../platform/inspect/index.ts';
import type { Subject } from '../subject.ts';
import { sendsUnseen, UNSEEN_STATEMENT } from './database-drivers.ts';
import { toSnake } from './payment-facts.ts';

/** Whom a message goes to is no content of it. */
const ADDRESSING = new Map<string, readonly string[]>([['email.send', ['to', 'cc', 'bcc']]]);
/** First keys of params that say what is done: content found there cannot be changed without doing something else. */
const FIXED = new Map<string, readonly string[]>(
  Object.entries({
    'sql.query': ['connection', 'sql'],
    'sql.execute': ['connection', 'sql'],
    'code.run': ['source', 'language'],
    'http.request': ['url', 'method', 'connection'],
    'mcp.call': ['server', 'tool'],
    'email.send': ['to', 'cc', 'bcc', 'connection'],
    'slack.post': ['channel', 'connection'],
    'data.transform': ['expression'],
  }),
);
const PLACES = ['path', 'from', 'to', 'bucket', 'key', 'connection', 'channel'];

export function toFixed(type: string): readonly string[] {
  return FIXED.get(type) ?? PLACES;
}

/** What of the params is content. */
export function toContent({ type, params }: Pick<Subject, 'type' | 'params'>): JsonObject {
  const left = ADDRESSING.get(type);
  if (left === undefined) return params;
  return Object.fromEntries(Object.entries(params).filter(([key]) => !left.includes(key)));
}

const SQL_START =
  /^\s*(?:--[^\n]*\n\s*|\/\*[\s\S]{0,2000}?\*\/\s*)*\/?\*?!?\d*\s*(?:select|insert|update|delete|drop|truncate|alter|create|grant|revoke|merge|replace|with|explain|copy|call|do|execute|exec|prepare|set|vacuum|attach|pragma|load|rename|begin)\b/i;
const SQL_KEYS = ['sql', 'query', 'statement', 'stmt', 'sql_query'];
const SHELL_KEYS = ['command', 'cmd', 'script', 'shell', 'bash', 'commands', 'commandline', 'command_line'];
const CODE_KEYS = ['code', 'source', 'program'];
/** SQL inside the texts of a program: from a verb that changes something to the end of the text. */
const SQL_IN_CODE =
  /(["'`])\s*((?:drop|truncate|alter|create|grant|revoke)\s+(?:table|database|schema|view|index|user|role|all|column)\b[^"'`]{0,2000}|delete\s+from\b[^"'`]{0,2000}|update\s+[\w."]{1,100}\s+set\b[^"'`]{0,2000}|insert\s+into\b[^"'`]{0,2000}|select\s+[^"'`]{1,2000}\sfrom\b[^"'`]{0,2000})\1/gi;
const MAX_PROGRAM = 200_000;

/** The statements and programs that the action would have carried out. */
export function toPrograms(subject: Subject): Pick<InspectRequest, 'sql' | 'code'> {
  const { type, params, connection } = subject;
  if (type === 'sql.query' || type === 'sql.execute') return withSql(params['sql'], toDialect(connection?.kind));
  if (type === 'code.run') return ofCode(params);
  if (type === 'mcp.call') return ofTool(params);
  return {};
}

function toDialect(kind: string | undefined): SqlDialect {
  return kind === 'postgres' || kind === 'mysql' || kind === 'sqlite' ? kind : 'unknown';
}

function withSql(text: unknown, dialect: SqlDialect): Pick<InspectRequest, 'sql'> {
  return { sql: { text: typeof text === 'string' ? text : '', dialect } };
}

function ofCode({ source, language }: JsonObject): Pick<InspectRequest, 'sql' | 'code'> {
  const text = typeof source === 'string' ? source : '';
  const looked = text.slice(0, MAX_PROGRAM);
  const statements = [...looked.matchAll(SQL_IN_CODE)].map(([, , statement = '']) => statement);
  if (sendsUnseen(looked, statements.length > 0)) statements.push(UNSEEN_STATEMENT);
  const code = { source: text, language: toLanguage(language) };
  return statements.length === 0 ? { code } : { code, ...withSql(statements.join(';\n'), 'unknown') };
}

function toLanguage(language: unknown): CodeLanguage {
  switch (language) {
    case 'python':
    case 'javascript':
    case 'typescript':
    case 'go':
      return language;
    default:
      return 'unknown';
  }
}

/** Tools that take statements or commands: by the names of their arguments, and by what stands in them. */
function ofTool({ tool, arguments: given }: JsonObject): Pick<InspectRequest, 'sql' | 'code'> {
  const name = toSnake(typeof tool === 'string' ? tool : '');
  const found: { sql: string[]; shell: string[]; code: string[] } = { sql: [], shell: [], code: [] };
  const isShellTool = /(?:^|_)(?:bash|shell|terminal|command|exec|run_command|ssh|powershell|cmd)(?:_|$)/.test(name);
  for (const [key, value] of toLeaves(given)) {
    const word = toSnake(key);
    if (SHELL_KEYS.includes(word) || (isShellTool && word === 'args')) found.shell.push(value);
    else if (SQL_KEYS.includes(word) && SQL_START.test(value)) found.sql.push(value);
    else if (CODE_KEYS.includes(word)) found.code.push(value);
    else if (/(?:^|_)sql(?:_|$)/.test(name) && SQL_START.test(value)) found.sql.push(value);
    else if (isShellTool && word === 'input') found.shell.push(value);
  }
  const program =
    found.shell.length > 0
      ? { code: { source: found.shell.join(' '), language: 'shell' as const } }
      : found.code.length > 0
        ? { code: { source: found.code.join('\n'), language: 'unknown' as const } }
        : {};
  return { ...program, ...(found.sql.length === 0 ? {} : withSql(found.sql.join(';\n'), 'unknown')) };
}

const PATH_KEYS =
  /^(?:file_?)?(?:path|paths|name|file|filename|filepath|source|src|destination|dest|dst|target|directory|dir|folder|from|to|input|output)$/;
const URL_KEYS =
  /^(?:url|urls|uri|link|href|endpoint|webhook|webhook_url|callback|callback_url|base_url|source|src|target|address)$/;

/** Paths and addresses in the arguments of a tool: what its server would read, write or call. */
export function toToolPlaces({ type, params }: Pick<Subject, 'type' | 'params'>): {
  readonly paths: readonly string[];
  readonly url?: string;
} {
  if (type !== 'mcp.call') return { paths: [] };
  const leaves = toLeaves(params['arguments']).map(([key, value]): [string, string] => [toSnake(key), value]);
  const url = leaves.find(([key, value]) => URL_KEYS.test(key) && /^\s*[a-z][a-z0-9+.-]*:\/\//i.test(value))?.[1];
  const paths = leaves.flatMap(([key, value]) =>
    PATH_KEYS.test(key) && /[/\\.~]/.test(value) && value !== url ? [value] : [],
  );
  return { paths, ...(url === undefined ? {} : { url }) };
}

/** Texts with the innermost name above each, in order. */
function toLeaves(top: unknown): [string, string][] {
  const leaves: [string, string][] = [];
  const open: [string, unknown][] = [['', top]];
  for (let visited = 0; open.length > 0 && visited < 2_000; visited++) {
    const [key, value] = open.shift() ?? ['', undefined];
    if (typeof value === 'string') leaves.push([key, value]);
    else if (Array.isArray(value)) open.unshift(...(value as unknown[]).map((each): [string, unknown] => [key, each]));
    else if (typeof value === 'object' && value !== null) open.push(...Object.entries(value));
  }
  return leaves;
}

export function toSqlFacts({ sql }: Pick<InspectAnswer, 'sql'>): Facts['sql'] {
  if (sql === undefined) return NEUTRAL_FACTS.sql;
  return { present: true, ...sql };
}

export function toShellFacts(shell: ShellReading | undefined, language: string): Facts['shell'] {
  if (shell === undefined) return NEUTRAL_FACTS.shell;
  return { present: true, language, ...shell };
}

function toLevel(classes: readonly DataClass[]): DataLevel {
  if (classes.some((each) => RESTRICTED_CLASSES.includes(each))) return 'restricted';
  return classes.length > 0 ? 'confidential' : 'internal';
}

/** Personal data and secrets in the content and in the names of its fields. */
export function toDataFacts(answer: InspectAnswer): Pick<Facts, 'data' | 'secrets'> {
  const { findings, fieldClasses, fields } = answer;
  const found = new Set(findings.map((each) => `${each.class} ${each.confidence}`));
  const of = (wanted: string): DataClass[] => DATA_CLASSES.filter((name) => found.has(`${name} ${wanted}`));
  const contentClasses = of('high');
  const classes = DATA_CLASSES.filter((name) => contentClasses.includes(name) || fieldClasses.includes(name));
  const secrets = findings.filter((each) => each.class === 'credential');
  const known = secrets.filter(({ confidence }) => confidence === 'high');
  return {
    data: {
      classes,
      contentClasses,
      fieldClasses,
      suspectedClasses: of('low').filter((name) => !classes.includes(name)),
      fields,
      level: toLevel(classes),
      personal: classes.some((name) => PERSONAL_CLASSES.includes(name)),
      restricted: classes.some((name) => RESTRICTED_CLASSES.includes(name)),
      contact: classes.some((name) => CONTACT_CLASSES.includes(name)),
      count: findings.filter(({ confidence }) => confidence === 'high').length,
    },
    secrets: {
      count: known.length,
      kinds: [...new Set(known.map(({ kind }) => kind))],
      suspected: secrets.length > known.length,
    },
  };
}

export function toAnalysisFacts({ truncated, unreadable, obfuscated, errors }: InspectAnswer): Facts['analysis'] {
  return { complete: !truncated && errors.length === 0, truncated, unreadable, obfuscated, errors };
}
