import { allOf, anyOf, isOneOf } from './cel.ts';
import type { Kind, Op } from './parts.ts';

const PAYS = 'action.operation == "pay" || payment.amountMinor != 0 || payment.newPayee';
const DEPLOYS =
  'action.operation == "deploy" || tool.name.contains("deploy") || url.path.contains("deploy") || url.host.contains("deploy") && action.sideEffect != "none" || shell.commands.exists(x, x in ["kubectl", "helm", "terraform"])';

/** The family as such: what "access to", or no verb at all, means. */
const WHOLE: Record<Kind, string> = {
  file: 'action.kind == "file"',
  sql: 'action.kind == "sql"',
  email: 'action.type == "email.send"',
  chat: 'action.kind == "slack"',
  message: 'action.operation == "send"',
  http: 'action.kind == "http"',
  payment: PAYS,
  refund: 'payment.refund',
  model: 'target.kind == "model"',
  code: 'action.kind == "code"',
  shell: 'shell.present',
  storage: 'action.kind == "storage"',
  tool: 'action.kind == "mcp"',
  deploy: DEPLOYS,
  permission: 'action.operation == "grant" || action.credentialChange || sql.privileges',
  log: 'target.kind == "log"',
};

const SQL_DELETES = 'sql.operations.exists(x, x in ["delete", "drop", "truncate"]) || sql.opaque';
const DELETES =
  'action.operation == "delete" || sql.operations.exists(x, x in ["delete", "drop", "truncate"]) || shell.deletes || shell.destructive';
const LEAVES = 'action.phase == "before" && (action.operation == "send" || action.sideEffect == "outside")';

/** What a verb means when nothing says what it is done to. */
const ANY: Record<Op, string> = {
  read: 'action.operation in ["read", "list"]',
  list: 'action.operation == "list"',
  write: 'action.sideEffect != "none" && action.kind != "model"',
  create: 'action.operation == "create" || "insert" in sql.operations || "create" in sql.operations',
  update: 'action.operation == "update" || sql.operations.exists(x, x in ["update", "alter", "merge"])',
  move: 'action.type == "file.move"',
  delete: DELETES,
  send: LEAVES,
  upload: `action.phase == "before" && (action.type == "storage.put" || url.method in ["POST", "PUT"] || message.attachments > 0)`,
  download: 'action.type in ["storage.get", "email.read"] || url.method == "GET"',
  export:
    'action.operation == "export" || action.type in ["file.write", "storage.put"] || action.operation in ["read", "list"] && action.sideEffect == "none"',
  run: 'action.operation == "execute"',
};

/** Verbs that mean something of their own for a family. */
const SPECIAL: Partial<Record<`${Kind} ${Op}`, string>> = {
  'file read': 'action.type in ["file.read", "file.list"]',
  'file list': 'action.type == "file.list"',
  'file write': 'action.type in ["file.write", "file.move", "file.delete"]',
  'file create': 'action.type in ["file.write", "file.move"]',
  'file update': 'action.kind == "file" && action.operation == "update"',
  'file move': 'action.type == "file.move"',
  'file delete': 'action.type == "file.delete" || shell.deletes || shell.destructive',
  'file send': `${LEAVES} && (message.attachments > 0 || action.kind in ["http", "storage"])`,
  'file run': 'shell.present',
  'log read':
    'action.type == "file.read" && ("log" in file.extensions || file.path.contains("/log/") || file.path.contains("/logs/"))',
  'file export': 'action.type == "file.write"',
  'storage export': 'action.type == "storage.put"',
  'sql read': 'action.kind == "sql" && !sql.mutating',
  'sql list': 'action.kind == "sql" && !sql.mutating',
  'sql download': 'action.kind == "sql" && !sql.mutating',
  'sql export': 'action.kind == "sql" && !sql.mutating',
  'sql write': 'action.kind == "sql" && sql.mutating',
  'sql create':
    'action.kind == "sql" && sql.operations.exists(x, x in ["insert", "create", "copy", "replace", "merge", "other"])',
  'sql update':
    'action.kind == "sql" && sql.operations.exists(x, x in ["update", "alter", "replace", "merge", "other"])',
  'sql delete': `action.kind == "sql" && (${SQL_DELETES})`,
  'sql run': 'action.kind == "sql"',
  'email read': 'action.type in ["email.read", "email.search"]',
  'email list': 'action.type == "email.search"',
  'email download': 'action.type == "email.read"',
  'email write': 'action.type == "email.send"',
  'email create': 'action.type == "email.send"',
  'chat write': 'action.type == "slack.post"',
  'chat create': 'action.type == "slack.post"',
  'message read': 'action.type in ["email.read", "email.search"]',
  'message write': 'action.operation == "send"',
  'http read': 'action.kind == "http" && url.method in ["GET", "HEAD", "OPTIONS"]',
  'http download': 'action.kind == "http" && url.method == "GET"',
  'http write': 'action.kind == "http" && action.sideEffect != "none"',
  'http create': 'action.kind == "http" && url.method == "POST"',
  'http update': 'action.kind == "http" && url.method in ["PUT", "PATCH"]',
  'http upload': 'action.kind == "http" && url.method in ["POST", "PUT", "PATCH"]',
  'http delete': 'action.kind == "http" && url.method == "DELETE"',
  'storage write': 'action.kind == "storage" && action.sideEffect != "none"',
  'storage create': 'action.type == "storage.put"',
  'storage update': 'action.type == "storage.put"',
  'storage upload': 'action.type == "storage.put"',
  'storage send': 'action.type == "storage.put"',
  'storage download': 'action.type == "storage.get"',
  'tool write': 'action.kind == "mcp"',
  'tool delete':
    'action.kind == "mcp" && (action.operation == "delete" || tool.name.contains("delete") || tool.name.contains("remove"))',
  'file upload':
    'action.phase == "before" && (action.type == "storage.put" || url.method in ["POST", "PUT"] || message.attachments > 0)',
  'file download': 'action.type in ["file.read", "storage.get"] || url.method == "GET"',
};

/** Verbs that only say again what the family is: "make a payment", "send an e-mail", "run code". */
const IMPLIED: Partial<Record<Kind, readonly Op[]>> = {
  email: ['send', 'run'],
  chat: ['send', 'run'],
  message: ['send', 'run'],
  payment: ['send', 'create', 'run', 'write'],
  refund: ['send', 'create', 'run', 'write'],
  model: ['run', 'send', 'create', 'read', 'write'],
  code: ['run', 'write', 'create'],
  shell: ['run', 'write', 'create'],
  tool: ['run', 'send'],
  http: ['run', 'send', 'create'],
  deploy: ['run', 'create', 'write', 'send', 'update'],
  permission: ['create', 'update', 'write', 'delete', 'run', 'send'],
  log: ['write', 'send', 'create', 'update'],
};

const FAMILY: Partial<Record<Kind, string>> = { email: 'action.kind == "email"' };

function ofKind(kind: Kind, op: Op): string {
  const special = SPECIAL[`${kind} ${op}`];
  if (special !== undefined) return special;
  if (IMPLIED[kind]?.includes(op) === true) return WHOLE[kind];
  return allOf(FAMILY[kind] ?? WHOLE[kind], ANY[op]);
}

/** The condition for "one of these verbs, done to one of these". */
export function toActionCel(ops: readonly Op[], kinds: readonly Kind[]): string {
  if (ops.length === 0) return anyOf(...kinds.map((kind) => WHOLE[kind]));
  if (kinds.length === 0) return anyOf(...ops.map((op) => ANY[op]));
  return anyOf(...kinds.flatMap((kind) => ops.map((op) => ofKind(kind, op))));
}

/** Whether `type` says exactly this, so that the counters of a type count it. */
export function toCountedType(ops: readonly Op[], kinds: readonly Kind[]): 'type' | 'kind' | 'any' {
  if (kinds.length === 0) return ops.length === 0 ? 'any' : 'type';
  const isWhole = ops.length === 0 && kinds.length === 1;
  return isWhole &&
    kinds.every((kind) => ['file', 'sql', 'http', 'model', 'code', 'storage', 'tool', 'chat'].includes(kind))
    ? 'kind'
    : 'type';
}

export function isKind(kind: string): string {
  return isOneOf('action.kind', [kind]);
}
