import type { DataClass } from '../../kernel/policy/data-classes.ts';

export const CONFIDENCES = ['low', 'high'] as const;
/** low: looks like it, and is only hidden or logged; high: a checksum, a prefix or the words around it say so. */
export type Confidence = (typeof CONFIDENCES)[number];

/** Something found in a text. `start` and `end` are UTF-16 offsets, `end` exclusive. The value itself is never kept. */
export interface Span {
  readonly start: number;
  readonly end: number;
  /** `credential` for a secret. */
  readonly class: DataClass;
  /** Which detector found it, such as `us_ssn`, `visa`, `aws_access_key`. */
  readonly kind: string;
  readonly confidence: Confidence;
}

/** Keys and indexes from the top of the inspected value. */
export type Path = readonly (string | number)[];

/** A span in one text of a value. */
export interface Finding extends Span {
  readonly path: Path;
  /** Found below an encoding: the span then covers the whole encoded piece. */
  readonly isDecoded: boolean;
}

export const SQL_DIALECTS = ['postgres', 'mysql', 'sqlite', 'unknown'] as const;
/** `unknown`: every dialect is tried, and what they disagree about counts as the worse. */
export type SqlDialect = (typeof SQL_DIALECTS)[number];

/** What SQL text does, read from its tree. Names are lower case, without quotes. Not parsed means: all of it may happen. */
export interface SqlReading {
  readonly parsed: boolean;
  /** The dialect that it was read in. */
  readonly dialect: SqlDialect;
  readonly statements: number;
  /** Distinct verbs of all statements, also nested ones: select insert update delete merge replace truncate drop alter create grant revoke copy call do execute set explain transaction other. */
  readonly operations: readonly string[];
  /** What is dropped, altered or created: table schema database column index view role function other. */
  readonly objects: readonly string[];
  /** Tables and views, bare names. */
  readonly tables: readonly string[];
  /** The same as written with schema or database, where one is given. */
  readonly qualifiedTables: readonly string[];
  /** Columns that are read, written or compared. */
  readonly columns: readonly string[];
  readonly functions: readonly string[];
  /** Whether all columns are read (`*`), so that `columns` is not the whole list. */
  readonly selectsAll: boolean;
  /** Whether anything can change: data, structure, rights, sessions, files of the server. */
  readonly mutating: boolean;
  readonly ddl: boolean;
  /** Whether every DELETE and UPDATE has a WHERE; true when there is none of them. */
  readonly hasWhere: boolean;
  /** Whether a WHERE of a DELETE or UPDATE is true for every row: `1=1`, `id = id`, `OR true`, `NOT false`, `LIKE '%'`. */
  readonly alwaysTrue: boolean;
  /** Whether something cannot be seen from here: DO, CALL, EXECUTE, dynamic SQL, functions with effects. */
  readonly opaque: boolean;
  /** Whether rights, roles or passwords change. */
  readonly privileges: boolean;
  /** Whether files or programs of the database server are read, written or run. */
  readonly serverFiles: boolean;
  /** Rows that a DELETE or UPDATE can touch by equality with keys (`id = 1`, `id IN (1, 2)`); -1 when unknown. */
  readonly keyedRows: number;
  /** Literal LIMIT of the outermost SELECT; -1 without one. */
  readonly limit: number;
}

/** What a shell script, or the shell and system calls inside a program, would do. Not parsed means: all of it may happen. */
export interface ShellReading {
  readonly parsed: boolean;
  /** Distinct command names, without path, aliases and wrappers (`sudo`, `env`, `xargs`, `bash -c`) undone, lower case. */
  readonly commands: readonly string[];
  /** Whether data, history, volumes, machines or accounts are deleted or overwritten beyond a single named file. */
  readonly destructive: boolean;
  /** Whether single named files are deleted or overwritten. */
  readonly deletes: boolean;
  /** Whether anything is written, installed, sent or changed at all. */
  readonly writes: boolean;
  readonly network: boolean;
  /** sudo, su, doas, setuid, chmod 777, capabilities, containers with the host mounted. */
  readonly privilege: boolean;
  /** Something fetched or decoded is handed to an interpreter. */
  readonly pipeToInterpreter: boolean;
  /** A place where credentials live is read. */
  readonly credentialRead: boolean;
  /** The environment or stored credentials are printed: env, printenv, set, history, aws configure get, keychain dumps. */
  readonly environmentDump: boolean;
  /** Passwords, keys, users, groups or multi-factor settings are changed: passwd, useradd, ssh-keygen, iam. */
  readonly credentialChange: boolean;
  /** Decoding, character arithmetic or variable tricks hide what runs. */
  readonly obfuscated: boolean;
  /** Hosts named in it, lower case. */
  readonly hosts: readonly string[];
  /** Paths named in it, as written. */
  readonly paths: readonly string[];
}

export const CODE_LANGUAGES = ['shell', 'python', 'javascript', 'typescript', 'go', 'unknown'] as const;
export type CodeLanguage = (typeof CODE_LANGUAGES)[number];

/** What is asked of the inspection. */
export interface InspectRequest {
  /** The params or the output as a whole: every text and every key in it is looked at. */
  readonly value: unknown;
  /** Bytes that only look like text are not read: these params hold base64. */
  readonly sql?: { readonly text: string; readonly dialect: SqlDialect };
  readonly code?: { readonly source: string; readonly language: CodeLanguage };
}

export interface InspectAnswer {
  readonly findings: readonly Finding[];
  /** Classes that names of keys, columns, tables and CSV headers stand for. */
  readonly fieldClasses: readonly DataClass[];
  /** Distinct names of keys, columns and headers, lower case, at most 200. */
  readonly fields: readonly string[];
  /** Most records of one list in it; 0 when there is none. */
  readonly records: number;
  readonly sql?: SqlReading;
  readonly shell?: ShellReading;
  /** More content than is looked at. */
  readonly truncated: boolean;
  /** Part of it is binary, compressed or encrypted, so that nothing can be said about it. */
  readonly unreadable: boolean;
  /** Something was found only below an encoding or look-alike characters. */
  readonly obfuscated: boolean;
  /** Analysers that failed: name and why, without content. */
  readonly errors: readonly string[];
}

/** What cannot be read does everything. */
export const UNREAD_SQL: SqlReading = {
  parsed: false,
  dialect: 'unknown',
  statements: 1,
  operations: ['other'],
  objects: [],
  tables: [],
  qualifiedTables: [],
  columns: [],
  functions: [],
  selectsAll: true,
  mutating: true,
  ddl: false,
  hasWhere: false,
  alwaysTrue: false,
  opaque: true,
  privileges: false,
  serverFiles: false,
  keyedRows: -1,
  limit: -1,
};

export const UNREAD_SHELL: ShellReading = {
  parsed: false,
  commands: [],
  destructive: false,
  deletes: true,
  writes: true,
  network: true,
  privilege: false,
  pipeToInterpreter: false,
  credentialRead: false,
  environmentDump: false,
  credentialChange: false,
  obfuscated: false,
  hosts: [],
  paths: [],
};
