function toSet(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/));
}

/** `nam*` stands for all that begins with it. */
function toPattern(names: string): RegExp {
  return new RegExp(`^(?:${names.trim().replaceAll('*', '.*').replaceAll(/\s+/g, '|')})$`);
}

/** Row is its key, the verbs of the trees, in both parsers' words, are its values. */
const VERBS = {
  select: 'Select Query',
  insert: 'Insert',
  update: 'Update',
  delete: 'Delete',
  merge: 'Merge',
  truncate: 'Truncate',
  drop: 'Drop Dropdb',
  alter: 'Alter Rename',
  create: 'Create Createdb Index View Define Rule Composite',
  grant: 'Grant',
  revoke: 'Revoke Deny',
  copy: 'Copy',
  call: 'Call',
  do: 'Do',
  execute: 'Execute Prepare',
  set: 'Set Variable',
  explain: 'Explain',
  transaction: 'Transaction Start Commit Rollback Savepoint Release',
} as const;

const VERB_OF = new Map(Object.entries(VERBS).flatMap(([verb, words]) => words.split(' ').map((word) => [word, verb])));

/** `CreateTableAsStmt` -> `create`. */
export function toVerb(tag: string): string {
  if (READS.test(tag)) return 'other';
  return VERB_OF.get(/^[A-Z][a-z]*/.exec(tag)?.[0] ?? '') ?? 'other';
}

/** Statements that say what is there, beside SELECT, EXPLAIN and those of transactions. */
const READS = /^(?:Show|VariableShow)/;
export function isReadTag(tag: string): boolean {
  return READS.test(tag) || ['select', 'explain', 'transaction'].includes(toVerb(tag));
}

/** Code and names of code that is not seen here. */
export const OPAQUE_TAG = /^(?:Do|Call|Execute|Fetch|Load)/;
/** Who may do what: roles, owners, passwords, row security. */
export const RIGHTS_TAG =
  /role|user|grant|revoke|deny|owne[rd]|priv|polic|security|seclabel|password|authori[sz]ation/i;
/** Files, programs and libraries of the server. */
export const FILES_TAG = /^(?:Attach|Load|Unload|Install|Directory|Export|AlterSystem|CreateTableSpace)/;

const OBJECTS = toSet('table schema database column index view role function');
const OBJECT_NAMES: Readonly<Record<string, string>> = {
  user: 'role',
  matview: 'view',
  procedure: 'function',
  routine: 'function',
  aggregate: 'function',
  createdb: 'database',
  dropdb: 'database',
};

/** `OBJECT_MATVIEW`, `MaterializedView`, `CreateTable` -> what it is about. */
export function toObject(tag: string): string {
  const words = tag
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split('_');
  const names = words.map((word) => OBJECT_NAMES[word] ?? word);
  return names.find((name) => OBJECTS.has(name)) ?? 'other';
}

/** Functions that reach files and programs of the server. */
const FILE_FUNCTIONS = toPattern(`
  pg_read_file pg_read_binary_file pg_ls_* pg_stat_file pg_file_* pg_logdir_ls lo_import lo_export load_file readfile
  writefile edit load_extension sys_exec sys_eval xp_* openrowset opendatasource openquery utl_file* bfilename`);
/** Functions that change something, hold something up, or run text that is not seen here. */
const EFFECT_FUNCTIONS = toPattern(`
  nextval setval set_config pg_terminate_backend pg_cancel_backend pg_reload_conf pg_rotate_logfile pg_switch_wal
  pg_promote pg_notify pg_sleep* pg_advisory_* pg_try_advisory_* pg_create_* pg_drop_* pg_copy_* pg_replication_*
  pg_logical_* pg_wal_replay_* pg_backup_* pg_start_backup pg_stop_backup pg_stat_reset* pg_stat_statements_reset
  pg_export_snapshot pg_import_* pg_log_* lo_* lowrite dblink* query_to_xml* cursor_to_xml* table_to_xml*
  schema_to_xml* database_to_xml* ts_stat ts_rewrite crosstab* connectby sleep benchmark get_lock release_lock
  release_all_locks master_pos_wait source_pos_wait sp_* dbms_* utl_* fts3_tokenizer`);

/** Names of parts, such as `pg_catalog`, `pg_sleep`. */
export function isFileFunction(parts: readonly string[]): boolean {
  return parts.some((part) => FILE_FUNCTIONS.test(part));
}
export function hasEffect(parts: readonly string[]): boolean {
  return parts.some((part) => EFFECT_FUNCTIONS.test(part) || FILE_FUNCTIONS.test(part));
}

/** PostgreSQL lets `row.function` stand for `function(row)`: the whole row is read. */
export const ROW_FUNCTIONS = toSet(
  'to_json to_jsonb row_to_json record_out record_send hstore concat quote_literal quote_nullable json_build_array',
);

/** PRAGMAs of SQLite that only tell. */
export const READ_PRAGMAS = toSet(
  `table_info table_xinfo table_list index_list index_info index_xinfo foreign_key_list foreign_key_check database_list
  compile_options function_list collation_list module_list pragma_list integrity_check quick_check`,
);

/** What a word stands for in text that no parser took. */
export const SCAN_VERBS: ReadonlyMap<string, string> = new Map([
  ...'select insert update delete merge replace truncate drop alter create grant revoke copy call do execute set explain'
    .split(' ')
    .map((verb) => [verb, verb] as const),
  ['exec', 'execute'],
  ['rename', 'alter'],
  ['deny', 'revoke'],
]);
/** Verbs that count in a text of an unknown server also where parsers took the word for a name: `SELECT 1 DELETE FROM t`. */
export const SCAN_EFFECTS = toSet('insert update delete merge truncate drop alter create grant revoke call execute');
export const SCAN_RIGHTS = toSet('grant revoke deny role user password identified owner authorization privileges');
export const SCAN_FILES = toSet('outfile dumpfile infile program attach install');
/** After these words a table is named, and words that are no name of one there. */
export const SCAN_TABLE = toSet('from join into update table truncate view using only exists');
export const SCAN_NO_TABLE = toSet(
  'from join into update table truncate view using only exists if not select set values where outfile dumpfile',
);
