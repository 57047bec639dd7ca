import type { Facts } from '../../../kernel/policy/facts.ts';
import type { Operation } from '../../../kernel/policy/vocabulary-action.ts';
import type { Subject } from '../subject.ts';
import { toSnake } from './payment-facts.ts';

/** Verbs of tool names, the graver ones first: a tool that reads and deletes deletes. */
const TOOL_VERBS: readonly (readonly [Operation, RegExp])[] = [
  [
    'pay',
    /(?:^|_)(?:pay|payment|payout|transfer|refund|charge|purchase|buy|withdraw|wire|remit|disburse|checkout)(?:_|$)|^(?:send|move|transmit|schedule|create|make|place|submit|book)_(?:money|funds|cash|transaction|order|payment|bid|deposit)s?(?:_|$)/,
  ],
  [
    'delete',
    /(?:^|_)(?:delete|remove|drop|destroy|erase|purge|wipe|trash|unlink|truncate|terminate|revoke|cancel|close)(?:_|$)/,
  ],
  ['grant', /(?:^|_)(?:grant|invite|share|permission|permissions|role|roles|member|members|collaborator|acl)(?:_|$)/],
  ['deploy', /(?:^|_)(?:deploy|release|rollback|rollout|promote|publish_version|migrate)(?:_|$)/],
  ['send', /(?:^|_)(?:send|post|email|mail|reply|message|notify|publish|tweet|comment|dm|sms|call)(?:_|$)/],
  ['execute', /(?:^|_)(?:run|exec|execute|eval|bash|shell|terminal|command|script|sql|invoke|trigger)(?:_|$)/],
  ['export', /(?:^|_)(?:export|dump|download|backup)(?:_|$)/],
  [
    'update',
    /(?:^|_)(?:update|set|edit|modify|change|rename|move|replace|patch|put|write|save|assign|reset|rotate|enable|disable|merge)(?:_|$)/,
  ],
  ['create', /(?:^|_)(?:create|add|insert|new|upload|append|register|import|book|schedule|reserve|make|open)(?:_|$)/],
  ['list', /(?:^|_)(?:list|search|find)(?:_|$)/],
  ['read', /(?:^|_)(?:get|read|fetch|show|view|describe|query|lookup|check|count|status|info)(?:_|$)/],
];

const SQL_DELETES = ['delete', 'truncate', 'drop'];
const SQL_UPDATES = ['update', 'merge', 'replace', 'alter', 'set'];
const SQL_CREATES = ['insert', 'create', 'copy'];

/** What the action does, where the catalogue alone cannot tell. */
export function toOperation(
  subject: Pick<Subject, 'type' | 'operation' | 'params'>,
  sql: Facts['sql'],
  isPayment: boolean,
): string {
  if (isPayment) return 'pay';
  if (subject.type === 'mcp.call') return ofTool(subject.params['tool']);
  if (!subject.type.startsWith('sql.') || !sql.present) return subject.operation;
  if (sql.privileges) return 'grant';
  const does = (verbs: readonly string[]): boolean => sql.operations.some((verb) => verbs.includes(verb));
  if (does(SQL_DELETES)) return 'delete';
  if (does(SQL_UPDATES)) return 'update';
  if (does(SQL_CREATES)) return 'create';
  return sql.parsed && !sql.mutating ? 'read' : subject.operation === 'read' ? 'unknown' : subject.operation;
}

/** `list_members` lists, whatever the word behind it could also mean; of several verbs (`search_and_delete`) the graver one counts. */
function ofTool(tool: unknown): Operation {
  const parts = toSnake(typeof tool === 'string' ? tool : '').split(/_(?:and|or|then)_/);
  const found = parts.map((part) => {
    const first = ofWord(part.split('_', 1).join());
    return first === 'read' || first === 'list' ? first : (ofWord(part) ?? 'unknown');
  });
  return TOOL_VERBS.find(([operation]) => found.includes(operation))?.[0] ?? 'unknown';
}

function ofWord(words: string): Operation | undefined {
  return TOOL_VERBS.find(([, pattern]) => pattern.test(words))?.[0];
}

const WRITING_METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'];
const PERSON_DECISION =
  /(?:^|[/_.-])(?:hire|hiring|reject(?:ion)?|shortlist|fire|dismiss|terminate_employee|terminations?|promot(?:e|ion)s?|credit[_-]?(?:decision|limit|score)s?|loans?|mortgages?|underwrit(?:e|ing)|claims?|den(?:y|ial)|eligibility|diagnos(?:e|is|es)|prescri(?:be|ption)s?|triage|treatments?|visas?|evict(?:ion)?s?|bail|parole|sentenc(?:e|ing)|admissions?|grad(?:e|ing)|candidates?|applicants?)(?:$|[/_.-])/;
const CREDENTIAL_CHANGE =
  /(?:^|[/_.-])(?:passwords?|passwd|api[_-]?keys?|access[_-]?keys?|secrets?|tokens?|credentials?|mfa|2fa|totp|roles?|permissions?|members?|memberships?|collaborators?|iam|acl|grants?|service[_-]?accounts?|ssh[_-]?keys?|invit(?:e|ation)s?|admins?|users?|groups?)(?:$|[/_.-])/;
const OWN_TOOLS =
  /^(?:attach_policy|create_policy|deploy_agent|stop_agent|create_agent|request_approval|cancel_approval|approve|deny|review_approval|update_policy|delete_policy|set_limits?)$/;
const OWN_PATHS = /^\/(?:api\/v1\/(?:approvals|policies|agents|audit|me|people|keys)|mcp)(?:\/|$)/;
const OWN_WORDS =
  /\/api\/v1\/(?:approvals|policies|agents|audit|keys)\b|\b(?:approval_request|policy_version|audit_entry|audit_link|agent_version)\b/i;
const OWN_TABLES = [
  'policy',
  'policy_version',
  'agent',
  'agent_version',
  'approval_request',
  'audit_entry',
  'audit_link',
  'audit_head',
  'audit_rollup',
  'workspace_setting',
];

export interface Judged {
  readonly personDecision: boolean;
  readonly credentialChange: boolean;
  readonly ownControls: boolean;
}

/** What the names of places and tools say about the gravity of a change; a mere read is none. */
export function toGravity(
  { type, params }: Pick<Subject, 'type' | 'params'>,
  operation: string,
  { url, sql, shell }: Pick<Facts, 'url' | 'sql' | 'shell'>,
): Judged {
  const tool = type === 'mcp.call' ? toSnake(typeof params['tool'] === 'string' ? params['tool'] : '') : '';
  const isTool = tool !== '' && operation !== 'read' && operation !== 'list';
  const isWrite = WRITING_METHODS.includes(url.method) && url.host !== '';
  const place = `${isTool ? tool : ''}/${isWrite ? url.path.toLowerCase() : ''}`;
  const written = sql.mutating ? sql.tables : [];
  return {
    personDecision: PERSON_DECISION.test(place) || written.some((table) => PERSON_DECISION.test(table)),
    credentialChange:
      sql.privileges || shell.credentialChange || operation === 'grant' || CREDENTIAL_CHANGE.test(place),
    ownControls:
      (isTool && OWN_TOOLS.test(tool)) ||
      (isWrite && OWN_PATHS.test(url.path)) ||
      (shell.present && shell.writes && OWN_WORDS.test(JSON.stringify(params))) ||
      written.some((table) => OWN_TABLES.includes(table)),
  };
}
